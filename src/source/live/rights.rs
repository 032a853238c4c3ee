//! Whether the account sees everything: both vendors leave out what it may not see, silently.

use std::collections::HashSet;

use super::connect::Connection;
use super::error::{LiveError, grant, read_grant};
use super::fetch::Dictionary;
use super::url::DatabaseUrl;
use crate::ddl::quote_string;
use crate::server::Vendor;

/// A table that does not exist. Asked for it, the server says "no such table" to an account
/// whose rights are on the whole database (or more), by whatever role or pattern, and "denied" to
/// one whose rights are on single tables or columns. Nothing is read and nothing is made.
const NO_SUCH_TABLE: &str = "`driftline asks what it may see`";

/// Refuses an account that does not see every column of every table, and on MariaDB one that
/// does not see what foreign keys do.
pub(super) fn check(
    connection: &mut Connection,
    url: &DatabaseUrl,
    vendor: Vendor,
    dictionary: &Dictionary,
) -> Result<(), LiveError> {
    if !may_select(connection)? {
        return Err(LiveError::NoRights {
            endpoint: url.endpoint(),
            what: "it has no SELECT on the whole database, so tables and columns may be hidden \
                   from it"
                .to_owned(),
            grant: read_grant(url),
        });
    }
    if vendor == Vendor::MariaDb && hides_rules(connection, dictionary)? {
        return Err(LiveError::NoRights {
            endpoint: url.endpoint(),
            what: "MariaDB hides what foreign keys do from an account that has SELECT alone"
                .to_owned(),
            grant: grant(url, "SHOW VIEW"),
        });
    }
    Ok(())
}

fn may_select(connection: &mut Connection) -> Result<bool, LiveError> {
    match connection.attempt(&format!("SELECT 1 FROM {NO_SUCH_TABLE} LIMIT 0")) {
        // ER_TABLEACCESS_DENIED_ERROR
        Err(mysql::Error::MySqlError(error)) if error.code == 1142 => Ok(false),
        // ER_NO_SUCH_TABLE, and whatever else a server finds to say of it.
        Ok(()) | Err(mysql::Error::MySqlError(_)) => Ok(true),
        Err(error) => Err(connection.explain(error)),
    }
}

/// With SELECT alone, MariaDB shows the columns of foreign keys and CHECKs, and leaves
/// TABLE_CONSTRAINTS and REFERENTIAL_CONSTRAINTS empty. A foreign key that is only half there may
/// also be one that another session has just made or dropped, so its table is looked at again.
fn hides_rules(connection: &mut Connection, dictionary: &Dictionary) -> Result<bool, LiveError> {
    let known: HashSet<(&str, &str)> =
        dictionary.rules.iter().map(|row| (row.table.as_str(), row.constraint.as_str())).collect();
    let half = dictionary
        .key_columns
        .iter()
        .find(|row| !known.contains(&(row.table.as_str(), row.constraint.as_str())));
    let Some(half) = half else { return Ok(false) };
    let mut is_empty = |sql: &str| -> Result<bool, LiveError> {
        let sql = format!("{} AND TABLE_NAME = {}", sql.trim_end(), quote_string(&half.table));
        Ok(connection.rows(&sql, |_| ())?.is_empty())
    };
    let keys = include_str!("queries/key_columns.sql");
    let constraints = include_str!("queries/visible_constraints.sql");
    // Before and after: the table was there all the time.
    Ok(!is_empty(keys)? && is_empty(constraints)? && !is_empty(keys)?)
}
