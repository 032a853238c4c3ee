//! `driftline check`: what CI runs.

use std::collections::BTreeSet;
use std::mem;
use std::path::Path;
use std::time::Instant;

use super::Outcome;
use super::arguments::{CheckArguments, Desired, FailCause, FailOn, Format};
use super::comparing::{
    ask_server, ask_usage, compare, lint_findings, print, refuse_asking_of_files,
    refuse_impossible, refuse_self_check_of_files,
};
use super::error::{Result, bail};
use super::fixing;
use super::formats::{FormatTarget, Printed, ci_text, numbered, put};
use super::migrations_list::refuse_disagreements;
use super::open::{Location, Prefetch, generated_folder, lock_file, read_options, read_yaml};
use super::output::Output;
use super::since::Since;
use super::waiving::{Judged, judge, read_baseline};
use crate::compare::Comparison;
use crate::config::DEFAULT_SCHEMA;
use crate::diagnostic::{Diagnostic, Files, Severity};
use crate::finding::{DriftClass, Finding, worst};
use crate::migration::MigrationFolder;
use crate::report::ci::FindingsReport;
use crate::report::{self, OpenDrift, ReportExtras, Statements};
use crate::server::Server;
use crate::source::{Loaded, ReadOptions, is_same_file};
use crate::waivers::LookedAt;

pub(super) fn run(
    args: &CheckArguments,
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> Result<Outcome> {
    let Desired { schema, flavor, .. } = &args.desired;
    let schema = schema.path();
    let started = Instant::now();
    let prefetch = prefetch(args);
    let wanted = read_yaml(&schema)?;
    let baseline = read_baseline(&args.desired.schema)?;
    let since = match &args.changed_since {
        Some(reference) => Some(Since::of(&schema, reference, &wanted, flavor.server, output)?),
        None => None,
    };
    let lock = lock_file(&schema, args.generated.as_deref());
    // Offline, the comparison with the last migration's schema is the main one.
    let unmigrated =
        if args.offline { Vec::new() } else { unmigrated(&lock, &wanted, flavor.server)? };
    let Some((location, database)) = database(args, &lock, &wanted, prefetch)? else {
        let fails = Failing::of(&args.fail_on).unmigrated;
        let outcome = without_database(&unmigrated, targets, output)?;
        return Ok(if fails { outcome } else { Outcome::Clean });
    };
    if args.offline && database.migrations.is_some() {
        let folder = generated_folder(&schema, args.generated.as_deref());
        refuse_disagreements(&MigrationFolder::read(&folder)?, &database)?;
    }
    let wanted = (&Location::Yaml(schema.clone()), wanted);
    let comparison = compare((&location, database), wanted, flavor.server, args.self_check)?;
    refuse_impossible(&comparison)?;
    let comparison = if args.offline {
        comparison.with_texts_as_meaning()
    } else {
        ask_server(comparison, location.url().filter(|_| args.ask_server))?
    };
    let mut comparison = comparison;
    ask_usage(&mut comparison.to, location.url().filter(|_| !args.offline), false)?;
    let new = comparison.new_elements();
    let found = lint_findings(&comparison, &new);
    let looked_at = if args.offline { LookedAt::Rules } else { LookedAt::RulesAndDrift };
    let Judged { aside, mut findings } =
        judge(&comparison, found, (baseline.as_ref(), since.as_ref()), looked_at);
    // Finding out whether a file can be edited takes longer than all the rest.
    if targets.iter().any(|(format, _)| matches!(format, Format::Json | Format::Sarif)) {
        fixing::place(&mut findings, &comparison, flavor.server)?;
    }
    let classes = OpenDrift::of(&comparison, &aside).classes();
    let old_noun = if args.offline { comparison.from.label.clone() } else { "the database".into() };
    let extra = ReportExtras {
        old_noun: &old_noun,
        findings: &findings,
        aside,
        since: since.as_ref().map(|since| since.reference.as_str()),
        unmigrated: &unmigrated,
        statements: Statements::Counted(match args.offline {
            true => "`driftline generate` writes the migration",
            false => "`--format sql` prints the SQL, `driftline push` runs it",
        }),
        shows_ways_out: !args.offline,
        elapsed: Some(started.elapsed()),
    };
    print("check", &comparison, &extra, targets, output)?;
    let failing = Failing::of(&args.fail_on);
    let found = failing.on(&classes)
        || failing.unmigrated && !unmigrated.is_empty()
        || fails(&findings, failing.level);
    // The process ends here. Freeing a large schema would only take time.
    mem::forget(comparison);
    Ok(if found { Outcome::Found } else { Outcome::Clean })
}

/// What makes the exit code 1.
struct Failing {
    classes: Vec<DriftClass>,
    unmigrated: bool,
    level: FailOn,
}

impl Failing {
    fn of(causes: &[FailCause]) -> Failing {
        let has = |cause: FailCause| causes.contains(&cause);
        let mut classes: Vec<DriftClass> =
            causes.iter().filter_map(|cause| cause.class()).collect();
        // A level alone is about all drift too.
        let is_all = has(FailCause::Drift) || classes.is_empty() && !has(FailCause::Unmigrated);
        if is_all {
            classes = DriftClass::ALL.to_vec();
        }
        let level = match (has(FailCause::Warning), has(FailCause::Error)) {
            (true, _) => FailOn::Warning,
            (false, true) => FailOn::Error,
            (false, false) => FailOn::Drift,
        };
        Failing { classes, unmigrated: is_all || has(FailCause::Unmigrated), level }
    }

    fn on(&self, found: &BTreeSet<DriftClass>) -> bool {
        self.classes.iter().any(|class| found.contains(class))
    }
}

/// Whether the findings alone make the exit code 1.
pub(super) fn fails(findings: &[Finding], fail_on: FailOn) -> bool {
    let worst = worst(findings);
    match fail_on {
        FailOn::Warning => worst >= Some(Severity::Warning),
        FailOn::Error => worst >= Some(Severity::Error),
        FailOn::Drift => false,
    }
}

/// Starts to query the database while schema.yaml is read, if it is certain that the database is
/// needed. Errors in its URL are reported later, after the errors in the file.
fn prefetch(args: &CheckArguments) -> Option<Prefetch> {
    if args.offline || args.self_check {
        return None;
    }
    let location = Location::database(args.typed(), &args.desired.lookup()).ok().flatten()?;
    Prefetch::begin(&location)
}

/// What schema.yaml is compared with: the database, or with `--offline` the last migration's
/// schema. `None` if there is no database and no argument asks for one.
fn database(
    args: &CheckArguments,
    lock: &Path,
    wanted: &Loaded,
    prefetch: Option<Prefetch>,
) -> Result<Option<(Location, Loaded)>> {
    let location = if args.offline {
        if !lock.is_file() {
            bail!("--offline compares with {}, which isn't there", lock.display());
        }
        Location::Yaml(lock.to_owned())
    } else {
        match Location::database(args.typed(), &args.desired.lookup())? {
            Some(location) => location,
            None => return Ok(None),
        }
    };
    if let Location::Yaml(path) = &location
        && !args.offline
        && is_same_file(path, &args.desired.schema.path())
    {
        bail!(
            "{} is the schema file itself; name the database or dump to check, or \
             --schema FILE for another schema file",
            path.display()
        );
    }
    if args.ask_server {
        refuse_asking_of_files(&[&location])?;
    }
    if args.self_check {
        refuse_self_check_of_files(&[&location])?;
    }
    let options = ReadOptions {
        compared_with: Some(&wanted.schema),
        ..read_options(args.desired.flavor.server, args.self_check)
    };
    let loaded = match prefetch {
        Some(prefetch) => prefetch.read(&options)?,
        None => location.read(&options)?,
    };
    Ok(Some((location, loaded)))
}

/// The changes of schema.yaml that are in no migration yet. Empty if nothing was generated.
fn unmigrated(lock: &Path, wanted: &Loaded, flavor: Option<Server>) -> Result<Vec<String>> {
    if !lock.is_file() {
        return Ok(Vec::new());
    }
    let locked = read_yaml(lock)?;
    let comparison = Comparison::new(locked, wanted.clone(), flavor)?.with_texts_as_meaning();
    let items = report::items(&comparison.difference, &comparison.server);
    Ok(items
        .iter()
        .map(|item| format!("{} {}: {}", item.sign.symbol(), item.table, item.subject))
        .collect())
}

/// Without a database, only the unmigrated changes can be reported. It is an error if there are
/// none.
fn without_database(
    unmigrated: &[String],
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> Result<Outcome> {
    if unmigrated.is_empty() {
        bail!(
            "no database to check: set DATABASE_URL, in the environment or in .env, or name a \
             source, as in `driftline check dump.sql`; --offline checks schema.yaml and generated/ alone"
        );
    }
    const NO_DATABASE: &str = "no database was checked: set DATABASE_URL or name a source";
    let error = Diagnostic::without_place(NO_DATABASE);
    let files = Files::default();
    let mut text = String::from("changes without a migration (`driftline generate`)\n");
    for line in unmigrated {
        text.push_str(&format!("  {}\n", report::one_line(line)));
    }
    text.push_str(&format!("{NO_DATABASE}\n"));
    for (format, target) in targets {
        match format {
            Format::Text => put(target, Printed::Styled(text.clone()), output)?,
            Format::Sql | Format::Diff | Format::Html => output.say(&text),
            Format::Json => {
                let error = std::slice::from_ref(&error);
                let json = report::errors_json("failed", error, &files, unmigrated)?;
                put(target, Printed::Exact(json), output)?;
            }
            _ => {
                let note = Diagnostic { severity: Severity::Note, ..error.clone() };
                let mut findings = report::unmigrated_findings(unmigrated, DEFAULT_SCHEMA);
                findings.extend(report::error_findings("no-database", &[note], &files));
                let report = FindingsReport {
                    command: "check",
                    subject: NO_DATABASE.to_owned(),
                    summary: report::count(
                        unmigrated.len(),
                        "change without a migration",
                        "changes without a migration",
                    ),
                    findings: numbered(findings),
                    files: &files,
                    default_file: DEFAULT_SCHEMA.to_owned(),
                };
                if let Some(text) = ci_text(*format, &report, None)? {
                    put(target, Printed::Exact(text), output)?;
                }
            }
        }
    }
    Ok(Outcome::Found)
}
