//! New names for indexes and columns.

use super::no_column;
use crate::model::{Index, KeyPart, PartitionScheme, Partitioning, Table, same_name};
use crate::server::{Server, Vendor};
use crate::source::dump::database::TableExtras;
use crate::syntax::SqlError;
use crate::syntax::alter::ParsedChange;
use crate::syntax::references::renamed;

/// Renames indexes at the same time, so that two can swap their names. By a rename, an implicit
/// index becomes one of the table's own.
pub(super) fn rename_indexes(
    table: &mut Table,
    extras: &mut TableExtras,
    changes: &[(ParsedChange, (usize, usize))],
) -> Result<(), SqlError> {
    let mut renames = Vec::new();
    for (change, place) in changes {
        let ParsedChange::RenameIndex { from, to, if_exists } = change else { continue };
        if let Some(at) = table.indexes.iter().position(|index| same_name(&index.name, from)) {
            renames.push((at, to.clone()));
        } else if let Some(at) = implicit_place(extras, from) {
            let index = extras.implicit_indexes.remove(at);
            table.indexes.push(Index { name: to.clone(), ..index });
        } else if !if_exists {
            let message = format!("the table has no index `{from}`");
            return Err(SqlError::new(message, place.0, place.1));
        }
    }
    for (at, to) in renames {
        if let Some(index) = table.indexes.get_mut(at) {
            index.name = to;
        }
    }
    Ok(())
}

fn implicit_place(extras: &TableExtras, name: &str) -> Option<usize> {
    extras.implicit_indexes.iter().position(|index| same_name(&index.name, name))
}

/// Renames columns at the same time, and every reference to them in the table.
pub(super) fn rename_columns(
    table: &mut Table,
    extras: &mut TableExtras,
    server: Server,
    changes: &[(ParsedChange, (usize, usize))],
) -> Result<Vec<(String, String)>, SqlError> {
    let mut renames = Vec::new();
    for (change, place) in changes {
        let ParsedChange::RenameColumn { from, to, if_exists } = change else { continue };
        match table.column(from) {
            Some(column) => renames.push((column.name.clone(), to.clone())),
            None if *if_exists => {}
            None => return Err(SqlError::new(no_column(table, from), place.0, place.1)),
        }
    }
    apply_renames(table, extras, server, &renames);
    Ok(renames)
}

pub(super) fn apply_renames(
    table: &mut Table,
    extras: &mut TableExtras,
    server: Server,
    renames: &[(String, String)],
) {
    if renames.is_empty() {
        return;
    }
    let new_name = |name: &str| {
        renames.iter().find(|(from, _)| same_name(from, name)).map(|(_, to)| to.clone())
    };
    let rename = |name: &mut String| {
        if let Some(new) = new_name(name) {
            *name = new;
        }
    };
    let listed = table.indexes.iter_mut().chain(&mut table.primary_key);
    for index in listed.chain(&mut extras.implicit_indexes) {
        for part in &mut index.parts {
            if let KeyPart::Column { name, .. } = &mut part.key {
                rename(name);
            }
        }
    }
    table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
    table.periods.iter_mut().flat_map(|it| [&mut it.start, &mut it.end]).for_each(rename);
    for column in &mut table.columns {
        rename(&mut column.name);
    }
    if let Some(Partitioning::By(scheme)) = &mut table.partitioning {
        rename_in_partitioning(scheme, &new_name);
    }
    // MySQL refuses to rename a column that an expression uses; MariaDB rewrites the expression.
    if server.vendor == Vendor::MariaDb {
        let checks = table.checks.iter_mut().map(|check| &mut check.expression);
        let columns = table.columns.iter_mut().flat_map(|column| {
            let generated = column.generated.as_mut().map(|generated| &mut generated.expression);
            column.check.iter_mut().chain(generated)
        });
        for expression in checks.chain(columns) {
            *expression = renamed(expression, new_name);
        }
    }
}

fn rename_in_partitioning(
    scheme: &mut PartitionScheme,
    new_name: &impl Fn(&str) -> Option<String>,
) {
    let rename = |name: &mut String| {
        if let Some(new) = new_name(name) {
            *name = new;
        }
    };
    let subpartitioning = scheme.subpartitioning.as_mut();
    let columns = subpartitioning.map_or(Default::default(), |sub| sub.hashing.columns_mut());
    columns.iter_mut().for_each(rename);
    scheme.method.columns_mut().iter_mut().for_each(rename);
    for expression in scheme.expressions_mut() {
        *expression = renamed(expression, new_name);
    }
}
