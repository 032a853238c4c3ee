//! Alembic's files: where they are, which of them are the heads, and how far a database is along
//! them. They are read as text; no Python runs.

mod assignments;
mod config;
mod progress;
mod revisions;
mod tokens;

use std::path::PathBuf;

use thiserror::Error;

pub use config::VersionFolders;
pub use progress::RevisionProgress;
pub use revisions::{Revision, heads, read_revisions};

/// Alembic's table with the revision of a database.
pub const VERSION_TABLE: &str = "alembic_version";

/// Its column.
pub const VERSION_COLUMN: &str = "version_num";

/// Asks for the revisions of a database: one, or several if branches weren't merged.
pub const REVISIONS: &str = "SELECT version_num FROM alembic_version ORDER BY version_num";

/// Why Alembic's files can't be used.
#[derive(Debug, Error)]
pub enum AlembicError {
    /// A file or folder can't be read.
    #[error("can't read {path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Its configuration says something that can't be followed.
    #[error("{path}: {why}; name the folder of the revisions: --versions DIR")]
    Config {
        /// The file.
        path: PathBuf,
        /// What it says.
        why: String,
    },
    /// A file isn't understood as a revision.
    #[error("{path}: {why}")]
    Revision {
        /// The file.
        path: PathBuf,
        /// What isn't understood, and what to write.
        why: String,
    },
}
