//! Versioned tables and periods: what they need, and what they can't have.

use super::reading::Report;
use super::table::ReadTable;
use super::validate::unknown_column;
use crate::diagnostic::near_name;
use crate::model::{ColumnVersioning, Element, Period, same_name};

/// Reports all contradictions.
pub(super) fn validate(read: &ReadTable, report: &mut Report) {
    periods(read, report);
    system_time_columns(read, report);
    without_overlaps(read, report);
    if read.table.versioned {
        return;
    }
    for (column, places) in read.table.columns.iter().zip(&read.columns) {
        if column.versioning == ColumnVersioning::Without {
            let title = format!("the table `{}` has no system versioning", read.table.name);
            let label = format!("so `{}` can't be left out of it", column.name);
            report.error(title, places.body, label);
        }
    }
}

fn periods(read: &ReadTable, report: &mut Report) {
    let mut first = None;
    for (period, places) in read.table.periods.iter().zip(&read.periods) {
        for (name, span) in [&period.start, &period.end].into_iter().zip(places.columns) {
            if read.column_index(name).is_none() {
                unknown_column(read, name, span, report);
            }
        }
        if read.column_index(&period.name).is_some() {
            let title = format!("a column and a period are both called `{}`", period.name);
            report.error(title, places.key, "");
        }
        if period.is_system_time() {
            if !read.table.versioned {
                let title = "the period `system_time` is that of system versioning".to_owned();
                let help = "write `system_versioning: true` next to `periods`".to_owned();
                report.error(title, places.key, "").help.push(help);
            }
        } else if let Some(first) = first {
            let title = "a table has one period of its own at most";
            report.error(title, places.key, "the second").also(first, "the first");
        } else {
            first = Some(places.key);
        }
    }
}

/// The system-time columns have to be those of the system-time period.
fn system_time_columns(read: &ReadTable, report: &mut Report) {
    let period = read.table.system_period();
    let wanted = [ColumnVersioning::RowStart, ColumnVersioning::RowEnd];
    for (column, places) in read.table.columns.iter().zip(&read.columns) {
        let (word, named) = match column.versioning {
            ColumnVersioning::RowStart => ("start", period.map(|period| &period.start)),
            ColumnVersioning::RowEnd => ("end", period.map(|period| &period.end)),
            _ => continue,
        };
        if !named.is_some_and(|named| same_name(named, &column.name)) {
            let title = format!("`{}` isn't the row {word} of a period", column.name);
            let help = format!(
                "name the columns: `periods: {{ system_time: [{}, {}] }}`",
                name_of(read, wanted[0]),
                name_of(read, wanted[1])
            );
            report.error(title, places.body, "").help.push(help);
        }
    }
    let Some(period) = period else { return };
    for (name, wanted) in [&period.start, &period.end].into_iter().zip(wanted) {
        let column = read.column_index(name).map(|place| &read.table.columns[place]);
        if let Some(column) = column
            && column.versioning != wanted
        {
            let element = Element::period(&read.table.name, &period.name);
            let span = report.places.get(&element).unwrap_or(read.key);
            let word = if wanted == ColumnVersioning::RowStart { "start" } else { "end" };
            let title = format!("`{name}` doesn't hold the row {word}");
            let help = format!("`{name}: timestamp(6) generated always as row {word}`");
            report.error(title, span, "").help.push(help);
        }
    }
}

/// The column with this part in the versioning, or the usual name of such a column.
fn name_of(read: &ReadTable, versioning: ColumnVersioning) -> &str {
    let column = read.table.columns.iter().find(|column| column.versioning == versioning);
    column.map_or("…", |column| &column.name)
}

fn without_overlaps(read: &ReadTable, report: &mut Report) {
    let primary = read.table.primary_key.iter().zip(&read.primary_key);
    for (index, places) in primary.chain(read.table.indexes.iter().zip(&read.indexes)) {
        let Some(name) = &index.without_overlaps else { continue };
        let own: Vec<&Period> =
            read.table.periods.iter().filter(|period| !period.is_system_time()).collect();
        if own.iter().any(|period| same_name(&period.name, name)) {
            continue;
        }
        let near = near_name(name, own.iter().map(|period| period.name.as_str()));
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        let title = format!("the table `{}` has no period `{name}`", read.table.name);
        report.error(title, places.key, label);
    }
}
