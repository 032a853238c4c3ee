//! `driftline lint`: checks a schema by the rules, without a database.

use super::Outcome;
use super::arguments::{Format, LintArguments};
use super::check::fails;
use super::comparing::{lint_findings, stop_at};
use super::error::Result;
use super::formats::{FormatTarget, Printed, append_step_summary, ci_text, numbered, put};
use super::open::{Location, read_alone};
use super::output::Output;
use crate::compare::Comparison;
use crate::config::DEFAULT_SCHEMA;
use crate::diagnostic::in_order;
use crate::finding::Finding;
use crate::report;
use crate::report::ci::{self, FindingsReport};
use crate::server::Server;

pub(super) fn run(
    args: &LintArguments,
    targets: &[(Format, FormatTarget)],
    output: &Output,
) -> Result<Outcome> {
    let flavor = args.desired.flavor.server;
    let location = match args.source.as_deref() {
        Some(typed) => Location::parse(typed, &args.desired.lookup())?,
        None => Location::Yaml(args.desired.schema.path()),
    };
    let loaded = location.read(&read_alone(flavor))?;
    // The schema is compared with itself, because a comparison applies `ignore` and normalizes.
    let comparison = Comparison::new(loaded.clone(), loaded, flavor)?;
    refuse_invalid(&comparison, flavor)?;
    output.diagnostics(&comparison.to.notes, &comparison.to.files);
    let findings = lint_findings(&comparison);
    for (format, target) in targets {
        print(*format, target, &comparison, &findings, output)?;
    }
    Ok(if fails(&findings, args.fail_on) { Outcome::Found } else { Outcome::Clean })
}

fn print(
    format: Format,
    target: &FormatTarget,
    comparison: &Comparison,
    findings: &[Finding],
    output: &Output,
) -> Result<()> {
    let loaded = &comparison.to;
    match format {
        Format::Text => {
            return put(target, Printed::Styled(report::lint_text(loaded, findings)), output);
        }
        Format::Json => {
            return put(target, Printed::Exact(report::lint_json(loaded, findings)?), output);
        }
        _ => {}
    }
    let found = report::found_words(findings);
    let report = FindingsReport {
        command: "lint",
        subject: format!("{} ({})", loaded.label, comparison.server),
        summary: if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") },
        findings: numbered(findings.to_vec()),
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
