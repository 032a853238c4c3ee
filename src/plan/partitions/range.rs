//! RANGE: the bounds that both lists have divide the lists into segments. A segment holds the same
//! rows before and after the change.

use std::cmp::Ordering;
use std::ops::Range;

use crate::model::{Partition, PartitionBounds, PartitionValue};
use crate::normalize::expression::Sameness;
use crate::normalize::same_bounds;
use crate::plan::partitions::{
    Destroyed, Draft, add_partitions, drop_partitions, has_name, is_unchanged, reorganize,
};
use crate::words::bounds_words;

/// Neighbouring old partitions that become neighbouring new ones.
#[derive(Debug, Clone)]
struct Segment {
    old: Range<usize>,
    new: Range<usize>,
}

/// The statements that turn one list into another. `None` if it is uncertain which of two bounds is
/// greater, or if a new name can't be made free in time.
pub(super) fn drafts(olds: &[Partition], news: &[Partition]) -> Option<Vec<Draft>> {
    let (mut segments, tail) = segments(olds, news);
    segments.retain(|segment| is_changed(segment, olds, news));
    let mut added = tail.new.clone();
    // The partitions beyond the end of the new list.
    let mut beyond = tail.old.clone();
    // What remains of the partition that the end of the new list cuts in two.
    let mut rest = None;
    if !tail.old.is_empty() && !tail.new.is_empty() {
        let end = &news[tail.new.end - 1].bounds;
        let reaches = |old: &Partition| order(&old.bounds, end);
        added = tail.new.end..tail.new.end;
        match reaches(&olds[tail.old.end - 1])? {
            // Two equal bounds would have ended a segment, so no two bounds of the tails are equal.
            Ordering::Less | Ordering::Equal => {
                beyond = tail.old.end..tail.old.end;
                segments.push(Segment { old: tail.old, new: tail.new });
            }
            Ordering::Greater => {
                let mut cut = tail.old.start;
                while reaches(&olds[cut])? == Ordering::Less {
                    cut += 1;
                }
                beyond = cut + 1..tail.old.end;
                rest = Some(Partition::new(free_name(olds, news), olds[cut].bounds.clone()));
                segments.push(Segment { old: tail.old.start..cut + 1, new: tail.new });
            }
        }
    }
    let parts = Parts { olds, news, segments, rest, beyond, added };
    let drafts = parts.drafts();
    drafts.or_else(|| parts.joined().drafts())
}

struct Parts<'a> {
    olds: &'a [Partition],
    news: &'a [Partition],
    /// The segments that change, in order.
    segments: Vec<Segment>,
    /// A partition after the new ones of the last segment. It is made only to be dropped.
    rest: Option<Partition>,
    beyond: Range<usize>,
    added: Range<usize>,
}

impl Parts<'_> {
    /// The statements. Partitions are dropped first, so that their names are free. `None` if a name
    /// is still taken when it is needed.
    fn drafts(&self) -> Option<Vec<Draft>> {
        let mut drafts: Vec<Draft> = Vec::new();
        let mut current = self.olds.to_vec();
        let mut segments = self.segments.clone();
        let mut dropped = self.olds[self.beyond.clone()].to_vec();
        if let Some(rest) = &self.rest {
            let last = segments.pop()?;
            let mut into = self.news[last.new].to_vec();
            into.push(rest.clone());
            dropped.insert(0, rest.clone());
            self.push(&mut drafts, &mut current, reorganize(self.olds, last.old, &into))?;
        }
        if !dropped.is_empty() {
            let mut draft = drop_partitions(&current, &dropped);
            if let (Some(rest), Some(first)) = (&self.rest, draft.destroyed.first_mut()) {
                *first = self.cut_off(rest)?;
            }
            self.push(&mut drafts, &mut current, draft)?;
        }
        for segment in segments {
            let first = &self.olds[segment.old.start].name;
            let at = current.iter().position(|partition| partition.name == *first)?;
            let run = at..at + segment.old.len();
            let draft = reorganize(&current, run, &self.news[segment.new]);
            self.push(&mut drafts, &mut current, draft)?;
        }
        if !self.added.is_empty() {
            let draft = add_partitions(&current, &self.news[self.added.clone()]);
            self.push(&mut drafts, &mut current, draft)?;
        }
        Some(drafts)
    }

    /// The rows of an old partition that lie beyond the end of the new list.
    fn cut_off(&self, rest: &Partition) -> Option<Destroyed> {
        let cut = self.olds.iter().find(|old| old.bounds == rest.bounds)?;
        let end = bounds_words(&self.news.last()?.bounds);
        Some(Destroyed { partition: cut.name.clone(), values: Some(format!("not {end}")) })
    }

    fn push(
        &self,
        drafts: &mut Vec<Draft>,
        current: &mut Vec<Partition>,
        draft: Draft,
    ) -> Option<()> {
        let after = &draft.after;
        let taken = (0..after.len()).any(|at| has_name(&after[..at], &after[at].name));
        if taken {
            return None;
        }
        current.clone_from(after);
        drafts.push(draft);
        Some(())
    }

    /// The same with all segments joined into one, so that a name can move from one segment to
    /// another.
    fn joined(&self) -> Parts<'_> {
        let ends = self.segments.first().zip(self.segments.last());
        let joined = ends.map(|(first, last)| Segment {
            old: first.old.start..last.old.end,
            new: first.new.start..last.new.end,
        });
        Parts {
            olds: self.olds,
            news: self.news,
            segments: joined.into_iter().collect(),
            rest: self.rest.clone(),
            beyond: self.beyond.clone(),
            added: self.added.clone(),
        }
    }
}

/// The segments that end with a bound of both lists, and what follows the last of them.
fn segments(olds: &[Partition], news: &[Partition]) -> (Vec<Segment>, Segment) {
    let mut segments = Vec::new();
    let (mut old_start, mut new_start) = (0, 0);
    for (new, partition) in news.iter().enumerate() {
        let same = |old: &Partition| same_bounds(&old.bounds, &partition.bounds) == Sameness::Same;
        if let Some(found) = olds.iter().skip(old_start).position(same) {
            let old_end = old_start + found + 1;
            segments.push(Segment { old: old_start..old_end, new: new_start..new + 1 });
            (old_start, new_start) = (old_end, new + 1);
        }
    }
    (segments, Segment { old: old_start..olds.len(), new: new_start..news.len() })
}

fn is_changed(segment: &Segment, olds: &[Partition], news: &[Partition]) -> bool {
    match (&olds[segment.old.clone()], &news[segment.new.clone()]) {
        ([old], [new]) => !is_unchanged(old, new),
        _ => true,
    }
}

/// The order of two bounds. `None` if only a server knows it, because it compares texts by their
/// collation.
fn order(a: &PartitionBounds, b: &PartitionBounds) -> Option<Ordering> {
    let (PartitionBounds::LessThan(a), PartitionBounds::LessThan(b)) = (a, b) else { return None };
    for (a, b) in a.iter().zip(b) {
        let order = match (a, b) {
            (a, b) if a == b => Ordering::Equal,
            (PartitionValue::Maxvalue, _) => Ordering::Greater,
            (_, PartitionValue::Maxvalue) => Ordering::Less,
            (PartitionValue::Number(a), PartitionValue::Number(b)) => {
                a.parse::<i128>().ok()?.cmp(&b.parse().ok()?)
            }
            (PartitionValue::Bytes(a), PartitionValue::Bytes(b)) => a.cmp(b),
            (PartitionValue::Text(a), PartitionValue::Text(b)) if is_time(a) && is_time(b) => {
                a.cmp(b)
            }
            _ => return None,
        };
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// Whether a text is a date or time as `normalize` writes it, or at least sorts like one.
fn is_time(text: &str) -> bool {
    text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-: .".contains(&byte))
}

/// A name that no partition has.
fn free_name(olds: &[Partition], news: &[Partition]) -> String {
    let is_free = |name: &str| !has_name(olds, name) && !has_name(news, name);
    let numbered = (1..).map(|number| format!("beyond_{number}"));
    let mut names = std::iter::once("beyond".to_owned()).chain(numbered);
    names.find(|name| is_free(name)).unwrap_or_default()
}
