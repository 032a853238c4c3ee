//! Tables that MariaDB lists and can't open, because another session has locked them or they are
//! damaged.

use std::collections::BTreeSet;

use super::connect::Connection;
use super::session::Failure;
use crate::syntax::quote_identifier;

/// The tables that MariaDB leaves out because another session has locked them: those that are
/// listed without columns. Doesn't wait for them. Empty if the server doesn't answer this either.
pub(super) fn locked_tables(connection: &mut Connection) -> Vec<String> {
    let names = |connection: &mut Connection, sql: &str| -> Option<BTreeSet<String>> {
        connection.rows_regardless(sql, |mut row| row.text()).ok().map(BTreeSet::from_iter)
    };
    let mut tell = || {
        connection.run(WITHOUT_WAITING).ok()?;
        let all = names(connection, include_str!("queries/table_names.sql"))?;
        let seen = names(connection, include_str!("queries/columns_mariadb.sql"))?;
        Some(all.difference(&seen).cloned().collect())
    };
    let mut tables: Vec<String> = tell().unwrap_or_default();
    tables.retain(|table| why_damaged(connection, table).is_none());
    tables
}

/// The first of the tables that the server can't open because its file is damaged, not because it
/// is locked, with the server's message. MariaDB lists such a table without columns too.
pub(super) fn damaged(connection: &mut Connection, tables: &[String]) -> Option<(String, String)> {
    connection.run(WITHOUT_WAITING).ok()?;
    tables.iter().find_map(|table| Some((table.clone(), why_damaged(connection, table)?)))
}

const WITHOUT_WAITING: &str = "SET SESSION lock_wait_timeout = 0";

fn why_damaged(connection: &mut Connection, table: &str) -> Option<String> {
    match connection.attempt(&format!("SELECT 1 FROM {} LIMIT 0", quote_identifier(table))) {
        // ER_LOCK_WAIT_TIMEOUT, and ER_NO_SUCH_TABLE if it was dropped meanwhile
        Err(Failure::Server(error)) if !matches!(error.code, 1205 | 1146) => Some(error.message),
        _ => None,
    }
}
