//! Writes a schema as schema.yaml.

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::WriteOptions;
use super::attributes;
use super::layout::{Layout, WrittenValue};
use super::scalar::{ScalarPosition, scalar};
use super::write_objects;
use super::write_partitioning::write_partitioning;
use crate::ddl::{Keywords, column_definition, index_part};
use crate::diagnostic::{Severity, escape_controls};
use crate::model::{
    Check, Column, ColumnType, ForeignKey, Index, IndexAlgorithm, IndexKind, IndexPart,
    ReferentialAction, Schema, Table, TableOptions,
};
use crate::server::{Server, names_charset};
use crate::source::{LockedMigration, MigrationLayout, MigrationList};

/// The text for a schema.
pub(super) fn write(schema: &Schema, options: &WriteOptions) -> String {
    let mut layout = Layout::default();
    for line in options.header.iter().flat_map(|line| line.split('\n')) {
        layout.line(0, format!("# {}", escape_controls(line)).trim_end());
    }
    if let Some(server) = &options.stated_server {
        layout.gap();
        layout.entry(0, "server", &WrittenValue::text(server));
    }
    if let Some(list) = &options.migrations {
        write_migrations(&mut layout, list);
    }
    let ignored = ignored(options);
    let (mut supported, mut others) = (Vec::new(), Vec::new());
    for table in schema.tables.values() {
        let reasons = beyond_words(table, schema, &ignored);
        if reasons.is_empty() {
            supported.push(table);
        } else {
            others.push((table, reasons));
        }
    }
    let defaults = Defaults::of(&supported);
    defaults.write(&mut layout);
    if options.settings.compare_definers {
        layout.gap();
        layout.line(0, "definer: compare");
    }
    write_compare(&mut layout, options);
    write_ignore(&mut layout, options, &others);
    write_rules(&mut layout, options);
    layout.gap();
    if supported.is_empty() {
        layout.line(0, "tables: {}");
    } else {
        layout.line(0, "tables:");
    }
    for (position, table) in supported.iter().enumerate() {
        if position > 0 {
            layout.gap();
        }
        write_table(&mut layout, table, &defaults, options);
    }
    write_objects::write(&mut layout, schema, options);
    if !schema.unsupported.is_empty() {
        layout.gap();
        layout.line(0, "# in the database and no part of this file:");
        for object in &schema.unsupported {
            let reason = match object.reason.as_str() {
                "" => String::new(),
                reason => format!(" ({})", one_line(reason)),
            };
            let (noun, name) = (object.kind.noun(), one_line(&object.name));
            layout.line(0, &format!("#   {noun} {name}{reason}"));
        }
    }
    layout.text
}

fn write_migrations(layout: &mut Layout, list: &MigrationList) {
    layout.gap();
    layout.line(0, "migrations:");
    if list.from_nothing {
        layout.line(1, "from_nothing: true");
    }
    if list.layout == MigrationLayout::Alembic {
        layout.line(1, "layout: alembic");
    }
    layout.line(1, if list.lines.is_empty() { "list: []" } else { "list:" });
    for LockedMigration { version, sum, chain, .. } in &list.lines {
        layout.line(2, &format!("- {version} {sum} {chain}"));
    }
}

/// Only the tables and objects, without shared defaults.
pub(super) fn write_elements(schema: &Schema, options: &WriteOptions) -> String {
    write_elements_where(schema, &TableOptions::default(), options)
}

/// The same where tables inherit these options.
pub(super) fn write_elements_where(
    schema: &Schema,
    inherited: &TableOptions,
    options: &WriteOptions,
) -> String {
    let defaults = Defaults {
        engine: inherited.engine.clone(),
        charset: inherited.charset.clone(),
        collation: inherited.collation.clone(),
        row_format: inherited.row_format.clone(),
    };
    let mut layout = Layout::default();
    if !schema.tables.is_empty() {
        layout.line(0, "tables:");
    }
    for table in schema.tables.values() {
        for clause in &table.unsupported {
            layout.line(1, &format!("# unsupported: {}", one_line(clause)));
        }
        write_table(&mut layout, table, &defaults, options);
    }
    write_objects::write(&mut layout, schema, options);
    layout.text
}

fn ignored(options: &WriteOptions) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in &options.settings.ignore_tables {
        if let Ok(glob) = Glob::new(glob) {
            set.add(glob);
        }
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}

/// What the file can't express about a table: what is unsupported, and foreign keys to missing
/// tables, which foreign_key_checks=0 permits.
fn beyond_words(table: &Table, schema: &Schema, ignored: &GlobSet) -> Vec<String> {
    let is_there = |name: &str| schema.table(name).is_some() || ignored.is_match(name);
    let dangling = table
        .foreign_keys
        .iter()
        .filter(|key| key.referenced_schema.is_none() && !is_there(&key.referenced_table));
    let dangling = dangling.map(|key| {
        format!("foreign key {} to {}, which is not there", key.name, key.referenced_table)
    });
    table.unsupported.iter().cloned().chain(dangling).collect()
}

/// What most tables have in common and inherit.
#[derive(Default)]
struct Defaults {
    engine: Option<String>,
    charset: Option<String>,
    collation: Option<String>,
    row_format: Option<String>,
}

impl Defaults {
    fn of(tables: &[&Table]) -> Defaults {
        let engine = shared(tables, |table| table.options.engine.clone());
        let row_format = shared(tables, |table| table.options.row_format.clone());
        let both = shared(tables, |table| {
            let options = &table.options;
            let any = options.charset.is_some() || options.collation.is_some();
            any.then(|| (options.charset.clone(), options.collation.clone()))
        });
        let (charset, collation) = both.unwrap_or_default();
        Defaults { engine, charset, collation, row_format }
    }

    fn write(&self, layout: &mut Layout) {
        let entries = [
            ("engine", &self.engine),
            ("charset", &self.charset),
            ("collation", &self.collation),
            ("row_format", &self.row_format),
        ];
        let entries: Vec<_> =
            entries.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))).collect();
        if entries.is_empty() {
            return;
        }
        layout.gap();
        layout.line(0, "defaults:");
        for (key, value) in entries {
            layout.entry(1, key, &WrittenValue::text(value));
        }
    }
}

/// The value that more than half of the tables have. `None` if any table has no value, because it
/// would then inherit one.
fn shared<T: Ord>(tables: &[&Table], value: impl Fn(&Table) -> Option<T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for table in tables {
        *counts.entry(value(table)?).or_default() += 1;
    }
    counts.into_iter().find(|(_, count)| count * 2 > tables.len()).map(|(value, _)| value)
}

fn write_ignore(layout: &mut Layout, options: &WriteOptions, others: &[(&Table, Vec<String>)]) {
    let globs = &options.settings.ignore_tables;
    let of_objects = &options.settings.ignore_objects;
    let any_objects = of_objects.values().any(|globs| !globs.is_empty());
    if globs.is_empty() && others.is_empty() && !any_objects {
        return;
    }
    layout.gap();
    layout.line(0, "ignore:");
    write_ignored_tables(layout, globs, others);
    for (kind, globs) in of_objects.iter().filter(|(_, globs)| !globs.is_empty()) {
        let globs = WrittenValue::List(globs.iter().map(WrittenValue::text).collect());
        layout.entry(1, kind.section(), &globs);
    }
}

fn write_ignored_tables(layout: &mut Layout, globs: &[String], others: &[(&Table, Vec<String>)]) {
    if globs.is_empty() && others.is_empty() {
        return;
    }
    if others.is_empty() {
        layout.entry(
            1,
            "tables",
            &WrittenValue::List(globs.iter().map(WrittenValue::text).collect()),
        );
        return;
    }
    layout.line(1, "tables:");
    for glob in globs {
        layout.line(2, &format!("- {}", scalar(glob, ScalarPosition::Block)));
    }
    for (table, reasons) in others {
        let glob = globset::escape(&table.name);
        if globs.contains(&glob) {
            continue;
        }
        let why = one_line(&reasons.join(", "));
        let glob = scalar(&glob, ScalarPosition::Block);
        layout.line(2, &format!("- {glob} # unsupported: {why}"));
    }
}

/// A text from a database on one line, for a comment.
fn one_line(text: &str) -> String {
    escape_controls(text).replace('\n', "\\n")
}

/// What isn't compared.
fn write_compare(layout: &mut Layout, options: &WriteOptions) {
    let compare = options.settings.compare;
    let keys = [
        ("column_order", compare.column_order),
        ("comments", compare.comments),
        ("server_names", compare.server_names),
    ];
    let left_out = keys.into_iter().filter(|(_, is_compared)| !is_compared);
    let left_out: Vec<_> = left_out.map(|(key, _)| (key, WrittenValue::word(false))).collect();
    if !left_out.is_empty() {
        layout.gap();
        layout.entry(0, "compare", &WrittenValue::Map(left_out));
    }
}

fn write_rules(layout: &mut Layout, options: &WriteOptions) {
    let settings = &options.settings;
    let (rules, for_new) = (&settings.rules, &settings.rules_for_new);
    let (naming, days) = (&settings.rule_options.naming, settings.rule_options.unused_index_days);
    if rules.is_empty() && for_new.is_empty() && naming.is_empty() && days.is_none() {
        return;
    }
    let word = |severity: &Option<Severity>| severity.map_or("off", Severity::word);
    layout.gap();
    layout.line(0, "rules:");
    let mut names: BTreeSet<&str> =
        rules.keys().chain(for_new.keys()).map(String::as_str).collect();
    if !naming.is_empty() {
        names.insert("naming");
    }
    if days.is_some() {
        names.insert("unused-index");
    }
    for name in names {
        let key = scalar(name, ScalarPosition::Key);
        let options: Vec<String> = match name {
            "naming" => naming
                .iter()
                .map(|(kind, it)| format!("{}: {}", kind.key(), scalar(it, ScalarPosition::Flow)))
                .collect(),
            "unused-index" => days.iter().map(|days| format!("days: {days}")).collect(),
            _ => Vec::new(),
        };
        let value = match (rules.get(name), for_new.get(name)) {
            (Some(severity), None) if options.is_empty() => word(severity).to_owned(),
            (severity, for_new) => {
                let keys = [("severity", severity), ("new", for_new)].into_iter();
                let keys = keys.filter_map(|(key, it)| Some(format!("{key}: {}", word(it?))));
                format!("{{ {} }}", keys.chain(options).collect::<Vec<_>>().join(", "))
            }
        };
        layout.line(1, &format!("{key}: {value}"));
    }
}

fn write_table(layout: &mut Layout, table: &Table, defaults: &Defaults, options: &WriteOptions) {
    layout.open(1, &table.name);
    write_table_options(layout, table, defaults, options);
    layout.line(2, "columns:");
    for column in &table.columns {
        layout.entry(3, &column.name, &column_item(column, table, options));
    }
    if !table.periods.is_empty() {
        layout.line(2, "periods:");
    }
    for period in &table.periods {
        let columns = [&period.start, &period.end].map(IndexPart::column);
        let columns = columns.iter().map(|part| part_item(part, table)).collect();
        let name = if period.is_system_time() { "system_time" } else { &period.name };
        layout.entry(3, name, &WrittenValue::List(columns));
    }
    if let Some(key) = &table.primary_key {
        layout.entry(2, "primary_key", &index_item(key, table));
    }
    if !table.indexes.is_empty() {
        layout.line(2, "indexes:");
    }
    for index in &table.indexes {
        layout.entry(3, &index.name, &index_item(index, table));
    }
    if !table.foreign_keys.is_empty() {
        layout.line(2, "foreign_keys:");
    }
    for key in &table.foreign_keys {
        layout.entry(3, &key.name, &foreign_key_item(key, table));
    }
    if !table.checks.is_empty() {
        layout.line(2, "checks:");
    }
    for check in &table.checks {
        layout.entry(3, &check.name, &check_item(check));
    }
    write_partitioning(layout, table);
}

fn write_table_options(
    layout: &mut Layout,
    table: &Table,
    defaults: &Defaults,
    options: &WriteOptions,
) {
    let own = &table.options;
    if !own.comment.is_empty() {
        layout.entry(2, "comment", &WrittenValue::text(&own.comment));
    }
    if let Some(old) = &table.renamed_from {
        layout.entry(2, "renamed_from", &WrittenValue::text(old));
    }
    if table.versioned {
        layout.entry(2, "system_versioning", &WrittenValue::word(true));
    }
    let inherits_both = own.charset == defaults.charset && own.collation == defaults.collation;
    let entries = [
        ("engine", &own.engine, own.engine == defaults.engine),
        ("charset", &own.charset, inherits_both),
        ("collation", &own.collation, inherits_both),
        ("row_format", &own.row_format, own.row_format == defaults.row_format),
    ];
    for (key, value, inherited) in entries {
        if let (Some(value), false) = (value, inherited) {
            layout.entry(2, key, &WrittenValue::text(value));
        }
    }
    if let (Some(next), false) = (own.auto_increment, options.compact) {
        layout.entry(2, "auto_increment", &WrittenValue::word(next));
    }
    if !own.other.is_empty() {
        layout.line(2, "options:");
    }
    for (key, value) in &own.other {
        let number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let item = if number { WrittenValue::word(value) } else { WrittenValue::text(value) };
        layout.entry(3, &key.to_ascii_lowercase(), &item);
    }
}

/// The text after a column's name: its definition without defaults.
pub(super) fn column_text(column: &Column, table: &Table, server: &Server) -> String {
    let mut shown = column.clone();
    shorten(&mut shown, table);
    column_definition(&shown, server, Keywords::Lower)
}

pub(super) fn column_item(column: &Column, table: &Table, options: &WriteOptions) -> WrittenValue {
    let mut shown = column.clone();
    if options.compact {
        shorten(&mut shown, table);
    }
    let text = WrittenValue::text(column_definition(&shown, &options.server, Keywords::Lower));
    match &column.renamed_from {
        Some(old) => {
            WrittenValue::Map(vec![("type", text), ("renamed_from", WrittenValue::text(old))])
        }
        None => text,
    }
}

/// Removes what a column has by default: a display width without effect, and the character set that
/// follows from the table or the collation.
fn shorten(column: &mut Column, table: &Table) {
    if let ColumnType::Integer { size, sign, width } = &mut column.ty {
        *width = width.filter(|width| *width != size.default_width(*sign));
    }
    if inherits(column, table) {
        column.charset = None;
        column.collation = None;
    }
    let collation = column.collation.as_deref();
    column.charset.take_if(|charset| collation.is_some_and(|it| names_charset(it, charset)));
}

/// Whether a column without a character set and collation would inherit those that it has.
fn inherits(column: &Column, table: &Table) -> bool {
    let of_table = &table.options;
    let same = |own: &Option<String>, inherited: &Option<String>| own.is_none() || own == inherited;
    column.collation.is_some()
        && column.collation == of_table.collation
        && same(&column.charset, &of_table.charset)
}

/// A part of an index. The reader takes a text that is exactly a column's name for that column. So
/// if a part like `title(40)` is also the name of another column, a space is appended, which no
/// name ends with.
fn part_item(part: &IndexPart, table: &Table) -> WrittenValue {
    let mut text = index_part(part, Keywords::Lower);
    let is_a_name = table.columns.iter().any(|column| column.name == text);
    if is_a_name && *part != IndexPart::column(&text) {
        text.push(' ');
    }
    WrittenValue::text(text)
}

/// The line of an index under `indexes` of its table, without its depth.
pub(super) fn index_line(index: &Index, table: &Table) -> String {
    let mut layout = Layout::default();
    layout.entry(0, &index.name, &index_item(index, table));
    layout.text.trim_end().to_owned()
}

pub(super) fn index_item(index: &Index, table: &Table) -> WrittenValue {
    let parts = WrittenValue::List(index.parts.iter().map(|part| part_item(part, table)).collect());
    let mut entries = Vec::new();
    match index.kind {
        IndexKind::Unique => entries.push(("unique", WrittenValue::word(true))),
        IndexKind::Fulltext => entries.push(("type", WrittenValue::text("fulltext"))),
        IndexKind::Spatial => entries.push(("type", WrittenValue::text("spatial"))),
        IndexKind::Vector => entries.push(("type", WrittenValue::text("vector"))),
        IndexKind::Primary | IndexKind::Plain => {}
    }
    match index.algorithm {
        Some(IndexAlgorithm::Btree) => entries.push(("using", WrittenValue::text("btree"))),
        Some(IndexAlgorithm::Hash) => entries.push(("using", WrittenValue::text("hash"))),
        None => {}
    }
    entries.extend(index.parser.as_ref().map(|parser| ("parser", WrittenValue::text(parser))));
    entries.extend(index.key_block_size.map(|size| ("key_block_size", WrittenValue::word(size))));
    if let Some(period) = &index.without_overlaps {
        entries.push(("without_overlaps", WrittenValue::text(period)));
    }
    entries.extend(index.vector.m.map(|m| ("m", WrittenValue::word(m))));
    entries.extend(index.vector.distance.map(|it| ("distance", WrittenValue::text(it.word()))));
    if index.invisible {
        entries.push(("invisible", WrittenValue::word(true)));
    }
    if !index.comment.is_empty() {
        entries.push(("comment", WrittenValue::text(&index.comment)));
    }
    entries.extend(index.attributes.iter().flat_map(|it| attributes::entries(it)));
    entries
        .extend(index.renamed_from.as_ref().map(|old| ("renamed_from", WrittenValue::text(old))));
    if entries.is_empty() {
        return parts;
    }
    entries.insert(0, ("columns", parts));
    WrittenValue::Map(entries)
}

/// A name in this file's SQL strings: without quotes if possible.
pub(super) fn sql_name(name: &str) -> String {
    index_part(&IndexPart::column(name), Keywords::Lower)
}

/// The columns that a foreign key references: `users(id)`, `other.users(id, x)`.
pub(super) fn references_text(schema: Option<&str>, table: &str, columns: &[String]) -> String {
    let schema = schema.map(|schema| format!("{}.", sql_name(schema))).unwrap_or_default();
    let columns: Vec<String> = columns.iter().map(|name| sql_name(name)).collect();
    format!("{schema}{}({})", sql_name(table), columns.join(", "))
}

pub(super) fn foreign_key_item(key: &ForeignKey, table: &Table) -> WrittenValue {
    let references = references_text(
        key.referenced_schema.as_deref(),
        &key.referenced_table,
        &key.referenced_columns,
    );
    let part = |name: &String| part_item(&IndexPart::column(name), table);
    let columns = key.columns.iter().map(part).collect();
    let mut entries = vec![
        ("columns", WrittenValue::List(columns)),
        ("references", WrittenValue::text(references)),
    ];
    for (word, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        if action != ReferentialAction::default() {
            entries.push((word, WrittenValue::text(action.sql().to_ascii_lowercase())));
        }
    }
    WrittenValue::Map(entries)
}

pub(super) fn check_item(check: &Check) -> WrittenValue {
    let text = WrittenValue::text(&check.expression.text);
    match check.enforced {
        true => text,
        false => {
            WrittenValue::Map(vec![("expression", text), ("enforced", WrittenValue::word(false))])
        }
    }
}
