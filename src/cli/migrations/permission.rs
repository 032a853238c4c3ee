//! What a run needs permission for, and the question to the person at the terminal.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::super::arguments::RunOptions;
use super::super::error::{CommandError, Result, RunFailure};
use super::failures::{engine_error, run_error};
use crate::diagnostic::Diagnostic;
use crate::engine::{HistoryProblem, Timeline, destructions};
use crate::migration::{Allowed, MigrationFile, ScriptPart, ScriptStatement};
use crate::model::ObjectKind;
use crate::plan::Risk;
use crate::report::one_line;
use crate::server::Server;
use crate::source::dump::Effect;
use crate::source::live::{self, DatabaseUrl, RightsTask};

/// What the statements of a file do that has to be looked at before the first of them.
#[derive(Default)]
pub(super) struct FileReview {
    /// What they destroy, each with the statement's number.
    pub(super) destroys: Vec<(u32, Risk)>,
    /// The rights that they need, as GRANT names them.
    pub(super) rights: BTreeSet<&'static str>,
}

/// Looks at the statements of a file. The timeline is moved to the end of the file.
pub(super) fn review(
    file: &MigrationFile,
    timeline: &mut Timeline,
    server: Server,
    is_part: impl Fn(&ScriptStatement) -> bool,
) -> Result<FileReview> {
    let path = file.path.display().to_string();
    let mut found = FileReview::default();
    timeline.begin_file();
    for part in &file.script.parts {
        match part {
            ScriptPart::Session(text) => {
                timeline.run(text, &path, 0).map_err(engine_error)?;
            }
            ScriptPart::Statement(it) if is_part(it) => {
                let effect = timeline.run(&it.text, &path, it.line).map_err(engine_error)?;
                let destroyed = destructions(&effect, server).map_err(engine_error)?;
                let numbered = destroyed.into_iter().map(|destroyed| (it.position, destroyed));
                found.destroys.extend(numbered);
                found.rights.extend(rights_for(&effect));
            }
            ScriptPart::Statement(_) => {}
        }
    }
    Ok(found)
}

/// The rights that a statement certainly needs on the database.
fn rights_for(effect: &Effect) -> Vec<&'static str> {
    let mut rights = Vec::new();
    for table in &effect.tables {
        let was = effect.before.tables.contains_key(table);
        let is = effect.after.tables.contains_key(table);
        match (was, is) {
            (false, true) => rights.push("CREATE"),
            (true, true) => rights.push("ALTER"),
            (true, false) => rights.push("DROP"),
            (false, false) => {}
        }
    }
    rights.extend(effect.objects.iter().filter_map(|object| match object.kind {
        ObjectKind::View => Some("CREATE VIEW"),
        ObjectKind::Trigger => Some("TRIGGER"),
        ObjectKind::Event => Some("EVENT"),
        _ => None,
    }));
    rights
}

/// Stops if the account certainly lacks a right that the statements or the history need, or if the
/// server takes no changes: otherwise it would stop half-way.
pub(super) fn refuse_powerless(
    url: &DatabaseUrl,
    needed: &BTreeSet<&'static str>,
    running: &RunOptions,
) -> Result<()> {
    let reached = live::ping(url)?;
    let is_allowed = |name: &str| running.allow.iter().any(|it| it == name);
    if !reached.read_only.variables.is_empty() && !is_allowed("read-only") {
        let diagnostic = Diagnostic::without_place(format!(
            "{} takes no changes: {} is on",
            one_line(&url.label()),
            reached.read_only.variables.join(", ")
        ))
        .with_help("name the primary in the URL; --allow read-only tries it all the same");
        return Err(run_error(RunFailure::Server, vec![diagnostic]));
    }
    if is_allowed("missing-rights") {
        return Ok(());
    }
    let always = ["SELECT", "INSERT", "UPDATE", "DELETE"];
    let lacking: Vec<&str> = reached
        .rights
        .of(RightsTask::Migrate)
        .filter(|it| it.held == Some(false))
        .map(|it| it.right)
        .filter(|right| needed.contains(right) || always.contains(right))
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let diagnostic = Diagnostic {
        help: reached
            .rights
            .grants(RightsTask::Migrate)
            .iter()
            .map(|grant| format!("as an administrator: {}", one_line(grant)))
            .chain(["if it has them on the tables alone: --allow missing-rights".to_owned()])
            .collect(),
        ..Diagnostic::without_place(format!(
            "the account lacks rights on {}: {}",
            one_line(&url.label()),
            lacking.join(", ")
        ))
    };
    Err(run_error(RunFailure::NotPermitted, vec![diagnostic]))
}

/// Stops if something is destroyed that neither the command line nor the head of the file allows.
pub(super) fn refuse_destruction(
    file: &MigrationFile,
    found: &[(u32, Risk)],
    running: &RunOptions,
) -> Result<()> {
    let names = running.allow.iter().chain(&file.script.allows);
    let allowed = Allowed::of(names);
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
) -> Vec<HistoryProblem> {
    let allowed = Allowed::of(&running.allow);
    let is_refused = |problem: &&HistoryProblem| match problem {
        HistoryProblem::Late { version, .. } => !allowed.allows(&format!("out-of-order:{version}")),
        _ => true,
    };
    problems.iter().filter(is_refused).cloned().collect()
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
