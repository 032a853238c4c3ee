//! Indexes as the server keeps them.

use super::{expression, options};
use crate::model::{
    Column, ColumnType, Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart, PRIMARY, Table,
    same_name,
};
use crate::server::{Capability, Server};

/// Makes a table's indexes those that the server keeps. Its columns must be normalized, its
/// engine named.
pub(super) fn all(table: &mut Table, server: Server) {
    let hash_by_default = options::is_engine(table, "MEMORY");
    let keeps_algorithm = hash_by_default;
    let Table { columns, primary_key, indexes, .. } = table;
    name_unnamed(indexes);
    if let Some(key) = primary_key {
        PRIMARY.clone_into(&mut key.name);
        key.kind = IndexKind::Primary;
        key.invisible = false;
    }
    for index in primary_key.iter_mut().chain(indexes) {
        for part in &mut index.parts {
            normalize_part(part, index.kind, columns, server);
        }
        let is_hash = index.algorithm == Some(IndexAlgorithm::Hash);
        let is_ordered = !matches!(index.kind, IndexKind::Fulltext | IndexKind::Spatial);
        if !keeps_algorithm || !is_ordered || is_hash {
            index.algorithm = None;
        }
        index.parser = index
            .parser
            .take()
            .filter(|_| index.kind == IndexKind::Fulltext)
            .map(|parser| parser.to_ascii_lowercase());
        // MySQL forgets it when the table is InnoDB's; 0 is the engine's own choice.
        let keeps_size = server.can(Capability::IgnoredIndexes);
        index.key_block_size = index.key_block_size.filter(|size| keeps_size && *size != 0);
    }
}

fn normalize_part(part: &mut IndexPart, kind: IndexKind, columns: &[Column], server: Server) {
    if matches!(kind, IndexKind::Fulltext | IndexKind::Spatial)
        || !server.can(Capability::DescendingIndexes)
    {
        part.descending = false;
    }
    match &mut part.key {
        KeyPart::Expression(given) => *given = expression::with_canonical(given),
        KeyPart::Column { name, prefix_length } => {
            let Some(column) = columns.iter().find(|column| same_name(&column.name, name)) else {
                return;
            };
            name.clone_from(&column.name);
            let whole = match column.ty {
                ColumnType::Char { length }
                | ColumnType::Varchar { length }
                | ColumnType::Binary { length }
                | ColumnType::Varbinary { length } => Some(length),
                _ => None,
            };
            if matches!(kind, IndexKind::Fulltext | IndexKind::Spatial) || *prefix_length == whole {
                *prefix_length = None;
            }
        }
    }
}

/// Names those that have no name as a server would: as the first column, with a number where that
/// is taken.
fn name_unnamed(indexes: &mut [Index]) {
    for place in 0..indexes.len() {
        if !indexes[place].name.is_empty() {
            continue;
        }
        let first = match indexes[place].parts.first().map(|part| &part.key) {
            Some(KeyPart::Column { name, .. }) => name.clone(),
            _ => "functional_index".to_owned(),
        };
        let is_taken = |name: &str| indexes.iter().any(|index| same_name(&index.name, name));
        let name = if is_taken(&first) || same_name(&first, PRIMARY) {
            let numbered = |number: u32| format!("{first}_{number}");
            (2..).map(numbered).find(|name| !is_taken(name)).unwrap_or(first)
        } else {
            first
        };
        indexes[place].name = name;
    }
}
