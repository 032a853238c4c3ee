//! What an option can be, where several commands have it.

use clap::ValueEnum;

use crate::finding::DriftClass;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// Text for people
    Text,
    /// The SQL statements, with comments on what they do and their risks
    Sql,
    /// A unified diff of each table's CREATE TABLE
    Diff,
    /// A page for a reviewer, in one file
    Html,
    /// JSON for programs; see docs/json.md
    Json,
    /// SARIF 2.1.0 for code scanning
    Sarif,
    /// Annotations of GitHub Actions, and the summary of its step
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// A comment for a pull request
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    /// Text for people
    Text,
    /// JSON for programs; see docs/json.md
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// Drift, and findings that are warnings or errors
    Warning,
    /// Drift, and findings that are errors
    Error,
    /// Only drift
    Drift,
}

/// What makes `check` exit with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailCause {
    /// Findings that are warnings or errors; and all drift, unless classes are named too
    Warning,
    /// Findings that are errors; and all drift, unless classes are named too
    Error,
    /// All drift, and changes without a migration
    Drift,
    /// What the database doesn't have
    Missing,
    /// What only the database has
    Extra,
    /// What differs in meaning
    Different,
    /// What differs in a comment, in the place of a column, or in a name that the server made
    Cosmetic,
    /// Tables that can't be compared
    Unsupported,
    /// What is uncertain or can't be seen
    Uncertain,
    /// Changes without a migration
    Unmigrated,
}

impl FailCause {
    /// The class of drift that it names.
    pub(in crate::cli) fn class(self) -> Option<DriftClass> {
        match self {
            FailCause::Missing => Some(DriftClass::Missing),
            FailCause::Extra => Some(DriftClass::Extra),
            FailCause::Different => Some(DriftClass::Different),
            FailCause::Cosmetic => Some(DriftClass::Cosmetic),
            FailCause::Unsupported => Some(DriftClass::Unsupported),
            FailCause::Uncertain => Some(DriftClass::Uncertain),
            FailCause::Warning | FailCause::Error | FailCause::Drift | FailCause::Unmigrated => {
                None
            }
        }
    }
}
