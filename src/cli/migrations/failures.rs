//! Why a run ends, in words, with the way out and the exit code.

use super::super::error::{CommandError, RunFailure};
use crate::diagnostic::Diagnostic;
use crate::engine::{
    Blocker, Direction, DriftMoment, EngineError, HistoryProblem, StopReason, Stopped,
};
use crate::report::one_line;

pub(super) fn run_error(failure: RunFailure, diagnostics: Vec<Diagnostic>) -> CommandError {
    CommandError::Run { failure, diagnostics }
}

fn one(failure: RunFailure, title: String, help: Vec<String>) -> CommandError {
    let help = help.iter().map(|line| one_line(line)).collect();
    run_error(failure, vec![Diagnostic { help, ..Diagnostic::without_place(one_line(&title)) }])
}

/// The error of a command for one of a run.
pub(super) fn engine_error(error: EngineError) -> CommandError {
    match error {
        EngineError::Live(error) => error.into(),
        EngineError::Lost(error) => one(
            RunFailure::HalfWay,
            format!("the connection was lost, and no new one in time: {error}"),
            vec!["run the same again: it finds out what is in, and goes on".to_owned()],
        ),
        EngineError::Refused { code, message } => {
            let help = match code {
                1290 | 1792 | 1836 => "the server is read-only: name the primary in the URL",
                1044 | 1045 | 1142 | 1143 | 1227 => {
                    "the account needs CREATE, SELECT, INSERT, UPDATE and DELETE on the tables of \
                     the history; `driftline ping` lists what it may do"
                }
                _ => "nothing is half-done",
            };
            let title = format!("the server refuses: {message} (error {code})");
            one(RunFailure::Server, title, vec![help.to_owned()])
        }
        EngineError::Locked { holder, reason } => {
            let holder = holder.map(|holder| format!("it is held by {holder}"));
            let help = "wait for it, or longer with --wait SECONDS".to_owned();
            one(RunFailure::Locked, reason, holder.into_iter().chain([help]).collect())
        }
        EngineError::LockLost => one(
            RunFailure::HalfWay,
            "the lock of the database was lost while it was held".to_owned(),
            vec!["`driftline status` says what is in".to_owned()],
        ),
        EngineError::Drift { differences, moment } => drift(differences, moment),
        EngineError::Disagree { problems } => disagree(&problems),
        EngineError::Interrupted => one(
            RunFailure::Interrupted,
            "stopped: no statement was broken off".to_owned(),
            vec!["run the same again to go on".to_owned()],
        ),
        EngineError::Unfinished { version } => one(
            RunFailure::HalfWay,
            format!("migration {version} has stopped half-way"),
            vec![
                "finish it by `driftline migrate`, or undo it by `driftline rollback --failed`"
                    .to_owned(),
            ],
        ),
        EngineError::Protected => one(
            RunFailure::NotPermitted,
            "the database is protected: nothing was dropped".to_owned(),
            vec![
                "its history says so since a run in an environment with `protected = true`"
                    .to_owned(),
            ],
        ),
        EngineError::File { file, line, message } => {
            let place = if line > 0 { format!("{file}, line {line}") } else { file };
            CommandError::Other(anyhow::anyhow!("{place}: {message}"))
        }
        EngineError::Stopped(stopped) => stopped_error(&stopped),
    }
}

fn drift(differences: Vec<String>, moment: DriftMoment) -> CommandError {
    let (title, last) = match moment {
        DriftMoment::Before => (
            "the database isn't as the migrations that it has would make it, and nothing was \
             changed",
            "undo the difference there, or take it into a migration: `driftline check` shows it at \
             its place; --allow drift goes on all the same",
        ),
        DriftMoment::Baseline => (
            "the database is neither empty nor as the baseline makes it, and nothing was changed",
            "write the baseline of what is there, or note by `driftline stamp VERSION --unchecked` \
             which migrations the database has",
        ),
        DriftMoment::After => (
            "all statements are in, and the database isn't as the migrations would make it",
            "`driftline check` shows the difference at its place",
        ),
    };
    one(
        RunFailure::Disagree,
        title.to_owned(),
        most(differences).into_iter().chain([last.to_owned()]).collect(),
    )
}

/// The first lines, and how many there are besides.
fn most(lines: Vec<String>) -> Vec<String> {
    const MOST: usize = 10;
    let more = lines.len().saturating_sub(MOST);
    let mut shown: Vec<String> = lines.into_iter().take(MOST).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown
}

fn stopped_error(stopped: &Stopped) -> CommandError {
    let Stopped { version, name, direction, position, of, done, statement, reason } = stopped;
    let doing = match direction {
        Direction::Up => "",
        Direction::Down => "the undoing of ",
    };
    let title = |what: &str| format!("{doing}{name} {what} statement {position} of {of}");
    let shown = one_line(&statement.chars().take(200).collect::<String>());
    let go_on = match direction {
        Direction::Up => "`driftline migrate` goes on with it",
        Direction::Down => "`driftline rollback` goes on with it",
    };
    let is_doubtful = matches!(reason, StopReason::Failed { may_be_in: true, .. });
    let state = match (done, direction) {
        (0, Direction::Up) if is_doubtful => {
            format!("a part of the statement may be in: {go_on}")
        }
        (0, Direction::Up) => "nothing of it is in".to_owned(),
        (0, Direction::Down) if !is_doubtful => "nothing of it is undone".to_owned(),
        (_, Direction::Up) => format!(
            "{done} of {of} statements are in: {go_on}, `driftline rollback --failed` undoes them"
        ),
        (_, Direction::Down) => format!("{done} of {of} statements have run: {go_on}"),
    };
    let half_way = |otherwise| match *done == 0 && !is_doubtful {
        true => otherwise,
        false => RunFailure::HalfWay,
    };
    match reason {
        StopReason::Failed { code, message, hint, missing, .. } => {
            let edit = "mend the cause, or the statement in the file if it hasn't run anywhere: the \
                        statements before it must stay as they are";
            let help = hint.iter().map(|hint| (*hint).to_owned());
            let missing = missing.iter().map(|reference| {
                format!("{reference}, which no migration makes: it has to be in the database first")
            });
            let said = [format!("{message} (error {code})"), shown];
            let help = said.into_iter().chain(missing).chain(help);
            one(
                half_way(RunFailure::Server),
                title("failed at"),
                help.chain([state, edit.to_owned()]).collect(),
            )
        }
        StopReason::Unknown { from_before, from_after } => {
            let from = |lines: &[String], what: &str| match lines {
                [] => format!("nothing that can be compared differs from what it is {what} it"),
                lines => format!("from what it is {what} it differs: {}", lines.join("; ")),
            };
            one(
                RunFailure::HalfWay,
                format!(
                    "it is unknown whether statement {position} of {of} of {doing}{name} is in"
                ),
                vec![
                    shown,
                    from(from_before, "before"),
                    from(from_after, "after"),
                    format!(
                        "look, and say so: `driftline resolve {version}:{position} --done` or \
                         --not-done; {state}"
                    ),
                ],
            )
        }
        StopReason::Blocked { blockers, seconds } => {
            let help = blockers.iter().map(blocker_words);
            one(
                half_way(RunFailure::Locked),
                format!("{} got no lock within {seconds} s", title("stopped at")),
                help.chain([shown, state]).collect(),
            )
        }
        StopReason::Unrecorded { message } => one(
            RunFailure::HalfWay,
            format!("{}: the history can't be written", title("stopped at")),
            vec![message.clone(), format!("the next run finds out what is in: {go_on}")],
        ),
        StopReason::Asked => one(RunFailure::Interrupted, title("was stopped before"), vec![state]),
        StopReason::Irreversible { why } => one(
            RunFailure::NotPermitted,
            format!("statement {position} of {name} can't be undone"),
            vec![why.clone()],
        ),
    }
}

/// A session that may be in the way, with what would end it.
pub(super) fn blocker_words(blocker: &Blocker) -> String {
    one_line(&format!("{blocker}; `KILL {}` ends it", blocker.connection))
}

pub(super) fn disagree(problems: &[HistoryProblem]) -> CommandError {
    let diagnostics = problems.iter().map(|problem| {
        let (title, help) = problem_words(problem);
        Diagnostic::without_place(one_line(&title)).with_help(one_line(&help))
    });
    run_error(RunFailure::Disagree, diagnostics.collect())
}

fn problem_words(problem: &HistoryProblem) -> (String, String) {
    match problem {
        HistoryProblem::NoFile { version } => (
            format!("the database has migration {version}, and there is no file of it"),
            "get the file from version control: the database is ahead of this branch".to_owned(),
        ),
        HistoryProblem::Edited { version } => (
            format!("migration {version} was changed after it ran on this database"),
            "undo the change, and put it into a new migration".to_owned(),
        ),
        HistoryProblem::EditedStatement { version, direction, position } => (
            format!(
                "statement {position} of the {direction} file of migration {version} is in, and was \
                 changed since"
            ),
            "undo the change: statements that haven't run yet may be edited".to_owned(),
        ),
        HistoryProblem::Late { version, newest } => (
            format!("migration {version} hasn't run, and is older than {newest}, which has"),
            format!(
                "give it a later version (`driftline generate --rebase`), or run it all the same: \
                 --allow out-of-order:{version}"
            ),
        ),
    }
}
