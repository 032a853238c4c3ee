//! Whether the columns that a foreign key references exist and have the right type.

use std::collections::HashMap;

use super::reading::Report;
use super::table::{ForeignKeyPlaces, ReadTable};
use super::validate::{Whole, charset_of, one_utf8, unknown_column};
use crate::diagnostic::near_name;
use crate::model::{Column, ColumnType, ForeignKey, Sign, Table};

/// Fills in the columns of `REFERENCES users` without columns: the primary key there.
pub(super) fn resolve(tables: &mut [ReadTable]) {
    let primary_keys: HashMap<String, Vec<String>> = tables
        .iter()
        .filter_map(|read| {
            let columns = read.table.primary_key.as_ref()?.column_names();
            Some((read.table.name.clone(), columns.map(str::to_owned).collect()))
        })
        .collect();
    for key in tables.iter_mut().flat_map(|read| &mut read.table.foreign_keys) {
        if key.referenced_columns.is_empty() && key.referenced_schema.is_none() {
            let columns = primary_keys.get(&key.referenced_table);
            key.referenced_columns = columns.cloned().unwrap_or_default();
        }
    }
}

/// Reports errors in the foreign keys of a table.
pub(super) fn validate(read: &ReadTable, whole: &Whole<'_>, report: &mut Report) {
    for (key, places) in read.table.foreign_keys.iter().zip(&read.foreign_keys) {
        for (name, span) in key.columns.iter().zip(&places.columns) {
            if read.column_index(name).is_none() {
                unknown_column(read, name, *span, report);
            }
        }
        if key.columns.len() != key.referenced_columns.len() {
            let title = format!(
                "the foreign key `{}` has {} and refers to {}",
                key.name,
                counted(key.columns.len()),
                key.referenced_columns.len()
            );
            let error = report.error(title, places.references, "");
            if let Some(parent) = &key.referenced_schema
                && key.referenced_columns.is_empty()
            {
                error.help.push(format!("write `{parent}({})`", key.referenced_table));
            }
            continue;
        }
        if let Some(referenced) = referenced_table(key, places, whole, report) {
            columns(read, referenced, key, places, report);
        }
    }
}

fn counted(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}

/// The table that the key references, if the file has it.
fn referenced_table<'a>(
    key: &ForeignKey,
    places: &ForeignKeyPlaces,
    whole: &Whole<'a>,
    report: &mut Report,
) -> Option<&'a ReadTable> {
    let name = &key.referenced_table;
    if key.referenced_schema.is_some() {
        return None;
    }
    let found = whole.by_name.get(name.as_str()).copied();
    if found.is_none() && !whole.ignored.is_match(name) {
        let mut known: Vec<&str> = whole.by_name.keys().copied().collect();
        known.sort_unstable();
        let near = near_name(name, known);
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        report.error(format!("there is no table `{name}`"), places.references, label);
    }
    found
}

fn columns(
    read: &ReadTable,
    referenced: &ReadTable,
    key: &ForeignKey,
    places: &ForeignKeyPlaces,
    report: &mut Report,
) {
    let pairs = key.columns.iter().zip(&key.referenced_columns);
    for ((from, to), span) in pairs.zip(&places.columns) {
        let Some(to) = referenced.column_index(to) else {
            unknown_column(referenced, to, places.references, report);
            continue;
        };
        let Some(from) = read.column_index(from) else { continue };
        let (from_places, to_places) = (&read.columns[from], &referenced.columns[to]);
        if from_places.broken || to_places.broken {
            continue;
        }
        let (from, to) = (&read.table.columns[from], &referenced.table.columns[to]);
        if let Some(why) = difference(from, &read.table, to, &referenced.table) {
            report
                .error(
                    format!(
                        "`{}.{}` and `{}.{}` can't be joined by a foreign key: {why}",
                        read.table.name, from.name, referenced.table.name, to.name
                    ),
                    *span,
                    "",
                )
                .also(from_places.body, "this type")
                .also(to_places.body, "and this one");
        }
    }
}

/// Why two columns can't be the two sides of a foreign key. The servers require integers of the
/// same size and sign and strings of the same character set and collation; lengths, precision and
/// members may differ (MySQL manual, 15.1.20.5).
fn difference(
    from: &Column,
    from_table: &Table,
    to: &Column,
    to_table: &Table,
) -> Option<&'static str> {
    use ColumnType as T;
    match (&from.ty, &to.ty) {
        (T::Integer { size, .. }, T::Integer { size: other, .. }) if size != other => {
            Some("the integers have different sizes")
        }
        (T::Integer { sign, .. }, T::Integer { sign: other, .. }) => {
            let signed = |sign: &Sign| *sign == Sign::Signed;
            (signed(sign) != signed(other)).then_some("one is unsigned and the other is not")
        }
        (T::Char { .. } | T::Varchar { .. }, T::Char { .. } | T::Varchar { .. })
        | (T::Text { .. }, T::Text { .. })
        | (T::Enum { .. }, T::Enum { .. })
        | (T::Set { .. }, T::Set { .. }) => {
            text_difference(written(from, from_table), written(to, to_table))
        }
        (T::Binary { .. } | T::Varbinary { .. }, T::Binary { .. } | T::Varbinary { .. }) => None,
        (one, other) if std::mem::discriminant(one) == std::mem::discriminant(other) => None,
        _ => Some("the types are different"),
    }
}

/// A character set and a collation, each if it is written.
type Written = (Option<String>, Option<String>);

/// The character set and collation that the file gives a column.
fn written(column: &Column, table: &Table) -> Written {
    let (charset, collation) = match (&column.charset, &column.collation) {
        (None, None) => (&table.options.charset, &table.options.collation),
        own => own,
    };
    let of_collation = collation.as_deref().and_then(charset_of);
    let collation = collation.as_ref().map(|collation| {
        let lower = collation.to_ascii_lowercase();
        lower.strip_prefix("utf8_").map_or(lower.clone(), |rest| format!("utf8mb3_{rest}"))
    });
    (charset.as_deref().map(one_utf8).or(of_collation), collation)
}

fn text_difference(from: Written, to: Written) -> Option<&'static str> {
    let differ = |one: &Option<String>, other: &Option<String>| {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
    };
    if differ(&from.0, &to.0) {
        Some("the character sets are different")
    } else if differ(&from.1, &to.1) {
        Some("the collations are different")
    } else {
        None
    }
}
