//! Carries out a difference directly, without a file in a folder.

use std::time::{Duration, Instant};

use super::error::EngineError;
use super::history::{Direction, HistoryKind, HistoryState};
use super::lock::Lock;
use super::migrate::note_protection;
use super::names::HistoryTables;
use super::run::{Job, RunSettings, run};
use super::store;
use super::timeline::Timeline;
use super::watch::{RunEvent, Watcher};
use crate::migration::MigrationFiles;
use crate::source::live::{DatabaseUrl, Worker};

/// A difference that is carried out directly.
pub struct PushRequest<'a> {
    /// The statements, as the files of a migration.
    pub files: &'a MigrationFiles,
    /// The schema from which they start.
    pub base: Timeline,
    /// How the run behaves.
    pub settings: RunSettings,
    /// How long it waits for the lock, and for a server that went away.
    pub lock_patience: Duration,
    /// The tables of the history.
    pub tables: HistoryTables,
    /// Whether the database belongs to a protected environment.
    pub is_protected: bool,
}

/// Carries the statements out. If the connection is lost, a new one finds out what is in, and goes
/// on.
///
/// # Errors
///
/// Why it isn't done. A push that is left half-way isn't resumed: the next one carries out what
/// differs then.
pub fn push(
    url: &DatabaseUrl,
    request: &PushRequest<'_>,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let mut until = None;
    loop {
        let error = match attempt(url, request, until.is_some(), watcher) {
            Err(EngineError::Lost(error)) => error,
            Err(EngineError::Live(error)) if until.is_some() => error,
            result => return result,
        };
        let until = *until.get_or_insert_with(|| Instant::now() + request.lock_patience);
        if Instant::now() >= until || watcher.wants_to_stop() {
            return Err(EngineError::Lost(error));
        }
        watcher.event(&RunEvent::Reconnects { error: &error });
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn attempt(
    url: &DatabaseUrl,
    request: &PushRequest<'_>,
    resumes: bool,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let mut worker = Worker::open(url)?;
    let mut lock = Lock::take(&mut worker, &request.tables, request.lock_patience, watcher)?;
    let result = under_lock(&mut lock, request, resumes, watcher);
    let result = result.map_err(EngineError::under_lock);
    match result {
        Err(EngineError::Lost(_)) => result,
        _ => {
            let released = lock.release();
            result.and(released)
        }
    }
}

fn under_lock(
    lock: &mut Lock<'_>,
    request: &PushRequest<'_>,
    resumes: bool,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let history = lock.history()?;
    if request.is_protected && !history.is_protected() {
        note_protection(lock)?;
    }
    let version = request.files.version.as_str();
    if history.entry(version).is_some_and(|entry| entry.state == HistoryState::Applied) {
        // The connection was lost after the last statement.
        return Ok(());
    }
    for entry in history.entries.iter().filter(|entry| entry.version != version) {
        match (entry.kind, entry.state) {
            (HistoryKind::Push, HistoryState::Applying) => {
                let (worker, tables) = lock.parts();
                store::set_state(worker, tables, &entry.version, HistoryState::Replaced)?;
            }
            (_, HistoryState::Applying | HistoryState::Undoing) => {
                return Err(EngineError::Unfinished { version: entry.version.clone() });
            }
            _ => {}
        }
    }
    let rows = history.statements(version, Direction::Up).cloned().collect();
    let job = Job {
        files: request.files,
        kind: HistoryKind::Push,
        direction: Direction::Up,
        is_in: None,
        rows,
        checks_schema: !resumes,
    };
    run(lock, &job, request.base.clone(), &request.settings, watcher).map(drop)
}
