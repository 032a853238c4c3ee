//! The order of the whole: what is renamed, taken away, made, altered and put back, and when.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::obstacles::Obstacles;
use super::order::in_order;
use super::stages::{Stage, stages};
use super::standing::Standing;
use super::step;
use super::{Plan, Step};
use crate::ddl::{Clause, Statement};
use crate::diff::{
    Change, Difference, Renames, TableChange, compare_tables, is_served, renamed_table, serves,
};
use crate::model::{
    ForeignKey, Index, IndexKind, IndexPart, KeyPart, Schema, Table, TableOptions, same_name,
};
use crate::server::{Capability, Server};

/// A table of the old schema that is altered, as it is at each of its stations.
struct Work {
    /// As it is once tables are renamed.
    before: Table,
    /// Without the foreign keys and CHECKs that have to go early.
    detached: Table,
    /// As it is in the end.
    after: Table,
    changes: Vec<TableChange>,
    obstacles: Obstacles,
    /// The foreign keys of `after`, by name in lower case, that `detached` doesn't have.
    added: HashSet<String>,
}

/// Everything that the order depends on.
pub(super) struct Builder<'a> {
    from: &'a Schema,
    server: &'a Server,
    renames: Renames,
    /// The renames of columns alone, and the way back from them.
    columns: Renames,
    columns_back: Renames,
    /// Tables of the old schema that change or lose a foreign key for a while, by their new names.
    works: IndexMap<String, Work>,
    creates: Vec<&'a Table>,
    drops: IndexMap<&'a str, (Table, Table)>,
    renamed: Vec<(&'a str, &'a str)>,
    /// Foreign keys that go and come back, by table and name: what to say about them.
    passing: HashSet<(String, String)>,
    /// The foreign keys that stand after the last of the steps.
    standing: Standing,
    steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        from: &'a Schema,
        to: &'a Schema,
        difference: &'a Difference,
        server: &'a Server,
    ) -> Self {
        let renames = Renames::between(from, to);
        let mut builder = Builder {
            from,
            server,
            columns: renames.of_columns(),
            columns_back: renames.of_columns_reversed(),
            renames,
            works: IndexMap::new(),
            creates: Vec::new(),
            drops: IndexMap::new(),
            renamed: Vec::new(),
            passing: HashSet::new(),
            standing: Standing::default(),
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
                Change::AlterTable { to, .. } => {
                    if let Some(old) = builder.renames.old_table(&to.name)
                        && let Some(table) = from.tables.get(old)
                    {
                        let before = builder.as_renamed(table, &to.name);
                        builder.add_work(before, (**to).clone());
                    }
                }
            }
        }
        builder.sort_renames();
        builder
    }

    /// The steps, in order.
    pub(super) fn build(mut self) -> Plan {
        self.detach();
        self.complete();
        if !self.works.is_empty() {
            let names: HashMap<&str, &str> = self.renamed.iter().copied().collect();
            self.standing = Standing::of(self.from, |table| {
                let name = names.get(table.name.as_str()).copied().unwrap_or(&table.name);
                self.as_renamed(table, name)
            });
        }
        self.rename_tables();
        self.detach_steps();
        let late = self.create_tables();
        self.alter_tables();
        for (before, after) in late {
            let first = self.steps.len();
            self.stages(&before, &after, &Renames::default());
            for step in &mut self.steps[first..] {
                // The table is new: it has no rows that could be in the way.
                step.risks.clear();
            }
        }
        self.drop_tables();
        Plan { steps: self.steps }
    }

    /// The table as it is once tables have been renamed.
    fn as_renamed(&self, table: &Table, name: &str) -> Table {
        let mut renamed = renamed_table(table, name);
        for (key, old) in renamed.foreign_keys.iter_mut().zip(&table.foreign_keys) {
            if key.referenced_schema.is_none() {
                key.referenced_table = self.renames.new_table(&old.referenced_table).to_owned();
            }
        }
        if name != table.name && self.server.can(Capability::SchemaWideCheckNames) {
            for check in &mut renamed.checks {
                let number = check.name.strip_prefix(&format!("{}_chk_", table.name));
                if let Some(number) = number {
                    check.name = format!("{name}_chk_{number}");
                }
            }
        }
        renamed
    }

    fn add_work(&mut self, before: Table, after: Table) {
        let changes = compare_tables(&before, &after, &before.name, &self.columns).changes;
        let obstacles = Obstacles::of(&before, &after, &changes, self.server);
        let added = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::AddForeignKey(key) => Some(key.name.to_lowercase()),
                TableChange::ChangeForeignKey { to, .. } => Some(to.name.to_lowercase()),
                _ => None,
            })
            .collect();
        let detached = before.clone();
        let name = before.name.clone();
        self.works.insert(name, Work { before, detached, after, changes, obstacles, added });
    }

    /// Renames of which one frees the name for the other go in that order.
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

    /// Finds the foreign keys and CHECKs that must go before anything is altered.
    fn detach(&mut self) {
        let names = self.added_names();
        let cyclic = self.cyclic_drops();
        let candidates: Vec<(String, ForeignKey)> = self.foreign_keys();
        for (table, key) in candidates {
            let lower = key.name.to_lowercase();
            let elsewhere = names.foreign_keys.get(&lower).is_some_and(|owner| *owner != table);
            let parent = self.parent(&table, &key);
            let blocked =
                parent.is_some_and(|p| p.obstacles.block_referenced(&key.referenced_columns));
            let parent_renames =
                parent.is_some_and(|p| p.obstacles.rename(&key.referenced_columns));
            if let Some((_, detached)) = self.drops.get_mut(table.as_str()) {
                if blocked || elsewhere || cyclic.contains(&(table.clone(), lower)) {
                    detached.foreign_keys.retain(|other| other.name != key.name);
                }
                continue;
            }
            let fate = self.works.get(&table).map_or(Fate::Stays, |work| work.fate(&key.name));
            let own = self.works.get(&table).is_some_and(|w| w.obstacles.block(&key.columns));
            let goes = match fate {
                Fate::Stays => blocked || own,
                Fate::Changes => true,
                Fate::Goes => elsewhere || blocked || parent_renames,
            };
            if goes {
                self.detach_key(&table, &key.name, fate);
            }
        }
        self.detach_checks(&names);
        for work in self.works.values_mut() {
            keep_implied_indexes(&work.before, &mut work.detached);
        }
        for (before, detached) in self.drops.values_mut() {
            keep_implied_indexes(before, detached);
        }
    }

    fn detach_key(&mut self, table: &str, name: &str, fate: Fate) {
        if !self.works.contains_key(table) {
            // A table that is the same before and after loses the key for a while.
            let Some(old) = self.renames.old_table(table) else { return };
            let Some(original) = self.from.tables.get(old) else { return };
            let before = self.as_renamed(original, table);
            let mut after = before.clone();
            for key in &mut after.foreign_keys {
                *key = self.columns.apply(key, table);
            }
            self.add_work(before, after);
        }
        let Some(work) = self.works.get_mut(table) else { return };
        work.detached.foreign_keys.retain(|key| key.name != name);
        if fate == Fate::Stays {
            let back = work.partner(name);
            work.added.insert(back.to_lowercase());
            self.passing.insert((table.to_owned(), back.to_lowercase()));
            self.passing.insert((table.to_owned(), name.to_lowercase()));
        } else if fate == Fate::Changes {
            self.passing.insert((table.to_owned(), name.to_lowercase()));
        }
    }

    /// A CHECK whose name another table takes has to go first where names are the schema's.
    fn detach_checks(&mut self, names: &AddedNames) {
        if !self.server.can(Capability::SchemaWideCheckNames) {
            return;
        }
        let reused = |table: &str, name: &str| {
            names.checks.get(&name.to_lowercase()).is_some_and(|owner| owner != table)
        };
        for work in self.works.values_mut() {
            let name = work.before.name.clone();
            let going: Vec<&str> = work
                .changes
                .iter()
                .filter_map(|change| match change {
                    TableChange::DropCheck(check) => Some(check.name.as_str()),
                    TableChange::ChangeCheck { from, .. } => Some(from.name.as_str()),
                    _ => None,
                })
                .collect();
            work.detached.checks.retain(|check| {
                !(going.contains(&check.name.as_str()) && reused(&name, &check.name))
            });
        }
        for (name, (_, detached)) in &mut self.drops {
            detached.checks.retain(|check| !reused(name, &check.name));
        }
    }

    /// The names of the foreign keys and CHECKs that are to be made, and the table of each.
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
        for (table, work) in &self.works {
            for change in &work.changes {
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

    /// The foreign keys of the old schema that can be concerned, each with its table's new name.
    fn foreign_keys(&self) -> Vec<(String, ForeignKey)> {
        let mut keys = Vec::new();
        if self.works.is_empty() && self.drops.is_empty() {
            return keys;
        }
        let mut new_names: HashMap<&str, &str> = HashMap::new();
        new_names.extend(self.renamed.iter().copied());
        for table in self.from.tables.values().filter(|table| table.not_modelled.is_empty()) {
            let name = new_names.get(table.name.as_str()).copied().unwrap_or(&table.name);
            let concerned = self.works.contains_key(name)
                || self.drops.contains_key(name)
                || table.foreign_keys.iter().any(|key| {
                    self.works.contains_key(self.renames.new_table(&key.referenced_table))
                });
            if concerned {
                let renamed = self.as_renamed(table, name);
                keys.extend(renamed.foreign_keys.into_iter().map(|key| (name.to_owned(), key)));
            }
        }
        keys
    }

    fn parent(&self, table: &str, key: &ForeignKey) -> Option<&Work> {
        let own = key.referenced_table == table;
        (key.referenced_schema.is_none() || own)
            .then(|| self.works.get(&key.referenced_table))
            .flatten()
    }

    /// Gives each table what it has beside what was declared: the indexes that its foreign keys
    /// need.
    fn complete(&mut self) {
        let renames = &self.columns;
        for work in self.works.values_mut() {
            let mut extra = work.retained_indexes(renames);
            for key in &work.after.foreign_keys {
                let added = work.added.contains(&key.name.to_lowercase());
                let served = is_served(&key.columns, &work.after)
                    || extra.iter().any(|index| serves(index, &key.columns));
                let was_served = work.before.foreign_keys.iter().any(|old| {
                    let old_columns = renames.apply(old, &work.after.name).columns;
                    old_columns == key.columns && is_served(&old.columns, &work.before)
                });
                if !added && !served && was_served {
                    let name = free_index_name(&key.name, &work.after, &extra);
                    let parts = key.columns.iter().map(IndexPart::column).collect();
                    extra.push(Index::new(name, IndexKind::Plain, parts));
                }
            }
            work.after.indexes.extend(extra);
        }
    }

    fn rename_tables(&mut self) {
        for (old, new) in std::mem::take(&mut self.renamed) {
            self.steps.push(step::rename_table(old, new, self.server));
        }
    }

    fn detach_steps(&mut self) {
        let mut pairs: Vec<(Table, Table)> = Vec::new();
        for work in self.works.values() {
            pairs.push((work.before.clone(), work.detached.clone()));
        }
        for (before, detached) in self.drops.values() {
            pairs.push((before.clone(), detached.clone()));
        }
        for (before, after) in pairs {
            self.stages(&before, &after, &Renames::default());
        }
    }

    /// Makes the new tables, each after those that it refers to. Gives back those whose foreign
    /// keys have to wait, without and with them.
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
            let table = self.creates[place];
            made.insert(place);
            let ready = |key: &ForeignKey| {
                if key.referenced_schema.is_some() {
                    return true;
                }
                match places.get(key.referenced_table.as_str()) {
                    Some(parent) => made.contains(parent),
                    None => self
                        .works
                        .get(&key.referenced_table)
                        .is_none_or(|work| !work.obstacles.prepare(&key.referenced_columns)),
                }
            };
            let mut first = table.clone();
            first.foreign_keys.retain(ready);
            let waits = first.foreign_keys.len() < table.foreign_keys.len();
            self.steps.push(step::create_table(&first, self.server));
            if waits {
                late.push((first, table.clone()));
            }
        }
        late
    }

    /// Alters the tables, each after those that its new foreign keys refer to, and then adds the
    /// foreign keys that had to wait.
    fn alter_tables(&mut self) {
        let works: Vec<Work> = std::mem::take(&mut self.works).into_values().collect();
        let places: HashMap<&str, usize> = works
            .iter()
            .enumerate()
            .map(|(place, work)| (work.after.name.as_str(), place))
            .collect();
        let needs: Vec<Vec<usize>> = works
            .iter()
            .map(|work| {
                let added = work.added_keys().filter(|key| key.referenced_schema.is_none());
                added.filter_map(|key| places.get(key.referenced_table.as_str()).copied()).collect()
            })
            .collect();
        let mut done: HashSet<usize> = HashSet::new();
        let mut late = Vec::new();
        let renames = self.columns.clone();
        for place in in_order(&needs) {
            let work = &works[place];
            let waits = |key: &ForeignKey| {
                work.added.contains(&key.name.to_lowercase())
                    && key.referenced_schema.is_none()
                    && places.get(key.referenced_table.as_str()).is_some_and(|parent| {
                        !done.contains(parent)
                            && works[*parent].obstacles.prepare(&key.referenced_columns)
                    })
            };
            let mut main = work.after.clone();
            main.foreign_keys.retain(|key| !waits(key));
            self.stages(&work.detached, &main, &renames);
            if main.foreign_keys.len() < work.after.foreign_keys.len() {
                late.push((main, place));
            }
            done.insert(place);
        }
        late.sort_by_key(|(_, place)| *place);
        for (main, place) in late {
            self.stages(&main, &works[place].after, &Renames::default());
        }
    }

    /// Drops tables, each before those that it refers to.
    fn drop_tables(&mut self) {
        let drops = std::mem::take(&mut self.drops);
        let tables: Vec<&Table> = drops.values().map(|(_, detached)| detached).collect();
        for place in drop_order(&tables) {
            self.steps.push(step::drop_table(tables[place], self.server));
        }
    }

    /// Foreign keys, by table and lower-case name, that stand in the way of dropping tables in
    /// any order.
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

    /// The steps from one table to another of the same name.
    fn stages(&mut self, before: &Table, after: &Table, renames: &Renames) {
        let pinned = self.pinned(before, renames);
        for stage in stages(before, after, renames, &pinned, self.server) {
            let way_back = self.way_back(&stage);
            self.steps.push(step::alter_table(&stage, way_back, &self.passing, self.server));
            self.standing.follow(&stage.to, &self.columns_back);
            self.standing.rename(&stage.to.name, &stage.renames);
        }
    }

    /// The columns of a table, in lower case, that standing foreign keys use, and those that they
    /// are about to be called. Asked for only where any column is renamed.
    fn pinned(&self, table: &Table, renames: &Renames) -> HashSet<String> {
        if renames.is_empty() {
            return HashSet::new();
        }
        let own = table.foreign_keys.iter().map(|key| (&table.name, key));
        let others = self.standing.referring_to(&table.name);
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
        let called = |column: &str| renames.new_column(&table.name, column).to_lowercase();
        let old = table.columns.iter().filter(|column| pinned.contains(&called(&column.name)));
        let old: Vec<String> = old.map(|column| column.name.to_lowercase()).collect();
        pinned.extend(old);
        pinned
    }

    /// The statements that undo a stage. A foreign key that lets a change pass may not let it
    /// pass back: it goes and comes back then.
    fn way_back(&self, stage: &Stage) -> Vec<Statement> {
        let name = &stage.to.name;
        let obstacles = stage.obstacles_back(self.server);
        let mut drops: IndexMap<String, Vec<Clause>> = IndexMap::new();
        let mut adds: IndexMap<String, Vec<Clause>> = IndexMap::new();
        let mut pass = |table: &str, key: &ForeignKey| {
            let drop = Clause::DropForeignKey(key.name.clone());
            drops.entry(table.to_owned()).or_default().push(drop);
            let add = Clause::AddForeignKey(key.clone());
            adds.entry(table.to_owned()).or_default().push(add);
        };
        let mut own: Vec<String> = Vec::new();
        for key in &stage.from.foreign_keys {
            let now = stage.renames.apply(key, name);
            let refers = now.referenced_schema.is_none() && now.referenced_table == *name;
            let blocked = obstacles.block(&now.columns)
                || refers && obstacles.block_referenced(&now.referenced_columns);
            if blocked && stage.to.foreign_key(&key.name).is_some() {
                pass(name, key);
                own.push(key.name.clone());
            }
        }
        for (table, key) in self.standing.referring_to(name) {
            let now = stage.renames.apply(&key, &table);
            if obstacles.block_referenced(&now.referenced_columns) {
                pass(&table, &key);
            }
        }
        let alter = |(table, clauses)| Statement::AlterTable {
            table,
            clauses,
            options: TableOptions::default(),
        };
        let pinned = self.pinned(&stage.to, &stage.renames);
        let middle = stage.reversed(&own, &pinned, self.server).into_iter();
        let middle = middle.map(|stage| stage.statement(self.server));
        drops.into_iter().map(alter).chain(middle).chain(adds.into_iter().map(alter)).collect()
    }
}

/// The names of constraints that are to be made, in lower case, and the table of each.
#[derive(Default)]
struct AddedNames {
    foreign_keys: HashMap<String, String>,
    checks: HashMap<String, String>,
}

/// What becomes of a foreign key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Changes,
    Goes,
}

impl Work {
    fn fate(&self, name: &str) -> Fate {
        for change in &self.changes {
            match change {
                TableChange::DropForeignKey(key) if key.name == name => return Fate::Goes,
                TableChange::ChangeForeignKey { from, .. } if from.name == name => {
                    return Fate::Changes;
                }
                _ => {}
            }
        }
        Fate::Stays
    }

    /// The name in the new table of a foreign key that stays: the same, unless the server gave it.
    fn partner(&self, name: &str) -> String {
        let changed = |key: &ForeignKey| self.added.contains(&key.name.to_lowercase());
        if let Some(key) = self.after.foreign_key(name)
            && !changed(key)
        {
            return key.name.clone();
        }
        let Some(old) = self.before.foreign_key(name) else { return name.to_owned() };
        let same = self.after.foreign_keys.iter().find(|key| {
            !changed(key)
                && key.columns.len() == old.columns.len()
                && key.referenced_table == old.referenced_table
                && key.columns.iter().zip(&old.columns).all(|(a, b)| same_name(a, b))
        });
        same.map_or_else(|| name.to_owned(), |key| key.name.clone())
    }

    fn added_keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.after.foreign_keys.iter().filter(|key| self.added.contains(&key.name.to_lowercase()))
    }

    /// The indexes that stay though the new table doesn't name them: foreign keys have brought
    /// them.
    fn retained_indexes(&self, renames: &Renames) -> Vec<Index> {
        let gone: HashSet<String> = self
            .changes
            .iter()
            .filter_map(|change| match change {
                TableChange::DropIndex(index) => Some(index.name.to_lowercase()),
                TableChange::ChangeIndex { from, .. } => Some(from.name.to_lowercase()),
                _ => None,
            })
            .collect();
        let stays = |index: &&Index| {
            self.after.index(&index.name).is_none() && !gone.contains(&index.name.to_lowercase())
        };
        let mut retained: Vec<Index> =
            self.detached.indexes.iter().filter(stays).cloned().collect();
        for part in retained.iter_mut().flat_map(|index| &mut index.parts) {
            if let KeyPart::Column { name, .. } = &mut part.key {
                *name = renames.new_column(&self.after.name, name).to_owned();
            }
        }
        retained
    }
}

/// Lists the indexes that foreign keys which go have brought with them, and that stay, where the
/// table's source doesn't.
fn keep_implied_indexes(before: &Table, after: &mut Table) {
    for key in &before.foreign_keys {
        if after.foreign_key(&key.name).is_none()
            && !is_served(&key.columns, after)
            && after.index(&key.name).is_none()
        {
            let parts = key.columns.iter().map(IndexPart::column).collect();
            after.indexes.push(Index::new(key.name.clone(), IndexKind::Plain, parts));
        }
    }
}

/// The order in which tables can be dropped: those that refer first.
fn drop_order(tables: &[&Table]) -> Vec<usize> {
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

fn free_index_name(wanted: &str, table: &Table, extra: &[Index]) -> String {
    let taken = |name: &str| {
        table.index(name).is_some() || extra.iter().any(|index| same_name(&index.name, name))
    };
    let mut name = wanted.to_owned();
    let mut number = 2;
    while taken(&name) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}
