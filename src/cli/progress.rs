//! A word on standard error when something takes longer than a second.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Runs `work`; after a second, says on standard error what is being waited for. While `asking`
/// says that a person is asked something, the terminal is theirs, and the word waits.
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
                // A closed standard error is no reason to stop the work.
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
