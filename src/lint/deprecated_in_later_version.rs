//! What MySQL has deprecated and will take away.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Column, ColumnType, Element, Sign};
use crate::server::Capability;

pub(super) const RULE: Rule = Rule {
    name: "deprecated-in-later-version",
    summary: "attributes of numbers that MySQL has deprecated",
    severity: Some(Severity::Note),
    page: include_str!("pages/deprecated-in-later-version.md"),
    check: Check::Schema(check),
};

/// Something deprecated: what it is, why that is so, and what to write (MySQL 13.1.6 "Numeric Type
/// Attributes").
struct Deprecated {
    what: &'static str,
    why: &'static str,
    help: &'static str,
    is: fn(&Column) -> bool,
}

const ALL: &[Deprecated] = &[
    Deprecated {
        what: "digits after FLOAT or DOUBLE, as in float(10,2)",
        why: "MySQL 8.0.17 deprecates it: values are rounded when they are stored",
        help: "write `decimal(10,2)` where the digits matter, else `float` or `double` alone",
        is: |column| {
            matches!(
                column.ty,
                ColumnType::Float { precision: Some(_), .. }
                    | ColumnType::Double { precision: Some(_), .. }
            )
        },
    },
    Deprecated {
        what: "UNSIGNED after DECIMAL, FLOAT or DOUBLE",
        why: "MySQL 8.0.17 deprecates it: it makes no room for larger values",
        help: "leave it out, and write a CHECK if negative values are wrong",
        is: |column| {
            matches!(
                column.ty,
                ColumnType::Decimal { sign: Sign::Unsigned, .. }
                    | ColumnType::Float { sign: Sign::Unsigned, .. }
                    | ColumnType::Double { sign: Sign::Unsigned, .. }
            )
        },
    },
    Deprecated {
        what: "ZEROFILL",
        why: "MySQL 8.0.17 deprecates it: only some clients show the zeros",
        help: "leave it out, and write `lpad(…)` in the query, or keep the number as text",
        is: |column| {
            matches!(
                column.ty,
                ColumnType::Integer { sign: Sign::Zerofill, .. }
                    | ColumnType::Decimal { sign: Sign::Zerofill, .. }
                    | ColumnType::Float { sign: Sign::Zerofill, .. }
                    | ColumnType::Double { sign: Sign::Zerofill, .. }
            )
        },
    },
    Deprecated {
        what: "AUTO_INCREMENT on FLOAT or DOUBLE",
        why: "MySQL 8.4 refuses it",
        help: "write `bigint unsigned`",
        is: |column| {
            let rounds = matches!(column.ty, ColumnType::Float { .. } | ColumnType::Double { .. });
            column.auto_increment && rounds
        },
    },
];

/// One finding for each of them in the schema.
fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    if !subject.server.can(Capability::DeprecatesNumberAttributes) {
        return;
    }
    let mut found: Vec<Vec<(&str, &str)>> = vec![Vec::new(); ALL.len()];
    for table in subject.schema.tables.values() {
        for column in &table.columns {
            for (deprecated, found) in ALL.iter().zip(&mut found) {
                if (deprecated.is)(column) {
                    found.push((&table.name, &column.name));
                }
            }
        }
    }
    drafts.extend(ALL.iter().zip(&found).filter_map(|(deprecated, columns)| {
        let mut elements = columns.iter().map(|(table, column)| Element::column(*table, *column));
        let first = elements.next()?;
        let names: Vec<String> =
            columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
        let Deprecated { what, why, help, .. } = deprecated;
        let message = format!("{} {} {what}", describe::names(&names), describe::has(names.len()));
        Some(Draft::new(first, message).all_related(elements).why(*why).help(*help))
    }));
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{MARIADB, found, found_on, messages};

    const RULE: &str = "deprecated-in-later-version";
    const TABLE: &str = "CREATE TABLE t (a float(10,2), b double unsigned, c int(5) zerofill, \
                         d decimal(10,2) unsigned)";

    #[test]
    fn plain_numbers_are_no_findings() {
        let table = "CREATE TABLE t (a float, b double, c int unsigned, d decimal(10,2))";
        assert_eq!(found(RULE, &[table]), []);
        assert_eq!(found_on(MARIADB, RULE, &[TABLE]), []);
    }

    #[test]
    fn each_attribute_is_one_finding() {
        assert_eq!(
            messages(&found(RULE, &[TABLE])),
            [
                "t.a has digits after FLOAT or DOUBLE, as in float(10,2)",
                "t.b and t.d have UNSIGNED after DECIMAL, FLOAT or DOUBLE",
                "t.c has ZEROFILL",
            ]
        );
    }
}
