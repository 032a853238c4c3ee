//! Foreign keys without an index on the referencing or the referenced columns.

use super::draft::Draft;
use super::non_transactional_engine::is_non_transactional;
use super::subject::{Subject, serves_foreign_key};
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, ForeignKey, Table};

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-without-index",
    summary: "a foreign key without an index on its columns, on either side",
    severity: Some(Severity::Note),
    page: include_str!("pages/foreign-key-without-index.md"),
    check: Check::Table(check),
};

fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if is_non_transactional(table) {
        return;
    }
    for key in &table.foreign_keys {
        if !table.all_indexes().any(|index| serves_foreign_key(index, &key.columns)) {
            drafts.push(referencing_side(table, key));
        }
        if let Some(referenced) = subject.referenced(key) {
            drafts.extend(referenced_side(table, key, referenced));
        }
    }
}

/// The finding for the referencing table. The server makes the missing index itself, so nothing is
/// slow. The only problem is that schema.yaml doesn't show the index.
fn referencing_side(table: &Table, key: &ForeignKey) -> Draft {
    Draft::new(
        Element::foreign_key(&table.name, &key.name),
        format!("no index begins with the columns of foreign key {}", describe::foreign_key(key)),
    )
    .why("the server makes one by itself, which schema.yaml neither names nor keeps")
    .help(format!(
        "write it down under indexes: `{}: [{}]`",
        key.implicit_index_name(),
        key.columns.join(", ")
    ))
}

fn referenced_side(table: &Table, key: &ForeignKey, referenced: &Table) -> Option<Draft> {
    let columns = &key.referenced_columns;
    if referenced.all_indexes().any(|index| serves_foreign_key(index, columns)) {
        return None;
    }
    let message = format!(
        "foreign key {} refers to {}, with which no index begins",
        describe::foreign_key(key),
        describe::referenced(key)
    );
    let names = columns.join(", ");
    Some(
        Draft::new(Element::foreign_key(&table.name, &key.name), message)
            .related(Element::table(&referenced.name))
            .refused()
            .why("the server refuses the foreign key")
            .help(format!(
                "give {} a unique index, as in `NAME: {{ columns: [{names}], unique: true }}`, or \
                 refer to its key",
                referenced.name
            )),
    )
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{found, messages};

    const RULE: &str = "foreign-key-without-index";
    const PARENT: &str =
        "CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE u (a), KEY k (b))";

    fn child(rest: &str) -> String {
        format!("CREATE TABLE c (id int PRIMARY KEY, x int, y int, {rest})")
    }

    #[test]
    fn an_index_that_begins_with_the_columns_serves() {
        let child = child("KEY k (x, y), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (id)");
        assert_eq!(found(RULE, &[PARENT, &child]), []);
    }

    #[test]
    fn a_primary_key_that_begins_with_the_columns_serves() {
        let child = child("CONSTRAINT f FOREIGN KEY (id) REFERENCES p (id)");
        assert_eq!(found(RULE, &[PARENT, &child]), []);
    }

    #[test]
    fn an_index_with_the_columns_elsewhere_does_not() {
        let child = child("KEY k (y, x), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (id)");
        let findings = found(RULE, &[PARENT, &child]);
        assert_eq!(messages(&findings), ["no index begins with the columns of foreign key f (x)"]);
        assert_eq!(findings[0].severity, Severity::Note);
        assert_eq!(
            findings[0].help,
            ["write it down under indexes: `f: [x]`; `driftline rules foreign-key-without-index`"]
        );
    }

    #[test]
    fn a_descending_index_does_not() {
        let child = child("KEY k (x DESC), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (id)");
        assert_eq!(found(RULE, &[PARENT, &child]).len(), 1);
    }

    #[test]
    fn a_referenced_column_without_an_index_is_refused() {
        let parent = "CREATE TABLE p (id int PRIMARY KEY, a int)";
        let child = child("KEY k (x), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a)");
        let findings = found(RULE, &[parent, &child]);
        assert_eq!(
            messages(&findings),
            ["foreign key f (x) refers to p (a), with which no index begins"]
        );
        assert_eq!(findings[0].severity, Severity::Error);
    }

    #[test]
    fn a_table_that_is_not_there_or_elsewhere_says_nothing() {
        let gone = child("KEY k (x), CONSTRAINT f FOREIGN KEY (x) REFERENCES gone (a)");
        let elsewhere = child("KEY k (x), CONSTRAINT f FOREIGN KEY (x) REFERENCES other.p (a)");
        assert_eq!(found(RULE, &[&gone]), []);
        assert_eq!(found(RULE, &[&elsewhere]), []);
    }
}
