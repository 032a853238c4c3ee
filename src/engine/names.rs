//! The two tables in which a database records its migrations.

use crate::model::{Schema, Table};

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
