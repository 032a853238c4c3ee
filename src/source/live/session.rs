//! A session on a server, with a limit of time on everything that waits for the server.
//!
//! The driver has no limits of its own, and a future of its that is dropped halfway leaves the
//! rest of an answer on the connection, which the next query would take for its own. So the
//! connection is taken out while a query runs, and only comes back when its answer was read whole.

use std::fmt;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Row, ServerError};
use tokio::time::timeout;

use super::url::Deadline;

/// How long a second connection may take to end a query that gave no answer in time.
const TO_KILL: Duration = Duration::from_secs(2);

/// The most that one query may answer, in bytes: what no schema reaches, and a server that sends
/// without an end does.
const MOST_BYTES: usize = 1 << 30;

/// A session on a server.
pub(super) struct Session {
    /// `None` once it can't be told what stands on the connection.
    conn: Option<Conn>,
    options: Opts,
    limits: Limits,
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Until the login is accepted.
    pub(super) connect: Duration,
    /// Until the next row of an answer.
    pub(super) read: Duration,
    /// Everything together.
    pub(super) all: Option<Deadline>,
}

/// What became of something that was asked of a server.
pub(super) type Outcome<T> = Result<T, Failure>;

/// Why a server gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// It refuses, in its own words. The session can be used on.
    Server(ServerError),
    /// The driver's error, of anything but the server's refusal.
    Driver(mysql_async::Error),
    /// Nothing came in this time.
    Silent(Duration),
    /// The time for everything is over.
    Late(Deadline),
    /// It sends more than can be an answer.
    Endless,
    /// It said something at which the driver gave up.
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
    /// Logs in, all of it in the time that is given.
    pub(super) async fn open(options: Opts, limits: Limits) -> Outcome<Session> {
        let conn = limits.hold(limits.connect, Conn::new(options.clone())).await?;
        Ok(Session { conn: Some(conn), options, limits })
    }

    /// Runs one statement or several, hands over each row of each answer, and gives the number
    /// of the server's warnings on the last.
    pub(super) async fn rows(&mut self, sql: &str, row: impl FnMut(Row)) -> Outcome<u16> {
        let mut conn = self.conn.take().ok_or(Failure::Ended)?;
        let outcome = read_rows(&mut conn, sql, self.limits, row).await;
        match outcome {
            Ok(_) | Err(Failure::Server(_)) => self.conn = Some(conn),
            Err(Failure::Silent(_) | Failure::Late(_)) => {
                // What it still works on is of no use to anybody.
                let number = conn.id();
                drop(conn);
                let _ = timeout(TO_KILL, kill(self.options.clone(), number)).await;
            }
            Err(_) => {}
        }
        outcome
    }

    /// Takes leave of the server, which would otherwise note a client that broke off.
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
) -> Outcome<u16> {
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

/// About how many bytes a row takes.
fn size(row: &Row) -> usize {
    let of_field = |number| match row.as_ref(number) {
        Some(mysql_async::Value::Bytes(bytes)) => bytes.len(),
        _ => 0,
    };
    (0..row.len()).map(|number| of_field(number) + size_of::<mysql_async::Value>()).sum()
}

impl Limits {
    /// Waits no longer than it may take, nor than all may.
    async fn hold<T>(
        self,
        limit: Duration,
        work: impl Future<Output = mysql_async::Result<T>>,
    ) -> Outcome<T> {
        let late = self.all.filter(|all| all.left() < limit);
        let failure = late.map_or(Failure::Silent(limit), Failure::Late);
        let limit = late.map_or(limit, Deadline::left);
        timeout(limit, work).await.map_err(|_| failure)?.map_err(Failure::from)
    }
}

/// Ends a session's query from another session. An account may always end its own.
async fn kill(options: Opts, number: u32) -> mysql_async::Result<()> {
    let mut conn = Conn::new(options).await?;
    conn.query_drop(format!("KILL QUERY {number}")).await?;
    conn.disconnect().await
}

#[cfg(test)]
mod live_tests;
