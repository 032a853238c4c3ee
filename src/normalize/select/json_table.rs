//! Writes what JSON_TABLE gives.

use crate::model::tree::JsonColumn;

/// The columns as text, and their names in the order of `*`.
pub(super) fn written(columns: &[JsonColumn], names: &mut Vec<String>) -> String {
    let each = columns.iter().map(|column| match column {
        JsonColumn::Value { name, text } => {
            names.push(name.clone());
            format!("`{}` {text}", name.replace('`', "``"))
        }
        JsonColumn::Nested { path, columns } => {
            format!("nested path {path} {}", written(columns, names))
        }
    });
    let each: Vec<String> = each.collect();
    format!("columns ({})", each.join(", "))
}
