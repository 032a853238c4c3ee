//! Carries out a difference directly, without a file in a folder.

use std::time::Duration;

use super::error::EngineError;
use super::history::{Direction, HistoryKind, HistoryState};
use super::lock::Lock;
use super::migrate::note_protection;
use super::names::HistoryTables;
use super::reconnect::{Place, reconnecting};
use super::run::{Job, RunSettings, run};
use super::store;
use super::timeline::Timeline;
use super::watch::Watcher;
use crate::migration::MigrationFiles;
use crate::source::live::DatabaseUrl;

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
    let place = Place { url, tables: &request.tables, patience: request.lock_patience };
    let work = |lock: &mut Lock<'_>, resumes, (): &mut (), watcher: &mut dyn Watcher| {
        under_lock(lock, request, resumes, watcher)
    };
    reconnecting(&place, watcher, &mut (), |()| (0, 0), work)
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
