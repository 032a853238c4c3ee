//! Servers that hang, send garbage, or never stop sending.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;

use crate::one_in;
use crate::proxy::{self, Evil};
use crate::support::servers::{Database, TestServer};

type Outcome = Result<(), Failed>;

/// The memory limit of a run, in KiB of address space; the driver's limits are far below.
const MEMORY: u32 = 4 << 20;

/// The result of a run.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
    time: Duration,
}

fn read_through(port: u16, database: &Database, query: &str, args: &str) -> Result<Run, Failed> {
    read_as("root", port, database, query, args)
}

fn read_as(
    login: &str,
    port: u16,
    database: &Database,
    query: &str,
    args: &str,
) -> Result<Run, Failed> {
    let url =
        format!("mysql://{login}@127.0.0.1:{port}/{}?ssl-mode=disabled&{query}", database.name);
    let script = format!("ulimit -v {MEMORY}; exec \"$0\" inspect \"$1\" {args}");
    let started = Instant::now();
    let output = Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_driftline"), &url])
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Run {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
        time: started.elapsed(),
    })
}

fn database(server: &TestServer) -> Result<(Database, String), Failed> {
    let database = server.database("hostile")?;
    database.plain(
        "CREATE TABLE p (id int PRIMARY KEY, a varchar(20) DEFAULT 'x', CHECK (id > 0));
         CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id));
         CREATE VIEW v AS SELECT id FROM p;
         CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW SET NEW.a = 'y'",
    )?;
    let endpoint = database.url()?.endpoint();
    Ok((database, endpoint))
}

/// Checks for one message with an explanation, within a reasonable time, and exit code 3.
fn expect_error(run: &Run, what: &str) -> Outcome {
    let said = format!("{what}: {:?} {:?}\n{}{}", run.code, run.time, run.out, run.err);
    let is_said = |line: &&str| !line.is_empty() && !line.starts_with("reading ");
    let lines = run.err.lines().filter(is_said).count();
    let is_told = run.code == Some(3) && run.err.contains("127.0.0.1") && lines == 1;
    if !is_told || run.err.contains("panicked") {
        return Err(said.into());
    }
    Ok(())
}

pub(crate) fn stalls(server: &TestServer) -> Outcome {
    let (database, endpoint) = database(server)?;
    // Before the greeting, during login, and in the middle of the answers.
    for number in [0, 1, 2, 5, 9, 20, 40] {
        let port = proxy::start(&endpoint, number, Evil::Stall)?;
        let query = "connect_timeout=1&read_timeout=1&pool_max=1";
        let run = read_through(port, &database, query, "")?;
        expect_error(&run, &format!("packet {number}"))?;
        if run.time > Duration::from_secs(10) {
            return Err(format!("packet {number}: {:?}", run.time).into());
        }
    }
    Ok(())
}

pub(crate) fn takes_too_long(server: &TestServer) -> Outcome {
    let (database, endpoint) = database(server)?;
    let port = proxy::start(&endpoint, 12, Evil::Stall)?;
    let run = read_through(port, &database, "pool_max=1", "--timeout 1")?;
    expect_error(&run, "--timeout")?;
    if !run.err.contains("--timeout") || run.time > Duration::from_secs(10) {
        return Err(format!("{:?}: {}", run.time, run.err).into());
    }
    Ok(())
}

/// Damages each packet of a run in each way: the run either doesn't notice, or it is an error.
pub(crate) fn garbles(server: &TestServer) -> Outcome {
    let (database, endpoint) = database(server)?;
    let mut trial = 0;
    for number in 0..60 {
        let seed = u64::try_from(number).unwrap_or_default();
        let evils = [
            Evil::Empty,
            Evil::LoneByte(0x00),
            Evil::LoneByte(0x01),
            Evil::LoneByte(0xfb),
            Evil::LoneByte(0xfe),
            Evil::LoneByte(0xff),
            Evil::Short,
            Evil::Flip(seed),
            Evil::Flip(seed + 1000),
            Evil::Flip(seed + 2000),
            Evil::Columns(1 << 16),
            Evil::Columns(u64::MAX),
            Evil::Long,
            Evil::Endless,
            Evil::OutOfOrder,
            Evil::Random(seed),
            Evil::Random(seed + 1000),
            Evil::End,
        ];
        for evil in evils {
            trial += 1;
            if trial % one_in(13) != 0 {
                continue;
            }
            let port = proxy::start(&endpoint, number, evil)?;
            let query = "connect_timeout=2&read_timeout=1&pool_max=1";
            let run = read_through(port, &database, query, "--timeout 5")?;
            let what = format!("packet {number}, {evil:?}");
            let is_unnoticed = run.code == Some(0);
            let is_quiet = !run.err.contains("panicked") && !run.out.contains("panicked");
            let is_in_time = run.time < Duration::from_secs(15);
            if !(is_quiet && is_in_time && (is_unnoticed || run.code == Some(3))) {
                let said = format!("{:?} {:?}\n{}{}", run.code, run.time, run.out, run.err);
                return Err(format!("{what}: {said}").into());
            }
        }
    }
    Ok(())
}

/// Damages each packet of a login with a password, including the one with MySQL's public key, which
/// the client requests without TLS.
pub(crate) fn garbles_login(server: &TestServer) -> Outcome {
    let (database, endpoint) = database(server)?;
    let tail = &database.name[database.name.len().saturating_sub(18)..];
    let password = "g".repeat(90);
    server.plain(
        None,
        &format!(
            "CREATE USER 'lu{tail}' IDENTIFIED BY '{password}';
             GRANT ALL ON `{}`.* TO 'lu{tail}'",
            database.name
        ),
    )?;
    let login = format!("lu{tail}:{password}");
    let mut wrong = Vec::new();
    let evils = [Evil::Empty, Evil::LoneByte(1), Evil::LoneByte(0xfe), Evil::Short, Evil::End]
        .into_iter()
        .chain((0..12).map(Evil::Flip))
        .chain((0..6).map(Evil::Random));
    for evil in evils {
        for number in 0..5 {
            // Otherwise the server remembers the password from the last login and needs no proof.
            server.plain(None, "FLUSH PRIVILEGES")?;
            let port = proxy::start(&endpoint, number, evil)?;
            let query = "connect_timeout=2&read_timeout=2&pool_max=1";
            let run = read_as(&login, port, &database, query, "--timeout 5")?;
            let is_told = matches!(run.code, Some(0 | 3)) && !run.err.contains("panicked");
            if !is_told || run.err.contains(&password) {
                wrong.push(format!("packet {number}, {evil:?}: {:?} {}", run.code, run.err));
            }
        }
    }
    server.plain(None, &format!("DROP USER 'lu{tail}'"))?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Ctrl-C at the password prompt: the terminal's echo is on again.
pub(crate) fn interrupted_prompt(server: &TestServer) -> Outcome {
    let database = server.database("prompt")?;
    let tail = &database.name[database.name.len().saturating_sub(18)..];
    server.plain(None, &format!("CREATE USER 'pu{tail}' IDENTIFIED BY 'geheim'"))?;
    let mut url: url::Url = database.url_text().parse()?;
    url.set_username(&format!("pu{tail}")).map_err(|()| "no user")?;
    let command = format!(
        "'{}' inspect '{url}'; echo code \\$?; stty -a | grep -o -- '-*echo '",
        env!("CARGO_BIN_EXE_driftline")
    );
    // `script` runs it at a terminal of its own and types its input. This waits until the question
    // is there, which may take time on a slow machine. Who runs the tests in the background may have
    // Ctrl-C ignored, which programs inherit.
    let mut shown = String::new();
    for seconds in [1, 5, 20] {
        let typed = format!(
            "(sleep {seconds}; printf '\\003'; sleep 1) | \
             env --default-signal=INT script -qec \"{command}\" /dev/null"
        );
        let run = Command::new("bash").args(["-c", &typed]).env_remove("DATABASE_URL").output()?;
        shown = String::from_utf8_lossy(&run.stdout).replace('\r', "");
        if shown.contains("Password of") {
            break;
        }
    }
    server.plain(None, &format!("DROP USER 'pu{tail}'"))?;
    let last: Vec<&str> = shown.lines().rev().take(2).map(str::trim).collect();
    if shown.contains("Password of") && last == ["echo", "code 130"] {
        return Ok(());
    }
    Err(shown.into())
}

/// Ctrl-C, or a request to end, while a server is at work for a run: it ends that work too.
pub(crate) fn interrupted_read(server: &TestServer) -> Outcome {
    let (database, _) = database(server)?;
    let mut other = database.connection()?;
    other.query_drop("LOCK TABLES p WRITE")?;
    let is_waiting = || -> Result<bool, Failed> {
        let query = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query'";
        let waiting = server.plain(None, &format!("{query} AND DB = '{}'", database.name))?;
        Ok(waiting.trim() != "0")
    };
    let waits_within = |expected: bool, time: Duration| -> Result<bool, Failed> {
        let until = Instant::now() + time;
        while is_waiting()? != expected {
            if Instant::now() > until {
                return Ok(false);
            }
        }
        Ok(true)
    };
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        // What runs in the background of a shell passes over Ctrl-C otherwise.
        let mut run = Command::new("env")
            .args([&format!("--default-signal={signal}"), env!("CARGO_BIN_EXE_driftline")])
            .args(["inspect", &database.url_text()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let began = waits_within(true, Duration::from_secs(8))?;
        Command::new("kill").args(["-s", signal, &run.id().to_string()]).status()?;
        let ended = run.wait()?.code();
        // The server itself would wait for ten seconds.
        let is_over = waits_within(false, Duration::from_secs(2))?;
        if !(began && ended == Some(code) && is_over) {
            return Err(format!("{signal}: began: {began}, {ended:?}, over: {is_over}").into());
        }
    }
    Ok(())
}
