//! The indexes that servers make for foreign keys by themselves, which a file needn't list.

use std::collections::BTreeMap;

use super::TableChange;
use super::foreign_key::{compare_foreign_keys, is_served, serves};
use super::rename::{Renames, renamed_table};
use crate::model::{ForeignKey, Index, IndexKind, IndexPart, KeyPart, Schema, Table, same_name};
use crate::server::Server;

/// The indexes that a server has for a table's foreign keys and that the table doesn't list. Each
/// foreign key that nothing serves brings one, most often of its own name, instead of those that earlier ones
/// have brought on the same columns or on the first of them (found by trial).
pub(crate) fn implicit_indexes(table: &Table, server: &Server) -> Vec<Index> {
    let mut implicit_index = Vec::new();
    for key in &table.foreign_keys {
        add_implicit_index(key, table, &mut implicit_index, server);
    }
    implicit_index
}

/// Those of them that don't have their foreign key's name, so that whoever makes the table anew from
/// what is known of it, with the key's name, has to list them.
pub(crate) fn implicit_under_other_names(table: &Table, server: &Server) -> Vec<Index> {
    let mut implicit_index = implicit_indexes(table, server);
    implicit_index.retain(|index| table.foreign_key(&index.name).is_none());
    implicit_index
}

/// Adds the index that a foreign key brings to those that others have brought.
fn add_implicit_index(
    key: &ForeignKey,
    table: &Table,
    implicit_of_change: &mut Vec<Index>,
    server: &Server,
) {
    let is_wider = |index: &Index| index.parts.len() > key.columns.len();
    if is_served(&key.columns, table, server)
        || implicit_of_change.iter().any(|index| is_wider(index) && serves(index, &key.columns))
    {
        return;
    }
    implicit_of_change
        .retain(|index| !is_exactly(index, key.columns.get(..index.parts.len()).unwrap_or(&[])));
    let parts = key.columns.iter().map(IndexPart::column).collect();
    implicit_of_change.push(Index::new(key.implicit_index_name(), IndexKind::Plain, parts));
}

/// The indexes among `candidates` that the table's foreign keys need and no index of the table
/// serves: the server has one of them by itself, named as it likes.
pub(crate) fn implied_by<'a>(
    table: &Table,
    candidates: &[&'a Index],
    server: &Server,
) -> Vec<&'a Index> {
    let mut implicit_index: Vec<&Index> = Vec::new();
    for foreign_key in &table.foreign_keys {
        if is_served(&foreign_key.columns, table, server)
            || implicit_index.iter().any(|index| is_exactly(index, &foreign_key.columns))
        {
            continue;
        }
        let mut fitting = candidates.iter().filter(|index| is_exactly(index, &foreign_key.columns));
        let name = foreign_key.implicit_index_name();
        let own = fitting.clone().find(|index| same_name(&index.name, name));
        implicit_index.extend(own.or_else(|| fitting.next()));
    }
    implicit_index
}

/// Whether an index that only the new table names is one that a foreign key of the old table has
/// brought with it, though the old table's source doesn't list it.
pub(crate) fn becomes_implicit(
    index: &Index,
    from: &Table,
    old: &[Index],
    server: &Server,
) -> bool {
    let is_it = |other: &Index| same_name(&other.name, &index.name) && has_columns_of(index, other);
    implicit_indexes(from, server).iter().any(is_it)
        && !old.iter().any(|old| same_name(&old.name, &index.name))
}

/// Indexes that foreign keys of the old table have brought with them, that its source doesn't list,
/// and that would stay though the new table's don't need them.
pub(crate) fn left_behind(
    from: &Table,
    to: &Table,
    renames: &Renames,
    server: &Server,
) -> Vec<Index> {
    let behind = implicit_indexes(from, server).into_iter().filter_map(|index| {
        let index = renames.index(&index, &to.name);
        let columns = columns_of(&index);
        let is_gone = columns.iter().all(|column| to.column(column).is_none());
        let is_needed = to.foreign_keys.iter().any(|key| is_exactly(&index, &key.columns));
        let is_pushed_out = is_served(&columns, to, server);
        let stays = match to.index(&index.name) {
            // Its name is wanted for it, or for another.
            Some(listed) => has_columns_of(listed, &index),
            None => is_gone || is_needed || is_pushed_out,
        };
        (!stays).then_some(index)
    });
    behind.collect()
}

/// By the tables' new names: the indexes that a server has for foreign keys once `from` has become
/// `to`, and that `to` neither lists nor implies under these names. Whoever starts from `to` later
/// must know of them.
pub fn unlisted_indexes(
    from: &Schema,
    to: &Schema,
    server: &Server,
) -> BTreeMap<String, Vec<Index>> {
    let renames = Renames::between(from, to);
    let mut unlisted = BTreeMap::new();
    for table in to.tables.values().filter(|table| !table.foreign_keys.is_empty()) {
        let implicit_index = implicit_indexes(table, server);
        let old = renames.old_table(&table.name).and_then(|name| from.tables.get(name));
        if let (false, Some(old)) = (implicit_index.is_empty(), old) {
            let there =
                implicit_of_change(&renamed_table(old, &table.name), table, &renames, server);
            if !there.iter().all(|index| implicit_index.contains(index)) {
                unlisted.insert(table.name.clone(), there);
            }
        }
    }
    unlisted
}

/// The indexes that are there for the foreign keys of the new table without being listed: those of
/// the old one that stay, and those that the new keys bring.
fn implicit_of_change(from: &Table, to: &Table, renames: &Renames, server: &Server) -> Vec<Index> {
    let listed: Vec<Index> = from.indexes.iter().map(|it| renames.index(it, &to.name)).collect();
    let others: Vec<&Index> = listed.iter().filter(|it| to.index(&it.name).is_none()).collect();
    let mut with_kept = to.clone();
    with_kept.indexes.extend(implied_by(to, &others, server).into_iter().cloned());
    let behind = left_behind(from, to, renames, server);
    let implicit_index = implicit_indexes(from, server);
    let mut there: Vec<Index> =
        implicit_index.iter().map(|it| renames.index(it, &to.name)).collect();
    there.retain(|index| {
        !behind.contains(index) && !is_served(&columns_of(index), &with_kept, server)
    });
    for change in compare_foreign_keys(from, to, renames) {
        if let TableChange::AddForeignKey(key) | TableChange::ChangeForeignKey { to: key, .. } =
            &change
        {
            add_implicit_index(key, &with_kept, &mut there, server);
        }
    }
    there.extend(with_kept.indexes.drain(to.indexes.len()..));
    there
}

/// Whether an index is what a server makes for a foreign key, and that on the columns of the other.
fn has_columns_of(index: &Index, other: &Index) -> bool {
    is_exactly(index, &columns_of(other))
}

fn columns_of(index: &Index) -> Vec<String> {
    index.column_names().map(str::to_owned).collect()
}

/// Whether an index is plain, has no option and exactly these columns: what a server makes for a
/// foreign key.
fn is_exactly(index: &Index, columns: &[String]) -> bool {
    index.kind == IndexKind::Plain
        && !index.invisible
        && index.comment.is_empty()
        && index.attributes.is_none()
        && index.parts.len() == columns.len()
        && index.parts.iter().zip(columns).all(|(part, column)| match &part.key {
            KeyPart::Column { name, prefix_length: None } => {
                !part.descending && same_name(name, column)
            }
            _ => false,
        })
}
