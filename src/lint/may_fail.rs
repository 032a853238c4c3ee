//! Statements that fail because of rows that are there.

use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;

/// A note, because only the rows can tell.
pub(super) const RULE: Rule = Rule {
    name: "may-fail",
    summary: "a statement that fails if there are rows that don't fit",
    severity: Some(Severity::Note),
    page: include_str!("pages/may-fail.md"),
    check: Check::Risks(&[
        (RiskKind::LossyConversion, Severity::Note),
        (RiskKind::RemoveMember, Severity::Note),
        (RiskKind::NotNull, Severity::Note),
        (RiskKind::NewConstraint, Severity::Note),
        (RiskKind::ComputedValues, Severity::Note),
        (RiskKind::ZeroDate, Severity::Note),
    ]),
};

#[cfg(test)]
mod tests {
    use crate::lint::tests::{migrated, named};

    const RULE: &str = "may-fail";

    #[test]
    fn what_every_row_satisfies_is_no_finding() {
        let table = "CREATE TABLE t (a int NOT NULL, b varchar(9))";
        for after in [
            "CREATE TABLE t (a int, b varchar(20))",
            "CREATE TABLE t (a int NOT NULL, b varchar(9), c int NOT NULL DEFAULT 1)",
            "CREATE TABLE t (a int NOT NULL, b varchar(9), KEY k (a))",
        ] {
            assert_eq!(migrated(RULE, table, after), [], "{after}");
        }
        // A new table has no rows.
        assert_eq!(migrated(RULE, "", "CREATE TABLE u (a int UNIQUE, CHECK (a > 1))"), []);
    }

    #[test]
    fn constraints_that_rows_may_violate_are_found() {
        let found = migrated(
            RULE,
            "CREATE TABLE t (a int, b varchar(9))",
            "CREATE TABLE t (a int NOT NULL, b varchar(5), UNIQUE u (b))",
        );
        assert_eq!(
            named(&found),
            [
                "note not-null tables.t.columns.a",
                "note lossy-conversion tables.t.columns.b",
                "note new-constraint tables.t.indexes.u",
            ]
        );
    }
}
