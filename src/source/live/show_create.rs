//! What only SHOW CREATE TABLE tells, for the few tables that may have it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::answers::{AT_ONCE, Answers};
use super::error::LiveError;
use super::fetch::Dictionary;
use super::introspect::shown_default;
use super::quirks::{is_current_timestamp, may_be_period};
use super::rows::ColumnRow;
use crate::ddl::quote_identifier;
use crate::model::Table;
use crate::server::{Server, Vendor};
use crate::sql::parse_create_table;

/// The tables whose `information_schema` rows leave something open:
///
/// - MySQL: the parser of a FULLTEXT index;
/// - both: the default of a binary column (MySQL drops trailing zero bytes, MariaDB 10 shows `?`
///   for what is not UTF-8), and on MySQL one with a 4-byte character, which is shown as `?`;
/// - MySQL: the default of a TIMESTAMP, shown in the time zone of the session that made it;
/// - MariaDB: a CHECK that may be a PERIOD, or that bears the old name of its column;
/// - MariaDB: the columns of a versioned table that hold when a row was true, and the options of
///   a VECTOR index;
/// - what the model does not hold and a message shall name: partitions.
pub(super) fn needed(dictionary: &Dictionary, vendor: Vendor) -> BTreeSet<String> {
    let of_columns =
        dictionary.columns.iter().filter(|row| is_open(row, vendor)).map(|row| &row.table);
    let of_indexes = dictionary
        .indexes
        .iter()
        .filter(|row| match row.algorithm.as_str() {
            "FULLTEXT" => vendor == Vendor::MySql,
            "VECTOR" => true,
            _ => false,
        })
        .map(|row| &row.table);
    let of_checks = dictionary
        .checks
        .iter()
        .filter(|row| {
            vendor == Vendor::MariaDb && (may_be_period(&row.clause) || row.may_be_stale())
        })
        .map(|row| &row.table);
    let of_versions =
        dictionary.tables.iter().filter(|row| row.kind == "SYSTEM VERSIONED").map(|row| &row.name);
    let tables = all(dictionary);
    of_columns
        .chain(of_indexes)
        .chain(of_checks)
        .chain(&dictionary.partitions)
        .chain(of_versions)
        .filter(|table| tables.contains(*table))
        .cloned()
        .collect()
}

/// Every table.
pub(super) fn all(dictionary: &Dictionary) -> BTreeSet<String> {
    dictionary.tables.iter().filter(|row| row.is_table()).map(|row| row.name.clone()).collect()
}

fn is_open(row: &ColumnRow, vendor: Vendor) -> bool {
    let Some(default) = row.default.as_deref() else { return false };
    let is_binary = row.ty.starts_with("binary") || row.ty.starts_with("varbinary");
    match vendor {
        _ if row.extra.contains("DEFAULT_GENERATED") => false,
        Vendor::MySql => {
            is_binary
                || default.contains('?')
                || (row.ty.starts_with("timestamp")
                    && !default.starts_with("0000-00-00")
                    && !is_current_timestamp(default))
        }
        Vendor::MariaDb => {
            is_binary && default.starts_with('\'') && !default.is_ascii()
                || is_binary && default.contains('?')
        }
    }
}

/// Bytes that are not UTF-8 are carried through the parser as characters that no text has:
/// U+10FE00 + byte.
const CARRIER: u32 = 0x0010_FE00;

fn carry(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(
            chunk.invalid().iter().filter_map(|byte| char::from_u32(CARRIER + u32::from(*byte))),
        );
    }
    text
}

/// The bytes again, out of those of a text that [`carry`] made.
pub(super) fn uncarry(bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    let mut raw = Vec::with_capacity(bytes.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(CARRIER).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => raw.push(byte),
            None => raw.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    raw
}

/// What SHOW CREATE TABLE says of each of the tables, or why that can't be read.
pub(super) type Shown = HashMap<String, Result<Table, String>>;

/// What SHOW CREATE TABLE says of a table.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The text; bytes that are none are shown as `\u{fffd}`.
    pub text: String,
    /// The table that it makes, or why it can't be read.
    pub table: Result<Table, String>,
}

impl Statement {
    fn new(carried: &str, server: &Server) -> Self {
        let text = String::from_utf8_lossy(&uncarry(carried.as_bytes())).into_owned();
        Statement { text, table: parse_statement(carried, server) }
    }
}

/// Reads the text of a CREATE TABLE as a server shows it.
pub fn parse_statement(text: &str, server: &Server) -> Result<Table, String> {
    let mut table = parse_create_table(text, server).map_err(|error| error.message)?;
    for column in &mut table.columns {
        if let Some(default) = &column.default {
            column.default = Some(shown_default(default, column));
        }
    }
    Ok(table)
}

/// SHOW CREATE TABLE of each of the tables, read.
pub(super) fn statements(
    answers: &mut impl Answers,
    server: &Server,
    tables: &BTreeSet<String>,
) -> Result<BTreeMap<String, Statement>, LiveError> {
    let texts = texts(answers, tables)?;
    Ok(texts.into_iter().map(|(name, text)| (name, Statement::new(&text, server))).collect())
}

/// Asks about the tables.
pub(super) fn read(
    answers: &mut impl Answers,
    server: &Server,
    tables: &BTreeSet<String>,
) -> Result<Shown, LiveError> {
    let texts = texts(answers, tables)?;
    let read = |text: &str| parse_create_table(text, server).map_err(|error| error.message);
    Ok(texts.into_iter().map(|(name, text)| (name, read(&text))).collect())
}

/// The texts, many tables at once, each with bytes that are no text carried.
fn texts(
    answers: &mut impl Answers,
    tables: &BTreeSet<String>,
) -> Result<Vec<(String, String)>, LiveError> {
    let names: Vec<&String> = tables.iter().collect();
    let mut shown = Vec::with_capacity(names.len());
    for names in names.chunks(AT_ONCE) {
        let statements: Vec<String> = names.iter().map(|name| statement(name)).collect();
        let texts = answers.one_row_each(&statements, |mut row| {
            row.text();
            carry(&row.bytes().unwrap_or_default())
        });
        shown.extend(names.iter().map(|name| (*name).clone()).zip(texts?));
    }
    Ok(shown)
}

/// SHOW CREATE TABLE for one table.
pub(super) fn statement(table: &str) -> String {
    format!("SHOW CREATE TABLE {}", quote_identifier(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_survive() {
        let bytes = b"DEFAULT '\xff\x00\xc3\xa9\xc3'";
        let text = carry(bytes);
        assert!(text.contains('é'));
        assert_eq!(uncarry(text.as_bytes()), bytes);
        assert_eq!(uncarry(b"plain"), b"plain");
        assert_eq!(uncarry(b"\xff"), b"\xff");
    }
}
