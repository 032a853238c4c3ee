//! Reads and writes the tables of the history.
//!
//! They are written on the connection that runs the statements, in whatever session the migration's
//! file has set up. So every text is written as hexadecimal digits, which no `sql_mode` changes.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::history::{
    Direction, History, HistoryEntry, HistoryKind, HistoryState, StatementRow, StatementState,
};
use super::identity::ServerIdentity;
use super::names::{HistoryTables, MIGRATION_COLUMNS, STATEMENT_COLUMNS};
use crate::source::live::{RunError, TextRow, Worker};
use crate::syntax::quote_identifier;

/// ER_NO_SUCH_TABLE
const NO_SUCH_TABLE: u16 = 1146;

/// What the database records; `None` if it has no history. Two queries.
///
/// # Errors
///
/// If the server refuses, or the connection is lost.
pub fn read_history(
    worker: &mut Worker,
    tables: &HistoryTables,
) -> Result<Option<History>, RunError> {
    let migrations = quote_identifier(&tables.migrations);
    let sql = format!("SELECT {} FROM {migrations} ORDER BY sequence", columns(&MIGRATION_COLUMNS));
    let entries = match worker.rows(&sql) {
        Err(error) if error.code() == Some(NO_SUCH_TABLE) => return Ok(None),
        rows => rows?.into_iter().filter_map(entry).collect(),
    };
    let looked_at = format!(
        "version NOT IN (SELECT version FROM {migrations} WHERE state NOT IN ('applying', 'undoing'))"
    );
    let rows = match read_rows(worker, tables, &looked_at) {
        Err(error) if error.code() == Some(NO_SUCH_TABLE) => Vec::new(),
        rows => rows?,
    };
    let entries: Vec<HistoryEntry> = entries;
    let versions: HashSet<&str> = entries.iter().map(|entry| entry.version.as_str()).collect();
    let (open, refused) = rows.into_iter().partition(|row| versions.contains(row.version.as_str()));
    Ok(Some(History { entries, open, refused }))
}

/// All statements that the history has, in the order of their migrations.
///
/// # Errors
///
/// If the server refuses, or the connection is lost.
pub fn read_statements(
    worker: &mut Worker,
    tables: &HistoryTables,
) -> Result<Vec<StatementRow>, RunError> {
    read_rows(worker, tables, "TRUE")
}

fn read_rows(
    worker: &mut Worker,
    tables: &HistoryTables,
    which: &str,
) -> Result<Vec<StatementRow>, RunError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE {which} ORDER BY version, direction DESC, position",
        columns(&STATEMENT_COLUMNS),
        quote_identifier(&tables.statements)
    );
    Ok(worker.rows(&sql)?.into_iter().filter_map(statement).collect())
}

fn columns(names: &[&str]) -> String {
    names.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(", ")
}

fn entry(row: TextRow) -> Option<HistoryEntry> {
    let mut fields = row.into_iter();
    let mut next = || fields.next().flatten();
    Some(HistoryEntry {
        version: next()?,
        sequence: next()?.parse().ok()?,
        kind: HistoryKind::of_word(&next()?)?,
        state: HistoryState::of_word(&next()?)?,
        description: next()?,
        checksum: next()?,
        down_checksum: next(),
        statements: next()?.parse().ok()?,
        started_at: next()?,
        finished_at: next(),
        applied_by: next()?,
        driftline: next()?,
        server: ServerIdentity { id: next()?, version: next()?, host: next()? },
    })
}

fn statement(row: TextRow) -> Option<StatementRow> {
    let mut fields = row.into_iter();
    let mut next = || fields.next().flatten();
    Some(StatementRow {
        version: next()?,
        direction: Direction::of_word(&next()?)?,
        position: next()?.parse().ok()?,
        checksum: next()?,
        kind: next()?,
        state: StatementState::of_word(&next()?)?,
        statement: next()?,
        objects_before: next(),
        server: next()?,
        connection_id: next()?.parse().ok()?,
        started_at: next()?,
        finished_at: next(),
        error_code: next().and_then(|code| code.parse().ok()),
        error: next(),
    })
}

/// A migration that begins, or is noted as carried out.
pub(super) struct NewEntry<'a> {
    pub(super) version: &'a str,
    pub(super) kind: HistoryKind,
    pub(super) state: HistoryState,
    pub(super) description: &'a str,
    pub(super) checksum: &'a str,
    pub(super) down_checksum: Option<&'a str>,
    pub(super) statements: usize,
    pub(super) server: &'a ServerIdentity,
}

/// Notes a migration after all that are there. If it is there already, only its state, its
/// checksums, its number of statements and its server change.
pub(super) fn begin(
    worker: &mut Worker,
    tables: &HistoryTables,
    new: &NewEntry<'_>,
) -> Result<(), RunError> {
    let table = quote_identifier(&tables.migrations);
    let finished = match new.state {
        HistoryState::Applied => "UTC_TIMESTAMP(6)",
        _ => "NULL",
    };
    let ServerIdentity { id, version, host } = new.server;
    let (id, version, host) = (short_text(id), short_text(version), short_text(host));
    worker.run(&format!(
        "INSERT INTO {table} ({}) SELECT {}, COALESCE(MAX(`sequence`), 0) + 1, {}, {}, {}, {}, {}, \
         {}, UTC_TIMESTAMP(6), {finished}, USER(), {}, {id}, {version}, {host} FROM {table} \
         ON DUPLICATE KEY UPDATE `state` = {}, `checksum` = {}, `down_checksum` = {}, \
         `statements` = {}, `finished_at` = {finished}, `server` = {id}, \
         `server_version` = {version}, `server_host` = {host}",
        columns(&MIGRATION_COLUMNS),
        text(new.version),
        text(new.kind.word()),
        text(new.state.word()),
        text(&shortened(new.description, 255)),
        text(new.checksum),
        optional(new.down_checksum),
        new.statements,
        text(env!("CARGO_PKG_VERSION")),
        text(new.state.word()),
        text(new.checksum),
        optional(new.down_checksum),
        new.statements,
    ))
}

/// Sets how far a migration is.
pub(super) fn set_state(
    worker: &mut Worker,
    tables: &HistoryTables,
    version: &str,
    state: HistoryState,
) -> Result<(), RunError> {
    // One whose undoing was refused was finished before that.
    let finished = match state {
        HistoryState::Applied => ", `finished_at` = COALESCE(`finished_at`, UTC_TIMESTAMP(6))",
        _ => "",
    };
    worker.run(&format!(
        "UPDATE {} SET `state` = {}{finished} WHERE `version` = {}",
        quote_identifier(&tables.migrations),
        text(state.word()),
        text(version)
    ))
}

/// Does all of it or nothing.
pub(super) fn in_transaction(
    worker: &mut Worker,
    work: impl FnOnce(&mut Worker) -> Result<(), RunError>,
) -> Result<(), RunError> {
    worker.run("START TRANSACTION")?;
    let outcome = work(worker).and_then(|()| worker.run("COMMIT"));
    if let Err(RunError::Refused { .. }) = &outcome {
        worker.run("ROLLBACK")?;
    }
    outcome
}

/// Takes a migration out of the history of which nothing is in. The record of its statement stays,
/// and says why.
pub(super) fn withdraw(
    worker: &mut Worker,
    tables: &HistoryTables,
    version: &str,
) -> Result<(), RunError> {
    delete(worker, &tables.migrations, version)
}

/// The same, if a person has said of all its statements that they aren't in.
pub(super) fn withdraw_if_nothing_was_sent(
    worker: &mut Worker,
    tables: &HistoryTables,
    version: &str,
) -> Result<(), RunError> {
    let version = text(version);
    worker.run(&format!(
        "DELETE FROM {} WHERE `version` = {version} AND `state` = {} \
         AND NOT EXISTS (SELECT 1 FROM {} WHERE `version` = {version})",
        quote_identifier(&tables.migrations),
        text(HistoryState::Applying.word()),
        quote_identifier(&tables.statements),
    ))
}

/// Removes a migration that is undone from the history, with its statements.
pub(super) fn remove(
    worker: &mut Worker,
    tables: &HistoryTables,
    version: &str,
) -> Result<(), RunError> {
    in_transaction(worker, |worker| {
        delete(worker, &tables.statements, version)?;
        withdraw(worker, tables, version)
    })
}

/// Deletes the rows of a migration from one of the tables.
fn delete(worker: &mut Worker, table: &str, version: &str) -> Result<(), RunError> {
    worker.run(&format!(
        "DELETE FROM {} WHERE `version` = {}",
        quote_identifier(table),
        text(version)
    ))
}

/// One statement of one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatementKey<'a> {
    pub(super) version: &'a str,
    pub(super) direction: Direction,
    pub(super) position: u32,
}

impl StatementKey<'_> {
    fn condition(&self) -> String {
        format!(
            "`version` = {} AND `direction` = {} AND `position` = {}",
            text(self.version),
            text(self.direction.word()),
            self.position
        )
    }
}

/// What is noted of a statement before it is sent.
pub(super) struct Started<'a> {
    pub(super) key: StatementKey<'a>,
    pub(super) checksum: &'a str,
    pub(super) kind: &'a str,
    pub(super) statement: &'a str,
    pub(super) objects_before: Option<&'a str>,
    pub(super) server: &'a str,
}

/// Notes that a statement is going to be sent.
pub(super) fn started(
    worker: &mut Worker,
    tables: &HistoryTables,
    new: &Started<'_>,
) -> Result<(), RunError> {
    let key = &new.key;
    let comment = marker(key, "started");
    worker.run(&format!(
        "{comment}REPLACE INTO {} ({}) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, \
         CONNECTION_ID(), UTC_TIMESTAMP(6), NULL, NULL, NULL)",
        quote_identifier(&tables.statements),
        columns(&STATEMENT_COLUMNS),
        text(key.version),
        text(key.direction.word()),
        key.position,
        text(new.checksum),
        text(new.kind),
        text(StatementState::Started.word()),
        text(new.statement),
        optional(new.objects_before),
        text(new.server),
    ))
}

/// Notes that a statement is in.
pub(super) fn done(
    worker: &mut Worker,
    tables: &HistoryTables,
    key: &StatementKey<'_>,
) -> Result<(), RunError> {
    worker.run(&format!(
        "{}UPDATE {} SET `state` = {}, `finished_at` = UTC_TIMESTAMP(6), `error_code` = NULL, `error` = NULL WHERE {}",
        marker(key, "done"),
        quote_identifier(&tables.statements),
        text(StatementState::Done.word()),
        key.condition()
    ))
}

/// Notes that the server has refused a statement. An error that is noted already stays: the first
/// one says why, the second often only that the first has happened.
pub(super) fn failed(
    worker: &mut Worker,
    tables: &HistoryTables,
    key: &StatementKey<'_>,
    (code, message): (u16, &str),
) -> Result<(), RunError> {
    worker.run(&format!(
        "UPDATE {} SET `state` = {}, `finished_at` = UTC_TIMESTAMP(6), `error_code` = {code}, \
         `error` = {} WHERE {}",
        quote_identifier(&tables.statements),
        text(StatementState::Failed.word()),
        text(message),
        key.condition()
    ))
}

/// Forgets that a statement was going to be sent.
pub(super) fn forget(
    worker: &mut Worker,
    tables: &HistoryTables,
    key: &StatementKey<'_>,
) -> Result<(), RunError> {
    worker.run(&format!(
        "DELETE FROM {} WHERE {}",
        quote_identifier(&tables.statements),
        key.condition()
    ))
}

/// The comment before a statement, by which the server's list of processes shows what is running.
pub(super) fn marker(key: &StatementKey<'_>, what: &str) -> String {
    // A version may come from the database, so nothing in it may end the comment.
    let version: String = key.version.chars().filter(char::is_ascii_alphanumeric).collect();
    let what = if what.is_empty() { String::new() } else { format!(" {what}") };
    format!("/* driftline {version} {} {}{what} */ ", key.direction, key.position)
}

/// A text as a literal.
pub(super) fn text(text: &str) -> String {
    format!("_utf8mb4 x'{}'", hex(text))
}

fn optional(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), text)
}

fn short_text(value: &str) -> String {
    text(&shortened(value, 255))
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 2), |mut digits, byte| {
        // Writing to a string doesn't fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn shortened(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}
