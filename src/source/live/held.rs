//! Reading while nobody changes what is read.
//!
//! The bulk queries of an ordinary reading run one beside the other, and MariaDB's
//! `information_schema` shows a table as it is when a query comes to it: beside a session that
//! alters tables, what they give together may never have been. So before a difference is reported,
//! the tables that differ are held and read again. A transaction that has used a table keeps its
//! definition from being changed until it ends (MySQL 8.4 Reference Manual, 10.11.4 "Metadata
//! Locking"; MariaDB Knowledge Base, "Metadata Locking"), and takes no more than SELECT.

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

/// How many tables one statement holds.
const AT_ONCE: usize = 50;

/// How long such a moment may last.
const BETWEEN_LISTINGS: Duration = Duration::from_millis(20);

/// How often tables that come and go are looked for anew.
const MOST_READINGS: usize = 10;

/// Reads a database as of one moment, as far as the tables go that the options hold.
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
        // What came back after it was looked for may be half there.
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

/// The names of the tables, asked for as often as it takes to see one that is being put in the
/// place of another.
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

/// What was found of tables and views that were to be held.
#[derive(Debug, Default)]
struct Held {
    /// Those that aren't there.
    absent: BTreeSet<String>,
    /// The views that can't be used, with what the server says.
    broken_views: BTreeMap<String, String>,
}

/// Keeps those tables and views as they are until the session ends or holds others. One that can't be
/// used isn't held. Another session that is altering one is waited for.
fn hold(
    connection: &mut Connection,
    url: &DatabaseUrl,
    tables: &BTreeSet<String>,
) -> Result<Held, LiveError> {
    // What was held before is let go by it.
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

/// Whether tables could be used.
#[derive(Debug, PartialEq, Eq)]
enum Used {
    Yes,
    /// One of them is not there.
    Absent,
    /// One of them is a view on something that isn't there or that its definer may not use, as
    /// the server says.
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
