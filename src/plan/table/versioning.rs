//! System versioning: what has to be said apart from the rest, and what becomes of the history.

use crate::diff::{OptionChange, TableChange};
use crate::model::{Column, ColumnAspect, ColumnType, GeneratedStorage, IndexKind, Table};
use crate::plan::table::rebuilt::has_own_check;
use crate::server::{Capability, Server};

/// Whether the history can't be kept over the change.
pub(in crate::plan) fn must_begin_anew(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> bool {
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
        TableChange::ChangeOption(OptionChange::Engine { .. }) => true,
        TableChange::ChangeColumn { from, to, aspects } => {
            (from.is_system_time() || to.is_system_time()) && *aspects != [ColumnAspect::Name]
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
pub(in crate::plan) fn without_system_time_columns(table: &Table) -> Table {
    let mut bare = table.clone();
    bare.columns.retain(|column| !column.is_system_time());
    bare.periods.retain(|period| !period.is_system_time());
    bare
}

/// Whether a server refuses a statement on a versioned table unless it is told that rows of the
/// history may become others.
pub(in crate::plan) fn touches_history(from: &Table, changes: &[TableChange]) -> bool {
    from.versioned && changes.iter().any(|it| concerns_history(it) || renames_checked(it))
}

/// Whether rows of the history become others by a statement.
pub(in crate::plan) fn rewrites_history(from: &Table, changes: &[TableChange]) -> bool {
    let of_versioning = |change: &TableChange| match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => column.is_system_time(),
        TableChange::ChangeColumn { aspects, .. } => *aspects == [ColumnAspect::Versioning],
        TableChange::AddPeriod(period) | TableChange::DropPeriod(period) => period.is_system_time(),
        _ => false,
    };
    from.versioned && changes.iter().any(|it| concerns_history(it) && !of_versioning(it))
}

/// Whether the server fails unless it is told to copy the table (error 1034): where it would build
/// a table anew in place that has a full-text index and a virtual column, and is versioned or gets
/// the numbers of transactions.
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

/// Whether a column gets another name that has a check of its own, or one that goes without saying:
/// such a rename is written with the whole column, which the server takes for a change of it.
fn renames_checked(change: &TableChange) -> bool {
    match change {
        TableChange::ChangeColumn { to, aspects, .. } => {
            has_own_check(to) && aspects.contains(&ColumnAspect::Name)
        }
        _ => false,
    }
}

/// Whether a change is one of what rows are made of or may be.
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
