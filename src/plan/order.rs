//! The order of the whole plan: what is renamed, dropped, created, altered and added again, and
//! when.

mod drop_early;
mod renamed;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::diff::{Change, Difference, TableChange};
use crate::model::{ForeignKey, Schema, Table};
use crate::ordering::in_order;
use crate::plan::foreign_keys::active::ActiveForeignKeys;
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDroppedKeys;
use crate::plan::objects::ObjectPlan;
use crate::plan::reverse::reverse;
use crate::plan::risk::dependents::Dependents;
use crate::plan::session::session;
use crate::plan::table::alteration::{TableAlteration, free_of_vectors, list_implicit_indexes};
use crate::plan::table::{AlteredTable, between, stages};
use crate::plan::{Plan, Step, step};
use crate::renames::Renames;
use crate::server::Server;

/// All values that the order depends on, and the steps found so far.
pub(super) struct PlanBuilder<'a> {
    pub(super) from: &'a Schema,
    pub(super) server: &'a Server,
    pub(super) renames: Renames,
    /// The renames of columns only. `columns_back` has the same renames reversed.
    pub(super) columns: Renames,
    pub(super) columns_back: Renames,
    /// The old tables that change or that lose a foreign key temporarily, by their new names.
    pub(super) alterations: IndexMap<String, TableAlteration>,
    pub(super) creates: Vec<&'a Table>,
    pub(super) drops: IndexMap<&'a str, (Table, Table)>,
    pub(super) renamed: Vec<(&'a str, &'a str)>,
    /// The foreign keys that are temporarily dropped, by table and name, and what to say about
    /// them.
    pub(super) temporarily_dropped: TemporarilyDroppedKeys,
    /// The foreign keys that exist after the last of the steps found so far.
    pub(super) active_keys: ActiveForeignKeys,
    pub(super) objects: ObjectPlan<'a>,
    pub(super) dependents: Dependents<'a>,
    pub(super) steps: Vec<Step>,
}

impl<'a> PlanBuilder<'a> {
    pub(super) fn new(
        from: &'a Schema,
        to: &'a Schema,
        difference: &'a Difference,
        server: &'a Server,
    ) -> Self {
        let renames = Renames::between(from, to);
        let mut builder = PlanBuilder {
            from,
            server,
            columns: renames.of_columns(),
            columns_back: renames.of_columns_reversed(),
            objects: ObjectPlan::new(from, to, difference, &renames, server),
            dependents: Dependents::new(from, to, server),
            renames,
            alterations: IndexMap::new(),
            creates: Vec::new(),
            drops: IndexMap::new(),
            renamed: Vec::new(),
            temporarily_dropped: TemporarilyDroppedKeys::new(),
            active_keys: ActiveForeignKeys::default(),
            steps: Vec::new(),
        };
        for change in &difference.changes {
            match change {
                Change::CreateTable(table) => builder.creates.push(table),
                Change::DropTable(table) => {
                    let before = builder.as_renamed(table, &table.name);
                    builder.drops.insert(&table.name, (before.clone(), before));
                }
                Change::RenameTable { from, to } => builder.renamed.push((from, to)),
                Change::AlterTable { to, changes, .. } => {
                    if let Some(old) = builder.renames.old_table(&to.name)
                        && let Some(table) = from.tables.get(old)
                    {
                        let before = builder.as_renamed(table, &to.name);
                        let changes = builder.as_renamed_in(changes, table, &before, to);
                        builder.add_alteration(before, (**to).clone(), changes);
                    }
                }
                // `ObjectPlan` handles these.
                Change::CreateObject(_) | Change::DropObject(_) | Change::ChangeObject { .. } => {}
            }
        }
        builder.sort_renames();
        builder
    }

    /// The whole plan.
    pub(super) fn build(mut self) -> Plan {
        self.drop_early();
        for alteration in self.alterations.values_mut() {
            alteration.complete(&self.columns, self.server);
        }
        if !self.alterations.is_empty() {
            let names: HashMap<&str, &str> = self.renamed.iter().copied().collect();
            self.active_keys = ActiveForeignKeys::of(self.from, |table| {
                let name = names.get(table.name.as_str()).copied().unwrap_or(&table.name);
                self.as_renamed(table, name)
            });
        }
        self.steps = self.objects.before_tables();
        self.rename_tables();
        self.early_drop_steps();
        let late = self.create_tables();
        self.alter_tables();
        for (before, after) in late {
            let first = self.steps.len();
            self.add_foreign_keys(&before, &after);
            for step in &mut self.steps[first..] {
                // The table was just created, so it has no rows that could make the step fail.
                step.risks.clear();
            }
        }
        self.drop_tables();
        let last = self.objects.after_tables();
        self.steps.extend(last);
        Plan { session: session(&mut self.steps, self.server), steps: self.steps }
    }

    pub(super) fn add_alteration(
        &mut self,
        before: Table,
        after: Table,
        changes: Vec<TableChange>,
    ) {
        let name = before.name.clone();
        self.alterations.insert(name, TableAlteration::new(before, after, changes, self.server));
    }

    /// Sorts the renames so that a name is freed before another table takes it.
    fn sort_renames(&mut self) {
        let by_old: HashMap<&str, usize> =
            self.renamed.iter().enumerate().map(|(place, (old, _))| (*old, place)).collect();
        let needs: Vec<Vec<usize>> = self
            .renamed
            .iter()
            .map(|(_, new)| by_old.get(new).copied().into_iter().collect())
            .collect();
        self.renamed = in_order(&needs).into_iter().map(|place| self.renamed[place]).collect();
    }

    fn rename_tables(&mut self) {
        for (old, new) in std::mem::take(&mut self.renamed) {
            let mut step = step::rename_table(old, new, self.server);
            step.risks.extend(self.dependents.of_renamed_table(old));
            self.steps.push(step);
        }
    }

    fn early_drop_steps(&mut self) {
        let mut pairs: Vec<(Table, Table)> = Vec::new();
        for alteration in self.alterations.values() {
            pairs.push((alteration.before.clone(), alteration.after_early_drops.clone()));
        }
        for (before, after_early_drops) in self.drops.values() {
            pairs.push((before.clone(), after_early_drops.clone()));
        }
        for (before, after) in pairs {
            let free = free_of_vectors(&before, self.server)
                .filter(|_| before.foreign_keys.len() > after.foreign_keys.len());
            let start = free.as_ref().unwrap_or(&before);
            self.constraints(&before, start);
            self.constraints(start, &after);
        }
    }

    /// Adds the foreign keys that had to wait. A vector index that would keep the server from
    /// dropping them again is added after them.
    fn add_foreign_keys(&mut self, before: &Table, after: &Table) {
        let free = free_of_vectors(after, self.server);
        let end = free.as_ref().unwrap_or(after);
        self.constraints(before, end);
        self.constraints(end, after);
    }

    /// Adds the steps from one state of a table to another. The table's name is the same in both.
    fn stages(&mut self, span: AlteredTable, renames: &Renames) {
        let pinned = self.active_keys.pinned(&span.from, &span.to, renames);
        for stage in stages(span, renames, &pinned, self.server) {
            let (active_keys, dropped) = (&self.active_keys, &self.temporarily_dropped);
            let reverse = reverse(&stage, active_keys, dropped, self.server);
            let dependents = self.dependents.of_stage(&stage);
            self.active_keys.follow(&stage.to, &self.columns_back);
            self.active_keys.rename(&stage.to.name, &stage.renames);
            let mut step =
                step::alter_table(stage, reverse, &self.temporarily_dropped, self.server);
            step.risks.extend(dependents);
            self.steps.push(step);
        }
    }

    /// Adds the steps between two states of a table that differ only in their foreign keys, CHECKs
    /// and vector indexes.
    fn constraints(&mut self, from: &Table, to: &Table) {
        let changes = between(from, to);
        if !changes.is_empty() {
            let span = AlteredTable { from: from.clone(), to: to.clone(), changes };
            self.stages(span, &Renames::default());
        }
    }

    /// Creates the new tables, each after the tables that it references. Returns the tables whose
    /// foreign keys have to wait, each without and with these keys.
    fn create_tables(&mut self) -> Vec<(Table, Table)> {
        let places: HashMap<&str, usize> = self
            .creates
            .iter()
            .enumerate()
            .map(|(place, table)| (table.name.as_str(), place))
            .collect();
        let needs: Vec<Vec<usize>> = self
            .creates
            .iter()
            .map(|table| {
                let keys = table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none());
                keys.filter_map(|key| places.get(key.referenced_table.as_str()).copied()).collect()
            })
            .collect();
        let mut made: HashSet<usize> = HashSet::new();
        let mut late = Vec::new();
        for place in in_order(&needs) {
            let mut table = self.creates[place].clone();
            list_implicit_indexes(&mut table, self.server);
            made.insert(place);
            let ready = |key: &ForeignKey| {
                if key.referenced_schema.is_some() {
                    return true;
                }
                match places.get(key.referenced_table.as_str()) {
                    Some(parent) => made.contains(parent),
                    None => self.alterations.get(&key.referenced_table).is_none_or(|alteration| {
                        !alteration.fk_blockers.prepare(&key.referenced_columns)
                    }),
                }
            };
            let mut first = table.clone();
            first.foreign_keys.retain(ready);
            let waits = first.foreign_keys.len() < table.foreign_keys.len();
            if waits {
                first = free_of_vectors(&first, self.server).unwrap_or(first);
            }
            self.steps.push(step::create_table(&first, self.server));
            if waits {
                late.push((first, table));
            }
        }
        late
    }

    /// Alters the tables, each after the tables that its new foreign keys reference. Then adds the
    /// foreign keys that had to wait.
    fn alter_tables(&mut self) {
        let alterations: Vec<TableAlteration> =
            std::mem::take(&mut self.alterations).into_values().collect();
        let places: HashMap<&str, usize> = alterations
            .iter()
            .enumerate()
            .map(|(place, alteration)| (alteration.after.name.as_str(), place))
            .collect();
        let needs: Vec<Vec<usize>> = alterations
            .iter()
            .map(|alteration| {
                let added = alteration.added_keys().filter(|key| key.referenced_schema.is_none());
                added.filter_map(|key| places.get(key.referenced_table.as_str()).copied()).collect()
            })
            .collect();
        let mut done: HashSet<usize> = HashSet::new();
        let mut late = Vec::new();
        let renames = self.columns.clone();
        for place in in_order(&needs) {
            let alteration = &alterations[place];
            let waits = |key: &ForeignKey| {
                let parent = places.get(key.referenced_table.as_str());
                let is_unprepared = key.referenced_schema.is_none()
                    && parent.is_some_and(|parent| {
                        !done.contains(parent)
                            && alterations[*parent].fk_blockers.prepare(&key.referenced_columns)
                    });
                alteration.added.contains(&key.name.to_lowercase())
                    && (is_unprepared || alteration.has_vectors())
            };
            let mut main = alteration.after.clone();
            main.foreign_keys.retain(|key| !waits(key));
            let is_late = main.foreign_keys.len() < alteration.after.foreign_keys.len();
            if is_late {
                main = free_of_vectors(&main, self.server).unwrap_or(main);
            }
            let changes = alteration.main_changes(&main, &self.columns, self.server);
            let span = AlteredTable {
                from: alteration.after_early_drops.clone(),
                to: main.clone(),
                changes,
            };
            self.stages(span, &renames);
            if is_late {
                late.push((main, place));
            }
            done.insert(place);
        }
        late.sort_by_key(|(_, place)| *place);
        for (main, place) in late {
            self.add_foreign_keys(&main, &alterations[place].after);
        }
    }

    /// Drops tables, each before the tables that it references.
    fn drop_tables(&mut self) {
        let mut drops = std::mem::take(&mut self.drops);
        for (_, after_early_drops) in drops.values_mut() {
            // At this point the referenced columns have their new names.
            for key in &mut after_early_drops.foreign_keys {
                *key = self.columns.apply(key, &after_early_drops.name);
            }
        }
        let tables: Vec<&Table> =
            drops.values().map(|(_, after_early_drops)| after_early_drops).collect();
        for place in drop_order(&tables) {
            let table = tables[place];
            let triggers = self.objects.triggers_of(table);
            let mut step = step::drop_table(table, &triggers, self.server);
            step.risks.extend(self.dependents.of_dropped_table(table));
            self.steps.push(step);
        }
    }
}

/// The order in which tables can be dropped: referencing tables come first.
pub(super) fn drop_order(tables: &[&Table]) -> Vec<usize> {
    let places: HashMap<&str, usize> =
        tables.iter().enumerate().map(|(place, table)| (table.name.as_str(), place)).collect();
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); tables.len()];
    for (place, table) in tables.iter().enumerate() {
        for key in table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none()) {
            if let Some(parent) = places.get(key.referenced_table.as_str()) {
                needs[*parent].push(place);
            }
        }
    }
    in_order(&needs)
}
