//! `driftline generate`: writes the next migration, its reverse and the schema after it.

use std::path::Path;

use anyhow::anyhow;

use super::Outcome;
use super::arguments::{Desired, GenerateArguments, SourceLookup};
use super::comparing::{compare, refuse_impossible};
use super::error::{Result, bail};
use super::files::{self, LockedFolder};
use super::migration_name::MigrationName;
use super::migrations_list::{self, refuse_disagreements};
use super::open::{LOCK_FILE, Location, generated_folder, read_options, read_yaml};
use super::output::Output;
use super::verify;
use crate::compare::Comparison;
use crate::diff::{Doubt, unlisted_indexes};
use crate::migration::{AllowedRisk, MigrationFolder, MigrationScript, line_after};
use crate::model::{Element, Schema};
use crate::plan::Risk;
use crate::report::{self, MigrationHeader, count};
use crate::server::Server;
use crate::source::{Loaded, MigrationList, ReadOptions, Settings, yaml};
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
    let locked = if lock.is_file() { Some(read_yaml(&lock)?) } else { None };
    let Some(message) = &args.message else {
        return relist(&MigrationFolder::read(&folder)?, locked, output);
    };
    let before = MigrationFolder::read(&folder)?;
    if let Some(locked) = &locked {
        refuse_disagreements(&before, locked)?;
    }
    let listed = locked.as_ref().map(|locked| locked.migrations.clone());
    let start = starting_point(args, locked.as_ref().map(|_| lock.as_path()), &lookup)?;
    let read = locked.filter(|_| args.typed().is_none());
    let compared = [start.as_ref().and_then(Location::url)];
    let scratch = verify::scratch(&args.verification, &compared, &lookup)?;
    let wanted = (&Location::Yaml(schema), wanted);
    let comparison = compare_with(start.as_ref(), read, wanted, flavor.server)?;
    output.diagnostics(&comparison.to.notes, &comparison.to.files);
    output.diagnostics(&comparison.notes, &comparison.to.files);
    refuse_impossible(&comparison)?;
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
    if comparison.plan.steps.is_empty() {
        if listed.is_none() {
            let list = migrations_so_far(&before, None, &comparison)?;
            files::replace(&lock, &lock_text(&comparison, list))?;
            output.say(&format!("noted what is there in {}", lock.display()));
        }
        output.text("nothing to do: no migration was written\n")?;
        return Ok(Outcome::Clean);
    }
    refuse_unknown_risks(&args.allow, &comparison)?;
    verify::run(&comparison, scratch.as_ref(), &compared, &lookup, output)?;
    let list = migrations_so_far(&before, listed, &comparison)?;
    let name = write_migration(&turn, &folder, message, &args.allow, &comparison, list)?;
    output.text(&summary(&folder, &name, &comparison))?;
    Ok(Outcome::Clean)
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
    flavor: Option<Server>,
) -> Result<Comparison> {
    let comparison = match start {
        Some(start) => {
            let from = match read {
                Some(read) => read,
                None => start.read(&ReadOptions {
                    compared_with: Some(&wanted.schema),
                    ..read_options(flavor, false)
                })?,
            };
            compare((start, from), (location, wanted), flavor, false)?
        }
        None => {
            let nothing = Loaded { label: "nothing".to_owned(), ..Loaded::default() };
            Comparison::new(nothing, wanted, flavor)?
        }
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
    comparison: &Comparison,
) -> Result<MigrationList> {
    match listed {
        Some(Some(list)) => Ok(list),
        Some(None) => migrations_list::list(folder, false),
        None => {
            let list = migrations_list::list(folder, false)?;
            let from_nothing = list.lines.is_empty()
                && comparison.from.schema.tables.is_empty()
                && comparison.from.schema.objects.is_empty();
            Ok(MigrationList { from_nothing, ..list })
        }
    }
}

/// Writes the list of migrations again from the files, and with it the schema that the files give.
fn relist(folder: &MigrationFolder, locked: Option<Loaded>, output: &Output) -> Result<Outcome> {
    let Some(locked) = locked else {
        bail!(
            "there is no {LOCK_FILE} in {}; `driftline generate -m …` writes it",
            folder.path.display()
        );
    };
    let from_nothing = locked.migrations.as_ref().is_some_and(|list| list.from_nothing);
    let list = migrations_list::list(folder, from_nothing)?;
    let words = format!(
        "{} listed in {}\n",
        count(list.lines.len(), "migration", "migrations"),
        folder.path.join(LOCK_FILE).display()
    );
    let schema = match from_nothing {
        true => migrations_list::schema_of_files(folder, &locked)?,
        false => locked.schema.clone(),
    };
    let text = lock_text_of(&schema, locked.server, &locked.settings, list);
    files::replace(&folder.path.join(LOCK_FILE), &text)?;
    output.text(&words)?;
    Ok(Outcome::Clean)
}

/// Writes the two files of the migration and the lock file. Returns the name of the migration.
fn write_migration(
    turn: &LockedFolder,
    folder: &Path,
    message: &str,
    allows: &[String],
    comparison: &Comparison,
    mut list: MigrationList,
) -> Result<String> {
    let MigrationName { version, name, title } = MigrationName::next(folder, message)?;
    let flavor = comparison.server.flavor();
    let header = MigrationHeader { title: &title, flavor: &flavor, is_baseline: false, allows };
    let down = report::down_sql(&comparison.plan, &header);
    let up = report::up_sql(comparison, &header);
    let sum =
        MigrationScript::read(&up).map_err(|problem| anyhow!("{name}.up.sql: {problem}"))?.sum;
    list.lines.push(line_after(list.lines.last(), &version, &sum));
    files::put_together(
        turn,
        &[
            (format!("{name}.up.sql"), up),
            (format!("{name}.down.sql"), down),
            (LOCK_FILE.to_owned(), lock_text(comparison, list)),
        ],
    )?;
    Ok(name)
}

/// The text of the lock file.
fn lock_text_of(
    schema: &Schema,
    server: Option<Server>,
    settings: &Settings,
    list: MigrationList,
) -> String {
    let options = yaml::WriteOptions {
        stated_server: server.map(|server| server.flavor()),
        settings: settings.clone(),
        migrations: Some(list),
        header: vec![
            "The schema after the newest migration here. Written by `driftline generate`."
                .to_owned(),
        ],
        ..yaml::WriteOptions::new(server.unwrap_or(Server::ASSUMED))
    };
    yaml::write(schema, &options)
}

/// The lock file after a comparison: the desired schema and the list of all migrations.
fn lock_text(comparison: &Comparison, list: MigrationList) -> String {
    let mut schema = comparison.to.schema.clone();
    // A later migration that drops a foreign key also has to drop its implicit index.
    for (table, indexes) in unlisted_indexes(&comparison.old, &comparison.new, &comparison.server) {
        if let Some(table) = schema.tables.get_mut(&table) {
            table.indexes.extend(indexes);
        }
    }
    lock_text_of(&schema, Some(comparison.server), &comparison.to.settings, list)
}

fn summary(folder: &Path, name: &str, comparison: &Comparison) -> String {
    let mut text = format!(
        "{}\n{}\n",
        folder.join(format!("{name}.up.sql")).display(),
        folder.join(format!("{name}.down.sql")).display()
    );
    let risks: Vec<_> = comparison.plan.steps.iter().flat_map(|step| &step.risks).collect();
    for risk in &risks {
        text.push_str(&report::risk_text(risk));
    }
    let steps = count(comparison.plan.steps.len(), "statement", "statements");
    text.push_str(&format!("{steps}, {}\n", count(risks.len(), "risk", "risks")));
    text
}
