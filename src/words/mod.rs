//! Values of the model in words for people, independent of a server.

mod fields;
mod objects;
mod uncertain;

use crate::ddl::{self, Keywords};
use crate::model::{
    Column, ColumnFormat, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue, ForeignKey,
    Generated, GeneratedStorage, Hashing, Index, IndexKind, IndexPart, Partition, PartitionBounds,
    PartitionMethod, Partitioning, Period, ReferentialAction, StorageMedium, TypeClass, same_name,
};
use crate::server::Server;
use crate::syntax::quote_string;

pub use fields::{
    Field, check_fields, column_fields, foreign_key_fields, index_fields, object_fields,
    option_field, partition_fields, partitioning_fields,
};
pub(crate) use objects::{object_field, object_words};
pub use uncertain::{UncertainWords, way_out};

/// The character set of a column that names none, if the one of its table isn't known.
const OF_TABLE: &str = "the table's default";

/// The character set of a table that names none, if the one of its database isn't known.
const OF_DATABASE: &str = "the database's default";

/// `varchar(100)`
pub(crate) fn type_words(ty: &ColumnType) -> String {
    ddl::column_type(ty, &Server::ASSUMED)
}

/// `null`, `not null`
fn nullable_words(nullable: bool) -> &'static str {
    if nullable { "null" } else { "not null" }
}

/// `default 'new'`, `no default`
fn default_words(column: &Column) -> String {
    match &column.default {
        None | Some(DefaultValue::Null) => "no default".to_owned(),
        Some(DefaultValue::CurrentTimestamp) => {
            let text =
                ddl::default_text(&DefaultValue::CurrentTimestamp, &column.ty, &Server::ASSUMED);
            format!("default {}", text.to_lowercase())
        }
        Some(DefaultValue::Literal(text)) if column.ty.class() != TypeClass::Numeric => {
            format!("default {}", quote_string(text))
        }
        Some(value) => {
            format!("default {}", ddl::default_text(value, &column.ty, &Server::ASSUMED))
        }
    }
}

/// `as (a + 1) stored`, `not generated`
fn generated_words(generated: Option<&Generated>) -> String {
    let Some(generated) = generated else { return "not generated".to_owned() };
    let storage = match generated.storage {
        GeneratedStorage::Virtual => "virtual",
        GeneratedStorage::Stored => "stored",
    };
    format!("as ({}) {storage}", generated.expression.text)
}

/// `srid 4326`, `no srid`
fn srid_words(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Geometry { srid: Some(srid), .. } => format!("srid {srid}"),
        _ => "no srid".to_owned(),
    }
}

/// The character set or collation of a column, or the words for the table's default.
pub(crate) fn charset_words(name: Option<&str>) -> &str {
    name.unwrap_or(OF_TABLE)
}

/// `as the table`, `as row start`
fn versioning_words(versioning: ColumnVersioning) -> &'static str {
    match versioning {
        ColumnVersioning::AsTable => "as the table",
        ColumnVersioning::Without => "without system versioning",
        ColumnVersioning::RowStart => "as row start",
        ColumnVersioning::RowEnd => "as row end",
    }
}

/// `fixed`, `default`
fn format_words(storage: &ColumnStorage) -> &'static str {
    match storage.format {
        None => "default",
        Some(ColumnFormat::Fixed) => "fixed",
        Some(ColumnFormat::Dynamic) => "dynamic",
    }
}

/// `disk`, `default`
fn medium_words(storage: &ColumnStorage) -> &'static str {
    match storage.medium {
        None => "default",
        Some(StorageMedium::Disk) => "disk",
        Some(StorageMedium::Memory) => "memory",
    }
}

/// A comment in quotes, or `no comment`.
fn comment_words(comment: &str) -> String {
    if comment.is_empty() { "no comment".to_owned() } else { quote_string(comment) }
}

/// The text, or `none`.
fn or_none(text: Option<&str>) -> String {
    text.unwrap_or("none").to_owned()
}

/// `(a, b(10) desc)`
pub(crate) fn parts_words(parts: &[IndexPart]) -> String {
    ddl::index_parts(parts, Keywords::Lower)
}

/// A period's name as it is written in schema.yaml: SYSTEM_TIME is in lower case.
fn period_key(name: &str) -> &str {
    if same_name(name, Period::SYSTEM_TIME) { "system_time" } else { name }
}

/// `period validity (valid_from, valid_to)`
pub(crate) fn period_words(period: &Period) -> String {
    format!("period {} ({}, {})", period_key(&period.name), period.start, period.end)
}

/// `(a, b)`
fn columns_words(columns: &[String]) -> String {
    format!("({})", columns.join(", "))
}

/// `users (id)`
pub(crate) fn references_words(key: &ForeignKey) -> String {
    let schema =
        key.referenced_schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
    format!("{schema}{} {}", key.referenced_table, columns_words(&key.referenced_columns))
}

/// `range (year(d))`
fn method_words(method: &PartitionMethod) -> String {
    ddl::partition_method(method, Keywords::Lower)
}

/// `hash (id)`, `none`
fn hashing_words(hashing: Option<&Hashing>) -> String {
    let words = hashing.map(|hashing| ddl::partition_hashing(hashing, Keywords::Lower));
    or_none(words.as_deref())
}

/// `less than (10)`
pub(crate) fn bounds_words(bounds: &PartitionBounds) -> String {
    ddl::partition_bounds(bounds, Keywords::Lower)
}

/// `p0 less than (10)`
pub(crate) fn partition_words(partition: &Partition) -> String {
    format!("{} {}", partition.name, bounds_words(&partition.bounds)).trim_end().to_owned()
}

/// `hash (id), 4 partitions`, `not partitioned`
pub(crate) fn partitioning_words(partitioning: Option<&Partitioning>) -> String {
    match partitioning {
        None => "not partitioned".to_owned(),
        Some(Partitioning::Keep) => "partitions that are kept".to_owned(),
        Some(Partitioning::By(scheme)) => {
            format!("{}, {}", method_words(&scheme.method), count_words(scheme.len()))
        }
    }
}

/// `1 partition`, `4 partitions`
fn count_words(count: usize) -> String {
    format!("{count} partition{}", if count == 1 { "" } else { "s" })
}

/// `a, b`
fn names_words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// `unique index u (a, b)`
pub(crate) fn index_words(index: &Index) -> String {
    let mut parts = parts_words(&index.parts);
    if let Some(period) = &index.without_overlaps {
        parts.truncate(parts.len().saturating_sub(1));
        parts.push_str(&format!(", {period} without overlaps)"));
    }
    format!("{} {parts}", index_head(index))
}

/// `unique index u`
pub(crate) fn index_head(index: &Index) -> String {
    match index.kind {
        IndexKind::Primary => "primary key".to_owned(),
        IndexKind::Unique => format!("unique index {}", index.name),
        IndexKind::Plain => format!("index {}", index.name),
        IndexKind::Fulltext => format!("fulltext index {}", index.name),
        IndexKind::Spatial => format!("spatial index {}", index.name),
        IndexKind::Vector => format!("vector index {}", index.name),
    }
}

/// `foreign key f (a) to users (id)`
pub(crate) fn foreign_key_words(key: &ForeignKey) -> String {
    let columns = key.columns.join(", ");
    format!("foreign key {} ({columns}) to {}", key.name, references_words(key))
}

/// ` on delete cascade on update set null`. An action that does nothing is left out.
pub(crate) fn referential_words(key: &ForeignKey) -> String {
    let mut words = String::new();
    for (event, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        if action != ReferentialAction::NoAction {
            words.push_str(&format!(" on {event} {}", action_words(action)));
        }
    }
    words
}

/// `set null`
pub(crate) fn action_words(action: ReferentialAction) -> String {
    action.sql().to_ascii_lowercase()
}
