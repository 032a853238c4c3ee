//! Indexes whose entries are so long that few fit into a page.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::model::{Column, ColumnType, Element, Index, IndexKind, KeyPart, Table};
use crate::server::bytes_per_character;

/// What is stored is often much shorter than what the type allows, so the rule is off.
pub(super) const RULE: Rule = Rule {
    name: "index-too-wide",
    summary: "an index whose entries may take more than 1,500 bytes",
    severity: None,
    page: include_str!("pages/index-too-wide.md"),
    check: Check::Table(check),
};

/// More bytes than this are a finding: a page of 16 KiB has ten such entries, and InnoDB takes 3,072
/// bytes at most.
const MOST: u64 = 1_500;

fn check(_: &Subject<'_>, table: &Table, drafts: &mut Vec<Draft>) {
    for index in table.all_indexes().filter(|it| it.kind.is_ordered()) {
        let bytes = width(table, index);
        if bytes <= MOST {
            continue;
        }
        let draft = Draft::new(
            Element::index(&table.name, &index.name),
            format!("an entry of {} may take {bytes} bytes", describe::index(index)),
        );
        drafts.push(
            draft
                .probable()
                .why("few of them fit into a page, so that the index is read and kept in pieces")
                .help(match index.kind {
                    IndexKind::Plain => "index a prefix of the long column, as in `name(50)`",
                    _ => "make the column shorter, or index a hash of it",
                }),
        );
    }
}

/// The most bytes that an entry takes, as far as its columns have lengths.
fn width(table: &Table, index: &Index) -> u64 {
    let bytes = |part: &KeyPart| match part {
        KeyPart::Column { name, prefix_length } => {
            let column = table.column(name)?;
            let length = prefix_length.or(column.ty.length())?;
            Some(u64::from(length) * u64::from(bytes_of_one(column)))
        }
        KeyPart::Expression(_) => None,
    };
    index.parts.iter().filter_map(|part| bytes(&part.key)).sum()
}

fn bytes_of_one(column: &Column) -> u32 {
    match column.ty {
        ColumnType::Binary { .. } | ColumnType::Varbinary { .. } | ColumnType::Blob { .. } => 1,
        _ => column.charset.as_deref().map_or(4, bytes_per_character),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "index-too-wide";

    #[test]
    fn one_usual_column_and_a_prefix_are_no_findings() {
        let table = "CREATE TABLE t (a varchar(255), b varchar(700), c varbinary(1500), \
                     KEY k (a), KEY l (a, b(50)), KEY m (c)) DEFAULT CHARSET=utf8mb4";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn two_long_columns_are_found() {
        let table = "CREATE TABLE t (a varchar(255), b varchar(255), KEY k (a, b)) \
                     DEFAULT CHARSET=utf8mb4";
        assert_eq!(messages(&found(RULE, &[table])), ["an entry of k (a, b) may take 2040 bytes"]);
    }
}
