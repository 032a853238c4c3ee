//! Makes two schemas comparable on a given server: every value is effective, and every spelling is
//! unique.

mod body;
mod charset;
mod constraints;
mod context;
mod defaults;
pub mod expression;
mod generated_key;
mod indexes;
mod json;
mod key_length;
#[cfg(test)]
mod live_tests;
mod numbers;
mod objects;
mod options;
mod partition_texts;
mod partitioning;
mod same_bounds;
pub mod select;
mod table_names;
#[cfg(test)]
mod tests;
mod timestamps;
mod types;
mod unsupported;
mod versioning;

pub(crate) use body::same_body;
pub(crate) use charset::assume_default;
pub use context::Context;
pub use generated_key::{leave_out_generated_keys, leave_undeclared_keys};
pub(crate) use indexes::shortened;
pub(crate) use key_length::is_too_long;
pub(crate) use objects::literal_moment;
pub(crate) use options::storable;
pub(crate) use partition_texts::{adopt_spelling, may_share_values};
pub(crate) use partitioning::normalize_bounds;
pub(crate) use same_bounds::same_bounds;
pub use table_names::{same_tables, spell_tables_as};
pub(crate) use types::text_instead;
pub use unsupported::unsupported;

use crate::model::{Schema, Table, same_name};
use crate::server::{Capability, Server};
use charset::Collated;

/// The schema as that server would keep and show it. Normalizing it again changes nothing.
pub fn normalize(schema: &Schema, context: &Context) -> Schema {
    let outer = context.collated();
    let mut normalized = schema.clone();
    for table in normalized.tables.values_mut() {
        normalize_table(table, schema, context, outer.as_ref());
    }
    objects::normalize(&mut normalized, context);
    select::all(&mut normalized, context);
    normalized
}

/// If a schema comes from a server of another vendor, changes its types to what that server means
/// by them.
pub fn read_types_of(schema: &mut Schema, source: Server, server: Server) {
    if source.can(Capability::JsonType) || !server.can(Capability::JsonType) {
        return;
    }
    for table in schema.tables.values_mut() {
        let (charset, collation) = (&table.options.charset, &table.options.collation);
        let own = charset::effective(source, charset.as_deref(), collation.as_deref(), None);
        for column in &mut table.columns {
            types::json_of_mariadb(column, source, own.as_ref());
        }
    }
}

/// Normalizes a table in an order in which each step finds what it needs: the table's character set
/// before the character sets of its columns, types before defaults and prefix lengths, the primary
/// key's columns before their defaults.
fn normalize_table(
    table: &mut Table,
    schema: &Schema,
    context: &Context,
    outer: Option<&Collated>,
) {
    let server = context.server;
    let is_bare = table.options.charset.is_none() && table.options.collation.is_none();
    table.options.inherits_charset |= is_bare && !context.of_tables;
    let collated = options::normalize(&mut table.options, server, outer);
    let key: Vec<String> = table
        .primary_key
        .iter()
        .flat_map(|key| key.column_names().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    timestamps::apply_implicit_defaults(table, context.implicit_timestamps);
    let column_types = expression::ColumnTypes::of(table, server);
    for column in &mut table.columns {
        types::json(column, server, collated.as_ref());
        types::column(column, server);
        let is_stated = column.charset.is_some() || column.collation.is_some();
        column.states_charset |= is_bare && !context.of_tables && is_stated;
        charset::column(column, server, collated.as_ref());
        column.states_charset &= column.charset.is_some();
        types::members(column);
        let in_key = key.iter().any(|name| same_name(name, &column.name));
        column.nullable &= !in_key && !column.auto_increment;
        defaults::column(column, server);
        if let Some(generated) = &mut column.generated {
            generated.expression =
                expression::with_canonical_among(&generated.expression, &column_types);
        }
        column.comment = options::storable(&column.comment);
        if let Some(storage) = &mut column.storage {
            options::attributes(&mut storage.attributes);
        }
    }
    indexes::all(table, server);
    versioning::normalize(table);
    for index in table.primary_key.iter_mut().chain(&mut table.indexes) {
        index.comment = options::storable(&index.comment);
        if let Some(attributes) = &mut index.attributes {
            options::attributes(attributes);
        }
    }
    constraints::foreign_keys(table, schema, context);
    constraints::checks(table, &column_types, server);
    partitioning::normalize(table, server);
}
