//! A column that isn't there, named in an expression or in the body of a trigger.

use super::{Subject, ValidationError};
use crate::diagnostic::near_name;
use crate::model::{Element, GENERATED_KEY, Object, Schema, Table, Trigger, TriggerEvent};
use crate::syntax::lexer::{Dialect, Kind, lex};
use crate::syntax::literal::unquote;

/// Columns that a server may add by itself.
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

/// That an element names a column which its table hasn't.
pub(super) fn unknown(element: Element, table: &Table, name: &str) -> ValidationError {
    let near = near_name(name, table.columns.iter().map(|column| column.name.as_str()));
    ValidationError::new(element, format!("the table `{}` has no column `{name}`", table.name))
        .at(name)
        .near(near)
}

/// `NEW.x` and `OLD.x` in triggers: always the row of the trigger, whatever else has that name.
pub(super) fn of_triggers(schema: &Schema, found: &mut Vec<ValidationError>) {
    for (name, object) in &schema.objects {
        let Object::Trigger(trigger) = object else { continue };
        let Some(table) = schema.table(&trigger.table) else { continue };
        let mut said: Vec<String> = Vec::new();
        for (row, column) in row_columns(trigger) {
            let element = || Element::object(name);
            let lacks = match trigger.event {
                TriggerEvent::Insert => "OLD",
                TriggerEvent::Delete => "NEW",
                TriggerEvent::Update => "",
            };
            if row == lacks {
                if !said.contains(&row) {
                    let title = format!("a trigger {} has no {row} row", trigger.when());
                    found.push(ValidationError::new(element(), title).at(&row));
                    said.push(row);
                }
            } else if table.column(&column).is_none()
                && !said.contains(&column)
                && !is_of_server(&column)
            {
                found.push(unknown(element(), table, &column));
                said.push(column);
            }
        }
    }
}

/// Words after which a table, a routine or a sequence may stand: then `new` and `old` are databases.
const BEFORE_TABLES: &[&str] = &[
    "CALL",
    "DELAYED",
    "DELETE",
    "EXISTS",
    "FOR",
    "FROM",
    "HIGH_PRIORITY",
    "IGNORE",
    "INSERT",
    "INTO",
    "JOIN",
    "LOW_PRIORITY",
    "OF",
    "QUICK",
    "REPLACE",
    "STRAIGHT_JOIN",
    "TABLE",
    "UPDATE",
];

/// Every `NEW.x` and `OLD.x` of the body that is surely of the row; none where it isn't lexed.
fn row_columns(trigger: &Trigger) -> Vec<(String, String)> {
    let body = trigger.body.as_str();
    let dialect = Dialect::under(trigger.sql_mode.as_deref().unwrap_or_default(), None);
    let Ok(tokens) = lex(body, dialect) else { return Vec::new() };
    let mut columns = Vec::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let [row, dot, column] = window else { continue };
        let text =
            |at: &crate::syntax::lexer::Token| body.get(at.start..at.end).unwrap_or_default();
        let is_row = row.kind == Kind::Word
            && ["NEW", "OLD"].iter().any(|word| word.eq_ignore_ascii_case(text(row)));
        let may_be_other = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|before| {
            matches!(before.kind, Kind::Symbol(b'.' | b'@'))
                || BEFORE_TABLES.iter().any(|word| word.eq_ignore_ascii_case(text(before)))
        });
        // `old.f(1)` is a function of the database `old`, and `old.t.a` a column of its table.
        let goes_on =
            tokens.get(at + 3).is_some_and(|after| matches!(after.kind, Kind::Symbol(b'.' | b'(')));
        if !is_row || may_be_other || goes_on || dot.kind != Kind::Symbol(b'.') {
            continue;
        }
        let name = match column.kind {
            Kind::Word => text(column).to_owned(),
            Kind::Quoted => unquote(text(column), false, dialect),
            _ => continue,
        };
        columns.push((text(row).to_ascii_uppercase(), name.to_lowercase()));
    }
    columns
}
