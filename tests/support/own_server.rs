//! A server of a test's own, which may be killed.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use libtest_mimic::Failed;

use super::servers::TestServer;

/// A server that `scripts/servers.sh own` has started. It ends with the value, or with the process.
pub struct OwnServer {
    /// How it is reached. It keeps its port.
    pub server: TestServer,
    script: Mutex<Script>,
}

struct Script {
    process: Child,
    orders: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl OwnServer {
    /// Starts another server of the same version. `None` if none is installed, as where the servers
    /// of the tests run elsewhere.
    pub fn like(server: &TestServer) -> Result<Option<OwnServer>, Failed> {
        OwnServer::on_disk(server, None)
    }

    /// The same with its data on a disk of this size, `400m`. `None` also where none can be mounted.
    pub fn on_disk(server: &TestServer, size: Option<&str>) -> Result<Option<OwnServer>, Failed> {
        let name = match server.name().as_str() {
            "MariaDB 10.11" => "mariadb-10.11",
            "MariaDB 11.8" => "mariadb-11.8",
            name if name.starts_with("MySQL 9") => "mysql",
            _ => return Ok(None),
        };
        if !is_installed(name) {
            return Ok(None);
        }
        if size.is_some() && !can_mount() {
            return Ok(None);
        }
        let mut process = Command::new("bash")
            .args([concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/servers.sh"), "own", name])
            .env("DRIFTLINE_OWN_DISK", size.unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = process.stdin.take();
        let answers = process.stdout.take().ok_or("no output")?;
        let mut script = Script { process, orders, answers: BufReader::new(answers).lines() };
        let url = script.answer()?;
        let server = TestServer::connect(&url);
        Ok(Some(OwnServer { server, script: Mutex::new(script) }))
    }

    /// Kills it, as a crash would.
    pub fn kill(&self) -> Result<(), Failed> {
        self.order("kill")
    }

    /// Starts it again, and waits until it answers.
    pub fn start(&self) -> Result<(), Failed> {
        self.order("start")
    }

    /// Fills its disk but for a few megabytes.
    pub fn fill_disk(&self) -> Result<(), Failed> {
        self.order("fill")
    }

    /// Makes room again.
    pub fn free_disk(&self) -> Result<(), Failed> {
        self.order("free")
    }

    fn order(&self, word: &str) -> Result<(), Failed> {
        let mut script = self.script.lock().map_err(|_| "the script has failed before")?;
        writeln!(script.orders.as_mut().ok_or("no input")?, "{word}")?;
        let answer = script.answer()?;
        match answer == format!("{word}: done") {
            true => Ok(()),
            false => Err(answer.into()),
        }
    }
}

impl Script {
    fn answer(&mut self) -> Result<String, Failed> {
        Ok(self.answers.next().ok_or("the server has ended")??)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // At the end of its input it stops the server and removes its data.
        drop(self.orders.take());
        let _ = self.process.wait();
    }
}

/// Whether `scripts/servers.sh` can start it without installing anything.
fn is_installed(name: &str) -> bool {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/servers.sh");
    let is_there = r#". "$1"
        suite=$(suite_of "$2")
        case $suite in host) have_mariadb_10_11 ;; *) [ -d "$SERVERS_DIR/$suite" ] ;; esac &&
            { [ "$(id -u)" -eq 0 ] || sudo -n true; }"#;
    let found = Command::new("bash").args(["-c", is_there, "bash", script, name]).output();
    found.is_ok_and(|output| output.status.success())
}

fn can_mount() -> bool {
    let tried = r#"as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }
        folder=$(mktemp -d) && as_root mount -t tmpfs tmpfs "$folder" && as_root umount "$folder"
        code=$?; rmdir "$folder"; exit $code"#;
    let output = Command::new("bash").args(["-c", tried]).output();
    output.is_ok_and(|output| output.status.success())
}
