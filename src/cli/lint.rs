//! `driftline lint`: checks a schema by the rules, without a database.

use super::Outcome;
use super::arguments::{LintArguments, ListFormat};
use super::check::fails;
use super::comparing::{lint_findings, stop_at};
use super::error::Result;
use super::open::{Location, read_alone};
use super::output::Output;
use crate::compare::Comparison;
use crate::diagnostic::in_order;
use crate::report;
use crate::server::Server;

pub(super) fn run(args: &LintArguments, output: &Output) -> Result<Outcome> {
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
    match args.format {
        ListFormat::Text => output.text(&report::lint_text(&comparison.to, &findings))?,
        ListFormat::Json => output.exact(&report::lint_json(&comparison.to, &findings)?)?,
    }
    Ok(if fails(&findings, args.fail_on) { Outcome::Found } else { Outcome::Clean })
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
