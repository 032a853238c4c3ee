//! The two files of a migration. The marks in them are read by
//! [`MigrationScript`](crate::migration::MigrationScript).

use std::ops::Range;

use super::sql::{SESSION, SESSION_ENDS, comment, numbered_plan_sql, printed, risk_line};
use crate::compare::Comparison;
use crate::ddl::Sql;
use crate::migration::FORMAT;
use crate::plan::{Plan, Reverse, Risk, Step};

/// What the first lines of a migration's files say.
#[derive(Debug, Clone, Copy, Default)]
pub struct MigrationHeader<'a> {
    /// Its name and what it is for.
    pub title: &'a str,
    /// The server that it is for: `mysql:8.4`.
    pub flavor: &'a str,
    /// Whether a database that has all of it already counts as migrated.
    pub is_baseline: bool,
    /// What it may destroy: `drop-column:reports.location`.
    pub allows: &'a [String],
}

impl MigrationHeader<'_> {
    fn text(&self, prefix: &str) -> String {
        [
            comment(&format!("{prefix}{}", self.title)),
            comment(&format!("made by driftline for {}", self.flavor)),
            comment(&format!("driftline: {FORMAT}")),
        ]
        .concat()
    }
}

/// The file that carries out a migration: a header with each change and each risk, and then the
/// statements with their numbers.
pub fn up_sql(comparison: &Comparison, header: &MigrationHeader<'_>) -> String {
    let plan = &comparison.plan;
    let mut text = header.text("");
    if header.is_baseline {
        text.push_str(&comment("baseline"));
    }
    let allows = header.allows.iter();
    text.extend(allows.map(|allowed| comment(&format!("allow: {allowed}"))));
    text.push_str("-- changes:\n");
    for step in &plan.steps {
        for action in &step.actions {
            text.push_str(&comment(&format!("  {}: {}", step.table, action.summary)));
        }
    }
    push_risk_list(&mut text, plan.steps.iter().flat_map(|step| &step.risks));
    text.push_str(&format!("\n{}", numbered_plan_sql(comparison)));
    text
}

/// The file that undoes a migration: for each step, the last one first, the numbers of its
/// statements and the reverse.
pub fn down_sql(plan: &Plan, header: &MigrationHeader<'_>) -> String {
    let mut text = header.text("reverses ");
    push_risk_list(&mut text, plan.steps.iter().rev().flat_map(|step| &step.reverse_risks));
    push_lost_list(&mut text, plan);
    let steps = plan.numbered_steps().rev().map(|(numbers, step)| step_back_sql(numbers, step));
    let steps: Vec<String> = steps.collect();
    if !steps.is_empty() {
        text.push_str(&format!("\n{}", in_session(plan, &steps.join("\n"))));
    }
    text
}

/// Statements between those that set up their session and those that restore its own settings.
fn in_session(plan: &Plan, statements: &str) -> String {
    let mut text = comment(SESSION);
    push_statements(&mut text, &plan.session.before);
    text.push_str(&format!("\n{statements}\n"));
    text.push_str(&comment(SESSION_ENDS));
    push_statements(&mut text, &plan.session.after);
    text
}

/// Lists in the file's header what the reverse does not restore.
fn push_lost_list(text: &mut String, plan: &Plan) {
    let lines: Vec<String> = plan
        .steps
        .iter()
        .rev()
        .filter_map(|step| match &step.reverse {
            Reverse::Sql(_) => None,
            Reverse::Lossy { lost, .. } => Some(comment(&format!("  {lost}"))),
            Reverse::Irreversible { why } => {
                Some(comment(&format!("  {}, at all: {why}", step.table)))
            }
        })
        .collect();
    if !lines.is_empty() {
        text.push_str("-- does not restore:\n");
        text.push_str(&lines.concat());
    }
}

/// The reverse of a step, whose statements have these numbers.
fn step_back_sql(numbers: Range<u32>, step: &Step) -> String {
    let numbers: Vec<String> = numbers.rev().map(|number| number.to_string()).collect();
    let numbers = numbers.join(", ");
    let mark = match &step.reverse {
        Reverse::Irreversible { why } => format!("undoes {numbers}: impossible, {why}"),
        Reverse::Sql(_) | Reverse::Lossy { .. } => format!("undoes {numbers}"),
    };
    let mut text = comment(&mark);
    for action in &step.actions {
        text.push_str(&comment(&format!("reverses: {}: {}", step.table, action.summary)));
    }
    for risk in &step.reverse_risks {
        text.push_str(&comment(&format!("! {}", risk_line(risk))));
    }
    if let Reverse::Lossy { lost, .. } = &step.reverse {
        text.push_str(&comment(&format!("! does not restore {lost}")));
    }
    if let Reverse::Sql(statements) = &step.reverse
        && statements.is_empty()
    {
        text.push_str(&comment("there is nothing to reverse"));
    }
    push_statements(&mut text, step.reverse.statements());
    text
}

/// Lists all the risks of a file in its header.
fn push_risk_list<'a>(text: &mut String, risks: impl Iterator<Item = &'a Risk>) {
    let lines: Vec<String> = risks.map(|risk| comment(&format!("  {}", risk_line(risk)))).collect();
    text.push_str(if lines.is_empty() { "-- risks: none\n" } else { "-- risks:\n" });
    text.push_str(&lines.concat());
}

fn push_statements(text: &mut String, statements: &[Sql]) {
    statements.iter().for_each(|statement| text.push_str(&printed(statement)));
}
