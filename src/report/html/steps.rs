//! The steps of a plan, as the page shows them.

use super::highlight::{self, SqlLine};
use crate::compare::Comparison;
use crate::plan::{Reverse, Risk, RiskKind, Step};
use crate::report::{one_line, sql::printed};
use crate::server::Server;

/// A step with everything that a reviewer asks about it.
pub(super) struct ReviewedStep {
    /// Its place in the plan, counted from 1.
    pub(super) number: usize,
    pub(super) table: String,
    pub(super) actions: Vec<String>,
    /// `error` if it destroys data, `warning` if it has other risks, or `note`.
    pub(super) severity: &'static str,
    pub(super) risks: Vec<ShownRisk>,
    /// The kinds of its risks, separated by spaces.
    pub(super) kinds: String,
    pub(super) sql: Vec<SqlLine>,
    /// What is known of how long others have to wait.
    pub(super) locks: &'static str,
    pub(super) undo: StepUndo,
    pub(super) undo_sql: Vec<SqlLine>,
    pub(super) undo_risks: Vec<ShownRisk>,
}

/// A risk in words.
pub(super) struct ShownRisk {
    pub(super) kind: &'static str,
    pub(super) destroys_data: bool,
    pub(super) message: String,
}

/// How a step is undone.
pub(super) enum StepUndo {
    /// Completely, or there is nothing to undo.
    Whole,
    /// But for what is named.
    Lossy(String),
    /// Not at all, and why.
    Impossible(String),
}

impl StepUndo {
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, StepUndo::Whole)
    }
}

pub(super) fn all(comparison: &Comparison) -> Vec<ReviewedStep> {
    let server = comparison.server;
    let steps = comparison.plan.steps.iter().enumerate();
    steps.map(|(at, step)| reviewed(at + 1, step, server)).collect()
}

fn reviewed(number: usize, step: &Step, server: Server) -> ReviewedStep {
    let text: String = step.statements().map(printed).collect();
    let reverse: String = step.reverse.statements().iter().map(printed).collect();
    let risks = shown(&step.risks);
    let severity = match risks.iter().map(|risk| risk.destroys_data).max() {
        Some(true) => "error",
        Some(false) => "warning",
        None => "note",
    };
    let mut kinds: Vec<&str> = risks.iter().map(|risk| risk.kind).collect();
    kinds.dedup();
    ReviewedStep {
        number,
        table: one_line(&step.table),
        actions: step.actions.iter().map(|action| one_line(&action.summary)).collect(),
        severity,
        kinds: kinds.join(" "),
        sql: highlight::lines(&text, server),
        locks: locks(&step.risks),
        undo: match &step.reverse {
            Reverse::Sql(_) => StepUndo::Whole,
            Reverse::Lossy { lost, .. } => StepUndo::Lossy(one_line(lost)),
            Reverse::Irreversible { why } => StepUndo::Impossible(one_line(why)),
        },
        undo_sql: highlight::lines(&reverse, server),
        undo_risks: shown(&step.reverse_risks),
        risks,
    }
}

fn shown(risks: &[Risk]) -> Vec<ShownRisk> {
    let shown = risks.iter().map(|risk| ShownRisk {
        kind: risk.kind.name(),
        destroys_data: risk.kind.destroys_data(),
        message: one_line(&risk.message),
    });
    shown.collect()
}

/// Every statement waits for the transactions that use the table. More is known only where rows
/// are written again.
fn locks(risks: &[Risk]) -> &'static str {
    let has = |kind| risks.iter().any(|risk| risk.kind == kind);
    if has(RiskKind::Repartition) {
        "Rows are copied from partition to partition, and meanwhile nothing can be written."
    } else if has(RiskKind::Rebuild) {
        "Every row is written again. It takes long on a large table, and writes may have to wait."
    } else {
        "It waits for open transactions that use the table or object, and what comes later waits for \
         it. It isn't known to write every row again."
    }
}
