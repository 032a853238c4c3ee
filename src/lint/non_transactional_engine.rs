//! Tables whose engine has no transactions.

use super::Rule;
use super::draft::Draft;
use super::subject::Subject;
use crate::diagnostic::Severity;
use crate::model::{Element, Table};
use crate::server;

pub(super) const RULE: Rule = Rule {
    name: "non-transactional-engine",
    summary: "a table whose storage engine has no transactions",
    severity: Severity::Warning,
    page: include_str!("pages/non-transactional-engine.md"),
    check,
};

/// Whether a table's engine is known to have no transactions.
pub(super) fn is_non_transactional(table: &Table) -> bool {
    let engine = table.options.engine.as_deref();
    engine.is_some_and(server::is_non_transactional)
}

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if !is_non_transactional(table) {
        return;
    }
    let engine = table.options.engine.as_deref().unwrap_or_default();
    let mut why = String::from("a ROLLBACK leaves its rows as they are");
    let foreign_keys = table.foreign_keys.len();
    if foreign_keys > 0 {
        why.push_str(&format!(", and its foreign keys ({foreign_keys}) are read and forgotten"));
    } else if !subject.referencing(&table.name).is_empty() {
        why.push_str(", and no foreign key can refer to it");
    }
    drafts.push(
        Draft::new(
            Element::option(&table.name, "engine"),
            format!("table {} has the engine {engine}, which has no transactions", table.name),
        )
        .why(why)
        .help(match table.options.row_format.as_deref() {
            Some(format) if format.eq_ignore_ascii_case("fixed") => {
                "write `engine: InnoDB`, and take `row_format` out: InnoDB has none that is fixed"
            }
            _ => "write `engine: InnoDB`",
        }),
    );
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "non-transactional-engine";

    #[test]
    fn innodb_and_an_unknown_engine_are_no_findings() {
        let innodb = "CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB";
        let unknown = "CREATE TABLE u (id int PRIMARY KEY) ENGINE=Unheard";
        assert_eq!(found(RULE, &[innodb, unknown, "CREATE TABLE v (id int PRIMARY KEY)"]), []);
    }

    #[test]
    fn myisam_is_whatever_its_case() {
        let findings = found(RULE, &["CREATE TABLE t (id int PRIMARY KEY) ENGINE=myisam"]);
        assert_eq!(
            messages(&findings),
            ["table t has the engine MyISAM, which has no transactions"]
        );
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.t.engine");
        assert_eq!(findings[0].why, "a ROLLBACK leaves its rows as they are");
    }

    #[test]
    fn a_row_format_that_innodb_has_not_goes_too() {
        let findings = found(RULE, &["CREATE TABLE t (id int) ENGINE=MyISAM ROW_FORMAT=FIXED"]);
        let last = findings[0].help.last().map(String::as_str);
        let wanted =
            "write `engine: InnoDB`, and take `row_format` out: InnoDB has none that is fixed";
        assert!(last.is_some_and(|it| it.starts_with(wanted)), "{last:?}");
    }

    #[test]
    fn foreign_keys_that_it_forgets_are_counted() {
        let findings = found(
            RULE,
            &[
                "CREATE TABLE p (id int PRIMARY KEY)",
                "CREATE TABLE t (a int, KEY k (a), \
                 CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)) ENGINE=Aria",
            ],
        );
        assert_eq!(
            findings[0].why,
            "a ROLLBACK leaves its rows as they are, and its foreign keys (1) are read and forgotten"
        );
    }
}
