//! `driftline adopt`: takes a database over from another migration tool. It writes schema.yaml and
//! the baseline, where they aren't there yet, and notes the baseline as carried out.

use std::path::Path;

use serde_json::json;

use super::super::alembic_layout::{VersionsInUse, adopted_versions};
use super::super::arguments::{AdoptArguments, AdoptedTool};
use super::super::comparing::refuse_impossible;
use super::super::error::{Result, bail};
use super::super::files::{self, LockedFolder};
use super::super::generated_files::GeneratedFiles;
use super::super::migrations_list::refuse_disagreements;
use super::super::open::{LOCK_FILE, Location, generated_folder, read_options, read_yaml};
use super::super::output::Output;
use super::super::{Outcome, baseline, pull};
use super::failures::{disagree, engine_error};
use super::permission::ask;
use super::project::Project;
use super::result::ResultPrinter;
use super::watching::Lines;
use crate::alembic::VERSION_TABLE;
use crate::compare::Comparison;
use crate::engine::{self, Goal, situation};
use crate::migration::{MigrationFiles, MigrationFolder};
use crate::report::{self, alembic_words, count, one_line};
use crate::source::{Loaded, MigrationLayout, MigrationList};

pub(in crate::cli) fn run(args: &AdoptArguments, output: &Output) -> Result<Outcome> {
    let AdoptedTool::Alembic = args.tool;
    let lookup = args.target.lookup();
    let location = Location::required_database(args.target.source.as_deref(), &lookup)?;
    if location.url().is_none() {
        bail!("a database on a server is adopted: name a URL such as mysql://user@host/database");
    }
    let there = location.read(&read_options(None, true))?;
    let printer = ResultPrinter::new(args.target.format, output);
    refuse_other_state(&there, &lookup.schema, &printer, output)?;
    let revisions = there.alembic.clone().unwrap_or_default();
    let schema = lookup.schema.as_path();
    let mut written = Vec::new();
    written.extend(write_schema(schema, &there, &printer, output)?);
    let folder = generated_folder(schema, args.target.generated.as_deref());
    written.extend(write_baseline(&folder, schema, there, &printer, output)?);
    let (database, baseline, recorded) = note_baseline(args, &printer, output)?;
    printer.document(json!({
        "database": database,
        "alembic": revisions,
        "written": written,
        "baseline": baseline,
        "recorded": recorded,
    }))?;
    Ok(Outcome::Clean)
}

/// Stops if the database isn't Alembic's, or isn't where the revisions lead.
fn refuse_other_state(
    there: &Loaded,
    schema: &Path,
    printer: &ResultPrinter<'_>,
    output: &Output,
) -> Result<()> {
    let label = one_line(&there.label);
    let Some(revisions) = &there.alembic else {
        bail!(
            "{label} has no table {VERSION_TABLE} that can be read; where no other tool was used, \
             `driftline pull` and `driftline generate` begin"
        );
    };
    printer.text(&format!("{label}: {}\n", alembic_words(revisions)))?;
    let mut here = revisions.clone();
    here.sort();
    match adopted_versions(schema) {
        VersionsInUse::Heads(heads) if heads != here => bail!(
            "the revisions lead to {}: bring the database there first (`alembic upgrade heads`), \
             because no database would get what is missing any more",
            one_line(&heads.join(" and "))
        ),
        VersionsInUse::Unknown(why) => {
            output.say(&format!(
                "note: whether there are newer revisions isn't looked at: {}",
                one_line(&why)
            ));
        }
        VersionsInUse::Heads(_) | VersionsInUse::None => {}
    }
    Ok(())
}

/// Writes schema.yaml and returns its path, or says how the one that is there differs.
fn write_schema(
    path: &Path,
    there: &Loaded,
    printer: &ResultPrinter<'_>,
    output: &Output,
) -> Result<Option<String>> {
    if !files::is_there(path) {
        let file = pull::file_of(there, None, output);
        files::replace(path, &file.text)?;
        let contents = report::contents(&file.counts);
        printer.text(&format!("{}: written, {contents}\n", path.display()))?;
        return Ok(Some(path.display().to_string()));
    }
    let comparison = compare(path, there.clone())?;
    refuse_impossible(&comparison)?;
    let items = report::items(&comparison.difference, &comparison.server);
    let path = path.display();
    if items.is_empty() {
        printer.text(&format!("{path}: there already, and as the database is\n"))?;
        return Ok(None);
    }
    let lines: Vec<String> =
        items.iter().map(|item| format!("  {}\n", one_line(&report::item_words(item)))).collect();
    let differences = count(items.len(), "difference", "differences");
    printer.text(&format!(
        "{path}: there already, with {differences} from the database, for which `driftline generate \
         -m …` writes a migration\n{}",
        lines.concat()
    ))?;
    Ok(None)
}

/// Compares the database with schema.yaml, which has to leave out Alembic's table.
fn compare(schema: &Path, there: Loaded) -> Result<Comparison> {
    let wanted = read_yaml(schema)?;
    if !wanted.settings.ignores_table(VERSION_TABLE) {
        bail!(
            "{} doesn't ignore Alembic's table, so it would belong to the schema: write `ignore: {{ \
             tables: [{VERSION_TABLE}] }}`",
            schema.display()
        );
    }
    Ok(Comparison::new(there, wanted, None)?)
}

/// Writes the baseline and the lock file, unless there are migrations already. Returns the paths of
/// what was written.
fn write_baseline(
    folder: &Path,
    schema: &Path,
    there: Loaded,
    printer: &ResultPrinter<'_>,
    output: &Output,
) -> Result<Vec<String>> {
    let turn = LockedFolder::lock(folder)?;
    let lock = folder.join(LOCK_FILE);
    files::refuse_link(&lock)?;
    let before = MigrationFolder::read(folder)?;
    if lock.is_file() {
        let locked = read_yaml(&lock)?;
        let list = locked.migrations.clone().unwrap_or_default();
        if list.layout == MigrationLayout::Sql {
            refuse_disagreements(&before, &locked)?;
        }
        // A lock file without migrations has only noted a schema, or revisions of Alembic's.
        if !list.lines.is_empty() {
            let first = before.migrations.first().filter(|first| first.up.script.is_baseline);
            let Some(first) = first else {
                bail!(
                    "{} has migrations, and the first isn't a baseline: `driftline stamp VERSION` \
                     records what the database has of them",
                    folder.display()
                );
            };
            printer.text(&format!("{}: there already\n", first.up.path.display()))?;
            return Ok(Vec::new());
        }
    } else if let Some(first) = before.migrations.first() {
        bail!(
            "{} has migrations ({}) and no {LOCK_FILE}: `driftline generate --relist` writes it",
            folder.display(),
            one_line(&first.name)
        );
    }
    let comparison = compare(schema, there)?;
    let Some(baseline) = baseline::baseline(&comparison, output)? else {
        bail!("the database has no tables or other objects, so there is nothing to adopt");
    };
    let list = MigrationList { from_nothing: true, ..MigrationList::default() };
    let mut written = GeneratedFiles::new(folder, list);
    written.add_baseline(&baseline)?;
    if let Some(why) = baseline::other_schema(&written, &baseline)? {
        bail!("the baseline can't be written: its statements don't make what is there: {why}");
    }
    let paths = written.paths();
    written.write(&turn, &baseline)?;
    printer.text(&paths)?;
    Ok(paths.lines().map(str::to_owned).collect())
}

/// Notes the baseline in the database's history, unless it is there already. Returns the database,
/// the baseline's version, and whether it was noted now.
fn note_baseline(
    args: &AdoptArguments,
    printer: &ResultPrinter<'_>,
    output: &Output,
) -> Result<(String, String, bool)> {
    let opened = Project::of(&args.target)?;
    let history = opened.history()?;
    let label = one_line(&opened.url.label());
    let Some(first) = opened.files().first() else {
        bail!("there is no migration in {}", opened.folder.path.display());
    };
    let found = situation(opened.files(), &history);
    if !found.problems.is_empty() {
        return Err(disagree(&found.problems));
    }
    if found.applied.contains(&0) {
        printer.text(&format!("{label} is adopted already\n"))?;
        return Ok((opened.url.label(), first.version.clone(), false));
    }
    let question = format!("record {} as carried out on {label}?", one_line(&first.name));
    ask(&question, &args.running, opened.is_protected)?;
    let MigrationFiles { version, name, .. } = first;
    let request = opened.request(Goal::Apply(vec![version.clone()]), &args.running);
    engine::migrate(&opened.url, &request, &mut Lines::begin(output)).map_err(engine_error)?;
    printer.text(&format!(
        "{} recorded as carried out on {label}; from now on `driftline generate -m …` writes the \
         migrations, and `driftline migrate` carries them out\n",
        one_line(name)
    ))?;
    Ok((opened.url.label(), version.clone(), true))
}
