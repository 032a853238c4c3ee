//! Foreign keys and CHECK constraints.

use super::column::expression;
use super::index::read_columns;
use super::keys::{CHECK, FOREIGN_KEY};
use super::node::Value;
use super::reading::{KeyValue, Reading};
use crate::diagnostic::Span;
use crate::model::{Check, ForeignKey, Period, ReferentialAction, same_name};
use crate::syntax;

/// The values of `on_delete` and `on_update`.
pub(super) const ACTIONS: &[(&str, ReferentialAction)] = &[
    ("cascade", ReferentialAction::Cascade),
    ("set null", ReferentialAction::SetNull),
    ("restrict", ReferentialAction::Restrict),
    ("no action", ReferentialAction::NoAction),
    ("set default", ReferentialAction::SetDefault),
];

/// A foreign key as read, with the places of its parts.
pub(super) struct ReadForeignKey {
    pub(super) foreign_key: ForeignKey,
    pub(super) key: Span,
    /// One for each column.
    pub(super) columns: Vec<Span>,
    pub(super) references: Span,
}

/// Reads one entry of `foreign_keys`.
pub(super) fn read_foreign_key(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
) -> Option<ReadForeignKey> {
    let name = reading.name(field.key, "foreign key")?.to_owned();
    let fields = reading.fields(field)?;
    let (mut columns, mut references) = (None, None);
    let mut on_delete = ReferentialAction::default();
    let mut on_update = ReferentialAction::default();
    for inner in &fields {
        match inner.word() {
            "columns" => columns = read_columns(reading, *inner, names),
            "references" => references = read_references(reading, *inner),
            "on_delete" => on_delete = reading.choice(*inner, ACTIONS).unwrap_or_default(),
            "on_update" => on_update = reading.choice(*inner, ACTIONS).unwrap_or_default(),
            _ => reading.unknown_key(*inner, &FOREIGN_KEY),
        }
    }
    for wanted in ["columns", "references"] {
        if !fields.iter().any(|inner| inner.word() == wanted) {
            let span = reading.span(field.key);
            reading
                .error(format!("the foreign key `{name}` has no `{wanted}`"), span, "")
                .help
                .push("write `{ columns: [user_id], references: users(id) }`".to_owned());
        }
    }
    let (columns, (references, at)) = (columns?, references?);
    let (columns, spans) = columns.into_iter().unzip();
    Some(ReadForeignKey {
        foreign_key: ForeignKey {
            name,
            columns,
            referenced_schema: references.schema,
            referenced_table: references.table,
            referenced_columns: references.columns,
            on_delete,
            on_update,
            implicit_index: None,
        },
        key: reading.span(field.key),
        columns: spans,
        references: at,
    })
}

fn read_references(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
) -> Option<(syntax::ReferencesClause, Span)> {
    let text = reading.string(field)?;
    match syntax::parse_references(text) {
        Ok(references) => Some((references, reading.span(field.value))),
        Err(error) => {
            reading.sql_error(field.value, text, error);
            None
        }
    }
}

/// A CHECK as read, with its place.
pub(super) struct ReadCheck {
    pub(super) check: Check,
    pub(super) key: Span,
}

/// Reads one entry of `checks`.
pub(super) fn read_check(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<ReadCheck> {
    let name = reading.name(field.key, "check")?.to_owned();
    let key = reading.span(field.key);
    let mut enforced = true;
    let mut text = None;
    if matches!(field.value.value, Value::Mapping(_)) {
        let fields = reading.fields(field).unwrap_or_default();
        for inner in fields.iter().copied() {
            match inner.word() {
                "expression" => text = expression(reading, inner),
                "enforced" => enforced = reading.boolean(inner).unwrap_or(true),
                _ => reading.unknown_key(inner, &CHECK),
            }
        }
        if !fields.iter().any(|inner| inner.word() == "expression") {
            reading.error(format!("the check `{name}` has no `expression`"), key, "");
        }
    } else {
        text = expression(reading, field);
    }
    Some(ReadCheck { check: Check { name, expression: text?, enforced }, key })
}

/// A period as read, with the places of its parts.
pub(super) struct ReadPeriod {
    pub(super) period: Period,
    pub(super) key: Span,
    pub(super) columns: [Span; 2],
}

/// Reads one entry of `periods`: `validity: [valid_from, valid_to]`.
pub(super) fn read_period(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
) -> Option<ReadPeriod> {
    let name = reading.name(field.key, "period")?;
    let name = if same_name(name, Period::SYSTEM_TIME) { Period::SYSTEM_TIME } else { name };
    let columns = read_columns(reading, field, names)?;
    let key = reading.span(field.key);
    let [(start, start_span), (end, end_span)] = columns.as_slice() else {
        let title = "a period has two columns: from when and until when a row is true";
        reading.error(title, key, "");
        return None;
    };
    let period = Period { name: name.to_owned(), start: start.clone(), end: end.clone() };
    Some(ReadPeriod { period, key, columns: [*start_span, *end_span] })
}
