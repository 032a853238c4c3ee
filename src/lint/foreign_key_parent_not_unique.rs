//! Foreign keys to columns that are no unique key.

use super::draft::Draft;
use super::non_transactional_engine::is_non_transactional;
use super::subject::{Subject, is_referenced_key, serves_foreign_key};
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, ForeignKey, Table};
use crate::server::Capability;

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-parent-not-unique",
    summary: "a foreign key to columns that are no unique key",
    severity: Some(Severity::Warning),
    page: include_str!("pages/foreign-key-parent-not-unique.md"),
    check: Check::Table(check),
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if is_non_transactional(table) {
        return;
    }
    for key in &table.foreign_keys {
        let Some(referenced) = subject.referenced(key) else { continue };
        let columns = &key.referenced_columns;
        // A key with no index at all is the business of foreign-key-without-index.
        if referenced.all_indexes().any(|index| serves_foreign_key(index, columns))
            && !referenced.all_indexes().any(|index| is_referenced_key(index, columns))
        {
            drafts.push(draft(subject, table, key, referenced));
        }
    }
}

fn draft(subject: &Subject<'_>, table: &Table, key: &ForeignKey, referenced: &Table) -> Draft {
    let names = key.referenced_columns.join(", ");
    let draft = Draft::new(
        Element::foreign_key(&table.name, &key.name),
        format!(
            "foreign key {} refers to {}, which isn't a unique key",
            describe::foreign_key(key),
            describe::referenced(key)
        ),
    )
    .related(Element::table(&referenced.name))
    .help(format!(
        "give {} a unique index, as in `NAME: {{ columns: [{names}], unique: true }}`, or refer to \
         its key",
        referenced.name
    ));
    match subject.server.can(Capability::UniqueReferencedKeys) {
        true => draft
            .refused()
            .why("the server refuses it unless restrict_fk_on_non_standard_key is off"),
        false => {
            draft.why("a row may then have many parents, and MySQL 8.4 refuses such a foreign key")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::Finding;
    use crate::lint::tests::{MARIADB, found, found_on};

    const RULE: &str = "foreign-key-parent-not-unique";
    const PARENT: &str =
        "CREATE TABLE p (id int PRIMARY KEY, a int, b int, c int, UNIQUE u (a), KEY k (b))";

    fn child(column: &str) -> String {
        format!(
            "CREATE TABLE c (x int, KEY k (x), \
             CONSTRAINT f FOREIGN KEY (x) REFERENCES p ({column}))"
        )
    }

    #[test]
    fn a_primary_key_and_a_unique_index_are_no_findings() {
        assert_eq!(found(RULE, &[PARENT, &child("id")]), []);
        assert_eq!(found(RULE, &[PARENT, &child("a")]), []);
    }

    #[test]
    fn no_index_at_all_is_the_business_of_another_rule() {
        assert_eq!(found(RULE, &[PARENT, &child("c")]), []);
    }

    #[test]
    fn a_referenced_key_that_is_not_unique_is_refused_by_mysql_alone() {
        let severities = |findings: Vec<Finding>| {
            findings.iter().map(|finding| finding.severity).collect::<Vec<_>>()
        };
        let tables = [PARENT, &child("b")];
        assert_eq!(severities(found(RULE, &tables)), [Severity::Error]);
        assert_eq!(severities(found_on(MARIADB, RULE, &tables)), [Severity::Warning]);
    }
}
