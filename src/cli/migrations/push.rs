//! `driftline push`: carries out the difference to schema.yaml directly, without a migration.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::Outcome;
use super::super::arguments::{ListFormat, PushArguments};
use super::super::comparing::{compare, refuse_impossible};
use super::super::error::{CommandError, Result, RunFailure, bail};
use super::super::migration_name::version_after;
use super::super::open::{Location, lock_file, read_options, read_yaml};
use super::super::output::Output;
use super::failures::{engine_error, run_error};
use super::permission::{ask, refuse_destruction, refuse_powerless, review};
use super::project::DatabaseState;
use super::result::{ResultPrinter, destroys_json};
use super::watching::Lines;
use crate::compare::Comparison;
use crate::diagnostic::Diagnostic;
use crate::engine::{self, HistoryKind, HistoryTables, PushRequest, RunSettings, Timeline};
use crate::migration::{MigrationFile, MigrationFiles, MigrationScript};
use crate::plan::Risk;
use crate::report::{self, MigrationHeader, count, one_line};
use crate::source::ReadOptions;
use crate::source::live::DatabaseUrl;

pub(in crate::cli) fn run(args: &PushArguments, output: &Output) -> Result<Outcome> {
    let lookup = args.target.lookup();
    let schema = lookup.schema.clone();
    let location = Location::required_database(args.target.source.as_deref(), &lookup)?;
    let Some(url) = location.url().cloned() else {
        bail!(
            "a difference is carried out on a server: name a URL such as mysql://user@host/database"
        );
    };
    let comparison = compared(&location, &schema)?;
    output.diagnostics(&comparison.to.notes, &comparison.to.files);
    refuse_impossible(&comparison)?;
    refuse_incomplete(&comparison)?;
    let printer = ResultPrinter::new(args.target.format, output);
    if comparison.plan.steps.is_empty() {
        printer.text(&format!(
            "nothing to do: {} is as {} says\n",
            one_line(&url.label()),
            schema.display()
        ))?;
        printer.document(pushed_json(&url, &comparison, &[], false))?;
        return Ok(Outcome::Clean);
    }
    let files = files_of(&comparison, next_version(&url, &lookup.history)?)?;
    let mut timeline = Timeline::from_schema(
        comparison.from.schema.clone(),
        comparison.server,
        comparison.to.settings.clone(),
    );
    let base = timeline.clone();
    match (args.target.format, output.has_colours()) {
        (ListFormat::Json, _) => output.say(&report::styled_plan_sql(&comparison)),
        (ListFormat::Text, true) => output.text(&report::styled_plan_sql(&comparison))?,
        (ListFormat::Text, false) => output.exact(&report::plan_sql(&comparison))?,
    }
    let found = review(&files.up, &mut timeline, comparison.server, |_| true)?;
    if args.dry_run {
        printer.document(pushed_json(&url, &comparison, &found.destroys, false))?;
        return Ok(Outcome::Found);
    }
    refuse_destruction(&files.up, &found.destroys, &args.running)?;
    refuse_powerless(&url, &found.rights, &args.running)?;
    let statements = count(comparison.plan.steps.len(), "statement", "statements");
    let question = format!("carry out {statements} on {}?", one_line(&url.label()));
    let is_protected = lookup.is_protected(&url);
    ask(&question, &args.running, is_protected)?;
    let patience = Duration::from_secs(args.running.wait.into());
    let allows_drift = args.running.allow.iter().any(|name| name == "drift");
    let request = PushRequest {
        files: &files,
        base,
        settings: RunSettings { patience, allows_drift },
        lock_patience: patience,
        tables: lookup.history.clone(),
        is_protected,
    };
    let mut lines = Lines::begin(output);
    engine::push(&url, &request, &mut lines).map_err(engine_error)?;
    let after = compared(&location, &schema)?;
    if !after.difference.changes.is_empty() {
        let items = report::items(&after.difference, &after.server);
        let help = items.iter().map(|item| one_line(&report::item_words(item))).collect();
        let title = "all statements are in, and the database still differs from schema.yaml";
        let diagnostic = Diagnostic { help, ..Diagnostic::without_place(title) };
        return Err(run_error(RunFailure::Disagree, vec![diagnostic]));
    }
    printer.text(&format!("{statements} done on {}\n", one_line(&url.label())))?;
    printer.document(pushed_json(&url, &comparison, &found.destroys, true))?;
    if lock_file(&schema, args.target.generated.as_deref()).is_file() {
        output.say(
            "note: the migrations don't have this change: `driftline generate` writes it, and \
             `driftline stamp` notes it as carried out here",
        );
    }
    Ok(Outcome::Clean)
}

/// `done` is whether the statements were carried out.
fn pushed_json(
    url: &DatabaseUrl,
    comparison: &Comparison,
    destroys: &[(u32, Risk)],
    done: bool,
) -> Value {
    let statements = comparison.plan.steps.iter().flat_map(|step| step.statements());
    let statements: Vec<&str> = statements.map(|sql| sql.text.as_str()).collect();
    json!({
        "database": url.label(),
        "statements": statements,
        "destroys": destroys_json(destroys),
        "done": done,
    })
}

fn compared(location: &Location, schema: &std::path::Path) -> Result<Comparison> {
    let wanted = read_yaml(schema)?;
    let options = ReadOptions { compared_with: Some(&wanted.schema), ..read_options(None, false) };
    let loaded = location.read(&options)?;
    compare((location, loaded), (&Location::Yaml(schema.to_owned()), wanted), None, false)
}

/// What can't be compared isn't carried out, so it isn't passed over either.
fn refuse_incomplete(comparison: &Comparison) -> Result<()> {
    if comparison.is_complete() {
        return Ok(());
    }
    let diagnostic = Diagnostic::without_place(
        "a part of the schema can't be compared, so it is unknown whether it differs",
    )
    .with_help("`driftline diff` says which and why");
    Err(run_error(RunFailure::Disagree, vec![diagnostic]))
}

/// A version after all that the database has.
fn next_version(url: &DatabaseUrl, tables: &HistoryTables) -> Result<String> {
    let history = DatabaseState::read(url, tables)?.history;
    let entries = history.entries.iter().filter(|it| it.kind != HistoryKind::Protected);
    let newest = entries.map(|entry| entry.version.as_str()).max();
    Ok(version_after(newest.unwrap_or_default())?)
}

/// The statements as a migration that is in no folder.
fn files_of(comparison: &Comparison, version: String) -> Result<MigrationFiles> {
    let name = format!("{version}_push");
    let flavor = comparison.server.flavor();
    let header = MigrationHeader { title: &name, flavor: &flavor, ..MigrationHeader::default() };
    let file = |text: String, name: &str| -> Result<MigrationFile> {
        let script = MigrationScript::read(&text)
            .map_err(|error| CommandError::Other(anyhow::anyhow!("{name}: {error}")))?;
        Ok(MigrationFile { path: PathBuf::from(name), text, script })
    };
    Ok(MigrationFiles {
        up: file(report::up_sql(comparison, &header), "the difference")?,
        down: Some(file(report::down_sql(&comparison.plan, &header), "its reverse")?),
        description: "the difference to schema.yaml".to_owned(),
        version,
        name,
    })
}
