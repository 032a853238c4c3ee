//! A database that the user gives for trying statements in. It has to be empty, only one run at a
//! time uses it, and it is empty again afterwards.

use std::collections::HashSet;

use thiserror::Error;

use super::connect::{Connection, Opened, open};
use super::contents::{CONTENTS, Content, drop_statement, sorted, words};
use super::error::LiveError;
use super::read;
use super::session::Failure;
use super::url::DatabaseUrl;
use crate::server::{Server, Vendor};
use crate::source::{Hold, Loaded, ReadOptions};

/// The name of the lock that a run holds on its server. It is unique to the database and fits into
/// the 64 characters that a lock's name may have. If the server ignores the case of database names,
/// the name is lowercased first.
const LOCK: &str = "CONCAT('drift: ', SHA2(IF(@@lower_case_table_names = 0, DATABASE(), \
                    LOWER(DATABASE())), 224))";

/// A database for trying statements in, locked for this run.
pub struct Scratch {
    connection: Connection,
    url: DatabaseUrl,
    server: Server,
    /// The connection's id, which shows that the lock is this run's.
    number: String,
}

/// Why a database can't be used to try statements in, or what went wrong there.
#[derive(Debug, Error)]
pub enum ScratchError {
    /// It can't be reached or read.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// It isn't empty.
    #[error(
        "{scratch} is not empty: it holds {holds}. A plan is tried only in an empty database, and nothing is dropped there that the run did not make; after an interrupted run, DROP DATABASE and CREATE DATABASE empty it"
    )]
    NotEmpty {
        /// The database.
        scratch: String,
        /// What is in it.
        holds: String,
    },
    /// Another run is using it.
    #[error("another run of driftline is using {scratch}; give each a database of its own")]
    Busy {
        /// The database.
        scratch: String,
    },
    /// It holds things at the end that the run did not make.
    #[error("{scratch} is not left empty: {holds} came into it meanwhile, and is not driftline's")]
    Left {
        /// The database.
        scratch: String,
        /// What is in it.
        holds: String,
    },
}

/// Why a statement failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatementError {
    /// The server refuses it.
    #[error("{message} (error {code})")]
    Refused {
        /// The server's error code.
        code: u16,
        /// The server's message.
        message: String,
    },
    /// The connection failed.
    #[error(transparent)]
    Live(LiveError),
}

/// How long to wait for another run to leave the database, in seconds.
const PATIENCE: u32 = 3;

impl Scratch {
    /// Opens the database and locks it until the value is dropped. It is an error if it isn't
    /// empty.
    pub fn open(url: &DatabaseUrl) -> Result<Scratch, ScratchError> {
        if url.database().is_none() {
            return Err(LiveError::NoDatabase { endpoint: url.endpoint() }.into());
        }
        let Opened { mut connection, server, .. } = open(url)?;
        // When a process has ended, its lock is free only after the server notices.
        let query = format!("SELECT CONNECTION_ID(), GET_LOCK({LOCK}, {PATIENCE})");
        let rows = connection.rows(&query, |mut row| (row.text(), row.text()))?;
        let (number, locked) = rows.into_iter().next().unwrap_or_default();
        if locked != "1" {
            return Err(ScratchError::Busy { scratch: url.label() });
        }
        let mut scratch = Scratch { connection, url: url.clone(), server, number };
        let contents = scratch.contents()?;
        if !contents.is_empty() {
            return Err(ScratchError::NotEmpty { scratch: url.label(), holds: words(&contents) });
        }
        Ok(scratch)
    }

    /// The server of the database.
    pub fn server(&self) -> Server {
        self.server
    }

    /// The URL of the database.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Whether its server runs events, so that a new one may run at once.
    pub fn runs_events(&mut self) -> Result<bool, LiveError> {
        let answer = self.connection.rows("SELECT @@event_scheduler", |mut row| row.text())?;
        Ok(answer.iter().any(|it| it.eq_ignore_ascii_case("ON") || it == "1"))
    }

    /// Whether a URL leads to this same database, by whatever host name, address or socket. The
    /// server there is asked whether it knows this run's lock.
    pub fn is_same_as(&self, other: &DatabaseUrl) -> Result<bool, LiveError> {
        let mut connection = open(other)?.connection;
        let query = format!("SELECT IS_USED_LOCK({LOCK})");
        let holders = connection.rows(&query, |mut row| row.optional())?;
        Ok(holders.into_iter().flatten().next().is_some_and(|holder| holder == self.number))
    }

    /// From here on the session accepts what an old database may hold although servers now refuse
    /// to create it: foreign keys between unlike columns, dates of zeros.
    pub fn take_what_is_there(&mut self) -> Result<(), LiveError> {
        self.connection.run(
            "SET SESSION foreign_key_checks = 0, \
             SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
        )?;
        if self.server.vendor == Vendor::MySql {
            // Older servers don't have the variable, nor the check.
            let _ = self.connection.attempt("SET SESSION restrict_fk_on_non_standard_key = 0");
        }
        Ok(())
    }

    /// From here on the session has a plain client's settings: the server's own, with foreign keys
    /// checked. Dates of zeros are still accepted; the plan names them as a risk.
    pub fn be_a_plain_client(&mut self) -> Result<(), LiveError> {
        self.connection.run(
            "SET SESSION foreign_key_checks = 1, SESSION sql_mode = DEFAULT, \
             SESSION time_zone = DEFAULT",
        )?;
        self.connection.run(
            "SET SESSION sql_mode = \
             REPLACE(REPLACE(@@SESSION.sql_mode, 'NO_ZERO_IN_DATE', ''), 'NO_ZERO_DATE', '')",
        )?;
        if self.server.vendor == Vendor::MySql {
            let _ =
                self.connection.attempt("SET SESSION restrict_fk_on_non_standard_key = DEFAULT");
        }
        Ok(())
    }

    /// Carries out one statement.
    pub fn run(&mut self, sql: &str) -> Result<(), StatementError> {
        self.connection.attempt(sql).map_err(|failure| match failure {
            Failure::Server(error) => {
                StatementError::Refused { code: error.code, message: error.message }
            }
            other => StatementError::Live(self.connection.explain(other)),
        })
    }

    /// Reads what is in it now, in full.
    pub fn read(&self) -> Result<Loaded, LiveError> {
        read(&self.url, &ReadOptions { hold: Hold::Nothing, ..ReadOptions::FULL })
    }

    /// Drops the objects whose names the run may have made. If there are others by now, they are
    /// somebody else's: they stay, and it is an error.
    pub fn clear(&mut self, made: &HashSet<String>) -> Result<(), ScratchError> {
        self.connection.run("SET SESSION foreign_key_checks = 0")?;
        let is_made = |content: &Content| {
            made.contains(&content.name) || made.contains(&content.name.to_lowercase())
        };
        for content in self.contents()?.iter().filter(|content| is_made(content)) {
            if let Some(drop) = drop_statement(content, &self.server) {
                self.connection.run(&drop.text)?;
            }
        }
        let left = self.contents()?;
        if left.is_empty() {
            return Ok(());
        }
        Err(ScratchError::Left { scratch: self.url.label(), holds: words(&left) })
    }

    fn contents(&mut self) -> Result<Vec<Content>, LiveError> {
        Ok(sorted(self.connection.rows_regardless(CONTENTS, Content::new)?))
    }
}
