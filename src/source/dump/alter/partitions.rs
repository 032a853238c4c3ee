//! Partitions that ALTER TABLE adds, drops and reorganizes.

use crate::model::{
    Partition, PartitionBounds, PartitionList, PartitionScheme, Partitioning, Table, same_name,
};
use crate::syntax::parse_partitions;
use crate::syntax::partition_clause::{DefinitionText, PartitionChange};

/// Carries out a clause about a table's partitions.
pub(super) fn change_partitions(table: &mut Table, change: PartitionChange) -> Result<(), String> {
    match change {
        PartitionChange::Nothing => return Ok(()),
        PartitionChange::By(scheme) => {
            table.partitioning = Some(Partitioning::By(*scheme));
            return Ok(());
        }
        PartitionChange::Remove => {
            return match table.partitioning.take() {
                Some(_) => Ok(()),
                None => Err(not_partitioned(table)),
            };
        }
        _ => {}
    }
    let missing = not_partitioned(table);
    let Some(Partitioning::By(scheme)) = &mut table.partitioning else { return Err(missing) };
    let mut partitions = scheme.listed();
    match change {
        PartitionChange::AddCount(more) => add_counted(scheme, &mut partitions, more),
        PartitionChange::Add { definitions, if_not_exists } => {
            let new = read(&definitions, scheme)?;
            let is_there =
                new.iter().find(|new| place_of(&partitions, &new.name).is_some()).cloned();
            match is_there {
                Some(_) if if_not_exists => return Ok(()),
                Some(new) => return Err(format!("the partition `{}` is already there", new.name)),
                None => insert(&mut partitions, new),
            }
        }
        PartitionChange::Drop { names, if_exists, .. } => {
            for name in names {
                match place_of(&partitions, &name) {
                    Some(at) => drop(partitions.remove(at)),
                    None if if_exists => {}
                    None => return Err(no_partition(&name)),
                }
            }
        }
        PartitionChange::Coalesce(fewer) => {
            let left = partitions.len().saturating_sub(fewer as usize);
            partitions.truncate(left);
        }
        PartitionChange::Reorganize { names, definitions: Some(definitions) } => {
            let new = read(&definitions, scheme)?;
            let mut first = partitions.len();
            for name in names {
                let at = place_of(&partitions, &name).ok_or_else(|| no_partition(&name))?;
                partitions.remove(at);
                first = first.min(at);
            }
            let first = first.min(partitions.len());
            partitions.splice(first..first, new);
        }
        _ => return Ok(()),
    }
    if partitions.is_empty() {
        return Err("a table that is partitioned has at least one partition".to_owned());
    }
    scheme.partitions = PartitionList::Listed(partitions);
    Ok(())
}

/// Partitions without a name get their numbers as names.
fn add_counted(scheme: &PartitionScheme, partitions: &mut Vec<Partition>, more: u32) {
    let versions = partitions.iter().any(|one| one.bounds == PartitionBounds::Current);
    let first = partitions.len() - usize::from(versions);
    let bounds = if versions { PartitionBounds::History } else { PartitionBounds::Hashed };
    // A table can't have more.
    let most = 8192_usize.saturating_sub(scheme.len()).min(more as usize);
    let named =
        (first..first + most).map(|number| Partition::new(format!("p{number}"), bounds.clone()));
    insert(partitions, named.collect());
}

/// Adds partitions at the end; history partitions go before the current one.
fn insert(partitions: &mut Vec<Partition>, new: Vec<Partition>) {
    let current = partitions.iter().position(|one| one.bounds == PartitionBounds::Current);
    let at = current.unwrap_or(partitions.len());
    partitions.splice(at..at, new);
}

fn read(text: &DefinitionText, scheme: &PartitionScheme) -> Result<Vec<Partition>, String> {
    parse_partitions(&text.text, scheme.method.width()).map_err(|error| error.message)
}

fn place_of(partitions: &[Partition], name: &str) -> Option<usize> {
    partitions.iter().position(|partition| same_name(&partition.name, name))
}

fn no_partition(name: &str) -> String {
    format!("the table has no partition `{name}`")
}

fn not_partitioned(table: &Table) -> String {
    format!("the table `{}` has no partitions", table.name)
}
