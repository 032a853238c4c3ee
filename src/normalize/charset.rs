//! Effective character sets and collations (MySQL manual, 12.3 "Specifying Character Sets and
//! Collations").

use super::context::server_default;
use crate::model::{Column, ColumnType, Schema, TextSize};
use crate::server::{Server, bytes_per_character, charset_name, collation_name};

/// A character set, and one of its collations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Collated {
    pub(super) charset: String,
    pub(super) collation: String,
}

/// What the two clauses mean, either of which may be missing, in a table or database that has
/// `outer`. `None` if both are missing and `outer` isn't known. A character set alone means its own
/// default collation, not the outer one.
pub(super) fn effective(
    server: Server,
    charset: Option<&str>,
    collation: Option<&str>,
    outer: Option<&Collated>,
) -> Option<Collated> {
    let charset = charset.map(charset_name);
    Some(match (charset, collation.map(collation_name)) {
        (None, None) => return outer.cloned(),
        (Some(charset), None) => {
            let collation = match server.default_collation(&charset) {
                Some(collation) => collation.to_owned(),
                None => format!("{charset}_general_ci"),
            };
            Collated { charset, collation }
        }
        (given, Some((collation, Some(own)))) => {
            // The collation decides. Every server refuses a character set that doesn't fit it.
            let _ = given;
            Collated { charset: own, collation }
        }
        (given, Some((collation, None))) => {
            let of_outer = || outer.map(|outer| outer.charset.clone());
            let usual = || server.default_charset().to_owned();
            let charset = given.or_else(of_outer).unwrap_or_else(usual);
            let collation = format!("{charset}_{collation}");
            Collated { charset, collation }
        }
    })
}

/// The most bytes of a character in a column. If the column's character set isn't known, that of
/// the server's default character set.
pub(super) fn bytes_of(column: &Column) -> u32 {
    match &column.charset {
        Some(charset) => bytes_per_character(charset),
        None if column.ty.has_charset() => 4,
        None => 1,
    }
}

/// Makes a column's character set and collation effective. `CHARACTER SET binary` changes the type
/// into a binary one, except for ENUM and SET.
pub(super) fn column(column: &mut Column, server: Server, table: Option<&Collated>) {
    if !column.ty.has_charset() {
        column.charset = None;
        column.collation = None;
        return;
    }
    let (charset, collation) = (column.charset.as_deref(), column.collation.as_deref());
    let Some(collated) = effective(server, charset, collation, table) else {
        size_text(&mut column.ty, server.default_charset());
        return;
    };
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

/// If a database's defaults aren't known, gives every table and column that has them the server's
/// own defaults.
pub(crate) fn assume_default(schema: &mut Schema, server: Server) {
    let assumed = server_default(server);
    for table in schema.tables.values_mut() {
        let options = &mut table.options;
        if options.collation.is_none() {
            options.charset = Some(assumed.charset.clone());
            options.collation = Some(assumed.collation.clone());
        }
        let columns = table.columns.iter_mut();
        for column in columns.filter(|it| it.ty.has_charset() && it.collation.is_none()) {
            column.charset.clone_from(&table.options.charset);
            column.collation.clone_from(&table.options.collation);
        }
    }
}

fn binary_type(ty: &ColumnType) -> Option<ColumnType> {
    match *ty {
        ColumnType::Char { length } => Some(ColumnType::Binary { length }),
        ColumnType::Varchar { length } => Some(ColumnType::Varbinary { length }),
        ColumnType::Text { size, length } => Some(ColumnType::Blob { size, length }),
        _ => None,
    }
}

/// `text(300)` is the smallest of the four TEXT types that can hold that many characters.
fn size_text(ty: &mut ColumnType, charset: &str) {
    if let ColumnType::Text { size, length } = ty
        && let Some(characters) = length.take()
    {
        *size = smallest(characters.saturating_mul(u64::from(bytes_per_character(charset))));
    }
}

/// The smallest TEXT or BLOB type that can hold that many bytes.
pub(super) fn smallest(bytes: u64) -> TextSize {
    match bytes {
        0 => TextSize::Normal,
        1..=0xff => TextSize::Tiny,
        0x100..=0xffff => TextSize::Normal,
        0x1_0000..=0xff_ffff => TextSize::Medium,
        _ => TextSize::Long,
    }
}
