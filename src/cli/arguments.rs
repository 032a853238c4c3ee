//! The arguments of every command.

mod choices;
mod comparing;
mod files;
mod graph;
mod migrating;
mod reading;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::error::Result;
use super::formats::{FormatTarget, targets};
use crate::config::{DEFAULT_BASELINE, DEFAULT_SCHEMA, Environment};
use crate::engine::HistoryTables;
use crate::server::Server;
use crate::source::live::Deadline;

pub(super) use choices::{FailCause, FailOn, Format, ListFormat};
pub(super) use comparing::{
    BaselineArguments, CheckArguments, Destination, DiffArguments, ExplainArguments, LintArguments,
    Verification,
};
pub(super) use files::{
    FmtArguments, GenerateArguments, LayoutOption, NewArguments, PullArguments,
};
pub(super) use graph::{GraphArguments, GraphColumns, GraphFormat};
pub(super) use migrating::{
    AdoptArguments, AdoptedTool, HistoryArguments, MigrateArguments, PushArguments, ResetArguments,
    ResolveArguments, RollbackArguments, RunOptions, StampArguments, StatusArguments, Target,
};
pub(super) use reading::{InspectArguments, PingArguments, RulesArguments, WaitArguments};

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
    /// The file of accepted findings that driftline.toml names.
    #[arg(skip)]
    pub(super) configured_baseline: Option<PathBuf>,
}

impl SchemaFile {
    pub(super) fn path(&self) -> PathBuf {
        let path = self.typed.clone().or_else(|| self.configured.clone());
        path.unwrap_or_else(|| PathBuf::from(DEFAULT_SCHEMA))
    }

    /// The file of accepted findings; by default it is next to the schema file.
    pub(super) fn baseline(&self) -> PathBuf {
        let next_to_schema = || self.path().with_file_name(DEFAULT_BASELINE);
        self.configured_baseline.clone().unwrap_or_else(next_to_schema)
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
    /// Accept what check finds today: write the findings to a file, so that only new ones count
    Baseline(BaselineArguments),
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
    /// Say why an element is held equal or different, with what each side is compared as
    Explain(ExplainArguments),
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
            Command::Baseline(args) => &args.desired,
            Command::Diff(args) => &args.desired,
            Command::Generate(args) => &args.desired,
            Command::Inspect(args) => &args.desired,
            Command::Explain(args) => &args.desired,
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
            Command::Explain(args) => listed(args.format),
            Command::New(args) => listed(args.format),
            Command::Ping(args) => listed(args.format),
            Command::Wait(args) => listed(args.format),
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
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
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
