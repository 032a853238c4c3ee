//! Indexes that are dropped before anything shows that no query needs them.

use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;

/// A note, because for a small table, or a new index, it is enough to drop it.
pub(super) const RULE: Rule = Rule {
    name: "drop-index-while-visible",
    summary: "an index is dropped that queries can use until then",
    severity: Some(Severity::Note),
    page: include_str!("pages/drop-index-while-visible.md"),
    check: Check::Risks(&[(RiskKind::DropIndex, Severity::Note)]),
};

#[cfg(test)]
mod tests {
    use crate::lint::tests::{migrated, named};

    const RULE: &str = "drop-index-while-visible";

    #[test]
    fn an_invisible_a_unique_and_a_served_index_are_no_findings() {
        let without = "CREATE TABLE t (a int, b int)";
        let invisible = "CREATE TABLE t (a int, b int, KEY k (a) INVISIBLE)";
        assert_eq!(migrated(RULE, invisible, without), []);
        assert_eq!(migrated(RULE, "CREATE TABLE t (a int, b int, UNIQUE k (a))", without), []);
        let served = "CREATE TABLE t (a int, b int, KEY l (a, b))";
        assert_eq!(
            migrated(RULE, "CREATE TABLE t (a int, b int, KEY k (a), KEY l (a, b))", served),
            []
        );
        // The first of the two steps.
        assert_eq!(migrated(RULE, "CREATE TABLE t (a int, b int, KEY k (a))", invisible), []);
    }

    #[test]
    fn a_visible_index_is_found() {
        let found = migrated(
            RULE,
            "CREATE TABLE t (a int, b int, KEY k (a))",
            "CREATE TABLE t (a int, b int)",
        );
        assert_eq!(named(&found), ["note drop-index tables.t.indexes.k"]);
    }
}
