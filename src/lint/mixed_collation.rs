//! Tables and columns whose collation is not that of the others.

use super::Rule;
use super::draft::Draft;
use super::subject::Subject;
use crate::diagnostic::Severity;
use crate::model::{Column, Element, Table};

pub(super) const RULE: Rule = Rule {
    name: "mixed-collation",
    summary: "a table or column whose collation is not that of the others",
    severity: Severity::Warning,
    page: include_str!("pages/mixed-collation.md"),
    check,
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let usual = subject.usual_collation;
    let own = table.options.collation.as_deref();
    if let (Some(usual), Some(own)) = (usual, own)
        && own != usual
    {
        drafts.push(
            Draft::new(
                Element::option(&table.name, "collation"),
                format!("table {} has the collation {own}, other tables have {usual}", table.name),
            )
            .why(consequence(own, usual))
            .help(format!("give it the collation {usual}, and its columns too")),
        );
    }
    for column in &table.columns {
        let Some(collation) = column.collation.as_deref() else { continue };
        if Some(collation) != own && Some(collation) != usual && !is_deliberate(column, collation) {
            let other = own.or(usual).unwrap_or_default();
            drafts.push(column_draft(table, column, collation, other));
        }
    }
}

fn column_draft(table: &Table, column: &Column, collation: &str, other: &str) -> Draft {
    Draft::new(
        Element::column(&table.name, &column.name),
        format!(
            "column {}.{} has the collation {collation}, its table has {other}",
            table.name, column.name
        ),
    )
    .why(consequence(collation, other))
    .help(format!("leave its collation out, so that it takes {other}"))
}

/// What a comparison of a column of the one collation with one of the other leads to.
fn consequence(a: &str, b: &str) -> &'static str {
    if charset(a) == charset(b) {
        "comparing it with the others fails: Illegal mix of collations (1267)"
    } else {
        "comparing it with the others converts each value, so that no index on it is used"
    }
}

/// The character set of a collation, which its name begins with.
fn charset(collation: &str) -> &str {
    collation.split('_').next().unwrap_or(collation)
}

/// Whether a column's collation is one that is chosen for the column's own sake: bytes that are
/// compared as they are (identifiers, hashes, tokens), which compares with any other collation of
/// its character set, or plain ASCII.
fn is_deliberate(column: &Column, collation: &str) -> bool {
    collation.ends_with("_bin")
        || collation == "binary"
        || column.charset.as_deref() == Some("ascii")
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "mixed-collation";

    fn table(name: &str, collation: &str, columns: &str) -> String {
        format!(
            "CREATE TABLE {name} (id int PRIMARY KEY, {columns}) \
             DEFAULT CHARSET=utf8mb4 COLLATE={collation}"
        )
    }

    #[test]
    fn one_collation_is_no_finding() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9)");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9), y text");
        assert_eq!(found(RULE, &[&a, &b]), []);
    }

    #[test]
    fn the_table_that_is_not_as_most_is_named_once() {
        let a = table("a", "utf8mb4_unicode_ci", "x varchar(9), y varchar(9)");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9)");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        let findings = found(RULE, &[&a, &b, &c]);
        assert_eq!(
            messages(&findings),
            ["table a has the collation utf8mb4_unicode_ci, other tables have utf8mb4_general_ci"]
        );
        assert_eq!(
            findings[0].why,
            "comparing it with the others fails: Illegal mix of collations (1267)"
        );
    }

    #[test]
    fn a_column_of_another_collation_is() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9) COLLATE utf8mb4_unicode_ci");
        let findings = found(RULE, &[&a]);
        assert_eq!(
            messages(&findings),
            ["column a.x has the collation utf8mb4_unicode_ci, its table has utf8mb4_general_ci"]
        );
        assert_eq!(findings[0].element.to_string(), "tables.a.columns.x");
    }

    #[test]
    fn a_column_of_another_character_set_is() {
        let a = table("a", "utf8mb4_general_ci", "x varchar(9) COLLATE latin1_swedish_ci");
        let findings = found(RULE, &[&a]);
        assert_eq!(
            findings[0].why,
            "comparing it with the others converts each value, so that no index on it is used"
        );
    }

    #[test]
    fn binary_and_ascii_columns_are_meant() {
        let columns = "x varchar(9) COLLATE utf8mb4_bin, y char(36) CHARACTER SET ascii";
        assert_eq!(found(RULE, &[&table("a", "utf8mb4_general_ci", columns)]), []);
    }

    #[test]
    fn a_column_that_is_as_most_tables_are_is_no_finding() {
        let a = table("a", "utf8mb4_unicode_ci", "x varchar(9) COLLATE utf8mb4_general_ci");
        let b = table("b", "utf8mb4_general_ci", "x varchar(9)");
        let c = table("c", "utf8mb4_general_ci", "x varchar(9)");
        assert_eq!(found(RULE, &[&a, &b, &c]).len(), 1);
    }
}
