//! The arguments of the commands that look at a source, a server or a rule.

use clap::Args;

use super::choices::ListFormat;
use super::{DatabaseName, Desired, SchemaFile};

#[derive(Debug, Args)]
#[command(after_help = INSPECT_HELP)]
pub(in crate::cli) struct InspectArguments {
    /// A list (tables, indexes, foreign-keys, views, triggers, routines, events, sequences), or
    /// the name of one table, view or other object [default: all lists]
    #[arg(value_name = "WHAT")]
    pub(in crate::cli) what: Option<String>,
    /// The source [default: DATABASE_URL, else the schema file]
    pub(in crate::cli) source: Option<String>,
    /// Instead, compare each table as it was read with the server's SHOW CREATE TABLE
    #[arg(long, conflicts_with_all = ["flavor", "schema"])]
    pub(in crate::cli) self_check: bool,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: ListFormat,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

const INSPECT_HELP: &str = "\
WHAT and SOURCE may be in either order: `driftline inspect reports dump.sql`. A list and a name
after its kind (table:NAME, view:NAME, trigger:NAME, procedure:NAME, function:NAME, event:NAME,
sequence:NAME) are always WHAT. A bare name alone is WHAT too, unless a file or folder of that name
exists here. A word with a `.`, `/` or `:` in it, or `-`, is a SOURCE.";

#[derive(Debug, Args)]
#[command(after_help = PING_HELP)]
pub(in crate::cli) struct PingArguments {
    /// The server, as a URL [default: DATABASE_URL]
    pub(in crate::cli) source: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: ListFormat,
    #[command(flatten)]
    pub(in crate::cli) schema: SchemaFile,
    #[command(flatten)]
    pub(in crate::cli) database: DatabaseName,
}

const PING_HELP: &str = "\
Exit codes: 0 the server is reached · 1 it is, and the account lacks a right that `check` needs to
see everything · 2 the URL is wrong · 3 the server can't be reached or isn't supported.";

#[derive(Debug, Args)]
#[command(after_help = WAIT_HELP)]
pub(in crate::cli) struct WaitArguments {
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: ListFormat,
    /// The server, as a URL [default: DATABASE_URL]
    pub(in crate::cli) source: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) schema: SchemaFile,
    #[command(flatten)]
    pub(in crate::cli) database: DatabaseName,
}

const WAIT_HELP: &str = "\
Waits at most 60 seconds where --timeout says nothing. Exit codes: 0 it can be used · 2 the URL is
wrong · 3 not in that time, or the server refuses what waiting doesn't change.";

#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArguments {
    /// The rule to explain
    pub(in crate::cli) name: Option<String>,
}
