//! What is left to statements of their own that follow the one that makes all other changes.

use super::super::clauses::needs_rebuild;
use super::super::references_columns::varies_by_row;
use crate::diff::TableChange;
use crate::model::{Column, DefaultValue, ForeignKey, Index, IndexKind, Table};
use crate::server::Server;

/// Leaves to a statement of their own the foreign keys that a table gets once it has no partitions:
/// a server may not take both at once (error 1506).
pub(super) fn put_off_foreign_keys(targets: &mut Vec<Table>, from: &Table) {
    let Some(last) = targets.last() else { return };
    let is_new = |key: &ForeignKey| from.foreign_key(&key.name).is_none();
    if from.partitioning.is_none()
        || last.partitioning.is_some()
        || !last.foreign_keys.iter().any(is_new)
    {
        return;
    }
    let late = last.clone();
    for target in targets.iter_mut() {
        target.foreign_keys.retain(|key| !is_new(key));
    }
    targets.push(late);
}

/// Leaves one added full-text index to each target, and none of another parser to the statement
/// that drops the old one: a server may take the two for the same index and keep it, in silence.
pub(super) fn put_off_fulltext(targets: &mut Vec<Table>, changes: &[TableChange]) {
    let added: Vec<(&Index, bool)> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddIndex(index) => Some((index, false)),
            TableChange::ChangeIndex { to, fields, .. }
                if fields.iter().any(|f| f.field != "name" && f.field != "invisible") =>
            {
                Some((to, fields.iter().any(|f| f.field == "parser")))
            }
            _ => None,
        })
        .filter(|(index, _)| index.kind == IndexKind::Fulltext)
        .collect();
    let alone = added.iter().position(|(_, has_another_parser)| !has_another_parser);
    for (number, (late, _)) in added.iter().enumerate().rev() {
        if Some(number) == alone {
            continue;
        }
        let Some(mut earlier) = targets.first().cloned() else { return };
        earlier.indexes.retain(|index| index.name != late.name);
        targets.insert(0, earlier);
    }
}

/// Leaves the indexes with blocks of another size to a statement of their own, after the one that
/// drops them: a server may take the two for the same index and keep its blocks, in silence.
pub(super) fn put_off_block_sizes(targets: &mut Vec<Table>, changes: &[TableChange]) {
    let is_resized = |name: &str| {
        changes.iter().any(|change| match change {
            TableChange::ChangeIndex { to, fields, .. } => {
                to.name == name && fields.iter().any(|field| field.field == "key_block_size")
            }
            _ => false,
        })
    };
    let Some(mut earlier) = targets.first().cloned() else { return };
    earlier.indexes.retain(|index| !is_resized(&index.name));
    if targets.first().is_some_and(|first| first.indexes.len() > earlier.indexes.len()) {
        targets.insert(0, earlier);
    }
}

/// Leaves to a statement of their own the defaults that differ from row to row: of columns that
/// are added, and of those that are changed where any is added.
pub(super) fn put_off_defaults(targets: &mut Vec<Table>, changes: &[TableChange], server: &Server) {
    let adds = changes.iter().any(|change| match change {
        TableChange::AddColumn(_) => true,
        TableChange::ChangeColumn { from, to, .. } => needs_rebuild(from, to, server),
        _ => false,
    });
    if !adds {
        return;
    }
    let late: Vec<&str> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddColumn(column) | TableChange::ChangeColumn { to: column, .. }
                if has_varying_default(column) =>
            {
                Some(column.name.as_str())
            }
            _ => None,
        })
        .collect();
    if late.is_empty() {
        return;
    }
    let Some(mut earlier) = targets.first().cloned() else { return };
    for column in &mut earlier.columns {
        if late.contains(&column.name.as_str()) {
            column.default = None;
        }
    }
    targets.insert(0, earlier);
}

/// The columns that are added without their default, and the default that they get later.
pub(super) fn late_defaults(targets: &[Table], changes: &[TableChange]) -> Vec<(String, String)> {
    let Some(first) = targets.first() else { return Vec::new() };
    let added = changes.iter().filter_map(|change| match change {
        TableChange::AddColumn(column) if has_varying_default(column) => Some(column),
        _ => None,
    });
    added
        .filter(|column| first.column(&column.name).is_some_and(|it| it.default.is_none()))
        .filter_map(|column| match &column.default {
            Some(DefaultValue::Expression(expression)) => {
                Some((column.name.clone(), expression.text.clone()))
            }
            _ => None,
        })
        .collect()
}

fn has_varying_default(column: &Column) -> bool {
    matches!(&column.default, Some(DefaultValue::Expression(expression)) if varies_by_row(expression))
}
