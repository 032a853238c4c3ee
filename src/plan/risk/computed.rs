//! Expressions that a statement computes for existing rows: those of stored generated columns and
//! of indexes.

use std::collections::{HashMap, HashSet};

use crate::diff::TableChange;
use crate::model::{
    Column, ColumnAspect, ColumnType, Element, Expression, GeneratedStorage, Index, IndexAspect,
    KeyPart, Table, same_name,
};
use crate::normalize::expression::fits;
use crate::plan::references_columns::{
    depends_on_session, is_generated_from, references_columns, with_readers,
};
use crate::plan::table::Stage;
use crate::plan::table::copies;
use crate::plan::table::rebuilt::rebuilt_columns;
use crate::plan::{Risk, RiskKind};
use crate::server::Server;
use crate::syntax::expression::is_column_or_literal;
use crate::syntax::references::is_same_renamed;
use crate::words::index_words;

/// The risk that a row for which an expression can't be computed makes the statement fail (MySQL
/// 15.1.24.8 "CREATE TABLE and Generated Columns", 15.1.18 "CREATE INDEX Statement", functional key
/// parts), and the risk that a stored result changes.
pub(in crate::plan) fn risks(stage: &Stage, server: &Server) -> Vec<Risk> {
    let table = &stage.to;
    let rebuilt = rebuilt_columns(&stage.from, table, &stage.changes, server);
    let made: Vec<&Index> = stage.changes.iter().filter_map(made_index).collect();
    let remade = remade_columns(stage);
    let is_copied = stage.changes.iter().any(copies);
    let mut risks = Vec::new();
    for column in &table.columns {
        let Some(generated) = &column.generated else { continue };
        let expression = &generated.expression;
        let is_rebuilt = rebuilt.contains(&column.name.to_lowercase());
        let is_changed = changes_expression(stage, column) && !is_rebuilt;
        let is_stored = generated.storage == GeneratedStorage::Stored;
        let is_kept = is_stored || table.all_indexes().any(|index| has_part(index, column));
        let is_added = is_rebuilt || adds(&stage.changes, column);
        // If the table is copied to add a virtual column, the values of that column are computed
        // too.
        let is_filled = is_added && (is_kept || is_copied || !adds_in_place(stage, column));
        let enters_index = !is_stored && made.iter().any(|index| has_part(index, column));
        let name = format!("{}.{}", table.name, column.name);
        // A change of a virtual column copies the table, so its values are computed too.
        let is_new = is_changed || is_filled || enters_index;
        let message = if is_new {
            format!(
                "fails if {} has rows for which generated column {name}, ({}), can't be computed",
                table.name, expression.text
            )
        } else if is_kept && references_columns(expression, &remade) {
            format!(
                "generated column {name}, ({}), is computed again from changed values: it may \
                 hold others, and fails if {} has rows for which it can't be computed",
                expression.text, table.name
            )
        } else if is_stored && is_copied && reads_session(expression, table) {
            risks.push(risk(
                column,
                table,
                format!(
                    "generated column {name}, ({}), is computed again by the time zone and the \
                     language of the session: it may hold other values",
                    expression.text
                ),
            ));
            continue;
        } else {
            continue;
        };
        let was_certain = || {
            stage.from.column(&column.name).is_some_and(|old| {
                let generated = old.generated.as_ref();
                generated.is_some_and(|it| fits(&it.expression, old, &stage.from))
            })
        };
        let is_certain = takes_all(expression, column, table)
            || fits(expression, column, table) && (is_new || was_certain());
        if !is_certain {
            risks.push(risk(column, table, message));
        }
    }
    for index in made {
        let expressions = index.parts.iter().filter_map(|part| match &part.key {
            KeyPart::Expression(expression) => Some(expression),
            KeyPart::Column { .. } => None,
        });
        if expressions.into_iter().all(is_column_or_literal) {
            continue;
        }
        risks.push(Risk {
            kind: RiskKind::ComputedValues,
            element: Element::index(&table.name, &index.name),
            message: format!(
                "fails if {} has rows for which {} can't be computed",
                table.name,
                index_words(index)
            ),
        });
    }
    risks
}

fn risk(column: &Column, table: &Table, message: String) -> Risk {
    let element = Element::column(&table.name, &column.name);
    Risk { kind: RiskKind::ComputedValues, element, message }
}

/// The columns (in lower case, by their new names) whose values the statement changes or converts
/// to another type. These are the columns that get another type, character set or expression, and
/// the generated columns that read them.
fn remade_columns(stage: &Stage) -> HashSet<String> {
    let changed = stage.changes.iter().filter_map(|change| match change {
        TableChange::ChangeColumn { to, aspects, .. } => {
            let remakes = |aspect: &ColumnAspect| {
                matches!(
                    aspect,
                    ColumnAspect::Type | ColumnAspect::Charset | ColumnAspect::Generated
                )
            };
            aspects.iter().any(remakes).then(|| to.name.to_lowercase())
        }
        _ => None,
    });
    with_readers(&stage.to.columns, changed.collect(), is_generated_from)
}

/// Whether an expression gives another value in another session, because it uses the session's
/// settings or reads a TIMESTAMP in the session's time zone.
fn reads_session(expression: &Expression, table: &Table) -> bool {
    let moments = table.columns.iter().filter(|it| matches!(it.ty, ColumnType::Timestamp { .. }));
    depends_on_session(expression)
        || references_columns(expression, &moments.map(|it| it.name.to_lowercase()).collect())
}

/// The index that a change makes the server build.
fn made_index(change: &TableChange) -> Option<&Index> {
    match change {
        TableChange::AddIndex(index) => Some(index),
        TableChange::ChangeIndex { to, aspects, .. } => {
            aspects.contains(&IndexAspect::Parts).then_some(to)
        }
        _ => None,
    }
}

fn adds(changes: &[TableChange], column: &Column) -> bool {
    let is_added = |change: &TableChange| matches!(change, TableChange::AddColumn(it) if it.name == column.name);
    changes.iter().any(is_added)
}

/// Whether the server adds a virtual column without reading the rows. It does so at the end of a
/// table, if the table's engine supports that.
fn adds_in_place(stage: &Stage, column: &Column) -> bool {
    let later = stage.to.columns.iter().skip_while(|it| it.name != column.name).skip(1);
    let stays = |column: &Column| stage.from.column(&column.name).is_some();
    stage.to.options.engine.as_deref() == Some("InnoDB") && !later.into_iter().any(stays)
}

/// Whether a column gets an expression, another expression, or another kind of storage. A stored
/// column whose expression only follows the renames of columns doesn't count, because its values
/// stay.
fn changes_expression(stage: &Stage, column: &Column) -> bool {
    stage.changes.iter().any(|change| match change {
        TableChange::ChangeColumn { from, to, aspects } => {
            let keeps_values = |aspect: &ColumnAspect| {
                matches!(aspect, ColumnAspect::Generated | ColumnAspect::Name | ColumnAspect::Place)
            };
            to.name == column.name
                && aspects.contains(&ColumnAspect::Generated)
                && !(aspects.iter().all(keeps_values) && is_stored_alike(from, to, stage))
        }
        _ => false,
    })
}

fn is_stored_alike(from: &Column, to: &Column, stage: &Stage) -> bool {
    let (Some(old), Some(new)) = (&from.generated, &to.generated) else { return false };
    let renames: HashMap<String, String> = stage
        .changes
        .iter()
        .filter_map(|change| match change {
            TableChange::ChangeColumn { from, to, .. } => {
                Some((from.name.to_lowercase(), to.name.clone()))
            }
            _ => None,
        })
        .collect();
    let stored = GeneratedStorage::Stored;
    (old.storage, new.storage) == (stored, stored)
        && is_same_renamed(&old.expression, &new.expression, &renames)
}

fn has_part(index: &Index, column: &Column) -> bool {
    index.parts.iter().any(|part| match &part.key {
        KeyPart::Column { name, .. } => same_name(name, &column.name),
        KeyPart::Expression(_) => false,
    })
}

/// Whether the expression has a value for every row and the column accepts each of them. That is
/// certain for a literal, and for a column of the same class of types.
fn takes_all(expression: &Expression, column: &Column, table: &Table) -> bool {
    let is_named =
        |other: &&Column| references_columns(expression, &[other.name.to_lowercase()].into());
    is_column_or_literal(expression)
        && table.columns.iter().filter(is_named).all(|it| it.ty.class() == column.ty.class())
}
