//! Columns that don't exist, named in an expression or in the body of a trigger.

use super::{Subject, ValidationError};
use crate::diagnostic::near_name;
use crate::model::{Element, GENERATED_KEY, Object, Schema, Table, TriggerEvent};
use crate::syntax::references::References;

/// Columns that a server may add on its own.
const OF_SERVERS: &[&str] = &[GENERATED_KEY, "row_start", "row_end"];

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let table = subject.table;
    for expressed in subject.expressions {
        let mut said: Vec<&String> = Vec::new();
        for name in &expressed.names {
            if table.column(name).is_none() && !said.contains(&name) && !is_of_server(name) {
                found.push(unknown(expressed.element.clone(), table, name));
                said.push(name);
            }
        }
    }
}

fn is_of_server(name: &str) -> bool {
    OF_SERVERS.contains(&name)
}

/// The error that an element names a column which its table doesn't have.
pub(super) fn unknown(element: Element, table: &Table, name: &str) -> ValidationError {
    let near = near_name(name, table.columns.iter().map(|column| column.name.as_str()));
    ValidationError::new(element, format!("the table `{}` has no column `{name}`", table.name))
        .at(name)
        .near(near)
}

/// Checks `NEW.x` and `OLD.x` in triggers. These always refer to the row of the trigger, whatever
/// else has the name NEW or OLD.
pub(super) fn of_triggers(schema: &Schema, found: &mut Vec<ValidationError>) {
    for (name, object) in &schema.objects {
        let Object::Trigger(trigger) = object else { continue };
        let Some(table) = schema.table(&trigger.table) else { continue };
        let mut said: Vec<&str> = Vec::new();
        let references = References::of_object(object);
        for (row, column) in references.of_rows() {
            let column = column.lower.as_str();
            let element = || Element::object(name);
            let lacks = match trigger.event {
                TriggerEvent::Insert => "OLD",
                TriggerEvent::Delete => "NEW",
                TriggerEvent::Update => "",
            };
            if row == lacks {
                if !said.contains(&row) {
                    let title = format!("a trigger {} has no {row} row", trigger.when());
                    found.push(ValidationError::new(element(), title).at(row));
                    said.push(row);
                }
            } else if table.column(column).is_none()
                && !said.contains(&column)
                && !is_of_server(column)
            {
                found.push(unknown(element(), table, column));
                said.push(column);
            }
        }
    }
}
