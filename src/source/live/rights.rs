//! Whether the account sees everything: both vendors leave out what it may not see, silently.

use std::collections::HashSet;

use super::connect::Connection;
use super::error::{LiveError, grant, read_grant};
use super::fetch::Dictionary;
use super::url::DatabaseUrl;
use crate::server::Vendor;

/// A table that does not exist. Asked for it, the server says "no such table" to an account
/// whose rights are on the whole database (or more), by whatever role or pattern, and "denied" to
/// one whose rights are on single tables or columns. Nothing is read and nothing is made.
const NO_SUCH_TABLE: &str = "`driftline asks what it may see`";

/// Refuses an account that does not see every column of every table, and on MariaDB one that
/// does not see constraints.
pub(super) fn check(
    connection: &mut Connection,
    url: &DatabaseUrl,
    vendor: Vendor,
    dictionary: &Dictionary,
) -> Result<(), LiveError> {
    let hidden = |what: &str| {
        Err(LiveError::NoRights {
            endpoint: url.endpoint(),
            what: what.to_owned(),
            grant: read_grant(url),
        })
    };
    if !allowed(connection, &format!("SELECT 1 FROM {NO_SUCH_TABLE} LIMIT 0"))? {
        return hidden(
            "it has no SELECT on the whole database, so tables and columns may be hidden from it",
        );
    }
    if vendor == Vendor::MySql {
        return Ok(());
    }
    // MariaDB shows constraints to those who have any right on the table beside SELECT.
    let denied = !allowed(connection, &format!("SHOW CREATE VIEW {NO_SUCH_TABLE}"))?;
    if denied && hides_constraints(connection, dictionary)? {
        return Err(LiveError::NoRights {
            endpoint: url.endpoint(),
            what: "MariaDB hides foreign keys, CHECKs and other constraints from an account that \
                   has SELECT alone"
                .to_owned(),
            grant: grant(url, "SHOW VIEW"),
        });
    }
    Ok(())
}

/// Whether a statement about the table that does not exist fails for that reason.
fn allowed(connection: &mut Connection, sql: &str) -> Result<bool, LiveError> {
    match connection.attempt(sql) {
        // ER_TABLEACCESS_DENIED_ERROR
        Err(mysql::Error::MySqlError(error)) if error.code == 1142 => Ok(false),
        // ER_NO_SUCH_TABLE, and whatever else a server finds to say of it.
        Ok(()) | Err(mysql::Error::MySqlError(_)) => Ok(true),
        Err(error) => Err(connection.explain(error)),
    }
}

/// Whether a unique index is there whose constraint isn't, or there are only views to judge by.
fn hides_constraints(
    connection: &mut Connection,
    dictionary: &Dictionary,
) -> Result<bool, LiveError> {
    let sql = include_str!("queries/visible_constraints.sql");
    let visible: HashSet<(String, String)> =
        connection.rows(sql, |mut row| (row.text(), row.text()))?.into_iter().collect();
    let seen: HashSet<&str> = visible.iter().map(|(table, _)| table.as_str()).collect();
    // A table without any unique index and any visible constraint tells nothing, and may hide a
    // CHECK: rather one GRANT too many than one CHECK too few.
    Ok(dictionary.tables.iter().any(|row| row.is_table() && !seen.contains(row.name.as_str())))
}
