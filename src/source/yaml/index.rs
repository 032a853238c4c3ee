//! Indexes and the primary key.

use super::attributes;
use super::keys::{INDEX, PRIMARY_KEY};
use super::node::{Value, YamlNode};
use super::reading::{KeyValue, Reading};
use crate::diagnostic::Span;
use crate::model::{
    EngineAttributes, Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, PRIMARY,
    VectorDistance, VectorOptions,
};
use crate::syntax;

/// The values of `type`; a plain or unique index has none.
pub(super) const TYPES: &[(&str, IndexKind)] = &[
    ("fulltext", IndexKind::Fulltext),
    ("spatial", IndexKind::Spatial),
    ("vector", IndexKind::Vector),
];

/// The values of `using`.
pub(super) const ALGORITHMS: &[(&str, IndexAlgorithm)] =
    &[("btree", IndexAlgorithm::Btree), ("hash", IndexAlgorithm::Hash)];

/// The values of `distance`.
pub(super) const DISTANCES: &[(&str, VectorDistance)] =
    &[("euclidean", VectorDistance::Euclidean), ("cosine", VectorDistance::Cosine)];

/// An index as read, with the places of its parts.
pub(super) struct ReadIndex {
    pub(super) index: Index,
    pub(super) key: Span,
    /// One for each part.
    pub(super) parts: Vec<Span>,
    pub(super) renamed_from: Option<Span>,
}

/// Reads one entry of `indexes`.
pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
) -> Option<ReadIndex> {
    let name = reading.name(field.key, "index")?;
    if name.eq_ignore_ascii_case(PRIMARY) {
        let span = reading.span(field.key);
        reading
            .error("an index can't be called PRIMARY", span, "")
            .help
            .push("the primary key is the table's `primary_key`".to_owned());
        return None;
    }
    read_body(reading, field, names, Index::new(name, IndexKind::Plain, Vec::new()))
}

/// Reads the table's `primary_key`.
pub(super) fn read_primary(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
) -> Option<ReadIndex> {
    read_body(reading, field, names, Index::new(PRIMARY, IndexKind::Primary, Vec::new()))
}

fn read_body(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
    index: Index,
) -> Option<ReadIndex> {
    let mut read =
        ReadIndex { index, key: reading.span(field.key), parts: Vec::new(), renamed_from: None };
    match &field.value.value {
        Value::Mapping(_) => {
            let fields = reading.fields(field)?;
            read_map(reading, field, &fields, names, &mut read)?;
        }
        Value::Sequence(_) => read_parts(reading, field, names, &mut read)?,
        _ => {
            reading.items(field)?;
        }
    }
    Some(read)
}

fn read_map(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    fields: &[KeyValue<'_>],
    names: &[&str],
    read: &mut ReadIndex,
) -> Option<()> {
    let primary = read.index.kind == IndexKind::Primary;
    let section = if primary { &PRIMARY_KEY } else { &INDEX };
    let mut complete = Some(());
    for inner in fields.iter().copied() {
        if !section.has(inner.word()) {
            reading.unknown_key(inner, section);
            continue;
        }
        if inner.word() == "columns" {
            complete = read_parts(reading, inner, names, read);
        } else {
            read_option(reading, inner, read);
        }
    }
    if !fields.iter().any(|inner| inner.word() == "columns") {
        reading.expected(field, "a list of columns, or a map with `columns`");
        return None;
    }
    belongs_to_kind(reading, fields, &read.index);
    complete
}

/// Reports options that an index of this kind doesn't have.
fn belongs_to_kind(reading: &mut Reading<'_, '_>, fields: &[KeyValue<'_>], index: &Index) {
    let mut refuse = |key: &str, who: &str| {
        let at = fields.iter().find(|field| field.word() == key);
        if let Some(field) = at {
            let span = reading.span(field.key);
            reading.error(format!("only {who} has `{key}`"), span, "");
        }
    };
    if index.kind != IndexKind::Vector && index.vector != VectorOptions::default() {
        refuse("m", "a vector index");
        refuse("distance", "a vector index");
    }
    if !index.is_unique() && index.without_overlaps.is_some() {
        refuse("without_overlaps", "a unique index");
    }
}

fn read_option(reading: &mut Reading<'_, '_>, field: KeyValue<'_>, read: &mut ReadIndex) {
    let index = &mut read.index;
    match field.word() {
        "unique" => {
            let unique = reading.boolean(field).unwrap_or(false);
            let kind = unique.then_some(IndexKind::Unique);
            set_kind(reading, index, kind, field);
        }
        "type" => {
            let kind = reading.choice(field, TYPES);
            set_kind(reading, index, kind, field);
        }
        "using" => index.algorithm = reading.choice(field, ALGORITHMS),
        "parser" => index.parser = reading.word(field, "full-text parser"),
        "invisible" | "ignored" => {
            index.invisible = reading.boolean(field).unwrap_or(false) || index.invisible;
        }
        "comment" => index.comment = reading.string(field).unwrap_or_default().to_owned(),
        "key_block_size" => index.key_block_size = reading.integer(field),
        "without_overlaps" => {
            index.without_overlaps = reading.name(field.value, "period").map(str::to_owned);
        }
        "m" => {
            let number = reading.integer(field).and_then(|number| u32::try_from(number).ok());
            index.vector.m = number;
        }
        "distance" => index.vector.distance = reading.choice(field, DISTANCES),
        "engine_attribute" | "secondary_engine_attribute" | "engine_options" => {
            attributes::read(reading, index.attributes_mut(), field);
            index.attributes =
                index.attributes.take().filter(|it| **it != EngineAttributes::default());
        }
        "renamed_from" => {
            index.renamed_from = reading.name(field.value, "index").map(str::to_owned);
            read.renamed_from = Some(reading.span(field.value));
        }
        _ => {}
    }
}

fn set_kind(
    reading: &mut Reading<'_, '_>,
    index: &mut Index,
    kind: Option<IndexKind>,
    field: KeyValue<'_>,
) {
    let Some(kind) = kind else { return };
    if index.kind != IndexKind::Plain {
        let span = reading.span(field.key);
        reading.error("a unique index has no other `type`", span, "");
    }
    index.kind = kind;
}

fn read_parts(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
    read: &mut ReadIndex,
) -> Option<()> {
    let items = reading.items(field)?;
    if items.is_empty() {
        let span = reading.span(field.key);
        reading.error("a list of columns needs at least one", span, "");
        return None;
    }
    let mut complete = Some(());
    for item in items {
        match read_part(reading, item, names) {
            Some(part) => {
                read.index.parts.push(part);
                read.parts.push(reading.span(item));
            }
            None => complete = None,
        }
    }
    complete
}

/// Reads `name`, `name(10)`, `name desc` or `(expression)`. A text that is exactly the name of a
/// column of the table means that column, whatever it would be in SQL.
fn read_part(
    reading: &mut Reading<'_, '_>,
    item: &YamlNode<'_>,
    names: &[&str],
) -> Option<IndexPart> {
    let Value::String(text) = &item.value else {
        item_has_to_be_string(reading, item);
        return None;
    };
    if !reading.quoted(item) {
        return None;
    }
    let column = IndexPart::column(text.as_ref());
    match syntax::parse_index_part(text) {
        Ok(part) if part == column => Some(part),
        _ if names.contains(&text.as_ref()) => Some(column),
        Ok(part) => Some(part),
        Err(error) => {
            reading.sql_error(item, text, error);
            None
        }
    }
}

/// Reads the columns of a foreign key or period: whole columns, written as in an index.
pub(super) fn read_columns(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
    names: &[&str],
) -> Option<Vec<(String, Span)>> {
    let items = reading.items(field)?;
    if items.is_empty() {
        let span = reading.span(field.key);
        reading.error("a list of columns needs at least one", span, "");
    }
    let mut columns = Vec::new();
    for item in items {
        let span = reading.span(item);
        match read_part(reading, item, names)? {
            IndexPart { key: KeyPart::Column { name, prefix_length: None }, descending: false } => {
                columns.push((name, span));
            }
            _ => {
                reading.error("only whole columns are allowed here", span, "");
                return None;
            }
        }
    }
    (!columns.is_empty()).then_some(columns)
}

fn item_has_to_be_string(reading: &mut Reading<'_, '_>, item: &YamlNode<'_>) {
    let raw = reading.raw(item);
    let scalar = !matches!(item.value, Value::Sequence(_) | Value::Mapping(_)) && !raw.is_empty();
    let help = format!("quote it: '{raw}'");
    let span = reading.span(item);
    let label = item.value.label();
    let error = reading.error("a column in a list has to be a string", span, label);
    if scalar {
        error.help.push(help);
    }
}
