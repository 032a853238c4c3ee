//! Reads tables while other sessions can't change them.
//!
//! The bulk queries of an ordinary reading run at the same time, and MariaDB's `information_schema`
//! shows a table as it is when a query gets to it. If another session alters tables meanwhile, the
//! answers together may describe a state that never existed. So before a difference is reported,
//! the tables that differ are held and read again. Once a transaction has used a table, other
//! sessions can't change its definition until the transaction ends (MySQL 8.4 Reference Manual,
//! 10.11.4 "Metadata Locking"; MariaDB Knowledge Base, "Metadata Locking"). This needs only SELECT.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use super::closed::locked_tables;
use super::connect::{Connection, Opened, open};
use super::error::LiveError;
use super::session::Failure;
use super::url::DatabaseUrl;
use super::{ask_in_turn, quirks};
use crate::server::Vendor;
use crate::source::{Hold, Loaded, ReadOptions};
use crate::syntax::quote_identifier;

/// How many tables one statement uses, and thereby holds.
const AT_ONCE: usize = 50;

/// The pause between two listings of the tables. A table that is being replaced is missing for a
/// shorter time.
const BETWEEN_LISTINGS: Duration = Duration::from_millis(20);

/// How often the reading is repeated because tables were created or dropped during it.
const MOST_READINGS: usize = 10;

/// Reads a database as of one moment, as far as the tables that the options hold are concerned.
pub(super) fn read(url: &DatabaseUrl, options: &ReadOptions<'_>) -> Result<Loaded, LiveError> {
    let Opened { connection: mut holder, server, .. } = open(url)?;
    let only = match options.hold {
        Hold::Tables(tables) => Some(tables),
        Hold::Nothing | Hold::All => None,
    };
    let mut tables = match only {
        Some(tables) => tables.clone(),
        None => listed(&mut holder, server.vendor)?,
    };
    for _ in 0..MOST_READINGS {
        let Held { absent, broken_views } = hold(&mut holder, url, &tables)?;
        let answered = ask_in_turn(url)?;
        let mut there = answered.tables();
        if only.is_none() {
            there.extend(listed(&mut holder, server.vendor)?);
        }
        // A table that was created after it was looked for may have been read half done.
        if absent.is_disjoint(&there) && (only.is_some() || there.is_subset(&tables)) {
            return Ok(Loaded { broken_views, ..answered.read(options)? });
        }
        if only.is_none() {
            tables.extend(there);
        }
    }
    Err(restless(url))
}

fn restless(url: &DatabaseUrl) -> LiveError {
    LiveError::Changing {
        endpoint: url.endpoint(),
        what: "tables come and go all the time".to_owned(),
    }
}

/// The names of the tables. Some servers leave a table out for a moment while another one takes its
/// place, so they are asked several times.
fn listed(connection: &mut Connection, vendor: Vendor) -> Result<BTreeSet<String>, LiveError> {
    let mut tables = BTreeSet::new();
    for number in 0..quirks::listings(vendor) {
        if number > 0 {
            thread::sleep(BETWEEN_LISTINGS);
        }
        tables.extend(
            connection.rows(include_str!("queries/table_names.sql"), |mut row| row.text())?,
        );
    }
    Ok(tables)
}

/// Which of the tables and views couldn't be held, and why.
#[derive(Debug, Default)]
struct Held {
    /// Those that don't exist.
    absent: BTreeSet<String>,
    /// The views that can't be used, with the server's message.
    broken_views: BTreeMap<String, String>,
}

/// Holds the given tables and views: other sessions can't change them until this session ends or
/// holds others. One that can't be used isn't held. If another session is altering one, this waits
/// for it.
fn hold(
    connection: &mut Connection,
    url: &DatabaseUrl,
    tables: &BTreeSet<String>,
) -> Result<Held, LiveError> {
    // Starting a transaction ends the previous one, which releases what it held.
    connection.run("START TRANSACTION READ ONLY")?;
    let mut held = Held::default();
    let tables: Vec<&String> = tables.iter().collect();
    for tables in tables.chunks(AT_ONCE) {
        if use_tables(connection, url, tables)? == Used::Yes {
            continue;
        }
        for table in tables {
            let name = || (*table).clone();
            match use_tables(connection, url, &[table])? {
                Used::Absent => drop(held.absent.insert(name())),
                Used::Broken(why) => drop(held.broken_views.insert(name(), why)),
                Used::Yes | Used::No => {}
            }
        }
    }
    Ok(held)
}

/// Whether the tables could be used.
#[derive(Debug, PartialEq, Eq)]
enum Used {
    Yes,
    /// One of them doesn't exist.
    Absent,
    /// One of them is a view that uses something that doesn't exist or that its definer has no
    /// right to use. With the server's message.
    Broken(String),
    /// One of them can't be used for another reason.
    No,
}

fn use_tables(
    connection: &mut Connection,
    url: &DatabaseUrl,
    tables: &[&String],
) -> Result<Used, LiveError> {
    let uses: Vec<String> = tables
        .iter()
        .map(|table| format!("(SELECT 1 FROM {} LIMIT 0)", quote_identifier(table)))
        .collect();
    match connection.attempt(&uses.join(" UNION ALL ")) {
        Ok(()) => Ok(Used::Yes),
        // ER_LOCK_WAIT_TIMEOUT
        Err(Failure::Server(error)) if error.code == 1205 => {
            let tables = match tables {
                [table] => vec![(*table).clone()],
                _ => locked_tables(connection),
            };
            Err(LiveError::Locked { endpoint: url.endpoint(), tables })
        }
        // ER_NO_SUCH_TABLE
        Err(Failure::Server(error)) if error.code == 1146 => Ok(Used::Absent),
        // ER_VIEW_INVALID
        Err(Failure::Server(error)) if error.code == 1356 => Ok(Used::Broken(error.message)),
        Err(Failure::Server(_)) => Ok(Used::No),
        Err(failure) => Err(connection.explain(failure)),
    }
}
