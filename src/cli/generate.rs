//! `driftline generate`: the next migration, its reverse and the schema after it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use jiff::{Timestamp, ToSpan};

use super::Outcome;
use super::arguments::{Desired, Generate, Lookup};
use super::comparing::{compare, refuse_impossible};
use super::error::{Result, bail};
use super::files::{self, LockedFolder};
use super::migrations_list::{self, refuse_partings};
use super::open::{LOCK_FILE, Location, generated_folder, read_options, read_yaml};
use super::output::Output;
use super::verify;
use crate::compare::Comparison;
use crate::diff::{Doubt, unlisted_indexes};
use crate::migration::{self, line_after};
use crate::model::Element;
use crate::report::{self, count};
use crate::server::Server;
use crate::source::{Loaded, MigrationList, ReadOptions, yaml};
use crate::words::{UncertainWords, way_out};

pub(super) fn run(args: &Generate, output: &Output) -> Result<Outcome> {
    let Desired { schema, flavor, .. } = &args.desired;
    let lookup = args.desired.lookup();
    let schema = schema.path();
    let wanted = read_yaml(&schema)?;
    let folder = generated_folder(&schema, args.generated.as_deref());
    // Held until the end, so that another run starts from the result of this one.
    let turn = LockedFolder::lock(&folder)?;
    let lock = folder.join(LOCK_FILE);
    files::refuse_link(&lock)?;
    let locked = if lock.is_file() { Some(read_yaml(&lock)?) } else { None };
    let Some(message) = &args.message else {
        return relist(&folder, locked, output);
    };
    if let Some(locked) = &locked {
        refuse_partings(&folder, locked)?;
    }
    let start = starting_point(args, &folder, &lookup)?;
    let compared = [start.as_ref().and_then(Location::url)];
    let scratch = verify::scratch(&args.verification, &compared, &lookup)?;
    let wanted = (&Location::Yaml(schema), wanted);
    let comparison = compare_with(start.as_ref(), wanted, flavor.server)?;
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
        if locked.is_none() {
            let list = migrations_so_far(&folder, None, &comparison)?;
            files::replace(&lock, &lock_text(&comparison, list))?;
            output.say(&format!("noted what is there in {}", lock.display()));
        }
        output.text("nothing to do: no migration was written\n")?;
        return Ok(Outcome::Clean);
    }
    verify::run(&comparison, scratch.as_ref(), &compared, &lookup, output)?;
    let list = migrations_so_far(&folder, locked, &comparison)?;
    let name = write_migration(&turn, &folder, message, &comparison, list)?;
    output.text(&summary(&folder, &name, &comparison))?;
    Ok(Outcome::Clean)
}

/// The schema of the last migration, else a database, else nothing.
fn starting_point(
    args: &Generate,
    folder: &Path,
    lookup: &Lookup,
) -> anyhow::Result<Option<Location>> {
    let lock = folder.join(LOCK_FILE);
    match args.typed() {
        Some(typed) => Location::parse(typed, lookup).map(Some),
        None if lock.is_file() => Ok(Some(Location::Yaml(lock))),
        None => Location::database(None, lookup),
    }
}

/// Compares the start with schema.yaml.
fn compare_with(
    start: Option<&Location>,
    (location, wanted): (&Location, Loaded),
    flavor: Option<Server>,
) -> Result<Comparison> {
    let comparison = match start {
        Some(start) => {
            let from = start.read(&ReadOptions {
                compared_with: Some(&wanted.schema),
                ..read_options(flavor, false)
            })?;
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

/// The list before a new migration: that of the lock file, or the files that are there.
fn migrations_so_far(
    folder: &Path,
    locked: Option<Loaded>,
    comparison: &Comparison,
) -> Result<MigrationList> {
    match locked {
        Some(Loaded { migrations: Some(list), .. }) => Ok(list),
        Some(_) => migrations_list::list(folder, false),
        None => {
            let list = migrations_list::list(folder, false)?;
            let from_nothing = list.lines.is_empty()
                && comparison.from.schema.tables.is_empty()
                && comparison.from.schema.objects.is_empty();
            Ok(MigrationList { from_nothing, ..list })
        }
    }
}

/// Writes the list of migrations again from the files, and the schema that they give.
fn relist(folder: &Path, locked: Option<Loaded>, output: &Output) -> Result<Outcome> {
    let Some(locked) = locked else {
        bail!(
            "there is no {LOCK_FILE} in {}; `driftline generate -m …` writes it",
            folder.display()
        );
    };
    let from_nothing = locked.migrations.as_ref().is_some_and(|list| list.from_nothing);
    let list = migrations_list::list(folder, from_nothing)?;
    let words = format!(
        "{} listed in {}\n",
        count(list.lines.len(), "migration", "migrations"),
        folder.join(LOCK_FILE).display()
    );
    let schema = match from_nothing {
        true => migrations_list::schema_of_files(folder, &locked)?,
        false => locked.schema.clone(),
    };
    let options = yaml::WriteOptions {
        stated_server: locked.server.map(|server| server.flavor()),
        settings: locked.settings.clone(),
        migrations: Some(list),
        header: lock_header(),
        ..yaml::WriteOptions::new(locked.server.unwrap_or(Server::ASSUMED))
    };
    files::replace(&folder.join(LOCK_FILE), &yaml::write(&schema, &options))?;
    output.text(&words)?;
    Ok(Outcome::Clean)
}

/// Writes the two files and the resulting schema; returns the migration's name.
fn write_migration(
    turn: &LockedFolder,
    folder: &Path,
    message: &str,
    comparison: &Comparison,
    mut list: MigrationList,
) -> Result<String> {
    let slug = slug(message);
    if slug.is_empty() {
        bail!("the message has no letter or digit to name the migration by");
    }
    let version = next_version(folder)?;
    let name = format!("{version}_{slug}");
    let title = format!("{name}: {message}");
    let flavor = comparison.server.flavor();
    let down = report::down_sql(&comparison.plan, &format!("reverses {title}"), &flavor);
    let up = report::up_sql(comparison, &title, &flavor);
    let sum = migration::sum(&up).map_err(|problem| anyhow!("{name}.up.sql: {problem}"))?;
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

fn lock_header() -> Vec<String> {
    vec!["The schema after the newest migration here. Written by `driftline generate`.".to_owned()]
}

/// The schema after the newest migration, with the list of all.
fn lock_text(comparison: &Comparison, list: MigrationList) -> String {
    let options = yaml::WriteOptions {
        stated_server: Some(comparison.server.flavor()),
        settings: comparison.to.settings.clone(),
        migrations: Some(list),
        header: lock_header(),
        ..yaml::WriteOptions::new(comparison.server)
    };
    let mut schema = comparison.to.schema.clone();
    // A later migration that drops a foreign key also has to drop its implicit index.
    for (table, indexes) in unlisted_indexes(&comparison.old, &comparison.new, &comparison.server) {
        if let Some(table) = schema.tables.get_mut(&table) {
            table.indexes.extend(indexes);
        }
    }
    yaml::write(&schema, &options)
}

/// The UTC time as `20261122101500`. If the clock is behind the newest migration's number, the next
/// number, because versions only increase.
fn next_version(folder: &Path) -> anyhow::Result<String> {
    let mut time = Timestamp::now();
    let version = |time: Timestamp| time.strftime("%Y%m%d%H%M%S").to_string();
    let mut newest = String::new();
    for entry in fs::read_dir(folder).with_context(|| format!("can't list {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
        if digits.len() == 14 && digits > newest {
            newest = digits;
        }
    }
    if version(time) <= newest {
        time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", &newest)
            .and_then(|newest| newest.checked_add(1.second()))
            .and_then(|next| next.to_zoned(jiff::tz::TimeZone::UTC))
            .with_context(|| format!("{newest} isn't a version that another can follow"))?
            .timestamp();
    }
    Ok(version(time))
}

/// `Add report status!` → `add_report_status`
fn slug(message: &str) -> String {
    let words: Vec<String> = message
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_").chars().take(60).collect()
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

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_is_lower_case_words() {
        assert_eq!(slug("  Add report-status, v2! "), "add_report_status_v2");
        assert_eq!(slug("Über/../x"), "über_x");
        assert_eq!(slug("!?"), "");
    }
}
