//! SYSTEM_TIME: history partitions, which are matched by name.

use crate::ddl::Clause;
use crate::model::{Partition, PartitionBounds, same_name};
use crate::plan::partitions::{Draft, has_name, is_unchanged, reorganize};

/// The statements that turn one list into another. `None` if a history partition is dropped or the
/// order changes: then the table has to be partitioned anew, because the history in a dropped
/// partition belongs in the others.
pub(super) fn drafts(olds: &[Partition], news: &[Partition]) -> Option<Vec<Draft>> {
    let is_history = |one: &&Partition| one.bounds == PartitionBounds::History;
    let stay = |one: &&Partition| is_history(one) && has_name(olds, &one.name);
    let same = |(old, new): (&Partition, &Partition)| same_name(&old.name, &new.name);
    let in_order = olds.iter().filter(is_history).zip(news.iter().filter(stay)).all(same);
    let all_stay = olds.iter().filter(is_history).all(|old| has_name(news, &old.name));
    if !in_order || !all_stay {
        return None;
    }
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
    Some(drafts)
}
