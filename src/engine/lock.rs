//! The lock that one run holds on a database.
//!
//! It is held on the connection that runs the statements. So it stays held after the client is
//! dead until the server has ended the statement or rolled it back, and is free as soon as nothing
//! runs any more (MySQL 8.4 Reference Manual, 14.14 "Locking Functions"; found by trial on MariaDB).

use std::time::{Duration, Instant};

use super::error::EngineError;
use super::history::History;
use super::identity::ServerIdentity;
use super::names::{self, HistoryTables};
use super::send::wait_for_locks;
use super::store;
use super::watch::{RunEvent, Watcher};
use crate::source::live::{RunError, Worker};

/// The longest wait for the lock before the holder is looked at again, in seconds.
const LOOK_AGAIN: u64 = 5;

/// The lock. What carries statements out takes it, so that nothing runs without it.
pub(super) struct Lock<'w> {
    worker: &'w mut Worker,
    tables: HistoryTables,
    here: ServerIdentity,
}

/// The name, unique to the database and the history. MySQL allows 64 characters; MariaDB regards
/// their case.
fn name(tables: &HistoryTables) -> String {
    format!(
        "CONCAT('driftline ', LEFT(SHA2(CONCAT(IF(@@lower_case_table_names = 0, DATABASE(), \
         LOWER(DATABASE())), '/', {}), 224), 40))",
        store::text(&tables.migrations)
    )
}

impl<'w> Lock<'w> {
    /// Takes the lock; waits for it up to `patience`.
    ///
    /// # Errors
    ///
    /// If another session still holds it then.
    pub(super) fn take(
        worker: &'w mut Worker,
        tables: &HistoryTables,
        patience: Duration,
        watcher: &mut dyn Watcher,
    ) -> Result<Lock<'w>, EngineError> {
        let name = name(tables);
        let until = Instant::now() + patience;
        let mut wait = 0;
        loop {
            let rows =
                worker.rows(&format!("SELECT GET_LOCK({name}, {wait}), IS_USED_LOCK({name})"))?;
            let row = rows.into_iter().next().unwrap_or_default();
            let field = |at: usize| row.get(at).cloned().flatten();
            if field(0).as_deref() == Some("1") {
                // A backup's lock on the whole server would otherwise be waited for without end.
                worker.run(&wait_for_locks(patience))?;
                let here = ServerIdentity::of(worker)?;
                return Ok(Lock { worker, tables: tables.clone(), here });
            }
            if field(0).is_none() {
                let reason = "the server broke off the wait for the lock".to_owned();
                return Err(EngineError::Locked { holder: None, reason });
            }
            let holder = holder(worker, field(1))?;
            if watcher.wants_to_stop() {
                return Err(EngineError::Interrupted);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let reason = "another run holds the lock of this database".to_owned();
                return Err(EngineError::Locked { holder, reason });
            }
            watcher.event(&RunEvent::WaitsForLock { holder: holder.as_deref() });
            wait = left.as_secs().clamp(1, LOOK_AGAIN);
        }
    }

    /// The connection that holds the lock.
    pub(super) fn worker(&mut self) -> &mut Worker {
        self.worker
    }

    /// The server.
    pub(super) fn here(&self) -> &ServerIdentity {
        &self.here
    }

    /// The same, with the tables of the history.
    pub(super) fn parts(&mut self) -> (&mut Worker, &HistoryTables) {
        (self.worker, &self.tables)
    }

    /// The history as it is under the lock. Its tables are made if they aren't there.
    ///
    /// # Errors
    ///
    /// If the server refuses, or the connection is lost.
    pub(super) fn history(&mut self) -> Result<History, EngineError> {
        match store::read_history(self.worker, &self.tables)? {
            Some(history) => Ok(history),
            None => {
                names::create(self.worker, &self.tables)?;
                Ok(History::default())
            }
        }
    }

    /// Gives the lock back.
    ///
    /// # Errors
    ///
    /// If it wasn't held any more, so that another run may have been there meanwhile.
    pub(super) fn release(self) -> Result<(), EngineError> {
        let rows = self.worker.rows(&format!("SELECT RELEASE_LOCK({})", name(&self.tables)))?;
        let released = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
        match released.as_deref() {
            Some("1") => Ok(()),
            _ => Err(EngineError::LockLost),
        }
    }
}

/// Who holds the lock: the connection, and what it runs if this account may see it.
fn holder(worker: &mut Worker, connection: Option<String>) -> Result<Option<String>, RunError> {
    let Some(connection) = connection.filter(|id| id.bytes().all(|it| it.is_ascii_digit())) else {
        return Ok(None);
    };
    let rows = worker.rows(&format!(
        "SELECT USER, HOST, TIME, STATE, INFO FROM information_schema.PROCESSLIST WHERE ID = {connection}"
    ))?;
    let words = rows.into_iter().next().map(|row| {
        let mut fields = row.into_iter();
        let mut next = || fields.next().flatten().unwrap_or_default();
        let (user, host, time, state, info) = (next(), next(), next(), next(), next());
        let doing = match info.is_empty() {
            true => state,
            false => info.chars().take(120).collect(),
        };
        format!("connection {connection}, {user}@{host}, for {time} s: {doing}")
    });
    Ok(Some(words.unwrap_or_else(|| format!("connection {connection}"))))
}
