//! Implicit indexes: those that servers make for foreign keys by themselves, and that a schema
//! needn't list.

use crate::model::{ForeignKey, Index, IndexKind, IndexPart, KeyPart, Table, same_name};
use crate::renames::Renames;
use crate::server::{Capability, Server};

/// The implicit indexes of a table. A foreign key that no index serves gets one, usually with the
/// key's own name. It replaces the implicit indexes of earlier keys on the same columns or on the
/// first of them (found by trial).
pub(crate) fn implicit_indexes(table: &Table, server: &Server) -> Vec<Index> {
    let mut implicit_index = Vec::new();
    for key in &table.foreign_keys {
        add_implicit_index(key, table, &mut implicit_index, server);
    }
    implicit_index
}

/// The implicit indexes that don't have the name of their foreign key. Whoever creates the table
/// again with only the key has to list them, because the server would choose the key's name.
pub(crate) fn implicit_under_other_names(table: &Table, server: &Server) -> Vec<Index> {
    let mut implicit_index = implicit_indexes(table, server);
    implicit_index.retain(|index| table.foreign_key(&index.name).is_none());
    implicit_index
}

/// Adds the implicit index of a foreign key to those of the keys before it.
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

/// Those of the `candidates` that foreign keys of the table need, because no index of the table
/// serves these keys. The server makes such an index by itself, and its name doesn't matter.
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

/// Whether an index that only the new table lists is an implicit index of the old table.
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

/// Implicit indexes of the old table that would stay although no foreign key of the new table needs
/// them.
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
            // The new table uses this name, for this index or for another one.
            Some(listed) => has_columns_of(listed, &index),
            None => is_gone || is_needed || is_pushed_out,
        };
        (!stays).then_some(index)
    });
    behind.collect()
}

/// Whether an index is one that a server could make for a foreign key on the columns of the other
/// index.
fn has_columns_of(index: &Index, other: &Index) -> bool {
    is_exactly(index, &columns_of(other))
}

pub(crate) fn columns_of(index: &Index) -> Vec<String> {
    index.column_names().map(str::to_owned).collect()
}

/// Whether an index is plain, has no options and has exactly these columns, like those that a
/// server makes for a foreign key.
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

/// Whether an index of the table begins with these columns, in order and in full length, so that a
/// foreign key on them needs no index of its own.
pub(crate) fn is_served(columns: &[String], table: &Table, server: &Server) -> bool {
    let descending = server.can(Capability::DescendingForeignKeyIndexes);
    table.all_indexes().any(|index| index.begins_with(columns, descending))
}

/// Whether an index begins with these columns, in order and in full length.
pub(crate) fn serves(index: &Index, columns: &[String]) -> bool {
    index.begins_with(columns, true)
}
