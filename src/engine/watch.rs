//! What a run tells while it goes on.

use std::time::Duration;

use super::blockers::Blocker;
use super::history::Direction;
use super::judge::StatementVerdict;
use crate::source::live::LiveError;

/// Something that a person may want to see while it happens.
#[derive(Debug)]
pub enum RunEvent<'a> {
    /// Another session holds the lock.
    WaitsForLock {
        /// Who.
        holder: Option<&'a str>,
    },
    /// A migration begins, or goes on.
    Begins {
        /// Its name: `20261122101500_add_report_status`.
        name: &'a str,
        /// Which way.
        direction: Direction,
        /// How many statements it has.
        statements: usize,
        /// Whether some of it ran before.
        resumes: bool,
    },
    /// A statement is sent.
    Sends {
        /// Its position, from 1.
        position: u32,
        /// How many statements the file has.
        of: usize,
        /// Its text.
        statement: &'a str,
    },
    /// A statement is still running.
    Runs {
        /// How long so far.
        elapsed: Duration,
        /// What the server says of it: a state, with the share that is done where it says so.
        progress: Option<&'a str>,
    },
    /// A statement is in.
    Done {
        /// Its position.
        position: u32,
        /// How long it took.
        elapsed: Duration,
    },
    /// It was found out whether a statement is in of which that was unknown.
    Judged {
        /// Its position.
        position: u32,
        /// Whether it is in.
        verdict: StatementVerdict,
    },
    /// A statement waits for other sessions, and will be sent again.
    Blocked {
        /// Those that may be in the way.
        blockers: &'a [Blocker],
        /// When it is sent again.
        again_in: Duration,
    },
    /// A statement is sent once more, because its error may be gone the second time.
    Again {
        /// The server's error code.
        code: u16,
    },
    /// The connection was lost, and another one is opened.
    Reconnects {
        /// Why it was lost.
        error: &'a LiveError,
    },
    /// A migration is finished.
    Finished {
        /// Its name.
        name: &'a str,
        /// Which way.
        direction: Direction,
        /// How long it took.
        elapsed: Duration,
    },
}

/// Who is told. It may also ask to stop.
pub trait Watcher {
    /// Something happens.
    fn event(&mut self, event: &RunEvent<'_>);

    /// Whether to stop before the next statement.
    fn wants_to_stop(&self) -> bool {
        false
    }
}
