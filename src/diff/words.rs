//! Values as a person reads them, with no server in mind.

use crate::ddl::{self, Keywords};
use crate::model::{
    Column, ColumnFormat, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue, ForeignKey,
    Generated, GeneratedStorage, IndexPart, Period, StorageMedium, TypeClass, same_name,
};
use crate::server::Server;

use super::FieldChange;

/// A clause with both its values.
pub(super) fn field(
    field: &'static str,
    from: impl Into<String>,
    to: impl Into<String>,
) -> FieldChange {
    FieldChange { field, from: from.into(), to: to.into() }
}

/// `varchar(100)`
pub(super) fn type_words(column: &Column) -> String {
    ddl::column_type(&column.ty, &Server::ASSUMED)
}

/// `null`, `not null`
pub(super) fn nullable_words(nullable: bool) -> &'static str {
    if nullable { "null" } else { "not null" }
}

/// `default 'new'`, `no default`
pub(super) fn default_words(column: &Column) -> String {
    match &column.default {
        None | Some(DefaultValue::Null) => "no default".to_owned(),
        Some(DefaultValue::CurrentTimestamp) => {
            let text =
                ddl::default_text(&DefaultValue::CurrentTimestamp, &column.ty, &Server::ASSUMED);
            format!("default {}", text.to_lowercase())
        }
        Some(DefaultValue::Literal(text)) if column.ty.class() != TypeClass::Numeric => {
            format!("default {}", ddl::quote_string(text))
        }
        Some(value) => {
            format!("default {}", ddl::default_text(value, &column.ty, &Server::ASSUMED))
        }
    }
}

/// `as (a + 1) stored`, `not generated`
pub(super) fn generated_words(generated: Option<&Generated>) -> String {
    let Some(generated) = generated else { return "not generated".to_owned() };
    let storage = match generated.storage {
        GeneratedStorage::Virtual => "virtual",
        GeneratedStorage::Stored => "stored",
    };
    format!("as ({}) {storage}", generated.expression.text)
}

/// `srid 4326`, `no srid`
pub(super) fn srid_words(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Geometry { srid: Some(srid), .. } => format!("srid {srid}"),
        _ => "no srid".to_owned(),
    }
}

/// `as the table`, `as row start`
pub(super) fn versioning_words(versioning: ColumnVersioning) -> &'static str {
    match versioning {
        ColumnVersioning::AsTable => "as the table",
        ColumnVersioning::Without => "without system versioning",
        ColumnVersioning::RowStart => "as row start",
        ColumnVersioning::RowEnd => "as row end",
    }
}

/// `fixed`, `default`
pub(super) fn format_words(storage: &ColumnStorage) -> &'static str {
    match storage.format {
        None => "default",
        Some(ColumnFormat::Fixed) => "fixed",
        Some(ColumnFormat::Dynamic) => "dynamic",
    }
}

/// `disk`, `default`
pub(super) fn medium_words(storage: &ColumnStorage) -> &'static str {
    match storage.medium {
        None => "default",
        Some(StorageMedium::Disk) => "disk",
        Some(StorageMedium::Memory) => "memory",
    }
}

/// A comment in quotes, or that there is none.
pub(super) fn comment_words(comment: &str) -> String {
    if comment.is_empty() { "no comment".to_owned() } else { ddl::quote_string(comment) }
}

/// What stands there, or `none`.
pub(super) fn or_none(text: Option<&str>) -> String {
    text.unwrap_or("none").to_owned()
}

/// `(a, b(10) desc)`
pub(crate) fn parts_words(parts: &[IndexPart]) -> String {
    ddl::index_parts(parts, Keywords::Lower)
}

/// A period's name as schema.yaml has it: that of system versioning in lower case.
pub(crate) fn period_key(name: &str) -> &str {
    if same_name(name, Period::SYSTEM_TIME) { "system_time" } else { name }
}

/// `period validity (valid_from, valid_to)`
pub(crate) fn period_words(period: &Period) -> String {
    format!("period {} ({}, {})", period_key(&period.name), period.start, period.end)
}

/// `(a, b)`
pub(super) fn columns_words(columns: &[String]) -> String {
    format!("({})", columns.join(", "))
}

/// `users (id)`
pub(crate) fn references_words(key: &ForeignKey) -> String {
    let schema =
        key.referenced_schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
    format!("{schema}{} {}", key.referenced_table, columns_words(&key.referenced_columns))
}
