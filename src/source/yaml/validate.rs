//! Errors that only show in the file as a whole: references to what isn't there, and duplicate
//! names.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::reading::{Report, SMALL};
use super::table::{IndexPlaces, ReadTable};
use super::{foreign_key, versioning};
use crate::diagnostic::{Span, near_name};
use crate::model::{Index, IndexKind, KeyPart, same_name};
use crate::server::{Capability, Server};
use crate::source::Settings;

/// Everything that the checks look at.
pub(super) struct Whole<'a> {
    pub(super) tables: &'a [ReadTable],
    /// Tables by name.
    pub(super) by_name: HashMap<&'a str, &'a ReadTable>,
    pub(super) ignored: GlobSet,
}

/// Reports all contradictions.
pub(super) fn validate(
    tables: &[ReadTable],
    settings: &Settings,
    server: Option<Server>,
    report: &mut Report,
) {
    let whole = Whole {
        tables,
        by_name: tables.iter().map(|read| (read.table.name.as_str(), read)).collect(),
        ignored: globs(&settings.ignore_tables),
    };
    for read in tables {
        columns(read, report);
        table_rename(read, &whole, report);
        collations(read, report);
        for (index, places) in indexes(read) {
            index_parts(read, index, places, report);
        }
        auto_increment(read, report);
        versioning::validate(read, report);
        foreign_key::validate(read, &whole, report);
    }
    constraint_names(&whole, server, report);
}

pub(super) fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}

/// The primary key and the other indexes, each with its places.
fn indexes(read: &ReadTable) -> impl Iterator<Item = (&Index, &IndexPlaces)> {
    let primary = read.table.primary_key.iter().zip(&read.primary_key);
    primary.chain(read.table.indexes.iter().zip(&read.indexes))
}

/// Names that have to be unique, case-insensitively.
#[derive(Default)]
pub(super) struct UniqueNames<'a> {
    few: Vec<(&'a str, Span)>,
    /// All of them, hashed once there are many.
    many: HashMap<String, Span>,
}

impl<'a> UniqueNames<'a> {
    pub(super) fn add(
        &mut self,
        name: &'a str,
        span: Span,
        title: impl FnOnce() -> String,
        report: &mut Report,
    ) {
        match self.insert(name, span) {
            // The same key in one file was reported as a duplicate key.
            Some(first) if first != span => {
                report.error(title(), span, "again").also(first, "first here");
            }
            _ => {}
        }
    }

    /// Adds a name. If it is there already, returns the place of that one.
    fn insert(&mut self, name: &'a str, span: Span) -> Option<Span> {
        if self.many.is_empty() && self.few.len() < SMALL {
            let first = self.few.iter().find(|(first, _)| same_name(first, name));
            let first = first.map(|(_, span)| *span);
            if first.is_none() {
                self.few.push((name, span));
            }
            return first;
        }
        for (name, span) in self.few.drain(..) {
            self.many.insert(name.to_lowercase(), span);
        }
        match self.many.entry(name.to_lowercase()) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(vacant) => {
                vacant.insert(span);
                None
            }
        }
    }
}

fn columns(read: &ReadTable, report: &mut Report) {
    let mut names = UniqueNames::default();
    for (column, places) in read.table.columns.iter().zip(&read.columns) {
        let name = &column.name;
        let title =
            || format!("the column `{name}` is there twice: names are compared without case");
        names.add(name, places.key, title, report);
        if let (Some(old), Some(span)) = (&column.renamed_from, places.renamed_from)
            && read.column_index(old).is_some()
            && !is_in_another_case(old, name)
        {
            still_there(report, "column", old, span);
        }
    }
    let mut names = UniqueNames::default();
    for (index, places) in read.table.indexes.iter().zip(&read.indexes) {
        let name = &index.name;
        let title =
            || format!("the index `{name}` is there twice: names are compared without case");
        names.add(name, places.key, title, report);
        if let (Some(old), Some(span)) = (&index.renamed_from, places.renamed_from)
            && read.table.index(old).is_some()
            && !is_in_another_case(old, name)
        {
            still_there(report, "index", old, span);
        }
    }
}

fn table_rename(read: &ReadTable, whole: &Whole<'_>, report: &mut Report) {
    if let (Some(old), Some(span)) = (&read.table.renamed_from, read.renamed_from)
        && whole.by_name.contains_key(old.as_str())
    {
        still_there(report, "table", old, span);
    }
}

/// Whether a name differs from the old one only in case: then the one that is still there is this
/// object.
fn is_in_another_case(old: &str, name: &str) -> bool {
    old != name && same_name(old, name)
}

fn still_there(report: &mut Report, what: &str, old: &str, span: Span) {
    report
        .error(format!("the {what} of `renamed_from` is still in the file"), span, "")
        .help
        .push(format!("remove the {what} `{old}`, or leave `renamed_from` out"));
}

/// Character sets whose collations begin with their name and `_`.
const CHARSETS: &[&str] = &[
    "armscii8", "ascii", "big5", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866",
    "cp932", "dec8", "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "geostd8", "greek", "hebrew",
    "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2", "latin5", "latin7", "macce",
    "macroman", "sjis", "swe7", "tis620", "ucs2", "ujis", "utf16", "utf16le", "utf32", "utf8",
    "utf8mb3", "utf8mb4",
];

/// The character set of a collation, if its name shows it.
pub(super) fn charset_of(collation: &str) -> Option<String> {
    let collation = collation.to_ascii_lowercase();
    if collation == "binary" {
        return Some(collation);
    }
    let (charset, _) = collation.split_once('_')?;
    CHARSETS.contains(&charset).then(|| one_utf8(charset))
}

/// All supported servers take `utf8` for `utf8mb3`.
pub(super) fn one_utf8(charset: &str) -> String {
    let charset = charset.to_ascii_lowercase();
    if charset == "utf8" { "utf8mb3".to_owned() } else { charset }
}

fn collations(read: &ReadTable, report: &mut Report) {
    let options = &read.table.options;
    let table = report
        .places
        .get(&crate::model::Element::option(&read.table.name, "collation"))
        .unwrap_or(read.key);
    let of_columns = read
        .table
        .columns
        .iter()
        .zip(&read.columns)
        .map(|(column, places)| (&column.charset, &column.collation, places.body));
    for (charset, collation, span) in
        std::iter::once((&options.charset, &options.collation, table)).chain(of_columns)
    {
        let (Some(charset), Some(collation)) = (charset, collation) else { continue };
        let Some(other) = charset_of(collation) else { continue };
        if other != one_utf8(charset) {
            let title = format!("`{collation}` isn't a collation of the character set `{charset}`");
            report.error(title, span, format!("it belongs to `{other}`"));
        }
    }
}

fn index_parts(read: &ReadTable, index: &Index, places: &IndexPlaces, report: &mut Report) {
    let mut names = UniqueNames::default();
    for (part, span) in index.parts.iter().zip(&places.parts) {
        let KeyPart::Column { name, prefix_length } = &part.key else { continue };
        let title = || format!("the column `{name}` is in the index twice");
        names.add(name, *span, title, report);
        let Some(position) = read.column_index(name) else {
            unknown_column(read, name, *span, report);
            continue;
        };
        if let Some(length) = prefix_length {
            prefix(read, position, index, *length, *span, report);
        }
    }
}

/// Reports a name that isn't a column of the table.
pub(super) fn unknown_column(read: &ReadTable, name: &str, span: Span, report: &mut Report) {
    let known = read.table.columns.iter().map(|column| column.name.as_str());
    let label = match near_name(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => String::new(),
    };
    report.error(format!("the table `{}` has no column `{name}`", read.table.name), span, label);
}

fn prefix(
    read: &ReadTable,
    position: usize,
    index: &Index,
    length: u32,
    span: Span,
    report: &mut Report,
) {
    let column = &read.table.columns[position];
    if length == 0 {
        report.error("a prefix has at least one character", span, "");
    } else if matches!(index.kind, IndexKind::Fulltext) {
        report.error("a full-text index is on whole columns", span, "");
    } else if !read.columns[position].broken && !column.ty.allows_prefix() {
        report
            .error(format!("`{}` can't have a prefix length", column.name), span, "")
            .also(read.columns[position].key, "its type has no characters or bytes to count");
    }
}

/// A table has at most one AUTO_INCREMENT column, and an index has to begin with it (in MyISAM and
/// Aria, contain it).
fn auto_increment(read: &ReadTable, report: &mut Report) {
    let mut columns = (0..read.columns.len()).filter(|at| read.table.columns[*at].auto_increment);
    let Some(first) = columns.next() else { return };
    for second in columns {
        report
            .error(
                format!("the table `{}` has two AUTO_INCREMENT columns", read.table.name),
                read.columns[second].key,
                "the second",
            )
            .also(read.columns[first].key, "the first");
    }
    let name = &read.table.columns[first].name;
    let engine = read.table.options.engine.as_deref().unwrap_or_default();
    let anywhere = ["myisam", "aria"].contains(&engine.to_ascii_lowercase().as_str());
    let indexed = read.table.all_indexes().any(|index| {
        let count = if anywhere { index.parts.len() } else { 1 };
        let mut columns = index.parts.iter().take(count).filter_map(|part| match &part.key {
            KeyPart::Column { name, .. } => Some(name),
            KeyPart::Expression(_) => None,
        });
        columns.any(|column| same_name(column, name))
    });
    if !indexed {
        report
            .error(
                format!("the AUTO_INCREMENT column `{name}` has no key"),
                read.columns[first].key,
                "",
            )
            .help
            .push(format!("`primary_key: [{name}]`, or an index that begins with it"));
    }
}

/// The names of foreign keys are unique in a schema. Those of checks are so on MySQL, and unique in
/// their table on MariaDB.
fn constraint_names(whole: &Whole<'_>, server: Option<Server>, report: &mut Report) {
    let mut foreign_keys = UniqueNames::default();
    let mut checks = UniqueNames::default();
    let checks_of_schema =
        server.is_some_and(|server| server.can(Capability::SchemaWideCheckNames));
    for read in whole.tables {
        for (key, places) in read.table.foreign_keys.iter().zip(&read.foreign_keys) {
            let title = || format!("two foreign keys are called `{}`", key.name);
            foreign_keys.add(&key.name, places.key, title, report);
        }
        if !checks_of_schema {
            checks = UniqueNames::default();
        }
        for (check, span) in read.table.checks.iter().zip(&read.checks) {
            let title = || format!("two checks are called `{}`", check.name);
            checks.add(&check.name, *span, title, report);
        }
    }
}
