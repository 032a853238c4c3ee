//! `driftline migrate`: carries out the migrations that a database doesn't have yet.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::Outcome;
use super::super::arguments::{ListFormat, MigrateArguments};
use super::super::error::Result;
use super::super::output::Output;
use super::elsewhere::say_if_elsewhere;
use super::failures::{disagree, engine_error, run_error};
use super::permission::{ask, not_allowed, refuse_destruction, refuse_powerless, review};
use super::project::{DatabaseState, Project};
use super::result::{ResultPrinter, destroys_json};
use super::watching::Lines;
use crate::cli::error::RunFailure;
use crate::diagnostic::Diagnostic;
use crate::engine::{self, Goal, History, HistoryState, Situation, Timeline, situation};
use crate::migration::MigrationFiles;
use crate::plan::Risk;
use crate::report::{count, one_line};

pub(in crate::cli) fn run(args: &MigrateArguments, output: &Output) -> Result<Outcome> {
    let opened = Project::of(&args.target)?;
    let to = args.to.as_deref().map(|typed| opened.known_version(typed)).transpose()?;
    let DatabaseState { server, here, history } = DatabaseState::read(&opened.url, &opened.tables)?;
    say_if_elsewhere(&history, &here, output);
    let found = situation(opened.files(), &history);
    let problems = not_allowed(&found.problems, &args.running);
    if !problems.is_empty() {
        return Err(disagree(&problems));
    }
    refuse_undoing(&found, &opened)?;
    let due: Vec<&MigrationFiles> = due(&opened, &found, to.as_deref());
    if due.is_empty() {
        return nothing_to_do(&opened, args.target.format, output);
    }
    let destroyed = refuse_all(&opened, args, &history, &due, server)?;
    if args.dry_run {
        return print_due(&opened, &due, &destroyed, args.target.format, output);
    }
    let question = format!(
        "carry out {} on {}?",
        count(due.len(), "migration", "migrations"),
        one_line(&opened.url.label())
    );
    ask(&question, &args.running, opened.is_protected)?;
    let versions = due.iter().map(|files| files.version.clone()).collect();
    let mut request = opened.request(Goal::Apply(versions), &args.running);
    request.allowed_late = found
        .problems
        .iter()
        .filter_map(engine::HistoryProblem::late_version)
        .map(str::to_owned)
        .collect();
    let mut lines = Lines::begin(output);
    let outcome = engine::migrate(&opened.url, &request, &mut lines).map_err(engine_error)?;
    report(&opened, &outcome, args.target.format, output)
}

/// A migration that is half undone isn't carried out again before that is finished.
fn refuse_undoing(found: &Situation, opened: &Project) -> Result<()> {
    let Some((at, HistoryState::Undoing)) = found.unfinished else { return Ok(()) };
    let name = &opened.files()[at].name;
    let diagnostic = Diagnostic::without_place(format!("{name} is half undone"))
        .with_help("`driftline rollback` goes on undoing it");
    Err(run_error(RunFailure::HalfWay, vec![diagnostic]))
}

/// The migrations that are to be carried out, one that stopped half-way first.
fn due<'a>(opened: &'a Project, found: &Situation, to: Option<&str>) -> Vec<&'a MigrationFiles> {
    let unfinished = found.unfinished.iter().map(|(at, _)| *at);
    let due = unfinished.chain(found.pending.iter().copied());
    let files = due.map(|at| &opened.files()[at]);
    files.filter(|files| to.is_none_or(|to| files.version.as_str() <= to)).collect()
}

/// Stops if the files need permission that they don't have.
fn refuse_all(
    opened: &Project,
    args: &MigrateArguments,
    history: &History,
    due: &[&MigrationFiles],
    server: crate::server::Server,
) -> Result<Vec<Vec<(u32, Risk)>>> {
    let compared = (server, &opened.compared);
    let mut timeline =
        Timeline::of_history(opened.files(), history, None, compared).map_err(engine_error)?;
    let mut all = Vec::new();
    let mut rights = BTreeSet::new();
    for files in due {
        let found = review(&files.up, &mut timeline, server, |_| true)?;
        if !args.dry_run {
            refuse_destruction(&files.up, &found.destroys, &args.running)?;
        }
        rights.extend(found.rights);
        all.push(found.destroys);
    }
    if !args.dry_run {
        refuse_powerless(&opened.url, &rights, &args.running)?;
    }
    Ok(all)
}

fn nothing_to_do(opened: &Project, format: ListFormat, output: &Output) -> Result<Outcome> {
    match format {
        ListFormat::Text => output.text(&format!(
            "nothing to do: {} has all migrations\n",
            one_line(&opened.url.label())
        ))?,
        ListFormat::Json => {
            report(opened, &engine::Migrated::default(), format, output).map(drop)?
        }
    }
    Ok(Outcome::Clean)
}

fn print_due(
    opened: &Project,
    due: &[&MigrationFiles],
    destroyed: &[Vec<(u32, Risk)>],
    format: ListFormat,
    output: &Output,
) -> Result<Outcome> {
    match format {
        ListFormat::Json => {
            let pending: Vec<Value> = due
                .iter()
                .zip(destroyed)
                .map(|(files, destroyed)| pending_json(files, destroyed))
                .collect();
            ResultPrinter::new(format, output)
                .document(json!({ "database": opened.url.label(), "pending": pending }))?;
        }
        ListFormat::Text => {
            let mut text = String::new();
            for (files, destroyed) in due.iter().zip(destroyed) {
                text.push_str(&format!("-- {}\n", one_line(&files.name)));
                for statement in files.up.script.statements() {
                    let destroyed = destroyed.iter().filter(|(at, _)| *at == statement.position);
                    for (_, destroyed) in destroyed {
                        text.push_str(&format!(
                            "-- ! DESTROYS DATA {}: {}\n",
                            one_line(&destroyed.name()),
                            one_line(&destroyed.message)
                        ));
                    }
                    text.push_str(&format!(
                        "-- statement {}\n{};\n",
                        statement.position, statement.text
                    ));
                }
                text.push('\n');
            }
            output.exact(&text)?;
        }
    }
    Ok(Outcome::Clean)
}

fn pending_json(files: &MigrationFiles, destroyed: &[(u32, Risk)]) -> Value {
    let statements: Vec<Value> = files
        .up
        .script
        .statements()
        .map(|it| json!({ "position": it.position, "kind": it.kind.word(), "statement": it.text }))
        .collect();
    json!({
        "migration": files.version,
        "name": files.name,
        "statements": statements,
        "destroys": destroys_json(destroyed),
    })
}

/// Prints what was done.
pub(super) fn report(
    opened: &Project,
    outcome: &engine::Migrated,
    format: ListFormat,
    output: &Output,
) -> Result<Outcome> {
    let label = opened.url.label();
    match format {
        ListFormat::Json => {
            ResultPrinter::new(format, output).document(json!({
                "database": label,
                "baseline": outcome.baseline,
                "done": outcome.done,
            }))?;
        }
        ListFormat::Text => {
            if let Some(version) = &outcome.baseline {
                output.text(&format!(
                    "{} has what the baseline {version} makes: it is noted as carried out\n",
                    one_line(&label)
                ))?;
            }
            output.text(&format!(
                "{} on {}\n",
                count(outcome.done.len(), "migration done", "migrations done"),
                one_line(&label)
            ))?;
        }
    }
    Ok(Outcome::Clean)
}
