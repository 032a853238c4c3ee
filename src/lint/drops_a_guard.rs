//! Statements after which the server refuses less.

use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;

/// A note, because who drops a constraint mostly means it.
pub(super) const RULE: Rule = Rule {
    name: "drops-a-guard",
    summary: "a statement after which the server refuses less: a dropped foreign key, CHECK or \
              unique index",
    severity: Some(Severity::Note),
    page: include_str!("pages/drops-a-guard.md"),
    check: Check::Risks(&[
        (RiskKind::DropConstraint, Severity::Note),
        (RiskKind::DropUnique, Severity::Note),
        (RiskKind::ReferentialAction, Severity::Note),
        (RiskKind::NoTransactions, Severity::Warning),
    ]),
};

#[cfg(test)]
mod tests {
    use crate::lint::tests::{migrated, named};

    const RULE: &str = "drops-a-guard";

    #[test]
    fn a_plain_index_and_a_unique_one_that_another_replaces_are_no_findings() {
        let table = "CREATE TABLE t (a int NOT NULL, b int, KEY k (b), UNIQUE u (a))";
        for after in [
            "CREATE TABLE t (a int NOT NULL, b int, UNIQUE u (a))",
            "CREATE TABLE t (a int NOT NULL, b int, KEY k (b), UNIQUE v (a))",
        ] {
            assert_eq!(migrated(RULE, table, after), [], "{after}");
        }
    }

    #[test]
    fn a_foreign_key_a_check_and_a_unique_index_that_go_are_found() {
        let found = migrated(
            RULE,
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, KEY k (a), \
             UNIQUE u (b), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id), \
             CONSTRAINT c CHECK (b > 0))",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, KEY k (a))",
        );
        let mut names = named(&found);
        names.sort();
        assert_eq!(
            names,
            [
                "note drop-constraint tables.t.checks.c",
                "note drop-constraint tables.t.foreign_keys.f",
                "note drop-unique tables.t.indexes.u",
            ]
        );
    }
}
