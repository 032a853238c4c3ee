//! The indexes that servers make for foreign keys by themselves, which a file needn't list.

use crate::model::{ForeignKey, Index, IndexKind, IndexPart, KeyPart, Table, same_name};
use crate::renames::Renames;
use crate::server::{Capability, Server};

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
pub(crate) fn add_implicit_index(
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

/// Whether an index is what a server makes for a foreign key, and that on the columns of the other.
fn has_columns_of(index: &Index, other: &Index) -> bool {
    is_exactly(index, &columns_of(other))
}

pub(crate) fn columns_of(index: &Index) -> Vec<String> {
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

/// Whether some index of the table begins with the columns, in order and in full, so that a
/// foreign key on them needs no index of its own.
pub(crate) fn is_served(columns: &[String], table: &Table, server: &Server) -> bool {
    let descending = server.can(Capability::DescendingForeignKeyIndexes);
    table.all_indexes().any(|index| index.begins_with(columns, descending))
}

/// Whether an index begins with the columns, in order and in full.
pub(crate) fn serves(index: &Index, columns: &[String]) -> bool {
    index.begins_with(columns, true)
}
