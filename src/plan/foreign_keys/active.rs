//! The foreign keys that stand at a moment of the plan.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{ForeignKey, Schema, Table};
use crate::renames::Renames;

/// Which foreign keys there are between two statements, by table.
#[derive(Debug, Default)]
pub(in crate::plan) struct ActiveForeignKeys {
    keys: HashMap<String, Vec<ForeignKey>>,
    /// By referenced table: the tables whose keys refer to it, or did.
    referring: HashMap<String, BTreeSet<String>>,
    /// The tables whose columns have their new names.
    renamed: HashSet<String>,
}

impl ActiveForeignKeys {
    /// What the tables of a schema have, under the names that `rename` gives them.
    pub(in crate::plan) fn of(schema: &Schema, rename: impl Fn(&Table) -> Table) -> Self {
        let mut active_keys = ActiveForeignKeys::default();
        for table in schema.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
            active_keys.set(&rename(table));
        }
        active_keys
    }

    /// Takes over what a table has after a statement. Its keys name the columns of other tables as
    /// they will be called; `back` leads to how those are called that have yet to be renamed.
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

    /// Takes over what a table has now.
    fn set(&mut self, table: &Table) {
        for key in table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none()) {
            let referring = self.referring.entry(key.referenced_table.clone()).or_default();
            referring.insert(table.name.clone());
        }
        self.keys.insert(table.name.clone(), table.foreign_keys.clone());
    }

    /// Follows the renames of a table's columns in the keys of other tables.
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

    /// The columns of a table, in lower case, that periods and foreign keys use which stand before
    /// and after, and what these are about to be called. Asked for only where any column is renamed.
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

    /// The keys of other tables that refer to a table, each with its own table's name.
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
