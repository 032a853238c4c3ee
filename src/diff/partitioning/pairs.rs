//! Matches the partitions of the old table with those of the new one.

use crate::model::{Partition, same_name};
use crate::normalize::expression::Sameness;
use crate::normalize::same_bounds;

/// A way to match an old partition with a new one.
type Matching<'a> = &'a dyn Fn(&Partition, &Partition) -> bool;

/// For each new partition, the place of the old one that it is matched with: the one with the same
/// name or, with `by_bounds`, if there is none, the one with the same bounds.
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
