//! What `information_schema` doesn't tell at all, and only SHOW CREATE TABLE does.

use crate::model::{ColumnStorage, Table};

/// Options of tables that are not in CREATE_OPTIONS. MySQL has some of them in views that need
/// PROCESS, or that older versions lack.
const OPTIONS: &[&str] = &[
    "AUTOEXTEND_SIZE",
    "CONNECTION",
    "ENGINE_ATTRIBUTE",
    "INSERT_METHOD",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "STORAGE",
    "TABLESPACE",
];

/// Whether a table that is to be compared says something that `information_schema` would not.
pub(in super::super) fn says_untold(table: &Table) -> bool {
    let of_columns =
        table.columns.iter().filter_map(|column| column.storage.as_deref()).any(is_untold);
    of_columns || table.options.other.keys().any(|name| is_untold_option(name))
}

fn is_untold_option(name: &str) -> bool {
    OPTIONS.iter().any(|option| option.eq_ignore_ascii_case(name))
}

fn is_untold(storage: &ColumnStorage) -> bool {
    let ColumnStorage { format, medium, engine_attribute, secondary_engine_attribute, .. } =
        storage;
    format.is_some()
        || medium.is_some()
        || engine_attribute.is_some()
        || secondary_engine_attribute.is_some()
}

/// Adds what is not told of a column's storage, from what SHOW CREATE TABLE says of it.
pub(in super::super) fn add_untold(storage: &mut ColumnStorage, shown: &ColumnStorage) {
    storage.format = shown.format;
    storage.medium = shown.medium;
    storage.engine_attribute.clone_from(&shown.engine_attribute);
    storage.secondary_engine_attribute.clone_from(&shown.secondary_engine_attribute);
}
