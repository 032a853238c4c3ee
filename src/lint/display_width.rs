//! Numbers in parentheses after integer types.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::finding::FixChange;
use crate::model::{ColumnType, Element, IntegerSize, Sign};

pub(super) const RULE: Rule = Rule {
    name: "display-width",
    summary: "integers with a number in parentheses, which limits nothing",
    severity: Some(Severity::Warning),
    page: include_str!("pages/display-width.md"),
    check: Check::Schema(check),
};

/// One finding for all columns, because one edit of the file takes all of the numbers out.
fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    // A normalized table has the widths that the server shows, and some servers show none.
    let tables =
        subject.schema.tables.keys().filter_map(|name| Some((name, subject.written(name)?)));
    let columns: Vec<(&str, &str, String)> = tables
        .flat_map(|(name, table)| {
            table.columns.iter().filter_map(move |column| {
                Some((name.as_str(), column.name.as_str(), unusual_width(&column.ty)?))
            })
        })
        .collect();
    let mut elements = columns.iter().map(|(table, name, _)| Element::column(*table, *name));
    let Some(first) = elements.next() else { return };
    let names: Vec<String> =
        columns.iter().map(|(table, name, ty)| format!("{table}.{name} {ty}")).collect();
    let count = match names.len() {
        1 => "a column has".to_owned(),
        count => format!("{count} columns have"),
    };
    drafts.push(
        Draft::new(first, format!("{count} a display width: {}", describe::names(&names)))
            .all_related(elements)
            .why("it limits nothing: the column takes every value of its type")
            .help("leave the number out; for a smaller range choose a smaller type or a CHECK")
            .fix("leave the numbers out", without_widths(subject)),
    );
}

fn without_widths(subject: &Subject<'_>) -> Vec<FixChange> {
    let tables = subject.schema.tables.keys().filter_map(|name| subject.written(name));
    let columns = tables.flat_map(|table| {
        let columns = table.columns.iter().filter(|column| unusual_width(&column.ty).is_some());
        columns.map(move |column| {
            let mut column = Box::new(column.clone());
            if let ColumnType::Integer { width, .. } = &mut column.ty {
                *width = None;
            }
            FixChange::Column { table: table.name.clone(), column }
        })
    });
    columns.collect()
}

/// The type, if it has a width that isn't the one that servers show by themselves. `tinyint(1)` is
/// how a boolean is written, and with ZEROFILL the width means something.
fn unusual_width(ty: &ColumnType) -> Option<String> {
    let ColumnType::Integer { size, sign, width: Some(width) } = *ty else { return None };
    let is_boolean = size == IntegerSize::Tiny && width == 1;
    let usual = [size.default_width(Sign::Signed), size.default_width(Sign::Unsigned)];
    let name = match size {
        IntegerSize::Tiny => "tinyint",
        IntegerSize::Small => "smallint",
        IntegerSize::Medium => "mediumint",
        IntegerSize::Int => "int",
        IntegerSize::Big => "bigint",
    };
    (sign != Sign::Zerofill && !is_boolean && width != 0 && !usual.contains(&width))
        .then(|| format!("{name}({width})"))
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found, messages};

    const RULE: &str = "display-width";

    #[test]
    fn what_servers_write_by_themselves_is_no_finding() {
        let table = "CREATE TABLE t (a int, b int(11), c int(10) unsigned, d tinyint(1), \
                     e int(5) zerofill, f bigint(20), g int(11) unsigned, h tinyint(4))";
        assert_eq!(found(RULE, &[table]), []);
    }

    #[test]
    fn all_columns_are_one_finding() {
        let findings = found(RULE, &["CREATE TABLE t (a int(3), b int, c tinyint(2) unsigned)"]);
        assert_eq!(
            messages(&findings),
            ["2 columns have a display width: t.a int(3) and t.c tinyint(2)"]
        );
    }
}
