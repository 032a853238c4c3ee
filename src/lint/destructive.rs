//! Statements that destroy data.

use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;

pub(super) const RULE: Rule = Rule {
    name: "destructive",
    summary: "a statement that destroys rows or values",
    severity: Some(Severity::Warning),
    page: include_str!("pages/destructive.md"),
    check: Check::Risks(&[
        (RiskKind::DropTable, Severity::Warning),
        (RiskKind::DropColumn, Severity::Warning),
        (RiskKind::DropHistory, Severity::Warning),
        (RiskKind::DropPartition, Severity::Warning),
        (RiskKind::DropSequence, Severity::Warning),
        (RiskKind::Truncate, Severity::Warning),
    ]),
};

#[cfg(test)]
mod tests {
    use crate::lint::tests::{migrated, named};

    const RULE: &str = "destructive";

    #[test]
    fn what_destroys_no_rows_is_no_finding() {
        let table = "CREATE TABLE t (a int, b int, c int AS (a + 1), KEY k (b))";
        for after in [
            "CREATE TABLE t (a int, b int, KEY k (b))",
            "CREATE TABLE t (a bigint, b int, c int AS (a + 1), d int)",
        ] {
            assert_eq!(migrated(RULE, table, after), [], "{after}");
        }
        assert_eq!(migrated(RULE, "", table), []);
    }

    #[test]
    fn a_table_and_a_column_that_go_are_found() {
        let found = migrated(
            RULE,
            "CREATE TABLE t (a int, b int); CREATE TABLE u (a int)",
            "CREATE TABLE t (a int)",
        );
        assert_eq!(
            named(&found),
            ["warning drop-column tables.t.columns.b", "warning drop-table tables.u"]
        );
    }
}
