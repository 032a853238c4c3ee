//! What a run needs permission for, and the question to the person at the terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::super::arguments::RunOptions;
use super::super::error::{CommandError, Result, RunFailure, bail};
use super::failures::{engine_error, run_error};
use crate::diagnostic::Diagnostic;
use crate::engine::{Allowed, Destruction, HistoryProblem, Timeline, destructions};
use crate::migration::{MigrationFile, ScriptPart};
use crate::report::one_line;
use crate::server::Server;

/// What the statements of a file destroy, each with the statement's number. The timeline is moved
/// to the end of the file.
pub(super) fn destructions_of(
    file: &MigrationFile,
    timeline: &mut Timeline,
    server: Server,
    is_part: impl Fn(u32) -> bool,
) -> Result<Vec<(u32, Destruction)>> {
    let path = file.path.display().to_string();
    let mut found = Vec::new();
    timeline.begin_file();
    for part in &file.script.parts {
        match part {
            ScriptPart::Session(text) => {
                timeline.run(text, &path, 0).map_err(engine_error)?;
            }
            ScriptPart::Statement(it) if is_part(it.position) => {
                let effect = timeline.run(&it.text, &path, it.line).map_err(engine_error)?;
                let destroyed = destructions(&effect, server).map_err(engine_error)?;
                found.extend(destroyed.into_iter().map(|destroyed| (it.position, destroyed)));
            }
            ScriptPart::Statement(_) => {}
        }
    }
    Ok(found)
}

/// Stops if something is destroyed that neither the command line nor the head of the file allows.
pub(super) fn refuse_destruction(
    file: &MigrationFile,
    found: &[(u32, Destruction)],
    running: &RunOptions,
) -> Result<()> {
    let names = running.allow.iter().chain(&file.script.allows);
    let allowed = match Allowed::of(names) {
        Ok(allowed) => allowed,
        Err(error) => bail!("--allow: {error}"),
    };
    let path = file.path.display();
    let refused = found.iter().filter(|(_, destroyed)| !allowed.allows(&destroyed.name()));
    let diagnostics: Vec<Diagnostic> = refused
        .map(|(position, destroyed)| {
            let name = one_line(&destroyed.name());
            Diagnostic::without_place(format!(
                "statement {position} of {path} destroys data: {}",
                one_line(&destroyed.message)
            ))
            .with_help(format!(
                "if that is wanted, allow it: --allow '{name}', or `-- allow: {name}` in the head \
                 of the file"
            ))
        })
        .collect();
    match diagnostics.is_empty() {
        true => Ok(()),
        false => Err(run_error(RunFailure::NotPermitted, diagnostics)),
    }
}

/// The problems of the history that aren't allowed by name.
pub(super) fn not_allowed(
    problems: &[HistoryProblem],
    running: &RunOptions,
) -> Result<Vec<HistoryProblem>> {
    let allowed = match Allowed::of(&running.allow) {
        Ok(allowed) => allowed,
        Err(error) => bail!("--allow: {error}"),
    };
    let is_refused = |problem: &&HistoryProblem| match problem {
        HistoryProblem::Late { version, .. } => !allowed.allows(&format!("out-of-order:{version}")),
        _ => true,
    };
    Ok(problems.iter().filter(is_refused).cloned().collect())
}

/// Asks the person at the terminal. Without a terminal a protected database needs `--yes`, and any
/// other isn't asked about: what a run may do was allowed by name.
pub(super) fn ask(question: &str, running: &RunOptions, is_protected: bool) -> Result<()> {
    if running.yes {
        return Ok(());
    }
    let refused = |title: &str, help: &str| -> CommandError {
        let diagnostic = Diagnostic::without_place(title).with_help(help);
        run_error(RunFailure::NotPermitted, vec![diagnostic])
    };
    if !io::stdin().is_terminal() {
        return match is_protected {
            true => Err(refused("this has to be agreed to, and nobody can be asked", "say --yes")),
            false => Ok(()),
        };
    }
    // If standard error can't be written to, the question is answered blindly; then it is no.
    if write!(anstream::stderr(), "{question} [y/N] ").is_err() {
        return Err(refused("nobody can be asked", "say --yes"));
    }
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    match read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes") {
        true => Ok(()),
        false => Err(refused("nothing was changed", "answer y, or say --yes")),
    }
}
