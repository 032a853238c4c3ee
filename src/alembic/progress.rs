//! How far a database is along the revisions.

use std::collections::{HashMap, HashSet};

use super::revisions::{Revision, heads};
use crate::ordering;

/// How far a database is along the revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionProgress<'r> {
    /// The revisions that it has, in an order in which they can have been carried out.
    pub applied: Vec<&'r Revision>,
    /// Those that it doesn't have, in an order in which they can be carried out.
    pub pending: Vec<&'r Revision>,
    /// The revisions that no other follows.
    pub heads: Vec<&'r Revision>,
    /// What its table names and no file is of.
    pub unknown: Vec<String>,
}

impl<'r> RevisionProgress<'r> {
    /// How far a database is whose table names the revisions `there`: it has these, and all that they
    /// follow or depend on.
    pub fn of(revisions: &'r [Revision], there: &[String]) -> RevisionProgress<'r> {
        let positions: HashMap<&str, usize> =
            revisions.iter().enumerate().map(|(at, it)| (it.id.as_str(), at)).collect();
        let position = |id: &String| positions.get(id.as_str()).copied();
        let needs: Vec<Vec<usize>> = revisions
            .iter()
            .map(|it| it.follows.iter().chain(&it.depends_on).filter_map(position).collect())
            .collect();
        let mut has: HashSet<usize> = HashSet::new();
        let mut open: Vec<usize> = there.iter().filter_map(position).collect();
        while let Some(at) = open.pop() {
            if has.insert(at) {
                open.extend(&needs[at]);
            }
        }
        let (applied, pending): (Vec<usize>, Vec<usize>) =
            ordering::in_order(&needs).into_iter().partition(|at| has.contains(at));
        let named =
            |positions: Vec<usize>| positions.into_iter().map(|at| &revisions[at]).collect();
        RevisionProgress {
            applied: named(applied),
            pending: named(pending),
            heads: heads(revisions),
            unknown: there.iter().filter(|id| position(id).is_none()).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revisions() -> Vec<Revision> {
        let revision = |id: &str, follows: &[&str], depends_on: &[&str]| Revision {
            id: id.to_owned(),
            follows: follows.iter().map(|&it| it.to_owned()).collect(),
            depends_on: depends_on.iter().map(|&it| it.to_owned()).collect(),
            path: format!("{id}.py").into(),
        };
        vec![
            revision("e", &["d", "c"], &[]),
            revision("d", &["b"], &[]),
            revision("c", &["b"], &[]),
            revision("b", &["a"], &[]),
            revision("a", &[], &[]),
            revision("z", &[], &["b"]),
        ]
    }

    fn ids(there: &[&str]) -> [String; 3] {
        let revisions = revisions();
        let there: Vec<String> = there.iter().map(|&it| it.to_owned()).collect();
        let found = RevisionProgress::of(&revisions, &there);
        let ids = |of: &[&Revision]| of.iter().map(|it| it.id.as_str()).collect::<String>();
        assert_eq!(ids(&found.heads), "ez");
        [ids(&found.applied), ids(&found.pending), found.unknown.join(" ")]
    }

    #[test]
    fn a_database_has_what_its_revisions_follow() {
        assert_eq!(ids(&[]), ["", "abdcez", ""]);
        assert_eq!(ids(&["b"]), ["ab", "dcez", ""]);
        assert_eq!(ids(&["c"]), ["abc", "dez", ""]);
        assert_eq!(ids(&["e", "z"]), ["abdcez", "", ""]);
        // Alembic's table doesn't name what another revision in it depends on.
        assert_eq!(ids(&["z"]), ["abz", "dce", ""]);
        assert_eq!(ids(&["a", "new"]), ["a", "bdcez", "new"]);
    }
}
