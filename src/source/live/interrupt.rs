//! Ctrl-C or another request to end during a query. MySQL would go on with a query whose client is
//! gone, so the query is killed before the process ends.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mysql_async::Opts;

/// The running queries, each with the number of its connection.
static QUERIES: Mutex<BTreeMap<u64, (Opts, u32)>> = Mutex::new(BTreeMap::new());

/// Whether the process is about to end.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

fn queries() -> MutexGuard<'static, BTreeMap<u64, (Opts, u32)>> {
    QUERIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running query, registered until the value is dropped.
pub(super) struct OpenQuery(u64);

impl OpenQuery {
    pub(super) fn begin(options: &Opts, connection: u32) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        queries().insert(number, (options.clone(), connection));
        OpenQuery(number)
    }
}

impl Drop for OpenQuery {
    fn drop(&mut self) {
        queries().remove(&self.0);
    }
}

/// How often a person has asked to stop, where a run stops between two statements.
static REQUESTS: AtomicU32 = AtomicU32::new(0);

/// Whether a run stops between two statements.
static STOPS_BETWEEN: AtomicBool = AtomicBool::new(false);

/// From here on the first request to end only sets what [`is_asked_to_stop`] says, the second one
/// also kills the running statements, and the third one ends the process.
pub fn stop_between_statements() {
    STOPS_BETWEEN.store(true, Ordering::Relaxed);
}

/// Whether a person has asked to stop.
pub fn is_asked_to_stop() -> bool {
    REQUESTS.load(Ordering::Relaxed) > 0
}

/// Waits for the end of the process if it is about to end, because the server's only answer by then
/// is that its query was killed.
pub(super) async fn halt() {
    if IS_ENDING.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
pub(super) use on_unix::{show_again, watch};

#[cfg(unix)]
mod on_unix {
    use std::future::pending;
    use std::io::{Write as _, stdin};
    use std::sync::{Mutex, Once, PoisonError, mpsc};
    use std::thread;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use tokio::runtime::Builder;
    use tokio::signal::unix::{Signal, SignalKind, signal};
    use tokio::time::timeout;

    use super::super::session::{TO_KILL, kill};
    use super::{IS_ENDING, Ordering, REQUESTS, STOPS_BETWEEN, queries};

    /// The terminal's settings before its echo was switched off.
    static TERMINAL: Mutex<Option<Termios>> = Mutex::new(None);

    /// From here on a signal to end the process is handled here.
    pub(in super::super) fn watch() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let (ready, listening) = mpsc::channel();
            thread::spawn(move || {
                let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
                    return;
                };
                runtime.block_on(async {
                    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
                        if let (false, Ok(signals)) = (is_ignored(kind), signal(kind)) {
                            tokio::spawn(end_at(signals, kind));
                        }
                    }
                    let _ = ready.send(());
                    pending::<()>().await;
                });
            });
            // The terminal's echo may be switched off only after the handler that switches it on
            // again is there.
            let _ = listening.recv();
        });
    }

    /// Whether the process was started with this signal ignored, as a shell does for background
    /// jobs. `false` if the system doesn't say.
    fn is_ignored(kind: SignalKind) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        ignored.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
    }

    /// Has the handler switch the terminal's echo on again.
    pub(in super::super) fn show_again() {
        watch();
        let mut terminal = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
        *terminal = tcgetattr(stdin()).ok();
    }

    /// Kills the queries, which may take only a short time or until a second signal, and ends the
    /// process.
    async fn end_at(mut signals: Signal, kind: SignalKind) {
        loop {
            if signals.recv().await.is_none() {
                return;
            }
            if !STOPS_BETWEEN.load(Ordering::Relaxed) {
                break;
            }
            match REQUESTS.fetch_add(1, Ordering::Relaxed) {
                0 => say("stopping after this statement; once more stops the statement itself"),
                1 => {
                    say("stopping the statement");
                    let _ = timeout(TO_KILL, kill_queries()).await;
                }
                _ => break,
            }
        }
        // The shells' exit code for a signal: 128 and the signal's number.
        let code = 128 + kind.as_raw_value();
        IS_ENDING.store(true, Ordering::Relaxed);
        if let Some(before) = &*TERMINAL.lock().unwrap_or_else(PoisonError::into_inner) {
            // If the terminal refuses, there is nowhere to report it.
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
        tokio::spawn(async move {
            signals.recv().await;
            exit(code);
        });
        let _ = timeout(TO_KILL, kill_queries()).await;
        exit(code);
    }

    async fn kill_queries() {
        let queries: Vec<_> = queries().values().cloned().collect();
        for (options, connection) in queries {
            let _ = kill(options, connection).await;
        }
    }

    fn say(text: &str) {
        // If standard error can't be written to, there is nowhere to report it.
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    #[allow(clippy::exit)]
    fn exit(code: i32) -> ! {
        std::process::exit(code)
    }
}

#[cfg(not(unix))]
pub(super) fn watch() {}

#[cfg(not(unix))]
pub(super) fn show_again() {}
