//! A diagram of tables and their foreign keys, with what differs marked, as SVG, Mermaid and DOT.
//!
//! [`diagram`] decides what is shown, `layout` decides where, and one file for each format writes
//! it. The same comparison always gives the same bytes.

mod build;
mod dot;
mod groups;
mod layout;
mod mermaid;
mod selection;
mod style;
mod svg;
mod table;
#[cfg(test)]
mod tests;

pub use build::diagram;
pub use dot::diagram_dot;
pub use mermaid::diagram_mermaid;
pub(super) use style::of_page as diagram_style;
pub use svg::diagram_svg;
pub(super) use svg::diagram_svg_element;

use super::ItemSign;

/// More tables than this are drawn as groups, unless each is asked for.
pub const MOST_TABLES: usize = 60;

/// Which tables are drawn, and how much of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramOptions {
    /// The tables to start from.
    pub start: DiagramStart,
    /// How many foreign keys away from those a table may be.
    pub depth: usize,
    /// Which columns are shown.
    pub columns: DiagramColumns,
    /// Whether every table is drawn, even if there are more than [`MOST_TABLES`].
    pub each: bool,
}

/// The tables from which a diagram starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiagramStart {
    /// All tables.
    Everything,
    /// Those that differ.
    Changed,
    /// These, by their names.
    Tables(Vec<String>),
}

/// Which columns of a table a diagram shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DiagramColumns {
    /// Those of the primary key and of foreign keys, and those that differ.
    #[default]
    Keys,
    /// All of them.
    All,
    /// Only those that differ.
    Changed,
}

/// Tables or groups of tables, and the foreign keys between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// The boxes.
    pub nodes: Vec<DiagramNode>,
    /// The lines between them.
    pub edges: Vec<DiagramEdge>,
    /// Tables that no line would lead to; they are a list.
    pub unrelated: Vec<String>,
    /// How many tables are not shown at all.
    pub left_out: usize,
    /// The number of tables in the groups, if groups are shown instead of tables.
    pub grouped: Option<usize>,
}

/// A table, or a group of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramNode {
    /// The name, with the old name of a renamed table (`old → new`).
    pub title: String,
    /// The table's name in the new schema, or else in the old one; the name of the group.
    pub name: String,
    /// How it differs; `None` if it doesn't.
    pub sign: Option<ItemSign>,
    /// Its columns or, in a group, its tables.
    pub rows: Vec<DiagramRow>,
    /// What is below the rows: `3 more columns`, `referenced by 40 tables`.
    pub remarks: Vec<String>,
}

/// A line in a box: a column, or something else of the table that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramRow {
    /// Which keys the column is part of.
    pub key: DiagramKey,
    /// The column's name, or the element in words.
    pub name: String,
    /// The type or, if the line to it isn't drawn, the referenced table (`→ users`).
    pub detail: String,
    /// How it differs; `None` if it doesn't.
    pub sign: Option<ItemSign>,
}

/// Which keys a column is part of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiagramKey {
    /// The primary key.
    pub primary: bool,
    /// A foreign key.
    pub foreign: bool,
}

impl DiagramKey {
    /// `PK`, `FK` or nothing. A column of both is marked as one of the primary key, because its
    /// line shows the foreign key.
    pub fn short(self) -> &'static str {
        match self {
            DiagramKey { primary: true, .. } => "PK",
            DiagramKey { foreign: true, .. } => "FK",
            _ => "",
        }
    }
}

/// A foreign key or, between groups, several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramEdge {
    /// The referencing node.
    pub from: usize,
    /// The row of the first referencing column, if it is shown.
    pub from_row: Option<usize>,
    /// The referenced node.
    pub to: usize,
    /// The row of the first referenced column, if it is shown.
    pub to_row: Option<usize>,
    /// How it differs; `None` if it doesn't.
    pub sign: Option<ItemSign>,
    /// Whether a row may reference none, because a column is nullable.
    pub optional: bool,
    /// Whether at most one row references another one, because the columns are unique.
    pub unique: bool,
    /// The referencing columns, or the number of foreign keys between two groups.
    pub label: String,
}

/// `added`, `removed`, `changed`, or nothing.
fn sign_word(sign: Option<ItemSign>) -> &'static str {
    sign.map_or("", ItemSign::word)
}
