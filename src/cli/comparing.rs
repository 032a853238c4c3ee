//! What every command that compares two sources does with the comparison: refuse it, ask the
//! server about it, print it.

use std::collections::HashSet;

use anyhow::Result;

use super::arguments::Format;
use super::open::SourceError;
use super::output::Output;
use super::progress::with_progress;
use crate::compare::Comparison;
use crate::model::{Element, Schema, Table};
use crate::normalize::expression::settled;
use crate::report::{self, Extra};
use crate::source::live::{self, DatabaseUrl};

/// Stops where the desired schema uses what the server has not.
pub(super) fn refuse_unsupported(comparison: &Comparison) -> Result<()> {
    let unsupported = comparison.unsupported();
    if unsupported.is_empty() {
        return Ok(());
    }
    Err(SourceError::Invalid(unsupported, comparison.to.files.clone()).into())
}

/// Lets the server spell the expressions that can't be compared, and compares again.
pub(super) fn ask_server(comparison: Comparison, url: Option<&DatabaseUrl>) -> Result<Comparison> {
    let Some(url) = url.filter(|_| !comparison.difference.uncertain.is_empty()) else {
        return Ok(comparison);
    };
    let mut names: Vec<&str> =
        comparison.difference.uncertain.iter().filter_map(|it| it.element.table_name()).collect();
    names.dedup();
    let tables: Vec<Table> =
        names.iter().filter_map(|name| comparison.new.table(name)).cloned().collect();
    let doing = format!("asking {url}");
    let asked = url.clone();
    let spelled = with_progress(&doing, move || asked.is_prompting(), || live::ask(url, &tables))
        .map_err(SourceError::Live)?;
    let (mut old, mut new) = (comparison.old.clone(), comparison.new.clone());
    let asked: HashSet<&Element> =
        comparison.difference.uncertain.iter().map(|it| &it.element).collect();
    for mut answer in spelled {
        take_texts(&mut new, &mut answer, &asked);
        take_own_texts(&mut old, &answer.name, &asked);
    }
    Ok(comparison.again(old, new))
}

/// Takes the server's spelling of the expressions that could not be compared for what they mean,
/// where that can't be understood any further.
fn take_texts(schema: &mut Schema, answer: &mut Table, asked: &HashSet<&Element>) {
    let Some(table) = schema.tables.get_mut(&answer.name) else { return };
    for ((element, expression), (_, spelled)) in
        table.expressions_mut().zip(answer.expressions_mut())
    {
        if asked.contains(&element) {
            expression.canonical = settled(spelled).canonical;
        }
    }
}

/// The old side's texts are the server's spelling already.
fn take_own_texts(schema: &mut Schema, name: &str, asked: &HashSet<&Element>) {
    let Some(table) = schema.tables.get_mut(name) else { return };
    for (element, expression) in table.expressions_mut() {
        if asked.contains(&element) {
            *expression = settled(expression);
        }
    }
}

/// Prints a comparison in the format that was asked for; what statements alone don't show goes to
/// standard error.
pub(super) fn print(
    comparison: &Comparison,
    extra: &Extra,
    format: Format,
    output: &Output,
) -> Result<()> {
    for side in [&comparison.from, &comparison.to] {
        output.diagnostics(&side.notes, &side.files);
    }
    if matches!(format, Format::Sql | Format::Diff) {
        for line in unsaid(comparison) {
            output.say(&line);
        }
    }
    match format {
        Format::Text => output.text(&report::comparison_text(comparison, extra)),
        Format::Sql => output.exact(&report::plan_sql(&comparison.plan)),
        Format::Diff => output.exact(&report::unified(comparison)),
        Format::Json => output.exact(&report::comparison_json(comparison, extra)?),
    }
}

/// What the statements alone don't show: differences that can't be told or expressed.
fn unsaid(comparison: &Comparison) -> Vec<String> {
    let uncertain = comparison.difference.uncertain.iter().map(|it| {
        format!(
            "warning: can't compare the {} of {}: {} / {} (--ask-server lets the server decide)",
            it.field, it.element, it.from, it.to
        )
    });
    let tables = comparison.difference.not_modelled.iter().filter(|it| it.kind == "table");
    let tables = tables.map(|it| {
        let clauses = it.clauses.join(", ");
        format!("warning: table {} is not compared: {clauses} is not modelled", it.name)
    });
    uncertain.chain(tables).map(|line| report::harmless(&line)).collect()
}
