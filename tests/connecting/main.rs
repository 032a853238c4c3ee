//! `driftline wait` and `driftline ping` on real servers, as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

#[allow(dead_code)]
#[path = "../hostile/grant_sets.rs"]
mod grant_sets;
mod pinging;
mod waiting;

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use support::servers::{Database, OnServer, TestServer, on_each_server, run};

type Outcome = Result<(), Failed>;

const ON_SERVERS: [(&str, OnServer); 9] = [
    ("a server that is ready is not waited for", waiting::ready),
    ("a server that comes later is waited for", waiting::later),
    ("a database and an account that come later are waited for", waiting::made_later),
    ("a wrong password ends the wait", waiting::wrong_password),
    ("an unknown database ends the wait", waiting::unknown_database),
    ("a server that is reached says what it is", pinging::reached),
    ("an account that may do everything", pinging::everything),
    ("what is said of reading is what check then does", pinging::reading),
    ("what is said of changing is what the server then does", pinging::changing),
];

/// Which share of the trials runs: one in this many.
fn one_in(share: u64) -> u64 {
    if std::env::var("DRIFTLINE_HOSTILE").is_ok_and(|it| it == "all") { 1 } else { share }
}

fn main() -> ExitCode {
    run(on_each_server(&ON_SERVERS))
}

/// A run of the binary.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
    time: Duration,
}

fn driftline(args: &[&str]) -> Result<Run, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    for variable in ["DATABASE_URL", "DRIFTLINE_ENV", "DRIFTLINE_PASSWORD", "MYSQL_PWD"] {
        command.env_remove(variable);
    }
    let started = Instant::now();
    let output = command.args(args).stdin(Stdio::null()).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Run {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
        time: started.elapsed(),
    })
}

impl Run {
    /// An error unless the exit code is this one.
    fn expect(self, code: i32) -> Result<Run, Failed> {
        if self.code == Some(code) {
            return Ok(self);
        }
        Err(format!("exit code {:?} and not {code}:\n{}{}", self.code, self.out, self.err).into())
    }
}

/// An account, dropped with the value.
struct Account<'a> {
    server: &'a TestServer,
    name: String,
}

impl<'a> Account<'a> {
    /// An account that isn't there yet.
    fn named(server: &'a TestServer, database: &Database) -> Account<'a> {
        let name = format!("con_{}", database.name.trim_start_matches("infra_"));
        Account { server, name: name.chars().take(30).collect() }
    }

    fn make(self, password: &str, grants: &[&str]) -> Result<Account<'a>, Failed> {
        self.server.plain(None, &self.statements(password, grants))?;
        Ok(self)
    }

    fn statements(&self, password: &str, grants: &[&str]) -> String {
        let name = &self.name;
        let grants = grants.iter().map(|grant| format!("; GRANT {grant} TO '{name}'"));
        format!("CREATE USER '{name}' IDENTIFIED BY '{password}'{}", grants.collect::<String>())
    }

    fn url(&self, database: &Database, password: &str) -> Result<String, Failed> {
        let mut url: url::Url = database.url_text().parse()?;
        url.set_username(&self.name).map_err(|()| "no user")?;
        url.set_password(Some(password)).map_err(|()| "no password")?;
        Ok(url.into())
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        let _ = self.server.plain(None, &format!("DROP USER IF EXISTS '{}'", self.name));
    }
}
