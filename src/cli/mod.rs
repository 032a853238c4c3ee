//! The command line: arguments, one file per subcommand, and exit codes.

mod alembic_layout;
mod arguments;
mod baseline;
mod check;
mod comparing;
mod completions;
mod configure;
mod diff;
mod edited;
mod elements;
mod error;
mod explain;
mod files;
mod findings_baseline;
mod fixing;
mod fmt;
mod formats;
mod generate;
mod generated_files;
mod git;
mod graph;
mod inspect;
mod json_schema;
mod lint;
mod lint_migrations;
mod migration_name;
mod migration_tables;
mod migrations;
mod migrations_list;
mod new;
mod open;
mod output;
mod ping;
mod progress;
mod pull;
mod reading;
mod rebase;
mod relist;
mod rules;
mod since;
mod update;
mod verify;
mod wait;
mod waiving;
mod wanted;

use std::env;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use crate::diagnostic::{Diagnostic, Files};
use arguments::{Arguments, Color, Command, Format};
use formats::FormatTarget;
use output::Output;

/// The result of a run that didn't fail. Its numbers are exit codes, on which scripts rely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// In sync, nothing found.
    Clean,
    /// A drift, a difference, or findings.
    Found,
}

/// Parses the arguments, runs the command, reports errors, and returns the exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return wrong_usage(&error),
    };
    let output = Output::new(arguments.global.color, arguments.command.is_quiet());
    let name = arguments.command.name();
    let targets = arguments.command.targets();
    let (targets, ran) = match targets {
        Ok(targets) => {
            let ran = run(arguments, &targets, &output);
            (targets, ran)
        }
        Err(error) => (Vec::new(), Err(error)),
    };
    match ran {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(error) => {
            output.failure(&error, name, &targets);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Prints clap's message about invalid arguments, or its text for `--help`. If JSON was asked for,
/// the message is also printed on standard output for a program.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let asked: Vec<String> =
        env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let json = asked.iter().any(|argument| argument == "--format=json")
        || asked.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    let message = error.to_string();
    let shown = without_accounts(&message);
    if error.use_stderr() && json {
        let said = usage(&shown);
        // If standard output can't be written to, the same message still follows on standard error.
        let _ = Output::new(Color::Never, false).errors("usage", &[said], &Files::default());
    }
    // If standard error can't be written to, there is nowhere to report it.
    let _ = match shown == message {
        true => error.print(),
        false => write!(anstream::stderr(), "{shown}"),
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Clap's message as a diagnostic: the error as its title, then the tips and the usage, line by
/// line.
fn usage(message: &str) -> Diagnostic {
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let (wrong, rest) = message.split_once("\n\n").unwrap_or((message, ""));
    let help = rest.split("\n\n").map(one_line).filter(|line| !line.is_empty()).collect();
    Diagnostic { help, ..Diagnostic::without_place(one_line(wrong)) }
}

/// A message about the command line. If an argument has an `@`, the part before it is removed,
/// because it may be an account with its password.
pub(super) fn without_accounts(message: &str) -> String {
    let word = |word: &str| match word.rsplit_once('@') {
        Some((_, after)) => format!("'***@{after}"),
        None => word.to_owned(),
    };
    message.split_inclusive(char::is_whitespace).map(word).collect()
}

fn run(
    mut arguments: Arguments,
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> error::Result<Outcome> {
    arguments.command.configure()?;
    if let Some(note) = arguments.command.flavor().and_then(|server| server.newer_than_known()) {
        output.say(&format!("note: --flavor: {note}"));
    }
    match arguments.command {
        Command::Check(args) => check::run(&args, targets, output),
        Command::Baseline(args) => findings_baseline::run(&args, output),
        Command::Diff(args) => diff::run(&args, targets, output),
        Command::Generate(args) => generate::run(&args, output),
        Command::New(args) => new::run(&args, output),
        Command::Migrate(args) => migrations::migrate(&args, output),
        Command::Rollback(args) => migrations::rollback(&args, output),
        Command::Status(args) => migrations::status(&args, output),
        Command::History(args) => migrations::history(&args, output),
        Command::Stamp(args) => migrations::stamp(&args, output),
        Command::Adopt(args) => migrations::adopt(&args, output),
        Command::Resolve(args) => migrations::resolve(&args, output),
        Command::Push(args) => migrations::push(&args, output),
        Command::Reset(args) => migrations::reset(&args, output),
        Command::Pull(args) => pull::run(&args, output),
        Command::Inspect(args) => inspect::run(&args, output),
        Command::Explain(args) => explain::run(&args, output),
        Command::Graph(args) => graph::run(&args, output),
        Command::Lint(args) => lint::run(&args, targets, output),
        Command::Ping(args) => ping::run(&args, output),
        Command::Wait(args) => wait::run(&args, output),
        Command::Rules(args) => Ok(rules::run(&args, output)?),
        Command::Fmt(args) => fmt::run(&args, output),
        Command::JsonSchema => Ok(json_schema::run(output)?),
        Command::Completions(args) => Ok(completions::run(&args, output)?),
    }
}
