//! Effective character sets and collations (MySQL manual, 12.3 "Specifying Character Sets and
//! Collations").

use crate::model::{Column, ColumnType, TextSize};
use crate::server::{Server, bytes_per_character, charset_name, collation_name};

/// A character set and a collation of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Collated {
    pub(super) charset: String,
    pub(super) collation: String,
}

/// What the two clauses mean, of which either may be missing, inside something that has `outer`.
/// A character set alone brings its own default collation, not the outer one.
pub(super) fn effective(
    server: Server,
    charset: Option<&str>,
    collation: Option<&str>,
    outer: &Collated,
) -> Collated {
    let charset = charset.map(charset_name);
    match (charset, collation.map(collation_name)) {
        (None, None) => outer.clone(),
        (Some(charset), None) => {
            let collation = match server.default_collation(&charset) {
                Some(collation) => collation.to_owned(),
                None => format!("{charset}_general_ci"),
            };
            Collated { charset, collation }
        }
        (given, Some((collation, Some(own)))) => {
            // The collation decides; a set that doesn't fit it is refused by every server.
            let _ = given;
            Collated { charset: own, collation }
        }
        (given, Some((collation, None))) => {
            let charset = given.unwrap_or_else(|| outer.charset.clone());
            let collation = format!("{charset}_{collation}");
            Collated { charset, collation }
        }
    }
}

/// Makes a column's character set and collation effective. `CHARACTER SET binary` makes another
/// type of it, but for ENUM and SET.
pub(super) fn column(column: &mut Column, server: Server, table: &Collated) {
    if !column.ty.has_charset() {
        column.charset = None;
        column.collation = None;
        return;
    }
    let (charset, collation) = (column.charset.as_deref(), column.collation.as_deref());
    let collated = effective(server, charset, collation, table);
    size_text(&mut column.ty, &collated.charset);
    if collated.charset == "binary"
        && let Some(binary) = binary_type(&column.ty)
    {
        column.ty = binary;
        column.charset = None;
        column.collation = None;
        return;
    }
    column.charset = Some(collated.charset);
    column.collation = Some(collated.collation);
}

fn binary_type(ty: &ColumnType) -> Option<ColumnType> {
    match *ty {
        ColumnType::Char { length } => Some(ColumnType::Binary { length }),
        ColumnType::Varchar { length } => Some(ColumnType::Varbinary { length }),
        ColumnType::Text { size, length } => Some(ColumnType::Blob { size, length }),
        _ => None,
    }
}

/// `text(300)`: the smallest of the four that holds so many characters.
fn size_text(ty: &mut ColumnType, charset: &str) {
    if let ColumnType::Text { size, length } = ty
        && let Some(characters) = length.take()
    {
        *size = smallest(characters.saturating_mul(u64::from(bytes_per_character(charset))));
    }
}

/// The smallest TEXT or BLOB that holds so many bytes.
pub(super) fn smallest(bytes: u64) -> TextSize {
    match bytes {
        0 => TextSize::Normal,
        1..=0xff => TextSize::Tiny,
        0x100..=0xffff => TextSize::Normal,
        0x1_0000..=0xff_ffff => TextSize::Medium,
        _ => TextSize::Long,
    }
}
