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

/// How many names a message has at most.
const SHOWN: usize = 5;

/// Names in a message: `a`, `a and b`, `a, b, c and 9 others`.
pub(super) fn names<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match shown.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [init @ .., last] if shown.len() <= SHOWN => format!("{} and {last}", init.join(", ")),
        all => {
            let (first, others) = all.split_at(SHOWN - 1);
            format!("{} and {} others", first.join(", "), others.len())
        }
    }
}

/// A line of help with all names, if [`names`] doesn't show them all.
pub(super) fn all_names<T: AsRef<str>>(noun: &str, all: &[T]) -> Option<String> {
    let shown: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    (shown.len() > SHOWN).then(|| format!("{noun}: {}", shown.join(", ")))
}

/// `column a of t`, `columns a, b of t`: the columns of one table.
pub(super) fn columns_of<T: AsRef<str>>(table: &str, columns: &[T]) -> String {
    let noun = if columns.len() == 1 { "column" } else { "columns" };
    format!("{noun} {} of {table}", names(columns))
}

/// `has` for one thing, `have` for several.
pub(super) fn has(count: usize) -> &'static str {
    if count == 1 { "has" } else { "have" }
}
