//! Drops everything that is in a database.

use std::time::Duration;

use super::error::EngineError;
use super::lock::Lock;
use super::names::HistoryTables;
use super::store;
use super::watch::Watcher;
use crate::source::live::{Content, DatabaseUrl, Worker, drop_statement};

/// What is in a database, and whether its history says that it is protected.
///
/// # Errors
///
/// If the server can't be reached or refuses.
pub fn contents(
    url: &DatabaseUrl,
    tables: &HistoryTables,
) -> Result<(Vec<Content>, bool), EngineError> {
    let mut worker = Worker::open(url)?;
    let history = store::read_history(&mut worker, tables)?.unwrap_or_default();
    Ok((worker.contents()?, history.is_protected()))
}

/// Drops everything that is in the database, the history too; returns how much that was.
///
/// # Errors
///
/// If the database is protected, another run holds the lock, or the server refuses.
pub fn reset(
    url: &DatabaseUrl,
    tables: &HistoryTables,
    patience: Duration,
    watcher: &mut dyn Watcher,
) -> Result<usize, EngineError> {
    let mut worker = Worker::open(url)?;
    let mut lock = Lock::take(&mut worker, tables, patience, watcher)?;
    let (worker, tables) = lock.parts();
    // Read again under the lock: a run may have come between.
    let history = store::read_history(worker, tables)?.unwrap_or_default();
    if history.is_protected() {
        return Err(EngineError::Protected);
    }
    let server = worker.server();
    worker.run("SET SESSION foreign_key_checks = 0")?;
    let contents = worker.contents()?;
    for content in &contents {
        if let Some(drop) = drop_statement(content, &server) {
            worker.run(&drop.text)?;
        }
    }
    lock.release()?;
    Ok(contents.len())
}
