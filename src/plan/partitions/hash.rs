//! HASH and KEY: a row's partition depends only on the number of partitions.

use crate::ddl::Clause;
use crate::model::{Partition, PartitionBounds};
use crate::plan::partitions::{Draft, add_partitions, is_unchanged, reorganize};

/// The statements that turn one list of partitions into another.
pub(super) fn drafts(olds: &[Partition], news: &[Partition]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut current = olds.to_vec();
    let common = olds.len().min(news.len());
    if olds.len() > common {
        let fewer = u32::try_from(olds.len() - common).unwrap_or(u32::MAX);
        current.truncate(common);
        let clause = Clause::CoalescePartitions(fewer);
        drafts.push(Draft { clause, after: current.clone(), destroyed: Vec::new() });
    }
    let changed = |place: &usize| !is_unchanged(&olds[*place], &news[*place]);
    let first = (0..common).find(changed);
    let last = (0..common).rev().find(changed);
    if let (Some(first), Some(last)) = (first, last) {
        let draft = reorganize(&current, first..last + 1, &news[first..=last]);
        current.clone_from(&draft.after);
        drafts.push(draft);
    }
    let added = &news[common..];
    if !added.is_empty() {
        let mut draft = add_partitions(&current, added);
        if let (true, Ok(count)) = (are_numbered(added, common), u32::try_from(added.len())) {
            draft.clause = Clause::AddPartitionCount(count);
        }
        drafts.push(draft);
    }
    drafts
}

/// Whether the partitions have the names that a server would generate.
fn are_numbered(added: &[Partition], first: usize) -> bool {
    let generated = |number: usize| Partition::new(format!("p{number}"), PartitionBounds::Hashed);
    added.iter().enumerate().all(|(place, one)| *one == generated(first + place))
}
