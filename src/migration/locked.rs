//! The list of migrations in a lock file, and where it and the files differ.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};

use super::sum::{Sum, hex};
use crate::source::LockedMigration;

/// The line that follows another one, or the first line.
pub fn line_after(last: Option<&LockedMigration>, version: &str, sum: &Sum) -> LockedMigration {
    let chain = chain(last, version, sum.as_str());
    LockedMigration { version: version.to_owned(), sum: sum.to_string(), chain, place: None }
}

/// Whether a line was written after another one, or as the first.
pub(super) fn follows(last: Option<&LockedMigration>, line: &LockedMigration) -> bool {
    chain(last, &line.version, &line.sum) == line.chain
}

/// The chain value of a line: a hash of it and of the chain value before it.
fn chain(last: Option<&LockedMigration>, version: &str, sum: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(last.map_or("", |line| &line.chain));
    hash.update(format!("\n{version} {sum}"));
    hex(&hash.finalize()[..8])
}

/// A place where the list and the files disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disagreement {
    /// The list has a version of which there is no file.
    Deleted {
        /// The version.
        version: String,
    },
    /// A file has other statements than when it was listed.
    Edited {
        /// The version.
        version: String,
        /// The checksum that it has now.
        sum: Sum,
    },
    /// A file whose version is not in the list.
    Added {
        /// The version.
        version: String,
        /// Whether the list goes on with later versions, so that databases may have these already.
        is_late: bool,
    },
    /// Two files have the same version.
    SameVersion {
        /// The version.
        version: String,
    },
    /// The list has a version after a later one, or twice.
    OutOfOrder {
        /// The version.
        version: String,
    },
    /// A line doesn't follow from the one before it: a line was removed, added or changed by hand,
    /// or two branches were merged.
    BrokenChain {
        /// The version of the first such line.
        version: String,
    },
}

impl Disagreement {
    /// The version that it is about.
    pub fn version(&self) -> &str {
        match self {
            Disagreement::Deleted { version }
            | Disagreement::Edited { version, .. }
            | Disagreement::Added { version, .. }
            | Disagreement::SameVersion { version }
            | Disagreement::OutOfOrder { version }
            | Disagreement::BrokenChain { version } => version,
        }
    }
}

/// Where the list and the files disagree, in the order of the list and then of the files. `files` has
/// the version and the checksum of each, in the order of their versions.
pub fn disagreements(list: &[LockedMigration], files: &[(String, Sum)]) -> Vec<Disagreement> {
    let mut found = Vec::new();
    let sums: HashMap<&str, &Sum> =
        files.iter().map(|(version, sum)| (version.as_str(), sum)).collect();
    for (place, line) in list.iter().enumerate() {
        let version = || line.version.clone();
        match sums.get(line.version.as_str()) {
            None => found.push(Disagreement::Deleted { version: version() }),
            Some(sum) if sum.as_str() != line.sum => {
                found.push(Disagreement::Edited { version: version(), sum: (*sum).clone() });
            }
            Some(_) => {}
        }
        let last = place.checked_sub(1).map(|before| &list[before]);
        if last.is_some_and(|last| last.version >= line.version) {
            found.push(Disagreement::OutOfOrder { version: version() });
        }
    }
    let is_after = |place: &usize| {
        let last = place.checked_sub(1).map(|before| &list[before]);
        follows(last, &list[*place])
    };
    if let Some(place) = (0..list.len()).find(|place| !is_after(place)) {
        found.push(Disagreement::BrokenChain { version: list[place].version.clone() });
    }
    let listed: HashSet<&str> = list.iter().map(|line| line.version.as_str()).collect();
    let newest = list.iter().map(|line| line.version.as_str()).max();
    for (place, (version, _)) in files.iter().enumerate() {
        if place > 0 && files[place - 1].0 == *version {
            found.push(Disagreement::SameVersion { version: version.clone() });
        } else if !listed.contains(version.as_str()) {
            let is_late = newest.is_some_and(|newest| version.as_str() < newest);
            found.push(Disagreement::Added { version: version.clone(), is_late });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(sums: &[(&str, &str)]) -> Vec<LockedMigration> {
        let mut list: Vec<LockedMigration> = Vec::new();
        for (version, sum) in sums {
            let line = line_after(list.last(), version, &Sum::written(sum));
            list.push(line);
        }
        list
    }

    fn files(sums: &[(&str, &str)]) -> Vec<(String, Sum)> {
        sums.iter().map(|(version, sum)| ((*version).to_owned(), Sum::written(sum))).collect()
    }

    #[test]
    fn files_that_are_as_listed_agree() {
        let three = [("1", "a"), ("2", "b"), ("3", "c")];
        assert_eq!(disagreements(&list(&three), &files(&three)), []);
        assert_eq!(disagreements(&[], &[]), []);
    }

    #[test]
    fn each_disagreement_is_found() {
        let three = [("1", "a"), ("2", "b"), ("3", "c")];
        let version = |version: &str| version.to_owned();
        let found = |list: &[(&str, &str)], of: &[(&str, &str)]| {
            disagreements(&self::list(list), &files(of))
        };
        assert_eq!(
            found(&three, &[("1", "a"), ("3", "c")]),
            [Disagreement::Deleted { version: version("2") }]
        );
        assert_eq!(
            found(&three, &[("1", "a"), ("2", "x"), ("3", "c")]),
            [Disagreement::Edited { version: version("2"), sum: Sum::written("x") }]
        );
        assert_eq!(
            found(&three[..2], &three),
            [Disagreement::Added { version: version("3"), is_late: false }]
        );
        assert_eq!(
            found(&[("1", "a"), ("3", "c")], &three),
            [Disagreement::Added { version: version("2"), is_late: true }]
        );
        assert_eq!(
            found(&three, &[("1", "a"), ("2", "b"), ("2", "x"), ("3", "c")]),
            [
                Disagreement::Edited { version: version("2"), sum: Sum::written("x") },
                Disagreement::SameVersion { version: version("2") },
            ]
        );
        assert_eq!(
            found(&[("1", "a"), ("3", "c"), ("2", "b")], &three),
            [Disagreement::OutOfOrder { version: version("2") }]
        );
    }

    #[test]
    fn lines_of_two_branches_do_not_follow_from_each_other() {
        let base = list(&[("1", "a")]);
        let ours = line_after(base.last(), "2", &Sum::written("b"));
        let theirs = line_after(base.last(), "3", &Sum::written("c"));
        let merged = [base, vec![ours, theirs]].concat();
        let files = files(&[("1", "a"), ("2", "b"), ("3", "c")]);
        assert_eq!(
            disagreements(&merged, &files),
            [Disagreement::BrokenChain { version: "3".to_owned() }]
        );
    }
}
