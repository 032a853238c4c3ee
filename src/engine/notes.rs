//! Changes of the history alone: nothing runs.

use std::collections::HashSet;
use std::time::Duration;

use super::agreement::refuse_drift;
use super::error::{DriftMoment, EngineError};
use super::history::{Direction, History, HistoryKind, HistoryState, StatementRow, StatementState};
use super::lock::Lock;
use super::migrate::note;
use super::names::HistoryTables;
use super::store::{self, StatementKey};
use super::timeline::Timeline;
use super::watch::Watcher;
use crate::migration::MigrationFiles;
use crate::source;
use crate::source::live::{DatabaseUrl, Worker};

/// What a person says of the history.
pub struct Note<'a> {
    /// The tables of the history.
    pub tables: &'a HistoryTables,
    /// How long to wait for the lock.
    pub patience: Duration,
}

/// Notes these migrations as carried out, and no others: newer ones are forgotten. Unless it is
/// `unchecked`, the database has to be as they make it.
///
/// # Errors
///
/// If the database isn't so, or the server refuses.
pub fn mark(
    url: &DatabaseUrl,
    files: &[MigrationFiles],
    (compared, unchecked): (&source::Settings, bool),
    how: &Note<'_>,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let mut worker = Worker::open(url)?;
    let mut lock = Lock::take(&mut worker, how.tables, how.patience, watcher)?;
    if !unchecked {
        let mut timeline = Timeline::new(lock.worker().server(), compared.clone());
        for file in files {
            timeline.run_file(&file.up, None)?;
        }
        refuse_drift(url, &timeline, DriftMoment::Before)?;
    }
    let history = lock.history()?;
    let noted: HashSet<&str> = files.iter().map(|it| it.version.as_str()).collect();
    let applied = history.entries.iter().filter(|it| it.state == HistoryState::Applied);
    let applied: HashSet<&str> = applied.map(|it| it.version.as_str()).collect();
    let open = history.migrations().filter(|it| {
        !noted.contains(it.version.as_str()) || !applied.contains(it.version.as_str())
    });
    let open = open.map(|it| &it.version);
    for version in open.chain(history.refused.iter().map(|row| &row.version)) {
        let (worker, tables) = lock.parts();
        store::remove(worker, tables, version)?;
    }
    for file in files.iter().filter(|file| !applied.contains(file.version.as_str())) {
        note(&mut lock, file, HistoryKind::Marked)?;
    }
    lock.release()
}

/// Notes whether a statement is in.
///
/// # Errors
///
/// If the server refuses.
pub fn resolve(
    url: &DatabaseUrl,
    (version, direction, position): (&str, Direction, u32),
    is_in: bool,
    how: &Note<'_>,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let mut worker = Worker::open(url)?;
    let mut lock = Lock::take(&mut worker, how.tables, how.patience, watcher)?;
    let (worker, tables) = lock.parts();
    let key = StatementKey { version, direction, position };
    match is_in {
        true => store::done(worker, tables, &key)?,
        false => {
            store::forget(worker, tables, &key)?;
            store::withdraw_if_nothing_was_sent(worker, tables, version)?;
        }
    }
    lock.release()
}

/// The statement of an unfinished migration that may be in: the first that isn't done.
pub fn open_statement(history: &History, version: &str, position: u32) -> Option<Direction> {
    let direction = match history.entry(version)?.state {
        HistoryState::Undoing => Direction::Down,
        _ => Direction::Up,
    };
    let mut rows = history.statements(version, direction);
    let is_open =
        |row: &StatementRow| row.position == position && row.state != StatementState::Done;
    rows.any(is_open).then_some(direction)
}
