//! The settings of schema.yaml besides its tables and objects: the server, what tables inherit, what
//! is ignored, and the severity of rules.

use std::str::FromStr;

use regex::Regex;

use super::glob;
use super::keys::{COMPARE, DEFAULTS, IGNORE, MIGRATIONS, NAMING, RULE, UNUSED_INDEX};
use super::node::Value;
use super::object;
use super::reading::{KeyValue, Reading, Report};
use crate::diagnostic::{Severity, Span, list};
use crate::model::{Element, Table, TableOptions};
use crate::server::Server;
use crate::source::{
    Compared, LockedMigration, MigrationLayout, MigrationList, NamedKind, RuleOptions, Settings,
};

/// The severities of a rule's findings; `off` is `None`.
pub(super) const SEVERITIES: &[(&str, Option<Severity>)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("note", Some(Severity::Note)),
    ("off", None),
];

/// What every table inherits, each with the place of its key.
#[derive(Default)]
pub(super) struct TableDefaults {
    engine: Option<(String, Span)>,
    charset: Option<(String, Span)>,
    collation: Option<(String, Span)>,
    row_format: Option<(String, Span)>,
}

impl TableDefaults {
    /// What a table without options has.
    pub(super) fn options(&self) -> TableOptions {
        let value = |of: &Option<(String, Span)>| of.as_ref().map(|(value, _)| value.clone());
        TableOptions {
            engine: value(&self.engine),
            charset: value(&self.charset),
            collation: value(&self.collation),
            row_format: value(&self.row_format),
            ..TableOptions::default()
        }
    }
}

pub(super) fn read_server(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<Server> {
    let text = reading.string(field)?;
    match Server::from_str(text) {
        Ok(server) => Some(server),
        Err(problem) => {
            let span = reading.span(field.value);
            reading.error(problem, span, "");
            None
        }
    }
}

pub(super) fn read_defaults(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> TableDefaults {
    let mut defaults = TableDefaults::default();
    for field in reading.fields(field).unwrap_or_default() {
        let key = reading.span(field.key);
        let target = match field.word() {
            "engine" => &mut defaults.engine,
            "charset" => &mut defaults.charset,
            "collation" => &mut defaults.collation,
            "row_format" => &mut defaults.row_format,
            _ => {
                reading.unknown_key(field, &DEFAULTS);
                continue;
            }
        };
        let what = field.word().replace("charset", "character set").replace('_', " ");
        *target = reading.word(field, &what).map(|word| match field.word() {
            "row_format" => (word.to_ascii_uppercase(), key),
            _ => (word, key),
        });
    }
    defaults
}

/// Gives a table the defaults for what it leaves out. Character set and collation go together: a
/// table that has one of them inherits neither.
pub(super) fn apply_defaults(table: &mut Table, defaults: &TableDefaults, report: &mut Report) {
    let names_charset = table.options.charset.is_some() || table.options.collation.is_some();
    let mut inherit = |target: &mut Option<String>, key: &str, from: &Option<(String, Span)>| {
        if let (None, Some((value, span))) = (target.as_ref(), from) {
            *target = Some(value.clone());
            report.places.set(Element::option(&table.name, key), *span);
        }
    };
    inherit(&mut table.options.engine, "engine", &defaults.engine);
    inherit(&mut table.options.row_format, "row_format", &defaults.row_format);
    if !names_charset {
        inherit(&mut table.options.charset, "charset", &defaults.charset);
        inherit(&mut table.options.collation, "collation", &defaults.collation);
    }
}

pub(super) fn read_ignore(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    settings: &mut Settings,
) {
    for field in reading.fields(field).unwrap_or_default() {
        match (field.word(), object::kind_of_section(field.word())) {
            ("tables", _) => settings.ignore_tables = read_globs(reading, field),
            (_, Some(kind)) => {
                let globs = read_globs(reading, field);
                settings.ignore_objects.insert(kind, globs);
            }
            _ => reading.unknown_key(field, &IGNORE),
        }
    }
}

/// What is compared. Everything is, unless the file says otherwise.
pub(super) fn read_compare(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Compared {
    let mut compared = Compared::default();
    for field in reading.fields(field).unwrap_or_default() {
        let target = match field.word() {
            "column_order" => &mut compared.column_order,
            "comments" => &mut compared.comments,
            "server_names" => &mut compared.server_names,
            _ => {
                reading.unknown_key(field, &COMPARE);
                continue;
            }
        };
        *target = reading.boolean(field).unwrap_or(true);
    }
    compared
}

fn read_globs(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Vec<String> {
    let mut globs = Vec::new();
    for item in reading.items(field).unwrap_or_default() {
        let span = reading.span(item);
        match &item.value {
            Value::String(text) => match glob::of_names(text) {
                Ok(_) => globs.push(text.as_ref().to_owned()),
                Err(why) => {
                    reading.error(why, span, "");
                }
            },
            other => {
                let label = other.label();
                reading.error(format!("`{}` is a list of globs", field.word()), span, label);
            }
        }
    }
    globs
}

/// The words for what migrations are written as.
pub(super) const LAYOUTS: &[(&str, MigrationLayout)] =
    &[("sql", MigrationLayout::Sql), ("alembic", MigrationLayout::Alembic)];

/// The list of migrations of a lock file.
pub(super) fn read_migrations(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> MigrationList {
    let mut list = MigrationList::default();
    for field in reading.fields(field).unwrap_or_default() {
        match field.word() {
            "from_nothing" => list.from_nothing = reading.boolean(field).unwrap_or_default(),
            "layout" => list.layout = reading.choice(field, LAYOUTS).unwrap_or_default(),
            "list" => list.lines = read_lines(reading, field),
            _ => reading.unknown_key(field, &MIGRATIONS),
        }
    }
    list
}

/// Lines of `VERSION CHECKSUM CHAIN`.
fn read_lines(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Vec<LockedMigration> {
    let mut migrations = Vec::new();
    for item in reading.items(field).unwrap_or_default() {
        let span = reading.span(item);
        let words: Vec<&str> = match &item.value {
            Value::String(text) => text.split(' ').collect(),
            _ => Vec::new(),
        };
        let is_version = |word: &str| word.len() == 14 && word.bytes().all(|b| b.is_ascii_digit());
        match words[..] {
            [version, sum, chain] if is_version(version) => migrations.push(LockedMigration {
                version: version.to_owned(),
                sum: sum.to_owned(),
                chain: chain.to_owned(),
                place: Some(Span { end: span.start + version.len(), ..span }),
            }),
            _ => {
                let title = "a migration is its version, a checksum and a chain value";
                reading.error(title, span, "").help.push(
                    "`driftline generate` writes these lines; take the file from version control"
                        .to_owned(),
                );
            }
        }
    }
    migrations
}

/// Reads how severe the findings of rules are. Rules are not checked for existence here; whoever
/// reads the settings asks [`crate::lint`] for unknown names.
pub(super) fn read_rules(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    settings: &mut Settings,
) {
    for field in reading.fields(field).unwrap_or_default() {
        let Some(name) = reading.name(field.key, "rule") else { continue };
        let (severity, for_new) = match &field.value.value {
            Value::Mapping(_) => {
                let options = &mut settings.rule_options;
                read_rule(reading, field, |reading, field| match name {
                    "naming" => read_naming(reading, field, options),
                    "unused-index" => match field.word() {
                        "days" => options.unused_index_days = reading.integer(field),
                        _ => reading.unknown_key(field, &UNUSED_INDEX),
                    },
                    _ => reading.unknown_key(field, &RULE),
                })
            }
            _ => (read_severity(reading, field), None),
        };
        let key = reading.span(field.key);
        reading.report.places.set_rule(name, key);
        if let Some(severity) = severity {
            settings.rules.insert(name.to_owned(), severity);
        }
        if let Some(severity) = for_new {
            settings.rules_for_new.insert(name.to_owned(), severity);
        }
    }
}

/// A severity that is set; `None` within it switches the rule off.
type SetSeverity = Option<Option<Severity>>;

/// The severity of a rule's findings, and that of findings about what is new.
/// `other` reads the keys of this rule alone.
fn read_rule<'a, 'b>(
    reading: &mut Reading<'a, 'b>,
    field: KeyValue<'_>,
    mut other: impl FnMut(&mut Reading<'a, 'b>, KeyValue<'_>),
) -> (SetSeverity, SetSeverity) {
    let (mut severity, mut for_new) = (None, None);
    for field in reading.fields(field).unwrap_or_default() {
        match field.word() {
            "severity" => severity = read_severity(reading, field),
            "new" => for_new = read_severity(reading, field),
            _ => other(reading, field),
        }
    }
    (severity, for_new)
}

/// A pattern of the rule `naming`.
fn read_naming(reading: &mut Reading<'_, '_>, field: KeyValue<'_>, options: &mut RuleOptions) {
    let word = field.word();
    let Some(kind) = NamedKind::ALL.into_iter().find(|kind| kind.key() == word) else {
        return reading.unknown_key(field, &NAMING);
    };
    let Some(pattern) = reading.string(field) else { return };
    match Regex::new(pattern) {
        Ok(_) => {
            options.naming.insert(kind, pattern.to_owned());
        }
        Err(error) => {
            // The last line says what is wrong; those before it draw the place.
            let text = error.to_string();
            let why = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let span = reading.span(field.value);
            let title = format!("`{word}` has no regular expression: {why}");
            reading.error(title, span, "").help.push("as in \"^[a-z_]+$\"".to_owned());
        }
    }
}

fn read_severity(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> SetSeverity {
    if let Value::Bool(_) = &field.value.value {
        let words: Vec<&str> = SEVERITIES.iter().map(|(word, _)| *word).collect();
        reading.expected(field, &format!("one of {}", list(&words)));
        return None;
    }
    reading.choice(field, SEVERITIES)
}
