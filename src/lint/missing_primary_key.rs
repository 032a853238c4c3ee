//! Tables without a primary key.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Element, Index, IndexKind, KeyPart, Table};

pub(super) const RULE: Rule = Rule {
    name: "missing-primary-key",
    summary: "a table without a primary key",
    severity: Some(Severity::Warning),
    page: include_str!("pages/missing-primary-key.md"),
    check: Check::Table(check),
};

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    if table.primary_key.is_some() {
        return;
    }
    let draft =
        Draft::new(Element::table(&table.name), format!("table {} has no primary key", table.name));
    drafts.push(match table.indexes.iter().find(|index| could_be_primary(table, index)) {
        Some(index) => draft
            .related(Element::index(&table.name, &index.name))
            .why(format!("rows are distinguished by {} alone", describe::index(index)))
            .help(format!(
                "write `primary_key: {}` for the table, and take {} out of its indexes",
                columns_of(index),
                index.name
            )),
        None => draft
            .why("no row can be named: replication and online schema changes scan the table")
            .help("name the columns that identify a row, as in `primary_key: [id]`"),
    });
}

/// `[a, b]`
fn columns_of(index: &Index) -> String {
    format!("[{}]", index.column_names().collect::<Vec<_>>().join(", "))
}

/// Whether an index is unique and all its columns are NOT NULL.
fn could_be_primary(table: &Table, index: &Index) -> bool {
    index.kind == IndexKind::Unique
        && index.parts.iter().all(|part| match &part.key {
            KeyPart::Column { name, prefix_length: None } => {
                table.column(name).is_some_and(|column| !column.nullable)
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    #[test]
    fn a_table_with_a_primary_key_is_no_finding() {
        assert_eq!(found("missing-primary-key", &["CREATE TABLE t (id int PRIMARY KEY)"]), []);
    }

    #[test]
    fn a_table_without_one_is() {
        let findings = found("missing-primary-key", &["CREATE TABLE t (a int, KEY k (a))"]);
        assert_eq!(messages(&findings), ["table t has no primary key"]);
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.t");
    }

    #[test]
    fn a_unique_index_without_null_is_proposed() {
        let table = "CREATE TABLE t (a int, b int NOT NULL, UNIQUE u (a), UNIQUE v (b))";
        let findings = found("missing-primary-key", &[table]);
        assert_eq!(findings[0].why, "rows are distinguished by v (b) alone");
        assert_eq!(
            findings[0].related_elements().next().unwrap().to_string(),
            "tables.t.indexes.v"
        );
    }
}
