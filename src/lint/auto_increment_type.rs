//! AUTO_INCREMENT columns that soon have no numbers left.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::ddl;
use crate::model::{ColumnType, Element, IntegerSize, Table};

pub(super) const RULE: Rule = Rule {
    name: "auto-increment-type",
    summary: "an AUTO_INCREMENT column of a small type, or of FLOAT or DOUBLE",
    severity: None,
    page: include_str!("pages/auto-increment-type.md"),
    check: Check::Table(check),
};

/// A table with a small key may be a short list that never grows, which isn't known. That was so for
/// half of those in real schemas, so the rule is off.
fn check(subject: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    let Some(column) = table.columns.iter().find(|column| column.auto_increment) else { return };
    let ty = ddl::column_type(&column.ty, subject.server);
    let draft = |message: String| {
        Draft::new(Element::column(&table.name, &column.name), message)
            .help("write `int unsigned` or `bigint unsigned`, also for what refers to it")
    };
    let name = format!("AUTO_INCREMENT column {} of {} is {ty}", column.name, table.name);
    drafts.extend(match &column.ty {
        ColumnType::Float { .. } | ColumnType::Double { .. } => {
            Some(draft(name).why("large numbers are rounded there, and MySQL 8.4 refuses it"))
        }
        ColumnType::Integer { size, sign, .. } if *size < IntegerSize::Int => {
            let range = format!("{name}, which ends at {}", size.range(*sign).1);
            Some(draft(range).probable().why(
                "then each INSERT fails: rows that are deleted or rolled back use up numbers too",
            ))
        }
        _ => None,
    });
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{MARIADB, found, found_on, messages};

    const RULE: &str = "auto-increment-type";

    fn table(ty: &str) -> String {
        format!("CREATE TABLE t (id {ty} AUTO_INCREMENT PRIMARY KEY)")
    }

    #[test]
    fn int_and_larger_are_no_findings() {
        for ty in ["int", "int unsigned", "bigint", "bigint unsigned"] {
            assert_eq!(found(RULE, &[&table(ty)]), [], "{ty}");
        }
        assert_eq!(found(RULE, &["CREATE TABLE t (id tinyint PRIMARY KEY)"]), []);
    }

    #[test]
    fn small_types_are_found() {
        let findings = found(RULE, &[&table("smallint unsigned")]);
        assert_eq!(
            messages(&findings),
            ["AUTO_INCREMENT column id of t is smallint unsigned, which ends at 65535"]
        );
        assert_eq!(found(RULE, &[&table("mediumint")]).len(), 1);
    }

    #[test]
    fn a_number_that_rounds_is_found() {
        let findings = found_on(MARIADB, RULE, &[&table("double")]);
        assert_eq!(messages(&findings), ["AUTO_INCREMENT column id of t is double"]);
    }
}
