//! What SHOW CREATE TABLE shows wrong, or not at all.

use std::collections::BTreeMap;

use super::super::rows::KeyColumnRow;
use crate::model::{ColumnType, Table};
use crate::server::{Server, Vendor};
use crate::syntax::quote_identifier;

/// The table as SHOW CREATE TABLE shows it: MariaDB leaves out the spatial reference system of a
/// column.
pub fn as_shown(table: &Table, server: &Server) -> Table {
    let mut table = table.clone();
    if server.vendor == Vendor::MariaDb {
        for column in &mut table.columns {
            if let ColumnType::Geometry { srid, .. } = &mut column.ty {
                *srid = None;
            }
        }
    }
    table
}

/// MariaDB 11.8 doesn't double a backtick in the names of foreign keys and of their columns. For
/// each foreign key with such a name: its line as shown, and the same line with correct quotes. A
/// line that is shown correctly isn't found in the text, which then stays as it is.
pub(in super::super) fn bare_backticks<'a>(
    rows: &'a [KeyColumnRow],
    database: &str,
) -> BTreeMap<&'a str, Vec<(String, String)>> {
    let mut keys: BTreeMap<(&str, &str), Vec<&KeyColumnRow>> = BTreeMap::new();
    for row in rows {
        keys.entry((&row.table, &row.constraint)).or_default().push(row);
    }
    let mut spelled: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for ((table, _), mut key) in keys {
        let names = |row: &&KeyColumnRow| {
            [&row.constraint, &row.column, &row.referenced_column].iter().any(|it| it.contains('`'))
        };
        if key.iter().any(names) {
            key.sort_by_key(|row| row.position);
            let line = |quote: &dyn Fn(&str) -> String| key_line(&key, database, quote);
            let bare = line(&|name| format!("`{name}`"));
            spelled.entry(table).or_default().push((bare, line(&quote_identifier)));
        }
    }
    spelled
}

/// The part of a foreign key's line that names its columns.
fn key_line(key: &[&KeyColumnRow], database: &str, quote: &dyn Fn(&str) -> String) -> String {
    let list = |name: fn(&KeyColumnRow) -> &str| {
        key.iter().map(|row| quote(name(row))).collect::<Vec<_>>().join(", ")
    };
    let Some(first) = key.first() else { return String::new() };
    // The referenced table is quoted correctly, and qualified if it is in another database.
    let mut table = quote_identifier(&first.referenced_table);
    if first.referenced_schema != database {
        table = format!("{}.{table}", quote_identifier(&first.referenced_schema));
    }
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {table} ({})",
        quote(&first.constraint),
        list(|row| &row.column),
        list(|row| &row.referenced_column),
    )
}
