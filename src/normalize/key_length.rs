//! The number of bytes in the key of an index.

use super::charset::bytes_of;
use crate::model::{Column, ColumnType, GeometryKind, Index, IndexKind, KeyPart, same_name};

/// The most bytes that a key can have in InnoDB (MariaDB "InnoDB Limitations").
const LONGEST: u32 = 3072;

/// Whether the key of a unique index is too long. A server that can stores such an index as a hash
/// (MariaDB "Getting Started with Indexes", "Unique Index").
pub(crate) fn is_too_long(index: &Index, columns: &[Column]) -> bool {
    let bytes = index.parts.iter().map(|part| match &part.key {
        KeyPart::Column { name, prefix_length } => columns
            .iter()
            .find(|column| same_name(&column.name, name))
            .map_or(0, |column| bytes(column, *prefix_length)),
        KeyPart::Expression(_) => 0,
    });
    index.kind == IndexKind::Unique && bytes.fold(0, u32::saturating_add) > LONGEST
}

/// The number of bytes that a column, or its prefix, has in a key.
fn bytes(column: &Column, prefix_length: Option<u32>) -> u32 {
    let each = bytes_of(column);
    match &column.ty {
        ColumnType::Char { length }
        | ColumnType::Varchar { length }
        | ColumnType::Binary { length }
        | ColumnType::Varbinary { length } => prefix_length.unwrap_or(*length).saturating_mul(each),
        ColumnType::Text { .. } | ColumnType::Blob { .. } | ColumnType::Json => {
            prefix_length.map_or(u32::MAX, |length| length.saturating_mul(each))
        }
        // The key contains all of a POINT, and a pointer to other geometries.
        ColumnType::Geometry { kind: GeometryKind::Point, .. } => prefix_length.unwrap_or(25),
        ColumnType::Geometry { .. } => u32::MAX,
        ColumnType::Integer { size, .. } => u32::from(size.bytes()),
        ColumnType::Decimal { precision, scale, .. } => {
            decimal(precision.saturating_sub(*scale)).saturating_add(decimal(*scale))
        }
        ColumnType::Float { .. } | ColumnType::Inet4 => 4,
        ColumnType::Double { .. } => 8,
        ColumnType::Bit { length } => length.div_ceil(8),
        ColumnType::Enum { members } => 1 + u32::from(members.len() > 255),
        ColumnType::Set { members } => match members.len().div_ceil(8) {
            bytes @ 0..=4 => bytes as u32,
            _ => 8,
        },
        ColumnType::Year => 1,
        ColumnType::Date => 3,
        ColumnType::Time { fsp } => 3 + fsp.div_ceil(2),
        ColumnType::Timestamp { fsp } => 4 + fsp.div_ceil(2),
        ColumnType::Datetime { fsp } => 5 + fsp.div_ceil(2),
        ColumnType::Uuid | ColumnType::Inet6 => 16,
        ColumnType::Vector { dimensions } => dimensions.saturating_mul(4),
    }
}

/// The number of bytes that this many digits take. Nine digits take four bytes.
fn decimal(digits: u32) -> u32 {
    digits / 9 * 4 + (digits % 9).div_ceil(2)
}
