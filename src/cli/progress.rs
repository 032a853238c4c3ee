//! A word on standard error when something takes longer than a second.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Runs `work`; after a second, says on standard error what is being waited for.
pub(super) fn with_progress<T>(doing: &str, work: impl FnOnce() -> T) -> T {
    let (done, waiting) = mpsc::channel::<()>();
    let doing = doing.to_owned();
    let teller = thread::spawn(move || {
        if let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(Duration::from_secs(1)) {
            // A closed standard error is no reason to stop the work.
            let _ = writeln!(anstream::stderr(), "{doing} …");
        }
    });
    let result = work();
    drop(done);
    let _ = teller.join();
    result
}
