//! A progress line on standard error when something takes longer than a second.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Runs `work`. If it takes longer than a second, prints on standard error what is in progress.
/// While `asking` is true, a person is being asked for something at the terminal, and the line has
/// to wait.
pub(super) fn with_progress<T>(
    doing: &str,
    asking: impl Fn() -> bool + Send + 'static,
    work: impl FnOnce() -> T,
) -> T {
    let (done, waiting) = mpsc::channel::<()>();
    let doing = doing.to_owned();
    let teller = thread::spawn(move || {
        while let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(Duration::from_secs(1)) {
            if !asking() {
                // A closed standard error doesn't stop the work.
                let _ = writeln!(anstream::stderr(), "{doing} …");
                break;
            }
        }
    });
    let result = work();
    drop(done);
    let _ = teller.join();
    result
}
