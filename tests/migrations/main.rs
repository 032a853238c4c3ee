//! Migrations that are carried out, recorded, resumed and undone on real servers, as a user runs
//! them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod disagreeing;
mod hotfixes;
mod json_outputs;
mod project;
mod pushing;
mod refused;
mod restored;
mod running;
mod undoing;

use std::process::ExitCode;

use support::servers::{OnServer, on_each_server, run};

const TOPICS: [(&str, OnServer); 29] = [
    ("the example from nothing to its third migration and back", running::example),
    ("a dry run changes nothing", running::dry_run),
    ("data runs once, and a failed statement goes on after it was edited", running::failed),
    ("what can't be told is asked of a person", running::unknown),
    ("a table without transactions", running::without_transactions),
    ("triggers, routines and views", running::objects),
    ("what destroys data needs permission by name", running::destruction),
    ("the session of a file ends with it", running::sessions),
    ("the history is no drift", running::no_drift),
    ("rights that are missing are named before anything runs", running::rights),
    ("a failed migration is undone", undoing::failed),
    ("a migration of which nothing is in", undoing::nothing_in),
    ("a migration that is refused is pending, and status says why", refused::by_server),
    ("a migration that gets no lock is pending, and status says why", refused::blocked),
    ("an undoing that is refused leaves the migration applied", refused::undoing),
    ("a statement of which a part may be in is no pending migration", refused::in_doubt),
    ("a dump that is restored on another server", restored::on_other_server),
    ("what can't be undone is said before anything is", undoing::impossible),
    ("a reverse file without marks undoes the whole", undoing::without_marks),
    ("to a version, by steps, to nothing", undoing::extents),
    ("files and history that disagree", disagreeing::files),
    ("a migration that comes late", disagreeing::late),
    ("a database that isn't as the files say", disagreeing::drift),
    ("a database that has it already", disagreeing::stamped),
    ("a baseline", disagreeing::baseline),
    ("hotfixes are taken into the file", hotfixes::taken_in),
    ("a baseline that refers to what is ignored", disagreeing::ignored_references),
    ("a difference without a file", pushing::push),
    ("everything goes, where nothing is protected", pushing::reset),
];

fn main() -> ExitCode {
    let mut trials = on_each_server(&TOPICS);
    let is_missing = support::python::python().is_none();
    let documents = on_each_server(&[("every JSON is as its schema says", json_outputs::all)]);
    trials.extend(documents.into_iter().map(|trial| match is_missing {
        true => trial.with_ignored_flag(true),
        false => trial,
    }));
    trials.extend(cases::trials());
    run(trials)
}
