//! Turns one list of partitions into another by statements that move few rows and keep every row
//! that has a place in the new list.

mod hash;
mod history;
mod list;
mod range;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashSet;

use crate::ddl::Clause;
use crate::diff::TableChange;
use crate::model::{
    Partition, PartitionAspect, PartitionList, PartitionMethod, PartitionScheme, Partitioning,
    PartitioningAspect, Table, same_name,
};
use crate::normalize::expression::Sameness;
use crate::normalize::may_share_values;
use crate::normalize::same_bounds;
use crate::plan::references_columns::references_columns;
use crate::plan::table::rebuilt::rebuilt_columns;
use crate::server::{Capability, Server};

pub(super) use words::{actions, lost, repartition_risks, risks};

/// One statement that changes only partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// The clause of ALTER TABLE.
    pub(super) clause: Clause,
    /// The partitions before it.
    pub(super) before: PartitionScheme,
    /// The partitions after it.
    pub(super) after: PartitionScheme,
    /// The partitions with rows that have no place in the new list, and which rows these are.
    pub(super) destroyed: Vec<Destroyed>,
}

/// Rows that a statement destroys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destroyed {
    /// The partition that they are in.
    pub(super) partition: String,
    /// The LIST values that no partition accepts any longer. `None` if the whole partition is
    /// dropped.
    pub(super) values: Option<String>,
}

/// One statement, before the whole partition schemes are filled in (see [`Operation`]).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Draft {
    clause: Clause,
    /// The list of partitions after the statement.
    after: Vec<Partition>,
    destroyed: Vec<Destroyed>,
}

/// The statements that turn one list of partitions into another, which has the same method. `None`
/// if the table has to be partitioned anew. In the old scheme, columns have their new names.
pub(super) fn operations(
    old: &PartitionScheme,
    new: &PartitionScheme,
    from: &Table,
    to: &Table,
) -> Option<Vec<Operation>> {
    if other_types(new, from, to) {
        return None;
    }
    let (olds, news) = (old.listed(), new.listed());
    let drafts = match &new.method {
        PartitionMethod::Range(_) | PartitionMethod::RangeColumns(_) => {
            range::drafts(&olds, &news)?
        }
        // If it is uncertain whether two values are equal, DROP PARTITION could destroy rows that
        // have a place in the new list.
        PartitionMethod::ListColumns(_) if may_share_values(old, new, &to.columns) => return None,
        PartitionMethod::List(_) | PartitionMethod::ListColumns(_) => list::drafts(&olds, &news)?,
        PartitionMethod::Hash(_) => hash::drafts(&olds, &news),
        PartitionMethod::SystemTime(system_time) if system_time.auto => Vec::new(),
        PartitionMethod::SystemTime(_) => history::drafts(&olds, &news)?,
    };
    let mut operations: Vec<Operation> = Vec::with_capacity(drafts.len());
    let mut before = old.clone();
    for draft in drafts {
        let mut after = old.clone();
        after.partitions = PartitionList::Listed(draft.after);
        let Draft { clause, destroyed, .. } = draft;
        operations.push(Operation { clause, before, after: after.clone(), destroyed });
        before = after;
    }
    if let Some(last) = operations.last_mut() {
        last.after = new.clone();
    }
    Some(operations)
}

/// Whether any change is about partitions.
pub(super) fn changes_partitions(changes: &[TableChange]) -> bool {
    changes.iter().any(is_of_partitions)
}

/// Whether the change is about partitions.
pub(super) fn is_of_partitions(change: &TableChange) -> bool {
    matches!(
        change,
        TableChange::ChangePartitioning { .. }
            | TableChange::AddPartition(_)
            | TableChange::DropPartition(_)
            | TableChange::ChangePartition { .. }
    )
}

impl Operation {
    /// What the statement changes. If one partition replaces another, this is the change from
    /// `of_table` that says so.
    pub(super) fn changes(&self, of_table: &[TableChange]) -> Vec<TableChange> {
        let (old, new) = (self.before.listed(), self.after.listed());
        if matches!(self.before.method, PartitionMethod::Hash(_)) && old.len() != new.len() {
            return vec![TableChange::ChangePartitioning {
                from: Some(Partitioning::By(self.before.clone())),
                to: Some(Partitioning::By(self.after.clone())),
                aspects: vec![PartitioningAspect::Count],
            }];
        }
        if matches!(self.before.method, PartitionMethod::Hash(_)) {
            let pairs = old.iter().zip(&new).filter(|(old, new)| old != new);
            let changed = |(from, to): (&Partition, &Partition)| {
                let same = of_table.iter().find(|change| match change {
                    TableChange::ChangePartition { to: it, .. } => it == to,
                    _ => false,
                });
                same.cloned().unwrap_or_else(|| TableChange::ChangePartition {
                    from: from.clone(),
                    to: to.clone(),
                    aspects: vec![PartitionAspect::Name],
                })
            };
            return pairs.map(changed).collect();
        }
        let is_in = |partition: &Partition, list: &[Partition]| list.contains(partition);
        let changed = |partition: &Partition| {
            of_table.iter().find(|change| match change {
                TableChange::ChangePartition { to, .. } => to == partition,
                _ => false,
            })
        };
        let comes = new.iter().filter(|it| !is_in(it, &old)).map(|it| match changed(it) {
            Some(change) => change.clone(),
            None => TableChange::AddPartition(it.clone()),
        });
        let comes: Vec<TableChange> = comes.collect();
        let replaced = |partition: &Partition| {
            comes.iter().any(|change| match change {
                TableChange::ChangePartition { from, .. } => same_name(&from.name, &partition.name),
                _ => false,
            })
        };
        let goes = old.iter().filter(|it| !is_in(it, &new) && !replaced(it));
        let goes: Vec<TableChange> = goes.cloned().map(TableChange::DropPartition).collect();
        comes.into_iter().chain(goes).collect()
    }
}

/// Whether the table has to be partitioned anew, whatever differs between the lists. This is so if
/// more than the number of partitions changes in how the table is partitioned. It is also so if a
/// column that the partitioning uses is dropped and added again, or is renamed on a server that
/// can't rename such a column.
pub(super) fn must_repartition(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> bool {
    let otherwise = changes.iter().any(|change| match change {
        TableChange::ChangePartitioning { aspects, .. } => {
            aspects.iter().any(|aspect| *aspect != PartitioningAspect::Count)
        }
        _ => false,
    });
    let (Some(old), Some(_)) = (from.partition_scheme(), to.partition_scheme()) else {
        return otherwise;
    };
    otherwise
        || !server.can(Capability::RenamePartitioningColumns) && {
            let mut names = rebuilt_columns(from, to, changes, server);
            names.extend(renamed_columns(changes));
            is_made_by(old, &names)
        }
}

/// The old names, in lower case, of the columns that are renamed.
fn renamed_columns(changes: &[TableChange]) -> impl Iterator<Item = String> {
    changes.iter().filter_map(|change| match change {
        TableChange::ChangeColumn { from, to, .. } if !same_name(&from.name, &to.name) => {
            Some(from.name.to_lowercase())
        }
        _ => None,
    })
}

/// Whether the partitioning uses one of the columns, given in lower case.
fn is_made_by(scheme: &PartitionScheme, names: &HashSet<String>) -> bool {
    let hashing = scheme.subpartitioning.as_ref().map(|sub| &sub.hashing);
    let columns = scheme.method.columns().iter();
    let columns = columns.chain(hashing.iter().flat_map(|hashing| hashing.columns()));
    let expressions = scheme.method.expression().into_iter();
    let mut expressions = expressions.chain(hashing.and_then(|hashing| hashing.expression()));
    !names.is_empty()
        && (columns.into_iter().any(|column| names.contains(&column.to_lowercase()))
            || expressions.any(|expression| references_columns(expression, names)))
}

/// Whether a column of RANGE COLUMNS or LIST COLUMNS gets a type of another class. Then no bound of
/// the old list can equal one of the new list.
fn other_types(scheme: &PartitionScheme, from: &Table, to: &Table) -> bool {
    let (PartitionMethod::RangeColumns(columns) | PartitionMethod::ListColumns(columns)) =
        &scheme.method
    else {
        return false;
    };
    columns.iter().any(|name| {
        let Some(new) = to.column(name) else { return false };
        let old = new.renamed_from.as_deref().and_then(|old| from.column(old));
        let old = old.or_else(|| from.column(name));
        old.is_some_and(|old| old.ty.class() != new.ty.class())
    })
}

/// Whether a partition stays as it is.
fn is_unchanged(old: &Partition, new: &Partition) -> bool {
    same_name(&old.name, &new.name)
        && same_bounds(&old.bounds, &new.bounds) == Sameness::Same
        && old.options == new.options
        && old.subpartitions == new.subpartitions
}

fn names(partitions: &[Partition]) -> Vec<String> {
    partitions.iter().map(|partition| partition.name.clone()).collect()
}

fn has_name(partitions: &[Partition], name: &str) -> bool {
    partitions.iter().any(|partition| same_name(&partition.name, name))
}

/// REORGANIZE PARTITION for neighbouring partitions, given by their places in the list.
fn reorganize(current: &[Partition], run: std::ops::Range<usize>, into: &[Partition]) -> Draft {
    let mut after = current.to_vec();
    let from = after.splice(run, into.iter().cloned()).collect::<Vec<_>>();
    let clause = Clause::ReorganizePartitions { from: names(&from), into: into.to_vec() };
    Draft { clause, after, destroyed: Vec::new() }
}

/// DROP PARTITION, which destroys the rows of the partitions.
fn drop_partitions(current: &[Partition], dropped: &[Partition]) -> Draft {
    let mut after = current.to_vec();
    after.retain(|partition| !has_name(dropped, &partition.name));
    let destroyed = dropped
        .iter()
        .map(|partition| Destroyed { partition: partition.name.clone(), values: None })
        .collect();
    Draft { clause: Clause::DropPartitions(names(dropped)), after, destroyed }
}

/// ADD PARTITION, which adds partitions at the end of the list.
fn add_partitions(current: &[Partition], added: &[Partition]) -> Draft {
    let mut after = current.to_vec();
    after.extend(added.iter().cloned());
    Draft { clause: Clause::AddPartitions(added.to_vec()), after, destroyed: Vec::new() }
}
