//! The arguments of `graph`.

use clap::{Args, ValueEnum};

use super::Desired;
use crate::config::GraphView;

#[derive(Debug, Args)]
#[command(after_help = GRAPH_HELP)]
pub(in crate::cli) struct GraphArguments {
    /// The source [default: the schema file]
    #[arg(conflicts_with = "schema")]
    pub(in crate::cli) source: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "svg")]
    pub(in crate::cli) format: GraphFormat,
    /// Draw what differs since this source, in colour, with the tables next to it
    #[arg(long, value_name = "SOURCE")]
    pub(in crate::cli) diff: Option<String>,
    /// Draw this table and those around it; may be repeated
    #[arg(long, value_name = "TABLE")]
    pub(in crate::cli) focus: Vec<String>,
    /// Draw the tables whose names match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) only: Vec<String>,
    /// Draw the tables of this view of driftline.toml
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) view: Option<String>,
    /// How many foreign keys away from these a table may be [default: 1 with --focus and --diff,
    /// else 0]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) depth: Option<u16>,
    /// Draw each table, however many there are
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Which columns are shown
    #[arg(long, value_enum, default_value = "keys", value_name = "WHICH")]
    pub(in crate::cli) columns: GraphColumns,
    /// The views of driftline.toml.
    #[arg(skip)]
    pub(in crate::cli) views: Vec<GraphView>,
    #[command(flatten)]
    pub(in crate::cli) desired: Desired,
}

const GRAPH_HELP: &str = "\
A schema of more than 60 tables is drawn as groups of tables whose names begin with the same word;
--focus, --only, --view or --all draws tables. A table that many others reference is named at their
columns instead of by lines, and tables without foreign keys are a list.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GraphFormat {
    /// A picture for browsers and pages
    Svg,
    /// Text that GitHub, GitLab and editors draw, in a block of `mermaid`
    Mermaid,
    /// For Graphviz and other programs that lay graphs out
    Dot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GraphColumns {
    /// Those of primary and foreign keys, and those that differ
    Keys,
    /// All of them
    All,
    /// Only those that differ
    Changed,
}
