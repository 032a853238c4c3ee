//! The foreign keys that stand at a moment of the plan.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diff::Renames;
use crate::model::{ForeignKey, Schema, Table};

/// Which foreign keys there are between two statements, by table.
#[derive(Debug, Default)]
pub(super) struct ActiveForeignKeys {
    keys: HashMap<String, Vec<ForeignKey>>,
    /// By referenced table: the tables whose keys refer to it, or did.
    referring: HashMap<String, BTreeSet<String>>,
    /// The tables whose columns have their new names.
    renamed: HashSet<String>,
}

impl ActiveForeignKeys {
    /// What the tables of a schema have, under the names that `rename` gives them.
    pub(super) fn of(schema: &Schema, rename: impl Fn(&Table) -> Table) -> Self {
        let mut active_keys = ActiveForeignKeys::default();
        for table in schema.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
            active_keys.set(&rename(table));
        }
        active_keys
    }

    /// Takes over what a table has after a statement. Its keys name the columns of other tables as
    /// they will be called; `back` leads to how those are called that have yet to be renamed.
    pub(super) fn follow(&mut self, table: &Table, back: &Renames) {
        self.set(table);
        let renamed = &self.renamed;
        for key in self.keys.get_mut(&table.name).into_iter().flatten() {
            let own = key.referenced_table == table.name;
            if key.referenced_schema.is_none() && !own && !renamed.contains(&key.referenced_table) {
                for column in &mut key.referenced_columns {
                    *column = back.new_column(&key.referenced_table, column).to_owned();
                }
            }
        }
    }

    /// Takes over what a table has now.
    fn set(&mut self, table: &Table) {
        for key in table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none()) {
            let referring = self.referring.entry(key.referenced_table.clone()).or_default();
            referring.insert(table.name.clone());
        }
        self.keys.insert(table.name.clone(), table.foreign_keys.clone());
    }

    /// Follows the renames of a table's columns in the keys of other tables.
    pub(super) fn rename(&mut self, table: &str, renames: &Renames) {
        if renames.is_empty() {
            return;
        }
        self.renamed.insert(table.to_owned());
        let Some(referring) = self.referring.get(table) else { return };
        for other in referring.iter().filter(|other| *other != table) {
            for key in self.keys.get_mut(other).into_iter().flatten() {
                if key.referenced_schema.is_none() && key.referenced_table == table {
                    for column in &mut key.referenced_columns {
                        *column = renames.new_column(table, column).to_owned();
                    }
                }
            }
        }
    }

    /// The keys of other tables that refer to a table, each with its own table's name.
    pub(super) fn referring_to(&self, table: &str) -> Vec<(String, ForeignKey)> {
        let Some(referring) = self.referring.get(table) else { return Vec::new() };
        let others = referring.iter().filter(|other| *other != table);
        others
            .flat_map(|other| {
                let keys = self.keys.get(other).into_iter().flatten();
                keys.filter(|key| key.referenced_schema.is_none() && key.referenced_table == table)
                    .map(|key| (other.clone(), key.clone()))
            })
            .collect()
    }
}
