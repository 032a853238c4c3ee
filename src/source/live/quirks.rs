//! Where `information_schema` shows something other than what is there.
//!
//! Everything here was found by trial on MySQL 9.7, MariaDB 10.11 and MariaDB 11.8; the tests have
//! what those servers answer.

mod shown;
mod unreported;
mod view;

use std::collections::BTreeMap;

use crate::model::{
    ColumnType, ColumnVersioning, DefaultValue, Expression, GeneratedStorage, ObjectKind,
};
use crate::server::{Capability, Server, Vendor};
use crate::syntax::has_words;
use crate::syntax::parse_expression;
use crate::syntax::quote_string;

pub use shown::as_shown;
pub(super) use shown::bare_backticks;
pub(super) use unreported::{
    add_unreported, has_own_options, has_unreported, is_cut, names_unreported,
};
pub(super) use view::leave_out_database;

/// The right, as written in GRANT, that shows the definition of an object of a kind (MySQL 8.4
/// Reference Manual, 28.3.30 "The INFORMATION_SCHEMA ROUTINES Table"; MariaDB Knowledge Base, "SHOW
/// CREATE PROCEDURE"). For routines it is one that allows no changes.
pub(super) fn right_to_see(kind: ObjectKind, server: &Server) -> &'static str {
    match kind {
        ObjectKind::View => "SHOW VIEW",
        ObjectKind::Trigger => "TRIGGER",
        ObjectKind::Event => "EVENT",
        ObjectKind::Sequence => "SELECT",
        _ if server.can(Capability::ShowRoutine) => "SHOW_ROUTINE",
        _ if server.can(Capability::ShowCreateRoutine) => "SHOW CREATE ROUTINE",
        _ if server.vendor == Vendor::MariaDb => "SELECT ON mysql.proc",
        _ => "SELECT ON *.*",
    }
}

/// How often the names of tables have to be listed until all have been seen. MariaDB lists files,
/// and a table that ALTER replaces has none for a moment.
pub(super) fn listings(vendor: Vendor) -> usize {
    match vendor {
        Vendor::MySql => 1,
        Vendor::MariaDb => 4,
    }
}

/// What `COLUMNS.EXTRA` says. MySQL separates by spaces, MariaDB by comma and space.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnExtra {
    pub(super) auto_increment: bool,
    pub(super) on_update_now: bool,
    pub(super) invisible: bool,
    pub(super) generated: Option<GeneratedStorage>,
    /// MySQL: the default is an expression, not a literal.
    pub(super) default_is_expression: bool,
    /// MariaDB: `WITHOUT SYSTEM VERSIONING`
    pub(super) without_versioning: bool,
    /// MySQL: `NOT SECONDARY`
    pub(super) not_secondary: bool,
}

impl ColumnExtra {
    pub(super) fn parse(text: &str) -> Self {
        let mut extra = ColumnExtra::default();
        let text = text.to_ascii_lowercase();
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            match word {
                "auto_increment" => extra.auto_increment = true,
                "invisible" => extra.invisible = true,
                "virtual" => extra.generated = Some(GeneratedStorage::Virtual),
                "stored" | "persistent" => extra.generated = Some(GeneratedStorage::Stored),
                "default_generated" => extra.default_is_expression = true,
                // `on update CURRENT_TIMESTAMP(3)`: no other function is possible.
                "on" => extra.on_update_now = true,
                "not" => extra.not_secondary = true,
                "without" => extra.without_versioning = true,
                _ => {}
            }
        }
        extra
    }
}

/// Whether `information_schema` may show a body other than it is. A character of 4 bytes becomes
/// `?`, and a string is shown by its value: `_latin1'a'` becomes `'a'` and `'a\\'` becomes `'a\'`.
/// On MySQL also `'it''s'` becomes `'it's'`, and the quoting of a name with a backtick changes.
pub(super) fn may_be_reported_wrong(body: &str, vendor: Vendor) -> bool {
    let has_names = vendor == Vendor::MySql && body.contains('`');
    has_names || body.contains(['?', '\'', '"', '\\'])
}

/// Decodes an expression of MySQL's dictionary, which escapes quotes and backslashes once more than
/// SHOW CREATE TABLE does and encodes UTF-8 twice: `'é'` arrives as `_utf8mb4\'Ã©\'`.
pub(super) fn decode_expression(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        unescaped.push(match c {
            // In a name; in a string it has a backslash of its own before it.
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or(c),
            },
            _ => c,
        });
    }
    let bytes: Option<Vec<u8>> = unescaped.chars().map(|c| u8::try_from(c).ok()).collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(decoded)) => decoded,
        // It was not encoded twice.
        _ => unescaped,
    }
}

/// An expression as the server spells it: MySQL's is decoded and loses its outer parentheses.
pub(super) fn expression(text: &str, vendor: Vendor) -> Expression {
    let decoded = match vendor {
        Vendor::MySql => decode_expression(text),
        Vendor::MariaDb => text.to_owned(),
    };
    parse_expression(&decoded).unwrap_or_else(|_| Expression::new(decoded))
}

/// The DEFAULT of a column that is not generated. `None` if there is none, or if it is NULL.
pub(super) fn default(
    text: Option<&str>,
    ty: &ColumnType,
    extra: &ColumnExtra,
    vendor: Vendor,
) -> Option<DefaultValue> {
    let text = text?;
    match vendor {
        Vendor::MySql => Some(default_of_mysql(text, ty, extra)),
        Vendor::MariaDb => default_of_mariadb(text, ty),
    }
}

/// MySQL shows a literal's value without quotes, and marks expressions in EXTRA. Before 8.0.13 it
/// didn't mark CURRENT_TIMESTAMP either, the only expression there was (MySQL 8.0 28.3.8, release
/// notes of 8.0.13).
fn default_of_mysql(text: &str, ty: &ColumnType, extra: &ColumnExtra) -> DefaultValue {
    if is_point_in_time(ty) && is_current_timestamp(text) {
        return DefaultValue::CurrentTimestamp;
    }
    if extra.default_is_expression {
        return DefaultValue::Expression(expression(text, Vendor::MySql));
    }
    literal(text.to_owned(), ty)
}

/// MariaDB shows the SQL.
fn default_of_mariadb(text: &str, ty: &ColumnType) -> Option<DefaultValue> {
    if text.eq_ignore_ascii_case("NULL") {
        return None;
    }
    if is_point_in_time(ty) && is_now(text) {
        return Some(DefaultValue::CurrentTimestamp);
    }
    if let Some(value) = unquote(without_introducer(text)) {
        return Some(literal(value, ty));
    }
    if is_prefixed_literal(text) || is_number(text) {
        return Some(literal(text.to_owned(), ty));
    }
    Some(DefaultValue::Expression(expression(text, Vendor::MariaDb)))
}

/// Decodes the default of an ENUM or SET in the character set `binary`, which most versions show as
/// bytes.
pub(super) fn member_in_bytes(default: DefaultValue) -> DefaultValue {
    match default {
        DefaultValue::Literal(text) => {
            let bytes = hexadecimal(&text).and_then(|bytes| String::from_utf8(bytes).ok());
            DefaultValue::Literal(bytes.unwrap_or(text))
        }
        other => other,
    }
}

/// A literal's value, as the kind of value that the column's type takes.
fn literal(text: String, ty: &ColumnType) -> DefaultValue {
    match ty {
        ColumnType::Bit { .. } => {
            let digits = text.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\''));
            DefaultValue::Literal(digits.map_or(text.clone(), str::to_owned))
        }
        ColumnType::Binary { .. } | ColumnType::Varbinary { .. } | ColumnType::Vector { .. } => {
            DefaultValue::Bytes(hexadecimal(&text).unwrap_or_else(|| text.into_bytes()))
        }
        _ => DefaultValue::Literal(text),
    }
}

/// `CURRENT_TIMESTAMP(3)`, as MySQL writes it. No literal begins like this.
pub(super) fn is_current_timestamp(text: &str) -> bool {
    text.split_once('(').map_or(text, |(name, _)| name) == "CURRENT_TIMESTAMP"
}

fn is_point_in_time(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Datetime { .. } | ColumnType::Timestamp { .. })
}

/// Whether the text is CURRENT_TIMESTAMP or one of its synonyms, which MariaDB shows as written.
/// The digits are the column's own.
fn is_now(text: &str) -> bool {
    let (name, digits) = text.split_once('(').unwrap_or((text, ")"));
    let known = ["current_timestamp", "localtimestamp", "localtime", "now"];
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
        && digits.strip_suffix(')').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

/// `b'101'`, `x'ff00'`
fn is_prefixed_literal(text: &str) -> bool {
    let digits = text.strip_prefix("b'").or_else(|| text.strip_prefix("x'"));
    digits
        .and_then(|rest| rest.strip_suffix('\''))
        .is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && text.parse::<f64>().is_ok()
}

/// `0xFF00` and `x'ff00'` as bytes.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let quoted = |text: &str| Some(text.strip_prefix("x'")?.strip_suffix('\'')?.to_owned());
    let digits = text.strip_prefix("0x").map(str::to_owned).or_else(|| quoted(text))?;
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// `_utf8mb4'x'` without its introducer. The value is in the column's own character set.
fn without_introducer(text: &str) -> &str {
    let quote = text.find('\'').unwrap_or_default();
    let (charset, rest) = text.split_at(quote);
    let is_introducer = charset
        .strip_prefix('_')
        .is_some_and(|name| name != "binary" && name.chars().all(|c| c.is_ascii_alphanumeric()));
    if is_introducer { rest } else { text }
}

/// The value, if the whole text is one string literal.
fn unquote(text: &str) -> Option<String> {
    let inside = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut value = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' if chars.next() != Some('\'') => return None,
            '\\' => match chars.next()? {
                '0' => value.push('\0'),
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                'Z' => value.push('\x1a'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    Some(value)
}

/// A COLUMN_TYPE without the comment that MariaDB appends for a compressed column (`blob /*M!100301
/// COMPRESSED*/`), and whether it had one.
pub(super) fn column_type(text: &str) -> (&str, bool) {
    text.split_once(" /*M!").map_or((text, false), |(ty, _)| (ty, true))
}

/// What GENERATION_EXPRESSION says of a system-time column.
pub(super) fn system_time(generation: &str) -> Option<ColumnVersioning> {
    match generation {
        "ROW START" => Some(ColumnVersioning::RowStart),
        "ROW END" => Some(ColumnVersioning::RowEnd),
        _ => None,
    }
}

/// The options in `TABLES.CREATE_OPTIONS`, by name in upper case, each value as it may be written
/// in SQL: `row_format=DYNAMIC COMPRESSION="zlib"`, `` `page_compressed`='1' ``.
pub(super) fn create_options(text: &str) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = option_name(rest);
        let Some(after) = after.strip_prefix('=') else {
            // Partitions are read elsewhere, so the word `partitioned` is skipped.
            rest = after.trim_start();
            continue;
        };
        let (value, after) = option_value(after, name.starts_with('`'));
        options.insert(name.trim_matches('`').to_ascii_uppercase(), value);
        rest = after.trim_start();
    }
    options
}

/// A name ends before the next `=`. It may have a space in it (`DATA DIRECTORY='/data/'`).
fn option_name(text: &str) -> (&str, &str) {
    if text.starts_with('`')
        && let Some(end) = text[1..].find('`')
    {
        return text.split_at(end + 2);
    }
    let end = ["DATA DIRECTORY", "INDEX DIRECTORY"]
        .iter()
        .find(|name| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
        .map_or_else(|| text.find([' ', '=']).unwrap_or(text.len()), |name| name.len());
    text.split_at(end)
}

/// A bare word, or the text between quotes; `of_engine` gives a quoted word without its quotes,
/// because an engine's own option needs none.
fn option_value(text: &str, of_engine: bool) -> (String, &str) {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
        let (value, rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
        return (value.to_owned(), rest);
    };
    let inside = &text[1..];
    let mut end = None;
    let mut bytes = inside.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            byte if char::from(byte) == quote => {
                if bytes.peek().map(|(_, next)| *next) == Some(byte) {
                    bytes.next();
                } else {
                    end = Some(at);
                    break;
                }
            }
            _ => {}
        }
    }
    let end = end.unwrap_or(inside.len());
    let (value, rest) = (&inside[..end], inside.get(end + 1..).unwrap_or_default());
    let value = unquote(&format!("'{value}'")).unwrap_or_else(|| value.to_owned());
    if of_engine && !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric()) {
        return (value, rest);
    }
    (quote_string(&value), rest)
}

/// Whether a MariaDB CHECK may be the one that the server makes for `PERIOD FOR`, because the
/// dictionary doesn't distinguish them: `` `from` < `until` ``.
pub(super) fn may_be_period(clause: &str) -> bool {
    clause.split_once(" < ").is_some_and(|(from, until)| {
        [from, until].iter().all(|name| {
            name.len() > 2
                && name.starts_with('`')
                && name.ends_with('`')
                && !name[1..name.len() - 1].replace("``", "").contains('`')
        })
    })
}

#[cfg(test)]
mod tests;

/// Whether a function is an aggregate function, judged by its body because `information_schema`
/// doesn't say: MariaDB requires FETCH GROUP NEXT ROW in those and refuses it in all others
/// ("Stored Aggregate Functions").
pub(super) fn is_aggregate(body: &str) -> bool {
    has_words(body, &["FETCH", "GROUP", "NEXT", "ROW"])
}
