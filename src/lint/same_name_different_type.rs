//! Columns for the same thing with different types.

use indexmap::IndexMap;

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::{Column, ColumnType, Element, IntegerSize, Sign};

pub(super) const RULE: Rule = Rule {
    name: "same-name-different-type",
    summary: "columns like `user_id` that have another type of number in another table",
    severity: Some(Severity::Note),
    page: include_str!("pages/same-name-different-type.md"),
    check: Check::Schema(check),
};

/// What of an integer type has to be the same for a join: its size, and whether it is signed.
type Kind = (IntegerSize, bool);

/// The kind of an integer. A TINYINT is as often a boolean as the key of a short list.
fn kind(ty: &ColumnType) -> Option<Kind> {
    match ty {
        ColumnType::Integer { size, sign, .. } if *size != IntegerSize::Tiny => {
            Some((*size, *sign == Sign::Signed))
        }
        _ => None,
    }
}

fn words((size, is_signed): Kind) -> String {
    let name = match size {
        IntegerSize::Tiny => "tinyint",
        IntegerSize::Small => "smallint",
        IntegerSize::Medium => "mediumint",
        IntegerSize::Int => "int",
        IntegerSize::Big => "bigint",
    };
    format!("{name}{}", if is_signed { "" } else { " unsigned" })
}

/// Names that mean another thing in each table.
const OF_EACH_TABLE: &[&str] =
    &["external_id", "item_id", "meta_id", "object_id", "parent_id", "status_id", "type_id"];

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let mut by_name: IndexMap<String, Vec<(&str, &str, Kind)>> = IndexMap::new();
    for table in subject.schema.tables.values() {
        for column in table.columns.iter().filter(|column| refers(column)) {
            let Some(kind) = kind(&column.ty) else { continue };
            let name = column.name.to_ascii_lowercase();
            if !OF_EACH_TABLE.contains(&name.as_str()) {
                by_name.entry(name).or_default().push((&table.name, &column.name, kind));
            }
        }
    }
    drafts.extend(by_name.iter().filter_map(|(name, columns)| draft(name, columns)));
}

/// Whether a column refers to a row of another table by its name: `user_id`, `userId`.
fn refers(column: &Column) -> bool {
    let name = &column.name;
    ["_id", "_ID", "Id"].iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// One finding for a name, at the first column that isn't as most are.
fn draft(name: &str, columns: &[(&str, &str, Kind)]) -> Option<Draft> {
    let mut counts: IndexMap<Kind, Vec<&str>> = IndexMap::new();
    for (table, _, kind) in columns {
        counts.entry(*kind).or_default().push(table);
    }
    let usual = *counts.iter().rev().max_by_key(|(_, tables)| tables.len())?.0;
    let mut others = columns
        .iter()
        .filter(|(.., kind)| *kind != usual)
        .map(|(table, column, _)| Element::column(*table, *column));
    let first = others.next()?;
    let kinds: Vec<String> = counts
        .iter()
        .map(|(kind, tables)| format!("{} in {}", words(*kind), describe::names(tables)))
        .collect();
    Some(
        Draft::new(first, format!("{name} has {} types: {}", counts.len(), kinds.join("; ")))
            .probable()
            .all_related(others)
            .why(
                "the smaller type ends before the larger one, and no foreign key fits between them",
            )
            .help("give all of them the type of the key that they refer to"),
    )
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "same-name-different-type";

    #[test]
    fn texts_and_other_names_are_no_findings() {
        let tables = [
            "CREATE TABLE t (user_id int, code_id varchar(20), id int, paid int, parent_id int)",
            "CREATE TABLE u (user_id int, code_id int, id bigint, paid bigint, parent_id bigint)",
        ];
        assert_eq!(found(RULE, &tables), []);
    }

    #[test]
    fn a_name_with_two_types_is_one_finding() {
        let tables = [
            "CREATE TABLE t (user_id int)",
            "CREATE TABLE u (user_id bigint unsigned)",
            "CREATE TABLE v (user_id bigint unsigned)",
        ];
        let findings = found(RULE, &tables);
        assert_eq!(
            messages(&findings),
            ["user_id has 2 types: int in t; bigint unsigned in u and v"]
        );
        assert_eq!(findings[0].element().unwrap().to_string(), "tables.t.columns.user_id");
    }
}
