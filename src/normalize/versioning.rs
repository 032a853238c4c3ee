//! Versioned tables and periods as the server keeps them.

use crate::model::{ColumnVersioning, DefaultValue, Index, IndexPart, Table, same_name};

/// Changes a table's periods to what the server keeps.
pub(super) fn normalize(table: &mut Table) {
    let Table { columns, periods, primary_key, indexes, .. } = table;
    for name in periods.iter_mut().flat_map(|period| [&mut period.start, &mut period.end]) {
        let column = columns.iter_mut().find(|column| same_name(&column.name, name));
        let Some(column) = column else { continue };
        name.clone_from(&column.name);
        column.nullable = false;
        column.default = column.default.take().filter(|value| *value != DefaultValue::Null);
    }
    for index in primary_key.iter_mut().chain(&mut *indexes) {
        let Some(name) = &mut index.without_overlaps else { continue };
        if let Some(period) = periods.iter().find(|period| same_name(&period.name, name)) {
            name.clone_from(&period.name);
        }
    }
    let row_end = columns.iter().find(|it| it.versioning == ColumnVersioning::RowEnd);
    if let Some(row_end) = row_end {
        for index in primary_key.iter_mut().chain(indexes).filter(|index| index.is_unique()) {
            leave_out(index, &row_end.name);
        }
    }
}

/// Removes the ROW END column from a unique key. The server adds it to each unique key by itself.
fn leave_out(index: &mut Index, row_end: &str) {
    let last = IndexPart::column(row_end);
    if index.parts.len() > 1 && index.parts.last() == Some(&last) {
        index.parts.pop();
    }
}
