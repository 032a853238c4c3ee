//! ALTER TABLE, carried out as the server would: what is dropped goes first, then columns change,
//! then what is added comes.

use super::database::{Beside, Database};
use crate::model::{
    Column, ColumnType, DefaultValue, ForeignKey, Index, IndexKind, IndexPart, KeyPart, Table,
    TextSize, same_name,
};
use crate::server::{Server, Vendor, bytes_per_character, charset_name, collation_name};
use crate::sql::SqlError;
use crate::sql::alter::{Change, Clause, Position};
use crate::sql::build::Builder;
use crate::sql::names::{names_in, replace_names};
use crate::sql::options::OptionsRead;
use crate::sql::table::{Definition, Element, QualifiedName};

/// Carries out the clauses of one statement, which begins at that offset.
pub(super) fn alter_table(
    database: &mut Database,
    name: &str,
    clauses: Vec<Clause>,
    start: usize,
) -> Result<(), SqlError> {
    let server = database.server;
    let database_charset = database.database_defaults().charset();
    let mut renamed_columns = Vec::new();
    let mut new_name = None;
    let mut elements = Vec::new();
    let (table, beside) = database.table_and_beside(name)?;
    let mut later = Vec::new();
    for clause in clauses {
        let place = (clause.start, clause.end);
        let done = drop_clause(table, beside, clause.change)
            .map_err(|message| SqlError::new(message, place.0, place.1))?;
        later.extend(done.map(|change| (change, place)));
    }
    rename_indexes(table, beside, &later)?;
    renamed_columns.extend(rename_columns(table, server, &later)?);
    for (change, place) in later {
        let at_place = |message: String| SqlError::new(message, place.0, place.1);
        match change {
            Change::Add { elements: added, position, if_not_exists } => {
                add_columns(table, added, position.as_ref(), if_not_exists, &mut elements)
                    .map_err(at_place)?;
            }
            Change::Redefine { old, element, position, if_exists } => {
                let renamed = change_column(table, server, old, *element, position, if_exists);
                let (renamed, element) = renamed.map_err(at_place)?;
                renamed_columns.extend(renamed);
                elements.extend(element);
            }
            Change::RenameTo(to) => new_name = Some(to),
            Change::Options(read) => {
                pin_charsets(table, &read, database_charset.as_deref(), server);
                set_options(table, *read);
            }
            Change::ConvertTo { charset, collation } => {
                convert(table, charset, collation, database_charset.as_deref());
            }
            other => change_attribute(table, other).map_err(at_place)?,
        }
    }
    let charset = database_charset.as_deref();
    let mut builder = Builder::new(table, &elements, charset, &server);
    for element in elements {
        builder.add_element(table, element)?;
    }
    let Builder { implicit_indexes, places, .. } = builder;
    beside.implicit_indexes.extend(implicit_indexes);
    database.place_all(places, start);
    for (from, to) in renamed_columns {
        database.for_each_reference(name, |key| {
            for column in &mut key.referenced_columns {
                if same_name(column, &from) {
                    column.clone_from(&to);
                }
            }
        });
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

// --- dropping

/// Carries out a clause that drops something; gives back any other.
fn drop_clause(
    table: &mut Table,
    beside: &mut Beside,
    change: Change,
) -> Result<Option<Change>, String> {
    match change {
        Change::DropPrimaryKey => {
            if table.primary_key.take().is_none() {
                return Err("the table has no primary key".to_owned());
            }
        }
        Change::DropIndex { name, if_exists } => drop_index(table, beside, &name, if_exists)?,
        Change::DropForeignKey { name, if_exists } => {
            drop_foreign_key(table, beside, &name, if_exists)?;
        }
        Change::DropCheck { name, if_exists } => {
            if !drop_check(table, &name) && !if_exists {
                return Err(format!("the table has no check `{name}`"));
            }
        }
        Change::DropConstraint { name, if_exists } => {
            if table.foreign_key(&name).is_some() {
                drop_foreign_key(table, beside, &name, if_exists)?;
            } else if !drop_check(table, &name) {
                drop_index(table, beside, &name, if_exists)
                    .map_err(|_| format!("the table has no constraint `{name}`"))?;
            }
        }
        Change::DropColumn { name, if_exists } => drop_column(table, &name, if_exists)?,
        other => return Ok(Some(other)),
    }
    Ok(None)
}

/// Drops an index. One that the server made for a foreign key is not in the table; the statement
/// changes nothing then.
pub(super) fn drop_index(
    table: &mut Table,
    beside: &Beside,
    name: &str,
    if_exists: bool,
) -> Result<(), String> {
    let before = table.indexes.len();
    table.indexes.retain(|index| !same_name(&index.name, name));
    if table.indexes.len() < before {
        return Ok(());
    }
    if same_name(name, crate::model::PRIMARY) && table.primary_key.take().is_some() {
        return Ok(());
    }
    let is_implicit = beside.implicit_indexes.values().any(|index| same_name(index, name));
    if is_implicit || if_exists {
        return Ok(());
    }
    Err(format!("the table has no index `{name}`"))
}

fn drop_check(table: &mut Table, name: &str) -> bool {
    let before = table.checks.len();
    table.checks.retain(|check| !same_name(&check.name, name));
    table.checks.len() < before
}

/// Drops a foreign key. The index that the server made for it stays.
fn drop_foreign_key(
    table: &mut Table,
    beside: &mut Beside,
    name: &str,
    if_exists: bool,
) -> Result<(), String> {
    let Some(at) = table.foreign_keys.iter().position(|key| same_name(&key.name, name)) else {
        return if if_exists {
            Ok(())
        } else {
            Err(format!("the table has no foreign key `{name}`"))
        };
    };
    let key = table.foreign_keys.remove(at);
    let implicit = beside.implicit_indexes.remove(&key.name);
    if let Some(implicit) = implicit
        && !table.all_indexes().any(|index| starts_with(index, &key.columns))
        && table.index(&implicit).is_none()
    {
        let parts = key.columns.iter().map(IndexPart::column).collect();
        table.indexes.push(Index::new(implicit, IndexKind::Plain, parts));
    }
    Ok(())
}

fn starts_with(index: &Index, columns: &[String]) -> bool {
    let is_tree = !matches!(index.kind, IndexKind::Fulltext | IndexKind::Spatial);
    is_tree
        && index.parts.len() >= columns.len()
        && index.parts.iter().zip(columns).all(|(part, column)| match &part.key {
            KeyPart::Column { name, prefix_length: None } => same_name(name, column),
            _ => false,
        })
}

/// Drops a column, its parts of indexes, and the CHECKs that are about it alone.
fn drop_column(table: &mut Table, name: &str, if_exists: bool) -> Result<(), String> {
    let Some(at) = table.columns.iter().position(|column| same_name(&column.name, name)) else {
        return if if_exists { Ok(()) } else { Err(no_column(table, name)) };
    };
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    table.checks.retain(|check| {
        let mut used = names_in(&check.expression.text);
        used.retain(|used| names.iter().any(|column| same_name(column, used)));
        used.is_empty() || !used.iter().all(|used| same_name(used, name))
    });
    table.columns.remove(at);
    forget_texts(table, &format!("column {name}: "));
    for index in table.indexes.iter_mut().chain(&mut table.primary_key) {
        index.parts.retain(|part| match &part.key {
            KeyPart::Column { name: column, .. } => !same_name(column, name),
            KeyPart::Expression(_) => true,
        });
    }
    table.indexes.retain(|index| !index.parts.is_empty());
    table.primary_key = table.primary_key.take().filter(|key| !key.parts.is_empty());
    table.foreign_keys.retain(|key| !key.columns.iter().any(|column| same_name(column, name)));
    Ok(())
}

fn no_column(table: &Table, name: &str) -> String {
    format!("the table `{}` has no column `{name}`", table.name)
}

fn forget_texts(table: &mut Table, prefix: &str) {
    table.not_modelled.retain(|text| !text.to_lowercase().starts_with(&prefix.to_lowercase()));
}

// --- renaming

/// Renames indexes at once, so that two can swap their names. An index that the server made for a
/// foreign key becomes one of the table by it.
fn rename_indexes(
    table: &mut Table,
    beside: &mut Beside,
    changes: &[(Change, (usize, usize))],
) -> Result<(), SqlError> {
    let mut renames = Vec::new();
    for (change, place) in changes {
        let Change::RenameIndex { from, to, if_exists } = change else { continue };
        if let Some(at) = table.indexes.iter().position(|index| same_name(&index.name, from)) {
            renames.push((at, to.clone()));
        } else if let Some(columns) = implicit_columns(table, beside, from) {
            let parts = columns.iter().map(IndexPart::column).collect();
            table.indexes.push(Index::new(to.clone(), IndexKind::Plain, parts));
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

/// The columns of the index of that name that the server made for a foreign key.
fn implicit_columns(table: &Table, beside: &Beside, index: &str) -> Option<Vec<String>> {
    let of_key = |key: &&ForeignKey| {
        let name = beside.implicit_indexes.get(&key.name);
        name.is_some_and(|name| same_name(name, index))
    };
    table.foreign_keys.iter().find(of_key).map(|key| key.columns.clone())
}

/// Renames columns at once, and what names them in the table.
fn rename_columns(
    table: &mut Table,
    server: Server,
    changes: &[(Change, (usize, usize))],
) -> Result<Vec<(String, String)>, SqlError> {
    let mut renames = Vec::new();
    for (change, place) in changes {
        let Change::RenameColumn { from, to, if_exists } = change else { continue };
        match table.column(from) {
            Some(column) => renames.push((column.name.clone(), to.clone())),
            None if *if_exists => {}
            None => return Err(SqlError::new(no_column(table, from), place.0, place.1)),
        }
    }
    apply_renames(table, server, &renames);
    Ok(renames)
}

fn apply_renames(table: &mut Table, server: Server, renames: &[(String, String)]) {
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
    for index in table.indexes.iter_mut().chain(&mut table.primary_key) {
        for part in &mut index.parts {
            if let KeyPart::Column { name, .. } = &mut part.key {
                rename(name);
            }
        }
    }
    table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(rename);
    for column in &mut table.columns {
        rename(&mut column.name);
    }
    // MySQL refuses to rename a column that an expression names; MariaDB rewrites the expression.
    if server.vendor == Vendor::MariaDb {
        let checks = table.checks.iter_mut().map(|check| &mut check.expression);
        let columns = table.columns.iter_mut().flat_map(|column| {
            let generated = column.generated.as_mut().map(|generated| &mut generated.expression);
            column.check.iter_mut().chain(generated)
        });
        for expression in checks.chain(columns) {
            expression.text = replace_names(&expression.text, new_name);
        }
    }
}

// --- columns

/// Puts new columns in their place; what else is added is left for later.
fn add_columns(
    table: &mut Table,
    added: Vec<Element>,
    position: Option<&Position>,
    if_not_exists: bool,
    elements: &mut Vec<Element>,
) -> Result<(), String> {
    let mut at = place_of(table, position)?;
    for element in added {
        let name = match &element.definition {
            Definition::Column(column) => {
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
            Definition::Index(definition) => Some(definition.index.name.clone()),
            _ => None,
        };
        let exists = name.is_some_and(|name| {
            table.index(&name).is_some()
                || elements.iter().any(|other| match &other.definition {
                    Definition::Index(other) => same_name(&other.index.name, &name),
                    _ => false,
                })
        });
        let key_exists = match &element.definition {
            Definition::ForeignKey { key, .. } => table.foreign_key(&key.name).is_some(),
            Definition::Check(check) => table.check(&check.name).is_some(),
            _ => false,
        };
        if !(if_not_exists && (exists || key_exists)) {
            elements.push(element);
        }
    }
    Ok(())
}

/// Where a column goes among the others.
fn place_of(table: &Table, position: Option<&Position>) -> Result<usize, String> {
    match position {
        None => Ok(table.columns.len()),
        Some(Position::First) => Ok(0),
        Some(Position::After(name)) => table
            .columns
            .iter()
            .position(|column| same_name(&column.name, name))
            .map(|at| at + 1)
            .ok_or_else(|| no_column(table, name)),
    }
}

type Renamed = Option<(String, String)>;

/// MODIFY and CHANGE: the new definition takes the place of the whole old one.
fn change_column(
    table: &mut Table,
    server: Server,
    old: Option<String>,
    mut element: Element,
    position: Option<Position>,
    if_exists: bool,
) -> Result<(Renamed, Option<Element>), String> {
    let Definition::Column(definition) = &mut element.definition else { return Ok((None, None)) };
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
    apply_renames(table, server, renamed.as_slice());
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

/// ALTER COLUMN, ALTER INDEX, ALTER CHECK, and what the model does not hold.
fn change_attribute(table: &mut Table, change: Change) -> Result<(), String> {
    match change {
        Change::SetDefault { column, default } => {
            let table_charset =
                charset_of(table.options.charset.as_deref(), table.options.collation.as_deref());
            let column = column_mut(table, &column)?;
            let charset = column.charset.as_deref().or(table_charset.as_deref());
            column.default = Some(default.on(&column.ty, charset));
        }
        Change::DropDefault { column } => column_mut(table, &column)?.default = None,
        Change::SetColumnInvisible { column, invisible } => {
            column_mut(table, &column)?.invisible = invisible;
        }
        Change::SetIndexInvisible { index: name, invisible } => {
            let index = table.indexes.iter_mut().find(|index| same_name(&index.name, &name));
            index.ok_or_else(|| format!("the table has no index `{name}`"))?.invisible = invisible;
        }
        Change::SetEnforced { check: name, enforced } => {
            let check = table.checks.iter_mut().find(|check| same_name(&check.name, &name));
            check.ok_or_else(|| format!("the table has no check `{name}`"))?.enforced = enforced;
        }
        Change::NotModelled(text) => {
            if text.starts_with("PARTITION BY") {
                table.not_modelled.retain(|text| !text.starts_with("PARTITION BY"));
            }
            table.not_modelled.push(text);
        }
        Change::Modelled(prefix) => table.not_modelled.retain(|text| !text.starts_with(prefix)),
        _ => {}
    }
    Ok(())
}

fn column_mut<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column, String> {
    let message = no_column(table, name);
    table.columns.iter_mut().find(|column| same_name(&column.name, name)).ok_or(message)
}

// --- options

fn set_options(table: &mut Table, read: OptionsRead) {
    let OptionsRead { options: new, unset, has_comment, not_modelled } = read;
    let old = &mut table.options;
    for name in unset {
        old.other.remove(&name);
        if name == "ROW_FORMAT" {
            old.row_format = None;
        }
    }
    if new.charset.is_some() || new.collation.is_some() {
        old.charset = new.charset;
        old.collation = new.collation;
    }
    if has_comment {
        old.comment = new.comment;
    }
    old.engine = new.engine.or(old.engine.take());
    old.row_format = new.row_format.or(old.row_format.take());
    old.auto_increment = new.auto_increment.or(old.auto_increment);
    old.other.extend(new.other);
    for text in not_modelled {
        if !table.not_modelled.contains(&text) {
            table.not_modelled.push(text);
        }
    }
}

/// The character set that a table or database with these has.
pub(super) fn charset_of(charset: Option<&str>, collation: Option<&str>) -> Option<String> {
    let of_collation = || collation.and_then(|name| collation_name(name).1);
    charset.map(charset_name).or_else(of_collation)
}

/// A new default leaves the columns as they are: those that had the old one by inheritance now
/// have it as their own.
fn pin_charsets(table: &mut Table, read: &OptionsRead, database: Option<&str>, server: Server) {
    if read.options.charset.is_none() && read.options.collation.is_none() {
        return;
    }
    let own = charset_of(table.options.charset.as_deref(), table.options.collation.as_deref());
    let charset = own.unwrap_or_else(|| database.unwrap_or(server.default_charset()).to_owned());
    let collation = table.options.collation.clone();
    let collation = collation.or_else(|| server.default_collation(&charset).map(str::to_owned));
    for column in &mut table.columns {
        if column.ty.has_charset() && column.charset.is_none() && column.collation.is_none() {
            column.charset = Some(charset.clone());
            column.collation.clone_from(&collation);
        }
    }
}

/// CONVERT TO: every column gets the table's character set, and a TEXT that could hold fewer
/// characters then becomes the next larger one.
fn convert(
    table: &mut Table,
    charset: Option<String>,
    collation: Option<String>,
    database: Option<&str>,
) {
    let old = charset_of(table.options.charset.as_deref(), table.options.collation.as_deref());
    let old = old.or(database.map(str::to_owned));
    let new = charset_of(charset.as_deref(), collation.as_deref());
    for column in table.columns.iter_mut().filter(|column| column.ty.has_charset()) {
        let own = charset_of(column.charset.as_deref(), column.collation.as_deref());
        if let (Some(from), Some(to)) = (own.as_deref().or(old.as_deref()), new.as_deref())
            && bytes_per_character(to) > bytes_per_character(from)
            && let ColumnType::Text { size, length: None } = &mut column.ty
        {
            *size = match size {
                TextSize::Tiny => TextSize::Normal,
                TextSize::Normal => TextSize::Medium,
                TextSize::Medium | TextSize::Long => TextSize::Long,
            };
        }
        column.charset = None;
        column.collation = None;
    }
    table.options.charset = charset;
    table.options.collation = collation;
}
