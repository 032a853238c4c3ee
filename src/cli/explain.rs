//! `driftline explain`: why an element is held equal or different.

use super::Outcome;
use super::arguments::{ExplainArguments, ListFormat};
use super::comparing::compare;
use super::diff::{read_both, two_sources};
use super::elements::named;
use super::error::Result;
use super::open::read_options;
use super::output::Output;
use crate::compare::{Comparison, ExplainedVerdict};
use crate::model::Element;
use crate::report;

pub(super) fn run(args: &ExplainArguments, output: &Output) -> Result<Outcome> {
    let flavor = args.desired.flavor.server;
    let typed = (args.from.as_deref(), args.to.as_deref());
    let (from, to) = two_sources(typed, &args.desired)?;
    let (is, wanted) = read_both(&from, &to, &read_options(flavor, false))?;
    let comparison = compare((&from, is), (&to, wanted), flavor, false)?;
    let all = comparison.elements();
    let sources = format!("{} or {}", comparison.from.label, comparison.to.label);
    let elements = with_parts(named(&args.element, &all, &sources)?, &comparison, &all);
    match args.format {
        ListFormat::Text => output.text(&report::explanation_text(&comparison, &elements))?,
        ListFormat::Json => output.exact(&report::explanation_json(&comparison, &elements)?)?,
    }
    let is_equal = elements.iter().all(|element| is_equal(&comparison, element));
    Ok(if is_equal { Outcome::Clean } else { Outcome::Found })
}

/// Elements, and the parts of those that are tables which both sources have. Of their options, which
/// the table itself shows, only those that aren't equal.
fn with_parts(named: Vec<Element>, comparison: &Comparison, all: &[Element]) -> Vec<Element> {
    let mut elements = Vec::new();
    for element in named {
        let table = match &element {
            Element::Table { table } if comparison.is_on_both_sides(&element) => {
                Some(table.clone())
            }
            _ => None,
        };
        elements.push(element);
        let Some(table) = table else { continue };
        let parts = all.iter().filter(|part| match part {
            Element::Table { .. } => false,
            Element::TableOption { .. } if is_equal(comparison, part) => false,
            part => part.table_name() == Some(&table),
        });
        elements.extend(parts.cloned());
    }
    elements
}

fn is_equal(comparison: &Comparison, element: &Element) -> bool {
    matches!(comparison.verdict(element), ExplainedVerdict::Equal | ExplainedVerdict::Implicit)
}
