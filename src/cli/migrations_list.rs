//! The list of migrations in the lock file, compared with the files of `generated/`.

use super::error::{CommandError, Result, bail};
use crate::compare::Comparison;
use crate::diagnostic::Diagnostic;
use crate::migration::{
    Disagreement, MigrationFiles, MigrationFolder, Sum, disagreements, line_after,
};
use crate::model::Schema;
use crate::report;
use crate::server::Server;
use crate::source::{Loaded, LockedMigration, MigrationList};

/// What to do if the list has to be written again.
const RELIST: &str = "`driftline generate --relist` writes the list again";

/// Stops if the files and the list in the lock file disagree, or if the files give another schema.
/// A lock file without a list was written before driftline wrote lists, and is accepted.
pub(super) fn refuse_disagreements(folder: &MigrationFolder, locked: &Loaded) -> Result<()> {
    let Some(list) = &locked.migrations else { return Ok(()) };
    let files = &folder.migrations;
    let sums: Vec<(String, Sum)> =
        files.iter().map(|it| (it.version.clone(), it.up.script.sum.clone())).collect();
    let diagnostics: Vec<Diagnostic> = disagreements(&list.lines, &sums)
        .iter()
        .map(|disagreement| diagnostic(disagreement, &list.lines, files))
        .collect();
    if !diagnostics.is_empty() {
        return Err(CommandError::Disagree { diagnostics, files: locked.files.clone() });
    }
    if list.from_nothing { refuse_other_schema(folder, locked) } else { Ok(()) }
}

/// The list of all migrations, made from the files as they are.
pub(super) fn list(folder: &MigrationFolder, from_nothing: bool) -> Result<MigrationList> {
    let mut lines: Vec<LockedMigration> = Vec::new();
    for MigrationFiles { version, up, .. } in &folder.migrations {
        if lines.last().is_some_and(|last| last.version == *version) {
            bail!("two migrations have the version {version}: rename one of them");
        }
        if up.script.statements().next().is_none() {
            bail!("{} has no statement yet: write it, or remove the file", up.path.display());
        }
        lines.push(line_after(lines.last(), version, &up.script.sum));
    }
    Ok(MigrationList { lines, from_nothing, ..MigrationList::default() })
}

/// The schema that the files give. If it is the same as the one in the lock file, it is spelled as
/// there.
pub(super) fn schema_of_files(folder: &MigrationFolder, locked: &Loaded) -> Result<Schema> {
    let comparison = compare_with_lock(folder, locked)?;
    let is_same = report::items(&comparison.difference, &comparison.server).is_empty();
    Ok(if is_same { comparison.to.schema } else { comparison.from.schema })
}

fn diagnostic(
    disagreement: &Disagreement,
    lines: &[LockedMigration],
    files: &[MigrationFiles],
) -> Diagnostic {
    let version = disagreement.version();
    let place = lines.iter().rev().find(|line| line.version == version).and_then(|line| line.place);
    let file = files.iter().find(|file| file.version == version);
    let name = file.map_or_else(|| version.to_owned(), |file| format!("{}.up.sql", file.name));
    let (title, help) = match disagreement {
        Disagreement::Deleted { .. } => (
            format!("the file of migration {version} is missing"),
            format!(
                "restore it from version control; if no database has run it, {RELIST} without it"
            ),
        ),
        Disagreement::Edited { .. } => (
            format!("{name} was changed after it was listed"),
            format!(
                "undo the change and put it into a new migration; if no database has run the \
                 file, {RELIST} with the file as it is"
            ),
        ),
        Disagreement::Added { is_late: false, .. } => {
            (format!("{name} is not listed"), format!("{RELIST} with it"))
        }
        Disagreement::Added { is_late: true, .. } => (
            format!("{name} is not listed, and later migrations are"),
            format!(
                "databases may have run the later ones: `driftline generate --rebase` gives it a \
                 later version; if none has, {RELIST} with it"
            ),
        ),
        Disagreement::SameVersion { .. } => (
            format!("two migrations have the version {version}"),
            "`driftline generate --rebase NAME` gives the younger one a later version".to_owned(),
        ),
        Disagreement::OutOfOrder { .. } => (
            format!("migration {version} is listed after a later one"),
            format!("{RELIST} in order"),
        ),
        Disagreement::BrokenChain { .. } => (
            format!("the line of migration {version} doesn't follow from the line before it"),
            "after a merge `driftline generate --rebase` puts the migrations of the younger branch \
             after the others; if the list was changed by hand, `driftline generate --relist` \
             writes it again"
                .to_owned(),
        ),
    };
    Diagnostic::without_place(title).at(place, "listed here").with_help(help)
}

/// Compares the schema that the files give with the one in the lock file.
fn compare_with_lock(folder: &MigrationFolder, locked: &Loaded) -> Result<Comparison> {
    let files = folder.replay(locked.server.unwrap_or(Server::ASSUMED))?;
    Ok(Comparison::new(files, locked.clone(), locked.server)?.with_texts_as_meaning())
}

/// Stops if the files give another schema than the lock file has.
fn refuse_other_schema(folder: &MigrationFolder, locked: &Loaded) -> Result<()> {
    let comparison = compare_with_lock(folder, locked)?;
    let items = report::items(&comparison.difference, &comparison.server);
    if items.is_empty() {
        return Ok(());
    }
    let lines = items.iter().map(report::item_words);
    let diagnostic = Diagnostic {
        help: lines.chain([format!("{RELIST} and the schema that the files give")]).collect(),
        ..Diagnostic::without_place(format!(
            "the migrations in {} give another schema than {} has",
            folder.path.display(),
            locked.label
        ))
    };
    Err(CommandError::Disagree { diagnostics: vec![diagnostic], files: locked.files.clone() })
}
