//! `driftline check`: what CI runs.

use std::mem;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use super::Outcome;
use super::arguments::{Check, FailOn, Global};
use super::comparing::{ask_server, print, refuse_impossible, refuse_self_check_of_files};
use super::open::{Ahead, Location, lock_file, open_yaml};
use super::output::Output;
use crate::compare::Comparison;
use crate::diagnostic::Severity;
use crate::lint::{Finding, lint};
use crate::report::{self, Extra, Statements};
use crate::source::Loaded;

pub(super) fn run(args: &Check, global: &Global, output: &Output) -> Result<Outcome> {
    let started = Instant::now();
    let ahead = ahead(args, global);
    let wanted = open_yaml(&global.schema)?;
    let lock = lock_file(&global.schema, args.generated.as_deref());
    // Offline the comparison itself is the one with the last migration's schema.
    let unmigrated = if args.offline { Vec::new() } else { unmigrated(&lock, &wanted, global)? };
    let Some((location, database)) = database(args, &lock, &wanted, global, ahead)? else {
        return without_database(&unmigrated, output);
    };
    let comparison = Comparison::new(database, wanted, global.flavor)?;
    refuse_impossible(&comparison)?;
    let comparison = if args.offline {
        comparison.with_texts_as_meaning()
    } else {
        ask_server(comparison, location.url().filter(|_| args.ask_server))?
    };
    let findings = lint(&comparison.new, &comparison.server, &comparison.to.settings);
    let old_noun = if args.offline { comparison.from.label.clone() } else { "the database".into() };
    let extra = Extra {
        old_noun: &old_noun,
        findings: &findings,
        unmigrated: &unmigrated,
        statements: Statements::Counted(match args.offline {
            true => "`driftline generate` writes the migration",
            false => "`--format sql` prints the SQL",
        }),
        elapsed: Some(started.elapsed()),
    };
    print(&comparison, &extra, args.format, output)?;
    let found =
        !comparison.is_in_sync() || !unmigrated.is_empty() || fails(&findings, args.fail_on);
    // The process ends here: giving back a large schema piece by piece would only take time.
    mem::forget(comparison);
    Ok(if found { Outcome::Found } else { Outcome::Clean })
}

/// Whether the findings alone make the exit code 1.
pub(super) fn fails(findings: &[Finding], fail_on: FailOn) -> bool {
    let worst = report::worst(findings);
    match fail_on {
        FailOn::Warning => worst >= Some(Severity::Warning),
        FailOn::Error => worst >= Some(Severity::Error),
        FailOn::Drift => false,
    }
}

/// Asks the database while schema.yaml is read, where it is sure to be asked at all. What is wrong
/// with its address is said later, after what is wrong with the file.
fn ahead(args: &Check, global: &Global) -> Option<Ahead> {
    if args.offline || args.self_check {
        return None;
    }
    let location = Location::database(args.against.as_deref(), global).ok().flatten()?;
    Ahead::begin(&location)
}

/// What is compared with schema.yaml: the database, or with `--offline` the last migration's
/// schema. `None` where there is no database and nothing said that there need be none.
fn database(
    args: &Check,
    lock: &Path,
    wanted: &Loaded,
    global: &Global,
    ahead: Option<Ahead>,
) -> Result<Option<(Location, Loaded)>> {
    let location = if args.offline {
        if !lock.is_file() {
            bail!("--offline compares with {}, which isn't there", lock.display());
        }
        Location::Yaml(lock.to_owned())
    } else {
        match Location::database(args.against.as_deref(), global)? {
            Some(location) => location,
            None => return Ok(None),
        }
    };
    if args.self_check {
        refuse_self_check_of_files(&[&location])?;
    }
    let loaded = match ahead {
        Some(ahead) => ahead.open_beside(wanted)?,
        None => location.open_beside(wanted, global.flavor, args.self_check)?,
    };
    Ok(Some((location, loaded)))
}

/// The changes of schema.yaml that no migration holds yet; none where nothing was generated.
fn unmigrated(lock: &Path, wanted: &Loaded, global: &Global) -> Result<Vec<String>> {
    if !lock.is_file() {
        return Ok(Vec::new());
    }
    let locked = open_yaml(lock)?;
    let comparison =
        Comparison::new(locked, wanted.clone(), global.flavor)?.with_texts_as_meaning();
    let items = report::items(&comparison.difference, &comparison.server);
    Ok(items
        .iter()
        .map(|item| format!("{} {}: {}", item.sign.symbol(), item.table, item.subject))
        .collect())
}

/// With no database at all there is still something to say, and one thing to refuse.
fn without_database(unmigrated: &[String], output: &Output) -> Result<Outcome> {
    if unmigrated.is_empty() {
        bail!(
            "no database to check: set DATABASE_URL, in the environment or in .env, or say \
             --against SOURCE; --offline checks schema.yaml and generated/ alone"
        );
    }
    let mut text = String::from("changes without a migration (`driftline generate`)\n");
    for line in unmigrated {
        text.push_str(&format!("  {}\n", report::harmless(line)));
    }
    text.push_str("no database was checked: set DATABASE_URL or say --against SOURCE\n");
    output.text(&text)?;
    Ok(Outcome::Found)
}
