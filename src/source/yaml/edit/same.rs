//! Whether an edit has changed nothing but what it is about.

use super::ElementEdit;
use crate::model::{Element, ObjectName, Schema, Table, same_name};
use crate::source::{Loaded, WaivedElements};

/// Whether two readings of a file are the same but for the elements of the edits.
pub(super) fn rest_is_same(before: &Loaded, after: &Loaded, edits: &[ElementEdit]) -> bool {
    let masked = |loaded: &Loaded| {
        let mut schema = loaded.schema.clone();
        for edit in edits {
            match &edit.element {
                Element::TableOption { option, .. } if edit.of_defaults => {
                    schema.tables.values_mut().for_each(|table| take_option(table, option));
                }
                element => take_away(&mut schema, element),
            }
        }
        schema
    };
    let (old, new) = (masked(before), masked(after));
    // What goes takes its comments along, and with them what they waive.
    let goes = edits.iter().any(|edit| edit.after.is_none());
    let waived = |loaded: &Loaded| -> Vec<(WaivedElements, String)> {
        let waivers = loaded.waivers.iter();
        waivers.map(|waiver| (waiver.elements.clone(), waiver.reason.clone())).collect()
    };
    before.settings == after.settings
        && before.server == after.server
        && before.migrations == after.migrations
        && (goes || waived(before) == waived(after))
        && old == new
        // What has no order in a comparison has one in the file.
        && old.tables.keys().eq(new.tables.keys())
        && old.objects.keys().eq(new.objects.keys())
}

fn take_away(schema: &mut Schema, element: &Element) {
    match element {
        Element::Schema => {}
        Element::Table { table } => {
            schema.tables.shift_remove(table);
        }
        Element::Object { kind, name } => {
            schema.objects.shift_remove(&ObjectName { kind: *kind, name: name.clone() });
        }
        other => {
            let table = other.table_name().and_then(|name| schema.tables.get_mut(name));
            if let Some(table) = table {
                take_from_table(table, other);
            }
        }
    }
}

fn take_from_table(table: &mut Table, element: &Element) {
    match element {
        Element::Column { column, .. } => table.columns.retain(|it| !same_name(&it.name, column)),
        Element::PrimaryKey { .. } => table.primary_key = None,
        Element::Index { index, .. } => table.indexes.retain(|it| !same_name(&it.name, index)),
        Element::ForeignKey { foreign_key, .. } => {
            table.foreign_keys.retain(|it| !same_name(&it.name, foreign_key));
        }
        Element::Check { check, .. } => table.checks.retain(|it| !same_name(&it.name, check)),
        Element::Partition { .. } => table.partitioning = None,
        Element::TableOption { option, .. } => take_option(table, option),
        Element::Schema | Element::Table { .. } | Element::Object { .. } => {}
    }
}

fn take_option(table: &mut Table, option: &str) {
    let options = &mut table.options;
    match option {
        "engine" => options.engine = None,
        // A table that names one of them doesn't inherit the other.
        "charset" | "collation" => (options.charset, options.collation) = (None, None),
        "row_format" => options.row_format = None,
        "comment" => options.comment.clear(),
        "options" => options.other.clear(),
        "system_versioning" => table.versioned = false,
        "partitioning" => table.partitioning = None,
        "periods" => table.periods.clear(),
        _ => {}
    }
}
