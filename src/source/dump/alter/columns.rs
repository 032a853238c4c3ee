//! New and changed columns.

use super::options::charset_of;
use super::rename::apply_renames;
use super::{forget_texts, no_column};
use crate::model::{Column, DefaultValue, Index, Table, same_name};
use crate::server::Server;
use crate::source::dump::database::TableExtras;
use crate::syntax::alter::{ColumnPosition, ParsedChange};
use crate::syntax::table::{ElementDefinition, TableElement};

/// Puts new columns in their place. Other elements are collected and added later.
pub(super) fn add_columns(
    table: &mut Table,
    added: Vec<TableElement>,
    position: Option<&ColumnPosition>,
    if_not_exists: bool,
    elements: &mut Vec<TableElement>,
) -> Result<(), String> {
    let mut at = place_of(table, position)?;
    for element in added {
        let name = match &element.definition {
            ElementDefinition::Column(column) => {
                let is_there = table.column(&column.column.name).is_some();
                if is_there && if_not_exists {
                    continue;
                }
                if is_there {
                    let name = &column.column.name;
                    return Err(format!("the table already has a column `{name}`"));
                }
                table.columns.insert(at.min(table.columns.len()), column.column.clone());
                at += 1;
                None
            }
            ElementDefinition::Index(definition) => Some(definition.name.clone()),
            _ => None,
        };
        let exists = name.is_some_and(|name| {
            table.index(&name).is_some()
                || elements.iter().any(|other| match &other.definition {
                    ElementDefinition::Index(other) => same_name(&other.name, &name),
                    _ => false,
                })
        });
        let key_exists = match &element.definition {
            ElementDefinition::ForeignKey { key, .. } => table.foreign_key(&key.name).is_some(),
            ElementDefinition::Check(check) => table.check(&check.name).is_some(),
            _ => false,
        };
        if !(if_not_exists && (exists || key_exists)) {
            elements.push(element);
        }
    }
    Ok(())
}

/// The position at which a column is inserted.
fn place_of(table: &Table, position: Option<&ColumnPosition>) -> Result<usize, String> {
    match position {
        None => Ok(table.columns.len()),
        Some(ColumnPosition::First) => Ok(0),
        Some(ColumnPosition::After(name)) => table
            .columns
            .iter()
            .position(|column| same_name(&column.name, name))
            .map(|at| at + 1)
            .ok_or_else(|| no_column(table, name)),
    }
}

pub(super) type Renamed = Option<(String, String)>;

/// MODIFY and CHANGE: the new definition replaces the whole old one.
pub(super) fn change_column(
    table: &mut Table,
    extras: &mut TableExtras,
    server: Server,
    old: Option<String>,
    mut element: TableElement,
    position: Option<ColumnPosition>,
    if_exists: bool,
) -> Result<(Renamed, Option<TableElement>), String> {
    let ElementDefinition::Column(definition) = &mut element.definition else {
        return Ok((None, None));
    };
    let old = old.unwrap_or_else(|| definition.column.name.clone());
    let Some(at) = table.columns.iter().position(|column| same_name(&column.name, &old)) else {
        return if if_exists { Ok((None, None)) } else { Err(no_column(table, &old)) };
    };
    let old = table.columns.get(at).map_or(old, |column| column.name.clone());
    let new = definition.column.name.clone();
    forget_texts(table, &format!("column {old}: "));
    if let Some(column) = table.columns.get_mut(at) {
        let mut changed = definition.column.clone();
        changed.name.clone_from(&old);
        *column = changed;
    }
    let renamed = (old != new).then(|| (old.clone(), new.clone()));
    apply_renames(table, extras, server, renamed.as_slice());
    if let Some(position) = position {
        let column = table.columns.remove(at);
        let to = place_of(table, Some(&position))?;
        table.columns.insert(to, column);
    }
    let key = table.primary_key.iter().flat_map(Index::column_names);
    if key.into_iter().any(|name| same_name(name, &new)) {
        let column = table.columns.iter_mut().find(|column| same_name(&column.name, &new));
        if let Some(column) = column {
            column.nullable = false;
            column.default = column.default.take().filter(|value| *value != DefaultValue::Null);
        }
    }
    Ok((renamed, Some(element)))
}

/// ALTER COLUMN, ALTER INDEX, ALTER CHECK.
pub(super) fn change_attribute(table: &mut Table, change: ParsedChange) -> Result<(), String> {
    match change {
        ParsedChange::SetDefault { column, default } => {
            let table_charset =
                charset_of(table.options.charset.as_deref(), table.options.collation.as_deref());
            let column = column_mut(table, &column)?;
            let charset = column.charset.as_deref().or(table_charset.as_deref());
            column.default = Some(default.on(&column.ty, charset));
        }
        ParsedChange::DropDefault { column } => column_mut(table, &column)?.default = None,
        ParsedChange::SetColumnInvisible { column, invisible } => {
            column_mut(table, &column)?.invisible = invisible;
        }
        ParsedChange::SetIndexInvisible { index: name, invisible } => {
            let index = table.indexes.iter_mut().find(|index| same_name(&index.name, &name));
            index.ok_or_else(|| format!("the table has no index `{name}`"))?.invisible = invisible;
        }
        ParsedChange::SetEnforced { check: name, enforced } => {
            let check = table.checks.iter_mut().find(|check| same_name(&check.name, &name));
            check.ok_or_else(|| format!("the table has no check `{name}`"))?.enforced = enforced;
        }
        ParsedChange::SetVersioned(versioned) => table.versioned = versioned,
        _ => {}
    }
    Ok(())
}

fn column_mut<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column, String> {
    let message = no_column(table, name);
    table.columns.iter_mut().find(|column| same_name(&column.name, name)).ok_or(message)
}
