//! Unique indexes that let rows with NULL in.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::model::{Element, Index, IndexKind, Table};

/// A quarter of those in real schemas are meant so, and the rule is off.
pub(super) const RULE: Rule = Rule {
    name: "nullable-unique",
    summary: "a unique index of several columns, of which some may be NULL",
    severity: None,
    page: include_str!("pages/nullable-unique.md"),
    check: Check::Table(check),
};

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    for index in table.indexes.iter().filter(|it| it.kind == IndexKind::Unique) {
        drafts.extend(draft(table, index));
    }
}

/// A finding if some columns may be NULL and some can't. If all may, or there is only one, NULL is
/// hardly forgotten.
fn draft(table: &Table, index: &Index) -> Option<Draft> {
    let columns: Vec<_> = index.column_names().filter_map(|name| table.column(name)).collect();
    let nullable: Vec<&str> = columns
        .iter()
        .filter(|column| column.nullable && column.generated.is_none())
        .map(|column| column.name.as_str())
        .collect();
    let mixed = !nullable.is_empty() && nullable.len() < columns.len();
    let names = describe::names(&nullable);
    mixed.then(|| {
        Draft::new(
            Element::index(&table.name, &index.name),
            format!("the unique index {} has NULL in {names}", describe::index(index)),
        )
        .probable()
        .all_related(nullable.iter().map(|name| Element::column(&table.name, *name)))
        .why("two rows with NULL there are never the same, so it lets any number of them in")
        .help(format!("make {names} NOT NULL with a value for none, or add a generated column"))
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "nullable-unique";

    #[test]
    fn one_column_all_nullable_and_none_are_no_findings() {
        let table = "CREATE TABLE t (a int, b int NOT NULL, c int NOT NULL, d int, \
                     UNIQUE u (a), UNIQUE v (b, c), UNIQUE w (a, d), KEY k (b, a))";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn a_soft_delete_is_found() {
        let table = "CREATE TABLE t (email varchar(9) NOT NULL, deleted_at datetime, \
                     UNIQUE u (email, deleted_at))";
        assert_eq!(
            messages(&found(RULE, &[table])),
            ["the unique index u (email, deleted_at) has NULL in deleted_at"]
        );
    }
}
