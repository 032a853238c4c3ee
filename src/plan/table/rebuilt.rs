//! Columns that no statement can change, so that they are dropped and added.

use std::collections::HashSet;

use super::convertible::is_convertible;
use crate::diff::TableChange;
use crate::model::{Column, ColumnType, GeneratedStorage, Table};
use crate::plan::references_columns::{is_generated_from, with_readers};
use crate::server::Server;

/// Whether a column can't be changed into another and has to be dropped and added. Servers don't
/// change VIRTUAL to anything else or anything else to VIRTUAL, and they don't convert every type
/// to every other one.
pub(in crate::plan) fn needs_rebuild(from: &Column, to: &Column, server: &Server) -> bool {
    let storage = |column: &Column| column.generated.as_ref().map(|generated| generated.storage);
    let virtual_column = Some(GeneratedStorage::Virtual);
    let crosses = storage(from) != storage(to)
        && (storage(from) == virtual_column || storage(to) == virtual_column);
    crosses || !is_convertible(&from.ty, &to.ty, server)
}

/// Whether a check belongs to the column itself: one that it declares, or the implicit one of JSON.
pub(in crate::plan) fn has_own_check(column: &Column) -> bool {
    column.check.is_some() || column.ty == ColumnType::Json
}

/// The columns that are dropped and added again (by old and new name, in lower case): those that
/// can't be changed, and the generated columns that depend on them.
pub(in crate::plan) fn rebuilt_columns(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> HashSet<String> {
    let mut rebuilt: HashSet<String> = HashSet::new();
    for change in changes {
        if let TableChange::ChangeColumn { from, to, .. } = change
            && needs_rebuild(from, to, server)
        {
            rebuilt.insert(from.name.to_lowercase());
            rebuilt.insert(to.name.to_lowercase());
        }
    }
    with_readers(&to.columns, rebuilt, |column, names| {
        let old = from.column(&column.name);
        is_generated_from(column, names) && old.is_some_and(|old| is_generated_from(old, names))
    })
}
