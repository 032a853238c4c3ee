//! Statements that change values without an error.

use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;

pub(super) const RULE: Rule = Rule {
    name: "loses-values",
    summary: "a statement that rounds, cuts or otherwise changes values without an error",
    severity: Some(Severity::Warning),
    page: include_str!("pages/loses-values.md"),
    check: Check::Risks(&[
        (RiskKind::LoseValues, Severity::Warning),
        (RiskKind::RewriteHistory, Severity::Warning),
        // The reverse restores these.
        (RiskKind::ChangeValues, Severity::Note),
        (RiskKind::EmptyValues, Severity::Note),
    ]),
};

#[cfg(test)]
mod tests {
    use crate::lint::tests::{migrated, named};

    const RULE: &str = "loses-values";

    #[test]
    fn a_wider_type_and_one_that_refuses_are_no_findings() {
        let table = "CREATE TABLE t (a int, b decimal(9,2))";
        for after in [
            "CREATE TABLE t (a bigint, b decimal(12,2))",
            // The server refuses a value that doesn't fit.
            "CREATE TABLE t (a smallint, b decimal(9,2))",
        ] {
            assert_eq!(migrated(RULE, table, after), [], "{after}");
        }
    }

    #[test]
    fn decimals_that_are_rounded_are_found() {
        let found =
            migrated(RULE, "CREATE TABLE t (b decimal(9,2))", "CREATE TABLE t (b decimal(9,1))");
        assert_eq!(named(&found), ["warning lose-values tables.t.columns.b"]);
    }
}
