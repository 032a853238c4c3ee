//! ALTER TABLE, carried out as the server would: first what is dropped, then changes of columns,
//! then additions.

mod columns;
mod drop;
mod options;
mod partitions;
mod rename;

use super::database::{Database, forgotten};
use crate::model::{Table, same_name};
use crate::syntax::SqlError;
use crate::syntax::alter::{ParsedChange, ParsedClause};
use crate::syntax::build::TableBuilder;
use crate::syntax::partition_clause::PartitionChange;
use crate::syntax::table::QualifiedName;
use columns::{add_columns, change_attribute, change_column};
use drop::drop_clause;
use options::{convert, pin_charsets, set_options};
use partitions::change_partitions;
use rename::{rename_columns, rename_indexes};

pub(super) use drop::drop_index;
pub(super) use options::charset_of;

/// Carries out the clauses of one statement, which begins at the given offset.
pub(super) fn alter_table(
    database: &mut Database,
    name: &str,
    clauses: Vec<ParsedClause>,
    start: usize,
) -> Result<(), SqlError> {
    let server = database.server;
    let database_charset = database.database_defaults().charset();
    let mut renamed_columns = Vec::new();
    let mut new_name = None;
    let mut made = Vec::new();
    let mut elements = Vec::new();
    let (table, extras) = database.table_and_extras(name)?;
    let mut later = Vec::new();
    for clause in clauses {
        let place = (clause.start, clause.end);
        let done = drop_clause(table, extras, clause.change)
            .map_err(|message| SqlError::new(message, place.0, place.1))?;
        later.extend(done.map(|change| (change, place)));
    }
    rename_indexes(table, extras, &later)?;
    renamed_columns.extend(rename_columns(table, extras, server, &later)?);
    for (change, place) in later {
        let at_place = |message: String| SqlError::new(message, place.0, place.1);
        match change {
            ParsedChange::Add { elements: added, position, if_not_exists } => {
                add_columns(table, added, position.as_ref(), if_not_exists, &mut elements)
                    .map_err(at_place)?;
            }
            ParsedChange::Redefine { old, element, position, if_exists } => {
                let renamed =
                    change_column(table, extras, server, old, *element, position, if_exists);
                let (renamed, element) = renamed.map_err(at_place)?;
                renamed_columns.extend(renamed);
                elements.extend(element);
            }
            ParsedChange::Partitions(change) => {
                if let PartitionChange::Drop { to_table: Some((_, to)), .. } = &change {
                    made.push(to.clone());
                }
                change_partitions(table, change).map_err(at_place)?;
            }
            ParsedChange::RenameTo(to) => new_name = Some(to),
            ParsedChange::Options(read) => {
                pin_charsets(table, &read, database_charset.as_deref(), server);
                set_options(table, *read);
            }
            ParsedChange::ConvertTo { charset, collation } => {
                convert(table, charset, collation, database_charset.as_deref());
            }
            other => change_attribute(table, other).map_err(at_place)?,
        }
    }
    let charset = database_charset.as_deref();
    let implicit = std::mem::take(&mut extras.implicit_indexes);
    let forgotten = forgotten(&elements, server);
    let mut builder = TableBuilder::new(table, implicit, &elements, charset, &server);
    for element in elements {
        builder.add_element(table, element)?;
    }
    let (implicit, places) = builder.finish(table);
    extras.implicit_indexes = implicit;
    database.place_all(places, start);
    database.forget_references(name, forgotten);
    for (from, to) in renamed_columns {
        database.for_each_reference(name, |key| {
            for column in &mut key.referenced_columns {
                if same_name(column, &from) {
                    column.clone_from(&to);
                }
            }
        });
    }
    // A partition became a table of its own.
    for to in made {
        database.make_like(&to, name);
    }
    rename_to(database, name, new_name)
}

fn rename_to(
    database: &mut Database,
    name: &str,
    new_name: Option<QualifiedName>,
) -> Result<(), SqlError> {
    match new_name {
        Some((_, to)) => database.rename_table(name, &to),
        None => Ok(()),
    }
}

fn no_column(table: &Table, name: &str) -> String {
    format!("the table `{}` has no column `{name}`", table.name)
}

fn forget_texts(table: &mut Table, prefix: &str) {
    table.unsupported.retain(|text| !text.to_lowercase().starts_with(&prefix.to_lowercase()));
}
