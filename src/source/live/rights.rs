//! Whether the account sees everything: both vendors leave out what it may not see, silently.

use std::collections::HashSet;

use super::connect::Connection;
use super::error::{LiveError, grant, read_grant};
use super::fetch::Dictionary;
use super::session::Failure;
use super::url::DatabaseUrl;
use crate::ddl::{quote_identifier, quote_string};
use crate::diagnostic::Diagnostic;
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
        Err(Failure::Server(error)) if error.code == 1142 => Ok(false),
        // ER_NO_SUCH_TABLE, and whatever else a server finds to say of it.
        Ok(()) | Err(Failure::Server(_)) => Ok(true),
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
    // Used in a transaction, the table stays as it is until that ends.
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

/// Whether there is a foreign key of which not all is shown.
fn shows_half(connection: &mut Connection, table: &str) -> Result<bool, LiveError> {
    let mut is_empty = |sql: &str| -> Result<bool, LiveError> {
        let sql = format!("{} AND TABLE_NAME = {}", sql.trim_end(), quote_string(table));
        Ok(connection.rows(&sql, |_| ())?.is_empty())
    };
    Ok(!is_empty(include_str!("queries/key_columns.sql"))?
        && is_empty(include_str!("queries/visible_constraints.sql"))?)
}

/// What an account needs to see objects of a kind: the word for them, the right that is named, and
/// others that are as good.
const KINDS: [(&str, &str, &[&str]); 3] = [
    ("triggers", "TRIGGER", &[]),
    (
        "routines",
        "EXECUTE",
        &["ALTER ROUTINE", "CREATE ROUTINE", "SHOW_ROUTINE", "SHOW CREATE ROUTINE"],
    ),
    ("events", "EVENT", &[]),
];

/// Says which kinds of objects the account may not see: neither vendor shows that there are any.
/// `None` where it may see all, or where that can't be told.
pub(super) fn hidden_objects(connection: &mut Connection, url: &DatabaseUrl) -> Option<Diagnostic> {
    let database = url.database()?;
    let grants = connection.rows_regardless("SHOW GRANTS", |mut row| row.text()).ok()?;
    let rights: Vec<&str> = grants.iter().flat_map(|grant| rights_on(grant, database)).collect();
    if rights.is_empty() {
        return None;
    }
    let has = |wanted: &str| rights.contains(&wanted) || rights.contains(&"ALL PRIVILEGES");
    let hidden: Vec<_> = KINDS
        .iter()
        .filter(|(_, right, others)| !has(right) && !others.iter().any(|right| has(right)))
        .collect();
    let nouns: Vec<&str> = hidden.iter().map(|(noun, ..)| *noun).collect();
    let missing: Vec<String> = hidden.iter().map(|(_, right, _)| format!("no {right}")).collect();
    let wanted: Vec<&str> = hidden.iter().map(|(_, right, _)| *right).collect();
    (!hidden.is_empty()).then(|| {
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        let (nouns, missing) = (and(&nouns), and(&missing));
        let title = format!("{nouns} may be hidden from this account: it has {missing}");
        let help = format!("as an administrator: {}", grant(url, &wanted.join(", ")));
        Diagnostic::note(title).with_help(help)
    })
}

/// The rights that a line of SHOW GRANTS gives on a whole database or on all of them.
fn rights_on<'g>(grant: &'g str, database: &str) -> Vec<&'g str> {
    let grant = grant.strip_prefix("GRANT ").unwrap_or_default();
    let Some((rights, rest)) = grant.split_once(" ON ") else { return Vec::new() };
    let on = rest.split_once(" TO ").map_or(rest, |(on, _)| on);
    // The name of a database is a pattern.
    let name = on.strip_suffix(".*").map(|name| name.trim_matches('`').replace("``", "`"));
    let covers = name.is_some_and(|name| {
        name == "*" || name.contains('%') || name.replace("\\_", "_") == database
    });
    if covers { rights.split(", ").collect() } else { Vec::new() }
}

/// Words with commas and `and` between them.
fn and(words: &[&str]) -> String {
    match words {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => words.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_those_on_the_database() {
        let on = |grant| rights_on(grant, "my_shop");
        assert_eq!(
            on("GRANT SELECT, SHOW VIEW ON `my\\_shop`.* TO `a`@`%`"),
            ["SELECT", "SHOW VIEW"]
        );
        assert_eq!(
            on("GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION"),
            ["ALL PRIVILEGES"]
        );
        assert_eq!(on("GRANT EVENT ON `my%`.* TO `a`@`%`"), ["EVENT"]);
        assert!(on("GRANT EVENT ON `other`.* TO `a`@`%`").is_empty());
        assert!(on("GRANT TRIGGER ON `my_shop`.`t` TO `a`@`%`").is_empty());
        assert!(on("GRANT `role` TO `a`@`%`").is_empty());
    }
}
