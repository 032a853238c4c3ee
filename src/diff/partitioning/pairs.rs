//! Which partition of the old table is which of the new one.

use crate::model::{Partition, PartitionBounds, PartitionValue, same_name};
use crate::normalize::expression::{Sameness, compare};

/// A way to match an old partition with a new one.
type Matching<'a> = &'a dyn Fn(&Partition, &Partition) -> bool;

/// For each new partition the place of the old one that it is: of the same name or, where that
/// counts and none has it, with the same bounds.
pub(super) fn pair(olds: &[Partition], news: &[Partition], by_bounds: bool) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; news.len()];
    let mut used = vec![false; olds.len()];
    let named = |old: &Partition, new: &Partition| same_name(&old.name, &new.name);
    let bounded =
        |old: &Partition, new: &Partition| same_bounds(&old.bounds, &new.bounds) == Sameness::Same;
    let rounds: [Matching<'_>; 2] = [&named, &bounded];
    for matches in rounds.into_iter().take(1 + usize::from(by_bounds)) {
        for (place, new) in news.iter().enumerate() {
            if pairs[place].is_none()
                && let Some(old) = (0..olds.len()).find(|it| !used[*it] && matches(&olds[*it], new))
            {
                used[old] = true;
                pairs[place] = Some(old);
            }
        }
    }
    pairs
}

/// Whether two partitions take the same rows. The order of the values of LIST is of no matter.
pub(crate) fn same_bounds(old: &PartitionBounds, new: &PartitionBounds) -> Sameness {
    match (old, new) {
        (PartitionBounds::LessThan(a), PartitionBounds::LessThan(b)) => same_values(a, b),
        (PartitionBounds::In(a), PartitionBounds::In(b)) => {
            let is_open = |entries: &[Vec<PartitionValue>]| {
                entries.iter().flatten().any(|it| matches!(it, PartitionValue::Expression(_)))
            };
            if is_open(a) || is_open(b) {
                let flat = |entries: &[Vec<PartitionValue>]| -> Vec<PartitionValue> {
                    entries.iter().flatten().cloned().collect()
                };
                return match same_values(&flat(a), &flat(b)) {
                    Sameness::Different => Sameness::Unknown,
                    other => other,
                };
            }
            let holds = |a: &[Vec<PartitionValue>], b: &[Vec<PartitionValue>]| {
                a.iter().all(|entry| b.contains(entry))
            };
            if holds(a, b) && holds(b, a) { Sameness::Same } else { Sameness::Different }
        }
        (a, b) if a == b => Sameness::Same,
        _ => Sameness::Different,
    }
}

fn same_values(old: &[PartitionValue], new: &[PartitionValue]) -> Sameness {
    if old.len() != new.len() {
        return Sameness::Different;
    }
    let mut result = Sameness::Same;
    for pair in old.iter().zip(new) {
        match pair {
            (PartitionValue::Expression(a), PartitionValue::Expression(b)) => match compare(a, b) {
                Sameness::Same => {}
                _ => result = Sameness::Unknown,
            },
            (PartitionValue::Expression(_), _) | (_, PartitionValue::Expression(_)) => {
                result = Sameness::Unknown;
            }
            (a, b) if a == b => {}
            _ => return Sameness::Different,
        }
    }
    result
}
