//! Values as a person reads them, with no server in mind.

use std::collections::BTreeSet;

use crate::ddl::{self, Keywords};
use crate::model::{
    Column, ColumnFormat, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue,
    EngineAttributes, ForeignKey, Generated, GeneratedStorage, Hashing, IndexPart, Partition,
    PartitionBounds, PartitionMethod, Partitioning, Period, StorageMedium, TypeClass, same_name,
};
use crate::server::Server;
use crate::syntax::quote_string;

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
            format!("default {}", quote_string(text))
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
    if comment.is_empty() { "no comment".to_owned() } else { quote_string(comment) }
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
fn period_key(name: &str) -> &str {
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

/// `range (year(d))`
pub(crate) fn method_words(method: &PartitionMethod) -> String {
    ddl::partition_method(method, Keywords::Lower)
}

/// `hash (id)`, `none`
pub(super) fn hashing_words(hashing: Option<&Hashing>) -> String {
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
pub(super) fn count_words(count: usize) -> String {
    format!("{count} partition{}", if count == 1 { "" } else { "s" })
}

/// `a, b`
pub(super) fn names_words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// What differs in what two columns or indexes say to their engine.
pub(super) fn attribute_fields(old: &EngineAttributes, new: &EngineAttributes) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    for (name, old, new) in [
        ("engine_attribute", &old.engine_attribute, &new.engine_attribute),
        (
            "secondary_engine_attribute",
            &old.secondary_engine_attribute,
            &new.secondary_engine_attribute,
        ),
    ] {
        if old != new {
            fields.push(field(name, or_none(old.as_deref()), or_none(new.as_deref())));
        }
    }
    let (old, new) = (&old.engine_options, &new.engine_options);
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names.into_iter().filter(|name| old.get(*name) != new.get(*name)) {
        let words = |value: Option<&String>| {
            value.map_or_else(|| format!("no {name}"), |value| format!("{name}={value}"))
        };
        fields.push(field("engine_options", words(old.get(name)), words(new.get(name))));
    }
    fields
}
