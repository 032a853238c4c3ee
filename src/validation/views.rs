//! Views that read something that doesn't exist.

use super::ValidationError;
use crate::diagnostic::near_name;
use crate::model::{Element, Object, ObjectKind, ObjectName, Schema};
use crate::normalize::Context;
use crate::normalize::select::{Missing, views_of};

/// Reports what the views of a schema read and the schema doesn't have. A table for which
/// `is_other` returns true may exist all the same, and isn't reported.
pub fn unreadable_views(
    schema: &Schema,
    context: &Context,
    is_other: impl Fn(&str) -> bool,
) -> Vec<ValidationError> {
    let mut found = Vec::new();
    if !schema.objects.keys().any(|name| name.kind == ObjectKind::View) {
        return found;
    }
    for (name, view) in views_of(schema, context) {
        let element = Element::object(&ObjectName { kind: ObjectKind::View, name: name.clone() });
        for missing in view.missing {
            match missing {
                Missing::Table(table) if is_other(&table) => {}
                Missing::Table(table) => found.push(no_table(schema, &element, &name, &table)),
                Missing::Source(source) => {
                    let title = format!("the FROM of the view has no table or alias `{source}`");
                    found.push(ValidationError::new(element.clone(), title).at(source));
                }
                Missing::Column { table, column } => {
                    found.push(no_column(schema, &element, table.as_deref(), &column));
                }
            }
        }
    }
    found
}

fn views(schema: &Schema) -> impl Iterator<Item = &str> {
    let views = schema.objects.keys().filter(|name| name.kind == ObjectKind::View);
    views.map(|name| name.name.as_str())
}

fn no_table(schema: &Schema, element: &Element, view: &str, table: &str) -> ValidationError {
    let names = schema.tables.keys().map(String::as_str).chain(views(schema));
    let near = near_name(table, names.filter(|name| *name != view));
    let title = format!("the view `{view}` reads `{table}`, and there is no such table");
    ValidationError::new(element.clone(), title).at(table).near(near)
}

fn no_column(
    schema: &Schema,
    element: &Element,
    table: Option<&str>,
    column: &str,
) -> ValidationError {
    let Some(name) = table else {
        let title = format!("no table that the view reads has a column `{column}`");
        return ValidationError::new(element.clone(), title).at(column);
    };
    if let Some(table) = schema.table(name) {
        return super::unknown_column::unknown(element.clone(), table, column);
    }
    let view = ObjectName { kind: ObjectKind::View, name: name.to_owned() };
    let columns = match schema.objects.get(&view) {
        Some(Object::View(view)) => view.columns.as_slice(),
        _ => &[],
    };
    let title = format!("the view `{name}` has no column `{column}`");
    let near = near_name(column, columns.iter().map(String::as_str));
    ValidationError::new(element.clone(), title).at(column).near(near)
}
