//! A table that is altered, as it is after each stage.

use std::collections::HashSet;

use crate::diff::TableChange;
use crate::implicit_index::{implicit_indexes, is_served, serves};
use crate::model::{
    ForeignKey, Index, IndexAspect, IndexKind, IndexPart, KeyPart, Table, same_name,
};
use crate::normalize::is_too_long;
use crate::plan::foreign_keys::blockers::FkBlockers;
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDropped;
use crate::plan::table::sort;
use crate::renames::Renames;
use crate::server::{Capability, Server};

/// A table of the old schema that is altered, as it is after each stage.
pub(in crate::plan) struct TableAlteration {
    /// As it is once tables are renamed.
    pub(in crate::plan) before: Table,
    /// Without the foreign keys and CHECKs that have to go early.
    pub(in crate::plan) after_early_drops: Table,
    /// As it is in the end.
    pub(in crate::plan) after: Table,
    pub(in crate::plan) changes: Vec<TableChange>,
    pub(in crate::plan) fk_blockers: FkBlockers,
    /// The foreign keys of `after`, by name in lower case, that `after_early_drops` doesn't have.
    pub(in crate::plan) added: HashSet<String>,
    /// The indexes of `after` that its foreign keys need and that nothing declares.
    extra: Vec<Index>,
}

/// What becomes of a foreign key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Disposition {
    Stays,
    Changes,
    Goes,
}

impl TableAlteration {
    /// A table that is altered by these changes.
    pub(in crate::plan) fn new(
        before: Table,
        after: Table,
        changes: Vec<TableChange>,
        server: &Server,
    ) -> Self {
        let fk_blockers = FkBlockers::of(&before, &after, &changes, server);
        let added = changes.iter().filter_map(|change| match change {
            TableChange::AddForeignKey(key) => Some(key.name.to_lowercase()),
            TableChange::ChangeForeignKey { to, .. } => Some(to.name.to_lowercase()),
            _ => None,
        });
        let added = added.collect();
        let (after_early_drops, extra) = (before.clone(), Vec::new());
        TableAlteration { before, after_early_drops, after, changes, fk_blockers, added, extra }
    }

    /// The changes from `after_early_drops` to `main`, which has all of `after` except for foreign keys
    /// that have to wait and indexes on vectors that have to.
    pub(in crate::plan) fn main_changes(
        &self,
        main: &Table,
        renames: &Renames,
        server: &Server,
    ) -> Vec<TableChange> {
        let was_dropped = |index: &Index| {
            self.before.index(&index.name).is_some()
                && self.after_early_drops.index(&index.name).is_none()
        };
        let implied = implicit_indexes(&self.after_early_drops, server);
        let is_there = |index: &Index| {
            self.after_early_drops.index(&index.name).is_some()
                || implied.iter().any(|it| same_name(&it.name, &index.name))
        };
        let has_check = |name: &str| self.after_early_drops.checks.iter().any(|it| it.name == name);
        let mut changes = Vec::new();
        for change in &self.changes {
            match change {
                TableChange::AddForeignKey(_) | TableChange::ChangeForeignKey { .. } => {}
                TableChange::DropForeignKey(key)
                    if !self
                        .after_early_drops
                        .foreign_keys
                        .iter()
                        .any(|it| it.name == key.name) => {}
                TableChange::DropCheck(check) if !has_check(&check.name) => {}
                TableChange::ChangeCheck { from, to, .. } if !has_check(&from.name) => {
                    changes.push(TableChange::AddCheck(to.clone()));
                }
                TableChange::DropIndex(index) if !is_there(index) => {}
                TableChange::ChangeIndex { from, to, .. } if was_dropped(from) => {
                    changes.push(TableChange::AddIndex(to.clone()));
                }
                other => changes.push(other.clone()),
            }
        }
        self.add_extra_indexes(&mut changes, renames, server);
        let is_added = |key: &&ForeignKey| self.added.contains(&key.name.to_lowercase());
        let keys = main.foreign_keys.iter().filter(is_added);
        changes.extend(keys.cloned().map(TableChange::AddForeignKey));
        self.wait_for_vectors(&mut changes, main);
        sort(&mut changes, &self.after_early_drops, main);
        changes
    }

    /// Indexes on vectors that were dropped early come again, and those that `main` hasn't yet go.
    fn wait_for_vectors(&self, changes: &mut Vec<TableChange>, main: &Table) {
        let vectors = |table: &Table| -> Vec<Index> {
            table.indexes.iter().filter(|it| it.kind == IndexKind::Vector).cloned().collect()
        };
        for index in vectors(main) {
            let is_made = |change: &TableChange| match change {
                TableChange::AddIndex(it) | TableChange::ChangeIndex { to: it, .. } => {
                    it.name == index.name
                }
                _ => false,
            };
            if self.after_early_drops.index(&index.name).is_none() && !changes.iter().any(is_made) {
                changes.push(TableChange::AddIndex(index));
            }
        }
        changes.retain(|change| match change {
            TableChange::AddIndex(index) | TableChange::ChangeIndex { to: index, .. } => {
                main.index(&index.name).is_some()
            }
            _ => true,
        });
        for index in vectors(&self.after_early_drops) {
            let goes = |change: &TableChange| match change {
                TableChange::DropIndex(it) | TableChange::ChangeIndex { from: it, .. } => {
                    it.name == index.name
                }
                _ => false,
            };
            if main.index(&index.name).is_none() && !changes.iter().any(goes) {
                changes.push(TableChange::DropIndex(index));
            }
        }
    }

    /// The indexes that foreign keys need: one that goes anyway gets another name instead.
    fn add_extra_indexes(
        &self,
        changes: &mut Vec<TableChange>,
        renames: &Renames,
        server: &Server,
    ) {
        let implicit = implicit_indexes(&self.after_early_drops, server);
        let implicit: Vec<Index> =
            implicit.iter().map(|it| renames.index(it, &self.after.name)).collect();
        let comes_with_key = |index: &Index| {
            implicit.iter().any(|it| same_name(&it.name, &index.name) && it.parts == index.parts)
        };
        for index in &self.extra {
            let is_there =
                self.after_early_drops.index(&index.name).is_some() || comes_with_key(index);
            if is_there {
                continue;
            }
            let alike = changes.iter_mut().find(|change| match change {
                TableChange::DropIndex(gone) => {
                    let named =
                        Index { name: index.name.clone(), renamed_from: None, ..gone.clone() };
                    named == *index && self.after_early_drops.index(&gone.name).is_some()
                }
                _ => false,
            });
            match alike {
                Some(change) => {
                    if let TableChange::DropIndex(gone) = change {
                        let (from, to) = (gone.clone(), index.clone());
                        let aspects = vec![IndexAspect::Name];
                        *change = TableChange::ChangeIndex { from, to, aspects };
                    }
                }
                None => changes.push(TableChange::AddIndex(index.clone())),
            }
        }
    }

    pub(in crate::plan) fn disposition(&self, name: &str) -> Disposition {
        for change in &self.changes {
            match change {
                TableChange::DropForeignKey(key) if key.name == name => return Disposition::Goes,
                TableChange::ChangeForeignKey { from, .. } if from.name == name => {
                    return Disposition::Changes;
                }
                _ => {}
            }
        }
        Disposition::Stays
    }

    /// How a foreign key that changes comes back.
    pub(in crate::plan) fn changed_key(&self, name: &str) -> Option<TemporarilyDropped> {
        self.changes.iter().find_map(|change| match change {
            TableChange::ChangeForeignKey { from, to, aspects } if from.name == name => {
                let (from, to) = (Box::new(from.clone()), Box::new(to.clone()));
                Some(TemporarilyDropped::Changed { from, to, aspects: aspects.clone() })
            }
            _ => None,
        })
    }

    /// The name in the new table of a foreign key that stays: the same, unless the server gave it.
    pub(in crate::plan) fn partner(&self, name: &str) -> String {
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

    /// Whether an index on vectors makes the server copy the table. It then refuses to drop a
    /// foreign key with anything else (error 1025/152), so that each goes, and comes,
    /// in a statement of its own.
    pub(in crate::plan) fn has_vectors(&self) -> bool {
        let has = |table: &Table| table.indexes.iter().any(|it| it.kind == IndexKind::Vector);
        has(&self.before) || has(&self.after)
    }

    pub(in crate::plan) fn added_keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.after.foreign_keys.iter().filter(|key| self.added.contains(&key.name.to_lowercase()))
    }

    /// The names, in lower case, of the indexes that go or become others.
    fn gone(&self) -> HashSet<String> {
        let gone = self.changes.iter().filter_map(|change| match change {
            TableChange::DropIndex(index) => Some(index.name.to_lowercase()),
            TableChange::ChangeIndex { from, .. } => Some(from.name.to_lowercase()),
            _ => None,
        });
        gone.collect()
    }

    /// The indexes that stay though the new table doesn't name them: foreign keys have brought
    /// them.
    fn retained_indexes(&self, renames: &Renames) -> Vec<Index> {
        let gone = self.gone();
        let stays = |index: &&Index| {
            self.after.index(&index.name).is_none() && !gone.contains(&index.name.to_lowercase())
        };
        let retained = self.after_early_drops.indexes.iter().filter(stays).cloned();
        retained.map(|index| self.renamed(index, renames)).collect()
    }

    /// The index with the columns' new names.
    fn renamed(&self, mut index: Index, renames: &Renames) -> Index {
        for part in &mut index.parts {
            if let KeyPart::Column { name, .. } = &mut part.key {
                *name = renames.new_column(&self.after.name, name).to_owned();
            }
        }
        index
    }

    /// The indexes that have come with foreign keys and follow the renames of their columns.
    fn followers(&self, renames: &Renames, server: &Server) -> Vec<Index> {
        let implicit = implicit_indexes(&self.after_early_drops, server);
        let renamed = implicit.iter().map(|index| renames.index(index, &self.after.name));
        renamed.zip(&implicit).filter(|(new, old)| new != *old).map(|(new, _)| new).collect()
    }

    /// Gives the table what it has beside what was declared: the indexes that its foreign keys
    /// need.
    pub(in crate::plan) fn complete(&mut self, renames: &Renames, server: &Server) {
        let mut extra = self.retained_indexes(renames);
        let gone = self.gone();
        let unlisted = implicit_indexes(&self.before, server);
        let unlisted = unlisted.into_iter().map(|index| self.renamed(index, renames));
        let (lost, stays): (Vec<Index>, Vec<Index>) =
            unlisted.partition(|index| gone.contains(&index.name.to_lowercase()));
        let followers = self.followers(renames, server);
        for key in &self.after.foreign_keys {
            let serves_key = |index: &Index| serves(index, &key.columns);
            let added = self.added.contains(&key.name.to_lowercase());
            let served =
                is_served(&key.columns, &self.after, server) || extra.iter().any(serves_key);
            let was_served = self.before.foreign_keys.iter().any(|old| {
                let old_columns = renames.apply(old, &self.after.name).columns;
                old_columns == key.columns && is_served(&old.columns, &self.before, server)
            });
            let loses = lost.iter().any(serves_key) && !stays.iter().any(serves_key);
            let needed = !added && (was_served || loses)
                || added && key.implicit_index.is_some()
                || begins_a_fulltext_index(&key.columns, &self.after)
                || self.has_vectors();
            if !served && needed {
                let index = implicit_index(key, &self.after, &extra);
                if !followers.contains(&index) {
                    self.extra.push(index.clone());
                    extra.push(index);
                }
            }
        }
        self.after.indexes.extend(extra);
    }
}

/// The table without its index on vectors, where no foreign key of it can go as long as that is
/// there: another key that is kept as a hash, or takes no overlapping periods, makes the server copy
/// the table even for a foreign key alone.
pub(in crate::plan) fn free_of_vectors(table: &Table, server: &Server) -> Option<Table> {
    let makes_copy = |index: &Index| {
        index.without_overlaps.is_some()
            || server.can(Capability::HashUniqueIndexes) && is_too_long(index, &table.columns)
    };
    let is_vector = |index: &Index| index.kind == IndexKind::Vector;
    if !table.indexes.iter().any(is_vector) || !table.all_indexes().any(makes_copy) {
        return None;
    }
    let mut free = table.clone();
    free.indexes.retain(|index| !is_vector(index));
    Some(free)
}

/// Lists the indexes that foreign keys which go have brought with them, and that stay, where the
/// table's source doesn't.
pub(in crate::plan) fn keep_implied_indexes(before: &Table, after: &mut Table, server: &Server) {
    if before.foreign_keys.len() == after.foreign_keys.len() {
        return;
    }
    let known = implicit_indexes(after, server);
    for index in implicit_indexes(before, server) {
        let columns: Vec<String> = index.column_names().map(str::to_owned).collect();
        if !known.contains(&index)
            && !is_served(&columns, after, server)
            && after.index(&index.name).is_none()
        {
            after.indexes.push(index);
        }
    }
}

/// Lists the indexes that the foreign keys of a new table need and would not bring with them for
/// good, since a server may take a full-text index on the columns for one that serves, or not by the
/// name that they are to have.
pub(in crate::plan) fn list_implicit_indexes(table: &mut Table, server: &Server) {
    let mut extra: Vec<Index> = Vec::new();
    for key in &table.foreign_keys {
        let served = is_served(&key.columns, table, server)
            || extra.iter().any(|index| serves(index, &key.columns));
        let is_needed =
            key.implicit_index.is_some() || begins_a_fulltext_index(&key.columns, table);
        if !served && is_needed {
            extra.push(implicit_index(key, table, &extra));
        }
    }
    table.indexes.extend(extra);
}

/// Whether a full-text index of the table begins with the columns.
pub(in crate::plan) fn begins_a_fulltext_index(columns: &[String], table: &Table) -> bool {
    let begins = |index: &Index| {
        let names: Vec<&str> = index.column_names().collect();
        names.len() >= columns.len()
            && names.iter().zip(columns).all(|(name, column)| same_name(name, column))
    };
    table.indexes.iter().any(|index| index.kind == IndexKind::Fulltext && begins(index))
}

/// The index that a foreign key needs, by the name that it would have if it came with the key.
fn implicit_index(key: &ForeignKey, table: &Table, extra: &[Index]) -> Index {
    let name = free_index_name(key.implicit_index_name(), table, extra);
    let parts = key.columns.iter().map(IndexPart::column).collect();
    Index::new(name, IndexKind::Plain, parts)
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
