//! Tables whose engine has no transactions.

use indexmap::IndexMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, Table};
use crate::server;

pub(super) const RULE: Rule = Rule {
    name: "non-transactional-engine",
    summary: "tables whose storage engine has no transactions",
    severity: Some(Severity::Warning),
    page: include_str!("pages/non-transactional-engine.md"),
    check: Check::Schema(check),
};

/// Whether a table's engine is known to have no transactions.
pub(super) fn is_non_transactional(table: &Table) -> bool {
    let engine = table.options.engine.as_deref();
    engine.is_some_and(server::is_non_transactional)
}

/// One finding for each such engine, with the list of its tables.
fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let mut engines: IndexMap<&str, Vec<&Table>> = IndexMap::new();
    for table in subject.schema.tables.values().filter(|table| is_non_transactional(table)) {
        engines.entry(table.options.engine.as_deref().unwrap_or_default()).or_default().push(table);
    }
    for (engine, tables) in engines {
        let mut elements = tables.iter().map(|table| Element::option(&table.name, "engine"));
        let Some(first) = elements.next() else { continue };
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        let (message, why) = match names.as_slice() {
            [name] => (
                format!("table {name} has the engine {engine}, which has no transactions"),
                "a ROLLBACK leaves its rows as they are",
            ),
            names => (
                format!(
                    "{} tables have the engine {engine}, which has no transactions: {}",
                    names.len(),
                    describe::names(names)
                ),
                "a ROLLBACK leaves their rows as they are",
            ),
        };
        let draft = Draft::new(first, message).all_related(elements).why(why);
        let draft = draft.help(match tables.iter().any(|table| has_fixed_rows(table)) {
            true => {
                "write `engine: InnoDB`, and take `row_format` out: InnoDB has none that is fixed"
            }
            false => "write `engine: InnoDB`",
        });
        drafts.push(draft.all_help(describe::all_names("the tables", &names)));
    }
}

fn has_fixed_rows(table: &Table) -> bool {
    let format = table.options.row_format.as_deref();
    format.is_some_and(|format| format.eq_ignore_ascii_case("fixed"))
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
    fn an_engine_has_one_finding_with_all_of_its_tables() {
        let tables = [
            "CREATE TABLE a (id int) ENGINE=MyISAM",
            "CREATE TABLE b (id int) ENGINE=InnoDB",
            "CREATE TABLE c (id int) ENGINE=MEMORY",
            "CREATE TABLE d (id int) ENGINE=MyISAM",
        ];
        let findings = found(RULE, &tables);
        assert_eq!(
            messages(&findings),
            [
                "2 tables have the engine MyISAM, which has no transactions: a and d",
                "table c has the engine MEMORY, which has no transactions",
            ]
        );
        assert_eq!(findings[0].related_elements().next().unwrap().to_string(), "tables.d.engine");
    }

    #[test]
    fn a_row_format_that_innodb_has_not_goes_too() {
        let findings = found(RULE, &["CREATE TABLE t (id int) ENGINE=MyISAM ROW_FORMAT=FIXED"]);
        let last = findings[0].help.last().map(String::as_str);
        let wanted =
            "write `engine: InnoDB`, and take `row_format` out: InnoDB has none that is fixed";
        assert!(last.is_some_and(|it| it.starts_with(wanted)), "{last:?}");
    }
}
