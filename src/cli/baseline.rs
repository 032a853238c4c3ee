//! The first migration of a database that has tables already: it makes what is there, so that all
//! migrations together start from nothing.

use anyhow::anyhow;

use super::error::Result;
use super::generated_files::{GeneratedFiles, locked_schema};
use super::output::Output;
use super::pull;
use super::reading::ReadingRules;
use crate::compare::Comparison;
use crate::engine::missing_references;
use crate::migration::MigrationScript;
use crate::report::{self, one_line};
use crate::server::Server;
use crate::source::dump::Replay;
use crate::source::{Loaded, Settings, yaml};

/// What makes the present state of a comparison, from nothing. `None` if nothing is there.
pub(super) fn baseline(comparison: &Comparison, output: &Output) -> Result<Option<Comparison>> {
    let there = &comparison.from;
    if there.schema.tables.is_empty() && there.schema.objects.is_empty() {
        return Ok(None);
    }
    let server = comparison.server;
    let baseline = Comparison::new(nothing(), as_file(there, server, comparison)?, Some(server))?;
    say_what_is_left_out(&baseline, there, output);
    say_what_is_missing(&baseline, output);
    Ok(Some(baseline).filter(|baseline| !baseline.plan.steps.is_empty()))
}

/// No schema.
pub(super) fn nothing() -> Loaded {
    Loaded { label: "nothing".to_owned(), ..Loaded::default() }
}

/// What is there as a schema file of it is read, without what schema.yaml ignores.
fn as_file(there: &Loaded, server: Server, comparison: &Comparison) -> Result<Loaded> {
    let rules = ReadingRules::of(there, Some(server));
    let options = yaml::WriteOptions {
        stated_server: Some(server.flavor()),
        settings: Settings {
            ignore_tables: comparison.to.settings.ignore_tables.clone(),
            ignore_objects: comparison.to.settings.ignore_objects.clone(),
            compare_definers: comparison.to.settings.compare_definers,
            compare: comparison.to.settings.compare,
            ..Settings::default()
        },
        compact: true,
        ..yaml::WriteOptions::new(server)
    };
    let text = yaml::write(&pull::schema_of(there, &rules), &options);
    Ok(yaml::read_text(&there.label, &text)?)
}

fn say_what_is_left_out(baseline: &Comparison, there: &Loaded, output: &Output) {
    let is_ignored = |name: &str| baseline.to.settings.ignore_tables.iter().any(|it| it == name);
    for table in there.schema.tables.values().filter(|table| !table.unsupported.is_empty()) {
        // What is written into the file's `ignore` for being unsupported is said here.
        if is_ignored(&yaml::glob_of(&table.name)) {
            output.say(&format!(
                "warning: the baseline doesn't make table {}: {} is unsupported",
                one_line(&table.name),
                table.unsupported.join(", ")
            ));
        }
    }
    for object in &there.schema.unsupported {
        let (noun, name) = (object.kind.noun(), one_line(&object.name));
        output.say(&format!("warning: the baseline doesn't make {noun} {name}: it is unsupported"));
    }
}

/// An empty database refuses a foreign key or a view that refers to what the baseline doesn't make.
fn say_what_is_missing(baseline: &Comparison, output: &Output) {
    for reference in missing_references(&baseline.new, baseline.server) {
        output.say(&one_line(&format!(
            "note: {reference}, which the baseline doesn't make: in an empty database it has to be \
             there first"
        )));
    }
}

/// Why the files to be written give another schema than the desired one, in an empty database: the
/// baseline can't make what is there. `None` if they give it.
pub(super) fn other_schema(
    written: &GeneratedFiles<'_>,
    comparison: &Comparison,
) -> Result<Option<String>> {
    let server = comparison.server;
    let mut replay = Replay::new(server);
    for text in written.forward_texts() {
        replay.begin_script();
        let script = MigrationScript::read(text).map_err(|error| anyhow!("{error}"))?;
        for text in script.texts() {
            if let Err(message) = replay.run(text) {
                return Ok(Some(message));
            }
        }
    }
    let wanted = Loaded { schema: locked_schema(comparison), ..comparison.to.clone() };
    let comparison = Comparison::new(replay.schema(), wanted, Some(server))?;
    let items = report::items(&comparison.with_texts_as_meaning().difference, &server);
    let words: Vec<String> = items.iter().map(report::item_words).collect();
    Ok(Some(words).filter(|words| !words.is_empty()).map(|words| words.join("; ")))
}
