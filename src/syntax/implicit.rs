//! The indexes that a server makes for foreign keys by itself.

use crate::model::{Index, IndexPart, KeyPart, PRIMARY, Table, same_name};
use crate::server::{Capability, Server};

/// The implicit indexes that the server keeps after a statement, in the order in which they were
/// made. An implicit index is dropped if any other index serves its foreign key. Of two implicit
/// indexes that serve the same foreign key, the wider one stays; if they are equally wide, the
/// later one (found by trial). An index without a name gets one.
pub(crate) fn kept_by_server(
    table: &Table,
    mut implicit: Vec<Index>,
    server: &Server,
) -> Vec<Index> {
    let descending = server.can(Capability::DescendingForeignKeyIndexes);
    let mut kept: Vec<Index> = Vec::new();
    for place in 0..implicit.len() {
        let columns = columns_of(&implicit[place]);
        let serves = |index: &Index| index.begins_with(&columns, descending);
        let is_wider = |index: &Index| index.parts.len() > columns.len();
        let (earlier, later) = implicit.split_at(place);
        let is_pushed_out = table.all_indexes().any(serves)
            || later.iter().skip(1).any(serves)
            || earlier.iter().any(|index| is_wider(index) && serves(index));
        if is_pushed_out || columns.is_empty() {
            continue;
        }
        let mut index = implicit[place].clone();
        if index.name.is_empty() {
            index.name = free_name(table, &kept, &index.parts);
            implicit[place].name.clone_from(&index.name);
        }
        kept.push(index);
    }
    kept
}

pub(crate) fn columns_of(index: &Index) -> Vec<String> {
    index.column_names().map(str::to_owned).collect()
}

/// The name that the server gives an index without one: that of its first column, with a number if
/// that name is taken.
pub(crate) fn free_name(table: &Table, others: &[Index], parts: &[IndexPart]) -> String {
    let first = match parts.first().map(|part| &part.key) {
        Some(KeyPart::Column { name, .. }) => {
            table.column(name).map_or(name.clone(), |column| column.name.clone())
        }
        _ => "functional_index".to_owned(),
    };
    let is_free = |name: &str| {
        let mut taken = table.indexes.iter().chain(others);
        !taken.any(|index| same_name(&index.name, name)) && !same_name(name, PRIMARY)
    };
    if is_free(&first) {
        return first;
    }
    let mut number = 2;
    while !is_free(&format!("{first}_{number}")) {
        number += 1;
    }
    format!("{first}_{number}")
}
