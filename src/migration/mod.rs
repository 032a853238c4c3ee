//! The migrations in a folder, and the list of them in its lock file.
//!
//! The list has a line for each migration: its version, the checksum of its statements, and a chain
//! value that depends on all lines before it. So a file that was changed, added, deleted or moved
//! is noticed without a database, and two branches that both add a migration conflict in git.

mod allowed;
mod branches;
mod carry_out;
mod conflict;
mod folder;
mod locked;
mod script;
mod statement_kind;
mod sum;

pub use allowed::{Allowed, AllowedRisk};
pub use branches::branches;
pub(crate) use carry_out::replay;
pub use conflict::sides;
pub use folder::{
    DOWN, FolderError, MigrationFile, MigrationFiles, MigrationFolder, UP, holds_migrations,
};
pub(crate) use folder::{line_span, version};
pub use locked::{Disagreement, disagreements, line_after};
pub use script::{FORMAT, MigrationScript, ScriptError, ScriptPart, ScriptStatement, Undo};
pub use statement_kind::StatementKind;
pub use sum::Sum;
