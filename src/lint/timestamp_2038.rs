//! TIMESTAMP columns, which end in 2038.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{ColumnType, Element};
use crate::server::Capability;

pub(super) const RULE: Rule = Rule {
    name: "timestamp-2038",
    summary: "TIMESTAMP columns, which take no time after January 2038",
    severity: Some(Severity::Note),
    page: include_str!("pages/timestamp-2038.md"),
    check: Check::Schema(check),
};

/// One finding for all columns, because it is one decision.
fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    if subject.server.can(Capability::TimestampsAfter2038) {
        return;
    }
    let tables = subject.schema.tables.values();
    let columns: Vec<(&str, &str)> = tables
        .flat_map(|table| {
            let columns = table.columns.iter().filter(|column| !column.is_system_time());
            let stamps = columns.filter(|it| matches!(it.ty, ColumnType::Timestamp { .. }));
            stamps.map(|column| (table.name.as_str(), column.name.as_str()))
        })
        .collect();
    let mut elements = columns.iter().map(|(table, column)| Element::column(*table, *column));
    let Some(first) = elements.next() else { return };
    let names: Vec<String> =
        columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
    let message = match names.as_slice() {
        [name] => format!("{name} is a TIMESTAMP, which ends on 2038-01-19"),
        names => format!(
            "{} columns are TIMESTAMPs, which end on 2038-01-19: {}",
            names.len(),
            describe::names(names)
        ),
    };
    drafts.push(
        Draft::new(first, message)
            .all_related(elements)
            .why("a later time is refused; times of contracts and expiries reach it first")
            .help("write `datetime` for new columns, and store UTC: it has no time zone"),
    );
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{MARIADB, found, found_on, messages};

    const RULE: &str = "timestamp-2038";

    #[test]
    fn datetime_is_no_finding() {
        assert_eq!(found(RULE, &["CREATE TABLE t (a datetime, b date)"]), []);
    }

    #[test]
    fn a_server_that_goes_on_after_2038_has_no_findings() {
        assert_eq!(found_on(MARIADB, RULE, &["CREATE TABLE t (a timestamp NULL)"]), []);
    }

    #[test]
    fn all_columns_are_one_finding() {
        let tables = ["CREATE TABLE t (a timestamp NULL)", "CREATE TABLE u (b timestamp(3) NULL)"];
        assert_eq!(
            messages(&found(RULE, &tables)),
            ["2 columns are TIMESTAMPs, which end on 2038-01-19: t.a and u.b"]
        );
    }
}
