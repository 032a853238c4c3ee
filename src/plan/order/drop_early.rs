//! Finds the foreign keys and CHECKs that must be dropped before any table is altered.

use std::collections::{HashMap, HashSet};

use super::{PlanBuilder, drop_order};
use crate::diff::TableChange;
use crate::model::{ForeignKey, IndexKind, Table};
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDropped;
use crate::plan::table::alteration::{
    Disposition, TableAlteration, free_of_vectors, keep_implied_indexes,
};
use crate::server::Capability;

/// The names of the constraints that will be added, in lower case, and the table of each.
#[derive(Default)]
struct AddedNames {
    foreign_keys: HashMap<String, String>,
    checks: HashMap<String, String>,
}

impl PlanBuilder<'_> {
    /// Finds the foreign keys and CHECKs that must be dropped before any table is altered.
    pub(super) fn drop_early(&mut self) {
        let names = self.added_names();
        let cyclic = self.cyclic_drops();
        let candidates: Vec<(String, ForeignKey)> = self.foreign_keys();
        for (table, key) in candidates {
            let lower = key.name.to_lowercase();
            let elsewhere = names.foreign_keys.get(&lower).is_some_and(|owner| *owner != table);
            let parent = self.parent(&table, &key);
            let blocked =
                parent.is_some_and(|p| p.fk_blockers.block_referenced(&key.referenced_columns));
            let parent_renames =
                parent.is_some_and(|p| p.fk_blockers.rename(&key.referenced_columns));
            if let Some((_, after_early_drops)) = self.drops.get_mut(table.as_str()) {
                if blocked || elsewhere || cyclic.contains(&(table.clone(), lower)) {
                    after_early_drops.foreign_keys.retain(|other| other.name != key.name);
                }
                continue;
            }
            let disposition = self
                .alterations
                .get(&table)
                .map_or(Disposition::Stays, |alteration| alteration.disposition(&key.name));
            let own =
                self.alterations.get(&table).is_some_and(|w| w.fk_blockers.block(&key.columns));
            let has_vectors =
                self.alterations.get(&table).is_some_and(TableAlteration::has_vectors);
            let goes = match disposition {
                Disposition::Stays => blocked || own,
                Disposition::Changes => true,
                Disposition::Goes => elsewhere || blocked || parent_renames || has_vectors,
            };
            if goes {
                self.drop_key_early(&table, &key.name, disposition);
            }
        }
        self.drop_checks_early(&names);
        let alterations = self
            .alterations
            .values_mut()
            .map(|alteration| (&alteration.before, &mut alteration.after_early_drops));
        let drops = self
            .drops
            .values_mut()
            .map(|(before, after_early_drops)| (&*before, after_early_drops));
        for (before, after_early_drops) in alterations.chain(drops) {
            keep_implied_indexes(before, after_early_drops, self.server);
            if after_early_drops.foreign_keys.len() < before.foreign_keys.len()
                && free_of_vectors(before, self.server).is_some()
            {
                after_early_drops.indexes.retain(|index| index.kind != IndexKind::Vector);
            }
        }
    }

    fn drop_key_early(&mut self, table: &str, name: &str, disposition: Disposition) {
        if !self.alterations.contains_key(table) {
            // The table itself doesn't change. It only loses the key temporarily.
            let Some(old) = self.renames.old_table(table) else { return };
            let Some(original) = self.from.tables.get(old) else { return };
            let before = self.as_renamed(original, table);
            let mut after = before.clone();
            for key in &mut after.foreign_keys {
                *key = self.columns.apply(key, table);
            }
            self.add_alteration(before, after, Vec::new());
        }
        let Some(alteration) = self.alterations.get_mut(table) else { return };
        alteration.after_early_drops.foreign_keys.retain(|key| key.name != name);
        if disposition == Disposition::Stays {
            let back = alteration.partner(name);
            alteration.added.insert(back.to_lowercase());
            self.pass(table, &back, TemporarilyDropped::Unchanged);
            self.pass(table, name, TemporarilyDropped::Unchanged);
        } else if let Some(temporarily_dropped) = alteration.changed_key(name) {
            if let TemporarilyDropped::Changed { to, .. } = &temporarily_dropped {
                self.pass(table, &to.name.clone(), temporarily_dropped.clone());
            }
            self.pass(table, name, temporarily_dropped);
        }
    }

    fn pass(&mut self, table: &str, name: &str, temporarily_dropped: TemporarilyDropped) {
        self.temporarily_dropped
            .insert((table.to_owned(), name.to_lowercase()), temporarily_dropped);
    }

    /// If CHECK names are unique in the whole schema, a CHECK whose name another table takes must
    /// be dropped first.
    fn drop_checks_early(&mut self, names: &AddedNames) {
        if !self.server.can(Capability::SchemaWideCheckNames) {
            return;
        }
        let reused = |table: &str, name: &str| {
            names.checks.get(&name.to_lowercase()).is_some_and(|owner| owner != table)
        };
        for alteration in self.alterations.values_mut() {
            let name = alteration.before.name.clone();
            let going: Vec<&str> = alteration
                .changes
                .iter()
                .filter_map(|change| match change {
                    TableChange::DropCheck(check) => Some(check.name.as_str()),
                    TableChange::ChangeCheck { from, .. } => Some(from.name.as_str()),
                    _ => None,
                })
                .collect();
            alteration.after_early_drops.checks.retain(|check| {
                !(going.contains(&check.name.as_str()) && reused(&name, &check.name))
            });
        }
        for (name, (_, after_early_drops)) in &mut self.drops {
            after_early_drops.checks.retain(|check| !reused(name, &check.name));
        }
    }

    /// The names of the foreign keys and CHECKs that will be added, and the table of each.
    fn added_names(&self) -> AddedNames {
        let mut names = AddedNames::default();
        for table in &self.creates {
            for key in &table.foreign_keys {
                names.foreign_keys.insert(key.name.to_lowercase(), table.name.clone());
            }
            for check in &table.checks {
                names.checks.insert(check.name.to_lowercase(), table.name.clone());
            }
        }
        for (table, alteration) in &self.alterations {
            for change in &alteration.changes {
                match change {
                    TableChange::AddForeignKey(key)
                    | TableChange::ChangeForeignKey { to: key, .. } => {
                        names.foreign_keys.insert(key.name.to_lowercase(), table.clone());
                    }
                    TableChange::AddCheck(check) | TableChange::ChangeCheck { to: check, .. } => {
                        names.checks.insert(check.name.to_lowercase(), table.clone());
                    }
                    _ => {}
                }
            }
        }
        names
    }

    /// The foreign keys of the old schema that the plan may affect, each with its table's new name.
    fn foreign_keys(&self) -> Vec<(String, ForeignKey)> {
        let mut keys = Vec::new();
        if self.alterations.is_empty() && self.drops.is_empty() {
            return keys;
        }
        let mut new_names: HashMap<&str, &str> = HashMap::new();
        new_names.extend(self.renamed.iter().copied());
        for table in self.from.tables.values().filter(|table| table.unsupported.is_empty()) {
            let name = new_names.get(table.name.as_str()).copied().unwrap_or(&table.name);
            let concerned = self.alterations.contains_key(name)
                || self.drops.contains_key(name)
                || table.foreign_keys.iter().any(|key| {
                    self.alterations.contains_key(self.renames.new_table(&key.referenced_table))
                });
            if concerned {
                let renamed = self.as_renamed(table, name);
                keys.extend(renamed.foreign_keys.into_iter().map(|key| (name.to_owned(), key)));
            }
        }
        keys
    }

    fn parent(&self, table: &str, key: &ForeignKey) -> Option<&TableAlteration> {
        let own = key.referenced_table == table;
        (key.referenced_schema.is_none() || own)
            .then(|| self.alterations.get(&key.referenced_table))
            .flatten()
    }

    /// The foreign keys of dropped tables that reference each other in a cycle, so that no order of
    /// dropping the tables works while these keys exist. Each is given by table and lower-case
    /// name.
    fn cyclic_drops(&self) -> HashSet<(String, String)> {
        let tables: Vec<&Table> = self.drops.values().map(|(before, _)| before).collect();
        let order = drop_order(&tables);
        let mut position = HashMap::new();
        for (time, place) in order.iter().enumerate() {
            position.insert(tables[*place].name.as_str(), time);
        }
        let mut cyclic = HashSet::new();
        for table in &tables {
            for key in table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none()) {
                let parent = position.get(key.referenced_table.as_str());
                if parent.is_some_and(|time| Some(time) < position.get(table.name.as_str())) {
                    cyclic.insert((table.name.clone(), key.name.to_lowercase()));
                }
            }
        }
        cyclic
    }
}
