//! The changes that undo those of a stage.

use std::collections::HashMap;

use crate::diff::{OptionChange, TableChange};
use crate::implicit_index::{implied_by, left_behind};
use crate::model::{Column, ColumnAspect, ForeignKey, Index, Partition, Partitioning, Table};
use crate::ordering::fewest_moves;
use crate::plan::table::{AlteredTable, Stage, sort};
use crate::renames::{Renames, is_renamed};
use crate::server::Server;

/// The way from the table after a stage to the table before it, while the foreign keys named in
/// `without` don't exist.
pub(super) fn reversed(stage: &Stage, without: &[String], server: &Server) -> AlteredTable {
    let (mut from, mut to) = (stage.to.clone(), table_before(stage));
    for table in [&mut from, &mut to] {
        table.foreign_keys.retain(|key| !without.contains(&key.name));
    }
    let mut changes: Vec<TableChange> =
        stage.changes.iter().filter_map(|change| inverse(change, stage, &to)).collect();
    changes.retain(|change| match change {
        TableChange::AddForeignKey(it) | TableChange::DropForeignKey(it) => {
            !without.contains(&it.name)
        }
        _ => true,
    });
    indexes_of_foreign_keys(&mut changes, &from, &to, &stage.renames, server);
    places(&mut changes, stage, &to);
    sort(&mut changes, &from, &to);
    AlteredTable { from, to, changes }
}

/// The table before the stage, with `renamed_from` set for the renames that undoing it needs.
fn table_before(stage: &Stage) -> Table {
    let mut before = stage.from.clone();
    for column in &mut before.columns {
        column.renamed_from = None;
    }
    for index in before.indexes.iter_mut().chain(&mut before.primary_key) {
        index.renamed_from = None;
    }
    for change in &stage.changes {
        match change {
            TableChange::ChangeColumn { from, to, .. }
                if is_renamed(&from.name, &to.name, to.renamed_from.as_deref()) =>
            {
                let column = before.columns.iter_mut().find(|it| it.name == from.name);
                column.into_iter().for_each(|it| it.renamed_from = Some(to.name.clone()));
            }
            TableChange::ChangeIndex { from, to, .. }
                if is_renamed(&from.name, &to.name, to.renamed_from.as_deref()) =>
            {
                let index = before.indexes.iter_mut().find(|it| it.name == from.name);
                index.into_iter().for_each(|it| it.renamed_from = Some(to.name.clone()));
            }
            _ => {}
        }
    }
    before
}

/// The change that undoes another one. `to` is the table before the stage, and restored elements
/// are taken from it.
fn inverse(change: &TableChange, stage: &Stage, to: &Table) -> Option<TableChange> {
    Some(match change {
        TableChange::AddColumn(column) => TableChange::DropColumn(column.clone()),
        TableChange::DropColumn(column) => TableChange::AddColumn(old_column(column, to)),
        TableChange::ChangeColumn { from, to: column, aspects } => {
            let aspects: Vec<ColumnAspect> =
                aspects.iter().copied().filter(|it| *it != ColumnAspect::Place).collect();
            let (from, to) = (column.clone(), old_column(from, to));
            TableChange::ChangeColumn { from, to, aspects }
        }
        TableChange::AddIndex(index) => TableChange::DropIndex(with_old_names(index, stage)),
        // An index that isn't listed is implicit: the server makes it again with the foreign key.
        TableChange::DropIndex(index) => TableChange::AddIndex(to.index(&index.name)?.clone()),
        TableChange::ChangeIndex { from, to: index, aspects } => TableChange::ChangeIndex {
            from: with_old_names(index, stage),
            to: to.index(&from.name).unwrap_or(from).clone(),
            aspects: aspects.clone(),
        },
        TableChange::AddForeignKey(key) => TableChange::DropForeignKey(key.clone()),
        TableChange::DropForeignKey(key) => TableChange::AddForeignKey(old_key(key, to)),
        TableChange::ChangeForeignKey { from, to: key, aspects } => TableChange::ChangeForeignKey {
            from: key.clone(),
            to: old_key(from, to),
            aspects: aspects.clone(),
        },
        TableChange::AddCheck(check) => TableChange::DropCheck(check.clone()),
        TableChange::DropCheck(check) => TableChange::AddCheck(check.clone()),
        TableChange::ChangeCheck { from, to, aspects } => TableChange::ChangeCheck {
            from: to.clone(),
            to: from.clone(),
            aspects: aspects.clone(),
        },
        TableChange::AddPeriod(period) => TableChange::DropPeriod(period.clone()),
        TableChange::DropPeriod(period) => TableChange::AddPeriod(period.clone()),
        // The old table says `partitioning: keep`, so its partitions stay as the database has them.
        TableChange::ChangePartitioning { .. } if to.partitioning == Some(Partitioning::Keep) => {
            return None;
        }
        TableChange::ChangePartitioning { to: new, aspects, .. } => {
            TableChange::ChangePartitioning {
                from: new.clone(),
                to: to.partitioning.clone(),
                aspects: aspects.clone(),
            }
        }
        TableChange::AddPartition(partition) => TableChange::DropPartition(partition.clone()),
        TableChange::DropPartition(partition) => {
            TableChange::AddPartition(old_partition(partition, to))
        }
        TableChange::ChangePartition { from, to: new, aspects } => TableChange::ChangePartition {
            from: new.clone(),
            to: old_partition(from, to),
            aspects: aspects.clone(),
        },
        TableChange::ChangeOption(option) => TableChange::ChangeOption(option_back(option)?),
    })
}

fn old_column(column: &Column, to: &Table) -> Column {
    to.column(&column.name).unwrap_or(column).clone()
}

fn old_key(key: &ForeignKey, to: &Table) -> ForeignKey {
    to.foreign_key(&key.name).unwrap_or(key).clone()
}

fn old_partition(partition: &Partition, to: &Table) -> Partition {
    let listed = match &to.partitioning {
        Some(Partitioning::By(scheme)) => scheme.listed(),
        _ => Vec::new(),
    };
    let old = listed.into_iter().find(|it| it.name == partition.name);
    old.unwrap_or_else(|| partition.clone())
}

/// An index of the table after the stage, with the columns' old names.
fn with_old_names(index: &Index, stage: &Stage) -> Index {
    stage.renames.of_columns_reversed().index(index, &stage.to.name)
}

/// The change that restores the option. `None` if the table used its database's character set,
/// because no statement can say that.
fn option_back(option: &OptionChange) -> Option<OptionChange> {
    Some(match option.clone() {
        OptionChange::SystemVersioning { from, to } => {
            OptionChange::SystemVersioning { from: to, to: from }
        }
        OptionChange::Engine { from, to } => OptionChange::Engine { from: to, to: from },
        OptionChange::Charset { from, to } => OptionChange::Charset { from: Some(to), to: from? },
        OptionChange::Collation { from, to } => {
            OptionChange::Collation { from: Some(to), to: from? }
        }
        OptionChange::RowFormat { from, to } => OptionChange::RowFormat { from: to, to: from },
        OptionChange::Comment { from, to } => OptionChange::Comment { from: to, to: from },
        OptionChange::Other { name, from, to } => OptionChange::Other { name, from: to, to: from },
    })
}

/// Removes the drops of indexes that the old table's foreign keys need, because the server keeps
/// such an index by itself. Adds drops of implicit indexes that would otherwise be left behind.
fn indexes_of_foreign_keys(
    changes: &mut Vec<TableChange>,
    from: &Table,
    to: &Table,
    renames: &Renames,
    server: &Server,
) {
    let keys_change = changes.iter().any(|change| {
        matches!(change, TableChange::AddForeignKey(_) | TableChange::DropForeignKey(_))
    });
    let drops: Vec<&Index> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::DropIndex(index) => Some(index),
            _ => None,
        })
        .collect();
    let stay: Vec<String> =
        implied_by(to, &drops, server).into_iter().map(|index| index.name.clone()).collect();
    changes.retain(|change| match change {
        TableChange::DropIndex(index) => !stay.contains(&index.name),
        _ => true,
    });
    if keys_change || !from.foreign_keys.is_empty() {
        let behind = left_behind(from, to, &renames.of_columns_reversed(), server);
        changes.extend(behind.into_iter().map(TableChange::DropIndex));
    }
}

/// Adds the moves that bring columns back to their old places.
fn places(changes: &mut Vec<TableChange>, stage: &Stage, to: &Table) {
    let moves = stage.changes.iter().any(|change| match change {
        TableChange::ChangeColumn { aspects, .. } => aspects.contains(&ColumnAspect::Place),
        _ => false,
    });
    changes.retain(|change| match change {
        TableChange::ChangeColumn { aspects, .. } => !aspects.is_empty(),
        _ => true,
    });
    if !moves {
        return;
    }
    let now: HashMap<String, usize> = stage
        .to
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| (column.name.to_lowercase(), place))
        .collect();
    let new_name =
        |column: &Column| stage.renames.new_column(&stage.to.name, &column.name).to_lowercase();
    let comes_back = |column: &&Column| {
        let is_it = |change: &TableChange| matches!(change, TableChange::AddColumn(it) if it.name == column.name);
        changes.iter().any(is_it)
    };
    let pairs: Vec<(&Column, usize)> = to
        .columns
        .iter()
        .filter(|column| !comes_back(column))
        .filter_map(|column| Some((column, *now.get(&new_name(column))?)))
        .collect();
    let sequence: Vec<usize> = pairs.iter().map(|(_, place)| *place).collect();
    for moved in fewest_moves(&sequence) {
        let (column, place) = pairs[moved];
        let is_it = |change: &&mut TableChange| matches!(change, TableChange::ChangeColumn { to, .. } if to.name == column.name);
        match changes.iter_mut().find(is_it) {
            Some(TableChange::ChangeColumn { aspects, .. }) => aspects.push(ColumnAspect::Place),
            _ => changes.push(TableChange::ChangeColumn {
                from: stage.to.columns[place].clone(),
                to: column.clone(),
                aspects: vec![ColumnAspect::Place],
            }),
        }
    }
}
