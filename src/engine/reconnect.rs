//! A run under the lock, over as many connections as it takes.

use std::time::{Duration, Instant};

use super::error::EngineError;
use super::lock::Lock;
use super::names::HistoryTables;
use super::watch::{RunEvent, Watcher};
use crate::source::live::{DatabaseUrl, Worker};

/// How long to wait before a connection is opened again.
const PAUSE: Duration = Duration::from_millis(500);

/// Where a run is.
pub(super) struct Place<'a> {
    pub(super) url: &'a DatabaseUrl,
    /// The tables of the history.
    pub(super) tables: &'a HistoryTables,
    /// How long it waits for the lock, and for a server that went away.
    pub(super) patience: Duration,
}

/// Does the work under the lock. If the connection is lost, it is done again on a new one, which finds
/// out from the history what is in; it is told that it resumes. `progress` is another value as soon as
/// the work has got on; from then on the patience counts anew.
///
/// # Errors
///
/// Those of the work, or if no connection came in time.
pub(super) fn reconnecting<S, T>(
    place: &Place<'_>,
    watcher: &mut dyn Watcher,
    state: &mut S,
    progress: impl Fn(&S) -> (usize, usize),
    mut work: impl FnMut(&mut Lock<'_>, bool, &mut S, &mut dyn Watcher) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let mut until = None;
    let mut seen = progress(state);
    loop {
        let resumes = until.is_some();
        let result =
            under_lock(place, watcher, |lock, watcher| work(lock, resumes, state, watcher));
        let error = match result {
            Err(EngineError::Lost(error)) => error,
            // A server that is being started again refuses connections for a while.
            Err(EngineError::Live(error)) if resumes => error,
            result => return result,
        };
        if seen != progress(state) {
            seen = progress(state);
            until = None;
        }
        let until = *until.get_or_insert_with(|| Instant::now() + place.patience);
        if Instant::now() >= until || watcher.wants_to_stop() {
            return Err(EngineError::Lost(error));
        }
        watcher.event(&RunEvent::Reconnects { error: &error });
        std::thread::sleep(PAUSE);
    }
}

/// Does the work on one connection.
fn under_lock<T>(
    place: &Place<'_>,
    watcher: &mut dyn Watcher,
    work: impl FnOnce(&mut Lock<'_>, &mut dyn Watcher) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let mut worker = Worker::open(place.url)?;
    let mut lock = Lock::take(&mut worker, place.tables, place.patience, watcher)?;
    let result = work(&mut lock, watcher).map_err(EngineError::under_lock);
    if matches!(result, Err(EngineError::Lost(_))) {
        return result;
    }
    let released = lock.release();
    let done = result?;
    released.map(|()| done)
}
