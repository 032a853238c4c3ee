//! The CREATE statements of both sides, line by line next to each other.

use similar::{DiffOp, TextDiff};

use super::highlight::{self, SqlLine};
use crate::compare::Comparison;
use crate::report::one_line;
use crate::report::unified::created_texts;

/// The definition of a table or object on both sides.
pub(super) struct ComparedText {
    pub(super) table: String,
    /// `added`, `removed`, `changed`
    pub(super) sign: &'static str,
    pub(super) rows: Vec<ComparedRow>,
}

/// A line of either side, or of both.
pub(super) struct ComparedRow {
    /// `same`, `changed`, `added`, `removed`
    pub(super) class: &'static str,
    pub(super) old: Option<NumberedLine>,
    pub(super) new: Option<NumberedLine>,
}

/// A line with its number, counted from 1.
pub(super) struct NumberedLine {
    pub(super) number: usize,
    pub(super) spans: SqlLine,
}

pub(super) fn all(comparison: &Comparison) -> Vec<ComparedText> {
    let texts = created_texts(comparison).into_iter();
    texts.map(|(name, old, new)| compared(comparison, &name, &old, &new)).collect()
}

fn compared(comparison: &Comparison, name: &str, old: &str, new: &str) -> ComparedText {
    let lines = |text: &str| {
        let lines = highlight::lines(text, comparison.server).into_iter().enumerate();
        lines.map(|(at, spans)| Some(NumberedLine { number: at + 1, spans })).collect()
    };
    let (mut of_old, mut of_new): (Vec<_>, Vec<_>) = (lines(old), lines(new));
    let mut take = |class, old: Option<usize>, new: Option<usize>| ComparedRow {
        class,
        old: old.and_then(|at| of_old.get_mut(at)?.take()),
        new: new.and_then(|at| of_new.get_mut(at)?.take()),
    };
    let (old_keys, new_keys) = (keys(old), keys(new));
    let diff = TextDiff::from_slices(&old_keys, &new_keys);
    let mut rows = Vec::new();
    for op in diff.ops() {
        let (from, to) = (op.old_range(), op.new_range());
        for at in 0..from.len().max(to.len()) {
            let (old, new) = (from.clone().nth(at), to.clone().nth(at));
            let class = match (op, old, new) {
                (DiffOp::Equal { .. }, ..) => "same",
                (_, Some(_), Some(_)) => "changed",
                (_, None, _) => "added",
                (_, Some(_), None) => "removed",
            };
            rows.push(take(class, old, new));
        }
    }
    let sign = match (old.is_empty(), new.is_empty()) {
        (true, _) => "added",
        (_, true) => "removed",
        _ => "changed",
    };
    ComparedText { table: one_line(name), sign, rows }
}

/// The lines as they are compared. The comma after the last line of a table is no difference to a
/// reader.
fn keys(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.trim_end_matches(',')).collect()
}
