//! `driftline generate`: writes the next migration, its reverse and the schema after it.

use std::path::Path;

use super::alembic_layout::Revisions;
use super::arguments::{Desired, GenerateArguments, SourceLookup};
use super::comparing::{compare, refuse_impossible};
use super::error::{Result, bail};
use super::files::{self, LockedFolder};
use super::generated_files::GeneratedFiles;
use super::migrations_list::{self, refuse_disagreements};
use super::open::{LOCK_FILE, Location, generated_folder, read_options, read_yaml};
use super::output::Output;
use super::verify;
use super::{Outcome, baseline, rebase, relist};
use crate::compare::Comparison;
use crate::diff::Doubt;
use crate::migration::{AllowedRisk, MigrationFolder};
use crate::model::Element;
use crate::plan::Risk;
use crate::report::{self, count};
use crate::server::Server;
use crate::source::{Loaded, MigrationList, ReadOptions};
use crate::words::{UncertainWords, way_out};

pub(super) fn run(args: &GenerateArguments, output: &Output) -> Result<Outcome> {
    let Desired { schema, flavor, .. } = &args.desired;
    let lookup = args.desired.lookup();
    let schema = schema.path();
    let wanted = read_yaml(&schema)?;
    let folder = generated_folder(&schema, args.generated.as_deref());
    // The lock is held until the end, so that another run starts from the result of this one.
    let turn = LockedFolder::lock(&folder)?;
    let lock = folder.join(LOCK_FILE);
    files::refuse_link(&lock)?;
    if let Some(versions) = &args.rebase {
        return rebase::rebase(&turn, &folder, versions, wanted, output);
    }
    let locked = if lock.is_file() { Some(read_yaml(&lock)?) } else { None };
    let Some(message) = &args.message else {
        return relist::relist(&MigrationFolder::read(&folder)?, locked, output);
    };
    let before = MigrationFolder::read(&folder)?;
    if let Some(locked) = &locked {
        refuse_disagreements(&before, locked)?;
    }
    let listed = locked.as_ref().map(|locked| locked.migrations.clone());
    let layout = (args.layout, args.versions.as_deref());
    let revisions = Revisions::of(layout, &schema, &before, listed.as_ref())?;
    let start = starting_point(args, locked.as_ref().map(|_| lock.as_path()), &lookup)?;
    let read = locked.filter(|_| args.typed().is_none());
    let compared = [start.as_ref().and_then(Location::url)];
    let scratch = verify::scratch(&args.verification, &compared, &lookup)?;
    let wanted = (&Location::Yaml(schema), wanted);
    // The baseline takes all that a server tells of the tables.
    let is_unlocked = listed.is_none();
    let is_first = is_unlocked && before.migrations.is_empty() && revisions.is_none();
    let comparison = compare_with(start.as_ref(), read, wanted, (flavor.server, is_first))?;
    output.diagnostics(&comparison.to.notes, &comparison.to.files);
    output.diagnostics(&comparison.notes, &comparison.to.files);
    refuse_impossible(&comparison)?;
    if let Some(revisions) = &revisions {
        revisions.refuse_other_state(&comparison.from)?;
    }
    if let Some(table) = comparison.difference.unsupported.iter().find(|it| it.kind == "table") {
        output.say(&format!(
            "warning: table {} is left out: {} is unsupported",
            report::one_line(&table.name),
            table.clauses.join(", ")
        ));
    }
    if let Some(it) = comparison.difference.uncertain.first() {
        let way_out = match (&it.element, &it.doubt) {
            (Element::Object { .. }, _) => way_out(it),
            (_, Doubt::KeptPartitions) => "start from the database, which has it: --from URL",
            (_, Doubt::Charset { .. }) => {
                "name it in schema.yaml, or start from the database, which has it: --from URL"
            }
            _ => "start from generated/ or let `driftline diff --ask-server` decide",
        };
        let words = UncertainWords::of(it);
        bail!(
            "it is uncertain whether the {} has to change: {} has {}, {} says {}; {way_out}",
            words.subject,
            comparison.from.label,
            words.from,
            comparison.to.label,
            words.to
        );
    }
    refuse_unknown_risks(&args.allow, &comparison)?;
    if let Some(revisions) = revisions {
        verify::run(&comparison, scratch.as_ref(), &compared, &lookup, output)?;
        return revisions.write(&lock, message, &comparison, output);
    }
    let next = Next { message, allows: &args.allow, comparison: &comparison };
    let mut list = migrations_so_far(&before, listed)?;
    let mut baseline = if is_first { baseline::baseline(&comparison, output)? } else { None };
    if let Some(there) = &baseline {
        let written = next.files(&folder, list.clone(), Some(there))?;
        if let Some(why) = baseline::other_schema(&written, &comparison)? {
            output.say(&format!("warning: no baseline is written: {}", report::one_line(&why)));
            list.from_nothing = false;
            baseline = None;
        }
    }
    if comparison.plan.steps.is_empty() && baseline.is_none() {
        if is_unlocked {
            next.files(&folder, list, None)?.write(&turn, &comparison)?;
            output.say(&format!("noted what is there in {}", lock.display()));
        }
        output.text("nothing to do: no migration was written\n")?;
        return Ok(Outcome::Clean);
    }
    let planned = baseline.iter().chain([&comparison]);
    for comparison in planned.filter(|it| !it.plan.steps.is_empty()) {
        verify::run(comparison, scratch.as_ref(), &compared, &lookup, output)?;
    }
    let written = next.files(&folder, list, baseline.as_ref())?;
    let paths = written.paths();
    written.write(&turn, &comparison)?;
    output.text(&summary(&paths, baseline.as_ref(), &comparison))?;
    Ok(Outcome::Clean)
}

/// The migration to be written.
struct Next<'a> {
    message: &'a str,
    allows: &'a [String],
    comparison: &'a Comparison,
}

impl Next<'_> {
    /// Its files, if it has statements, after those of the baseline.
    fn files<'f>(
        &self,
        folder: &'f Path,
        list: MigrationList,
        baseline: Option<&Comparison>,
    ) -> Result<GeneratedFiles<'f>> {
        let mut files = GeneratedFiles::new(folder, list);
        if let Some(baseline) = baseline {
            files.add_baseline(baseline)?;
        }
        if !self.comparison.plan.steps.is_empty() {
            files.add_migration(self.message, self.allows, self.comparison)?;
        }
        Ok(files)
    }
}

/// The schema of the last migration. If there is none, the database. If there is none either,
/// nothing.
fn starting_point(
    args: &GenerateArguments,
    lock: Option<&Path>,
    lookup: &SourceLookup,
) -> anyhow::Result<Option<Location>> {
    match (args.typed(), lock) {
        (Some(typed), _) => Location::parse(typed, lookup).map(Some),
        (None, Some(lock)) => Ok(Some(Location::Yaml(lock.to_owned()))),
        (None, None) => Location::database(None, lookup),
    }
}

/// Compares the starting point, which may have been read already, with schema.yaml.
fn compare_with(
    start: Option<&Location>,
    read: Option<Loaded>,
    (location, wanted): (&Location, Loaded),
    (flavor, is_whole): (Option<Server>, bool),
) -> Result<Comparison> {
    let comparison = match start {
        Some(start) => {
            let from = match read {
                Some(read) => read,
                None => start.read(&ReadOptions {
                    compared_with: Some(&wanted.schema),
                    ..read_options(flavor, is_whole)
                })?,
            };
            compare((start, from), (location, wanted), flavor, is_whole)?
        }
        None => Comparison::new(baseline::nothing(), wanted, flavor)?,
    };
    Ok(match start {
        // The same people write both files, so a different text has a different meaning.
        Some(Location::Yaml(_)) => comparison.with_texts_as_meaning(),
        _ => comparison,
    })
}

/// The kind of the risks that are known only from rows: values that a statement would change.
const KNOWN_FROM_ROWS: &str = "loss";

/// Stops if `--allow` names something that the migration doesn't do.
fn refuse_unknown_risks(allows: &[String], comparison: &Comparison) -> Result<()> {
    let risks = || comparison.plan.steps.iter().flat_map(|step| &step.risks);
    for text in allows {
        let Some(allowed) = AllowedRisk::parse(text).filter(|_| !text.contains([',', '\n'])) else {
            bail!(
                "--allow {}: write a kind of risk and a name, as in drop-column:reports.location",
                report::one_line(text)
            );
        };
        if allowed.kind() == KNOWN_FROM_ROWS || risks().any(|risk| allowed.covers(&risk.name())) {
            continue;
        }
        let destroying = risks().filter(|risk| risk.kind.destroys_data()).map(Risk::name);
        let destroying: Vec<String> = destroying.collect();
        let what = match destroying.is_empty() {
            true => "it destroys no data".to_owned(),
            false => format!("it has {}", destroying.join(", ")),
        };
        bail!("--allow {}: the migration has no such risk; {what}", report::one_line(text));
    }
    Ok(())
}

/// The list before the new migration. It is the list in the lock file. If there is no lock file, or
/// it has no list, the list is made from the files in the folder.
fn migrations_so_far(
    folder: &MigrationFolder,
    listed: Option<Option<MigrationList>>,
) -> Result<MigrationList> {
    match listed {
        Some(Some(list)) => Ok(list),
        Some(None) => migrations_list::list(folder, false),
        None => migrations_list::list(folder, folder.migrations.is_empty()),
    }
}

/// What was written: the files, and the risks of the migration if there is one.
fn summary(paths: &str, baseline: Option<&Comparison>, comparison: &Comparison) -> String {
    let mut text = paths.to_owned();
    if let Some(baseline) = baseline {
        text.push_str(&format!("the baseline: {}\n", report::contents(&baseline.counts())));
    }
    if comparison.plan.steps.is_empty() {
        text.push_str("nothing else to do: no other migration was written\n");
        return text;
    }
    text + &risk_summary(comparison)
}

/// The risks of a migration, and its counts.
pub(super) fn risk_summary(comparison: &Comparison) -> String {
    let mut text = String::new();
    let risks: Vec<_> = comparison.plan.steps.iter().flat_map(|step| &step.risks).collect();
    for risk in &risks {
        text.push_str(&report::risk_text(risk));
    }
    let steps = count(comparison.plan.steps.len(), "statement", "statements");
    text.push_str(&format!("{steps}, {}\n", count(risks.len(), "risk", "risks")));
    text
}
