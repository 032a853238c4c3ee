//! From one list of partitions to another by statements that move few rows, and lose none that
//! have a place in the new list.

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

/// One statement that changes partitions and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// What it does.
    pub(super) clause: Clause,
    /// The partitions before it.
    pub(super) before: PartitionScheme,
    /// The partitions after it.
    pub(super) after: PartitionScheme,
    /// The partitions of which rows find no place in the new list, and which rows these are.
    pub(super) destroyed: Vec<Destroyed>,
}

/// Rows that a statement destroys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destroyed {
    /// The partition that they are in.
    pub(super) partition: String,
    /// The values of LIST that no partition takes any longer; `None` where the whole partition
    /// goes.
    pub(super) values: Option<String>,
}

/// A change in the making: what it replaces, by what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Draft {
    clause: Clause,
    /// The list after it.
    after: Vec<Partition>,
    destroyed: Vec<Destroyed>,
}

/// The statements from one list of partitions to another, both made by the same method; `None`
/// where the table has to be partitioned anew. The old scheme's columns have their new names.
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
        // Rows that may have a place yet must not be destroyed.
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

/// Whether partitions differ.
pub(super) fn changes_partitions(changes: &[TableChange]) -> bool {
    changes.iter().any(is_of_partitions)
}

/// Whether a change is one of partitions.
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
    /// What the statement changes: where one partition takes the place of another, the change that
    /// is among those of the whole table.
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

/// Whether the table has to be partitioned anew, whatever differs between the lists: by something
/// else, or because a column gets another name that the partitions don't follow, or is dropped and
/// added.
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

/// The columns, in lower case and by their old names, that get another name.
fn renamed_columns(changes: &[TableChange]) -> impl Iterator<Item = String> {
    changes.iter().filter_map(|change| match change {
        TableChange::ChangeColumn { from, to, .. } if !same_name(&from.name, &to.name) => {
            Some(from.name.to_lowercase())
        }
        _ => None,
    })
}

/// Whether the partitions are made by one of the columns, given in lower case.
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

/// Whether a column that the bounds are about gets a type of another kind, so that no bound of the
/// old list can be one of the new.
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

/// REORGANIZE of a run of partitions, given by their places in the list.
fn reorganize(current: &[Partition], run: std::ops::Range<usize>, into: &[Partition]) -> Draft {
    let mut after = current.to_vec();
    let from = after.splice(run, into.iter().cloned()).collect::<Vec<_>>();
    let clause = Clause::ReorganizePartitions { from: names(&from), into: into.to_vec() };
    Draft { clause, after, destroyed: Vec::new() }
}

/// DROP PARTITION: the rows go with them.
fn drop_partitions(current: &[Partition], dropped: &[Partition]) -> Draft {
    let mut after = current.to_vec();
    after.retain(|partition| !has_name(dropped, &partition.name));
    let destroyed = dropped
        .iter()
        .map(|partition| Destroyed { partition: partition.name.clone(), values: None })
        .collect();
    Draft { clause: Clause::DropPartitions(names(dropped)), after, destroyed }
}

/// ADD PARTITION at the end.
fn add_partitions(current: &[Partition], added: &[Partition]) -> Draft {
    let mut after = current.to_vec();
    after.extend(added.iter().cloned());
    Draft { clause: Clause::AddPartitions(added.to_vec()), after, destroyed: Vec::new() }
}
