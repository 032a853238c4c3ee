//! The three ways to close a drift.

/// How a drift is closed: in the database, in schema.yaml, or by accepting it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysOut {
    /// The statements that make the database what schema.yaml says. They may be about other drifts
    /// of the same table too.
    pub revert: Vec<String>,
    /// The edit of schema.yaml that takes in what the database has; `None` if the plan has no text
    /// for it.
    pub keep: Option<FileEdit>,
    /// What schema.yaml says to accept it: `compare: { comments: false }`, or a waiver with `…` for
    /// its reason.
    pub accept: String,
}

/// An edit of schema.yaml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEdit {
    /// The file gets these lines.
    Add {
        /// The path of what they stand under: `tables.reports.indexes`.
        under: String,
        /// The lines, as `pull` writes them.
        lines: String,
    },
    /// The element's lines become these.
    Replace {
        /// The path of what they stand under.
        under: String,
        /// The lines, as `pull` writes them.
        lines: String,
    },
    /// The element goes from the file.
    Remove,
}

impl FileEdit {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            FileEdit::Add { .. } => "add",
            FileEdit::Replace { .. } => "replace",
            FileEdit::Remove => "remove",
        }
    }

    /// The path of what the lines stand under, and the lines.
    pub fn lines(&self) -> Option<(&str, &str)> {
        match self {
            FileEdit::Add { under, lines } | FileEdit::Replace { under, lines } => {
                Some((under, lines))
            }
            FileEdit::Remove => None,
        }
    }
}
