//! What only SHOW CREATE TABLE shows, for the few tables that may have it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::answers::{AT_ONCE, Answers};
use super::error::LiveError;
use super::fetch::Dictionary;
use super::introspect::shown_default;
use super::quirks::{has_own_options, is_current_timestamp, may_be_period, names_unreported};
use super::rows::{ColumnRow, RowFields};
use crate::model::{Schema, Table};
use crate::server::{Server, Vendor};
use crate::syntax::parse_create_table;
use crate::syntax::quote_identifier;

/// The tables whose `information_schema` rows are incomplete:
///
/// - MySQL: the parser of a FULLTEXT index;
/// - both: the default of a binary column (MySQL drops trailing zero bytes, MariaDB 10 shows `?`
///   for what is not UTF-8), and on MySQL one with a 4-byte character, which is shown as `?`;
/// - MySQL: the default of a TIMESTAMP, shown in the time zone of the session that made it;
/// - MariaDB: a CHECK that may be a PERIOD, or that has the old name of its column;
/// - MariaDB: the system-time columns of a versioned table, and the options of a VECTOR index;
/// - both: the tables of engines that have more options than the views show, as MERGE has UNION and
///   MariaDB's MyISAM the block sizes of indexes;
/// - both: the partitions (`information_schema` doesn't show ALGORITHM of KEY and DEFAULT of LIST).
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
    let of_engines = dictionary
        .tables
        .iter()
        .filter(|row| row.engine.as_deref().is_some_and(|engine| has_own_options(engine, vendor)))
        .map(|row| &row.name);
    let of_versions =
        dictionary.tables.iter().filter(|row| row.kind == "SYSTEM VERSIONED").map(|row| &row.name);
    let tables = all(dictionary);
    of_columns
        .chain(of_indexes)
        .chain(of_checks)
        .chain(&dictionary.partitions)
        .chain(of_versions)
        .chain(of_engines)
        .filter(|table| tables.contains(*table))
        .cloned()
        .collect()
}

/// The tables for which the other schema has something that `information_schema` doesn't show,
/// under their present or former name. A table whose name differs only in case is included too,
/// which does no harm.
pub(super) fn needed_for_comparison(dictionary: &Dictionary, other: &Schema) -> BTreeSet<String> {
    let names: HashSet<String> = other
        .tables
        .values()
        .filter(|table| names_unreported(table))
        .flat_map(|table| [Some(&table.name), table.renamed_from.as_ref()])
        .flatten()
        .map(|name| name.to_lowercase())
        .collect();
    if names.is_empty() {
        return BTreeSet::new();
    }
    all(dictionary).into_iter().filter(|name| names.contains(&name.to_lowercase())).collect()
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

/// Bytes that are not UTF-8 pass through the parser as characters that no text has: U+10FE00 +
/// byte.
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

/// Turns a text that [`carry`] made back into its bytes.
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

/// The table that SHOW CREATE TABLE shows, by name, or why that can't be read.
pub(super) type ShownTables = HashMap<String, Result<Table, String>>;

/// The text of SHOW CREATE TABLE for one table.
#[derive(Debug, Clone)]
pub struct ShownStatement {
    /// Bytes that are not UTF-8 are in it as [`carry`] writes them.
    carried: String,
}

/// SHOW CREATE TABLE of every table that was asked about, by name.
pub type ShownStatements = BTreeMap<String, ShownStatement>;

impl ShownStatement {
    /// From a text that is all UTF-8.
    pub fn new(text: String) -> Self {
        ShownStatement { carried: text }
    }

    /// The text for display: bytes that are not UTF-8 are `\u{fffd}`, and the connection of a
    /// FEDERATED table is left out because it may hold a password.
    pub fn text(&self) -> String {
        without_connection(String::from_utf8_lossy(&uncarry(self.carried.as_bytes())).into_owned())
    }

    /// Replaces the first occurrence of each text by the other.
    pub(super) fn spell(&mut self, words: &[(String, String)]) {
        for (shown, spelled) in words {
            self.carried = self.carried.replacen(shown, spelled, 1);
        }
    }

    /// Replaces a text by another in the line that begins with `beginning`.
    pub(super) fn spell_in_line(&mut self, beginning: &str, shown: &str, spelled: &str) {
        let Some(start) = self.carried.find(beginning).map(|at| at + beginning.len()) else {
            return;
        };
        let end = self.carried[start..].find('\n').map_or(self.carried.len(), |at| start + at);
        let line = self.carried[start..end].replacen(shown, spelled, 1);
        self.carried.replace_range(start..end, &line);
    }

    /// The table that it makes, or why it can't be read.
    pub fn table(&self, server: &Server) -> Result<Table, String> {
        parse_statement(&self.carried, server)
    }
}

/// Removes the value of the table option CONNECTION. The options are in the last line that begins
/// with a parenthesis; partitions may follow.
fn without_connection(mut text: String) -> String {
    const OPTION: &str = " CONNECTION='";
    let options = text.rfind("\n)").unwrap_or_default();
    let Some(start) = text[options..].find(OPTION) else { return text };
    let value = options + start + OPTION.len();
    let mut end = value;
    let mut rest = text[value..].chars();
    while let Some(c) = rest.next() {
        end += c.len_utf8();
        let skipped = match c {
            '\\' => rest.next(),
            '\'' if rest.as_str().starts_with('\'') => rest.next(),
            '\'' => break,
            _ => None,
        };
        end += skipped.map_or(0, char::len_utf8);
    }
    text.replace_range(value..end, "…'");
    text
}

/// Parses a CREATE TABLE as a server shows it.
pub fn parse_statement(text: &str, server: &Server) -> Result<Table, String> {
    let mut table = parse_create_table(text, server).map_err(|error| error.message)?;
    for column in &mut table.columns {
        if let Some(default) = &column.default {
            column.default = Some(shown_default(default, column));
        }
    }
    Ok(table)
}

/// Why the server doesn't show a table's statement, by the table's name.
pub(super) type UnshownTables = HashMap<String, String>;

/// Asks about the tables, many at once. A table that the server can't show, such as a MERGE table
/// that lacks one of its tables, gets the reason instead.
pub(super) fn statements(
    answers: &mut impl Answers,
    tables: &BTreeSet<String>,
) -> Result<(ShownStatements, UnshownTables), LiveError> {
    let names: Vec<&String> = tables.iter().collect();
    let (mut shown, mut unshown) = (ShownStatements::new(), UnshownTables::new());
    for names in names.chunks(AT_ONCE) {
        let statements: Vec<String> = names.iter().map(|name| statement(name)).collect();
        match answers.one_row_each(&statements, shown_statement) {
            Ok(texts) => shown.extend(names.iter().map(|name| (*name).clone()).zip(texts)),
            Err(error) if says_why(&error).is_none() => return Err(error),
            Err(_) => {
                for (name, statement) in names.iter().zip(&statements) {
                    match answers.one_row_each(std::slice::from_ref(statement), shown_statement) {
                        Ok(texts) => {
                            shown.extend(texts.into_iter().map(|it| ((*name).clone(), it)))
                        }
                        Err(error) => {
                            let reason = says_why(&error).ok_or(error)?;
                            unshown.insert((*name).clone(), reason);
                        }
                    }
                }
            }
        }
    }
    Ok((shown, unshown))
}

fn shown_statement(mut row: RowFields) -> ShownStatement {
    row.text();
    ShownStatement::new(carry(&row.bytes().unwrap_or_default()))
}

/// Why a table can't be shown, if the cause is the table itself. `None` if it is gone
/// (ER_NO_SUCH_TABLE) or locked (ER_LOCK_WAIT_TIMEOUT).
fn says_why(error: &LiveError) -> Option<String> {
    match error {
        LiveError::Server { code, message, .. } if !matches!(code, 1146 | 1205) => {
            Some(format!("the server can't show it: {message} (error {code})"))
        }
        _ => None,
    }
}

/// Parses the statements.
pub(super) fn read(
    statements: &ShownStatements,
    unshown: UnshownTables,
    server: &Server,
) -> ShownTables {
    let read = |it: &ShownStatement| {
        parse_create_table(&it.carried, server)
            .map_err(|error| format!("its SHOW CREATE TABLE can't be read: {}", error.message))
    };
    let shown = statements.iter().map(|(name, statement)| (name.clone(), read(statement)));
    shown.chain(unshown.into_iter().map(|(name, reason)| (name, Err(reason)))).collect()
}

/// SHOW CREATE TABLE for one table.
pub(super) fn statement(table: &str) -> String {
    format!("SHOW CREATE TABLE {}", quote_identifier(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_survive() {
        let bytes = b"DEFAULT '\xff\x00\xc3\xa9\xc3'";
        let text = carry(bytes);
        assert!(text.contains('é'));
        assert_eq!(uncarry(text.as_bytes()), bytes);
        assert_eq!(uncarry(b"plain"), b"plain");
        assert_eq!(uncarry(b"\xff"), b"\xff");
    }

    #[test]
    fn the_connection_of_a_table_is_not_shown() {
        let shown =
            |options: &str| ShownStatement::new(format!("CREATE TABLE `t` (\n){options}")).text();
        assert_eq!(
            shown(" CONNECTION='mysql://u:it\\'s ''it''@h' COMMENT='c'"),
            "CREATE TABLE `t` (\n) CONNECTION='…' COMMENT='c'"
        );
        assert_eq!(shown(" CONNECTION='broken"), "CREATE TABLE `t` (\n) CONNECTION='…'");
        assert_eq!(shown(" COMMENT='c'"), "CREATE TABLE `t` (\n) COMMENT='c'");
    }
}
