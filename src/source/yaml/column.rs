//! A column: a string of SQL, or a map.

use super::attributes;
use super::keys::{COLUMN, DEFAULT, GENERATED};
use super::node::{Value, YamlNode};
use super::reading::{KeyValue, Reading};
use crate::diagnostic::Span;
use crate::model::{
    Column, ColumnFormat, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue, Generated,
    GeneratedStorage, StorageMedium, TypeClass,
};
use crate::server::charset_name;
use crate::syntax::quote_string;
use crate::syntax::{self, ColumnDefinition};

/// The values of `column_format`.
pub(super) const FORMATS: &[(&str, Option<ColumnFormat>)] = &[
    ("fixed", Some(ColumnFormat::Fixed)),
    ("dynamic", Some(ColumnFormat::Dynamic)),
    ("default", None),
];

/// The values of `storage`.
pub(super) const MEDIA: &[(&str, Option<StorageMedium>)] = &[
    ("disk", Some(StorageMedium::Disk)),
    ("memory", Some(StorageMedium::Memory)),
    ("default", None),
];

/// A column as read, with the places of its parts.
pub(super) struct ReadColumn {
    pub(super) definition: ColumnDefinition,
    /// The place of its key.
    pub(super) key: Span,
    /// The place of its definition: the SQL, or the key if it is a map.
    pub(super) body: Span,
    pub(super) renamed_from: Option<Span>,
    /// Whether it could not be read; then it gets no further errors.
    pub(super) broken: bool,
}

/// Reads one entry of `columns`.
pub(super) fn read(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<ReadColumn> {
    let name = reading.name(field.key, "column")?.to_owned();
    let mut renamed_from = None;
    let definition = match &field.value.value {
        Value::String(text) => read_sql(reading, &name, field.value, text),
        Value::Mapping(_) => {
            let fields = reading.fields(field).unwrap_or_default();
            read_map(reading, &name, field, &fields, &mut renamed_from)
        }
        // The second half of `decimal(10,2)` in a flow map; the first half is reported.
        Value::Null if name.ends_with(')') && !name.contains('(') => None,
        Value::Null => {
            let span = reading.span(field.key);
            reading
                .error(format!("the column `{name}` has no type"), span, "")
                .help
                .push(format!("write its type after the name: `{name}: varchar(100)`"));
            None
        }
        _ => {
            reading.expected(field, "a string or a map");
            None
        }
    };
    let broken = definition.is_none();
    let unknown = || Column::new(name.clone(), ColumnType::Json);
    Some(ReadColumn {
        definition: definition.unwrap_or_else(|| plain(unknown())),
        key: reading.span(field.key),
        body: reading.value_span(field),
        renamed_from,
        broken,
    })
}

fn plain(column: Column) -> ColumnDefinition {
    ColumnDefinition::new(column)
}

/// Reads the definition, written as in CREATE TABLE after the name.
fn read_sql(
    reading: &mut Reading<'_, '_>,
    name: &str,
    node: &YamlNode<'_>,
    text: &str,
) -> Option<ColumnDefinition> {
    match syntax::parse_column(name, text) {
        Ok(definition) => Some(definition),
        Err(error) => {
            reading.sql_error(node, text, error);
            None
        }
    }
}

fn read_map(
    reading: &mut Reading<'_, '_>,
    name: &str,
    column: KeyValue<'_>,
    fields: &[KeyValue<'_>],
    renamed_from: &mut Option<Span>,
) -> Option<ColumnDefinition> {
    for field in fields.iter().filter(|field| !COLUMN.has(field.word())) {
        reading.unknown_key(*field, &COLUMN);
    }
    let Some(ty) = fields.iter().find(|field| field.word() == "type") else {
        let span = reading.span(column.key);
        reading.error(format!("the column `{name}` has no type"), span, "").help.push(
            "a column given as a map needs `type`, as in `{ type: varchar(100) }`".to_owned(),
        );
        return None;
    };
    let type_text = reading.string(*ty)?;
    let mut definition = read_sql(reading, name, ty.value, type_text)?;
    for field in fields {
        apply(reading, &mut definition, type_text, *field, renamed_from);
    }
    let column = &mut definition.column;
    column.nullable &= !column.auto_increment && !definition.primary_key;
    if column.default == Some(DefaultValue::Null) && !column.nullable {
        let at = fields.iter().find(|field| field.word() == "default").unwrap_or(ty);
        let span = reading.value_span(*at);
        reading.error(format!("`{name}` is not nullable and can't default to null"), span, "");
    }
    Some(definition)
}

/// Applies one key of the map to the definition.
fn apply(
    reading: &mut Reading<'_, '_>,
    definition: &mut ColumnDefinition,
    type_text: &str,
    field: KeyValue<'_>,
    renamed_from: &mut Option<Span>,
) {
    let said = said_by_type(definition, field.word());
    if said {
        let span = reading.span(field.key);
        let title = format!("`{}` is given twice", field.word());
        reading.error(title, span, "the text of `type` has it too");
        return;
    }
    let column = &mut definition.column;
    match field.word() {
        "nullable" => column.nullable = reading.boolean(field).unwrap_or(true),
        "default" => column.default = default(reading, column, type_text, field),
        "on_update" => column.on_update_now = on_update(reading, field),
        "auto_increment" => column.auto_increment = reading.boolean(field).unwrap_or(false),
        "generated" => column.generated = generated(reading, field),
        "charset" => {
            column.charset = reading.word(field, "character set");
            if let (true, Some(charset)) = (definition.binary_of_table, &column.charset) {
                column.collation = Some(format!("{}_bin", charset_name(charset)));
                definition.binary_of_table = false;
            }
        }
        "collation" => column.collation = reading.word(field, "collation"),
        "comment" => {
            column.comment = reading.string(field).unwrap_or_default().to_owned();
        }
        "invisible" => column.invisible = reading.boolean(field).unwrap_or(false),
        "check" => column.check = expression(reading, field),
        "system_versioning" => match reading.boolean(field) {
            Some(true) => definition.with_versioning = true,
            Some(false) => column.versioning = ColumnVersioning::Without,
            None => {}
        },
        "srid" => set_srid(reading, column, field),
        "unique" => definition.unique = reading.boolean(field).unwrap_or(false),
        "primary_key" => definition.primary_key = reading.boolean(field).unwrap_or(false),
        "renamed_from" => {
            column.renamed_from = reading.name(field.value, "column").map(str::to_owned);
            *renamed_from = Some(reading.span(field.value));
        }
        _ => set_storage(reading, column, field),
    }
}

/// Whether the text of `type` already has the clause that a key sets.
fn said_by_type(definition: &ColumnDefinition, key: &str) -> bool {
    let column = &definition.column;
    match key {
        "nullable" => !column.nullable,
        "default" => column.default.is_some(),
        "on_update" => column.on_update_now,
        "auto_increment" => column.auto_increment,
        "generated" => column.generated.is_some(),
        "charset" => column.charset.is_some(),
        "collation" => column.collation.is_some(),
        "comment" => !column.comment.is_empty(),
        "invisible" => column.invisible,
        "check" => column.check.is_some() || !definition.checks.is_empty(),
        "system_versioning" => {
            definition.with_versioning || column.versioning != ColumnVersioning::AsTable
        }
        "srid" => matches!(column.ty, ColumnType::Geometry { srid: Some(_), .. }),
        "unique" => definition.unique,
        "primary_key" => definition.primary_key,
        _ => column.storage.as_ref().is_some_and(|storage| says(storage, key)),
    }
}

/// Whether the storage already has the clause that a key sets.
fn says(storage: &ColumnStorage, key: &str) -> bool {
    match key {
        "compressed" => storage.compressed,
        "column_format" => storage.format.is_some(),
        "storage" => storage.medium.is_some(),
        "secondary" => storage.not_secondary,
        _ => attributes::says(&storage.attributes, key),
    }
}

/// Applies a key about a column's storage.
fn set_storage(reading: &mut Reading<'_, '_>, column: &mut Column, field: KeyValue<'_>) {
    let storage = column.storage_mut();
    match field.word() {
        "compressed" => storage.compressed = reading.boolean(field).unwrap_or(false),
        "column_format" => {
            storage.format = reading.choice(field, FORMATS).flatten();
        }
        "storage" => {
            storage.medium = reading.choice(field, MEDIA).flatten();
        }
        "secondary" => storage.not_secondary = reading.boolean(field) == Some(false),
        "engine_attribute" | "secondary_engine_attribute" | "engine_options" => {
            attributes::read(reading, &mut storage.attributes, field);
        }
        _ => {}
    }
    column.storage = column.storage.take().filter(|storage| **storage != ColumnStorage::default());
}

/// Reads `default`: a literal, null, or `{ sql: … }`.
fn default(
    reading: &mut Reading<'_, '_>,
    column: &Column,
    type_text: &str,
    field: KeyValue<'_>,
) -> Option<DefaultValue> {
    let raw = reading.raw(field.value);
    let clause = match &field.value.value {
        Value::Null => return Some(DefaultValue::Null),
        Value::String(_) if !reading.quoted(field.value) => return None,
        Value::Number => raw.to_owned(),
        Value::Bool(value) if column.ty.class() == TypeClass::Numeric => value.to_string(),
        Value::String(text) => {
            if column.ty.class() == TypeClass::Temporal && is_now(text) {
                let span = reading.span(field.value);
                reading
                    .error(format!("`{text}` as a default is a string here"), span, "")
                    .help
                    .push(format!("for the function write `default: {{ sql: {text} }}`"));
                return None;
            }
            quote_string(text)
        }
        Value::Mapping(entries) => return sql_default(reading, column, type_text, field, entries),
        other => {
            let help = format!("quote it: '{raw}'");
            let quotable = matches!(other, Value::Bool(_));
            let error = reading.expected(field, "a literal, null or `{ sql: … }`");
            if quotable {
                error.help.push(help);
            }
            return None;
        }
    };
    let parsed = syntax::parse_column(&column.name, &format!("{type_text} default {clause}"));
    match parsed {
        Ok(parsed) => parsed.column.default,
        Err(error) => {
            let span = reading.span(field.value);
            reading.error(error.message, span, "").help.extend(error.help);
            None
        }
    }
}

fn sql_default(
    reading: &mut Reading<'_, '_>,
    column: &Column,
    type_text: &str,
    field: KeyValue<'_>,
    entries: &[(YamlNode<'_>, YamlNode<'_>)],
) -> Option<DefaultValue> {
    let [entry] = entries else {
        reading.expected(field, "a literal, null or `{ sql: … }`");
        return None;
    };
    let sql_field = KeyValue::from(entry);
    if sql_field.word() != "sql" {
        reading.unknown_key(sql_field, &DEFAULT);
        return None;
    }
    if let Value::String(text) = &sql_field.value.value
        && is_now(text)
    {
        let parsed = syntax::parse_column(&column.name, &format!("{type_text} default {text}"));
        if let Ok(ColumnDefinition {
            column: Column { default: Some(now @ DefaultValue::CurrentTimestamp), .. },
            ..
        }) = parsed
        {
            return Some(now);
        }
    }
    expression(reading, sql_field).map(DefaultValue::Expression)
}

/// Whether a text is one of the spellings of CURRENT_TIMESTAMP.
fn is_now(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let (word, digits) = match text.split_once('(') {
        Some((word, rest)) => (word.trim_end(), rest.strip_suffix(')')),
        None => (text.as_str(), Some("0")),
    };
    let digits = digits.map(str::trim);
    matches!(word, "current_timestamp" | "now" | "localtimestamp" | "localtime")
        && (word != "now" || text.contains('('))
        && digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn on_update(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> bool {
    let Some(text) = reading.string(field) else { return false };
    let now = is_now(text);
    if !now {
        let span = reading.span(field.value);
        reading.error(format!("`on_update` can't be `{text}`"), span, "only current_timestamp");
    }
    now
}

fn generated(reading: &mut Reading<'_, '_>, field: KeyValue<'_>) -> Option<Generated> {
    let fields = reading.fields(field)?;
    let (mut text, mut storage) = (None, GeneratedStorage::Virtual);
    for inner in fields {
        match inner.word() {
            "as" => text = expression(reading, inner),
            "stored" => {
                if reading.boolean(inner) == Some(true) {
                    storage = GeneratedStorage::Stored;
                }
            }
            _ => reading.unknown_key(inner, &GENERATED),
        }
    }
    if text.is_none() && !field_has(field, "as") {
        reading.expected(field, "`{ as: expression, stored: true or false }`");
    }
    Some(Generated { expression: text?, storage })
}

fn field_has(field: KeyValue<'_>, key: &str) -> bool {
    match &field.value.value {
        Value::Mapping(entries) => entries.iter().any(|entry| KeyValue::from(entry).word() == key),
        _ => false,
    }
}

/// Reads a string that is an SQL expression.
pub(super) fn expression(
    reading: &mut Reading<'_, '_>,
    field: KeyValue<'_>,
) -> Option<crate::model::Expression> {
    let text = match &field.value.value {
        Value::Number | Value::Bool(_) => reading.raw(field.value),
        _ => reading.string(field)?,
    };
    match syntax::parse_expression(text) {
        Ok(expression) => Some(expression),
        Err(error) => {
            reading.sql_error(field.value, text, error);
            None
        }
    }
}

fn set_srid(reading: &mut Reading<'_, '_>, column: &mut Column, field: KeyValue<'_>) {
    let number = reading.integer(field).and_then(|number| u32::try_from(number).ok());
    if let ColumnType::Geometry { srid, .. } = &mut column.ty {
        *srid = number;
    } else {
        let span = reading.span(field.key);
        reading.error("only a spatial column has an `srid`", span, "");
    }
}
