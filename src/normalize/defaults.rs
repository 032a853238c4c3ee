//! DEFAULT as the server keeps it, with one spelling for each value.

use super::{expression, numbers};
use crate::model::{Column, ColumnType, DefaultValue, Expression, FloatPrecision};
use crate::server::{Capability, Server, Vendor};
use crate::syntax::temporal;

/// Changes a column's default to what the server keeps. The type must be normalized.
pub(super) fn column(column: &mut Column, server: Server) {
    if column.generated.is_some() {
        column.default = None;
        return;
    }
    let Some(mut default) = column.default.take() else { return };
    if let DefaultValue::Expression(given) = &mut default
        && let Some(as_kept) = expression::local_time(given, server)
    {
        *given = Expression::new(as_kept);
    }
    if server.vendor == Vendor::MariaDb {
        default = plain(default);
    }
    column.default = match default {
        DefaultValue::Null if column.nullable => None,
        DefaultValue::Literal(text) => Some(literal(text, column, server)),
        DefaultValue::Bytes(bytes) => Some(of_bytes(bytes, column, server)),
        DefaultValue::Expression(given) => {
            Some(DefaultValue::Expression(expression::with_canonical(&given)))
        }
        other => Some(other),
    };
    if is_implied_zero(column, server) || is_implied_empty(column) {
        column.default = None;
    }
}

/// MariaDB gives a compressed NOT NULL column an empty default, and shows it as if it had been
/// written.
fn is_implied_empty(column: &Column) -> bool {
    let compressed = column.storage.as_ref().is_some_and(|storage| storage.compressed);
    let is_empty = match &column.default {
        Some(DefaultValue::Literal(text)) => text.is_empty(),
        Some(DefaultValue::Bytes(bytes)) => bytes.is_empty(),
        _ => false,
    };
    compressed && !column.nullable && is_empty
}

/// MariaDB gives `NOT NULL ON UPDATE CURRENT_TIMESTAMP` without a default the zero date as default,
/// and shows it as if it had been written.
fn is_implied_zero(column: &Column, server: Server) -> bool {
    let is_zero =
        |text: &str| text.bytes().all(|byte| matches!(byte, b'0' | b'-' | b':' | b'.' | b' '));
    server.vendor == Vendor::MariaDb
        && column.on_update_now
        && !column.nullable
        && matches!(&column.default, Some(DefaultValue::Literal(text)) if is_zero(text))
}

/// MariaDB stores an expression that is only a literal as a literal, and `(now())` as
/// CURRENT_TIMESTAMP.
fn plain(default: DefaultValue) -> DefaultValue {
    match &default {
        DefaultValue::Expression(given) => expression::constant(given).unwrap_or(default),
        _ => default,
    }
}

fn literal(text: String, column: &Column, server: Server) -> DefaultValue {
    let spelled = match &column.ty {
        ColumnType::Integer { .. } => integer(&text),
        ColumnType::Decimal { scale, .. } => numbers::decimal(&truth(&text), *scale as usize),
        ColumnType::Float { precision: Some(FloatPrecision { decimals, .. }), .. }
        | ColumnType::Double { precision: Some(FloatPrecision { decimals, .. }), .. } => {
            numbers::decimal(&truth(&text), *decimals as usize)
        }
        ColumnType::Float { .. } => numbers::float(&truth(&text)),
        ColumnType::Double { .. } => numbers::double(&truth(&text)),
        ColumnType::Bit { .. } => numbers::bits(&text),
        ColumnType::Date => date(&text),
        ColumnType::Time { fsp } => time(&text, *fsp, server),
        ColumnType::Datetime { fsp } | ColumnType::Timestamp { fsp } => {
            datetime(&text, *fsp, server)
        }
        ColumnType::Year if text == "0" => Some("0000".to_owned()),
        ColumnType::Year => temporal::four_digits(&text).map(|year| format!("{year:04}")),
        // In this character set the member is compared byte by byte, so it is kept as it is.
        ColumnType::Enum { members } | ColumnType::Set { members }
            if column.charset.as_deref() == Some("binary") && members.contains(&text) =>
        {
            None
        }
        ColumnType::Enum { members } => member(&text, members),
        ColumnType::Set { members } => set(&text, members),
        ColumnType::Char { .. } => Some(text.trim_end_matches(' ').to_owned()),
        ColumnType::Uuid => Some(text.to_ascii_lowercase()),
        ColumnType::Binary { .. } | ColumnType::Varbinary { .. } | ColumnType::Vector { .. } => {
            return of_bytes(text.into_bytes(), column, server);
        }
        ColumnType::Text { .. }
        | ColumnType::Blob { .. }
        | ColumnType::Json
        | ColumnType::Geometry { .. }
            if !server.can(Capability::LiteralTextDefaults) =>
        {
            return DefaultValue::Expression(expression::string(&text));
        }
        _ => None,
    };
    DefaultValue::Literal(spelled.unwrap_or(text))
}

fn integer(text: &str) -> Option<String> {
    match numbers::of_hex(text) {
        Some(number) => Some(number.to_string()),
        None => numbers::decimal(&truth(text), 0),
    }
}

/// As a number, `true` is 1 and `false` is 0.
fn truth(text: &str) -> String {
    match text.to_ascii_lowercase().as_str() {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        _ => text.to_owned(),
    }
}

fn date(text: &str) -> Option<String> {
    match text {
        "0" => Some("0000-00-00".to_owned()),
        _ => {
            let day = text.split([' ', 'T']).next().unwrap_or(text);
            temporal::date(day)
        }
    }
}

/// If there are more fractional digits than the type has, MariaDB cuts them and MySQL rounds.
fn datetime(text: &str, fsp: u32, server: Server) -> Option<String> {
    let text = if text == "0" { "0000-00-00" } else { text };
    match server.vendor {
        Vendor::MariaDb => temporal::datetime(&cut(text, fsp), fsp),
        Vendor::MySql => {
            let in_utc = temporal::in_utc(text);
            let text = in_utc.as_deref().unwrap_or(text);
            temporal::datetime(text, fsp).or_else(|| temporal::rounded_datetime(text, fsp))
        }
    }
}

fn time(text: &str, fsp: u32, server: Server) -> Option<String> {
    match server.vendor {
        Vendor::MariaDb => temporal::time(&cut(text, fsp), fsp),
        Vendor::MySql => temporal::time(text, fsp).or_else(|| temporal::rounded_time(text, fsp)),
    }
}

fn cut(text: &str, fsp: u32) -> String {
    match text.split_once('.') {
        Some((whole, fraction)) if whole.contains(':') => {
            let fraction: String = fraction.chars().take(fsp as usize).collect();
            format!("{whole}.{fraction}")
        }
        _ => text.to_owned(),
    }
}

/// The member as the type spells it. It is found by its name, otherwise by its number.
fn member(text: &str, members: &[String]) -> Option<String> {
    let trimmed = text.trim_end_matches(' ');
    let exact = members.iter().find(|member| *member == trimmed);
    let named = exact
        .or_else(|| members.iter().find(|member| member.to_lowercase() == trimmed.to_lowercase()));
    let numbered = || members.get(trimmed.parse::<usize>().ok()?.checked_sub(1)?);
    named.or_else(numbered).cloned()
}

/// The members in the type's order. They are found by their names, otherwise by the bits of a
/// number.
fn set(text: &str, members: &[String]) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let mut wanted = vec![false; members.len()];
    for part in text.split(',') {
        let part = part.trim_end_matches(' ');
        let place = members
            .iter()
            .position(|member| member == part)
            .or_else(|| members.iter().position(|one| one.to_lowercase() == part.to_lowercase()));
        match (place, text.parse::<u64>()) {
            (Some(place), _) => wanted[place] = true,
            (None, Ok(bits)) => {
                for (place, wanted) in wanted.iter_mut().enumerate().take(64) {
                    *wanted = bits >> place & 1 == 1;
                }
            }
            (None, Err(_)) => return None,
        }
    }
    let chosen = members.iter().zip(&wanted).filter(|(_, wanted)| **wanted);
    Some(chosen.map(|(member, _)| member.as_str()).collect::<Vec<_>>().join(","))
}

/// If the type holds bytes, the default stays bytes. For other types they become a number or a
/// text.
fn of_bytes(mut bytes: Vec<u8>, column: &Column, server: Server) -> DefaultValue {
    match &column.ty {
        ColumnType::Varbinary { .. } | ColumnType::Vector { .. } => DefaultValue::Bytes(bytes),
        ColumnType::Binary { .. } => {
            // The server pads the value with zero bytes to its length.
            bytes.truncate(bytes.len() - bytes.iter().rev().take_while(|byte| **byte == 0).count());
            DefaultValue::Bytes(bytes)
        }
        ColumnType::Bit { .. } => match numbers::of_bytes(&bytes) {
            Some(number) => DefaultValue::Literal(format!("{number:b}")),
            None => DefaultValue::Bytes(bytes),
        },
        ColumnType::Integer { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Float { .. }
        | ColumnType::Double { .. } => match numbers::of_bytes(&bytes) {
            Some(number) => literal(number.to_string(), column, server),
            None => DefaultValue::Bytes(bytes),
        },
        _ => match text(&bytes, column.charset.as_deref()) {
            Some(text) => literal(text, column, server),
            None => DefaultValue::Bytes(bytes),
        },
    }
}

/// The text that the bytes encode in a character set. If the first character has too few bytes,
/// zero bytes are added before it.
fn text(bytes: &[u8], charset: Option<&str>) -> Option<String> {
    let width = match charset {
        Some("ucs2" | "utf16") => 2,
        Some("utf32") => 4,
        _ => return String::from_utf8(bytes.to_vec()).ok(),
    };
    let mut padded = vec![0; (width - bytes.len() % width) % width];
    padded.extend_from_slice(bytes);
    if width == 2 {
        let units: Vec<u16> =
            padded.chunks_exact(2).map(|it| u16::from(it[0]) << 8 | u16::from(it[1])).collect();
        return String::from_utf16(&units).ok();
    }
    let code = |it: &[u8]| it.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
    padded.chunks_exact(4).map(|it| char::from_u32(code(it))).collect()
}
