//! Types as the server keeps them (MySQL manual, chapter 13; MariaDB "Data Types").

use super::charset::{Collated, effective, smallest};
use super::expression;
use crate::model::{Column, ColumnType, Expression, IntegerSize, Sign, TextSize};
use crate::server::{Capability, Server, Vendor, bytes_per_character};

/// Changes a column's type to what the server keeps. The character set is normalized after it.
pub(super) fn column(column: &mut Column, server: Server) {
    match &mut column.ty {
        ColumnType::Integer { size, sign, width } => {
            *width = display_width(*size, *sign, *width, server);
        }
        ColumnType::Blob { size, length } => {
            if let Some(bytes) = length.take() {
                *size = smallest(bytes);
            }
        }
        // MariaDB shows 0 if there is no spatial reference system.
        ColumnType::Geometry { srid, .. } if !server.can(Capability::SpatialReferenceSystem) => {
            *srid = srid.filter(|srid| *srid != 0);
        }
        _ => {}
    }
}

/// Removes trailing spaces from the members of ENUM and SET, as the server does unless the members
/// are bytes. The column's character set must be normalized.
pub(super) fn members(column: &mut Column) {
    let is_bytes = column.charset.as_deref() == Some("binary");
    if let ColumnType::Enum { members } | ColumnType::Set { members } = &mut column.ty
        && !is_bytes
    {
        for member in members {
            member.truncate(member.trim_end_matches(' ').len());
        }
    }
}

/// The display width that the server shows. MariaDB shows all widths; MySQL shows only that of a
/// boolean and those of ZEROFILL.
fn display_width(size: IntegerSize, sign: Sign, width: Option<u32>, server: Server) -> Option<u32> {
    let boolean = size == IntegerSize::Tiny && sign == Sign::Signed && width == Some(1);
    if !server.can(Capability::DisplayWidths) && sign != Sign::Zerofill {
        return width.filter(|_| boolean);
    }
    // 0 means the server's default width.
    Some(width.filter(|width| *width != 0).unwrap_or(size.default_width(sign)))
}

/// Turns the type of a parameter that is too long into a TEXT or BLOB, as a server does in a
/// lenient SQL mode. The character set must be normalized.
pub(super) fn too_long(column: &mut Column, server: Server) {
    if let Some(ty) = text_instead(column, server) {
        column.ty = ty;
    }
}

/// The TEXT or BLOB that a server uses instead of a type that is too long, if its SQL mode is
/// lenient. `None` if the type isn't too long.
pub(crate) fn text_instead(column: &Column, server: Server) -> Option<ColumnType> {
    let each = column.charset.as_deref().map_or(1, bytes_per_character);
    let (ColumnType::Varchar { length } | ColumnType::Varbinary { length }) = column.ty else {
        return None;
    };
    let bytes = u64::from(length) * u64::from(each);
    if bytes <= u64::from(server.longest_varchar()) {
        return None;
    }
    let size = smallest(bytes);
    Some(match column.ty {
        ColumnType::Varchar { .. } => ColumnType::Text { size, length: None },
        _ => ColumnType::Blob { size, length: None },
    })
}

/// If the schema comes from MariaDB and the server has a type for JSON, reads a LONGTEXT as JSON
/// where MariaDB does: if it has exactly the CHECK and the collation that MariaDB gives to JSON.
pub(super) fn json_of_mariadb(column: &mut Column, source: Server, outer: Option<&Collated>) {
    if column.ty != ColumnType::Json {
        json(column, source, outer);
    }
}

/// MariaDB's JSON is a LONGTEXT with a collation and a CHECK of its own, and both spellings mean
/// the same. If it has exactly these, it becomes JSON; otherwise it stays a LONGTEXT. `outer` is
/// the collation of the table, which SHOW CREATE TABLE doesn't repeat for the column.
pub(super) fn json(column: &mut Column, server: Server, outer: Option<&Collated>) {
    if server.can(Capability::JsonType) || server.vendor != Vendor::MariaDb {
        return;
    }
    let is_long = matches!(column.ty, ColumnType::Text { size: TextSize::Long, length: None });
    if column.check.is_none() || !(is_long || column.ty == ColumnType::Json) {
        return;
    }
    let own_check = expression::canonical(&format!("json_valid({})", quoted(&column.name)));
    let is_own = |check: &Expression| expression::canonical(&check.text) == own_check;
    let (charset, collation) = (column.charset.as_deref(), column.collation.as_deref());
    let collated = effective(server, charset, collation, outer);
    let is_plain = collated.is_some_and(|it| it.collation == "utf8mb4_bin");
    match (&column.ty, &column.check) {
        (ColumnType::Json, Some(check)) if !is_own(check) => {
            column.ty = ColumnType::Text { size: TextSize::Long, length: None };
            column.charset = Some("utf8mb4".to_owned());
            column.collation = Some("utf8mb4_bin".to_owned());
        }
        (ColumnType::Json, Some(_)) => column.check = None,
        (_, Some(check)) if is_long && is_plain && is_own(check) => {
            column.ty = ColumnType::Json;
            column.check = None;
        }
        _ => {}
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
