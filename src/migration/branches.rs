//! What two branches have added to a list of migrations, by the chain values of its lines.

use std::collections::BTreeSet;

use super::locked::follows;
use crate::source::LockedMigration;

/// The lines that branches have added, each branch in the order of its versions. A line depends on
/// the one before it, so the lines themselves say of which branch they are, in whatever order they
/// were merged. Lines that both branches have come first, as a branch of their own that is empty if
/// there are none; then the branches, the one with the oldest line first.
pub fn branches(lists: &[&[LockedMigration]]) -> Vec<Vec<LockedMigration>> {
    let mut lines: Vec<&LockedMigration> = Vec::new();
    for line in lists.iter().copied().flatten() {
        let is_same = |other: &&LockedMigration| {
            (&other.version, &other.sum, &other.chain) == (&line.version, &line.sum, &line.chain)
        };
        if !lines.iter().any(is_same) {
            lines.push(line);
        }
    }
    // The position of the line before each: `None` for a first line, and for one without a line
    // before it, which begins a branch.
    let before: Vec<Option<usize>> = (0..lines.len())
        .map(|place| {
            // In most cases it is the one above.
            let is_before = |other: &usize| follows(Some(lines[*other]), lines[place]);
            let above = place.checked_sub(1).filter(is_before);
            above.or_else(|| (0..lines.len()).find(is_before))
        })
        .collect();
    let after = |place: Option<usize>| -> Vec<usize> {
        (0..lines.len()).filter(|line| before[*line] == place).collect()
    };
    let mut shared = Vec::new();
    let mut next = after(None);
    while let [only] = next.as_slice() {
        shared.push(lines[*only].clone());
        next = after(Some(*only));
    }
    let mut found: Vec<Vec<LockedMigration>> = next
        .into_iter()
        .map(|first| {
            let mut branch = Vec::new();
            let mut seen = BTreeSet::new();
            let mut waiting = vec![first];
            while let Some(line) = waiting.pop() {
                if seen.insert(line) {
                    branch.push(lines[line].clone());
                    waiting.extend(after(Some(line)));
                }
            }
            branch.sort_by(|one, other| one.version.cmp(&other.version));
            branch
        })
        .collect();
    found.sort_by(|one, other| one[0].version.cmp(&other[0].version));
    found.insert(0, shared);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Sum, line_after};

    fn after(list: &[LockedMigration], version: &str) -> LockedMigration {
        line_after(list.last(), version, &Sum::written(version))
    }

    fn versions(lists: &[&[LockedMigration]]) -> Vec<Vec<String>> {
        let of = |branch: Vec<LockedMigration>| branch.into_iter().map(|it| it.version).collect();
        branches(lists).into_iter().map(of).collect()
    }

    #[test]
    fn lines_say_of_which_branch_they_are() {
        let mut base = Vec::new();
        for version in ["1", "2"] {
            base.push(after(&base, version));
        }
        let mut ours = base.clone();
        for version in ["4", "6"] {
            ours.push(after(&ours, version));
        }
        let theirs = [base.clone(), vec![after(&base, "5")]].concat();
        let expected = [vec!["1", "2"], vec!["4", "6"], vec!["5"]];
        assert_eq!(versions(&[&ours, &theirs]), expected);
        assert_eq!(versions(&[&theirs, &ours]), expected);
        // Merged into one list, in any order.
        let merged = [theirs.clone(), ours[2..].to_vec()].concat();
        assert_eq!(versions(&[&merged]), expected);
        assert_eq!(versions(&[&ours]), [["1", "2", "4", "6"]]);
        assert_eq!(versions(&[&[]]), [Vec::<String>::new()]);
        // The first migrations of both.
        let (one, other) = ([after(&[], "1")], [after(&[], "2")]);
        assert_eq!(versions(&[&one, &other]), [vec![], vec!["1"], vec!["2"]]);
    }
}
