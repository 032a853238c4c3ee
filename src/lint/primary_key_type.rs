//! Primary keys that are random texts.

use super::draft::Draft;
use super::non_transactional_engine::is_non_transactional;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::model::{Column, ColumnType, Element, Table};
use crate::server::Capability;

/// There is little to do about tables that are there, so the rule is off.
pub(super) const RULE: Rule = Rule {
    name: "primary-key-type",
    summary: "tables whose primary key begins with a UUID as text",
    severity: None,
    page: include_str!("pages/primary-key-type.md"),
    check: Check::Schema(check),
};

/// One finding for all tables, because it is one decision.
fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let tables: Vec<(&Table, &Column)> = subject
        .schema
        .tables
        .values()
        .filter(|table| !is_non_transactional(table))
        .filter_map(|table| Some((table, first_of_key(table)?)))
        .filter(|(_, column)| is_uuid_text(column))
        .collect();
    let mut elements = tables.iter().map(|(table, _)| Element::primary_key(&table.name));
    let Some(first) = elements.next() else { return };
    let names: Vec<&str> = tables.iter().map(|(table, _)| table.name.as_str()).collect();
    let message = match names.as_slice() {
        [name] => format!("the primary key of {name} begins with a UUID as text"),
        names => format!(
            "the primary keys of {} tables begin with a UUID as text: {}",
            names.len(),
            describe::names(names)
        ),
    };
    drafts.push(
        Draft::new(first, message)
            .probable()
            .all_related(elements)
            .why("each row goes to a random place of the table, and every index repeats 36 bytes")
            .help(match subject.server.can(Capability::UuidType) {
                true => "for new tables, `uuid` (16 bytes) or `bigint unsigned auto_increment`",
                false => {
                    "for new tables, `binary(16)` with a UUID in the order of time, or `bigint \
                     unsigned auto_increment`"
                }
            }),
    );
}

fn first_of_key(table: &Table) -> Option<&Column> {
    table.column(table.primary_key.as_ref()?.column_names().next()?)
}

/// Whether a column has the length of a UUID and the name of one: `id`, `user_id`, `uuid`.
fn is_uuid_text(column: &Column) -> bool {
    let name = column.name.to_ascii_lowercase();
    let is_text = matches!(column.ty, ColumnType::Char { .. } | ColumnType::Varchar { .. });
    is_text
        && column.ty.length() == Some(36)
        && ["id", "guid", "uuid", "uid"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "primary-key-type";

    #[test]
    fn numbers_bytes_and_other_texts_are_no_findings() {
        for column in ["id bigint", "id binary(16)", "code varchar(36)", "id varchar(255)"] {
            let name = column.split(' ').next().unwrap_or_default();
            let table = format!("CREATE TABLE t ({column}, PRIMARY KEY ({name}))");
            assert_eq!(found(RULE, &[&table]), [], "{column}");
        }
        assert_eq!(found(RULE, &["CREATE TABLE t (a int, id char(36), PRIMARY KEY (a, id))"]), []);
    }

    #[test]
    fn all_tables_are_one_finding() {
        let tables = [
            "CREATE TABLE a (id varchar(36) PRIMARY KEY)",
            "CREATE TABLE b (x int, user_id char(36), PRIMARY KEY (user_id, x))",
        ];
        assert_eq!(
            messages(&found(RULE, &tables)),
            ["the primary keys of 2 tables begin with a UUID as text: a and b"]
        );
    }
}
