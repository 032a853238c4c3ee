//! The connection that carries migrations out. Unlike the connections that read, it has the
//! session of a plain client, and waits for a statement for as long as that takes.

use std::time::Duration;

use thiserror::Error;

use super::connect::{Connection, open_plain};
use super::contents::{CONTENTS, Content, sorted};
use super::error::LiveError;
use super::session::Failure;
use super::url::DatabaseUrl;
use crate::alembic::REVISIONS;
use crate::server::{Server, Vendor};

/// A connection for statements that change something. It never reconnects by itself: what it holds,
/// such as a lock, would be gone without anybody noticing.
pub struct Worker {
    connection: Connection,
    url: DatabaseUrl,
    server: Server,
    folds_table_names: bool,
}

/// Why a statement has no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RunError {
    /// The server refuses it, or has broken it off. The connection can still be used.
    #[error("{message} (error {code})")]
    Refused {
        /// The server's error code.
        code: u16,
        /// SQLSTATE.
        state: String,
        /// The server's message.
        message: String,
    },
    /// The connection is lost, so that it is unknown what has come of the statement.
    #[error(transparent)]
    Lost(LiveError),
}

/// A row of an answer: the fields as text, `None` for NULL.
pub type TextRow = Vec<Option<String>>;

/// In practice without end.
const AS_LONG_AS_IT_TAKES: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

impl Worker {
    /// Opens a connection to the database that the URL names.
    ///
    /// # Errors
    ///
    /// If the server can't be reached, isn't supported, or the URL names no database.
    pub fn open(url: &DatabaseUrl) -> Result<Worker, LiveError> {
        if url.database().is_none() {
            return Err(LiveError::NoDatabase { endpoint: url.endpoint() });
        }
        let patient =
            DatabaseUrl { read_timeout: AS_LONG_AS_IT_TAKES, deadline: None, ..url.clone() };
        let (mut connection, server, folds_table_names) = open_plain(&patient)?;
        connection.run("SET NAMES utf8mb4")?;
        if server.vendor == Vendor::MariaDb {
            // It would also stop an ALTER (MariaDB "max_statement_time").
            connection.run("SET SESSION max_statement_time = 0")?;
        }
        Ok(Worker { connection, url: url.clone(), server, folds_table_names })
    }

    /// The server.
    pub fn server(&self) -> Server {
        self.server
    }

    /// The URL.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Whether names of databases and tables that differ only in case are the same name.
    pub fn folds_table_names(&self) -> bool {
        self.folds_table_names
    }

    /// Carries out one statement, or several with `;` between them of which none gives a result
    /// that matters.
    ///
    /// # Errors
    ///
    /// If the server refuses it, or the connection is lost.
    pub fn run(&mut self, sql: &str) -> Result<(), RunError> {
        let outcome = self.connection.attempt(sql);
        outcome.map_err(|failure| self.error(failure))
    }

    /// Runs a query.
    ///
    /// # Errors
    ///
    /// If the server refuses it, or the connection is lost.
    pub fn rows(&mut self, sql: &str) -> Result<Vec<TextRow>, RunError> {
        let outcome = self.connection.collect(sql, |fields| fields.all());
        outcome.map(|(rows, _)| rows).map_err(|failure| self.error(failure))
    }

    /// Everything that is in the database, in order.
    ///
    /// # Errors
    ///
    /// If the server refuses it, or the connection is lost.
    pub fn contents(&mut self) -> Result<Vec<Content>, RunError> {
        let outcome = self.connection.collect(CONTENTS, Content::new);
        outcome.map(|(rows, _)| sorted(rows)).map_err(|failure| self.error(failure))
    }

    /// The revisions in Alembic's table; `None` if the server refuses to read one.
    ///
    /// # Errors
    ///
    /// If the connection is lost.
    pub fn alembic_revisions(&mut self) -> Result<Option<Vec<String>>, RunError> {
        match self.rows(REVISIONS) {
            Ok(rows) => Ok(Some(rows.into_iter().flatten().flatten().collect())),
            Err(RunError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn error(&self, failure: Failure) -> RunError {
        match failure {
            // ER_SERVER_SHUTDOWN, ER_ABORTING_CONNECTION, ER_NEW_ABORTING_CONNECTION,
            // ER_CONNECTION_KILLED, ER_CLIENT_INTERACTION_TIMEOUT: the connection ends with them.
            Failure::Server(error) if !matches!(error.code, 1053 | 1152 | 1184 | 1927 | 4031) => {
                let (code, state, message) = (error.code, error.state, error.message);
                RunError::Refused { code, state, message }
            }
            failure => RunError::Lost(self.connection.explain(failure)),
        }
    }
}

impl RunError {
    /// The server's error code, if it refused.
    pub fn code(&self) -> Option<u16> {
        match self {
            RunError::Refused { code, .. } => Some(*code),
            RunError::Lost(_) => None,
        }
    }
}
