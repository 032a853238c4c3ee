//! What is left to statements of their own after the one that makes all other changes. Each
//! function splits the first or the last leg.

use crate::diff::{OptionChange, TableChange};
use crate::model::{
    Column, ColumnAspect, ColumnVersioning, DefaultValue, ForeignKey, Index, IndexAspect,
    IndexKind, PartitionMethod, Table,
};
use crate::plan::partitions::is_of_partitions;
use crate::plan::references_columns::varies_by_row;
use crate::plan::table::Leg;
use crate::plan::table::changes::is_remade;
use crate::plan::table::rebuilt::needs_rebuild;
use crate::plan::table::versioning::without_system_time_columns;
use crate::server::Server;

/// Adds the new foreign keys of a table that loses its partitions in a statement of their own,
/// because a server may refuse both at once (error 1506).
pub(super) fn put_off_foreign_keys(legs: &mut Vec<Leg>, from: &Table) {
    let Some(last) = legs.last() else { return };
    let is_new = |key: &ForeignKey| from.foreign_key(&key.name).is_none();
    if from.partitioning.is_none()
        || last.to.partitioning.is_some()
        || !last.to.foreign_keys.iter().any(is_new)
    {
        return;
    }
    let to = last.to.clone();
    let mut changes = Vec::new();
    for leg in legs.iter_mut() {
        leg.to.foreign_keys.retain(|key| !is_new(key));
        changes.extend(leg.changes.extract_if(
            ..,
            |change| matches!(change, TableChange::AddForeignKey(key) if is_new(key)),
        ));
    }
    legs.push(Leg { to, changes });
}

/// Leaves one added full-text index to each leg. An index that gets another parser isn't added in
/// the statement that drops the old one: a server may take the two for the same index and silently
/// keep the old one.
pub(super) fn put_off_fulltext(legs: &mut Vec<Leg>) {
    let Some(first) = legs.first() else { return };
    let added: Vec<(Index, bool)> = first
        .changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddIndex(index) => Some((index.clone(), false)),
            TableChange::ChangeIndex { to, aspects, .. } if is_remade(aspects) => {
                Some((to.clone(), aspects.contains(&IndexAspect::Parser)))
            }
            _ => None,
        })
        .filter(|(index, _)| index.kind == IndexKind::Fulltext)
        .collect();
    let alone = added.iter().position(|(_, has_another_parser)| !has_another_parser);
    for (number, (late, _)) in added.into_iter().enumerate().rev() {
        if Some(number) != alone {
            put_off_indexes(legs, |index| index.name == late.name);
        }
    }
}

/// Leaves the indexes with another KEY_BLOCK_SIZE to a statement of their own, after the one that
/// drops them. A server may take the two for the same index and silently keep the old size.
pub(super) fn put_off_block_sizes(legs: &mut Vec<Leg>) {
    let Some(first) = legs.first() else { return };
    let is_resized = |change: &TableChange| match change {
        TableChange::ChangeIndex { to, aspects, .. } => {
            aspects.contains(&IndexAspect::KeyBlockSize).then(|| to.name.clone())
        }
        _ => None,
    };
    let resized: Vec<String> = first.changes.iter().filter_map(is_resized).collect();
    if first.to.indexes.iter().any(|index| resized.contains(&index.name)) {
        put_off_indexes(legs, |index| {
            index.kind != IndexKind::Primary && resized.contains(&index.name)
        });
    }
}

/// Moves the creation of some indexes to a leg after the first one.
fn put_off_indexes(legs: &mut Vec<Leg>, is_late: impl Fn(&Index) -> bool) {
    let Some(first) = legs.first_mut() else { return };
    let mut earlier = first.to.clone();
    earlier.indexes.retain(|index| !is_late(index));
    let (mut now, mut late, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
    for change in std::mem::take(&mut first.changes) {
        match change {
            TableChange::AddIndex(index) if is_late(&index) => {
                late.push(TableChange::AddIndex(index));
            }
            TableChange::ChangeIndex { from, to, .. } if is_late(&to) => {
                dropped.push(TableChange::DropIndex(from));
                late.push(TableChange::AddIndex(to));
            }
            other => now.push(other),
        }
    }
    // As in `sort`, dropped indexes come after the columns and the other indexes.
    let comes = |change: &TableChange| {
        matches!(
            change,
            TableChange::AddColumn(_)
                | TableChange::ChangeColumn { .. }
                | TableChange::DropColumn(_)
                | TableChange::AddIndex(_)
                | TableChange::ChangeIndex { .. }
        )
    };
    let end = now.iter().rposition(comes).map_or(0, |last| last + 1);
    now.splice(end..end, dropped);
    first.changes = late;
    legs.insert(0, Leg { to: earlier, changes: now });
}

/// Sets defaults that differ from row to row in a statement of their own. This concerns the columns
/// that are added, and also the columns that are changed, if any column is added.
pub(super) fn put_off_defaults(legs: &mut Vec<Leg>, server: &Server) {
    let Some(first) = legs.first_mut() else { return };
    let adds = first.changes.iter().any(|change| match change {
        TableChange::AddColumn(_) => true,
        TableChange::ChangeColumn { from, to, .. } => needs_rebuild(from, to, server),
        _ => false,
    });
    if !adds {
        return;
    }
    let mut earlier = first.to.clone();
    let (mut now, mut late) = (Vec::new(), Vec::new());
    for mut change in std::mem::take(&mut first.changes) {
        if let TableChange::AddColumn(column) | TableChange::ChangeColumn { to: column, .. } =
            &mut change
            && has_varying_default(column)
        {
            let to = column.clone();
            column.default = None;
            let (from, aspects) = (column.clone(), vec![ColumnAspect::Default]);
            let mut same = earlier.columns.iter_mut().filter(|it| it.name == to.name);
            same.by_ref().for_each(|it| it.default = None);
            late.push(TableChange::ChangeColumn { from, to, aspects });
            without_default(&mut change);
        }
        if !matches!(&change, TableChange::ChangeColumn { aspects, .. } if aspects.is_empty()) {
            now.push(change);
        }
    }
    if late.is_empty() {
        first.changes = now;
        return;
    }
    first.changes = late;
    legs.insert(0, Leg { to: earlier, changes: now });
}

/// Removes the new default from a change, because it is set later.
fn without_default(change: &mut TableChange) {
    if let TableChange::ChangeColumn { from, aspects, .. } = change {
        aspects.retain(|aspect| *aspect != ColumnAspect::Default);
        if from.default.is_some() {
            aspects.push(ColumnAspect::Default);
            aspects.sort_unstable();
        }
    }
}

/// The added columns whose default differs from row to row, with that default.
pub(super) fn varying_defaults(changes: &[TableChange]) -> Vec<(String, String)> {
    let default = |change: &TableChange| match change {
        TableChange::AddColumn(column) if has_varying_default(column) => match &column.default {
            Some(DefaultValue::Expression(expression)) => {
                Some((column.name.clone(), expression.text.clone()))
            }
            _ => None,
        },
        _ => None,
    };
    changes.iter().filter_map(default).collect()
}

/// Those of the defaults that the table doesn't have yet.
pub(super) fn put_off(defaults: &[(String, String)], table: &Table) -> Vec<(String, String)> {
    let is_late = |name: &str| table.column(name).is_some_and(|it| it.default.is_none());
    defaults.iter().filter(|(name, _)| is_late(name)).cloned().collect()
}

fn has_varying_default(column: &Column) -> bool {
    matches!(&column.default, Some(DefaultValue::Expression(expression)) if varies_by_row(expression))
}

/// Turns on the versioning of a table in a statement of its own. Another one after it says which
/// columns are left out, because a server accepts that only for a versioned table.
pub(super) fn put_off_versioning(legs: &mut Vec<Leg>, start: &Table) {
    let Some(last) = legs.last().map(|leg| leg.to.clone()) else { return };
    if start.versioned || !last.versioned {
        return;
    }
    let mut late = Vec::new();
    for leg in &mut *legs {
        let to = as_before(&leg.to, start);
        leg.to = Table { versioned: false, ..without_system_time_columns(&to) };
        let changes = std::mem::take(&mut leg.changes);
        leg.changes = divided(changes, &leg.to, &mut late);
    }
    let versioned = as_before(&last, start);
    let mut included = Vec::new();
    for (from, to) in versioned.columns.iter().zip(&last.columns) {
        if from.versioning != to.versioning {
            let (from, to, aspects) = (from.clone(), to.clone(), vec![ColumnAspect::Versioning]);
            included.push(TableChange::ChangeColumn { from, to, aspects });
        }
    }
    legs.push(Leg { to: versioned, changes: late });
    legs.push(Leg { to: last, changes: included });
}

/// The table with those columns left out of the versioning that were left out in `start`, and no
/// others.
fn as_before(table: &Table, start: &Table) -> Table {
    let was_left_out = |column: &Column| {
        start.column(&column.name).is_some_and(|old| old.versioning == ColumnVersioning::Without)
    };
    let mut table = table.clone();
    for column in table.columns.iter_mut().filter(|column| !column.is_system_time()) {
        column.versioning = match was_left_out(column) {
            true => ColumnVersioning::Without,
            false => ColumnVersioning::AsTable,
        };
    }
    table
}

/// The changes that a table without versioning can have. Changes that need the versioning are moved
/// to `late`.
fn divided(changes: Vec<TableChange>, to: &Table, late: &mut Vec<TableChange>) -> Vec<TableChange> {
    let mut now = Vec::new();
    for change in changes {
        match change {
            TableChange::AddColumn(column) if column.is_system_time() => {
                late.push(TableChange::AddColumn(column));
            }
            TableChange::ChangeColumn { from, to: column, .. } if column.is_system_time() => {
                now.push(TableChange::DropColumn(from));
                late.push(TableChange::AddColumn(column));
            }
            TableChange::AddPeriod(period) if period.is_system_time() => {
                late.push(TableChange::AddPeriod(period));
            }
            option @ TableChange::ChangeOption(OptionChange::SystemVersioning { .. }) => {
                late.push(option);
            }
            TableChange::AddColumn(column) => {
                let column = to.column(&column.name).unwrap_or(&column).clone();
                now.push(TableChange::AddColumn(column));
            }
            TableChange::ChangeColumn { mut from, to: column, mut aspects } => {
                let column = to.column(&column.name).unwrap_or(&column).clone();
                from.versioning = column.versioning;
                aspects.retain(|aspect| *aspect != ColumnAspect::Versioning);
                if !aspects.is_empty() {
                    now.push(TableChange::ChangeColumn { from, to: column, aspects });
                }
            }
            other => now.push(other),
        }
    }
    now
}

/// Names the ROW START and ROW END columns in a statement of its own. Otherwise the server forgets
/// which other columns, added or modified by the same statement, are left out of the versioning.
pub(super) fn put_off_system_time_columns(legs: &mut Vec<Leg>, start: &Table) {
    let Some(last) = legs.last_mut() else { return };
    let is_named = last.to.system_period().is_some() && start.system_period().is_none();
    let says_left_out = |column: &Column| {
        column.versioning == ColumnVersioning::Without && start.column(&column.name) != Some(column)
    };
    if !start.versioned || !is_named || !last.to.columns.iter().any(says_left_out) {
        return;
    }
    let mut earlier = without_system_time_columns(&last.to);
    let is_there = |index: &Index| index.column_names().all(|it| earlier.column(it).is_some());
    let indexes = last.to.indexes.iter().filter(|index| is_there(index)).cloned().collect();
    earlier.indexes = indexes;
    let is_late = |change: &TableChange| match change {
        TableChange::AddColumn(column) => column.is_system_time(),
        TableChange::AddPeriod(period) => period.is_system_time(),
        TableChange::AddIndex(index) => earlier.index(&index.name).is_none(),
        _ => false,
    };
    let (late, now) = std::mem::take(&mut last.changes).into_iter().partition(is_late);
    last.changes = late;
    legs.insert(legs.len() - 1, Leg { to: earlier, changes: now });
}

/// Whether a table has partitions that only a table with system versioning can have.
pub(super) fn has_history_partitions(table: &Table) -> bool {
    table
        .partition_scheme()
        .is_some_and(|scheme| matches!(scheme.method, PartitionMethod::SystemTime(_)))
}

/// Moves history partitions to the first leg in which the table is versioned.
pub(super) fn put_off_history_partitions(legs: &mut [Leg], start: &Table) {
    let mut late = Vec::new();
    for leg in legs {
        if !leg.to.versioned && has_history_partitions(&leg.to) {
            leg.to.partitioning.clone_from(&start.partitioning);
            late.extend(leg.changes.extract_if(.., |change| is_of_partitions(change)));
        } else if !late.is_empty() {
            let end = leg.changes.iter().position(|change| {
                matches!(change, TableChange::ChangeOption(option) if !matches!(option, OptionChange::SystemVersioning { .. }))
            });
            let end = end.unwrap_or(leg.changes.len());
            leg.changes.splice(end..end, late.drain(..));
        }
    }
}
