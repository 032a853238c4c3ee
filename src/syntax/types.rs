//! Reads data types with all their synonyms, and the character set that a spelling implies.

mod number;

use super::SqlError;
use super::column_clauses::{ClausePlace, ColumnClause, add_place, next_clause};
use super::parser::Parser;
use crate::diagnostic::near_name;
use crate::model::{ColumnType, GeometryKind, IntegerSize, Sign, TextSize};
use number::{integer_size, number_type, set_sign};

/// A type, and what its spelling implies.
pub(crate) struct TypeRead {
    pub(crate) ty: ColumnType,
    pub(crate) charset: Option<String>,
    pub(crate) collation: Option<String>,
    /// The attribute BINARY, which means the `_bin` collation of the character set.
    pub(crate) binary_collation: bool,
    /// SERIAL, which implies NOT NULL AUTO_INCREMENT UNIQUE.
    pub(crate) serial: bool,
}

/// Reads a type and its modifiers, and adds their places to `places`.
pub(crate) fn read_type(
    parser: &mut Parser,
    places: &mut Vec<ClausePlace>,
) -> Result<TypeRead, SqlError> {
    let mut read = TypeRead {
        ty: ColumnType::Date,
        charset: None,
        collation: None,
        binary_collation: false,
        serial: false,
    };
    let start = parser.peek(0).start;
    read.ty = type_name(parser, &mut read)?;
    add_place(places, ColumnClause::Type, start, parser);
    loop {
        let (clause, start) = (next_clause(parser), parser.peek(0).start);
        if !read_modifier(parser, &mut read)? {
            break;
        }
        add_place(places, clause, start, parser);
    }
    read.resolve_binary_charset();
    Ok(read)
}

impl TypeRead {
    /// `CHARACTER SET binary` turns a character type into a binary one, except for ENUM and SET.
    pub(crate) fn resolve_binary_charset(&mut self) {
        let is_binary =
            self.charset.as_ref().is_some_and(|name| name.eq_ignore_ascii_case("binary"));
        if !is_binary {
            return;
        }
        self.ty = match self.ty.clone() {
            ColumnType::Char { length } => ColumnType::Binary { length },
            ColumnType::Varchar { length } => ColumnType::Varbinary { length },
            ColumnType::Text { size, length } => ColumnType::Blob { size, length },
            _ => return,
        };
        self.charset = None;
        self.collation = None;
        self.binary_collation = false;
    }
}

/// Reads one modifier directly after a type: the sign or the character set.
pub(crate) fn read_modifier(parser: &mut Parser, read: &mut TypeRead) -> Result<bool, SqlError> {
    let wanted = match parser.upper_word().as_deref() {
        Some("UNSIGNED") => Some(Sign::Unsigned),
        Some("ZEROFILL") => Some(Sign::Zerofill),
        Some("SIGNED") => Some(Sign::Signed),
        _ => None,
    };
    if let Some(wanted) = wanted {
        return set_sign(parser, &mut read.ty, wanted).map(|()| true);
    }
    if !read.ty.has_charset() {
        return Ok(false);
    }
    if let Some(name) = charset_clause(parser)? {
        read.charset = Some(name);
        return Ok(true);
    }
    let charset = match parser.upper_word().as_deref() {
        Some("ASCII") => "latin1",
        Some("UNICODE") => "ucs2",
        Some("BYTE") => "binary",
        Some("BINARY") => {
            parser.next();
            read.binary_collation = true;
            return Ok(true);
        }
        _ => return Ok(false),
    };
    parser.next();
    read.charset = Some(charset.to_owned());
    Ok(true)
}

/// Reads `CHARACTER SET x`, `CHAR SET x` or `CHARSET x`.
pub(crate) fn charset_clause(parser: &mut Parser) -> Result<Option<String>, SqlError> {
    let found = parser.accept("CHARSET")
        || parser.accept_words(&["CHARACTER", "SET"])
        || parser.accept_words(&["CHAR", "SET"]);
    if !found {
        return Ok(None);
    }
    parser.accept_symbol(b'=');
    charset_name(parser, "a character set").map(Some)
}

/// Reads the name of a character set or collation, which may be in quotes.
pub(crate) fn charset_name(parser: &mut Parser, what: &str) -> Result<String, SqlError> {
    let name = if parser.is_text() { parser.string(what)? } else { parser.name(what)? };
    Ok(name.to_ascii_lowercase())
}

fn type_name(parser: &mut Parser, read: &mut TypeRead) -> Result<ColumnType, SqlError> {
    let token = parser.peek(0);
    let Some(word) = parser.upper_word() else { return Err(parser.expected("a type")) };
    parser.next();
    if let Some(size) = integer_size(&word) {
        let width = optional_length(parser)?;
        return Ok(ColumnType::Integer { size, sign: Sign::Signed, width });
    }
    if let Some(kind) = geometry_kind(&word) {
        return Ok(ColumnType::Geometry { kind, srid: None });
    }
    if let Some(ty) = text_or_blob(&word, parser)? {
        return Ok(ty);
    }
    if let Some(ty) = number_type(&word, parser)? {
        return Ok(ty);
    }
    if let Some(ty) = character_type(&word, parser, read)? {
        return Ok(ty);
    }
    let ty = match word.as_str() {
        "ENUM" => ColumnType::Enum { members: members(parser)? },
        "SET" => ColumnType::Set { members: members(parser)? },
        "DATE" => ColumnType::Date,
        "TIME" => ColumnType::Time { fsp: fsp(parser)? },
        "DATETIME" => ColumnType::Datetime { fsp: fsp(parser)? },
        "TIMESTAMP" => ColumnType::Timestamp { fsp: fsp(parser)? },
        "YEAR" => {
            optional_length(parser)?;
            ColumnType::Year
        }
        "JSON" => ColumnType::Json,
        "UUID" => ColumnType::Uuid,
        "INET4" => ColumnType::Inet4,
        "INET6" => ColumnType::Inet6,
        "VECTOR" => ColumnType::Vector { dimensions: optional_length(parser)?.unwrap_or(2048) },
        "SERIAL" => {
            read.serial = true;
            let (size, sign) = (IntegerSize::Big, Sign::Unsigned);
            ColumnType::Integer { size, sign, width: None }
        }
        _ => {
            let written = parser.slice(token);
            let error = SqlError::new(format!("`{written}` isn't a type"), token.start, token.end);
            return Err(match near_name(written, TYPE_NAMES.iter().copied()) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    };
    Ok(ty)
}

/// The types that a misspelled one is compared with to suggest the right one.
const TYPE_NAMES: &[&str] = &[
    "bigint",
    "binary",
    "bit",
    "blob",
    "bool",
    "boolean",
    "char",
    "date",
    "datetime",
    "decimal",
    "double",
    "enum",
    "float",
    "geometry",
    "inet4",
    "inet6",
    "int",
    "integer",
    "json",
    "linestring",
    "longblob",
    "longtext",
    "mediumblob",
    "mediumint",
    "mediumtext",
    "numeric",
    "point",
    "polygon",
    "set",
    "smallint",
    "text",
    "time",
    "timestamp",
    "tinyblob",
    "tinyint",
    "tinytext",
    "uuid",
    "varbinary",
    "varchar",
    "vector",
    "year",
];

fn geometry_kind(word: &str) -> Option<GeometryKind> {
    Some(match word {
        "GEOMETRY" => GeometryKind::Geometry,
        "POINT" => GeometryKind::Point,
        "LINESTRING" => GeometryKind::LineString,
        "POLYGON" => GeometryKind::Polygon,
        "MULTIPOINT" => GeometryKind::MultiPoint,
        "MULTILINESTRING" => GeometryKind::MultiLineString,
        "MULTIPOLYGON" => GeometryKind::MultiPolygon,
        "GEOMETRYCOLLECTION" | "GEOMCOLLECTION" => GeometryKind::GeometryCollection,
        _ => return None,
    })
}

fn text_or_blob(word: &str, parser: &mut Parser) -> Result<Option<ColumnType>, SqlError> {
    let text = |size| ColumnType::Text { size, length: None };
    let blob = |size| ColumnType::Blob { size, length: None };
    Ok(Some(match word {
        "TINYTEXT" => text(TextSize::Tiny),
        "MEDIUMTEXT" => text(TextSize::Medium),
        "LONGTEXT" => text(TextSize::Long),
        "TINYBLOB" => blob(TextSize::Tiny),
        "MEDIUMBLOB" => blob(TextSize::Medium),
        "LONGBLOB" => blob(TextSize::Long),
        "TEXT" => ColumnType::Text { size: TextSize::Normal, length: long_length(parser)? },
        "BLOB" => ColumnType::Blob { size: TextSize::Normal, length: long_length(parser)? },
        "LONG" if parser.accept("VARBINARY") => blob(TextSize::Medium),
        "LONG" => {
            if !parser.accept("VARCHAR") && is_char(parser) && parser.is_word_at(1, "VARYING") {
                parser.next();
                parser.next();
            }
            text(TextSize::Medium)
        }
        _ => return Ok(None),
    }))
}

fn character_type(
    word: &str,
    parser: &mut Parser,
    read: &mut TypeRead,
) -> Result<Option<ColumnType>, SqlError> {
    let mut varying = matches!(word, "VARCHAR" | "VARCHARACTER" | "VARCHAR2" | "NVARCHAR");
    match word {
        "VARCHAR" | "VARCHARACTER" | "VARCHAR2" => {}
        "CHAR" | "CHARACTER" => varying = parser.accept("VARYING"),
        "NVARCHAR" => read.charset = Some("utf8mb3".to_owned()),
        "NCHAR" => {
            varying = parser.accept("VARCHAR") || parser.accept("VARYING");
            read.charset = Some("utf8mb3".to_owned());
        }
        "NATIONAL" => {
            varying = parser.accept("VARCHAR") || parser.accept("VARCHARACTER");
            if !varying {
                if !is_char(parser) {
                    return Err(parser.expected("CHAR or VARCHAR"));
                }
                parser.next();
                varying = parser.accept("VARYING");
            }
            read.charset = Some("utf8mb3".to_owned());
        }
        "BINARY" => {
            let length = optional_length(parser)?.unwrap_or(1);
            return Ok(Some(ColumnType::Binary { length }));
        }
        "VARBINARY" => {
            let length = length(parser, "varbinary(255)")?;
            return Ok(Some(ColumnType::Varbinary { length }));
        }
        _ => return Ok(None),
    }
    Ok(Some(if varying {
        ColumnType::Varchar { length: length(parser, "varchar(255)")? }
    } else {
        ColumnType::Char { length: optional_length(parser)?.unwrap_or(1) }
    }))
}

fn is_char(parser: &Parser) -> bool {
    parser.is_one_of(&["CHAR", "CHARACTER"])
}

fn length(parser: &mut Parser, example: &str) -> Result<u32, SqlError> {
    match optional_length(parser)? {
        Some(length) => Ok(length),
        None => Err(parser.expected("a length").with_help(format!("for example `{example}`"))),
    }
}

fn optional_length(parser: &mut Parser) -> Result<Option<u32>, SqlError> {
    if !parser.accept_symbol(b'(') {
        return Ok(None);
    }
    let length = parser.small_number("a length")?;
    parser.expect_symbol(b')')?;
    Ok(Some(length))
}

fn long_length(parser: &mut Parser) -> Result<Option<u64>, SqlError> {
    if !parser.accept_symbol(b'(') {
        return Ok(None);
    }
    let length = parser.number("a length")?;
    parser.expect_symbol(b')')?;
    Ok(Some(length))
}

/// Reads the number of fractional digits of a second.
pub(crate) fn fsp(parser: &mut Parser) -> Result<u32, SqlError> {
    let token = parser.peek(1);
    let fsp = optional_length(parser)?.unwrap_or(0);
    if fsp > 6 {
        let message = "a second has at most 6 fractional digits";
        return Err(SqlError::new(message, token.start, token.end));
    }
    Ok(fsp)
}

/// Reads the members of ENUM and SET. Trailing spaces are kept, because they matter in some
/// character sets.
fn members(parser: &mut Parser) -> Result<Vec<String>, SqlError> {
    parser.expect_symbol(b'(')?;
    let mut members = Vec::new();
    loop {
        members.push(parser.string("a member in quotes")?);
        if !parser.accept_symbol(b',') {
            break;
        }
    }
    parser.expect_symbol(b')')?;
    Ok(members)
}
