//! `driftline lint`: checks a schema or migrations by the rules, without a database.

use super::Outcome;
use super::arguments::{Format, LintArguments};
use super::check::fails;
use super::comparing::{lint_findings, stop_at};
use super::error::{Result, bail};
use super::formats::{FormatTarget, Printed, append_step_summary, ci_text, numbered, put};
use super::lint_migrations::{Migrations, SEVERAL};
use super::open::{Location, read_alone};
use super::output::Output;
use crate::compare::Comparison;
use crate::config::DEFAULT_SCHEMA;
use crate::diagnostic::in_order;
use crate::finding::Finding;
use crate::report;
use crate::report::ci::{self, FindingsReport};
use crate::server::Server;
use crate::source::Loaded;

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
        [_] if args.desired.schema.typed.is_some() => {
            bail!("a source and --schema both name what to look at: name one of them")
        }
        [typed] => Location::parse(typed, &args.desired.lookup())?,
        _ => bail!("{}", SEVERAL),
    };
    let loaded = location.read(&read_alone(flavor))?;
    // The schema is compared with itself, because a comparison applies `ignore` and normalizes.
    let comparison = Comparison::new(loaded.clone(), loaded, flavor)?;
    refuse_invalid(&comparison, flavor)?;
    let findings = lint_findings(&comparison);
    let fails = fails(&findings, args.fail_on);
    let tables = comparison.to.schema.counts().tables;
    let linted = Linted {
        contents: report::count(tables, "table", "tables"),
        server: comparison.server,
        loaded: comparison.to,
        findings,
    };
    print(&linted, targets, output)?;
    Ok(if fails { Outcome::Found } else { Outcome::Clean })
}

/// What was looked at, and what was found.
pub(super) struct Linted {
    /// The source; its files are those that the findings point into.
    pub(super) loaded: Loaded,
    pub(super) server: Server,
    /// How much it is: `12 tables`.
    pub(super) contents: String,
    pub(super) findings: Vec<Finding>,
}

fn print(linted: &Linted, targets: &[(Format, FormatTarget)], output: &Output) -> Result<()> {
    output.diagnostics(&linted.loaded.notes, &linted.loaded.files);
    for (format, target) in targets {
        print_as(*format, target, linted, output)?;
    }
    Ok(())
}

fn print_as(format: Format, target: &FormatTarget, linted: &Linted, output: &Output) -> Result<()> {
    let Linted { loaded, server, contents, findings } = linted;
    match format {
        Format::Text => {
            let text = report::lint_text(loaded, findings, contents);
            return put(target, Printed::Styled(text), output);
        }
        Format::Json => {
            return put(target, Printed::Exact(report::lint_json(loaded, findings)?), output);
        }
        _ => {}
    }
    let found = report::found_words(findings);
    let report = FindingsReport {
        command: "lint",
        subject: format!("{} ({server})", loaded.label),
        summary: if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") },
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
fn refuse_invalid(comparison: &Comparison, flavor: Option<Server>) -> Result<()> {
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
