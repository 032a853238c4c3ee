//! `driftline lint`: checks a schema or migrations by the rules, without a database.

use std::path::Path;

use super::Outcome;
use super::arguments::{Format, LintArguments};
use super::check::fails;
use super::comparing::{ask_usage, lint_findings, stop_at};
use super::error::{Result, bail};
use super::fixing;
use super::formats::{FormatTarget, Printed, append_step_summary, ci_text, numbered, put};
use super::lint_migrations::{Migrations, SEVERAL};
use super::open::{Location, lock_file, read_alone, read_yaml};
use super::output::Output;
use super::since::Since;
use super::waiving::{judge, read_baseline};
use crate::compare::{Comparison, NewElements};
use crate::config::DEFAULT_SCHEMA;
use crate::diagnostic::in_order;
use crate::finding::Finding;
use crate::lint::rule;
use crate::report;
use crate::report::ci::{self, FindingsReport};
use crate::server::Server;
use crate::source::{Loaded, Settings};
use crate::waivers::LookedAt;

pub(super) fn run(
    args: &LintArguments,
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> Result<Outcome> {
    let flavor = args.desired.flavor.server;
    if let Some(migrations) = Migrations::of(&args.sources, args.before.as_deref())? {
        let reviewed = migrations.lint(args)?;
        let fails = fails(&reviewed.findings, args.fail_on);
        print(&reviewed, targets, output)?;
        return Ok(if fails { Outcome::Found } else { Outcome::Clean });
    }
    let location = match args.sources.as_slice() {
        [] => Location::Yaml(args.desired.schema.path()),
        [typed] => Location::parse(typed, &args.desired.lookup())?,
        _ => bail!("{}", SEVERAL),
    };
    // The accepted findings are those of the schema file.
    let baseline = match args.sources.is_empty() {
        true => read_baseline(&args.desired.schema)?,
        false => None,
    };
    if args.fix {
        fixing::fix(args, output)?;
    }
    let mut loaded = location.read(&read_alone(flavor))?;
    if !args.sources.is_empty() && args.desired.schema.typed.is_some() {
        take_rules(&mut loaded, &args.desired.schema.path())?;
    }
    ask_usage(&mut loaded, location.url(), true)?;
    let since = match &args.changed_since {
        Some(reference) => {
            Some(Since::of(&args.desired.schema.path(), reference, &loaded, flavor, output)?)
        }
        None => None,
    };
    // The schema is compared with itself, because a comparison applies `ignore` and normalizes.
    let comparison = Comparison::new(loaded.clone(), loaded, flavor)?;
    refuse_invalid(&comparison, flavor)?;
    let found = lint_findings(&comparison, &new_elements(args, &comparison, since.as_ref())?);
    let known = (baseline.as_ref(), since.as_ref());
    let mut findings = judge(&comparison, found, known, LookedAt::Rules).findings;
    if args.sources.is_empty() {
        fixing::place(&mut findings, &comparison, flavor)?;
    } else {
        findings.iter_mut().for_each(|finding| finding.fixes.clear());
    }
    let fails = fails(&findings, args.fail_on);
    let tables = comparison.to.schema.counts().tables;
    let mut loaded = comparison.to;
    // What a rule is about is a finding.
    loaded.notes.retain(|note| note.code.and_then(rule).is_none());
    let linted = Linted {
        contents: report::count(tables, "table", "tables"),
        server: comparison.server,
        loaded,
        findings,
        since: since.map(|since| since.reference),
    };
    print(&linted, targets, output)?;
    Ok(if fails { Outcome::Found } else { Outcome::Clean })
}

/// Takes the rules of a schema file for another source.
fn take_rules(loaded: &mut Loaded, schema: &Path) -> Result<()> {
    let Settings { rules, rules_for_new, rule_options, .. } = read_yaml(schema)?.settings;
    loaded.settings = Settings { rules, rules_for_new, rule_options, ..loaded.settings.clone() };
    Ok(())
}

/// What isn't in the commit or, if none is given, in the schema of the last migration.
fn new_elements(
    args: &LintArguments,
    comparison: &Comparison,
    since: Option<&Since>,
) -> Result<NewElements> {
    if let Some(since) = since {
        return Ok(since.new.clone());
    }
    let lock = lock_file(&args.desired.schema.path(), args.generated.as_deref());
    let is_asked = args.sources.is_empty() && !comparison.to.settings.rules_for_new.is_empty();
    if !is_asked || !lock.is_file() {
        return Ok(NewElements::none());
    }
    let (locked, wanted) = (read_yaml(&lock)?, comparison.to.clone());
    let since_lock = Comparison::new(locked, wanted, args.desired.flavor.server)?;
    Ok(since_lock.with_texts_as_meaning().new_elements())
}

/// What was looked at, and what was found.
pub(super) struct Linted {
    /// The source; its files are those that the findings point into.
    pub(super) loaded: Loaded,
    pub(super) server: Server,
    /// How much it is: `12 tables`.
    pub(super) contents: String,
    pub(super) findings: Vec<Finding>,
    /// The commit since which only changes were looked at.
    pub(super) since: Option<String>,
}

fn print(linted: &Linted, targets: &[(Format, FormatTarget)], output: &Output) -> Result<()> {
    output.diagnostics(&linted.loaded.notes, &linted.loaded.files);
    for (format, target) in targets {
        print_as(*format, target, linted, output)?;
    }
    Ok(())
}

fn print_as(format: Format, target: &FormatTarget, linted: &Linted, output: &Output) -> Result<()> {
    let Linted { loaded, server, contents, findings, since } = linted;
    let since = since.as_deref();
    match format {
        Format::Text => {
            let text = report::lint_text(loaded, findings, since, contents);
            return put(target, Printed::Styled(text), output);
        }
        Format::Json => {
            return put(target, Printed::Exact(report::lint_json(loaded, findings)?), output);
        }
        _ => {}
    }
    let report = FindingsReport {
        command: "lint",
        subject: format!("{} ({server})", loaded.label),
        summary: report::lint_summary(findings, since),
        findings: numbered(findings.clone()),
        files: &loaded.files,
        default_file: loaded.files.first_name().unwrap_or(DEFAULT_SCHEMA).to_owned(),
    };
    if let Some(text) = ci_text(format, &report, None)? {
        put(target, Printed::Exact(text), output)?;
    }
    if format == Format::Github {
        append_step_summary(&ci::markdown(&report, None), output);
    }
    Ok(())
}

/// Stops if the schema uses something that the server doesn't have or would refuse. If no server is
/// named, only what each of the two vendors would refuse counts.
pub(super) fn refuse_invalid(comparison: &Comparison, flavor: Option<Server>) -> Result<()> {
    let mut errors = comparison.errors_of_file();
    if flavor.or(comparison.to.server).is_some() {
        errors.extend(comparison.unsupported());
        errors = in_order(errors);
    } else if !errors.is_empty() {
        let loaded = comparison.to.clone();
        let other = Comparison::new(loaded.clone(), loaded, Some(Server::OTHER_ASSUMED))?;
        // The messages name the server, so only the places in the file can be compared.
        let of_other = other.errors_of_file();
        errors.retain(|error| of_other.iter().any(|other| other.primary == error.primary));
    }
    stop_at(errors, comparison)
}
