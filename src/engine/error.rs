//! Why a run ends before it is done.

use thiserror::Error;

use super::blockers::Blocker;
use super::history::Direction;
use super::missing::MissingReference;
use super::pending::HistoryProblem;
use crate::source::live::{LiveError, RunError};

/// Why a run ends before it is done.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The server can't be reached or read. Nothing is half-done.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// The connection was lost, so that another one has to find out what is in.
    #[error("the connection was lost: {0}")]
    Lost(LiveError),
    /// The server refuses a query of the run's own, as for its history. Nothing is half-done.
    #[error("{message} (error {code})")]
    Refused {
        /// The server's error code.
        code: u16,
        /// The server's message.
        message: String,
    },
    /// Another session holds the lock.
    #[error("{reason}")]
    Locked {
        /// Who holds it, if the server tells.
        holder: Option<String>,
        /// What happened.
        reason: String,
    },
    /// A person asked to stop, and no statement is left in doubt.
    #[error("stopped")]
    Interrupted,
    /// The lock was gone at the end.
    #[error("the lock of this database was lost while the run held it")]
    LockLost,
    /// The database isn't as the files say.
    #[error("the database differs from what the migrations so far give")]
    Drift {
        /// What differs, in words.
        differences: Vec<String>,
        /// When it was looked.
        moment: DriftMoment,
    },
    /// The history and the files disagree.
    #[error("the history and the files disagree")]
    Disagree {
        /// Where.
        problems: Vec<HistoryProblem>,
    },
    /// A migration has stopped half-way, which has to be finished or undone first.
    #[error("migration {version} has stopped half-way")]
    Unfinished {
        /// Its version.
        version: String,
    },
    /// The history says that the database is protected.
    #[error("the database is protected")]
    Protected,
    /// A statement can't be read or carried out on the model.
    #[error("{file}, line {line}: {message}")]
    File {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A migration has stopped at a statement.
    #[error("{} stopped at statement {} of {}", .0.name, .0.position, .0.of)]
    Stopped(Box<Stopped>),
}

/// When the database was compared with what the files give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftMoment {
    /// Before the first statement.
    Before,
    /// Before the history begins, with what the baseline makes.
    Baseline,
    /// After the last statement, so that the files are wrong about its result.
    After,
}

/// A migration that has stopped at a statement.
#[derive(Debug)]
pub struct Stopped {
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: String,
    /// Which way it went.
    pub direction: Direction,
    /// The statement's position in the file, from 1.
    pub position: u32,
    /// How many statements the file has.
    pub of: usize,
    /// How many of them are in, or of a reverse file have run.
    pub done: usize,
    /// The statement.
    pub statement: String,
    /// Why.
    pub reason: StopReason,
}

/// Why a migration has stopped.
#[derive(Debug)]
pub enum StopReason {
    /// The server refuses the statement.
    Failed {
        /// The server's error code.
        code: u16,
        /// The server's message.
        message: String,
        /// What may help.
        hint: Option<&'static str>,
        /// Whether a part of it may be in all the same.
        may_be_in: bool,
        /// What it refers to and nothing makes, if that may be why.
        missing: Vec<MissingReference>,
    },
    /// It is unknown whether the statement is in.
    Unknown {
        /// How the database differs from what the files give before the statement.
        from_before: Vec<String>,
        /// How it differs from what they give after it.
        from_after: Vec<String>,
    },
    /// Other sessions kept the statement from its locks for too long.
    Blocked {
        /// Those that may be in the way.
        blockers: Vec<Blocker>,
        /// How long it was tried, in seconds.
        seconds: u64,
    },
    /// The history can't be written, so that it doesn't say what has come of the statement.
    Unrecorded {
        /// The server's message.
        message: String,
    },
    /// A person asked to stop.
    Asked,
    /// The reverse file says that the statement can't be undone.
    Irreversible {
        /// Why.
        why: String,
    },
}

impl EngineError {
    /// The same of a run that holds the lock. If the server is away for those who read, another
    /// connection has to find out what is in.
    pub(super) fn under_lock(self) -> Self {
        use LiveError::{ConnectionLost, NotADatabase, Silent, TooManyConnections, Unreachable};
        match self {
            EngineError::Live(
                error @ (ConnectionLost { .. }
                | NotADatabase { .. }
                | Silent { .. }
                | TooManyConnections { .. }
                | Unreachable { .. }),
            ) => EngineError::Lost(error),
            other => other,
        }
    }
}

impl From<RunError> for EngineError {
    fn from(error: RunError) -> Self {
        match error {
            // ER_LOCK_WAIT_TIMEOUT
            RunError::Refused { code: 1205, message, .. } => EngineError::Locked {
                holder: None,
                reason: format!(
                    "another session holds a lock on the whole server, as a backup does, or on \
                     the history: {message}"
                ),
            },
            RunError::Refused { code, message, .. } => EngineError::Refused { code, message },
            RunError::Lost(error) => EngineError::Lost(error),
        }
    }
}
