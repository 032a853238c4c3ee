//! Columns: the type and the clauses after it.

use std::collections::BTreeMap;

use super::Keywords;
use crate::model::{
    Column, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue, EngineAttributes,
    FloatPrecision, Generated, GeneratedStorage, GeometryKind, IntegerSize, Sign, TextSize,
    TypeClass,
};
use crate::server::{Server, Vendor};
use crate::syntax::quote::{quote_bytes, quote_identifier, quote_string};

/// The type in lower case, with its length and sign, as in COLUMN_TYPE. It doesn't include the SRID
/// of a geometry.
pub fn column_type(ty: &ColumnType, server: &Server) -> String {
    match ty {
        ColumnType::Integer { size, sign, width } => {
            let name = integer_name(*size);
            let width = width.map(|width| format!("({width})")).unwrap_or_default();
            format!("{name}{width}{}", sign_text(*sign))
        }
        ColumnType::Decimal { precision, scale, sign } => {
            format!("decimal({precision},{scale}){}", sign_text(*sign))
        }
        ColumnType::Float { precision, sign } => floating("float", *precision, *sign),
        ColumnType::Double { precision, sign } => floating("double", *precision, *sign),
        ColumnType::Bit { length } => format!("bit({length})"),
        ColumnType::Char { length } => format!("char({length})"),
        ColumnType::Varchar { length } => format!("varchar({length})"),
        ColumnType::Binary { length } => format!("binary({length})"),
        ColumnType::Varbinary { length } => format!("varbinary({length})"),
        ColumnType::Text { size, length } => sized(*size, "text", *length),
        ColumnType::Blob { size, length } => sized(*size, "blob", *length),
        ColumnType::Enum { members } => format!("enum({})", quoted_list(members)),
        ColumnType::Set { members } => format!("set({})", quoted_list(members)),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Time { fsp } => fractional("time", *fsp),
        ColumnType::Datetime { fsp } => fractional("datetime", *fsp),
        ColumnType::Timestamp { fsp } => fractional("timestamp", *fsp),
        ColumnType::Year => match server.vendor {
            Vendor::MySql => "year".to_owned(),
            Vendor::MariaDb => "year(4)".to_owned(),
        },
        ColumnType::Json => "json".to_owned(),
        ColumnType::Uuid => "uuid".to_owned(),
        ColumnType::Inet4 => "inet4".to_owned(),
        ColumnType::Inet6 => "inet6".to_owned(),
        ColumnType::Vector { dimensions } => format!("vector({dimensions})"),
        ColumnType::Geometry { kind, .. } => geometry_name(*kind, server).to_owned(),
    }
}

/// The text after the column's name in CREATE TABLE: the type and every clause.
pub fn column_definition(column: &Column, server: &Server, keywords: Keywords) -> String {
    let mut words = vec![column_type(&column.ty, server)];
    let mut add = |keyword: &str| words.push(keywords.word(keyword));
    let srid = match &column.ty {
        ColumnType::Geometry { srid, .. } => *srid,
        _ => None,
    };
    if let (Some(srid), Vendor::MariaDb) = (srid, server.vendor) {
        add(&format!("REF_SYSTEM_ID={srid}"));
    }
    if column.storage.as_ref().is_some_and(|storage| storage.compressed) {
        add("COMPRESSED");
    }
    if column.ty.has_charset() {
        if let Some(charset) = &column.charset {
            words.push(format!("{} {charset}", keywords.word("CHARACTER SET")));
        }
        if let Some(collation) = &column.collation {
            words.push(format!("{} {collation}", keywords.word("COLLATE")));
        }
    }
    if let Some(generated) = &column.generated {
        words.push(generated_clause(generated, keywords));
    }
    let mut add = |keyword: &str| words.push(keywords.word(keyword));
    if let Some(which) = system_time(column) {
        add(&format!("GENERATED ALWAYS AS ROW {which}"));
    } else if !column.nullable {
        add("NOT NULL");
    } else if keywords == Keywords::Upper && matches!(column.ty, ColumnType::Timestamp { .. }) {
        // Without it a server with explicit_defaults_for_timestamp=0 makes the column NOT NULL.
        add("NULL");
    }
    if let (Some(srid), Vendor::MySql) = (srid, server.vendor) {
        add(&format!("SRID {srid}"));
    }
    if let Some(storage) = &column.storage {
        words.extend(storage_clauses(storage, keywords));
    }
    if let Some(default) = default_clause(column, server, keywords) {
        words.push(default);
    }
    let mut add = |keyword: &str| words.push(keywords.word(keyword));
    if column.on_update_now {
        add(&format!("ON UPDATE {}", current_timestamp(&column.ty)));
    }
    if column.auto_increment {
        add("AUTO_INCREMENT");
    }
    if column.invisible {
        add("INVISIBLE");
    }
    if column.versioning == ColumnVersioning::Without {
        add("WITHOUT SYSTEM VERSIONING");
    }
    if !column.comment.is_empty() {
        words.push(format!("{} {}", keywords.word("COMMENT"), quote_string(&column.comment)));
    }
    if let Some(storage) = &column.storage {
        words.extend(attribute_clauses(&storage.attributes, keywords));
    }
    if let Some(check) = &column.check {
        words.push(format!("{} ({})", keywords.word("CHECK"), check.text));
    }
    words.join(" ")
}

/// `START` or `END` for a system-time column.
fn system_time(column: &Column) -> Option<&'static str> {
    match column.versioning {
        ColumnVersioning::RowStart => Some("START"),
        ColumnVersioning::RowEnd => Some("END"),
        ColumnVersioning::AsTable | ColumnVersioning::Without => None,
    }
}

/// The attributes that only the engine interprets.
pub(super) fn attribute_clauses(attributes: &EngineAttributes, keywords: Keywords) -> Vec<String> {
    let json = [
        ("ENGINE_ATTRIBUTE", &attributes.engine_attribute),
        ("SECONDARY_ENGINE_ATTRIBUTE", &attributes.secondary_engine_attribute),
    ];
    let json = json.into_iter().filter_map(|(word, value)| {
        Some(format!("{} {}", keywords.word(word), quote_string(value.as_ref()?)))
    });
    json.chain(engine_options(&attributes.engine_options)).collect()
}

/// Options that an engine defines, each as in SQL. They can have any name.
pub(crate) fn engine_options(options: &BTreeMap<String, String>) -> Vec<String> {
    options.iter().map(|(name, value)| format!("{}={value}", quote_identifier(name))).collect()
}

/// The clauses about how an engine stores the values.
fn storage_clauses(storage: &ColumnStorage, keywords: Keywords) -> Vec<String> {
    let medium = storage.medium.map(|medium| format!("STORAGE {}", medium.sql()));
    let format = storage.format.map(|format| format!("COLUMN_FORMAT {}", format.sql()));
    let secondary = storage.not_secondary.then(|| "NOT SECONDARY".to_owned());
    medium.into_iter().chain(format).chain(secondary).map(|text| keywords.word(&text)).collect()
}

/// The value of a DEFAULT clause in SQL: `'new'`, `5`, `CURRENT_TIMESTAMP(3)`, `(uuid())`.
pub fn default_text(default: &DefaultValue, ty: &ColumnType, server: &Server) -> String {
    let value = match default {
        DefaultValue::Null => "NULL".to_owned(),
        DefaultValue::CurrentTimestamp => current_timestamp(ty),
        DefaultValue::Expression(expression) => return format!("({})", expression.text),
        DefaultValue::Bytes(bytes) => quote_bytes(bytes),
        DefaultValue::Literal(text) => literal(text, ty),
    };
    let literal = matches!(default, DefaultValue::Literal(_) | DefaultValue::Bytes(_));
    // For these types MySQL accepts a literal only as an expression (manual, 13.6).
    if literal && server.vendor == Vendor::MySql && lacks_literal_default(ty) {
        format!("({value})")
    } else {
        value
    }
}

fn default_clause(column: &Column, server: &Server, keywords: Keywords) -> Option<String> {
    let keyword = keywords.word("DEFAULT");
    match &column.default {
        None | Some(DefaultValue::Null) => {
            let said = keywords == Keywords::Upper
                && column.nullable
                && column.generated.is_none()
                && !column.is_system_time()
                && !column.auto_increment
                && !(server.vendor == Vendor::MySql && has_no_default_null(&column.ty));
            said.then(|| format!("{keyword} {}", keywords.word("NULL")))
        }
        Some(DefaultValue::CurrentTimestamp) => {
            Some(format!("{keyword} {}", keywords.word(&current_timestamp(&column.ty))))
        }
        Some(value) => Some(format!("{keyword} {}", default_text(value, &column.ty, server))),
    }
}

/// The types for which MySQL doesn't show `DEFAULT NULL`.
fn has_no_default_null(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Text { .. } | ColumnType::Blob { .. } | ColumnType::Geometry { .. })
}

fn lacks_literal_default(ty: &ColumnType) -> bool {
    matches!(
        ty,
        ColumnType::Text { .. }
            | ColumnType::Blob { .. }
            | ColumnType::Json
            | ColumnType::Geometry { .. }
    )
}

fn literal(text: &str, ty: &ColumnType) -> String {
    match ty {
        ColumnType::Bit { .. }
            if !text.is_empty() && text.bytes().all(|b| b == b'0' || b == b'1') =>
        {
            format!("b'{text}'")
        }
        _ if ty.class() == TypeClass::Numeric && is_number(text) => text.to_owned(),
        _ => quote_string(text),
    }
}

/// Whether a text is a numeric literal: `5`, `-1.50`, `1e-7`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
        && digits.parse::<f64>().is_ok()
}

fn current_timestamp(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Datetime { fsp } | ColumnType::Timestamp { fsp } | ColumnType::Time { fsp }
            if *fsp > 0 =>
        {
            format!("CURRENT_TIMESTAMP({fsp})")
        }
        _ => "CURRENT_TIMESTAMP".to_owned(),
    }
}

fn generated_clause(generated: &Generated, keywords: Keywords) -> String {
    let storage = match generated.storage {
        GeneratedStorage::Virtual => "VIRTUAL",
        GeneratedStorage::Stored => "STORED",
    };
    format!(
        "{} ({}) {}",
        keywords.word("GENERATED ALWAYS AS"),
        generated.expression.text,
        keywords.word(storage)
    )
}

fn integer_name(size: IntegerSize) -> &'static str {
    match size {
        IntegerSize::Tiny => "tinyint",
        IntegerSize::Small => "smallint",
        IntegerSize::Medium => "mediumint",
        IntegerSize::Int => "int",
        IntegerSize::Big => "bigint",
    }
}

fn sign_text(sign: Sign) -> &'static str {
    match sign {
        Sign::Signed => "",
        Sign::Unsigned => " unsigned",
        Sign::Zerofill => " unsigned zerofill",
    }
}

fn floating(name: &str, precision: Option<FloatPrecision>, sign: Sign) -> String {
    let precision = precision
        .map(|precision| format!("({},{})", precision.digits, precision.decimals))
        .unwrap_or_default();
    format!("{name}{precision}{}", sign_text(sign))
}

fn sized(size: TextSize, name: &str, length: Option<u64>) -> String {
    let prefix = match size {
        TextSize::Tiny => "tiny",
        TextSize::Normal => "",
        TextSize::Medium => "medium",
        TextSize::Long => "long",
    };
    let length = length.map(|length| format!("({length})")).unwrap_or_default();
    format!("{prefix}{name}{length}")
}

fn quoted_list(members: &[String]) -> String {
    members.iter().map(|member| quote_string(member)).collect::<Vec<_>>().join(",")
}

fn fractional(name: &str, fsp: u32) -> String {
    if fsp == 0 { name.to_owned() } else { format!("{name}({fsp})") }
}

fn geometry_name(kind: GeometryKind, server: &Server) -> &'static str {
    match kind {
        GeometryKind::Geometry => "geometry",
        GeometryKind::Point => "point",
        GeometryKind::LineString => "linestring",
        GeometryKind::Polygon => "polygon",
        GeometryKind::MultiPoint => "multipoint",
        GeometryKind::MultiLineString => "multilinestring",
        GeometryKind::MultiPolygon => "multipolygon",
        GeometryKind::GeometryCollection => match server.vendor {
            Vendor::MySql => "geomcollection",
            Vendor::MariaDb => "geometrycollection",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Expression;

    const MYSQL: Server = Server::mysql(9, 7, 4);
    const MARIADB: Server = Server::mariadb(10, 11, 19);

    fn upper(column: &Column, server: &Server) -> String {
        column_definition(column, server, Keywords::Upper)
    }

    #[test]
    fn clauses_have_the_order_of_show_create_table() {
        let mut column = Column::new("d", ColumnType::Timestamp { fsp: 3 });
        column.nullable = false;
        column.default = Some(DefaultValue::CurrentTimestamp);
        column.on_update_now = true;
        column.comment = "it's".to_owned();
        assert_eq!(
            upper(&column, &MYSQL),
            "timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) \
             ON UPDATE CURRENT_TIMESTAMP(3) COMMENT 'it''s'"
        );
        assert_eq!(
            column_definition(&column, &MYSQL, Keywords::Lower),
            "timestamp(3) not null default current_timestamp(3) \
             on update current_timestamp(3) comment 'it''s'"
        );
    }

    #[test]
    fn defaults_are_written_only_in_sql() {
        let column = Column::new("a", ColumnType::Timestamp { fsp: 0 });
        assert_eq!(upper(&column, &MYSQL), "timestamp NULL DEFAULT NULL");
        assert_eq!(column_definition(&column, &MYSQL, Keywords::Lower), "timestamp");
        let text = Column::new("a", ColumnType::Text { size: TextSize::Medium, length: None });
        assert_eq!(upper(&text, &MYSQL), "mediumtext");
        assert_eq!(upper(&text, &MARIADB), "mediumtext DEFAULT NULL");
    }

    #[test]
    fn literals_follow_the_type() {
        let default = |ty: ColumnType, text: &str, server: &Server| {
            default_text(&DefaultValue::Literal(text.to_owned()), &ty, server)
        };
        let int = ColumnType::Integer { size: IntegerSize::Int, sign: Sign::Signed, width: None };
        assert_eq!(default(int.clone(), "-5", &MYSQL), "-5");
        assert_eq!(default(int, "5 apples", &MYSQL), "'5 apples'");
        assert_eq!(default(ColumnType::Bit { length: 8 }, "101", &MYSQL), "b'101'");
        assert_eq!(default(ColumnType::Varchar { length: 9 }, "5", &MYSQL), "'5'");
        let text = ColumnType::Text { size: TextSize::Normal, length: None };
        assert_eq!(default(text.clone(), "x", &MYSQL), "('x')");
        assert_eq!(default(text, "x", &MARIADB), "'x'");
    }

    #[test]
    fn a_spatial_reference_system_has_each_servers_spelling() {
        let ty = ColumnType::Geometry { kind: GeometryKind::Point, srid: Some(4326) };
        let mut column = Column::new("g", ty);
        column.nullable = false;
        assert_eq!(upper(&column, &MYSQL), "point NOT NULL SRID 4326");
        assert_eq!(upper(&column, &MARIADB), "point REF_SYSTEM_ID=4326 NOT NULL");
    }

    #[test]
    fn a_generated_column_has_no_default() {
        let mut column = Column::new("g", ColumnType::Varchar { length: 10 });
        column.charset = Some("utf8mb4".to_owned());
        column.collation = Some("utf8mb4_bin".to_owned());
        column.generated = Some(Generated {
            expression: Expression::new("upper(`b`)"),
            storage: GeneratedStorage::Stored,
        });
        column.invisible = true;
        assert_eq!(
            upper(&column, &MARIADB),
            "varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin \
             GENERATED ALWAYS AS (upper(`b`)) STORED INVISIBLE"
        );
    }
}
