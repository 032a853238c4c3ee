//! `driftline lint`: a schema held to the rules, without a database.

use anyhow::Result;

use super::Outcome;
use super::arguments::{Global, Lint, ListFormat};
use super::check::fails;
use super::open::Location;
use super::output::Output;
use crate::compare::Comparison;
use crate::lint::lint;
use crate::report;

pub(super) fn run(args: &Lint, global: &Global, output: &Output) -> Result<Outcome> {
    let location = match args.source.as_deref() {
        Some(typed) => Location::parse(typed)?,
        None => Location::Yaml(global.schema.clone()),
    };
    let loaded = location.open(global.flavor)?;
    // Compared with itself: what is ignored and what counts as equal is decided in one place.
    let comparison = Comparison::new(loaded.clone(), loaded, global.flavor)?;
    let findings = lint(&comparison.new, &comparison.server, &comparison.to.settings);
    match args.format {
        ListFormat::Text => output.text(&report::lint_text(&comparison.to, &findings))?,
        ListFormat::Json => output.exact(&report::lint_json(&comparison.to, &findings)?)?,
    }
    Ok(if fails(&findings, args.fail_on) { Outcome::Found } else { Outcome::Clean })
}
