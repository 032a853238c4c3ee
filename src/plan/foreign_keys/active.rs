//! The foreign keys that exist at a moment of the plan.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{ForeignKey, Schema, Table};
use crate::renames::Renames;

/// The foreign keys that exist between two statements, by table.
#[derive(Debug, Default)]
pub(in crate::plan) struct ActiveForeignKeys {
    keys: HashMap<String, Vec<ForeignKey>>,
    /// By referenced table: the tables whose foreign keys reference it, or did so before.
    referring: HashMap<String, BTreeSet<String>>,
    /// The tables whose columns already have their new names.
    renamed: HashSet<String>,
}

impl ActiveForeignKeys {
    /// The foreign keys of a schema's tables, with the tables renamed by `rename`.
    pub(in crate::plan) fn of(schema: &Schema, rename: impl Fn(&Table) -> Table) -> Self {
        let mut active_keys = ActiveForeignKeys::default();
        for table in schema.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
            active_keys.set(&rename(table));
        }
        active_keys
    }

    /// Records the foreign keys that a table has after a statement. They name the columns of other
    /// tables by their new names. `back` gives the present names of those that haven't been renamed
    /// yet.
    pub(in crate::plan) fn follow(&mut self, table: &Table, back: &Renames) {
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

    /// Records the foreign keys that a table has now.
    fn set(&mut self, table: &Table) {
        for key in table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none()) {
            let referring = self.referring.entry(key.referenced_table.clone()).or_default();
            referring.insert(table.name.clone());
        }
        self.keys.insert(table.name.clone(), table.foreign_keys.clone());
    }

    /// Applies the renames of a table's columns to the foreign keys of other tables.
    pub(in crate::plan) fn rename(&mut self, table: &str, renames: &Renames) {
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

    /// The columns of a table, in lower case, that are used by its periods, and by foreign keys
    /// that exist both before and after. Both the old and the new names are included. The set is
    /// empty if no column is renamed, because it isn't needed then.
    pub(in crate::plan) fn pinned(
        &self,
        table: &Table,
        after: &Table,
        renames: &Renames,
    ) -> HashSet<String> {
        if renames.is_empty() {
            return HashSet::new();
        }
        let stays = |key: &&ForeignKey| after.foreign_key(&key.name).is_some();
        let own = table.foreign_keys.iter().filter(stays).map(|key| (&table.name, key));
        let others = self.referring_to(&table.name);
        let others = others.iter().map(|(name, key)| (name, key));
        let mut pinned = HashSet::new();
        for (name, key) in own.chain(others) {
            for key in [key.clone(), renames.apply(key, name)] {
                if *name == table.name {
                    pinned.extend(key.columns.iter().map(|column| column.to_lowercase()));
                }
                if key.referenced_table == table.name {
                    let columns = key.referenced_columns.iter();
                    pinned.extend(columns.map(|column| column.to_lowercase()));
                }
            }
        }
        for period in &table.periods {
            for column in [&period.start, &period.end] {
                pinned.insert(column.to_lowercase());
                pinned.insert(renames.new_column(&table.name, column).to_lowercase());
            }
        }
        let called = |column: &str| renames.new_column(&table.name, column).to_lowercase();
        let old = table.columns.iter().filter(|column| pinned.contains(&called(&column.name)));
        let old: Vec<String> = old.map(|column| column.name.to_lowercase()).collect();
        pinned.extend(old);
        pinned
    }

    /// The foreign keys of other tables that reference a table, each with the name of its own
    /// table.
    pub(in crate::plan) fn referring_to(&self, table: &str) -> Vec<(String, ForeignKey)> {
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
