//! Defaults that are no date.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Column, ColumnType, DefaultValue, Element, Table};

pub(super) const RULE: Rule = Rule {
    name: "zero-date-default",
    summary: "a default like `0000-00-00`, which is no date",
    severity: Some(Severity::Warning),
    page: include_str!("pages/zero-date-default.md"),
    check: Check::Table(check),
};

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let columns: Vec<&Column> =
        table.columns.iter().filter(|column| has_zero_default(column)).collect();
    let Some((first, others)) = columns.split_first() else { return };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let example = match &first.default {
        Some(DefaultValue::Literal(text)) => text.as_str(),
        _ => "0000-00-00",
    };
    drafts.push(
        Draft::new(
            Element::column(&table.name, &first.name),
            format!(
                "{} {} the default '{example}', which is no date",
                describe::columns_of(&table.name, &names),
                describe::has(names.len()),
            ),
        )
        .all_related(others.iter().map(|column| Element::column(&table.name, &column.name)))
        .why("MySQL's sql_mode refuses it: no dump of the table loads, and many ALTERs fail")
        .help("allow NULL for no date, or write `default current_timestamp`"),
    );
}

/// Whether the year, month or day of the default is zero.
fn has_zero_default(column: &Column) -> bool {
    let is_date = matches!(
        column.ty,
        ColumnType::Date | ColumnType::Datetime { .. } | ColumnType::Timestamp { .. }
    );
    let Some(DefaultValue::Literal(text)) = &column.default else { return false };
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let mut parts = date.split('-');
    is_date && parts.clone().count() == 3 && parts.any(is_zero)
}

fn is_zero(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{MARIADB, found_on, messages};

    const RULE: &str = "zero-date-default";

    #[test]
    fn a_date_and_a_moment_are_no_findings() {
        let table = "CREATE TABLE t (a date DEFAULT '1970-01-01', \
                     b datetime DEFAULT '2000-10-20 00:00:00', \
                     c timestamp DEFAULT CURRENT_TIMESTAMP, d time DEFAULT '00:00:00', \
                     e varchar(10) DEFAULT '0000-00-00', f datetime)";
        assert_eq!(found_on(MARIADB, RULE, &[table]), []);
    }

    #[test]
    fn columns_of_a_table_are_one_finding() {
        let table = "CREATE TABLE t (a datetime NOT NULL DEFAULT '0000-00-00 00:00:00', \
                     b date DEFAULT '2020-00-00')";
        let findings = found_on(MARIADB, RULE, &[table]);
        assert_eq!(
            messages(&findings),
            ["columns a and b of t have the default '0000-00-00 00:00:00', which is no date"]
        );
        assert_eq!(
            findings[0].related_elements().next().unwrap().to_string(),
            "tables.t.columns.b"
        );
    }
}
