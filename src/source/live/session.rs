//! A session on a server, with a time limit on everything that waits for the server.
//!
//! The driver has no limits of its own, and a future that is dropped halfway leaves the rest of an
//! answer on the connection, which the next query would take for its own. So the connection is
//! taken out while a query runs, and comes back only after its answer was read in full.

use std::fmt;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Row, ServerError};
use tokio::time::timeout;

use super::interrupt::{OpenQuery, halt};
use super::url::Deadline;

/// How long a second connection may take to kill a query that gave no answer in time.
pub(super) const TO_KILL: Duration = Duration::from_secs(2);

/// The largest answer to one query, in bytes. No schema is that large, but a server might send
/// without end.
const MOST_BYTES: usize = 1 << 30;

/// A session on a server.
pub(super) struct Session {
    /// `None` after a failure, when the connection may hold the rest of an answer.
    conn: Option<Conn>,
    options: Opts,
    limits: Limits,
}

/// Time limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Until the login is accepted.
    pub(super) connect: Duration,
    /// Until the next row of an answer.
    pub(super) read: Duration,
    /// For everything together.
    pub(super) all: Option<Deadline>,
}

/// The result of asking a server.
pub(super) type SessionResult<T> = Result<T, Failure>;

/// Why a server gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server refused. The session can still be used.
    Server(ServerError),
    /// Any other error of the driver.
    Driver(mysql_async::Error),
    /// Nothing came within this time.
    Silent(Duration),
    /// The time for everything together is over.
    Late(Deadline),
    /// It sends more than any answer can have.
    Endless,
    /// It sent something that made the driver panic.
    Nonsense,
    /// An earlier failure has ended the session.
    Ended,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Server(error) => error.fmt(f),
            Failure::Driver(error) => error.fmt(f),
            Failure::Silent(time) => write!(f, "no answer within {} s", time.as_secs()),
            Failure::Late(deadline) => write!(f, "not done within {} s", deadline.seconds()),
            Failure::Endless => write!(f, "an answer of more than {} MiB", MOST_BYTES >> 20),
            Failure::Nonsense => f.write_str("an answer that makes no sense"),
            Failure::Ended => f.write_str("the session has ended"),
        }
    }
}

impl From<mysql_async::Error> for Failure {
    fn from(error: mysql_async::Error) -> Self {
        match error {
            mysql_async::Error::Server(error) => Failure::Server(error),
            other => Failure::Driver(other),
        }
    }
}

impl Session {
    /// Logs in, within the limit for connecting.
    pub(super) async fn open(options: Opts, limits: Limits) -> SessionResult<Session> {
        let conn = limits.hold(limits.connect, Conn::new(options.clone())).await?;
        Ok(Session { conn: Some(conn), options, limits })
    }

    /// Runs one statement or several, passes on each row of each answer, and returns the number of
    /// warnings of the last.
    pub(super) async fn rows(&mut self, sql: &str, row: impl FnMut(Row)) -> SessionResult<u16> {
        let mut conn = self.conn.take().ok_or(Failure::Ended)?;
        let query = OpenQuery::begin(&self.options, conn.id());
        let outcome = read_rows(&mut conn, sql, self.limits, row).await;
        halt().await;
        drop(query);
        match outcome {
            Ok(_) | Err(Failure::Server(_)) => self.conn = Some(conn),
            Err(Failure::Silent(_) | Failure::Late(_)) => {
                // Stop the query that the server still works on.
                let number = conn.id();
                drop(conn);
                let _ = timeout(TO_KILL, kill(self.options.clone(), number)).await;
            }
            Err(_) => {}
        }
        outcome
    }

    /// Closes the connection properly; otherwise the server would log an aborted client.
    pub(super) async fn close(mut self) {
        if let Some(conn) = self.conn.take() {
            let _ = timeout(TO_KILL, conn.disconnect()).await;
        }
    }
}

async fn read_rows(
    conn: &mut Conn,
    sql: &str,
    limits: Limits,
    mut row: impl FnMut(Row),
) -> SessionResult<u16> {
    let mut answer = limits.hold(limits.read, conn.query_iter(sql)).await?;
    let mut bytes = 0;
    loop {
        while let Some(values) = limits.hold(limits.read, answer.next()).await? {
            bytes += size(&values);
            if bytes > MOST_BYTES {
                return Err(Failure::Endless);
            }
            row(values);
        }
        if answer.is_empty() {
            return Ok(answer.warnings());
        }
    }
}

/// The approximate size of a row in bytes.
fn size(row: &Row) -> usize {
    let of_field = |number| match row.as_ref(number) {
        Some(mysql_async::Value::Bytes(bytes)) => bytes.len(),
        _ => 0,
    };
    (0..row.len()).map(|number| of_field(number) + size_of::<mysql_async::Value>()).sum()
}

impl Limits {
    /// Waits for `work` within its own limit and the limit for everything.
    async fn hold<T>(
        self,
        limit: Duration,
        work: impl Future<Output = mysql_async::Result<T>>,
    ) -> SessionResult<T> {
        let late = self.all.filter(|all| all.left() < limit);
        let failure = late.map_or(Failure::Silent(limit), Failure::Late);
        let limit = late.map_or(limit, Deadline::left);
        timeout(limit, work).await.map_err(|_| failure)?.map_err(Failure::from)
    }
}

/// Kills a session's query from another session. An account may always kill its own.
pub(super) async fn kill(options: Opts, number: u32) -> mysql_async::Result<()> {
    let mut conn = Conn::new(options).await?;
    conn.query_drop(format!("KILL QUERY {number}")).await?;
    conn.disconnect().await
}

#[cfg(test)]
mod live_tests;
