//! The contents of a schema as tables of text.

use std::collections::HashMap;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::items::{foreign_key_text, index_parts};
use super::object_listing::{ListedObject, object_rows, objects_text};
use super::{count, one_line};
use crate::model::{ForeignKey, Index, IndexKind, ObjectKind, Schema, Table};
use crate::server::Server;
use crate::words::partitioning_words;

/// Everything that `inspect` lists.
#[derive(Debug, Serialize)]
pub struct Inventory {
    /// The tables.
    pub tables: Vec<ListedTable>,
    /// The indexes, primary keys included.
    pub indexes: Vec<ListedIndex>,
    /// The foreign keys.
    pub foreign_keys: Vec<ForeignKeyRow>,
    /// Views, triggers, routines, events and sequences.
    pub objects: Vec<ListedObject>,
}

/// One table.
#[derive(Debug, Serialize)]
pub struct ListedTable {
    /// Its name.
    pub name: String,
    /// The number of columns.
    pub columns: usize,
    /// The number of indexes, without the primary key.
    pub indexes: usize,
    /// The number of foreign keys.
    pub foreign_keys: usize,
    /// The engine, if it is known.
    pub engine: Option<String>,
    /// The collation, if it is known.
    pub collation: Option<String>,
    /// How it is partitioned: `range (year(d)), 3 partitions`. Left out if it isn't partitioned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitioning: Option<String>,
    /// The clauses that the model doesn't hold.
    pub unsupported: Vec<String>,
}

/// One index.
#[derive(Debug, Serialize)]
pub struct ListedIndex {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// Its parts: `(a, b(10) desc)`.
    pub columns: String,
    /// What it is for, as far as the schema shows.
    pub purpose: String,
}

/// One foreign key.
#[derive(Debug, Serialize)]
pub struct ForeignKeyRow {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it references, and what happens to referencing rows.
    pub reference: String,
}

/// Lists a schema.
pub fn inventory(schema: &Schema, server: &Server) -> Inventory {
    let tables: Vec<&Table> = schema.tables.values().collect();
    let referring = referring(schema);
    Inventory {
        tables: tables.iter().map(|table| table_row(table)).collect(),
        indexes: tables
            .iter()
            .flat_map(|table| table.all_indexes().map(|index| index_row(&referring, table, index)))
            .collect(),
        foreign_keys: tables
            .iter()
            .flat_map(|table| {
                table.foreign_keys.iter().map(|key| ForeignKeyRow {
                    table: table.name.clone(),
                    name: key.name.clone(),
                    reference: foreign_key_text(key),
                })
            })
            .collect(),
        objects: object_rows(schema, server),
    }
}

impl Inventory {
    /// The objects of some kinds as text.
    pub fn objects_text(&self, kinds: &[ObjectKind]) -> String {
        objects_text(&self.objects, kinds)
    }

    /// The tables as text.
    pub fn tables_text(&self) -> String {
        let rows = self.tables.iter().map(|row| {
            let mut name = row.name.clone();
            if let Some(partitioning) = &row.partitioning {
                name.push_str(&format!(" (by {partitioning})"));
            }
            if !row.unsupported.is_empty() {
                name.push_str(&format!(" (unsupported: {})", row.unsupported.join(", ")));
            }
            vec![
                name,
                row.columns.to_string(),
                row.indexes.to_string(),
                row.foreign_keys.to_string(),
                row.engine.clone().unwrap_or_default(),
                row.collation.clone().unwrap_or_default(),
            ]
        });
        let head = ["table", "columns", "indexes", "foreign keys", "engine", "collation"];
        grid(&head, rows) + &format!("{}\n", count(self.tables.len(), "table", "tables"))
    }

    /// The indexes as text.
    pub fn indexes_text(&self) -> String {
        let rows = self.indexes.iter().map(|row| {
            let unique = if row.unique { "unique" } else { "" };
            vec![
                row.table.clone(),
                row.name.clone(),
                unique.to_owned(),
                row.columns.clone(),
                row.purpose.clone(),
            ]
        });
        let (keys, others): (Vec<_>, Vec<_>) =
            self.indexes.iter().partition(|row| row.name == "PRIMARY");
        let unique = others.iter().filter(|row| row.unique).count();
        let counted = count(others.len(), "index", "indexes");
        let keys = count(keys.len(), "primary key", "primary keys");
        grid(&["table", "index", "unique", "columns", "for"], rows)
            + &format!("{counted}, {unique} unique, and {keys}\n")
    }

    /// The foreign keys as text.
    pub fn foreign_keys_text(&self) -> String {
        let rows = self
            .foreign_keys
            .iter()
            .map(|row| vec![row.table.clone(), row.name.clone(), row.reference.clone()]);
        let counted = count(self.foreign_keys.len(), "foreign key", "foreign keys");
        grid(&["table", "foreign key", "reference"], rows) + &format!("{counted}\n")
    }
}

fn table_row(table: &Table) -> ListedTable {
    ListedTable {
        name: table.name.clone(),
        columns: table.columns.len(),
        indexes: table.indexes.len(),
        foreign_keys: table.foreign_keys.len(),
        engine: table.options.engine.clone(),
        collation: table.options.collation.clone(),
        partitioning: table.partitioning.as_ref().map(|it| partitioning_words(Some(it))),
        unsupported: table.unsupported.clone(),
    }
}

fn index_row(referring: &Referring<'_>, table: &Table, index: &Index) -> ListedIndex {
    ListedIndex {
        table: table.name.clone(),
        name: index.name.clone(),
        unique: index.is_unique(),
        columns: index_parts(index),
        purpose: purpose(referring, table, index),
    }
}

/// The foreign keys by their referenced table, each with its own table.
type Referring<'s> = HashMap<&'s str, Vec<(&'s Table, &'s ForeignKey)>>;

fn referring(schema: &Schema) -> Referring<'_> {
    let mut referring = Referring::new();
    for table in schema.tables.values() {
        for key in table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none()) {
            referring.entry(&key.referenced_table).or_default().push((table, key));
        }
    }
    referring
}

/// What an index is for: uniqueness or a kind of search, and the foreign keys that need it at
/// either end.
fn purpose(referring: &Referring<'_>, table: &Table, index: &Index) -> String {
    let mut purposes = Vec::new();
    match index.kind {
        IndexKind::Primary => purposes.push("primary key".to_owned()),
        IndexKind::Unique => purposes.push("uniqueness".to_owned()),
        IndexKind::Fulltext => purposes.push("full-text search".to_owned()),
        IndexKind::Spatial => purposes.push("spatial search".to_owned()),
        IndexKind::Vector => purposes.push("vector search".to_owned()),
        IndexKind::Plain => {}
    }
    let columns: Vec<&str> = index.column_names().collect();
    let begins_with = |wanted: &[String]| {
        columns.len() >= wanted.len()
            && columns.iter().zip(wanted).all(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    for key in table.foreign_keys.iter().filter(|key| begins_with(&key.columns)) {
        purposes.push(format!("foreign key {}", key.name));
    }
    let referring = referring.get(table.name.as_str()).into_iter().flatten();
    for (other, key) in referring {
        if index.is_unique() && begins_with(&key.referenced_columns) {
            purposes.push(format!("referenced by {}.{}", other.name, key.name));
        }
    }
    if index.invisible {
        purposes.push("not used by the optimizer".to_owned());
    }
    if purposes.is_empty() { "queries".to_owned() } else { purposes.join(", ") }
}

/// Rows under a heading. Each column is as wide as its widest cell.
pub(super) fn grid(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut lines = vec![head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()];
    lines.extend(rows.map(|row| row.iter().map(|cell| one_line(cell)).collect()));
    let width = |column: usize| {
        lines.iter().map(|line| line.get(column).map_or(0, |cell| cell.width())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let mut row = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            row.push_str(cell);
            row.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
