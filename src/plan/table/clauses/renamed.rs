//! What a statement has to name besides the columns that it renames.

use std::collections::HashSet;

use crate::ddl::{Clause, Statement};
use crate::diff::TableChange;
use crate::model::{
    Column, ColumnAspect, DefaultValue, GeneratedStorage, Index, KeyPart, Table, same_name,
};
use crate::plan::references_columns::{is_generated_from, references_columns, with_readers};
use crate::plan::table::clauses::{ClauseBuilder, Part};
use crate::server::{Capability, Fault, Server};

impl ClauseBuilder<'_> {
    /// Names the generated columns that read a renamed column through virtual columns.
    pub(in crate::plan) fn generated_behind(&mut self) {
        let changed = |column: &Column| {
            self.changes.iter().any(|change| match change {
                TableChange::ChangeColumn { to, .. } | TableChange::AddColumn(to) => {
                    same_name(&to.name, &column.name)
                }
                _ => false,
            })
        };
        let is_behind = |column: &&Column| {
            is_generated_from(column, &self.readers)
                && !changed(column)
                && !self.rebuilt.contains(&column.name.to_lowercase())
        };
        let behind: Vec<Column> = self.to.columns.iter().filter(is_behind).cloned().collect();
        for column in behind {
            let old_name = column.name.clone();
            let column = Box::new(column);
            self.push(Part::Columns, Clause::ChangeColumn { old_name, column, place: None });
        }
    }
}

/// The virtual columns (in lower case) that read renamed columns, directly or through other virtual
/// ones, if the server renames a column only together with those that read it.
pub(in crate::plan) fn virtual_readers(
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> HashSet<String> {
    if server.can(Capability::RenameColumnsBehindGenerated) {
        return HashSet::new();
    }
    let is_reader = |column: &Column, names: &HashSet<String>| {
        let generated = column.generated.as_ref();
        generated.is_some_and(|it| it.storage == GeneratedStorage::Virtual)
            && is_generated_from(column, names)
    };
    let names = renamed(changes).map(|(_, to)| to.name.to_lowercase()).collect();
    let names = with_readers(&to.columns, names, is_reader);
    let readers = to.columns.iter().filter(|column| is_reader(column, &names));
    readers.map(|column| column.name.to_lowercase()).collect()
}

/// Whether an index has an expression that reads one of the columns, given in lower case.
pub(in crate::plan) fn has_expression_on(index: &Index, columns: &HashSet<String>) -> bool {
    index.parts.iter().any(|part| match &part.key {
        KeyPart::Expression(expression) => references_columns(expression, columns),
        KeyPart::Column { .. } => false,
    })
}

/// A statement that makes the server open the table again. After a statement has used the table
/// twice, renaming a column that a CHECK, default or period reads fails with error 1054, until the
/// table is opened again (found by trial). The statement sets the table's comment to what it is,
/// which changes nothing.
pub(in crate::plan) fn reopening(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    server: &Server,
) -> Option<Statement> {
    if !server.has(Fault::RenameAfterTableUsedTwice) {
        return None;
    }
    let names: HashSet<String> =
        renamed(changes).map(|(from, _)| from.name.to_lowercase()).collect();
    if names.is_empty() || !reads(from, &names) {
        return None;
    }
    Some(Statement::AlterTable {
        table: to.name.clone(),
        clauses: vec![Clause::Comment(from.options.comment.clone())],
        options: from.options.clone(),
        rewrites_history: false,
    })
}

/// Whether a CHECK, default or period of a table reads one of its columns, given in lower case.
/// Generated columns don't matter, because the same statement writes them again.
fn reads(table: &Table, columns: &HashSet<String>) -> bool {
    let of_column = |column: &Column| {
        let default = match &column.default {
            Some(DefaultValue::Expression(expression)) => Some(expression),
            _ => None,
        };
        let mut expressions = [default, column.check.as_ref()].into_iter().flatten();
        expressions.any(|expression| references_columns(expression, columns))
    };
    table.columns.iter().any(of_column)
        || table.checks.iter().any(|check| references_columns(&check.expression, columns))
        || table
            .periods
            .iter()
            .filter(|period| !period.is_system_time())
            .flat_map(|period| [&period.start, &period.end])
            .any(|name| columns.contains(&name.to_lowercase()))
}

/// The renamed columns, each before and after.
fn renamed(changes: &[TableChange]) -> impl Iterator<Item = (&Column, &Column)> {
    changes.iter().filter_map(|change| match change {
        TableChange::ChangeColumn { from, to, aspects } => {
            aspects.contains(&ColumnAspect::Name).then_some((from, to))
        }
        _ => None,
    })
}
