//! The columns of JSON_TABLE.

use crate::model::tree::JsonColumn;
use crate::syntax::quote_identifier;

/// The columns, written as text.
pub(super) fn written(columns: &[JsonColumn]) -> String {
    let each = columns.iter().map(|column| match column {
        JsonColumn::Value { name, text } => format!("{} {text}", quote_identifier(name)),
        JsonColumn::Nested { path, columns } => format!("nested path {path} {}", written(columns)),
    });
    let each: Vec<String> = each.collect();
    format!("columns ({})", each.join(", "))
}

/// The names of the columns, in the order in which `*` lists them.
pub(super) fn names(columns: &[JsonColumn]) -> Vec<String> {
    let each = columns.iter().map(|column| match column {
        JsonColumn::Value { name, .. } => vec![name.clone()],
        JsonColumn::Nested { columns, .. } => names(columns),
    });
    each.flatten().collect()
}
