//! Whether the account sees everything. Both vendors silently leave out what it may not see.

use std::collections::HashSet;

use super::connect::Connection;
use super::error::{LiveError, grant};
use super::fetch::Dictionary;
use super::grants::{GrantLookup, Rights};
use super::quirks;
use super::session::Failure;
use super::url::DatabaseUrl;
use crate::diagnostic::Diagnostic;
use crate::model::ObjectKind;
use crate::server::{Server, Vendor};
use crate::source::Hidden;
use crate::syntax::{quote_identifier, quote_string};

/// A table that does not exist. Asked for it, the server answers "no such table" to an account with
/// rights on the whole database or more, through whatever role or pattern, and "denied" to one with
/// rights on single tables or columns only. Nothing is read and nothing is made.
const NO_SUCH_TABLE: &str = "`driftline asks what it may see`";

/// Refuses an account that does not see every column of every table, and on MariaDB one that does
/// not see the rules of foreign keys.
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
            grant: helpful_grant(connection, url, vendor, "SELECT, SHOW VIEW")?,
        });
    }
    if vendor == Vendor::MariaDb && hides_rules(connection, dictionary)? {
        return Err(LiveError::NoRights {
            endpoint: url.endpoint(),
            what: "MariaDB hides what foreign keys do from an account that has SELECT alone"
                .to_owned(),
            grant: helpful_grant(connection, url, vendor, "SHOW VIEW")?,
        });
    }
    Ok(())
}

/// The GRANT by which the account has these rights beside those that it has.
fn helpful_grant(
    connection: &mut Connection,
    url: &DatabaseUrl,
    vendor: Vendor,
    missing: &str,
) -> Result<String, LiveError> {
    let database = url.database().unwrap_or_default();
    let rights = rights(connection, database, vendor)?;
    let name = rights.map_or_else(|| database.to_owned(), |it| it.name_in_grant(database));
    Ok(grant(url, &name, missing))
}

pub(super) fn may_select(connection: &mut Connection) -> Result<bool, LiveError> {
    match connection.attempt(&format!("SELECT 1 FROM {NO_SUCH_TABLE} LIMIT 0")) {
        // ER_TABLEACCESS_DENIED_ERROR
        Err(Failure::Server(error)) if error.code == 1142 => Ok(false),
        // ER_NO_SUCH_TABLE, and any other error.
        Ok(()) | Err(Failure::Server(_)) => Ok(true),
        Err(error) => Err(connection.explain(error)),
    }
}

/// With SELECT alone, MariaDB shows the columns of foreign keys and the CHECKs, but leaves
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
    // Once a transaction has used the table, its definition stays the same until the transaction
    // ends.
    connection.run("START TRANSACTION READ ONLY")?;
    let used =
        connection.attempt(&format!("SELECT 1 FROM {} LIMIT 0", quote_identifier(&half.table)));
    let hidden = match used {
        Ok(()) => shows_half(connection, &half.table),
        Err(Failure::Server(_)) => Ok(false),
        Err(failure) => Err(connection.explain(failure)),
    };
    connection.run("COMMIT")?;
    hidden
}

/// Whether the table has a foreign key that is only partly shown.
fn shows_half(connection: &mut Connection, table: &str) -> Result<bool, LiveError> {
    let mut is_empty = |sql: &str| -> Result<bool, LiveError> {
        let sql = format!("{} AND TABLE_NAME = {}", sql.trim_end(), quote_string(table));
        Ok(connection.rows(&sql, |_| ())?.is_empty())
    };
    Ok(!is_empty(include_str!("queries/key_columns.sql"))?
        && is_empty(include_str!("queries/visible_constraints.sql"))?)
}

/// The kinds of objects of which the account doesn't see all. Neither vendor shows that such
/// objects exist. Empty if the rights are unknown.
pub(super) fn hidden(
    connection: &mut Connection,
    url: &DatabaseUrl,
    server: &Server,
) -> Result<Vec<Hidden>, LiveError> {
    let Some(database) = url.database() else { return Ok(Vec::new()) };
    let Some(rights) = rights(connection, database, server.vendor)? else {
        return Ok(Vec::new());
    };
    let mut hidden = Vec::new();
    let mut hide = |kinds: &'static [ObjectKind], right| hidden.push(Hidden { kinds, right });
    if !rights.has("TRIGGER") {
        hide(&[ObjectKind::Trigger], "TRIGGER");
    }
    if !lists_routines(&rights, server) {
        hide(
            &[ObjectKind::Procedure, ObjectKind::Function, ObjectKind::Package],
            quirks::right_to_see(ObjectKind::Procedure, server),
        );
    }
    if !rights.has("EVENT") {
        hide(&[ObjectKind::Event], "EVENT");
    }
    Ok(hidden)
}

/// Whether the account is shown that there are routines.
fn lists_routines(rights: &Rights, server: &Server) -> bool {
    const OF_ROUTINES: [&str; 5] =
        ["EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE", "SHOW_ROUTINE", "SHOW CREATE ROUTINE"];
    OF_ROUTINES.iter().any(|right| rights.has(right)) || sees_bodies_by_select(rights, server)
}

fn sees_bodies_by_select(rights: &Rights, server: &Server) -> bool {
    let reads_table = server.vendor == Vendor::MariaDb && rights.reads_routines();
    rights.has_everywhere("SELECT") || reads_table
}

/// Whether the account is shown all of every routine, whoever made it.
pub(super) fn sees_bodies(rights: &Rights, server: &Server) -> bool {
    let by_right = match quirks::right_to_see(ObjectKind::Procedure, server) {
        // ALL on a database doesn't include it.
        right @ "SHOW_ROUTINE" => rights.has_global(right),
        right @ "SHOW CREATE ROUTINE" => rights.has(right),
        _ => false,
    };
    by_right || sees_bodies_by_select(rights, server)
}

/// The account's rights on the database. `None` if the server refuses to tell.
pub(super) fn rights(
    connection: &mut Connection,
    database: &str,
    vendor: Vendor,
) -> Result<Option<Rights>, LiveError> {
    let Some(lines) = grants(connection)? else { return Ok(None) };
    let lookup = match vendor {
        Vendor::MariaDb => GrantLookup::Apart,
        Vendor::MySql => mysql_lookup(connection)?,
    };
    Ok(Some(Rights::on(database, &lines, lookup)))
}

fn mysql_lookup(connection: &mut Connection) -> Result<GrantLookup, LiveError> {
    let sql = "SELECT @@partial_revokes, CURRENT_ROLE() <> 'NONE'";
    let rows = connection.rows_regardless(sql, |mut row| (row.number(), row.number()));
    let is_on = |value: Option<u32>| value == Some(1);
    match rows {
        Ok(rows) => Ok(match rows.first() {
            Some((literal, _)) if is_on(*literal) => GrantLookup::Literal,
            Some((_, role)) if is_on(*role) => GrantLookup::First,
            _ => GrantLookup::MostSpecific,
        }),
        // A server without roles or partial revokes.
        Err(LiveError::Server { .. }) => Ok(GrantLookup::MostSpecific),
        Err(error) => Err(error),
    }
}

/// The lines of SHOW GRANTS, including those of the active roles. `None` if the server refuses.
fn grants(connection: &mut Connection) -> Result<Option<Vec<String>>, LiveError> {
    match connection.rows_regardless("SHOW GRANTS", |mut row| row.text()) {
        Ok(lines) => Ok(Some(lines)),
        Err(LiveError::Server { .. } | LiveError::NoRights { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The note for the user about unseen objects.
pub(super) fn note(hidden: &[Hidden]) -> Option<Diagnostic> {
    if hidden.is_empty() {
        return None;
    }
    let kinds: Vec<String> = hidden.iter().map(|it| format!("{}s", it.noun())).collect();
    let rights: Vec<&str> = hidden.iter().map(|it| it.right).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    Some(Diagnostic::note(format!(
        "this account doesn't see all {}, so that more of them may be there: it has no {}",
        list(&kinds, "and"),
        list(&rights, "and no")
    )))
}

/// `a, b and c`, where `and` is `last`.
fn list(words: &[&str], last: &str) -> String {
    match words {
        [all @ .., end] if !all.is_empty() => format!("{} {last} {end}", all.join(", ")),
        _ => words.join(""),
    }
}
