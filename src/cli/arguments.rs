//! The arguments of every command.

mod graph;
mod migrating;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::error::Result;
use super::formats::{FormatTarget, FormatTo, any_format, lint_format, targets};
use crate::config::{DEFAULT_SCHEMA, Environment};
use crate::engine::HistoryTables;
use crate::finding::DriftClass;
use crate::server::Server;
use crate::source::live::Deadline;

pub(super) use graph::{GraphArguments, GraphColumns, GraphFormat};
pub(super) use migrating::{
    AdoptArguments, AdoptedTool, HistoryArguments, MigrateArguments, PushArguments, ResetArguments,
    ResolveArguments, RollbackArguments, RunOptions, StampArguments, StatusArguments, Target,
};

/// Keeps a MySQL or MariaDB database true to schema.yaml.
#[derive(Debug, Parser)]
#[command(name = "driftline", version, about, propagate_version = true, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER_HELP: &str = "\
A SOURCE is a schema.yaml, SQL (a dump or any .sql file, also .sql.gz; a folder of SQL files, a
pipe, or - for standard input), a generated/ folder or a URL such as
mysql://user@host:3306/database. The default database is DATABASE_URL, from the environment or from
.env here or in the folder of the schema file; with --env it is the variable that driftline.toml
names for that environment. A password is best given in that variable, in DRIFTLINE_PASSWORD or at
the prompt.

Exit codes: 0 done, in sync, nothing found · 1 drift, a difference, findings or pending migrations ·
2 wrong usage or an invalid file · 3 the server can't be reached or refuses, or a plan fails
--verify; nothing is half-done · 4 permission is missing · 5 the files of generated/, their lock
file, the history and the database disagree · 6 a migration has stopped half-way · 7 another session
holds a lock · 130 stopped by Ctrl-C";

/// Options that every command takes.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: Color,
}

/// The option of the commands that read the schema file.
#[derive(Debug, Args)]
pub(super) struct SchemaFile {
    /// The schema file [default: that of driftline.toml, else schema.yaml]
    #[arg(id = "schema", short = 's', long = "schema", value_name = "FILE")]
    pub(super) typed: Option<PathBuf>,
    /// The one of driftline.toml.
    #[arg(skip)]
    pub(super) configured: Option<PathBuf>,
}

impl SchemaFile {
    pub(super) fn path(&self) -> PathBuf {
        let path = self.typed.clone().or_else(|| self.configured.clone());
        path.unwrap_or_else(|| PathBuf::from(DEFAULT_SCHEMA))
    }
}

/// The option of the commands whose answer depends on the server.
#[derive(Debug, Args)]
pub(super) struct Flavor {
    /// The server whose rules apply, such as mysql:8.4 or mariadb:10.11 [default: as the sources state]
    #[arg(id = "flavor", long = "flavor", value_name = "VENDOR:VERSION", value_parser = flavor)]
    pub(super) server: Option<Server>,
}

/// The options of the commands that read a source which may be a server or hold several databases.
#[derive(Debug, Args)]
pub(super) struct DatabaseName {
    /// The database to read, if the dump has several or the URL names none
    #[arg(id = "database", long = "database", value_name = "NAME")]
    pub(super) name: Option<String>,
    /// How many seconds to wait for servers in total
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) timeout: Option<u32>,
    /// The environment of driftline.toml whose URL is the default database [env: DRIFTLINE_ENV]
    #[arg(id = "env", long = "env", value_name = "NAME")]
    pub(super) env: Option<String>,
    /// The environment with that name.
    #[arg(skip)]
    pub(super) environment: Environment,
    /// The protected environments of driftline.toml.
    #[arg(skip)]
    pub(super) protected: Vec<Environment>,
    /// The tables of the history of migrations.
    #[arg(skip)]
    pub(super) history: HistoryTables,
}

impl DatabaseName {
    /// How a source is looked up, for a schema file.
    pub(super) fn lookup(&self, schema: PathBuf) -> SourceLookup {
        let deadline = self.timeout.map(Deadline::after);
        let (environment, history) = (self.environment.clone(), self.history.clone());
        let (database, protected) = (self.name.clone(), self.protected.clone());
        SourceLookup { schema, database, deadline, environment, protected, history }
    }
}

/// The options of the commands that compare with the schema file.
#[derive(Debug, Args)]
pub(super) struct Desired {
    #[command(flatten)]
    pub(super) schema: SchemaFile,
    #[command(flatten)]
    pub(super) flavor: Flavor,
    #[command(flatten)]
    pub(super) database: DatabaseName,
}

impl Desired {
    /// How a source is looked up.
    pub(super) fn lookup(&self) -> SourceLookup {
        self.database.lookup(self.schema.path())
    }
}

/// What is needed to find a source, apart from its name.
#[derive(Debug)]
pub(super) struct SourceLookup {
    /// The schema file; a `.env` may be next to it.
    pub(super) schema: PathBuf,
    /// The database to read if there are several.
    pub(super) database: Option<String>,
    /// The moment after which no server is waited for any longer.
    pub(super) deadline: Option<Deadline>,
    /// What `--env` names, whose database is the default one.
    pub(super) environment: Environment,
    /// The protected environments of driftline.toml.
    pub(super) protected: Vec<Environment>,
    /// The tables of the history of migrations.
    pub(super) history: HistoryTables,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare the database with schema.yaml and report drift and findings
    Check(CheckArguments),
    /// Print the statements that turn one source into another
    Diff(DiffArguments),
    /// Write the next migration into generated/
    Generate(GenerateArguments),
    /// Write the empty files of a migration by hand
    New(NewArguments),
    /// Carry out the migrations that a database doesn't have yet
    Migrate(MigrateArguments),
    /// Undo the newest migrations of a database
    Rollback(RollbackArguments),
    /// Say which migrations a database has, and which it doesn't have yet
    Status(StatusArguments),
    /// List what was carried out on a database, and when
    History(HistoryArguments),
    /// Note migrations as carried out, without carrying them out
    Stamp(StampArguments),
    /// Take a database over from another migration tool: write schema.yaml and a baseline, and
    /// record it as carried out
    Adopt(AdoptArguments),
    /// Say whether a statement is in, where only a person can tell
    Resolve(ResolveArguments),
    /// Carry out the difference to schema.yaml directly, without a migration
    Push(PushArguments),
    /// Drop everything that is in a database, for development
    Reset(ResetArguments),
    /// Write schema.yaml from a database or a dump
    Pull(PullArguments),
    /// List what a source holds
    Inspect(InspectArguments),
    /// Draw the tables and their foreign keys as a diagram
    Graph(GraphArguments),
    /// Check a schema against the lint rules, without a database
    Lint(LintArguments),
    /// Reach a server, and say what the account may do there
    Ping(PingArguments),
    /// Wait until a server accepts the login and has the database
    Wait(WaitArguments),
    /// List the rules, or explain one
    Rules(RulesArguments),
    /// Format schema files
    Fmt(FmtArguments),
    /// Print a JSON Schema of schema.yaml, for editors
    JsonSchema,
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
}

impl Command {
    /// The server in `--flavor`.
    pub(super) fn flavor(&self) -> Option<Server> {
        let desired = match self {
            Command::Check(args) => &args.desired,
            Command::Diff(args) => &args.desired,
            Command::Generate(args) => &args.desired,
            Command::Inspect(args) => &args.desired,
            Command::Graph(args) => &args.desired,
            Command::Lint(args) => &args.desired,
            Command::Pull(args) => return args.flavor.server,
            _ => return None,
        };
        desired.flavor.server
    }

    /// The database and the migrations that it is about.
    pub(super) fn target(&self) -> Option<&Target> {
        match self {
            Command::Migrate(args) => Some(&args.target),
            Command::Rollback(args) => Some(&args.target),
            Command::Status(args) => Some(&args.target),
            Command::History(args) => Some(&args.target),
            Command::Stamp(args) => Some(&args.target),
            Command::Adopt(args) => Some(&args.target),
            Command::Resolve(args) => Some(&args.target),
            Command::Push(args) => Some(&args.target),
            Command::Reset(args) => Some(&args.target),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(super) fn target_mut(&mut self) -> Option<&mut Target> {
        match self {
            Command::Migrate(args) => Some(&mut args.target),
            Command::Rollback(args) => Some(&mut args.target),
            Command::Status(args) => Some(&mut args.target),
            Command::History(args) => Some(&mut args.target),
            Command::Stamp(args) => Some(&mut args.target),
            Command::Adopt(args) => Some(&mut args.target),
            Command::Resolve(args) => Some(&mut args.target),
            Command::Push(args) => Some(&mut args.target),
            Command::Reset(args) => Some(&mut args.target),
            _ => None,
        }
    }

    /// The formats in which the command prints its result, and where each goes. Its errors are
    /// printed in the same formats, if these are for programs.
    pub(super) fn targets(&self) -> Result<Vec<(Format, FormatTarget)>> {
        let listed = |format: ListFormat| match format {
            ListFormat::Json => vec![(Format::Json, FormatTarget::StandardOutput)],
            ListFormat::Text => vec![(Format::Text, FormatTarget::StandardOutput)],
        };
        Ok(match self {
            Command::Check(args) => targets(&args.format, &args.destination)?,
            Command::Diff(args) => targets(&args.format, &args.destination)?,
            Command::Lint(args) => targets(&args.format, &args.destination)?,
            Command::Inspect(args) => listed(args.format),
            Command::Ping(args) => listed(args.format),
            _ => self.target().map(|target| listed(target.format)).unwrap_or_default(),
        })
    }

    /// Its name, in the reports of CI services.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Command::Diff(_) => "diff",
            Command::Lint(_) => "lint",
            _ => "check",
        }
    }

    /// Whether nothing but errors is printed.
    pub(super) fn is_quiet(&self) -> bool {
        match self {
            Command::Check(args) => args.destination.quiet,
            Command::Diff(args) => args.destination.quiet,
            Command::Lint(args) => args.destination.quiet,
            _ => false,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The database or dump to check [default: DATABASE_URL]
    pub(super) source: Option<String>,
    /// The same as SOURCE, as an option
    #[arg(long, value_name = "SOURCE", conflicts_with = "source")]
    pub(super) against: Option<String>,
    /// Don't connect to a database: compare schema.yaml with generated/ and check the rules
    #[arg(long, conflicts_with_all = ["source", "against", "ask_server", "self_check", "database"])]
    pub(super) offline: bool,
    /// The folder of generated migrations [default: that of driftline.toml, else generated beside
    /// the schema file]
    #[arg(long, value_name = "DIR")]
    pub(super) generated: Option<PathBuf>,
    /// The output format: text, sql (the statements), diff (of each CREATE TABLE), json
    /// (docs/json.md), sarif, github, gitlab, junit or markdown (docs/formats.md). FORMAT=FILE writes it to
    /// a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "text", value_parser = any_format)]
    pub(super) format: Vec<FormatTo>,
    #[command(flatten)]
    pub(super) destination: Destination,
    /// If expressions can't be compared, ask the server how it stores them (it uses CREATE TEMPORARY
    /// TABLE)
    #[arg(long)]
    pub(super) ask_server: bool,
    /// Also compare each table as it was read with SHOW CREATE TABLE. A table that differs counts
    /// as unsupported and is never altered
    #[arg(long)]
    pub(super) self_check: bool,
    /// What causes exit code 1; several, with commas, if classes of drift are chosen
    #[arg(long, value_enum, default_value = "warning", value_name = "LIST", value_delimiter = ',')]
    pub(super) fail_on: Vec<FailCause>,
    #[command(flatten)]
    pub(super) desired: Desired,
}

impl CheckArguments {
    /// The source to check, as typed.
    pub(super) fn typed(&self) -> Option<&str> {
        self.source.as_deref().or(self.against.as_deref())
    }
}

#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// The source to start from [default: DATABASE_URL]
    pub(super) from: Option<String>,
    /// The desired schema [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(super) to: Option<String>,
    /// The output format: text, sql (the statements), diff (of each CREATE TABLE), json
    /// (docs/json.md), sarif, github, gitlab, junit or markdown (docs/formats.md). FORMAT=FILE writes it to
    /// a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "sql", value_parser = any_format)]
    pub(super) format: Vec<FormatTo>,
    #[command(flatten)]
    pub(super) destination: Destination,
    /// If expressions can't be compared, ask the server how it stores them (it uses CREATE TEMPORARY
    /// TABLE)
    #[arg(long)]
    pub(super) ask_server: bool,
    /// Also compare each table as it was read with SHOW CREATE TABLE. A table that differs counts
    /// as unsupported and is never altered
    #[arg(long)]
    pub(super) self_check: bool,
    #[command(flatten)]
    pub(super) verification: Verification,
    #[command(flatten)]
    pub(super) desired: Desired,
}

/// The options of the commands that print in several formats.
#[derive(Debug, Args)]
pub(super) struct Destination {
    /// Write the format that has no file of its own to this file, not to standard output
    #[arg(id = "output", short = 'o', long = "output", value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Print nothing but errors; files are written all the same
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// What `diff` and `generate` take to try a plan.
#[derive(Debug, Args)]
pub(super) struct Verification {
    /// First run the statements and their reverse in the scratch database; stop if the result is
    /// wrong
    #[arg(long, requires = "scratch")]
    pub(super) verify: bool,
    /// An empty database in which to run them, on a server of the same vendor; it is empty again
    /// afterwards
    #[arg(long, value_name = "URL", requires = "verify")]
    pub(super) scratch: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct GenerateArguments {
    /// The source to start from [default: generated/schema.lock.yaml, else DATABASE_URL, else an
    /// empty schema]
    pub(super) source: Option<String>,
    /// What the migration is for, in a few words; used for its name
    #[arg(short, long, required_unless_present_any = ["relist", "rebase"])]
    pub(super) message: Option<String>,
    /// Whether to write SQL files, or a revision for Alembic [default: that of the lock file, else
    /// sql]
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(super) layout: Option<LayoutOption>,
    /// The folder of Alembic's revisions [default: that of alembic.ini or pyproject.toml next to the
    /// schema file, else alembic/versions]
    #[arg(long, value_name = "DIR")]
    pub(super) versions: Option<PathBuf>,
    /// Rewrite the lock file (the list of migrations and the schema) from the migration files as
    /// they are
    #[arg(long, conflicts_with_all = ["message", "source", "from", "verify", "layout", "versions"])]
    pub(super) relist: bool,
    /// After a merge, put the migrations of the younger branch, or those that are named, after the
    /// others: under new names, and in the lock file
    #[arg(long, num_args = 0.., value_name = "VERSION",
        conflicts_with_all = ["message", "source", "from", "verify", "relist", "allow", "layout",
            "versions"])]
    pub(super) rebase: Option<Vec<String>>,
    /// What the migration may destroy, as in drop-column:reports.location or drop-table:*; may be
    /// repeated
    #[arg(long, value_name = "KIND:NAME", conflicts_with = "relist")]
    pub(super) allow: Vec<String>,
    /// The same as SOURCE, as an option
    #[arg(long, value_name = "SOURCE", conflicts_with = "source")]
    pub(super) from: Option<String>,
    /// The folder to write to [default: that of driftline.toml, else generated beside the schema
    /// file]
    #[arg(long, value_name = "DIR")]
    pub(super) generated: Option<PathBuf>,
    #[command(flatten)]
    pub(super) verification: Verification,
    #[command(flatten)]
    pub(super) desired: Desired,
}

impl GenerateArguments {
    /// The source to start from, as typed.
    pub(super) fn typed(&self) -> Option<&str> {
        self.source.as_deref().or(self.from.as_deref())
    }
}

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// What the migration is for, in a few words; used for its name
    #[arg(short, long)]
    pub(super) message: String,
    /// The folder to write to [default: generated, next to the schema file]
    #[arg(long, value_name = "DIR")]
    pub(super) generated: Option<PathBuf>,
    #[command(flatten)]
    pub(super) schema: SchemaFile,
}

#[derive(Debug, Args)]
pub(super) struct PullArguments {
    /// The database or dump [default: DATABASE_URL]
    pub(super) source: Option<String>,
    /// The file to write; an existing one is replaced only with --force [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Replace an existing file. What a database doesn't have, such as comments and rules, is lost
    #[arg(long, requires = "output")]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) flavor: Flavor,
    #[command(flatten)]
    pub(super) database: DatabaseName,
}

impl PullArguments {
    /// How the source is looked up.
    pub(super) fn lookup(&self) -> SourceLookup {
        let schema = self.output.clone().unwrap_or_else(|| PathBuf::from("schema.yaml"));
        self.database.lookup(schema)
    }
}

#[derive(Debug, Args)]
#[command(after_help = INSPECT_HELP)]
pub(super) struct InspectArguments {
    /// A list (tables, indexes, foreign-keys, views, triggers, routines, events, sequences), or
    /// the name of one table, view or other object [default: all lists]
    #[arg(value_name = "WHAT")]
    pub(super) what: Option<String>,
    /// The source [default: DATABASE_URL, else the schema file]
    pub(super) source: Option<String>,
    /// Instead, compare each table as it was read with the server's SHOW CREATE TABLE
    #[arg(long, conflicts_with_all = ["flavor", "schema"])]
    pub(super) self_check: bool,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ListFormat,
    #[command(flatten)]
    pub(super) desired: Desired,
}

const INSPECT_HELP: &str = "\
WHAT and SOURCE may be in either order: `driftline inspect reports dump.sql`. A list and a name
after its kind (table:NAME, view:NAME, trigger:NAME, procedure:NAME, function:NAME, event:NAME,
sequence:NAME) are always WHAT. A bare name alone is WHAT too, unless a file or folder of that name
exists here. A word with a `.`, `/` or `:` in it, or `-`, is a SOURCE.";

#[derive(Debug, Args)]
pub(super) struct LintArguments {
    /// The source [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(super) source: Option<String>,
    /// The output format: text, json (docs/json.md), sarif, github, gitlab, junit or markdown
    /// (docs/formats.md). FORMAT=FILE writes it to a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "text", value_parser = lint_format)]
    pub(super) format: Vec<FormatTo>,
    #[command(flatten)]
    pub(super) destination: Destination,
    /// What causes exit code 1
    #[arg(long, value_enum, default_value = "warning", value_name = "LEVEL")]
    pub(super) fail_on: FailOn,
    #[command(flatten)]
    pub(super) desired: Desired,
}

#[derive(Debug, Args)]
#[command(after_help = PING_HELP)]
pub(super) struct PingArguments {
    /// The server, as a URL [default: DATABASE_URL]
    pub(super) source: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ListFormat,
    #[command(flatten)]
    pub(super) schema: SchemaFile,
    #[command(flatten)]
    pub(super) database: DatabaseName,
}

const PING_HELP: &str = "\
Exit codes: 0 the server is reached · 1 it is, and the account lacks a right that `check` needs to
see everything · 2 the URL is wrong · 3 the server can't be reached or isn't supported.";

#[derive(Debug, Args)]
#[command(after_help = WAIT_HELP)]
pub(super) struct WaitArguments {
    /// The server, as a URL [default: DATABASE_URL]
    pub(super) source: Option<String>,
    #[command(flatten)]
    pub(super) schema: SchemaFile,
    #[command(flatten)]
    pub(super) database: DatabaseName,
}

const WAIT_HELP: &str = "\
Waits at most 60 seconds where --timeout says nothing. Exit codes: 0 it can be used · 2 the URL is
wrong · 3 not in that time, or the server refuses what waiting doesn't change.";

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// The rule to explain
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct FmtArguments {
    /// The files [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(super) files: Vec<PathBuf>,
    /// Write nothing; exit with 1 if a file isn't in canonical form
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) schema: SchemaFile,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
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
pub(super) enum ListFormat {
    /// Text for people
    Text,
    /// JSON for programs; see docs/json.md
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LayoutOption {
    /// Files of SQL, which `driftline migrate` carries out
    Sql,
    /// A revision, which `alembic upgrade` carries out
    Alembic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Drift, and findings that are warnings or errors
    Warning,
    /// Drift, and findings that are errors
    Error,
    /// Only drift
    Drift,
}

/// What makes `check` exit with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailCause {
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
    pub(super) fn class(self) -> Option<DriftClass> {
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// If the output is a terminal and NO_COLOR isn't set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn flavor(text: &str) -> std::result::Result<Server, String> {
    text.parse()
}
