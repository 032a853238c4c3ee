//! Indexes that begin with a moment, which queries ask for as a range.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::model::{ColumnType, Element, Index, IndexKind, Table};

/// Whether the columns after the date are used depends on queries that driftline doesn't see, so the
/// rule is off.
pub(super) const RULE: Rule = Rule {
    name: "date-column-first-in-index",
    summary: "an index of several columns that begins with a date",
    severity: None,
    page: include_str!("pages/date-column-first-in-index.md"),
    check: Check::Table(check),
};

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let plain = table.indexes.iter().filter(|it| it.kind == IndexKind::Plain && it.parts.len() > 1);
    drafts.extend(plain.filter(|index| begins_with_date(table, index)).map(|index| {
        Draft::new(
            Element::index(&table.name, &index.name),
            format!("{} begins with a date", describe::index(index)),
        )
        .probable()
        .why("a query for a range of dates reads the whole range, whatever the other columns say")
        .help("put the columns that are compared with `=` first, and the date last")
    }));
}

fn begins_with_date(table: &Table, index: &Index) -> bool {
    let first = index.column_names().next().and_then(|name| table.column(name));
    first.is_some_and(|column| {
        matches!(
            column.ty,
            ColumnType::Date | ColumnType::Datetime { .. } | ColumnType::Timestamp { .. }
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "date-column-first-in-index";

    #[test]
    fn a_date_alone_or_at_the_end_is_no_finding() {
        let table = "CREATE TABLE t (a int, d datetime, KEY k (d), KEY l (a, d), UNIQUE u (d, a))";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn a_date_before_others_is_found() {
        let table = "CREATE TABLE t (a int, d date, KEY k (d, a))";
        assert_eq!(messages(&found(RULE, &[table])), ["k (d, a) begins with a date"]);
    }
}
