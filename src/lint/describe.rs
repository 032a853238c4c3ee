//! How messages name indexes, columns and foreign keys.

use crate::ddl::{self, Keywords};
use crate::model::{Column, ForeignKey, Index, PRIMARY};

/// `ix_reports_timestamp (timestamp)`, `the primary key (id)`.
pub(super) fn index(index: &Index) -> String {
    format!("{} {}", index_name(index), ddl::index_parts(&index.parts, Keywords::Lower))
}

/// `ix_reports_timestamp`, `the primary key`.
fn index_name(index: &Index) -> &str {
    if index.name == PRIMARY { "the primary key" } else { &index.name }
}

/// `reports_user (user_id)`
pub(super) fn foreign_key(key: &ForeignKey) -> String {
    format!("{} ({})", key.name, key.columns.join(", "))
}

/// `users (id)`, `other.users (id)`
pub(super) fn referenced(key: &ForeignKey) -> String {
    let schema = key.referenced_schema.as_deref().map_or(String::new(), |name| format!("{name}."));
    format!("{schema}{} ({})", key.referenced_table, key.referenced_columns.join(", "))
}

/// The collation of a column, if it has one: ` collate utf8mb4_bin`.
pub(super) fn collation(column: &Column) -> String {
    column.collation.as_deref().map_or(String::new(), |name| format!(" collate {name}"))
}
