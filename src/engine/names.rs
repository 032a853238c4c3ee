//! The two tables in which a database records its migrations.

use crate::model::{Schema, Table};
use crate::source::live::{RunError, Worker};
use crate::syntax::quote_identifier;

/// The names of the tables of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryTables {
    /// A row for each migration.
    pub migrations: String,
    /// A row for each statement.
    pub statements: String,
}

impl HistoryTables {
    /// The tables with this prefix: `driftline` gives `driftline_migrations`.
    pub fn with_prefix(prefix: &str) -> Self {
        HistoryTables {
            migrations: format!("{prefix}_migrations"),
            statements: format!("{prefix}_statements"),
        }
    }
}

impl Default for HistoryTables {
    fn default() -> Self {
        HistoryTables::with_prefix("driftline")
    }
}

/// The columns of the table of migrations, which tell it from any other table, whatever its name.
pub(super) const MIGRATION_COLUMNS: [&str; 15] = [
    "version",
    "sequence",
    "kind",
    "state",
    "description",
    "checksum",
    "down_checksum",
    "statements",
    "started_at",
    "finished_at",
    "applied_by",
    "driftline",
    "server",
    "server_version",
    "server_host",
];

/// The columns of the table of statements.
pub(super) const STATEMENT_COLUMNS: [&str; 14] = [
    "version",
    "direction",
    "position",
    "checksum",
    "kind",
    "state",
    "statement",
    "objects_before",
    "server",
    "connection_id",
    "started_at",
    "finished_at",
    "error_code",
    "error",
];

/// Makes the tables, if they aren't there.
pub(super) fn create(worker: &mut Worker, tables: &HistoryTables) -> Result<(), RunError> {
    let word = "CHARACTER SET ascii COLLATE ascii_bin";
    let text = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    worker.run(&format!(
        "CREATE TABLE IF NOT EXISTS {} (
  `version` varchar(32) {word} NOT NULL,
  `sequence` int unsigned NOT NULL,
  `kind` varchar(16) {word} NOT NULL,
  `state` varchar(16) {word} NOT NULL,
  `description` varchar(255) {text} NOT NULL,
  `checksum` varchar(80) {word} NOT NULL,
  `down_checksum` varchar(80) {word} DEFAULT NULL,
  `statements` int unsigned NOT NULL,
  `started_at` datetime(6) NOT NULL,
  `finished_at` datetime(6) DEFAULT NULL,
  `applied_by` varchar(400) {text} NOT NULL,
  `driftline` varchar(32) {word} NOT NULL,
  `server` varchar(255) {text} NOT NULL,
  `server_version` varchar(64) {word} NOT NULL,
  `server_host` varchar(255) {text} NOT NULL,
  PRIMARY KEY (`version`),
  UNIQUE KEY `sequence` (`sequence`)
) ENGINE=InnoDB DEFAULT {word} COMMENT='the migrations that driftline has carried out'",
        quote_identifier(&tables.migrations),
    ))?;
    worker.run(&format!(
        "CREATE TABLE IF NOT EXISTS {} (
  `version` varchar(32) {word} NOT NULL,
  `direction` varchar(4) {word} NOT NULL,
  `position` int unsigned NOT NULL,
  `checksum` varchar(80) {word} NOT NULL,
  `kind` varchar(16) {word} NOT NULL,
  `state` varchar(16) {word} NOT NULL,
  `statement` longtext {text} NOT NULL,
  `objects_before` varchar(80) {word} DEFAULT NULL,
  `server` varchar(255) {text} NOT NULL,
  `connection_id` bigint unsigned NOT NULL,
  `started_at` datetime(6) NOT NULL,
  `finished_at` datetime(6) DEFAULT NULL,
  `error_code` smallint unsigned DEFAULT NULL,
  `error` text {text},
  PRIMARY KEY (`version`,`direction`,`position`)
) ENGINE=InnoDB DEFAULT {word} COMMENT='the statements of each migration'",
        quote_identifier(&tables.statements),
    ))
}

/// Takes the tables of the history out of a schema: they are never a part of it.
pub(crate) fn without_history(schema: &mut Schema) {
    schema.tables.retain(|_, table| !is_history(table));
}

fn is_history(table: &Table) -> bool {
    let has = |columns: &[&str]| {
        table.columns.len() == columns.len()
            && table.columns.iter().zip(columns).all(|(column, name)| column.name == *name)
    };
    has(&MIGRATION_COLUMNS) || has(&STATEMENT_COLUMNS)
}
