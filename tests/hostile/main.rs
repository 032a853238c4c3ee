//! What isn't to be trusted: servers that stall or lie, sessions that alter what is read,
//! accounts that don't see all of it, names and texts that pass for something else, and
//! runs that are killed or run out of room.
//!
//! Every run is of the binary: how it ends, in what time, with how much memory, and what it says.
//! The trials of each kind go by a number, so that a failure can be tried again; a share of them
//! runs always, and all of them where `DRIFTLINE_HOSTILE=all`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod grants;
mod names;
mod proxy;
mod race;
mod server;

use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::Failed;
use support::servers::{OnServer, on_each_server, run};

const ON_SERVERS: [(&str, OnServer); 9] = [
    ("a server that says nothing more is an error in time", server::stalls),
    ("what a server may take in all has its limit", server::takes_too_long),
    ("Ctrl-C at the prompt leaves a terminal that shows what is typed", server::interrupted_prompt),
    ("what a server garbles is an error", server::garbles),
    ("Ctrl-C ends what the server works on", server::interrupted_read),
    ("what a server garbles of a login is an error", server::garbles_login),
    ("a name makes no line of its own", names::in_reports),
    ("what an account doesn't see is neither missing nor in sync", grants::matrix),
    ("beside a session that alters tables only what was so is reported", race::beside_ddl),
];

fn main() -> ExitCode {
    let mut trials = on_each_server(&ON_SERVERS);
    trials.extend(files::trials());
    run(trials)
}

/// How many of the trials run: one in so many.
fn one_in(share: u64) -> u64 {
    if std::env::var("DRIFTLINE_HOSTILE").is_ok_and(|it| it == "all") { 1 } else { share }
}

/// A run of the binary with nothing on standard input: its code, and what it says.
fn driftline(args: &[&str]) -> Result<(Option<i32>, String, String), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(args)
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((output.status.code(), text(&output.stdout), text(&output.stderr)))
}
