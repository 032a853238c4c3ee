//! Statements on which programs stumble that run meanwhile.

use super::{Check, Rule};
use crate::diagnostic::Severity;
use crate::plan::RiskKind;

pub(super) const RULE: Rule = Rule {
    name: "breaks-running-code",
    summary: "a statement after which programs fail that know the schema before it",
    severity: Some(Severity::Warning),
    page: include_str!("pages/breaks-running-code.md"),
    check: Check::Risks(&[
        (RiskKind::Rename, Severity::Warning),
        (RiskKind::DropTable, Severity::Warning),
        (RiskKind::DropColumn, Severity::Warning),
        (RiskKind::DropSequence, Severity::Warning),
        (RiskKind::NeedsValue, Severity::Warning),
        (RiskKind::BreaksObject, Severity::Warning),
        // It is often made again by the next statement.
        (RiskKind::DropObject, Severity::Note),
        (RiskKind::DropGenerated, Severity::Note),
    ]),
};

#[cfg(test)]
mod tests {
    use crate::lint::tests::{migrated, named};

    const RULE: &str = "breaks-running-code";

    #[test]
    fn what_old_programs_do_not_notice_is_no_finding() {
        let table = "CREATE TABLE t (a int NOT NULL, b varchar(9))";
        for after in [
            "CREATE TABLE t (a bigint NOT NULL, b varchar(9), c int)",
            "CREATE TABLE t (a int NOT NULL, b varchar(9), c int NOT NULL DEFAULT 1)",
            "CREATE TABLE t (a int NOT NULL DEFAULT 2, b varchar(20), KEY k (b))",
        ] {
            assert_eq!(migrated(RULE, table, after), [], "{after}");
        }
    }

    #[test]
    fn a_column_that_needs_a_value_is_found() {
        let found = migrated(
            RULE,
            "CREATE TABLE t (a int NOT NULL DEFAULT 1)",
            "CREATE TABLE t (a int NOT NULL)",
        );
        assert_eq!(named(&found), ["warning needs-value tables.t.columns.a"]);
    }
}
