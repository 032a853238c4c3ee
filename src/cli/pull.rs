//! `driftline pull`: writes schema.yaml from a database or a dump.

use std::fs;
use std::path::Path;

use super::arguments::PullArguments;
use super::error::{Result, bail};
use super::migration_tables::migration_tables;
use super::open::{Location, read_options};
use super::output::Output;
use super::reading::ReadingRules;
use super::{Outcome, files, update};
use crate::compare::{forget_in, unshown_members};
use crate::implicit_index::implicit_under_other_names;
use crate::model::{Element, ObjectKind, Schema, SchemaCounts, same_name};
use crate::normalize::{Context as Normal, leave_out_generated_keys, normalize};
use crate::report::{self, one_line};
use crate::server::Server;
use crate::source::{Loaded, Settings, yaml};
use crate::validation::unreadable_views;

pub(super) fn run(args: &PullArguments, output: &Output) -> Result<Outcome> {
    if let Some(elements) = &args.update {
        return update::run(args, elements, output);
    }
    if let Some(path) = args.output.as_deref().filter(|path| files::is_there(path) && !args.force) {
        bail!("{} is there already; --force replaces it", path.display());
    }
    let location = Location::required_database(args.source.as_deref(), &args.lookup())?;
    let loaded = location.read(&read_options(args.flavor.server, true))?;
    let file = file_of(&loaded, args.flavor.server, output);
    match &args.output {
        Some(path) => {
            warn_of_loss(path, &file.text, output);
            files::replace(path, &file.text)?;
            output.say(&format!("{}: {}", path.display(), report::contents(&file.counts)));
        }
        None => output.exact(&file.text)?,
    }
    Ok(Outcome::Clean)
}

/// A schema file that isn't written yet.
pub(super) struct PulledFile {
    pub(super) text: String,
    pub(super) counts: SchemaCounts,
}

/// The schema file of a source. Says what the file leaves out.
pub(super) fn file_of(loaded: &Loaded, flavor: Option<Server>, output: &Output) -> PulledFile {
    output.diagnostics(&loaded.notes, &loaded.files);
    output.diagnostics(&unshown_members(loaded), &loaded.files);
    let rules = ReadingRules::of(loaded, flavor);
    let server = rules.server;
    let about_rules = rules.note(loaded);
    if let Some(note) = &about_rules {
        output.say(&format!("note: {note}"));
    }
    let context = Normal::of(server, &loaded.schema, &loaded.schema);
    let normalized = normalize(&loaded.schema, &context);
    say_which_views_are_broken(loaded, &normalized, &context, output);
    let mut schema = as_written(loaded, normalized, &rules);
    let mut settings = loaded.settings.clone();
    if !loaded.is_declared {
        ignore_migration_tables(&mut schema, &mut settings, output);
    }
    say_what_is_left_out(&schema, output);
    let options = yaml::WriteOptions {
        header: about_rules.into_iter().collect(),
        stated_server: rules.stated(),
        settings,
        compact: true,
        ..yaml::WriteOptions::new(server)
    };
    PulledFile { text: yaml::write(&schema, &options), counts: schema.counts() }
}

/// What a source has, as a schema file says it.
pub(super) fn schema_of(loaded: &Loaded, rules: &ReadingRules) -> Schema {
    let context = Normal::of(rules.server, &loaded.schema, &loaded.schema);
    as_written(loaded, normalize(&loaded.schema, &context), rules)
}

fn as_written(loaded: &Loaded, mut schema: Schema, rules: &ReadingRules) -> Schema {
    let server = rules.server;
    if !loaded.is_declared {
        forget_in(&mut schema, &server);
    }
    rules.leave_out_assumed(&mut schema, &loaded.schema);
    for table in schema.tables.values_mut() {
        let implicit = implicit_under_other_names(table, &server);
        table.indexes.extend(implicit);
    }
    for object in schema.objects.values_mut() {
        *object = server.without_default_session(object);
    }
    if loaded.server.is_some() {
        leave_out_generated_keys(&mut schema, &server);
    }
    schema
}

/// Puts the tables of migration tools under `ignore`, and says so.
fn ignore_migration_tables(schema: &mut Schema, settings: &mut Settings, output: &Output) {
    for table in migration_tables(schema) {
        schema.tables.shift_remove(&table.name);
        output.say(&format!(
            "note: table {} belongs to {}: it is under `ignore`",
            one_line(&table.name),
            table.tool
        ));
        settings.ignore_tables.push(yaml::glob_of(&table.name));
    }
}

/// Reports views that can't be read. The server keeps such a view, but refuses every query that
/// uses it.
fn say_which_views_are_broken(loaded: &Loaded, schema: &Schema, context: &Normal, output: &Output) {
    let is_unsupported =
        |name: &str| schema.unsupported.iter().any(|object| same_name(&object.name, name));
    let unreadable = unreadable_views(schema, context, is_unsupported);
    for error in &unreadable {
        let title = one_line(&error.title);
        output.say(&format!("note: {}: {title}; no server makes it so", error.element));
    }
    let view = |name: &str| Element::Object { kind: ObjectKind::View, name: name.to_owned() };
    let is_said = |name: &str| unreadable.iter().any(|error| error.element == view(name));
    output.diagnostics(&loaded.notes_of_broken_views(is_said), &loaded.files);
}

fn say_what_is_left_out(schema: &Schema, output: &Output) {
    for table in schema.tables.values().filter(|table| !table.unsupported.is_empty()) {
        output.say(&format!(
            "warning: table {} is left out and ignored: {} is unsupported",
            one_line(&table.name),
            table.unsupported.join(", ")
        ));
    }
    for object in &schema.unsupported {
        let name = one_line(&object.name);
        let noun = object.kind.noun();
        match object.reason.as_str() {
            "" => output.say(&format!("note: {noun} {name} is unsupported")),
            reason => {
                output.say(&format!("note: {noun} {name} is left out: {}", one_line(reason)));
            }
        }
    }
}

/// Reports what the replaced file has that is neither in the new text nor in a database.
fn warn_of_loss(path: &Path, new: &str, output: &Output) {
    let Ok(old) = fs::read_to_string(path) else { return };
    let lost = yaml::lost_by_replacing(&old, new);
    if !lost.is_empty() {
        output.say(&format!(
            "warning: {} had keys that no database has, and they are removed: {}",
            path.display(),
            one_line(&lost.join(", "))
        ));
    }
}
