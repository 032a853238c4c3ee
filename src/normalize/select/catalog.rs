//! What is known of the tables that a query names.

use std::collections::HashMap;

use super::column_info::ColumnInfo;
use crate::model::{Object, ObjectKind, ObjectName, Schema, same_name};
use crate::server::Server;

/// The databases that belong to the server.
const SYSTEM_DATABASES: &[&str] = &["information_schema", "mysql", "performance_schema", "sys"];

/// The schema in which a query is resolved.
pub(super) struct Catalog<'a> {
    pub(super) schema: &'a Schema,
    pub(super) server: Server,
    /// The name of the database, if it is known. The server qualifies all names with it.
    pub(super) database: Option<&'a str>,
    /// Whether the server takes names of tables and aliases that differ only in case for the same
    /// name.
    pub(super) folds_names: bool,
    /// The columns of the views whose queries were understood, by the name of the view.
    pub(super) views: HashMap<String, Vec<String>>,
    /// What is known of each column of these views.
    pub(super) view_columns: HashMap<String, Vec<ColumnInfo>>,
}

/// A table or view that a query names.
pub(super) struct NamedTable {
    /// Its name, spelled as in the schema if it is there.
    pub(super) name: String,
    pub(super) is_of_schema: bool,
    /// Its columns, if they are known.
    pub(super) columns: Option<Vec<String>>,
    /// Its columns that `*` leaves out.
    pub(super) hidden: Vec<String>,
    /// What is known of each of its columns; empty if nothing is known.
    pub(super) column_info: Vec<ColumnInfo>,
}

impl<'a> Catalog<'a> {
    /// Whether a database name is that of the schema itself. `None` if the schema's name isn't
    /// known.
    pub(super) fn is_own(&self, database: &str) -> Option<bool> {
        let is_system = SYSTEM_DATABASES.iter().any(|system| same_name(system, database));
        match self.database {
            Some(own) => Some(own == database || same_name(own, database)),
            None => is_system.then_some(false),
        }
    }

    /// A table or view of the schema. If there is none with exactly this name, one with another
    /// case is taken, because the server may ignore the case of table names.
    pub(super) fn table(&self, name: &str) -> NamedTable {
        let exact = self.exact(name);
        let found = exact.or_else(|| {
            let tables = self.schema.tables.keys();
            let views = self.views().map(|view| &view.name);
            let spelled = tables.chain(views).find(|other| same_name(other, name))?;
            self.exact(spelled)
        });
        found.unwrap_or(NamedTable {
            name: self.alias(name),
            is_of_schema: false,
            columns: None,
            hidden: Vec::new(),
            column_info: Vec::new(),
        })
    }

    /// The name of a table within a query, in the spelling that is used for all its spellings.
    pub(super) fn alias(&self, name: &str) -> String {
        if self.folds_names { name.to_lowercase() } else { name.to_owned() }
    }

    fn exact(&self, name: &str) -> Option<NamedTable> {
        let (columns, hidden, column_info) = match self.schema.table(name) {
            Some(table) => {
                let names = |invisible| {
                    let columns = table.columns.iter();
                    let some = columns.filter(move |column| column.invisible == invisible);
                    some.map(|column| column.name.clone()).collect()
                };
                let shown = table.columns.iter().filter(|column| !column.invisible);
                (Some(names(false)), names(true), shown.map(ColumnInfo::of).collect())
            }
            None => {
                let key = ObjectName { kind: ObjectKind::View, name: name.to_owned() };
                self.schema.objects.get(&key)?;
                let column_info = self.view_columns.get(name).cloned().unwrap_or_default();
                (self.views.get(name).cloned(), Vec::new(), column_info)
            }
        };
        Some(NamedTable { name: name.to_owned(), is_of_schema: true, columns, hidden, column_info })
    }

    fn views(&self) -> impl Iterator<Item = &'a crate::model::View> {
        self.schema.objects.values().filter_map(|object| match object {
            Object::View(view) => Some(view),
            _ => None,
        })
    }

    /// The stored function of that name, spelled as in the schema.
    pub(super) fn function(&self, name: &str) -> Option<&'a str> {
        self.schema
            .objects
            .keys()
            .find(|object| object.kind == ObjectKind::Function && same_name(&object.name, name))
            .map(|object| object.name.as_str())
    }
}
