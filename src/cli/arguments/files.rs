//! The arguments of the commands that write files: `generate`, `new`, `pull` and `fmt`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::choices::ListFormat;
use super::comparing::Verification;
use super::{DatabaseName, Desired, Flavor, SchemaFile, SourceLookup};

#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateArguments {
    /// The source to start from [default: generated/schema.lock.yaml, else DATABASE_URL, else an
    /// empty schema]
    pub(in crate::cli) source: Option<String>,
    /// What the migration is for, in a few words; used for its name
    #[arg(short, long, required_unless_present_any = ["relist", "rebase"])]
    pub(in crate::cli) message: Option<String>,
    /// Whether to write SQL files, or a revision for Alembic [default: that of the lock file, else
    /// sql]
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(in crate::cli) layout: Option<LayoutOption>,
    /// The folder of Alembic's revisions [default: that of alembic.ini or pyproject.toml next to the
    /// schema file, else alembic/versions]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) versions: Option<PathBuf>,
    /// Rewrite the lock file (the list of migrations and the schema) from the migration files as
    /// they are
    #[arg(long, conflicts_with_all = ["message", "source", "from", "verify", "layout", "versions"])]
    pub(in crate::cli) relist: bool,
    /// After a merge, put the migrations of the younger branch, or those that are named, after the
    /// others: under new names, and in the lock file
    #[arg(long, num_args = 0.., value_name = "VERSION",
        conflicts_with_all = ["message", "source", "from", "verify", "relist", "allow", "layout",
            "versions"])]
    pub(in crate::cli) rebase: Option<Vec<String>>,
    /// What the migration may destroy, as in drop-column:reports.location or drop-table:*; may be
    /// repeated
    #[arg(long, value_name = "KIND:NAME", conflicts_with = "relist")]
    pub(in crate::cli) allow: Vec<String>,
    /// The same as SOURCE, as an option
    #[arg(long, value_name = "SOURCE", conflicts_with = "source")]
    pub(in crate::cli) from: Option<String>,
    /// The folder to write to [default: that of driftline.toml, else generated beside the schema
    /// file]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) generated: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) verification: Verification,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

impl GenerateArguments {
    /// The source to start from, as typed.
    pub(in crate::cli) fn typed(&self) -> Option<&str> {
        self.source.as_deref().or(self.from.as_deref())
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct NewArguments {
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: ListFormat,
    /// What the migration is for, in a few words; used for its name
    #[arg(short, long)]
    pub(in crate::cli) message: String,
    /// Whether to write SQL files, or a revision for Alembic [default: that of the lock file, else
    /// sql]
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(in crate::cli) layout: Option<LayoutOption>,
    /// The folder of Alembic's revisions [default: that of alembic.ini or pyproject.toml next to the
    /// schema file, else alembic/versions]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) versions: Option<PathBuf>,
    /// The folder to write to [default: generated, next to the schema file]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) generated: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) schema: SchemaFile,
}

#[derive(Debug, Args)]
#[command(after_help = PULL_HELP, mut_arg("schema", |arg| arg.requires("update")))]
pub(in crate::cli) struct PullArguments {
    /// The database or dump [default: DATABASE_URL]
    pub(in crate::cli) source: Option<String>,
    /// The file to write; an existing one is replaced only with --force [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Replace an existing file. What a database doesn't have, such as comments and rules, is lost
    #[arg(long, requires = "output")]
    pub(in crate::cli) force: bool,
    /// Instead, edit the schema file: take what differs into it, or only the elements that are
    /// named, as in tables.reports.columns.location, reports.location, reports or view:recent
    #[arg(long, num_args = 0.., value_name = "ELEMENT", conflicts_with = "output")]
    pub(in crate::cli) update: Option<Vec<String>>,
    /// Print what --update changes, and write nothing
    #[arg(long, requires = "update")]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) schema: SchemaFile,
    #[command(flatten)]
    pub(in crate::cli) flavor: Flavor,
    #[command(flatten)]
    pub(in crate::cli) database: DatabaseName,
}

const PULL_HELP: &str = "\
With --update the text of the schema file changes as little as possible: comments, order and style
stay. An edit that a machine can't make for certain isn't made; it is said what to do by hand, and
nothing is written. Exit codes: 0 taken in · 1 something can't be compared · 2 wrong usage, or an edit
that can't be made · 3 the server can't be reached or refuses.";

impl PullArguments {
    /// How the source is looked up.
    pub(in crate::cli) fn lookup(&self) -> SourceLookup {
        self.database.lookup(self.output.clone().unwrap_or_else(|| self.schema.path()))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct FmtArguments {
    /// The files [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Write nothing; exit with 1 if a file isn't in canonical form
    #[arg(long)]
    pub(in crate::cli) check: bool,
    #[command(flatten)]
    pub(in crate::cli) schema: SchemaFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LayoutOption {
    /// Files of SQL, which `driftline migrate` carries out
    Sql,
    /// A revision, which `alembic upgrade` carries out
    Alembic,
}
