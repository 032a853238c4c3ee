//! Expressions that a statement computes for the rows that are there: of stored generated columns,
//! and of what an index is taken from.

use super::actions::index_words;
use super::clauses::rebuilt_columns;
use super::mentions::{is_column_or_literal, mentions};
use super::stages::Stage;
use super::{Risk, RiskKind};
use crate::diff::TableChange;
use crate::model::{
    Column, Element, Expression, GeneratedStorage, Index, KeyPart, Table, same_name,
};
use crate::server::Server;

/// That a row for which an expression can't be computed stops the statement (MySQL 15.1.24.8
/// "CREATE TABLE and Generated Columns", 15.1.18 "CREATE INDEX Statement", functional key parts).
pub(super) fn risks(stage: &Stage, server: &Server) -> Vec<Risk> {
    let table = &stage.to;
    let rebuilt = rebuilt_columns(&stage.from, table, &stage.changes, server);
    let made: Vec<&Index> = stage.changes.iter().filter_map(made_index).collect();
    let mut risks = Vec::new();
    for column in &table.columns {
        let Some(generated) = &column.generated else { continue };
        let is_rebuilt = rebuilt.contains(&column.name.to_lowercase());
        let is_changed = changes_expression(&stage.changes, column) && !is_rebuilt;
        let is_kept = generated.storage == GeneratedStorage::Stored
            || table.all_indexes().any(|index| has_part(index, column));
        let is_filled = is_kept && (is_rebuilt || adds(&stage.changes, column));
        let enters_index = generated.storage == GeneratedStorage::Virtual
            && made.iter().any(|index| has_part(index, column));
        // A virtual column that is changed is computed too: the table is copied.
        if !(is_changed || is_filled || enters_index)
            || takes_all(&generated.expression, column, table)
        {
            continue;
        }
        let name = format!("{}.{}", table.name, column.name);
        risks.push(Risk {
            kind: RiskKind::ComputedValues,
            element: Element::column(&table.name, &column.name),
            message: format!(
                "fails if {} has rows for which generated column {name}, ({}), can't be computed",
                table.name, generated.expression.text
            ),
        });
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

/// The index that a change makes, anew or again.
fn made_index(change: &TableChange) -> Option<&Index> {
    match change {
        TableChange::AddIndex(index) => Some(index),
        TableChange::ChangeIndex { to, fields, .. } => {
            fields.iter().any(|field| field.field == "columns").then_some(to)
        }
        _ => None,
    }
}

fn adds(changes: &[TableChange], column: &Column) -> bool {
    let is_added = |change: &TableChange| matches!(change, TableChange::AddColumn(it) if it.name == column.name);
    changes.iter().any(is_added)
}

/// Whether a column gets an expression, another one, or another place for its values.
fn changes_expression(changes: &[TableChange], column: &Column) -> bool {
    changes.iter().any(|change| match change {
        TableChange::ChangeColumn { to, fields, .. } => {
            to.name == column.name && fields.iter().any(|field| field.field == "generated")
        }
        _ => false,
    })
}

fn has_part(index: &Index, column: &Column) -> bool {
    index.parts.iter().any(|part| match &part.key {
        KeyPart::Column { name, .. } => same_name(name, &column.name),
        KeyPart::Expression(_) => false,
    })
}

/// Whether the expression has a value for every row and the column takes each: it is a literal, or
/// a column that holds values of the same kind.
fn takes_all(expression: &Expression, column: &Column, table: &Table) -> bool {
    let is_named = |other: &&Column| mentions(expression, &[other.name.to_lowercase()].into());
    is_column_or_literal(expression)
        && table.columns.iter().filter(is_named).all(|it| it.ty.class() == column.ty.class())
}
