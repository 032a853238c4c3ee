//! Describes what a statement about partitions does, what its risks are and what it loses.

use crate::ddl::Clause;
use crate::diff::TableChange;
use crate::model::{
    Element, Partition, PartitionBounds, PartitionMethod, PartitionScheme, PartitionValue, Table,
};
use crate::normalize::expression::Sameness;
use crate::normalize::same_bounds;
use crate::plan::partitions::{Operation, changes_partitions, must_repartition};
use crate::plan::{Action, Risk, RiskKind};
use crate::server::Server;
use crate::words::partition_words;

/// The actions of the statement.
pub(in crate::plan) fn actions(operation: &Operation, table: &str) -> Vec<Action> {
    let whole = |summary: String| vec![Action { element: Element::partitioning(table), summary }];
    let (few, many) = (operation.before.len(), operation.after.len());
    match &operation.clause {
        Clause::AddPartitions(partitions) => {
            let action = |partition: &Partition| Action {
                element: Element::partition(table, &partition.name),
                summary: format!("add partition {}", partition_words(partition)),
            };
            partitions.iter().map(action).collect()
        }
        Clause::DropPartitions(names) => {
            let listed = operation.before.listed();
            let dropped = listed.iter().filter(|partition| names.contains(&partition.name));
            let action = |partition: &Partition| Action {
                element: Element::partition(table, &partition.name),
                summary: format!("drop partition {}", partition_words(partition)),
            };
            dropped.map(action).collect()
        }
        Clause::AddPartitionCount(_) => {
            whole(format!("change the number of partitions from {few} to {many}"))
        }
        Clause::CoalescePartitions(_) => {
            let summary = format!("change the number of partitions from {few} to {many}");
            whole(format!("{summary}: the rows of those that go are spread over the others"))
        }
        Clause::ReorganizePartitions { from, into } => {
            let into: Vec<String> = into.iter().map(partition_words).collect();
            let noun = if from.len() == 1 { "partition" } else { "partitions" };
            whole(format!("reorganize {noun} {} into {}", from.join(", "), into.join(" and ")))
        }
        _ => Vec::new(),
    }
}

/// The risks of the statement.
pub(in crate::plan) fn risks(operation: &Operation, table: &str) -> Vec<Risk> {
    let mut risks: Vec<Risk> = operation
        .destroyed
        .iter()
        .map(|destroyed| {
            let name = &destroyed.partition;
            let message = match &destroyed.values {
                None => format!("partition {name} of {table} and all its rows go"),
                Some(values) => format!(
                    "the rows of partition {name} of {table} that are {values} go without an error: \
                     no partition takes them any longer"
                ),
            };
            let element = Element::partition(table, name);
            Risk { kind: RiskKind::DropPartition, element, message }
        })
        .collect();
    let copied = match &operation.clause {
        Clause::ReorganizePartitions { from, .. } => {
            let noun = if from.len() == 1 { "partition" } else { "partitions" };
            Some(format!("the rows of {noun} {} of {table} are copied", from.join(", ")))
        }
        Clause::AddPartitionCount(_) | Clause::CoalescePartitions(_) => {
            Some(format!("rows of {table} are copied between its partitions"))
        }
        Clause::AddPartitions(_) if operation.spreads_rows() => {
            Some(format!("rows of {table} are copied between its partitions"))
        }
        _ => None,
    };
    risks.extend(copied.map(|copied| Risk {
        kind: RiskKind::Repartition,
        element: Element::partitioning(table),
        message: format!("{copied}; writes to the table wait until that is done"),
    }));
    risks
}

impl Operation {
    /// Whether one partition replaces another with the same bounds. Then the aspects in which the
    /// two differ describe the whole change.
    pub(in crate::plan) fn keeps_bounds(&self) -> bool {
        let Clause::ReorganizePartitions { from, into } = &self.clause else { return false };
        let listed = self.before.listed();
        match (listed.iter().find(|old| from.contains(&old.name)), into.as_slice()) {
            (Some(old), [new]) => {
                from.len() == 1 && same_bounds(&old.bounds, &new.bounds) == Sameness::Same
            }
            _ => false,
        }
    }

    /// Whether a row's partition depends on the number of partitions.
    fn spreads_rows(&self) -> bool {
        matches!(self.before.method, PartitionMethod::Hash(_))
    }
}

/// What can't be restored when the statement is undone.
pub(in crate::plan) fn lost(operation: &Operation, table: &str) -> Vec<String> {
    let words = |destroyed: &super::Destroyed| {
        let name = &destroyed.partition;
        match &destroyed.values {
            None => format!("the rows of partition {name} of {table}"),
            Some(values) => format!("the rows of partition {name} of {table} that are {values}"),
        }
    };
    operation.destroyed.iter().map(words).collect()
}

/// The risks if a table is partitioned anew or loses its partitions.
pub(in crate::plan) fn repartition_risks(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> Vec<Risk> {
    if !changes_partitions(changes) && !must_repartition(from, to, changes, server) {
        return Vec::new();
    }
    let table = &to.name;
    let risk = |kind, message| Risk { kind, element: Element::partitioning(table), message };
    let (target, rows) = match to.partition_scheme() {
        Some(scheme) if takes_all(scheme) => ("into its new partitions", None),
        Some(_) => (
            "into its new partitions",
            Some(format!("fails if {table} has rows that no partition takes")),
        ),
        None => ("into one without partitions", None),
    };
    let copied = format!("table {table} is copied {target}; writes to it wait until that is done");
    let mut risks = vec![risk(RiskKind::Repartition, copied)];
    risks.extend(rows.map(|message| risk(RiskKind::NewConstraint, message)));
    risks
}

/// Whether there is a partition for every row.
fn takes_all(scheme: &PartitionScheme) -> bool {
    let is_open = |partition: &Partition| match &partition.bounds {
        PartitionBounds::LessThan(values) => {
            values.first().is_some_and(|value| *value == PartitionValue::Maxvalue)
        }
        PartitionBounds::In(_) => false,
        _ => true,
    };
    scheme.listed().iter().any(is_open)
}
