//! System versioning: which changes need a statement of their own, and what happens to the history.

use std::collections::HashSet;

use crate::diff::{OptionChange, TableChange};
use crate::model::{
    Column, ColumnAspect, ColumnType, ColumnVersioning, GeneratedStorage, IndexKind,
    PartitioningAspect, Table,
};
use crate::plan::partitions::is_of_partitions;
use crate::plan::table::later::has_history_partitions;
use crate::plan::table::rebuilt::has_own_check;
use crate::plan::table::{Leg, sort};
use crate::server::{Capability, Server};

/// Whether the history can't be kept when these changes are made.
fn must_begin_anew(from: &Table, to: &Table, changes: &[TableChange], server: &Server) -> bool {
    let (had_columns, has_columns) = (from.system_period().is_some(), to.system_period().is_some());
    // Without named columns the versioning stores times, and no server converts them to
    // transactions.
    let by_transaction = || to.columns.iter().any(holds_transactions);
    // The server forgets that these columns are to be invisible (found by trial).
    let hidden = || to.columns.iter().any(|column| column.is_system_time() && column.invisible);
    let can_name =
        || server.can(Capability::NameSystemTimeColumns) && !by_transaction() && !hidden();
    if has_columns && !had_columns && !can_name() {
        return true;
    }
    changes.iter().any(|change| match change {
        TableChange::ChangeOption(OptionChange::Engine { .. }) => true,
        TableChange::ChangeColumn { from, to, aspects } => {
            (from.is_system_time() || to.is_system_time()) && *aspects != [ColumnAspect::Name]
        }
        TableChange::DropPeriod(period) => period.is_system_time() && has_columns,
        _ => false,
    })
}

/// Whether a column holds the transaction that added or removed a row.
fn holds_transactions(column: &Column) -> bool {
    column.is_system_time() && matches!(column.ty, ColumnType::Integer { .. })
}

/// The table without its ROW START and ROW END columns.
pub(in crate::plan) fn without_system_time_columns(table: &Table) -> Table {
    let mut bare = table.clone();
    bare.columns.retain(|column| !column.is_system_time());
    bare.periods.retain(|period| !period.is_system_time());
    bare
}

/// Whether a server refuses the statement on a versioned table unless the session allows changes of
/// the history.
pub(in crate::plan) fn touches_history(from: &Table, changes: &[TableChange]) -> bool {
    from.versioned && changes.iter().any(|it| concerns_history(it) || renames_checked(it))
}

/// Whether a statement changes rows of the history.
pub(in crate::plan) fn rewrites_history(from: &Table, changes: &[TableChange]) -> bool {
    let of_versioning = |change: &TableChange| match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => column.is_system_time(),
        TableChange::ChangeColumn { aspects, .. } => *aspects == [ColumnAspect::Versioning],
        TableChange::AddPeriod(period) | TableChange::DropPeriod(period) => period.is_system_time(),
        _ => false,
    };
    from.versioned && changes.iter().any(|it| concerns_history(it) && !of_versioning(it))
}

/// Whether the server fails unless it is told to copy the table (error 1034). This happens if it
/// would rebuild a table in place that has a full-text index and a virtual column, and that is
/// versioned or gets transaction numbers.
pub(in crate::plan) fn must_copy(from: &Table, changes: &[TableChange]) -> bool {
    let is_virtual = |column: &Column| {
        column.generated.as_ref().is_some_and(|it| it.storage == GeneratedStorage::Virtual)
    };
    let rebuilds = |change: &TableChange| match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => !is_virtual(column),
        TableChange::ChangeColumn { aspects, .. } => {
            aspects.iter().any(|it| matches!(it, ColumnAspect::Place | ColumnAspect::Nullable))
        }
        TableChange::AddIndex(index)
        | TableChange::DropIndex(index)
        | TableChange::ChangeIndex { to: index, .. } => index.kind == IndexKind::Primary,
        TableChange::ChangeOption(_) => true,
        _ => false,
    };
    let gets_transactions = |change: &TableChange| matches!(change, TableChange::AddColumn(column) if holds_transactions(column));
    (from.versioned || changes.iter().any(gets_transactions))
        && from.indexes.iter().any(|index| index.kind == IndexKind::Fulltext)
        && from.columns.iter().any(is_virtual)
        && changes.iter().any(rebuilds)
}

/// Whether a column is renamed that has a check of its own, declared or implicit. Such a rename is
/// written with the whole column definition, which the server takes for a change of the column.
fn renames_checked(change: &TableChange) -> bool {
    match change {
        TableChange::ChangeColumn { to, aspects, .. } => {
            has_own_check(to) && aspects.contains(&ColumnAspect::Name)
        }
        _ => false,
    }
}

/// Whether a change concerns what rows consist of or which rows are allowed.
fn concerns_history(change: &TableChange) -> bool {
    match change {
        TableChange::AddColumn(_) | TableChange::DropColumn(_) => true,
        TableChange::ChangeColumn { aspects, .. } => *aspects != [ColumnAspect::Name],
        TableChange::AddIndex(index)
        | TableChange::DropIndex(index)
        | TableChange::ChangeIndex { to: index, .. } => {
            index.is_unique() || index.kind == IndexKind::Primary
        }
        TableChange::AddPeriod(_) | TableChange::DropPeriod(_) => true,
        _ => false,
    }
}

/// The legs in which a table loses its versioning, for good or temporarily. The latter is necessary
/// because no server changes the engine of a versioned table, or anything but the names of its ROW
/// START and ROW END columns. Before that, a statement includes all columns in the versioning,
/// because the server refuses to do it later.
pub(super) fn end_of_versioning(
    from: &Table,
    goal: &Table,
    left: &mut Vec<TableChange>,
    server: &Server,
) -> Vec<Leg> {
    if !from.versioned || goal.versioned && !must_begin_anew(from, goal, left, server) {
        return Vec::new();
    }
    let mut legs = Vec::new();
    let mut with_all_versioned = from.clone();
    if has_history_partitions(from) {
        with_all_versioned.partitioning = None;
        left.retain(|change| !is_of_partitions(change));
        let aspects = vec![PartitioningAspect::Method];
        if goal.partitioning.is_some() {
            let (to, aspects) = (goal.partitioning.clone(), aspects.clone());
            left.push(TableChange::ChangePartitioning { from: None, to, aspects });
        }
        let from = from.partitioning.clone();
        let changes = vec![TableChange::ChangePartitioning { from, to: None, aspects }];
        legs.push(Leg { to: with_all_versioned.clone(), changes });
    }
    let mut included = Vec::new();
    for column in &mut with_all_versioned.columns {
        if column.versioning == ColumnVersioning::Without {
            let from = column.clone();
            column.versioning = ColumnVersioning::AsTable;
            let (to, aspects) = (column.clone(), vec![ColumnAspect::Versioning]);
            included.push(TableChange::ChangeColumn { from, to, aspects });
        }
    }
    if !included.is_empty() {
        legs.push(Leg { to: with_all_versioned.clone(), changes: included });
    }
    let bare = Table { versioned: false, ..without_system_time_columns(&with_all_versioned) };
    let system_time_columns =
        with_all_versioned.columns.iter().filter(|column| column.is_system_time());
    let mut changes: Vec<TableChange> =
        system_time_columns.clone().map(|column| TableChange::DropColumn(column.clone())).collect();
    changes.extend(with_all_versioned.system_period().cloned().map(TableChange::DropPeriod));
    let off = OptionChange::SystemVersioning { from: true, to: false };
    changes.push(TableChange::ChangeOption(off));
    let names: HashSet<String> =
        system_time_columns.map(|column| column.name.to_lowercase()).collect();
    begin_anew(left, &bare, &names, goal);
    sort(left, &bare, goal);
    legs.push(Leg { to: bare, changes });
    legs
}

/// Rewrites the changes that are left after a table has lost its versioning. They add it again if
/// the goal has it.
fn begin_anew(
    left: &mut Vec<TableChange>,
    bare: &Table,
    system_time_columns: &HashSet<String>,
    goal: &Table,
) {
    let was_system_time =
        |column: &Column| system_time_columns.contains(&column.name.to_lowercase());
    let mut comes: HashSet<String> = system_time_columns.clone();
    left.retain_mut(|change| match change {
        TableChange::ChangeOption(OptionChange::SystemVersioning { .. }) => false,
        TableChange::DropPeriod(period) | TableChange::AddPeriod(period) => {
            !period.is_system_time()
        }
        TableChange::DropColumn(column) => {
            comes.remove(&column.name.to_lowercase());
            !was_system_time(column)
        }
        TableChange::ChangeColumn { from, to, .. } if was_system_time(from) => {
            comes.remove(&from.name.to_lowercase());
            *change = TableChange::AddColumn(to.clone());
            true
        }
        TableChange::ChangeColumn { from, aspects, .. } => {
            from.versioning = ColumnVersioning::AsTable;
            aspects.retain(|aspect| *aspect != ColumnAspect::Versioning);
            true
        }
        _ => true,
    });
    let again = goal.columns.iter().filter(|it| comes.contains(&it.name.to_lowercase()));
    left.extend(again.cloned().map(TableChange::AddColumn));
    if goal.versioned {
        let on = OptionChange::SystemVersioning { from: false, to: true };
        left.push(TableChange::ChangeOption(on));
        left.extend(goal.system_period().cloned().map(TableChange::AddPeriod));
        let left_out = goal.columns.iter().filter(|it| it.versioning == ColumnVersioning::Without);
        for column in left_out {
            leave_out(left, bare, column);
        }
    }
    left.retain(|change| match change {
        TableChange::ChangeColumn { aspects, .. } => !aspects.is_empty(),
        _ => true,
    });
}

/// Adds the change that leaves a column out of the versioning.
fn leave_out(left: &mut Vec<TableChange>, bare: &Table, column: &Column) {
    let is_it = |change: &&mut TableChange| match change {
        TableChange::ChangeColumn { to, .. } | TableChange::AddColumn(to) => to.name == column.name,
        _ => false,
    };
    match left.iter_mut().find(is_it) {
        Some(TableChange::ChangeColumn { aspects, .. }) => {
            aspects.push(ColumnAspect::Versioning);
            aspects.sort_unstable();
        }
        Some(_) => {}
        None => left.extend(bare.column(&column.name).map(|from| TableChange::ChangeColumn {
            from: from.clone(),
            to: column.clone(),
            aspects: vec![ColumnAspect::Versioning],
        })),
    }
}
