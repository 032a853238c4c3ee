//! What the rules look at, with what is looked up more than once.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::model::{ForeignKey, Index, KeyPart, Schema, Table, same_name};
use crate::server::Server;

/// A schema for a server, and what has been gathered from the whole of it.
pub(super) struct Subject<'a> {
    /// The schema.
    pub(super) schema: &'a Schema,
    /// The server that it is for.
    pub(super) server: &'a Server,
    usual_collation: OnceCell<Option<&'a str>>,
    referencing: BTreeMap<&'a str, Vec<&'a ForeignKey>>,
}

impl<'a> Subject<'a> {
    /// Gathers it.
    pub(super) fn new(schema: &'a Schema, server: &'a Server) -> Self {
        let mut referencing: BTreeMap<&str, Vec<&ForeignKey>> = BTreeMap::new();
        for key in schema.tables.values().flat_map(|table| &table.foreign_keys) {
            if key.referenced_schema.is_none() {
                referencing.entry(&key.referenced_table).or_default().push(key);
            }
        }
        Subject { schema, server, usual_collation: OnceCell::new(), referencing }
    }

    /// The foreign keys, of any table of the schema, that refer to a table.
    pub(super) fn referencing(&self, table: &str) -> &[&'a ForeignKey] {
        self.referencing.get(table).map_or(&[], Vec::as_slice)
    }

    /// The collation that most of the schema has, by the measure of the one rule that asks.
    pub(super) fn usual_collation(
        &self,
        measure: impl FnOnce(&'a Schema) -> Option<&'a str>,
    ) -> Option<&'a str> {
        *self.usual_collation.get_or_init(|| measure(self.schema))
    }

    /// The table that a foreign key refers to, where it is in the schema.
    pub(super) fn referenced(&self, key: &ForeignKey) -> Option<&'a Table> {
        match key.referenced_schema {
            Some(_) => None,
            None => self.schema.table(&key.referenced_table),
        }
    }
}

/// Whether an index serves a foreign key on these columns: it begins with them, whole, in their
/// order. A descending part doesn't count: MySQL makes an index of its own beside such a one.
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

/// Whether an index is what MySQL wants of a key that is referred to: unique, on these columns
/// and no others.
pub(super) fn is_referenced_key(index: &Index, columns: &[String]) -> bool {
    index.is_unique() && index.parts.len() == columns.len() && serves_foreign_key(index, columns)
}
