//! SYSTEM_TIME: partitions of history, each by its name.

use super::{Draft, drop_partitions, has_name, is_unchanged, reorganize};
use crate::ddl::Clause;
use crate::model::{Partition, PartitionBounds, same_name};

/// The statements from one list to another.
pub(super) fn drafts(olds: &[Partition], news: &[Partition]) -> Vec<Draft> {
    let is_history = |one: &&Partition| one.bounds == PartitionBounds::History;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut current = olds.to_vec();
    let added: Vec<Partition> =
        news.iter().filter(is_history).filter(|it| !has_name(olds, &it.name)).cloned().collect();
    if !added.is_empty() {
        let end = current.iter().position(|it| it.bounds == PartitionBounds::Current);
        let end = end.unwrap_or(current.len());
        current.splice(end..end, added.iter().cloned());
        let clause = Clause::AddPartitions(added);
        drafts.push(Draft { clause, after: current.clone(), destroyed: Vec::new() });
    }
    let dropped: Vec<Partition> =
        olds.iter().filter(is_history).filter(|it| !has_name(news, &it.name)).cloned().collect();
    if !dropped.is_empty() {
        let draft = drop_partitions(&current, &dropped);
        current.clone_from(&draft.after);
        drafts.push(draft);
    }
    for new in news {
        let same = |old: &Partition| {
            let both_current = old.bounds == PartitionBounds::Current && old.bounds == new.bounds;
            same_name(&old.name, &new.name) || both_current
        };
        let Some(at) = current.iter().position(same) else { continue };
        if !is_unchanged(&current[at], new) {
            let draft = reorganize(&current, at..at + 1, std::slice::from_ref(new));
            current.clone_from(&draft.after);
            drafts.push(draft);
        }
    }
    drafts
}
