//! System versioning: what has to be said apart from the rest, and what becomes of the history.

use super::clauses::has_own_check;
use crate::diff::{FieldChange, Renames, TableChange, compare_tables};
use crate::model::{
    Column, ColumnType, ColumnVersioning, GeneratedStorage, Index, IndexKind, Table,
};
use crate::server::{Capability, Server};

/// The option that says whether a table is versioned.
pub(super) const VERSIONING: &str = "system_versioning";

/// The old table without its versioning, where it goes, or has to go for a while: no server
/// changes the engine of a versioned table, nor the columns that hold when a row was true, but for
/// their names. Before that, a statement takes back which columns are left out: later the server
/// takes no word on it.
pub(super) fn without_versioning(
    from: &Table,
    to: &Table,
    renames: &Renames,
    server: &Server,
) -> Vec<Table> {
    if !from.versioned || to.versioned && !must_begin_anew(from, to, renames, server) {
        return Vec::new();
    }
    let mut with_all_versioned = from.clone();
    let left_out = with_all_versioned
        .columns
        .iter_mut()
        .filter(|it| it.versioning == ColumnVersioning::Without);
    let count = left_out.map(|column| column.versioning = ColumnVersioning::AsTable).count();
    let bare = Table { versioned: false, ..without_system_time_columns(&with_all_versioned) };
    if count > 0 { vec![with_all_versioned, bare] } else { vec![bare] }
}

/// Whether the history can't be kept over the change.
fn must_begin_anew(from: &Table, to: &Table, renames: &Renames, server: &Server) -> bool {
    let changes = compare_tables(from, to, &from.name, renames, server).changes;
    let (had_columns, has_columns) = (from.system_period().is_some(), to.system_period().is_some());
    // Without columns that say it, moments are kept, and no server makes transactions of them.
    let by_transaction = || to.columns.iter().any(holds_transactions);
    // The server forgets that they are to be hidden (found by trial).
    let hidden = || to.columns.iter().any(|column| column.is_system_time() && column.invisible);
    let can_name =
        || server.can(Capability::NameSystemTimeColumns) && !by_transaction() && !hidden();
    if has_columns && !had_columns && !can_name() {
        return true;
    }
    changes.iter().any(|change| match change {
        TableChange::ChangeOption(field) => field.field == "engine",
        TableChange::ChangeColumn { from, to, fields, moved } => {
            let renamed = matches!(fields.as_slice(), [field] if field.field == "name");
            (from.is_system_time() || to.is_system_time()) && (*moved || !renamed)
        }
        TableChange::DropPeriod(period) => period.is_system_time() && has_columns,
        _ => false,
    })
}

/// Whether a column holds by which transaction a row came or went.
fn holds_transactions(column: &Column) -> bool {
    column.is_system_time() && matches!(column.ty, ColumnType::Integer { .. })
}

/// The table without the columns that hold when a row was true.
fn without_system_time_columns(table: &Table) -> Table {
    let mut bare = table.clone();
    bare.columns.retain(|column| !column.is_system_time());
    bare.periods.retain(|period| !period.is_system_time());
    bare
}

/// Leaves to statements of their own that a table becomes versioned, and after that the columns
/// that are left out of it, which a server takes only once it is.
pub(super) fn put_off_versioning(targets: &mut Vec<Table>, start: &Table) {
    let Some(last) = targets.last().cloned() else { return };
    if start.versioned || !last.versioned {
        return;
    }
    let was_left_out = |column: &Column| {
        start.column(&column.name).is_some_and(|old| old.versioning == ColumnVersioning::Without)
    };
    let as_before = |table: &Table| {
        let mut table = table.clone();
        for column in table.columns.iter_mut().filter(|column| !column.is_system_time()) {
            column.versioning = match was_left_out(column) {
                true => ColumnVersioning::Without,
                false => ColumnVersioning::AsTable,
            };
        }
        table
    };
    let versioned = as_before(&last);
    for target in &mut *targets {
        *target = as_before(&Table { versioned: false, ..without_system_time_columns(target) });
    }
    targets.push(versioned);
    targets.push(last);
}

/// Leaves to a statement of its own that the columns get names which hold when a row was true: the
/// server forgets beside that which other columns it adds or modifies are left out.
pub(super) fn put_off_system_time_columns(targets: &mut Vec<Table>, start: &Table) {
    let Some(last) = targets.last() else { return };
    let is_named = last.system_period().is_some() && start.system_period().is_none();
    let says_left_out = |column: &Column| {
        column.versioning == ColumnVersioning::Without && start.column(&column.name) != Some(column)
    };
    if !start.versioned || !is_named || !last.columns.iter().any(says_left_out) {
        return;
    }
    let mut earlier = without_system_time_columns(last);
    let is_there = |index: &Index| index.column_names().all(|it| earlier.column(it).is_some());
    let indexes = last.indexes.iter().filter(|index| is_there(index)).cloned().collect();
    earlier.indexes = indexes;
    targets.insert(targets.len() - 1, earlier);
}

/// Whether a server refuses a statement on a versioned table unless it is told that rows of the
/// history may become others.
pub(super) fn touches_history(from: &Table, changes: &[TableChange]) -> bool {
    from.versioned && changes.iter().any(|it| concerns_history(it) || renames_checked(it))
}

/// Whether rows of the history become others by a statement.
pub(super) fn rewrites_history(from: &Table, changes: &[TableChange]) -> bool {
    let of_versioning = |change: &TableChange| match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => column.is_system_time(),
        TableChange::ChangeColumn { fields, moved: false, .. } => {
            fields.iter().all(|field| field.field == "system_versioning")
        }
        TableChange::AddPeriod(period) | TableChange::DropPeriod(period) => period.is_system_time(),
        _ => false,
    };
    from.versioned && changes.iter().any(|it| concerns_history(it) && !of_versioning(it))
}

/// Whether the server fails unless it is told to copy the table (error 1034): where it would build
/// a table anew in place that has a full-text index and a virtual column, and is versioned or gets
/// the numbers of transactions.
pub(super) fn must_copy(from: &Table, changes: &[TableChange]) -> bool {
    let is_virtual = |column: &Column| {
        column.generated.as_ref().is_some_and(|it| it.storage == GeneratedStorage::Virtual)
    };
    let rebuilds = |change: &TableChange| match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => !is_virtual(column),
        TableChange::ChangeColumn { fields, moved, .. } => {
            *moved || fields.iter().any(|field| field.field == "nullable")
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

/// Whether a column gets another name that has a check of its own, or one that goes without saying:
/// such a rename is written with the whole column, which the server takes for a change of it.
fn renames_checked(change: &TableChange) -> bool {
    match change {
        TableChange::ChangeColumn { to, fields, .. } => {
            has_own_check(to) && fields.iter().any(|field| field.field == "name")
        }
        _ => false,
    }
}

/// Whether a change is one of what rows are made of or may be.
fn concerns_history(change: &TableChange) -> bool {
    match change {
        TableChange::AddColumn(_) | TableChange::DropColumn(_) => true,
        TableChange::ChangeColumn { fields, moved, .. } => {
            *moved || !matches!(fields.as_slice(), [FieldChange { field: "name", .. }])
        }
        TableChange::AddIndex(index)
        | TableChange::DropIndex(index)
        | TableChange::ChangeIndex { to: index, .. } => {
            index.is_unique() || index.kind == IndexKind::Primary
        }
        TableChange::AddPeriod(_) | TableChange::DropPeriod(_) => true,
        _ => false,
    }
}
