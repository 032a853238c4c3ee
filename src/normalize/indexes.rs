//! Indexes as the server keeps them.

use super::{charset, expression, key_length, options};
use crate::model::{
    Column, ColumnType, GeometryKind, Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart,
    PRIMARY, Table, TextSize, same_name,
};
use crate::server::{Capability, Server, Vendor};

/// Changes a table's indexes to what the server keeps. The columns must be normalized, and the
/// engine must be named.
pub(super) fn all(table: &mut Table, server: Server) {
    // InnoDB has only BTREE. MEMORY uses HASH by default.
    let keeps_algorithm = options::is_engine(table, "MEMORY");
    let keeps_size = !options::is_engine(table, "InnoDB");
    let longest = longest_part(table, server).filter(|_| server.can(Capability::ShortenedKeys));
    let engine = table.options.engine.clone().unwrap_or_default();
    let Table { columns, primary_key, indexes, .. } = table;
    name_unnamed(indexes);
    if let Some(key) = primary_key {
        PRIMARY.clone_into(&mut key.name);
        key.kind = IndexKind::Primary;
        key.invisible = false;
    }
    for index in primary_key.iter_mut().chain(indexes) {
        if index.kind == IndexKind::Plain
            && server.vendor == Vendor::MySql
            && index.parts.iter().any(|part| is_on_whole_geometry(part, columns))
        {
            // MySQL has only spatial indexes on a geometry, and none on a prefix of one.
            index.kind = IndexKind::Spatial;
        }
        for part in &mut index.parts {
            normalize_part(part, index.kind, columns, server);
            if longest.is_some() {
                prefix_of_geometry(part, index.kind, columns);
            }
            if index.kind == IndexKind::Plain
                && let Some(longest) = longest
            {
                shorten(part, columns, longest, server);
            }
        }
        let is_hash = index.algorithm == Some(IndexAlgorithm::Hash);
        if server.can(Capability::HashUniqueIndexes)
            && (is_hash || key_length::is_too_long(index, columns))
        {
            // An index that is stored as a hash has no order.
            index.parts.iter_mut().for_each(|part| part.descending = false);
        }
        if !keeps_algorithm || !index.kind.is_ordered() || is_hash {
            index.algorithm = None;
        }
        index.parser = index
            .parser
            .take()
            .filter(|_| index.kind == IndexKind::Fulltext)
            .map(|parser| parser.to_ascii_lowercase());
        // InnoDB doesn't use KEY_BLOCK_SIZE and MySQL doesn't keep it. 0 means the engine's
        // default.
        index.key_block_size = index.key_block_size.filter(|size| keeps_size && *size != 0);
        if let Some(size) = &mut index.key_block_size {
            *size = kept_block_size(*size, &engine);
        }
    }
}

/// The KEY_BLOCK_SIZE, in bytes, that an engine keeps for an index (found by trial).
fn kept_block_size(size: u64, engine: &str) -> u64 {
    match engine {
        "MyISAM" => (size % 65_536).next_power_of_two().clamp(1024, 16_384),
        "Aria" => 8192,
        _ => size,
    }
}

fn normalize_part(part: &mut IndexPart, kind: IndexKind, columns: &[Column], server: Server) {
    if !kind.is_ordered() || !server.can(Capability::DescendingIndexes) {
        part.descending = false;
    }
    match &mut part.key {
        KeyPart::Expression(given) => *given = expression::with_canonical(given),
        KeyPart::Column { name, prefix_length } => {
            let Some(column) = columns.iter().find(|column| same_name(&column.name, name)) else {
                return;
            };
            name.clone_from(&column.name);
            if !kind.is_ordered() || *prefix_length == column.ty.whole_prefix() {
                *prefix_length = None;
            }
        }
    }
}

fn is_on_whole_geometry(part: &IndexPart, columns: &[Column]) -> bool {
    let is_whole = matches!(part.key, KeyPart::Column { prefix_length: None, .. });
    is_whole && geometry(part, columns).is_some()
}

/// The kind of geometry of the column that the part names.
fn geometry(part: &IndexPart, columns: &[Column]) -> Option<GeometryKind> {
    let KeyPart::Column { name, .. } = &part.key else { return None };
    let column = columns.iter().find(|column| same_name(&column.name, name))?;
    match column.ty {
        ColumnType::Geometry { kind, .. } => Some(kind),
        _ => None,
    }
}

/// MariaDB keeps a prefix length for a geometry in an index that isn't spatial. For a POINT it is
/// the number of its bytes, whatever was written. For another geometry in a unique index, which is
/// a hash, it is the size of a pointer.
fn prefix_of_geometry(part: &mut IndexPart, kind: IndexKind, columns: &[Column]) {
    let Some(geometry) = geometry(part, columns).filter(|_| kind.is_ordered()) else { return };
    let KeyPart::Column { prefix_length, .. } = &mut part.key else { return };
    match geometry {
        GeometryKind::Point => *prefix_length = Some(25),
        _ if kind == IndexKind::Unique && prefix_length.is_none() => *prefix_length = Some(8),
        _ => {}
    }
}

/// The parts of an index as a server that shortens keys makes them: a part that is too long gets a
/// prefix length. `None` if no part is too long. The table must be normalized.
pub(crate) fn shortened(index: &Index, table: &Table, server: Server) -> Option<Vec<IndexPart>> {
    let longest = longest_part(table, server).filter(|_| index.kind == IndexKind::Plain)?;
    let mut parts = index.parts.clone();
    parts.iter_mut().for_each(|part| shorten(part, &table.columns, longest, server));
    (parts != index.parts).then_some(parts)
}

/// The most bytes that a part of an index can have. A server that shortens keys in strict modes too
/// has one limit for all row formats. It refuses a part that is within this limit but too long for
/// an old row format.
fn longest_part(table: &Table, server: Server) -> Option<u32> {
    let is_old = matches!(table.options.row_format.as_deref(), Some("COMPACT" | "REDUNDANT"));
    match table.options.engine.as_deref() {
        Some("InnoDB") if is_old && !server.can(Capability::ShortenedKeys) => Some(767),
        Some("InnoDB" | "MEMORY") => Some(3072),
        Some("MyISAM") => Some(1000),
        Some("Aria") => Some(2300),
        _ => None,
    }
}

/// Gives a part that is too long the prefix length that the server gives it.
fn shorten(part: &mut IndexPart, columns: &[Column], longest: u32, server: Server) {
    let KeyPart::Column { name, prefix_length } = &mut part.key else { return };
    let Some(column) = columns.iter().find(|column| column.name == *name) else { return };
    let most = longest / charset::bytes_of(column);
    let (whole, most) = match column.ty {
        ColumnType::Varchar { length } | ColumnType::Varbinary { length } => (length, most),
        ColumnType::Text { size: TextSize::Tiny, .. }
        | ColumnType::Blob { size: TextSize::Tiny, .. } => {
            (u32::MAX, most.min(server.most_of_tiny_text(charset::bytes_of(column))))
        }
        ColumnType::Text { .. } | ColumnType::Blob { .. } | ColumnType::Geometry { .. } => {
            (u32::MAX, most)
        }
        // JSON is a LONGTEXT in utf8mb4.
        ColumnType::Json => (u32::MAX, longest / 4),
        _ => return,
    };
    if prefix_length.unwrap_or(whole) > most {
        *prefix_length = Some(most);
    }
}

/// Names the unnamed indexes as a server does: like their first column, with a number if that name
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
