//! What can't be trusted: servers that hang or send garbage, sessions that alter what is read,
//! accounts that don't see everything, names and texts that look like something else, and runs that
//! are killed or run out of space.
//!
//! Every run is of the binary: its exit code, its duration, its memory, and its output. The trials
//! of each kind are numbered, so that a failure can be repeated. A share of them always runs, and
//! with `DRIFTLINE_HOSTILE=all` all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod grant_sets;
mod grants;
mod names;
mod proxy;
mod race;
mod server;

use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::Failed;
use support::servers::{OnServer, on_each_server, run};

const ON_SERVERS: [(&str, OnServer); 9] = [
    ("a server that stops answering is an error in time", server::stalls),
    ("all waiting for a server has a limit", server::takes_too_long),
    ("Ctrl-C at the prompt leaves a terminal that shows what is typed", server::interrupted_prompt),
    ("what a server garbles is an error", server::garbles),
    ("Ctrl-C ends what the server works on", server::interrupted_read),
    ("what a server garbles of a login is an error", server::garbles_login),
    ("a name can't begin a line of its own", names::in_reports),
    ("what an account doesn't see is neither missing nor in sync", grants::matrix),
    ("while a session alters tables, only what was true is reported", race::during_ddl),
];

fn main() -> ExitCode {
    let mut trials = on_each_server(&ON_SERVERS);
    trials.extend(files::trials());
    run(trials)
}

/// Which share of the trials runs: one in this many.
fn one_in(share: u64) -> u64 {
    if std::env::var("DRIFTLINE_HOSTILE").is_ok_and(|it| it == "all") { 1 } else { share }
}

/// How a run ended: its exit code, standard output and standard error.
type Said = (Option<i32>, String, String);

/// A run of the binary with empty standard input.
fn driftline(args: &[&str]) -> Result<Said, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(args)
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((output.status.code(), text(&output.stdout), text(&output.stderr)))
}
