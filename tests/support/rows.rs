//! Rows for the tables of a database, always the same ones, and whether they are still there.
//!
//! The value of a column in row number n depends only on the column and n. A column of a foreign
//! key has the value that the referenced column has in row n. If a CHECK or a unique index refuses
//! a row, the server leaves it out.

use std::collections::BTreeMap;

use driftline::model::{
    Column, ColumnType, GeometryKind, IntegerSize, KeyPart, Schema, Sign, Table, TextSize,
    same_name,
};
use driftline::syntax::{quote_identifier, quote_string};
use libtest_mimic::Failed;
use mysql_async::Value;
use mysql_async::consts::ColumnType as Type;

use super::servers::Database;

/// How many foreign keys are followed to find the column with a value of its own.
const STEPS: usize = 8;

/// The longest chain of foreign keys that goes against the order of the tables.
const PASSES: usize = 8;

/// A value as the server prints it; `None` for NULL.
pub type Printed = Option<Vec<u8>>;

/// The rows of a table, sorted. Each has the values of the columns in the requested order.
pub type Rows = Vec<Vec<Printed>>;

/// Inserts rows into every table, as many as the server accepts; returns how many each has.
pub fn fill(
    database: &Database,
    schema: &Schema,
    count: u64,
) -> Result<BTreeMap<String, usize>, Failed> {
    let mut connection = database.connection()?;
    connection.query_drop("SET SESSION sql_mode = 'STRICT_TRANS_TABLES', time_zone = '+00:00'")?;
    let mut filled = BTreeMap::new();
    let mut waiting: Vec<&Table> = schema.tables.values().collect();
    // Repeatedly, because a referenced row may be inserted later.
    for _ in 0..PASSES {
        let mut taken = 0;
        waiting.retain(|table| {
            let inserts = inserts(table, schema, count);
            let mut rows = 0;
            for insert in &inserts {
                // A trigger may refuse it.
                if connection.query_drop(insert).is_ok() {
                    rows += connection.affected_rows();
                }
            }
            taken += rows;
            !inserts.is_empty() && rows < count
        });
        if taken == 0 {
            break;
        }
    }
    for name in schema.tables.keys() {
        let query = format!("SELECT COUNT(*) FROM {}", quote_identifier(name));
        let number: Option<usize> = connection.query_first(query)?;
        filled.insert(name.clone(), number.unwrap_or_default());
    }
    Ok(filled)
}

/// The values of some columns of a table, row by row.
pub fn rows(database: &Database, table: &str, columns: &[String]) -> Result<Rows, Failed> {
    let mut connection = database.connection()?;
    connection.query_drop("SET SESSION time_zone = '+00:00'")?;
    let names: Vec<String> = columns.iter().map(|name| quote_identifier(name)).collect();
    let query = format!("SELECT {} FROM {}", names.join(", "), quote_identifier(table));
    let mut rows: Rows = Vec::new();
    for row in connection.query::<mysql_async::Row>(query)? {
        let types: Vec<Type> = row.columns_ref().iter().map(|it| it.column_type()).collect();
        let printed = row.unwrap().into_iter().zip(&types).map(|(value, ty)| match value {
            Value::NULL => None,
            Value::Bytes(bytes) if *ty == Type::MYSQL_TYPE_BIT => Some(number(&bytes)),
            Value::Bytes(bytes) => Some(bytes),
            other => Some(other.as_sql(true).into_bytes()),
        });
        rows.push(printed.collect());
    }
    rows.sort();
    Ok(rows)
}

/// The number of a BIT value, which a server returns as bytes.
fn number(bits: &[u8]) -> Vec<u8> {
    let number = bits.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    number.to_string().into_bytes()
}

/// The rows by the meaning of their values, sorted. Types print the same value differently: `1.5`
/// and `1.500`, `7` and `007`, a date and its midnight.
pub fn as_meant(rows: &Rows) -> Rows {
    let mut rows: Rows = rows.iter().map(|row| row.iter().map(meaning).collect()).collect();
    rows.sort();
    rows
}

fn meaning(value: &Printed) -> Printed {
    let bytes = value.as_ref()?;
    let Ok(text) = std::str::from_utf8(bytes) else { return value.clone() };
    // BINARY is padded.
    let text = text.trim_end_matches('\0');
    if let Ok(number) = text.parse::<f64>() {
        return Some(number.to_string().into_bytes());
    }
    let is_time = text.starts_with(|c: char| c.is_ascii_digit());
    let text = if is_time { text.trim_end_matches([' ', '0', ':', '.']) } else { text };
    Some(text.as_bytes().to_vec())
}

/// The statements that insert the rows; none for a table without a column that can be given a
/// value.
fn inserts(table: &Table, schema: &Schema, count: u64) -> Vec<String> {
    let given = |column: &&Column| column.generated.is_none() && !column.is_system_time();
    let columns: Vec<&Column> = table.columns.iter().filter(given).collect();
    if columns.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = columns.iter().map(|it| quote_identifier(&it.name)).collect();
    let row = |n: u64| {
        let values: Vec<String> =
            columns.iter().map(|column| value(table, column, schema, n)).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = (1..=count).map(row).collect();
    let statement = |ignore: &str, rows: &[String]| {
        format!(
            "INSERT {ignore}INTO {} ({}) VALUES {}",
            quote_identifier(&table.name),
            names.join(", "),
            rows.join(",\n")
        )
    };
    // With IGNORE the server would keep a generated value that doesn't fit its column, and then
    // fail to compute it again.
    let computes = table.columns.iter().any(|column| column.generated.is_some());
    match computes {
        true => rows.chunks(1).map(|row| statement("", row)).collect(),
        false => vec![statement("IGNORE ", &rows)],
    }
}

/// The value of a column in row n, as SQL.
fn value(table: &Table, column: &Column, schema: &Schema, n: u64) -> String {
    let (mut table, mut column) = (table, column);
    for _ in 0..STEPS {
        let key = table.foreign_keys.iter().find_map(|key| {
            let place = key.columns.iter().position(|name| same_name(name, &column.name))?;
            Some((key, key.referenced_columns.get(place)?))
        });
        let Some((key, referenced)) = key else { break };
        if column.nullable && n.is_multiple_of(5) {
            return "NULL".to_owned();
        }
        let parent = schema.table(&key.referenced_table);
        let Some(parent) = parent.filter(|_| key.referenced_schema.is_none()) else { break };
        let Some(next) = parent.column(referenced) else { break };
        if parent.name == table.name && next.name == column.name {
            break;
        }
        (table, column) = (parent, next);
    }
    if column.nullable && n % 7 == 3 && !is_indexed(table, column) {
        return "NULL".to_owned();
    }
    own_value(column, n)
}

fn is_indexed(table: &Table, column: &Column) -> bool {
    let parts = table.all_indexes().flat_map(|index| &index.parts);
    parts.into_iter().any(|part| match &part.key {
        KeyPart::Column { name, .. } => same_name(name, &column.name),
        KeyPart::Expression(_) => true,
    })
}

fn own_value(column: &Column, n: u64) -> String {
    match &column.ty {
        _ if column.auto_increment => n.to_string(),
        ColumnType::Integer { size, sign, .. } => integer(*size, *sign, n),
        ColumnType::Decimal { precision, scale, .. } => decimal(*precision, *scale, n),
        ColumnType::Float { precision, .. } | ColumnType::Double { precision, .. } => {
            match precision {
                Some(it) => decimal(it.digits, it.decimals.min(1), n),
                None => format!("{n}.5"),
            }
        }
        ColumnType::Bit { length } => {
            n.checked_rem(1 << (*length).min(60)).unwrap_or(n).to_string()
        }
        ColumnType::Year => (1902 + n % 250).to_string(),
        ColumnType::Char { length } | ColumnType::Varchar { length } => {
            text(column, u64::from(*length), n)
        }
        ColumnType::Text { size, .. } => text(column, bytes(*size), n),
        ColumnType::Binary { length } | ColumnType::Varbinary { length } => {
            hexadecimal(u64::from(*length), n)
        }
        ColumnType::Blob { size, .. } => hexadecimal(bytes(*size), n),
        ColumnType::Enum { members } => member(members, n),
        ColumnType::Set { members } => member(members, n),
        ColumnType::Date => quote_string(&date(n)),
        ColumnType::Time { .. } => format!("'{:02}:{:02}:00'", n / 60 % 24, n % 60),
        ColumnType::Datetime { .. } | ColumnType::Timestamp { .. } => {
            format!("'{} {:02}:{:02}:00'", date(n), n % 24, n % 60)
        }
        ColumnType::Json => format!("'{{\"n\": {n}}}'"),
        ColumnType::Uuid => format!("'00000000-0000-4000-8000-{n:012x}'"),
        ColumnType::Inet4 => format!("'10.0.{}.{}'", n / 256 % 256, n % 256),
        ColumnType::Inet6 => format!("'2001:db8::{n:x}'"),
        ColumnType::Vector { dimensions } => hexadecimal_vector(*dimensions, n),
        ColumnType::Geometry { kind, srid } => geometry(*kind, *srid, n),
    }
}

fn integer(size: IntegerSize, sign: Sign, n: u64) -> String {
    match (size, sign) {
        // From both ends of a type with few values, and ordinary ones for the others.
        (IntegerSize::Tiny, Sign::Signed) => (n as i64 % 256 - 128).to_string(),
        (IntegerSize::Tiny, _) => (n % 256).to_string(),
        _ => n.to_string(),
    }
}

fn decimal(precision: u32, scale: u32, n: u64) -> String {
    let digits = precision.saturating_sub(scale).min(15);
    let whole = n % 10_u64.pow(digits);
    if scale == 0 { whole.to_string() } else { format!("{whole}.{}", n % 10) }
}

fn bytes(size: TextSize) -> u64 {
    if size == TextSize::Tiny { 60 } else { 1000 }
}

/// Begins with the part that distinguishes the rows, so that it may be cut anywhere.
fn text(column: &Column, length: u64, n: u64) -> String {
    let alphabet: Vec<char> = ('a'..='z').chain('0'..='9').collect();
    let letter = alphabet[n as usize % alphabet.len()];
    let is_unicode = column.charset.as_deref().is_some_and(|it| it.starts_with("utf8"));
    let tail = if is_unicode { "größer – 長い" } else { "plain 'text'" };
    let text = format!("{letter}{n} {tail}");
    quote_string(text.chars().take(length.min(24) as usize).collect::<String>().trim_end())
}

fn hexadecimal(length: u64, n: u64) -> String {
    let number = n.to_be_bytes();
    let significant = &number[number.len() - length.min(8) as usize..];
    let digits: String = significant.iter().map(|byte| format!("{byte:02x}")).collect();
    if digits.is_empty() { "''".to_owned() } else { format!("x'{digits}'") }
}

/// A vector is stored as its numbers, of four bytes each.
fn hexadecimal_vector(dimensions: u32, n: u64) -> String {
    let numbers = (0..dimensions).map(|at| (n + u64::from(at)) as f32);
    let digits: String =
        numbers.flat_map(f32::to_le_bytes).map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}

fn member(members: &[String], n: u64) -> String {
    quote_string(&members[n as usize % members.len().max(1)])
}

fn date(n: u64) -> String {
    format!("{}-{:02}-{:02}", 2000 + n / 336, n / 28 % 12 + 1, n % 28 + 1)
}

fn geometry(kind: GeometryKind, srid: Option<u32>, n: u64) -> String {
    let (a, b) = (n % 80, n % 80 + 1);
    let ring = format!("(({a} {a}, {b} {a}, {b} {b}, {a} {a}))");
    let text = match kind {
        GeometryKind::Geometry | GeometryKind::Point => format!("POINT({a} {b})"),
        GeometryKind::LineString => format!("LINESTRING({a} {a}, {b} {b})"),
        GeometryKind::Polygon => format!("POLYGON{ring}"),
        GeometryKind::MultiPoint => format!("MULTIPOINT({a} {a}, {b} {b})"),
        GeometryKind::MultiLineString => format!("MULTILINESTRING(({a} {a}, {b} {b}))"),
        GeometryKind::MultiPolygon => format!("MULTIPOLYGON({ring})"),
        GeometryKind::GeometryCollection => format!("GEOMETRYCOLLECTION(POINT({a} {b}))"),
    };
    format!("ST_GeomFromText('{text}', {})", srid.unwrap_or(0))
}
