//! The arguments of the commands that compare or check: `check`, `diff` and `lint`.

use std::path::PathBuf;

use clap::Args;

use super::Desired;
use super::choices::{FailCause, FailOn, ListFormat};
use crate::cli::formats::{FormatTo, any_format, lint_format};

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArguments {
    /// The database or dump to check [default: DATABASE_URL]
    pub(in crate::cli) source: Option<String>,
    /// The same as SOURCE, as an option
    #[arg(long, value_name = "SOURCE", conflicts_with = "source")]
    pub(in crate::cli) against: Option<String>,
    /// Don't connect to a database: compare schema.yaml with generated/ and check the rules
    #[arg(long, conflicts_with_all = ["source", "against", "ask_server", "self_check", "database"])]
    pub(in crate::cli) offline: bool,
    /// The folder of generated migrations [default: that of driftline.toml, else generated beside
    /// the schema file]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) generated: Option<PathBuf>,
    /// The output format: text, sql (the statements), diff (of each CREATE TABLE), json
    /// (docs/json.md), sarif, github, gitlab, junit or markdown (docs/formats.md). FORMAT=FILE writes it to
    /// a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "text", value_parser = any_format)]
    pub(in crate::cli) format: Vec<FormatTo>,
    #[command(flatten)]
    pub(in crate::cli) destination: Destination,
    /// If expressions can't be compared, ask the server how it stores them (it uses CREATE TEMPORARY
    /// TABLE)
    #[arg(long)]
    pub(in crate::cli) ask_server: bool,
    /// Also compare each table as it was read with SHOW CREATE TABLE. A table that differs counts
    /// as unsupported and is never altered
    #[arg(long)]
    pub(in crate::cli) self_check: bool,
    /// What causes exit code 1; several, with commas, if classes of drift are chosen
    #[arg(long, value_enum, default_value = "warning", value_name = "LIST", value_delimiter = ',')]
    pub(in crate::cli) fail_on: Vec<FailCause>,
    /// Look only at what has changed in the schema file since a commit of git
    #[arg(long, value_name = "REF")]
    pub(in crate::cli) changed_since: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

impl CheckArguments {
    /// The source to check, as typed.
    pub(in crate::cli) fn typed(&self) -> Option<&str> {
        self.source.as_deref().or(self.against.as_deref())
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct BaselineArguments {
    /// The database or dump whose drift is accepted [default: DATABASE_URL]
    pub(in crate::cli) source: Option<String>,
    /// The same as SOURCE, as an option
    #[arg(long, value_name = "SOURCE", conflicts_with = "source")]
    pub(in crate::cli) against: Option<String>,
    /// Don't connect to a database: accept what the rules find. Accepted drift stays as it is
    #[arg(long, conflicts_with_all = ["source", "against", "ask_server", "database"])]
    pub(in crate::cli) offline: bool,
    /// If expressions can't be compared, ask the server how it stores them (it uses CREATE TEMPORARY
    /// TABLE)
    #[arg(long)]
    pub(in crate::cli) ask_server: bool,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

impl BaselineArguments {
    /// The source whose drift is accepted, as typed.
    pub(in crate::cli) fn typed(&self) -> Option<&str> {
        self.source.as_deref().or(self.against.as_deref())
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArguments {
    /// The source to start from [default: DATABASE_URL]
    pub(in crate::cli) from: Option<String>,
    /// The desired schema [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(in crate::cli) to: Option<String>,
    /// The output format: text, sql (the statements), diff (of each CREATE TABLE), json
    /// (docs/json.md), sarif, github, gitlab, junit or markdown (docs/formats.md). FORMAT=FILE writes it to
    /// a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "sql", value_parser = any_format)]
    pub(in crate::cli) format: Vec<FormatTo>,
    #[command(flatten)]
    pub(in crate::cli) destination: Destination,
    /// If expressions can't be compared, ask the server how it stores them (it uses CREATE TEMPORARY
    /// TABLE)
    #[arg(long)]
    pub(in crate::cli) ask_server: bool,
    /// Also compare each table as it was read with SHOW CREATE TABLE. A table that differs counts
    /// as unsupported and is never altered
    #[arg(long)]
    pub(in crate::cli) self_check: bool,
    #[command(flatten)]
    pub(in crate::cli) verification: Verification,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

/// The options of the commands that print in several formats.
#[derive(Debug, Args)]
pub(in crate::cli) struct Destination {
    /// Write the format that has no file of its own to this file, not to standard output
    #[arg(id = "output", short = 'o', long = "output", value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Print nothing but errors; files are written all the same
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
}

/// What `diff` and `generate` take to try a plan.
#[derive(Debug, Args)]
pub(in crate::cli) struct Verification {
    /// First run the statements and their reverse in the scratch database; stop if the result is
    /// wrong
    #[arg(long, requires = "scratch")]
    pub(in crate::cli) verify: bool,
    /// An empty database in which to run them, on a server of the same vendor; it is empty again
    /// afterwards
    #[arg(long, value_name = "URL", requires = "verify")]
    pub(in crate::cli) scratch: Option<String>,
}

const LINT_HELP: &str = "\
Of a source the rules over a schema are checked; with --schema too, the `rules` of that file count. Of
migrations, the rules over what each statement does to the schema before it; --schema names the file
whose `rules` and `waivers` count. A .down.sql file is read with its .up.sql.";

#[derive(Debug, Args)]
#[command(after_help = LINT_HELP)]
pub(in crate::cli) struct LintArguments {
    /// A source, or migrations: files that end in .up.sql, or their folder [default: the schema
    /// file]
    #[arg(value_name = "SOURCE")]
    pub(in crate::cli) sources: Vec<String>,
    /// The files are migrations, one after the other, of this source [default: of what the files
    /// before them in their folder give]
    #[arg(long, value_name = "SOURCE", requires = "sources")]
    pub(in crate::cli) before: Option<String>,
    /// The output format: text, json (docs/json.md), sarif, github, gitlab, junit or markdown
    /// (docs/formats.md). FORMAT=FILE writes it to a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "text", value_parser = lint_format)]
    pub(in crate::cli) format: Vec<FormatTo>,
    #[command(flatten)]
    pub(in crate::cli) destination: Destination,
    /// What causes exit code 1
    #[arg(long, value_enum, default_value = "warning", value_name = "LEVEL")]
    pub(in crate::cli) fail_on: FailOn,
    /// Look only at what has changed in the schema file since a commit of git
    #[arg(long, value_name = "REF", conflicts_with = "sources")]
    pub(in crate::cli) changed_since: Option<String>,
    /// Edit the schema file where a machine can be right, and report what is left
    #[arg(long, conflicts_with = "sources")]
    pub(in crate::cli) fix: bool,
    /// The folder of migrations that driftline.toml names.
    #[arg(skip)]
    pub(in crate::cli) generated: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(in crate::cli) struct ExplainArguments {
    /// The element, as driftline prints it (tables.reports.columns.location), or its name
    /// (reports, reports.location, view:names)
    pub(in crate::cli) element: String,
    /// The present state [default: DATABASE_URL]
    pub(in crate::cli) from: Option<String>,
    /// The desired state [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(in crate::cli) to: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: ListFormat,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

const EXPLAIN_HELP: &str = "\
Of a table, those parts are shown that differ or are written differently. Exit codes: 0 everything
is equal · 1 something isn't, or that is unknown.";
