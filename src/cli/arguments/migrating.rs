//! The arguments of the commands that carry migrations out.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use super::{DatabaseName, ListFormat, SchemaFile, SourceLookup};

/// A database, and the migrations that are for it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Target {
    /// The database [default: DATABASE_URL]
    pub(in crate::cli) source: Option<String>,
    /// The folder of migrations [default: generated, next to the schema file]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) generated: Option<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: ListFormat,
    #[command(flatten)]
    pub(in crate::cli) schema: SchemaFile,
    #[command(flatten)]
    pub(in crate::cli) database: DatabaseName,
}

impl Target {
    /// How the database is looked up.
    pub(in crate::cli) fn lookup(&self) -> SourceLookup {
        self.database.lookup(self.schema.path())
    }
}

/// How a run behaves.
#[derive(Debug, Args)]
pub(in crate::cli) struct RunOptions {
    /// Don't ask
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
    /// Allow by name what needs permission, such as drop-column:reports.location, 'drop-table:*',
    /// out-of-order:VERSION or drift; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) allow: Vec<String>,
    /// How many seconds to wait for other sessions: for the lock of another run, for the locks of
    /// tables, and for a server that went away
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    pub(in crate::cli) wait: u32,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateArguments {
    /// The last migration to carry out [default: the newest]
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) to: Option<String>,
    /// Show what would run, and change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("extent"))]
pub(in crate::cli) struct RollbackArguments {
    /// Undo all that is newer than this version; 0 undoes everything
    #[arg(long, value_name = "VERSION", group = "extent")]
    pub(in crate::cli) to: Option<String>,
    /// How many migrations to undo [default: 1]
    #[arg(long, value_name = "N", group = "extent", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) steps: Option<u32>,
    /// Undo the statements that are in of the migration that stopped half-way
    #[arg(long, group = "extent")]
    pub(in crate::cli) failed: bool,
    /// Show what would run, and change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct StatusArguments {
    /// The folder of Alembic's revisions, where Alembic carries the migrations out [default: that of
    /// alembic.ini or pyproject.toml next to the schema file, else alembic/versions]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) versions: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct HistoryArguments {
    /// Also list the statements
    #[arg(long)]
    pub(in crate::cli) statements: bool,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AdoptArguments {
    /// The tool whose migrations the database has
    pub(in crate::cli) tool: AdoptedTool,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AdoptedTool {
    /// Alembic, whose table is alembic_version
    Alembic,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct StampArguments {
    /// The newest migration that the database has; 0 for none
    #[arg(value_name = "VERSION")]
    pub(in crate::cli) newest: String,
    /// Don't compare the database with what the migrations up to there give
    #[arg(long)]
    pub(in crate::cli) unchecked: bool,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("answer").required(true))]
pub(in crate::cli) struct ResolveArguments {
    /// The statement: the migration's version, a colon, and the statement's number
    #[arg(value_name = "VERSION:N")]
    pub(in crate::cli) statement: String,
    /// The database has what the statement does
    #[arg(long, group = "answer")]
    pub(in crate::cli) done: bool,
    /// The database doesn't have it
    #[arg(long, group = "answer")]
    pub(in crate::cli) not_done: bool,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PushArguments {
    /// Show what would run, and change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ResetArguments {
    /// The name of the database, to show that no other is meant
    pub(in crate::cli) name: String,
    #[command(flatten)]
    pub(in crate::cli) running: RunOptions,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}
