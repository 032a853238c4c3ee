//! Why a command fails, and the exit code for it.

use crate::config;
use crate::diagnostic::{Diagnostic, Files};
use crate::migration::FolderError;
use crate::source::dump::DumpError;
use crate::source::live::{LiveError, ScratchError};
use crate::source::yaml;
use crate::verify::Unverified;

/// Why a command fails. This deliberately doesn't implement [`std::error::Error`], so that `?`
/// can't turn it into an `anyhow::Error`, which would lose the exit code.
#[derive(Debug)]
pub(super) enum CommandError {
    /// A file is invalid.
    Invalid { diagnostics: Vec<Diagnostic>, files: Files },
    /// The server can't be reached, or refuses a statement.
    Server(Box<LiveError>),
    /// The files of `generated/` and their lock file disagree.
    Disagree { diagnostics: Vec<Diagnostic>, files: Files },
    /// A plan was tried, and its result wasn't the desired schema.
    NotVerified(Box<Unverified>),
    /// A run of migrations has ended, or wasn't begun.
    Run { failure: RunFailure, diagnostics: Vec<Diagnostic> },
    /// Anything else, such as wrong arguments or a file that can't be read or written.
    Other(anyhow::Error),
}

/// Why a run of migrations has ended, or wasn't begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunFailure {
    /// The server refuses or is away, and nothing is half-done.
    Server,
    /// It needs permission, by name or at the terminal.
    NotPermitted,
    /// The files, the history and the database disagree.
    Disagree,
    /// It has stopped half-way and can go on.
    HalfWay,
    /// Another session holds a lock.
    Locked,
    /// A person has stopped it.
    Interrupted,
}

impl RunFailure {
    fn exit_code(self) -> u8 {
        match self {
            RunFailure::Server => 3,
            RunFailure::NotPermitted => 4,
            RunFailure::Disagree => 5,
            RunFailure::HalfWay => 6,
            RunFailure::Locked => 7,
            RunFailure::Interrupted => 130,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            RunFailure::Server => "server",
            RunFailure::NotPermitted => "not-permitted",
            RunFailure::Disagree => "disagree",
            RunFailure::HalfWay => "half-way",
            RunFailure::Locked => "locked",
            RunFailure::Interrupted => "interrupted",
        }
    }
}

/// The result of a command or of a part of it.
pub(super) type Result<T> = std::result::Result<T, CommandError>;

impl CommandError {
    /// The exit code. Scripts rely on these numbers.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            CommandError::Invalid { .. } | CommandError::Other(_) => 2,
            CommandError::Server(_) | CommandError::NotVerified(_) => 3,
            CommandError::Disagree { .. } => 5,
            CommandError::Run { failure, .. } => failure.exit_code(),
        }
    }

    /// The name of the kind of error in JSON output.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            CommandError::Invalid { .. } => "invalid",
            CommandError::Server(_) => "server",
            CommandError::Disagree { .. } => "disagree",
            CommandError::NotVerified(_) => "not-verified",
            CommandError::Run { failure, .. } => failure.kind(),
            CommandError::Other(_) => "failed",
        }
    }

    /// Adds context to an error of the kind `Other`. The other kinds already say what they are
    /// about.
    pub(super) fn context(self, words: impl FnOnce() -> String) -> Self {
        match self {
            CommandError::Other(error) => CommandError::Other(error.context(words())),
            other => other,
        }
    }
}

impl From<anyhow::Error> for CommandError {
    fn from(error: anyhow::Error) -> Self {
        CommandError::Other(error)
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        CommandError::Other(error.into())
    }
}

impl From<LiveError> for CommandError {
    fn from(error: LiveError) -> Self {
        CommandError::Server(Box::new(error))
    }
}

impl From<Unverified> for CommandError {
    fn from(error: Unverified) -> Self {
        CommandError::NotVerified(Box::new(error))
    }
}

impl From<ScratchError> for CommandError {
    fn from(error: ScratchError) -> Self {
        match error {
            ScratchError::Live(error) => error.into(),
            other => CommandError::Other(other.into()),
        }
    }
}

impl From<yaml::Invalid> for CommandError {
    fn from(error: yaml::Invalid) -> Self {
        CommandError::Invalid { diagnostics: error.diagnostics, files: error.files }
    }
}

impl From<config::InvalidConfig> for CommandError {
    fn from(error: config::InvalidConfig) -> Self {
        CommandError::Invalid { diagnostics: error.diagnostics, files: error.files }
    }
}

impl From<FolderError> for CommandError {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Invalid { diagnostics, files } => {
                CommandError::Invalid { diagnostics, files }
            }
            FolderError::Unreadable { path, source } => {
                CommandError::Other(anyhow::anyhow!("can't read {}: {source}", path.display()))
            }
        }
    }
}

impl From<DumpError> for CommandError {
    fn from(error: DumpError) -> Self {
        match error {
            DumpError::Invalid { diagnostics, files } => {
                CommandError::Invalid { diagnostics, files }
            }
            other => CommandError::Other(other.into()),
        }
    }
}

/// Like `anyhow::bail`, for functions that return a [`Result`].
macro_rules! bail {
    ($($words:tt)*) => {
        return Err(anyhow::anyhow!($($words)*).into())
    };
}
pub(super) use bail;
