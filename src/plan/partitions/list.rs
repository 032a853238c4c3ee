//! LIST: partitions that share values form a group, and a group is reorganized as a whole.

use std::collections::BTreeSet;

use crate::model::{Partition, PartitionBounds, PartitionValue, same_name};
use crate::plan::partitions::{
    Destroyed, Draft, add_partitions, drop_partitions, is_unchanged, reorganize,
};
use crate::words::bounds_words;

/// The statements that turn one list into another. `None` if rows move into or out of DEFAULT: a
/// server that has DEFAULT leaves them in the wrong partition, both with ADD PARTITION and with
/// REORGANIZE PARTITION (found by trial).
pub(super) fn drafts(olds: &[Partition], news: &[Partition]) -> Option<Vec<Draft>> {
    let groups = Groups::of(olds, news);
    let is_default = |partition: &Partition| partition.bounds == PartitionBounds::Default;
    let moves = |group: &Group| {
        group.olds.iter().any(|place| is_default(&olds[*place]))
            || group.news.iter().any(|place| is_default(&news[*place]))
    };
    if groups.changed.iter().any(moves) {
        return None;
    }
    let mut drafts = Vec::new();
    let mut current = olds.to_vec();
    let dropped: Vec<Partition> = groups.dropped.iter().map(|place| olds[*place].clone()).collect();
    if !dropped.is_empty() {
        let draft = drop_partitions(&current, &dropped);
        current.clone_from(&draft.after);
        drafts.push(draft);
    }
    for group in &groups.changed {
        let first = group.olds.iter().next().map(|place| &olds[*place].name);
        let at = current.iter().position(|partition| Some(&partition.name) == first);
        let Some(at) = at else { continue };
        let into: Vec<Partition> = group.news.iter().map(|place| news[*place].clone()).collect();
        let mut draft = reorganize(&current, at..at + group.olds.len(), &into);
        draft.destroyed = group
            .olds
            .iter()
            .filter_map(|place| {
                let values = vanished(&olds[*place], news)?;
                Some(Destroyed { partition: olds[*place].name.clone(), values: Some(values) })
            })
            .collect();
        current.clone_from(&draft.after);
        drafts.push(draft);
    }
    let added: Vec<Partition> = groups.added.iter().map(|place| news[*place].clone()).collect();
    if !added.is_empty() {
        drafts.push(add_partitions(&current, &added));
    }
    Some(drafts)
}

/// The values of an old partition that no new one accepts, in words.
fn vanished(old: &Partition, news: &[Partition]) -> Option<String> {
    let PartitionBounds::In(entries) = &old.bounds else { return None };
    let gone: Vec<Vec<PartitionValue>> =
        entries.iter().filter(|entry| owner(entry, news).is_none()).cloned().collect();
    (!gone.is_empty()).then(|| bounds_words(&PartitionBounds::In(gone)))
}

/// The place of the partition that accepts a value.
fn owner(entry: &[PartitionValue], partitions: &[Partition]) -> Option<usize> {
    let listed = |partition: &Partition| match &partition.bounds {
        PartitionBounds::In(entries) => entries.iter().any(|other| other == entry),
        _ => false,
    };
    partitions
        .iter()
        .position(listed)
        .or_else(|| partitions.iter().position(|it| it.bounds == PartitionBounds::Default))
}

/// Old partitions that become new ones, all given by their places.
#[derive(Debug, Default, Clone)]
struct Group {
    olds: BTreeSet<usize>,
    news: BTreeSet<usize>,
}

#[derive(Debug, Default)]
struct Groups {
    /// Old partitions none of whose values is in the new list.
    dropped: Vec<usize>,
    changed: Vec<Group>,
    /// New partitions none of whose values was in the old list.
    added: Vec<usize>,
}

impl Groups {
    fn of(olds: &[Partition], news: &[Partition]) -> Groups {
        let mut groups: Vec<Group> = Vec::new();
        for place in 0..olds.len() {
            groups.push(Group { olds: BTreeSet::from([place]), ..Group::default() });
        }
        for (place, new) in news.iter().enumerate() {
            let sources = sources(new, place, olds, news);
            join(&mut groups, &sources, Some(place));
        }
        let is_dropped = |group: &Group| group.news.is_empty();
        if groups.iter().filter(|group| !group.olds.is_empty()).all(is_dropped) {
            // The last partition can't be dropped, so all old ones are reorganized into the new
            // ones.
            let all: BTreeSet<usize> = (0..olds.len()).collect();
            let news = (0..news.len()).collect();
            return Groups { changed: vec![Group { olds: all, news }], ..Groups::default() };
        }
        let dropped: Vec<usize> =
            groups.iter().filter(|it| is_dropped(it)).flat_map(|it| it.olds.clone()).collect();
        groups.retain(|group| !is_dropped(group));
        while join_names(&mut groups, olds, news) || join_gaps(&mut groups, &dropped) {}
        let (added, mut changed): (Vec<Group>, Vec<Group>) =
            groups.into_iter().partition(|group| group.olds.is_empty());
        changed.retain(|group| is_changed(group, olds, news));
        changed.sort_by_key(|group| group.olds.first().copied());
        let mut added: Vec<usize> = added.into_iter().flat_map(|group| group.news).collect();
        added.sort_unstable();
        Groups { dropped, changed, added }
    }
}

/// The old partitions that hold rows of a new one.
fn sources(
    new: &Partition,
    place: usize,
    olds: &[Partition],
    news: &[Partition],
) -> BTreeSet<usize> {
    match &new.bounds {
        PartitionBounds::In(entries) => {
            entries.iter().filter_map(|entry| owner(entry, olds)).collect()
        }
        // DEFAULT gets rows from the old partitions with a value that is in no list now, and from
        // the old DEFAULT.
        _ => {
            let gives = |old: &&(usize, &Partition)| match &old.1.bounds {
                PartitionBounds::In(entries) => {
                    entries.iter().any(|entry| owner(entry, news) == Some(place))
                }
                other => *other == PartitionBounds::Default,
            };
            let olds: Vec<(usize, &Partition)> = olds.iter().enumerate().collect();
            olds.iter().filter(gives).map(|(place, _)| *place).collect()
        }
    }
}

/// Joins the groups that hold these old partitions into one, and adds a new partition to it.
fn join(groups: &mut Vec<Group>, olds: &BTreeSet<usize>, new: Option<usize>) {
    let mut joined = Group { olds: olds.clone(), news: new.into_iter().collect() };
    groups.retain(|group| {
        let apart = group.olds.is_disjoint(olds);
        if !apart {
            joined.olds.extend(&group.olds);
            joined.news.extend(&group.news);
        }
        apart
    });
    groups.push(joined);
}

/// Joins two groups if one of them needs a name that a partition of the other still has. Returns
/// whether it found such groups.
fn join_names(groups: &mut Vec<Group>, olds: &[Partition], news: &[Partition]) -> bool {
    for (at, group) in groups.iter().enumerate().filter(|(_, group)| !group.olds.is_empty()) {
        let gives =
            |old: usize| group.news.iter().any(|new| same_name(&news[*new].name, &olds[old].name));
        let other = groups
            .iter()
            .enumerate()
            .find(|(other, it)| *other != at && it.olds.iter().any(|old| gives(*old)));
        if let Some((_, other)) = other {
            let both = group.olds.union(&other.olds).copied().collect();
            join(groups, &both, None);
            return true;
        }
    }
    false
}

/// Adds to a group the partitions that lie between those of the group, because only neighbouring
/// partitions can be reorganized together (error 1519). Returns whether there were any.
fn join_gaps(groups: &mut Vec<Group>, dropped: &[usize]) -> bool {
    for group in groups.iter() {
        let (Some(first), Some(last)) = (group.olds.first(), group.olds.last()) else { continue };
        let whole: BTreeSet<usize> =
            (*first..=*last).filter(|place| !dropped.contains(place)).collect();
        if whole != group.olds {
            join(groups, &whole, None);
            return true;
        }
    }
    false
}

fn is_changed(group: &Group, olds: &[Partition], news: &[Partition]) -> bool {
    let mut old = group.olds.iter();
    let mut new = group.news.iter();
    match (old.next(), old.next(), new.next(), new.next()) {
        (Some(old), None, Some(new), None) => !is_unchanged(&olds[*old], &news[*new]),
        _ => true,
    }
}
