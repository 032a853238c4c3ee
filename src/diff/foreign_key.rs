//! Matching and comparing foreign keys.

use super::TableChange;

use crate::model::{ForeignKey, ForeignKeyAspect, Table, same_name};
use crate::renames::{Renames, foreign_key_number};

/// Compares the foreign keys of two tables. Names that the server generated aren't compared.
pub(super) fn compare_foreign_keys(
    from: &Table,
    to: &Table,
    renames: &Renames,
) -> Vec<TableChange> {
    // The old foreign keys with all new names, because a foreign key follows renames.
    let old_keys: Vec<ForeignKey> =
        from.foreign_keys.iter().map(|key| renames.apply(key, &to.name)).collect();
    let pairs = pair(&old_keys, to);
    let mut changes = Vec::new();
    for (place, new) in to.foreign_keys.iter().enumerate() {
        let Some(old) = pairs[place] else {
            changes.push(TableChange::AddForeignKey(new.clone()));
            continue;
        };
        let aspects = aspects(&old_keys[old], new, to, &pairs, &old_keys);
        if !aspects.is_empty() {
            changes.push(TableChange::ChangeForeignKey {
                from: old_keys[old].clone(),
                to: new.clone(),
                aspects,
            });
        }
    }
    for (place, old) in from.foreign_keys.iter().enumerate() {
        if !pairs.contains(&Some(place)) {
            changes.push(TableChange::DropForeignKey(old.clone()));
        }
    }
    changes
}

fn aspects(
    old: &ForeignKey,
    new: &ForeignKey,
    to: &Table,
    pairs: &[Option<usize>],
    old_keys: &[ForeignKey],
) -> Vec<ForeignKeyAspect> {
    let renamed = !same_name(&old.name, &new.name) && !name_may_stay(old, new, to, pairs, old_keys);
    let all = [
        (ForeignKeyAspect::Name, renamed),
        (ForeignKeyAspect::Columns, !same_names(&old.columns, &new.columns)),
        (ForeignKeyAspect::References, !same_target(old, new)),
        (ForeignKeyAspect::OnDelete, old.on_delete != new.on_delete),
        (ForeignKeyAspect::OnUpdate, old.on_update != new.on_update),
    ];
    all.into_iter().filter_map(|(aspect, differs)| differs.then_some(aspect)).collect()
}

/// Whether a foreign key can keep its name although the new one is different. It can if the server
/// generated both names and no other foreign key needs the old one.
fn name_may_stay(
    old: &ForeignKey,
    new: &ForeignKey,
    to: &Table,
    pairs: &[Option<usize>],
    old_keys: &[ForeignKey],
) -> bool {
    let needed = to.foreign_keys.iter().enumerate().any(|(place, other)| {
        let stays = pairs[place].is_some_and(|pair| same_content(&old_keys[pair], other));
        same_name(&other.name, &old.name) && !stays
    });
    both_numbered(old, new, &to.name) && !needed
}

/// A way to match an old foreign key with a new one.
type Matching<'a> = &'a dyn Fn(&ForeignKey, &ForeignKey) -> bool;

/// For each foreign key of the new table, the place of the old one that it is matched with.
fn pair(old_keys: &[ForeignKey], to: &Table) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; to.foreign_keys.len()];
    let mut used = vec![false; old_keys.len()];
    let named = |old: &ForeignKey, new: &ForeignKey| same_name(&old.name, &new.name);
    let rounds: [Matching<'_>; 4] = [
        &|old, new| named(old, new) && same_content(old, new),
        &|old, new| both_numbered(old, new, &to.name) && same_content(old, new),
        &|old, new| named(old, new),
        &|old, new| same_content(old, new),
    ];
    for matches in rounds {
        for (place, new) in to.foreign_keys.iter().enumerate() {
            if pairs[place].is_some() {
                continue;
            }
            let found =
                (0..old_keys.len()).find(|old| !used[*old] && matches(&old_keys[*old], new));
            if let Some(old) = found {
                used[old] = true;
                pairs[place] = Some(old);
            }
        }
    }
    pairs
}

fn both_numbered(old: &ForeignKey, new: &ForeignKey, table: &str) -> bool {
    foreign_key_number(&old.name, table).is_some() && foreign_key_number(&new.name, table).is_some()
}

fn same_content(old: &ForeignKey, new: &ForeignKey) -> bool {
    same_names(&old.columns, &new.columns)
        && same_target(old, new)
        && old.on_delete == new.on_delete
        && old.on_update == new.on_update
}

fn same_target(old: &ForeignKey, new: &ForeignKey) -> bool {
    old.referenced_schema == new.referenced_schema
        && old.referenced_table == new.referenced_table
        && same_names(&old.referenced_columns, &new.referenced_columns)
}

fn same_names(old: &[String], new: &[String]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_name(old, new))
}
