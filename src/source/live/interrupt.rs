//! Ctrl-C, or a request to end, while servers are at work: MySQL would go on with a query whose client
//! is gone, so it is ended there before the process ends here.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mysql_async::Opts;

/// The queries that servers work on, each with the number of its connection.
static QUERIES: Mutex<BTreeMap<u64, (Opts, u32)>> = Mutex::new(BTreeMap::new());

/// Whether the process is about to end.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

fn queries() -> MutexGuard<'static, BTreeMap<u64, (Opts, u32)>> {
    QUERIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stands for a query while a server works on it.
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

/// Waits for the end where the process is about to end: what a server says by then is that its query
/// was ended.
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
    use std::io::stdin;
    use std::sync::{Mutex, Once, PoisonError, mpsc};
    use std::thread;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use tokio::runtime::Builder;
    use tokio::signal::unix::{Signal, SignalKind, signal};
    use tokio::time::timeout;

    use super::super::session::{TO_KILL, kill};
    use super::{IS_ENDING, Ordering, queries};

    /// How the terminal was before it was made to hide what is typed.
    static TERMINAL: Mutex<Option<Termios>> = Mutex::new(None);

    /// From here on such a signal ends the process in this way.
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
            // The terminal isn't changed before there is somebody to change it back.
            let _ = listening.recv();
        });
    }

    /// Whether whoever started the process had it pass over this signal, as a shell does with what runs
    /// in the background. None is where the system doesn't tell.
    fn is_ignored(kind: SignalKind) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        ignored.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
    }

    /// Has the terminal show again, at such an end, what is typed.
    pub(in super::super) fn show_again() {
        watch();
        let mut terminal = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
        *terminal = tcgetattr(stdin()).ok();
    }

    /// Ends the queries, as long as that doesn't take long and nobody asks again, and the process.
    async fn end_at(mut signals: Signal, kind: SignalKind) {
        if signals.recv().await.is_none() {
            return;
        }
        // As the shells have it: 128 and the signal's number.
        let code = 128 + kind.as_raw_value();
        IS_ENDING.store(true, Ordering::Relaxed);
        if let Some(before) = &*TERMINAL.lock().unwrap_or_else(PoisonError::into_inner) {
            // There is nowhere to report a terminal that doesn't take it.
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
        tokio::spawn(async move {
            signals.recv().await;
            exit(code);
        });
        let queries: Vec<_> = queries().values().cloned().collect();
        let kill_all = async {
            for (options, connection) in queries {
                let _ = kill(options, connection).await;
            }
        };
        let _ = timeout(TO_KILL, kill_all).await;
        exit(code);
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
