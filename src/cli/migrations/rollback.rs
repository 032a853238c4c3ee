//! `driftline rollback`: undoes the newest migrations of a database.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use super::super::Outcome;
use super::super::arguments::{ListFormat, RollbackArguments};
use super::super::error::{Result, RunFailure, bail};
use super::super::output::Output;
use super::elsewhere::say_if_elsewhere;
use super::failures::{disagree, engine_error, run_error};
use super::migrate::report;
use super::permission::{ask, not_allowed, refuse_destruction, refuse_powerless, review};
use super::project::{DatabaseState, Project};
use super::result::{ResultPrinter, destroys_json};
use super::watching::Lines;
use crate::diagnostic::Diagnostic;
use crate::engine::{
    self, Goal, History, HistoryEntry, HistoryState, Situation, Timeline, situation,
};
use crate::migration::{MigrationFile, MigrationFiles, ScriptStatement};
use crate::plan::Risk;
use crate::report::{count, one_line};
use crate::server::Server;

pub(in crate::cli) fn run(args: &RollbackArguments, output: &Output) -> Result<Outcome> {
    let opened = Project::of(&args.target)?;
    let DatabaseState { server, here, history } = DatabaseState::read(&opened.url, &opened.tables)?;
    say_if_elsewhere(&history, &here, output);
    let found = situation(opened.files(), &history);
    let late = |problem: &engine::HistoryProblem| problem.late_version().is_some();
    let problems: Vec<_> = found.problems.iter().filter(|it| !late(it)).cloned().collect();
    let problems = not_allowed(&problems, &args.running);
    if !problems.is_empty() {
        return Err(disagree(&problems));
    }
    let versions = undone(args, &opened, &found)?;
    if versions.is_empty() {
        return match args.target.format {
            ListFormat::Text => Ok(output.text("nothing to undo\n").map(|()| Outcome::Clean)?),
            ListFormat::Json => {
                report(&opened, &engine::Migrated::default(), ListFormat::Json, output)
            }
        };
    }
    let undo = Undo { opened: &opened, history: &history, server };
    let undone = undo.refuse_all(&versions, args)?;
    let statements = undone.iter().map(|it| it.statements.len()).sum();
    if args.dry_run {
        print_undone(&opened, &undone, args.target.format, output)?;
        return Ok(Outcome::Clean);
    }
    let question = format!(
        "undo {} ({}) on {}?",
        count(versions.len(), "migration", "migrations"),
        count(statements, "statement", "statements"),
        one_line(&opened.url.label())
    );
    ask(&question, &args.running, opened.is_protected)?;
    let mut request = opened.request(Goal::Undo(versions), &args.running);
    request.allowed_late =
        found.problems.iter().filter_map(|it| it.late_version()).map(str::to_owned).collect();
    let mut lines = Lines::begin(output);
    let outcome = engine::migrate(&opened.url, &request, &mut lines).map_err(engine_error)?;
    report(&opened, &outcome, args.target.format, output)
}

/// The versions to undo, the newest first.
fn undone(args: &RollbackArguments, opened: &Project, found: &Situation) -> Result<Vec<String>> {
    let version = |at: &usize| opened.files()[*at].version.clone();
    let unfinished = match found.unfinished {
        Some((at, HistoryState::Applying)) if !args.failed => {
            let name = &opened.files()[at].name;
            let diagnostic = Diagnostic::without_place(format!("{name} has stopped half-way"))
                .with_help("`driftline rollback --failed` undoes what of it is in")
                .with_help("`driftline migrate` goes on with it");
            return Err(run_error(RunFailure::HalfWay, vec![diagnostic]));
        }
        Some((at, _)) => Some(version(&at)),
        None => None,
    };
    if args.failed {
        return Ok(unfinished.into_iter().collect());
    }
    let mut applied: Vec<String> = found.applied.iter().rev().map(version).collect();
    match (&args.to, args.steps) {
        (Some(to), _) if to == "0" => {}
        (Some(to), _) => {
            let to = opened.known_version(to)?;
            if !applied.contains(&to) {
                bail!("{to} isn't among the migrations that the database has");
            }
            let kept = applied.iter().position(|it| *it == to).unwrap_or_default();
            applied.truncate(kept);
        }
        (None, steps) => {
            let steps = usize::try_from(steps.unwrap_or(1)).unwrap_or(usize::MAX);
            // One that is half undone is the first of them.
            applied.truncate(steps.saturating_sub(usize::from(unfinished.is_some())));
        }
    }
    Ok(unfinished.into_iter().chain(applied).collect())
}

/// What is looked at before anything is undone.
struct Undo<'a> {
    opened: &'a Project,
    history: &'a History,
    server: Server,
}

impl Undo<'_> {
    /// Stops if something can't be undone, or needs permission; returns what will run.
    fn refuse_all(
        &self,
        versions: &[String],
        args: &RollbackArguments,
    ) -> Result<Vec<UndoneFile<'_>>> {
        let mut undone = Vec::new();
        let mut rights = BTreeSet::new();
        let entries: HashMap<&str, &HistoryEntry> =
            self.history.entries.iter().map(|it| (it.version.as_str(), it)).collect();
        let by_version: HashMap<&str, &MigrationFiles> =
            self.opened.files().iter().map(|it| (it.version.as_str(), it)).collect();
        // The schema after the undoing of the one is that before the undoing of the next.
        let mut timeline: Option<Timeline> = None;
        for version in versions {
            let Some(files) = by_version.get(version.as_str()).copied() else { continue };
            let entry = entries.get(version.as_str());
            let is_in = entry.and_then(|it| engine::statements_that_may_be_in(self.history, it));
            if is_in.as_ref().is_some_and(BTreeSet::is_empty) {
                continue;
            }
            let Some(down) = &files.down else {
                return Err(cannot(files, "there is no file that undoes it".to_owned()));
            };
            refuse_irreversible(files, down, is_in.as_ref())?;
            let mut before = match timeline.take() {
                Some(timeline) => timeline,
                None => self.before(files, is_in.as_ref())?,
            };
            let is_part = |it: &ScriptStatement| down.script.undoes_any(it, is_in.as_ref());
            let found = review(down, &mut before, self.server, is_part)?;
            timeline = Some(before);
            if !args.dry_run {
                refuse_destruction(down, &found.destroys, &args.running)?;
            }
            rights.extend(found.rights);
            let statements = down.script.statements().filter(|it| is_part(it));
            undone.push(UndoneFile {
                files,
                statements: statements.map(|it| it.text.as_str()).collect(),
                destroys: found.destroys,
            });
        }
        if !args.dry_run {
            refuse_powerless(&self.opened.url, &rights, &args.running)?;
        }
        Ok(undone)
    }

    /// The schema before the undoing of a migration.
    fn before(&self, files: &MigrationFiles, is_in: Option<&BTreeSet<u32>>) -> Result<Timeline> {
        let undone = Some((files.version.as_str(), is_in));
        let compared = (self.server, &self.opened.compared);
        Timeline::of_history(self.opened.files(), self.history, undone, compared)
            .map_err(engine_error)
    }
}

/// A migration that is to be undone.
struct UndoneFile<'a> {
    files: &'a MigrationFiles,
    /// The statements of its reverse file that run.
    statements: Vec<&'a str>,
    destroys: Vec<(u32, Risk)>,
}

fn print_undone(
    opened: &Project,
    undone: &[UndoneFile<'_>],
    format: ListFormat,
    output: &Output,
) -> Result<()> {
    if format == ListFormat::Text {
        for text in undone.iter().flat_map(|it| &it.statements) {
            output.exact(&format!("{text};\n"))?;
        }
        return Ok(());
    }
    let json = |it: &UndoneFile<'_>| {
        json!({
            "migration": it.files.version,
            "name": it.files.name,
            "statements": it.statements,
            "destroys": destroys_json(&it.destroys),
        })
    };
    let undo: Vec<_> = undone.iter().map(json).collect();
    ResultPrinter::new(format, output)
        .document(json!({ "database": opened.url.label(), "undo": undo }))
}

/// Stops if a statement that is in can't be undone.
fn refuse_irreversible(
    files: &MigrationFiles,
    down: &MigrationFile,
    is_in: Option<&BTreeSet<u32>>,
) -> Result<()> {
    let undoes = &down.script.undoes;
    let is_in_file = |number: &u32| is_in.is_none_or(|is_in| is_in.contains(number));
    for undo in undoes {
        if let (Some(why), Some(number)) =
            (&undo.impossible, undo.numbers.iter().find(|it| is_in_file(it)))
        {
            let why = if why.is_empty() { "its file says so" } else { why };
            return Err(cannot(files, format!("statement {number} can't be undone: {why}")));
        }
    }
    if undoes.is_empty() {
        // Without marks it is known only what undoes the whole.
        return match is_in {
            Some(is_in) if is_in.len() < files.up.script.statements().count() => Err(cannot(
                files,
                "only a part of it is in, and its reverse file doesn't say which of its statements \
                 undoes which (`-- undoes N`)"
                    .to_owned(),
            )),
            _ => Ok(()),
        };
    }
    let undone: BTreeSet<u32> = undoes.iter().flat_map(|it| it.numbers.iter().copied()).collect();
    let statements = files.up.script.statements().map(|it| it.position);
    match statements.filter(is_in_file).find(|number| !undone.contains(number)) {
        Some(number) => {
            Err(cannot(files, format!("nothing in its reverse file undoes statement {number}")))
        }
        None => Ok(()),
    }
}

fn cannot(files: &MigrationFiles, why: String) -> super::super::error::CommandError {
    let diagnostic = Diagnostic::without_place(format!("{} can't be undone", files.name))
        .with_help(one_line(&why))
        .with_help(
            "undo it by a new migration; or write the statements into its reverse file, which may \
             be edited as long as it hasn't run",
        );
    run_error(RunFailure::NotPermitted, vec![diagnostic])
}
