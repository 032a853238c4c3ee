//! `driftline generate --rebase`: after a merge of two branches that both added migrations, those of
//! the younger one come after those of the older one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::Outcome;
use super::error::{CommandError, Result, bail};
use super::files::{self, LockedFolder};
use super::generated_files::lock_text;
use super::migration_name::version_after;
use super::open::{LOCK_FILE, read_yaml};
use super::output::Output;
use crate::compare::Comparison;
use crate::diagnostic::Diagnostic;
use crate::migration::{
    DOWN, FolderError, MigrationFile, MigrationFiles, MigrationFolder, UP, branches, line_after,
    replay, sides,
};
use crate::report::{self, count, one_line};
use crate::server::Server;
use crate::source::{Loaded, LockedMigration, MigrationList, yaml};

/// Moves migrations: those of these versions, or else those of the younger branches.
pub(super) fn rebase(
    turn: &LockedFolder,
    folder: &Path,
    typed: &[String],
    wanted: Loaded,
    output: &Output,
) -> Result<Outcome> {
    let locks = locks(&folder.join(LOCK_FILE))?;
    let migrations = MigrationFolder::read(folder)?;
    let order = order(&locks, &migrations, typed)?;
    refuse_changed(&locks, &migrations, &order.moved)?;
    if order.moved.is_empty() {
        output.text("nothing to move: each migration follows from the one before it\n")?;
        return Ok(Outcome::Clean);
    }
    refuse_unknown_beginning(&locks, folder)?;
    let server = locks.iter().find_map(|lock| lock.server).unwrap_or(Server::ASSUMED);
    let mut touched: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let all = order.kept.iter().chain(&order.moved).copied();
    let replayed = replay(all, server, |migration, effect| {
        let names = touched.entry(&migration.name).or_default();
        names.extend(effect.tables);
        names.extend(effect.objects.iter().map(|it| format!("{} {}", it.kind.noun(), it.name)));
    });
    let replayed = replayed.map_err(with_way_out)?;
    let comparison = Comparison::new(replayed, wanted, Some(server))?.with_texts_as_meaning();
    refuse_other_schema(&comparison, folder)?;
    let moves = new_names(&order)?;
    write(turn, &order, &moves, &comparison)?;
    output.text(&summary(&order, &moves, &touched, folder))?;
    Ok(Outcome::Clean)
}

/// The lock file, or both sides of it if it has conflict markers.
fn locks(path: &Path) -> Result<Vec<Loaded>> {
    if !path.is_file() {
        bail!("there is no {}; `driftline generate -m …` writes it", path.display());
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    match sides(&text) {
        None => Ok(vec![read_yaml(path)?]),
        Some(sides) => {
            let name = path.display().to_string();
            let read = |text: &String| Ok(yaml::read_text(&name, text)?);
            sides.iter().map(read).collect()
        }
    }
}

/// The lines of each list.
fn lists(locks: &[Loaded]) -> Vec<&[LockedMigration]> {
    locks.iter().flat_map(|lock| &lock.migrations).map(|list| list.lines.as_slice()).collect()
}

/// Stops if a listed migration has no file any longer, or another one. Those that are moved may have
/// been adapted to what comes before them now.
fn refuse_changed(
    locks: &[Loaded],
    folder: &MigrationFolder,
    moved: &[&MigrationFiles],
) -> Result<()> {
    for line in lists(locks).into_iter().flatten() {
        let file = folder.migrations.iter().find(|file| is_of(line, file, folder));
        let title = match file {
            None => format!("the file of migration {} is missing", line.version),
            Some(file) if has_sum(line, file) || moved.iter().any(|it| it.name == file.name) => {
                continue;
            }
            Some(file) => format!("{}{UP} was changed after it was listed", one_line(&file.name)),
        };
        return Err(CommandError::Disagree {
            diagnostics: vec![
                Diagnostic::without_place(title).with_help("restore it from version control first"),
            ],
            files: locks[0].files.clone(),
        });
    }
    Ok(())
}

/// Whether a line is about a migration. Both branches may have given the same version.
fn is_of(line: &LockedMigration, file: &MigrationFiles, folder: &MigrationFolder) -> bool {
    let has_other = || {
        let mut others = folder.migrations.iter().filter(|other| other.version == line.version);
        others.any(|other| other.name != file.name && has_sum(line, other))
    };
    file.version == line.version && (has_sum(line, file) || !has_other())
}

fn has_sum(line: &LockedMigration, file: &MigrationFiles) -> bool {
    file.up.script.sum.as_str() == line.sum
}

/// Without the whole history it is unknown which schema the migrations give.
fn refuse_unknown_beginning(locks: &[Loaded], folder: &Path) -> Result<()> {
    let mut lists = locks.iter().flat_map(|lock| &lock.migrations);
    if lists.all(|list| list.from_nothing) {
        return Ok(());
    }
    bail!(
        "the first migration in {} starts from a database, so the schema that they give is \
         unknown: keep the lines of both branches in {LOCK_FILE}, and `driftline generate --relist` \
         writes the list again",
        folder.display()
    );
}

/// The migrations in their new order.
struct Order<'a> {
    /// Those that stay, in the order of their versions.
    kept: Vec<&'a MigrationFiles>,
    /// Those that come after them.
    moved: Vec<&'a MigrationFiles>,
    /// Those of `kept` that the moved ones didn't have before them.
    beneath: Vec<&'a MigrationFiles>,
}

fn order<'a>(locks: &[Loaded], folder: &'a MigrationFolder, typed: &[String]) -> Result<Order<'a>> {
    let found = branches(&lists(locks));
    let of_branch = |branch: usize, file: &MigrationFiles| {
        found.get(branch).is_some_and(|lines| lines.iter().any(|line| is_of(line, file, folder)))
    };
    let files = &folder.migrations;
    for name in typed {
        if !files.iter().any(|file| is_typed(name, file)) {
            bail!("there is no migration {} in {}", one_line(name), folder.path.display());
        }
    }
    let newest = found.iter().take(2).flatten().map(|line| line.version.as_str()).max();
    let is_listed = |file: &MigrationFiles| (0..found.len()).any(|it| of_branch(it, file));
    let is_late = |file: &MigrationFiles| newest.is_some_and(|it| file.version.as_str() < it);
    let is_moved = |file: &&MigrationFiles| match typed {
        [] if is_listed(file) => (2..found.len()).any(|branch| of_branch(branch, file)),
        [] => is_late(file),
        typed => typed.iter().any(|name| is_typed(name, file)),
    };
    let (mut moved, kept): (Vec<_>, Vec<_>) = files.iter().partition(is_moved);
    // Branch by branch; what isn't listed comes last.
    moved.sort_by_key(|file| {
        (0..found.len()).find(|branch| of_branch(*branch, file)).unwrap_or(found.len())
    });
    let first = moved.iter().map(|file| file.version.as_str()).min().unwrap_or_default();
    let had = |file: &&MigrationFiles| match moved.iter().any(|it| is_listed(it)) {
        // All of the moved ones had what both branches have, and nothing of another one.
        true => of_branch(0, file) && file.version.as_str() < first,
        false => file.version.as_str() < first,
    };
    let beneath = kept.iter().copied().filter(|file| !had(file)).collect();
    Ok(Order { kept, moved, beneath })
}

/// Whether a migration was named, by its version or its whole name.
fn is_typed(name: &str, file: &MigrationFiles) -> bool {
    name == file.version || name == file.name
}

/// A statement that fails does so because of what comes before it now.
fn with_way_out(error: FolderError) -> CommandError {
    let mut error = CommandError::from(error);
    if let CommandError::Invalid { diagnostics, .. } = &mut error {
        for diagnostic in diagnostics {
            diagnostic.help.push(
                "migrations of another branch come before it now: adapt the file, or name the \
                 migrations that are to come last, as in `driftline generate --rebase VERSION`"
                    .to_owned(),
            );
        }
    }
    error
}

/// Stops if the migrations don't lead to schema.yaml.
fn refuse_other_schema(comparison: &Comparison, folder: &Path) -> Result<()> {
    let items = report::items(&comparison.difference, &comparison.server);
    if items.is_empty() {
        return Ok(());
    }
    let words = items.iter().map(report::item_words);
    let help =
        format!("let {} say what both branches made of it, and run again", comparison.to.label);
    let title = format!(
        "the migrations in {} give another schema than {} has",
        folder.display(),
        comparison.to.label
    );
    let diagnostic =
        Diagnostic { help: words.chain([help]).collect(), ..Diagnostic::without_place(title) };
    Err(CommandError::Disagree {
        diagnostics: vec![diagnostic],
        files: comparison.to.files.clone(),
    })
}

/// The new version and name of each moved migration. Those that are later than all before them keep
/// theirs.
fn new_names(order: &Order<'_>) -> Result<Vec<(String, String)>> {
    let mut last = order.kept.last().map(|file| file.version.clone()).unwrap_or_default();
    let mut names = Vec::new();
    for file in &order.moved {
        let version = match file.version > last {
            true => file.version.clone(),
            false => version_after(&last)?,
        };
        names.push((version.clone(), format!("{version}{}", &file.name[file.version.len()..])));
        last = version;
    }
    Ok(names)
}

/// Writes the files under their new names, and the lock file, and removes the old ones.
fn write(
    turn: &LockedFolder,
    order: &Order<'_>,
    moves: &[(String, String)],
    comparison: &Comparison,
) -> Result<()> {
    let mut lines: Vec<LockedMigration> = Vec::new();
    let moved = order.moved.iter().zip(moves).map(|(file, (version, _))| (version, file));
    for (version, file) in order.kept.iter().map(|file| (&file.version, file)).chain(moved) {
        lines.push(line_after(lines.last(), version, &file.up.script.sum));
    }
    let mut texts = Vec::new();
    let mut old = Vec::new();
    for (file, (_, name)) in order.moved.iter().zip(moves).filter(|(file, it)| file.name != it.1) {
        for (ending, part) in [(UP, Some(&file.up)), (DOWN, file.down.as_ref())] {
            if let Some(part) = part {
                texts.push((format!("{name}{ending}"), renamed(part, &file.name, name)));
                old.push(format!("{}{ending}", file.name));
            }
        }
    }
    let list = MigrationList { lines, from_nothing: true, ..MigrationList::default() };
    texts.push((LOCK_FILE.to_owned(), lock_text(comparison, list)));
    Ok(files::replace_together(turn, &texts, &old)?)
}

/// The text of a file with the new name in its first line, which is a comment.
fn renamed(file: &MigrationFile, old: &str, new: &str) -> String {
    let (first, rest) = file.text.split_at(file.text.find('\n').unwrap_or(file.text.len()));
    match first.starts_with("--") {
        true => format!("{}{rest}", first.replacen(old, new, 1)),
        false => file.text.clone(),
    }
}

/// What was moved, and what it has in common with the migrations that now come before it.
fn summary(
    order: &Order<'_>,
    moves: &[(String, String)],
    touched: &BTreeMap<&str, BTreeSet<String>>,
    folder: &Path,
) -> String {
    let mut text = String::new();
    for (file, (_, name)) in order.moved.iter().zip(moves) {
        let words = match *name == file.name {
            true => format!("{name} stays the last\n"),
            false => format!("{} is now {name}\n", file.name),
        };
        text.push_str(&one_line(words.trim_end()));
        text.push('\n');
        let Some(own) = touched.get(file.name.as_str()) else { continue };
        for below in &order.beneath {
            let both = touched.get(below.name.as_str()).map(|it| own.intersection(it));
            for element in both.into_iter().flatten() {
                let line = format!("{} comes before it and changes {element} too", below.name);
                text.push_str(&format!("  {}\n", one_line(&line)));
            }
        }
    }
    let listed = count(order.kept.len() + order.moved.len(), "migration", "migrations");
    text.push_str(&format!("{listed} listed in {}\n", folder.join(LOCK_FILE).display()));
    text
}
