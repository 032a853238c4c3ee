//! `driftline completions`: prints the script with which a shell completes the command line.

use anyhow::Result;
use clap::CommandFactory;

use super::Outcome;
use super::arguments::{Arguments, CompletionsArguments};
use super::output::Output;

pub(super) fn run(args: &CompletionsArguments, output: &Output) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "driftline", &mut script);
    output.exact(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Clean)
}
