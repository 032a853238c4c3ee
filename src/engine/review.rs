//! What the statements of a file do to the schema before them, as a reviewer must know it.

use std::collections::BTreeSet;

use super::destruction::{compared, truncations};
use super::error::EngineError;
use super::timeline::Timeline;
use crate::diagnostic::{FileId, Span};
use crate::lint::ReviewedStatement;
use crate::migration::{MigrationFile, ScriptPart, ScriptStatement, StatementKind, line_span};
use crate::model::{Schema, Table};
use crate::plan::{Plan, Reverse, Risk};
use crate::server::Server;
use crate::source::dump::Effect;
use crate::syntax::lexer::Dialect;
use crate::syntax::references::References;

/// Looks at the statements of a file, whose text is `id`. The timeline is moved to the end of the
/// file.
///
/// # Errors
///
/// If a statement can't be carried out on the schema before it.
pub fn review_file(
    file: &MigrationFile,
    id: FileId,
    timeline: &mut Timeline,
    server: Server,
) -> Result<Vec<ReviewedStatement>, EngineError> {
    let path = file.path.display().to_string();
    let mut reviewed = Vec::new();
    let mut made = TablesMade::default();
    timeline.begin_file();
    for part in &file.script.parts {
        match part {
            ScriptPart::Session(text) => {
                timeline.run(text, &path, 0)?;
            }
            ScriptPart::Statement(statement) => {
                let before = timeline.loaded().schema;
                let effect = timeline.run(&statement.text, &path, statement.line)?;
                let span = line_span(id, &file.text, statement.line);
                let span = span.unwrap_or(Span { file: id, start: 0, end: 0 });
                let changes_existing = match statement.kind {
                    StatementKind::Data => made.names_existing(&statement.text, &before),
                    _ => made.changes_existing(&effect),
                };
                made.see(&effect);
                let mut one = of_statement(statement, span, changes_existing);
                one.risks = truncations(&effect);
                if !is_only_new(&effect) {
                    let after = timeline.loaded().schema;
                    let plan = planned(before, after, &effect, server)?;
                    one.lost = lost(&plan);
                    one.risks.extend(plan.steps.into_iter().flat_map(|step| step.risks));
                }
                one.risks.retain(|risk| risk.kind.destroys_data() || !made.is_about(risk));
                reviewed.push(one);
            }
        }
    }
    Ok(reviewed)
}

fn of_statement(
    statement: &ScriptStatement,
    span: Span,
    changes_existing: bool,
) -> ReviewedStatement {
    ReviewedStatement {
        position: statement.position,
        span,
        kind: statement.kind,
        risks: Vec::new(),
        lost: Vec::new(),
        changes_existing,
    }
}

/// Whether nothing was there before that the statement names.
fn is_only_new(effect: &Effect) -> bool {
    effect.before.tables.is_empty() && effect.before.objects.is_empty()
}

/// What a planner would do in the place of the statement.
fn planned(
    before: Schema,
    after: Schema,
    effect: &Effect,
    server: Server,
) -> Result<Plan, EngineError> {
    let mut after = part_around(after, &effect.tables);
    // These know what was renamed.
    for (name, table) in &effect.after.tables {
        if let Some(kept) = after.tables.get_mut(name) {
            kept.renamed_from.clone_from(&table.renamed_from);
            for column in &mut kept.columns {
                let renamed = table.column(&column.name);
                column.renamed_from = renamed.and_then(|it| it.renamed_from.clone());
            }
        }
    }
    let before = part_around(before, &effect.tables);
    Ok(compared(before, after, server)?.plan)
}

/// The tables of these names, those that foreign keys join with them, and all other objects, which
/// may use them.
fn part_around(mut schema: Schema, names: &BTreeSet<String>) -> Schema {
    let references = |table: &Table, names: &BTreeSet<String>| {
        table.foreign_keys.iter().any(|key| names.contains(&key.referenced_table))
    };
    let mut kept: BTreeSet<String> = names.clone();
    for (name, table) in &schema.tables {
        if names.contains(name) {
            kept.extend(table.foreign_keys.iter().map(|key| key.referenced_table.clone()));
        } else if references(table, names) {
            kept.insert(name.clone());
        }
    }
    schema.tables.retain(|name, _| kept.contains(name));
    schema
}

/// What undoing the plan doesn't restore.
fn lost(plan: &Plan) -> Vec<String> {
    let lost = plan.steps.iter().filter_map(|step| match &step.reverse {
        Reverse::Sql(_) => None,
        Reverse::Lossy { lost, .. } => Some(lost.clone()),
        Reverse::Irreversible { why } => Some(format!("{}: {why}", step.table)),
    });
    lost.collect()
}

/// The tables that a file has made so far. No program knows them, and they have no rows but those
/// of the file itself.
#[derive(Default)]
struct TablesMade {
    names: BTreeSet<String>,
}

impl TablesMade {
    fn see(&mut self, effect: &Effect) {
        let (before, after) = (&effect.before.tables, &effect.after.tables);
        let made: Vec<String> = after
            .values()
            .filter(|table| match &table.renamed_from {
                Some(from) => self.names.contains(from),
                None => !before.contains_key(&table.name) || self.names.contains(&table.name),
            })
            .map(|table| table.name.clone())
            .collect();
        self.names.retain(|name| !effect.tables.contains(name));
        self.names.extend(made);
    }

    /// Whether the statement changes or drops something that was there before the file.
    fn changes_existing(&self, effect: &Effect) -> bool {
        let mut tables = effect.before.tables.keys();
        tables.any(|name| !self.names.contains(name)) || !effect.before.objects.is_empty()
    }

    /// Whether a statement that changes rows names a table that was there before the file.
    fn names_existing(&self, text: &str, before: &Schema) -> bool {
        let references = References::in_text(text, Dialect::default());
        let mut existing = before.tables.keys().filter(|name| !self.names.contains(*name));
        existing.any(|name| references.table(name).is_some())
    }

    fn is_about(&self, risk: &Risk) -> bool {
        risk.element.table_name().is_some_and(|table| self.names.contains(table))
    }
}
