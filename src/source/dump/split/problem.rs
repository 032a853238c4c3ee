//! Errors of splitting a stream.

use std::io;

/// Why a stream can't be split any further.
#[derive(Debug)]
pub(in crate::source::dump) enum SplitError {
    /// It can't be read.
    Io(io::Error),
    /// Its text can't be split.
    Problem(SplitProblem),
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source::dump) struct SplitProblem {
    pub(in crate::source::dump) message: String,
    pub(in crate::source::dump) help: Option<&'static str>,
    /// Line and column, counted from 1, the column in bytes.
    pub(in crate::source::dump) line: usize,
    pub(in crate::source::dump) column: usize,
    /// The text at that place.
    pub(in crate::source::dump) shown: Vec<u8>,
}

impl SplitProblem {
    pub(super) fn with_help(self, help: &'static str) -> Self {
        SplitProblem { help: Some(help), ..self }
    }
}

impl From<io::Error> for SplitError {
    fn from(error: io::Error) -> Self {
        SplitError::Io(error)
    }
}

impl From<SplitProblem> for SplitError {
    fn from(problem: SplitProblem) -> Self {
        SplitError::Problem(problem)
    }
}
