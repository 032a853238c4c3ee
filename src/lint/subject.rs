//! What the rules check, and what several of them look up.

use std::collections::BTreeMap;

use crate::model::{ForeignKey, Index, KeyPart, Object, ObjectName, Schema, Table, same_name};
use crate::server::Server;
use crate::source::{Loaded, Settings};

/// A schema for a server, with what was gathered from all of its tables.
pub(super) struct Subject<'a> {
    /// The schema.
    pub(super) schema: &'a Schema,
    /// The server that it is for.
    pub(super) server: &'a Server,
    /// The settings of schema.yaml.
    pub(super) settings: &'a Settings,
    /// What the schema was read as: normalizing takes away what the server forgets.
    pub(super) source: &'a Loaded,
    referencing: BTreeMap<&'a str, Vec<&'a ForeignKey>>,
}

impl<'a> Subject<'a> {
    /// Gathers what the rules look up.
    pub(super) fn new(
        schema: &'a Schema,
        source: &'a Loaded,
        server: &'a Server,
        settings: &'a Settings,
    ) -> Self {
        let mut referencing: BTreeMap<&str, Vec<&ForeignKey>> = BTreeMap::new();
        for key in schema.tables.values().flat_map(|table| &table.foreign_keys) {
            if key.referenced_schema.is_none() {
                referencing.entry(&key.referenced_table).or_default().push(key);
            }
        }
        Subject { schema, server, settings, source, referencing }
    }

    /// The foreign keys, in any table of the schema, that reference a table.
    pub(super) fn referencing(&self, table: &str) -> &[&'a ForeignKey] {
        self.referencing.get(table).map_or(&[], Vec::as_slice)
    }

    /// A table as its source has it. `None` if its name is spelled otherwise there.
    pub(super) fn written(&self, table: &str) -> Option<&'a Table> {
        self.source.schema.table(table)
    }

    /// Whether the source says which character set a column has, by itself or by the defaults of its
    /// table or schema. Otherwise it is what a server makes of it.
    pub(super) fn states_charset(&self, table: &str, column: &str) -> bool {
        if self.source.schema.charset.is_some() || self.source.schema.collation.is_some() {
            return true;
        }
        let Some(table) = self.source.schema.table(table) else { return false };
        let options = &table.options;
        let column = table.column(column);
        options.charset.is_some()
            || options.collation.is_some()
            || column.is_some_and(|it| it.charset.is_some() || it.collation.is_some())
    }

    /// An object as its source has it.
    pub(super) fn written_object(&self, name: &ObjectName) -> Option<&'a Object> {
        self.source.schema.objects.get(name)
    }

    /// The table that a foreign key references, if it is in the schema.
    pub(super) fn referenced(&self, key: &ForeignKey) -> Option<&'a Table> {
        match key.referenced_schema {
            Some(_) => None,
            None => self.schema.table(&key.referenced_table),
        }
    }
}

/// Whether an index serves a foreign key on these columns: it begins with the whole columns, in
/// their order. An index with a descending part doesn't count, because MySQL makes another index
/// for the foreign key then.
pub(super) fn serves_foreign_key(index: &Index, columns: &[String]) -> bool {
    index.parts.len() >= columns.len()
        && index.parts.iter().zip(columns).all(|(part, column)| {
            !part.descending
                && matches!(
                    &part.key,
                    KeyPart::Column { name, prefix_length: None } if same_name(name, column)
                )
        })
        && index.kind.is_ordered()
}

/// Whether an index is what MySQL requires for referenced columns: unique, on exactly these
/// columns.
pub(super) fn is_referenced_key(index: &Index, columns: &[String]) -> bool {
    index.is_unique() && index.parts.len() == columns.len() && serves_foreign_key(index, columns)
}
