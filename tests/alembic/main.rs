//! Together with the real Alembic, on real servers: what `generate --layout alembic` writes is
//! carried out, undone and printed, and `adopt alembic` takes a project over.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "../support/mod.rs"]
mod support;

mod adopt;
mod project;
mod revisions;

use std::process::ExitCode;

use libtest_mimic::Trial;
use support::python::python;
use support::servers::{OnServer, on_each_server, run};

const TESTS: [(&str, OnServer); 7] = [
    ("revisions are carried out, undone and printed", revisions::carried_out),
    ("a revision follows the only head", revisions::heads),
    ("a database is adopted once", adopt::adopted),
    ("what would be lost by adopting is said", adopt::refused),
    ("status says how far the database is", revisions::status),
    ("a revision that is written by hand", revisions::by_hand),
    ("a revision starts from where the database is", revisions::state),
];

fn main() -> ExitCode {
    let ready = python().is_some();
    let trials: Vec<Trial> = on_each_server(&TESTS);
    run(trials.into_iter().map(|it| if ready { it } else { it.with_ignored_flag(true) }).collect())
}
