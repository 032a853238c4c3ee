//! `driftline status`: which migrations a database has, and which it doesn't have yet. Takes no
//! lock and writes nothing.

use serde_json::{Value, json};

use super::super::Outcome;
use super::super::alembic_layout::revisions_in_use;
use super::super::arguments::{ListFormat, StatusArguments};
use super::super::error::{Result, RunFailure};
use super::super::open::generated_folder;
use super::super::output::Output;
use super::alembic_status;
use super::elsewhere::say_if_elsewhere;
use super::failures::{disagree, run_error};
use super::project::{DatabaseState, Project, locked};
use super::result::ResultPrinter;
use crate::diagnostic::Diagnostic;
use crate::engine::{
    Direction, History, HistoryProblem, HistoryState, ServerIdentity, Situation, StatementRow,
    StatementState, situation,
};
use crate::migration::MigrationFiles;
use crate::report::{alembic_words, count, one_line};

pub(in crate::cli) fn run(args: &StatusArguments, output: &Output) -> Result<Outcome> {
    let lookup = args.target.lookup();
    let folder = generated_folder(&lookup.schema, args.target.generated.as_deref());
    let locked = locked(&folder)?;
    let of_folder = (folder.as_path(), locked.as_ref());
    if let Some(found) = revisions_in_use(&lookup.schema, of_folder, args.versions.as_deref())? {
        return alembic_status::run(args, &found, output);
    }
    let opened = Project::with(&args.target, locked)?;
    let (state, alembic) = opened.state()?;
    let history = &state.history;
    let found = situation(opened.files(), history);
    say_if_elsewhere(history, &state.here, output);
    match args.target.format {
        ListFormat::Text => output.text(&text(&opened, history, &found, alembic.as_deref()))?,
        ListFormat::Json => {
            ResultPrinter::new(args.target.format, output).document(json(
                &opened,
                &state,
                &found,
                alembic.as_deref(),
            ))?;
        }
    }
    if !found.problems.is_empty() {
        return match args.target.format {
            ListFormat::Text => Err(disagree(&found.problems)),
            // The document has said what is wrong; the exit code follows.
            ListFormat::Json => Err(run_error(RunFailure::Disagree, Vec::new())),
        };
    }
    match found.unfinished {
        Some((at, state)) => {
            let diagnostic = half_way(&opened.files()[at], state);
            let diagnostics = match args.target.format {
                ListFormat::Text => vec![diagnostic],
                ListFormat::Json => Vec::new(),
            };
            Err(run_error(RunFailure::HalfWay, diagnostics))
        }
        None if found.pending.is_empty() => Ok(Outcome::Clean),
        None => Ok(Outcome::Found),
    }
}

fn text(
    opened: &Project,
    history: &History,
    found: &Situation,
    alembic: Option<&[String]>,
) -> String {
    let mut text = format!(
        "{}: {}, {}\n",
        one_line(&opened.url.label()),
        count(found.applied.len(), "migration applied", "migrations applied"),
        count(found.pending.len(), "pending", "pending")
    );
    if let Some(revisions) = alembic.filter(|it| !it.is_empty()) {
        text.push_str(&format!("{}\n", alembic_words(revisions)));
    }
    let line = |state: &str, at: &usize| {
        let files = &opened.files()[*at];
        format!("  {state:<8} {}\n", one_line(&files.name))
    };
    // Of a long history the last lines say enough.
    const SHOWN: usize = 5;
    let hidden = found.applied.len().saturating_sub(SHOWN);
    if hidden > 0 {
        text.push_str(&format!("  applied  {hidden} before these\n"));
    }
    text.extend(found.applied.iter().skip(hidden).map(|at| line("applied", at)));
    if let Some((at, state)) = found.unfinished {
        let files = &opened.files()[at];
        text.push_str(&line(state.word(), &at));
        text.push_str(&statements_text(files, state, history));
    }
    for at in &found.pending {
        text.push_str(&line("pending", at));
        if let Some(row) = history.refused(&opened.files()[*at].version) {
            text.push_str(&refused_text(row));
        }
    }
    text
}

/// Why nothing of a migration is in though it was tried.
fn refused_text(row: &StatementRow) -> String {
    format!(
        "             nothing of it is in: the run of {} UTC stopped at statement {}{}\n",
        seconds_of(row.finished_at.as_deref().unwrap_or(&row.started_at)),
        row.position,
        row.error.as_deref().map(|error| format!(": {}", one_line(error))).unwrap_or_default()
    )
}

/// A time without its fraction of a second.
fn seconds_of(time: &str) -> String {
    one_line(time.split('.').next().unwrap_or_default())
}

/// The statements of a migration that isn't finished.
fn statements_text(files: &MigrationFiles, state: HistoryState, history: &History) -> String {
    let mut text = String::new();
    for (direction, position, word, error) in statements(files, state, history) {
        let error = error.map(|error| format!(": {}", one_line(&error))).unwrap_or_default();
        text.push_str(&format!("             {direction} {position}: {word}{error}\n"));
    }
    text
}

/// Each statement with what is known of it.
fn statements(
    files: &MigrationFiles,
    state: HistoryState,
    history: &History,
) -> Vec<(Direction, u32, &'static str, Option<String>)> {
    let (direction, script) = match (state, &files.down) {
        (HistoryState::Undoing, Some(down)) => (Direction::Down, &down.script),
        _ => (Direction::Up, &files.up.script),
    };
    script
        .statements()
        .map(|statement| {
            let position = statement.position;
            let mut rows = history.statements(&files.version, direction);
            let row = rows.find(|row| row.position == position);
            let word = match row.map(|row| row.state) {
                Some(StatementState::Done) => "in",
                Some(StatementState::Failed) => "failed",
                Some(StatementState::Started) => "may be in; the next run finds out",
                None => "not in",
            };
            (direction, position, word, row.and_then(|row| row.error.clone()))
        })
        .collect()
}

fn half_way(files: &MigrationFiles, state: HistoryState) -> Diagnostic {
    let (what, help): (&str, &[&str]) = match state {
        HistoryState::Undoing => ("is half undone", &["`driftline rollback` goes on"]),
        _ => (
            "has stopped half-way",
            &[
                "`driftline migrate` goes on with it",
                "`driftline rollback --failed` undoes what of it is in",
            ],
        ),
    };
    Diagnostic {
        help: help.iter().map(|line| (*line).to_owned()).collect(),
        ..Diagnostic::without_place(format!("{} {what}", one_line(&files.name)))
    }
}

fn json(
    opened: &Project,
    DatabaseState { here, history, .. }: &DatabaseState,
    found: &Situation,
    alembic: Option<&[String]>,
) -> Value {
    let name = |at: &usize| {
        let files = &opened.files()[*at];
        json!({ "migration": files.version, "name": files.name })
    };
    let pending = |at: &usize| {
        let refused = history.refused(&opened.files()[*at].version).map(refused_json);
        let mut value = name(at);
        value["refused"] = json!(refused);
        value
    };
    let unfinished = found.unfinished.map(|(at, state)| {
        let files = &opened.files()[at];
        let statements: Vec<Value> = statements(files, state, history)
            .into_iter()
            .map(|(direction, position, state, error)| {
                json!({
                    "direction": direction.word(),
                    "position": position,
                    "state": state,
                    "error": error,
                })
            })
            .collect();
        json!({
            "migration": files.version,
            "name": files.name,
            "state": state.word(),
            "statements": statements,
            "began_on": history.begun_elsewhere(here).map(server_json),
        })
    });
    let problems: Vec<Value> = found.problems.iter().map(problem_json).collect();
    json!({
        "database": opened.url.label(),
        "applied": found.applied.iter().map(name).collect::<Vec<_>>(),
        "unfinished": unfinished,
        "pending": found.pending.iter().map(pending).collect::<Vec<_>>(),
        "problems": problems,
        "written_on": history.recorded_elsewhere(here).map(server_json),
        "alembic": alembic,
        "heads": null,
    })
}

fn refused_json(row: &StatementRow) -> Value {
    json!({
        "position": row.position,
        "statement": row.statement,
        "at": row.finished_at.as_deref().unwrap_or(&row.started_at),
        "error_code": row.error_code,
        "error": row.error,
    })
}

pub(super) fn server_json(server: &ServerIdentity) -> Value {
    json!({ "version": server.version, "host": server.host, "id": server.id })
}

fn problem_json(problem: &HistoryProblem) -> Value {
    match problem {
        HistoryProblem::NoFile { version } => json!({ "problem": "no-file", "migration": version }),
        HistoryProblem::Edited { version } => json!({ "problem": "edited", "migration": version }),
        HistoryProblem::EditedStatement { version, direction, position } => json!({
            "problem": "edited-statement",
            "migration": version,
            "direction": direction.word(),
            "position": position,
        }),
        HistoryProblem::Late { version, newest } => {
            json!({ "problem": "late", "migration": version, "newest": newest })
        }
    }
}
