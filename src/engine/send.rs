//! Sends one statement, again where that may help, and tells meanwhile what the server says of it.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::blockers::{Blocker, blockers};
use super::watch::{RunEvent, Watcher};
use crate::source::live::{RunError, Worker};

/// How long a statement may wait for a metadata lock before it gives way. All sessions that come
/// after it to read the table wait behind it that long.
const LOCK_WAIT_SECONDS: u64 = 1;

/// ER_LOCK_WAIT_TIMEOUT
pub(super) const LOCK_WAIT_TIMEOUT: u16 = 1205;

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How a statement is sent.
pub(super) struct Sending<'a> {
    /// The statement with its marker.
    pub(super) sql: &'a str,
    /// The tables whose locks it needs, as far as they are known.
    pub(super) tables: Vec<&'a str>,
    /// The working connection.
    pub(super) connection: u64,
    /// How long it is tried again while other sessions hold locks.
    pub(super) patience: Duration,
    /// Whether it makes a unique key, so that error 1062 is about the rows.
    pub(super) makes_unique_key: bool,
    /// Whether it can be sent again after an error: nothing of it is in then, or it may run twice.
    pub(super) is_repeatable: bool,
}

/// Why a statement isn't in, or may not be.
pub(super) enum NotSent {
    Run(RunError),
    Blocked { blockers: Vec<Blocker>, seconds: u64 },
}

impl From<RunError> for NotSent {
    fn from(error: RunError) -> Self {
        NotSent::Run(error)
    }
}

/// What is done to send it.
type Run<'a> = dyn FnMut(&mut Worker, &mut dyn Watcher) -> Result<(), RunError> + 'a;

/// Sends it until it is in, is refused, or patience ends.
pub(super) fn send(
    worker: &mut Worker,
    sending: &Sending<'_>,
    watcher: &mut dyn Watcher,
    run: &mut Run<'_>,
) -> Result<(), NotSent> {
    // What can't be sent again waits at once for as long as it may.
    let wait = match sending.is_repeatable {
        true => Duration::from_secs(LOCK_WAIT_SECONDS),
        false => sending.patience,
    };
    worker.run(&wait_for_locks(wait))?;
    let outcome = send_again(worker, sending, watcher, run);
    if !matches!(outcome, Err(NotSent::Run(RunError::Lost(_)))) {
        // Nobody waits behind the record of it.
        worker.run(&wait_for_locks(sending.patience))?;
    }
    outcome
}

/// Sets how long a statement waits for metadata locks, and for a lock on the whole server.
pub(super) fn wait_for_locks(time: Duration) -> String {
    format!("SET SESSION lock_wait_timeout = {}", time.as_secs().max(1))
}

fn send_again(
    worker: &mut Worker,
    sending: &Sending<'_>,
    watcher: &mut dyn Watcher,
    run: &mut Run<'_>,
) -> Result<(), NotSent> {
    let began = Instant::now();
    let mut pause = Duration::from_millis(500);
    let mut was_repeated = false;
    loop {
        let error = match run(worker, watcher) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match error.code().filter(|_| sending.is_repeatable) {
            Some(LOCK_WAIT_TIMEOUT) => {
                let found = blockers(worker.url(), &sending.tables, sending.connection);
                let stops = watcher.wants_to_stop();
                if stops || began.elapsed() + pause > sending.patience {
                    let seconds = began.elapsed().as_secs();
                    return Err(NotSent::Blocked { blockers: found, seconds });
                }
                watcher.event(&RunEvent::Blocked { blockers: &found, again_in: pause });
                thread::sleep(pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            // ER_LOCK_DEADLOCK, ER_INNODB_ONLINE_LOG_TOO_BIG, and ER_DUP_ENTRY where changes made
            // meanwhile are repeated on the new copy of the table
            Some(code @ (1213 | 1799 | 1062))
                if !was_repeated && (code != 1062 || !sending.makes_unique_key) =>
            {
                was_repeated = true;
                watcher.event(&RunEvent::Again { code });
            }
            _ => return Err(error.into()),
        }
    }
}

/// Does `work`, and tells every second how long it has taken and what `look` says of it.
pub(super) fn watched<T>(
    watcher: &mut dyn Watcher,
    look: impl FnMut() -> Option<String> + Send,
    work: impl FnOnce() -> T + Send,
) -> T
where
    T: Send,
{
    let began = Instant::now();
    let (done, waiting) = mpsc::channel();
    let mut look = look;
    thread::scope(|scope| {
        let working = scope.spawn(move || {
            let result = work();
            // Nobody waits any more if the receiver is gone.
            let _ = done.send(());
            result
        });
        while let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(Duration::from_secs(1)) {
            let progress = look();
            watcher
                .event(&RunEvent::Runs { elapsed: began.elapsed(), progress: progress.as_deref() });
        }
        match working.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
