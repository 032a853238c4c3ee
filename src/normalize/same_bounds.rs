//! Whether the bounds of two partitions are the same.

use super::expression::{Sameness, compare};
use crate::model::{PartitionBounds, PartitionValue};

/// Whether two partitions take the same rows. The order of values in a LIST doesn't matter.
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
