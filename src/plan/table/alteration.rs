//! A table that is altered, and its states during the plan.

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

/// A table of the old schema that is altered, in its states during the plan.
pub(in crate::plan) struct TableAlteration {
    /// The table after all renames of tables.
    pub(in crate::plan) before: Table,
    /// `before` without the foreign keys and CHECKs that are dropped early.
    pub(in crate::plan) after_early_drops: Table,
    /// The table at the end of the plan.
    pub(in crate::plan) after: Table,
    pub(in crate::plan) changes: Vec<TableChange>,
    pub(in crate::plan) fk_blockers: FkBlockers,
    /// The foreign keys of `after` that `after_early_drops` doesn't have, by lower-case name.
    pub(in crate::plan) added: HashSet<String>,
    /// The indexes of `after` that its foreign keys need and that the schema doesn't declare.
    extra: Vec<Index>,
}

/// What happens to a foreign key.
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

    /// The changes from `after_early_drops` to `main`. `main` is `after` without the foreign keys
    /// and vector indexes that have to wait.
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

    /// Adds the vector indexes that were dropped early, and drops those that `main` doesn't have
    /// yet.
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

    /// Adds the indexes that foreign keys need. If an index like that is dropped anyway, it is
    /// renamed instead.
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

    /// How a changed foreign key is added again.
    pub(in crate::plan) fn changed_key(&self, name: &str) -> Option<TemporarilyDropped> {
        self.changes.iter().find_map(|change| match change {
            TableChange::ChangeForeignKey { from, to, aspects } if from.name == name => {
                let (from, to) = (Box::new(from.clone()), Box::new(to.clone()));
                Some(TemporarilyDropped::Changed { from, to, aspects: aspects.clone() })
            }
            _ => None,
        })
    }

    /// The name in the new table of a foreign key that stays. It is the same unless the server
    /// generated it.
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

    /// Whether the table has a vector index, before or after. Because of it the server copies the
    /// table, and then it refuses to drop a foreign key together with anything else (error
    /// 1025/152). So each foreign key is dropped and added in a statement of its own.
    pub(in crate::plan) fn has_vectors(&self) -> bool {
        let has = |table: &Table| table.indexes.iter().any(|it| it.kind == IndexKind::Vector);
        has(&self.before) || has(&self.after)
    }

    pub(in crate::plan) fn added_keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.after.foreign_keys.iter().filter(|key| self.added.contains(&key.name.to_lowercase()))
    }

    /// The names, in lower case, of the indexes that are dropped or changed.
    fn gone(&self) -> HashSet<String> {
        let gone = self.changes.iter().filter_map(|change| match change {
            TableChange::DropIndex(index) => Some(index.name.to_lowercase()),
            TableChange::ChangeIndex { from, .. } => Some(from.name.to_lowercase()),
            _ => None,
        });
        gone.collect()
    }

    /// The indexes that stay although the new table doesn't list them, because they are implicit.
    fn retained_indexes(&self, renames: &Renames) -> Vec<Index> {
        let gone = self.gone();
        let stays = |index: &&Index| {
            self.after.index(&index.name).is_none() && !gone.contains(&index.name.to_lowercase())
        };
        let retained = self.after_early_drops.indexes.iter().filter(stays).cloned();
        retained.map(|index| self.renamed(index, renames)).collect()
    }

    /// The index with the new names of its columns.
    fn renamed(&self, mut index: Index, renames: &Renames) -> Index {
        for part in &mut index.parts {
            if let KeyPart::Column { name, .. } = &mut part.key {
                *name = renames.new_column(&self.after.name, name).to_owned();
            }
        }
        index
    }

    /// The implicit indexes whose columns are renamed, with the new names of the columns.
    fn followers(&self, renames: &Renames, server: &Server) -> Vec<Index> {
        let implicit = implicit_indexes(&self.after_early_drops, server);
        let renamed = implicit.iter().map(|index| renames.index(index, &self.after.name));
        renamed.zip(&implicit).filter(|(new, old)| new != *old).map(|(new, _)| new).collect()
    }

    /// Adds to `after` the indexes that its foreign keys need and that the schema doesn't declare.
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

/// The table without its vector index, if no foreign key can be dropped while that index exists.
/// This is so if another key is stored as a hash or is WITHOUT OVERLAPS: then the server copies the
/// table even if the statement only drops a foreign key.
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

/// Lists the implicit indexes that stay although their foreign keys are dropped, if the table
/// doesn't list them.
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

/// Lists the indexes that the foreign keys of a new table need and that the server might not make
/// or keep by itself. It may take a full-text index on the same columns for one that serves the
/// key, or give the implicit index another name than the wanted one.
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

/// The index that a foreign key needs, with the name that an implicit index would have, if it is
/// free.
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
