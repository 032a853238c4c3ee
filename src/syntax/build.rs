//! Adds the elements of a statement to a table. An element without a name gets the name that the
//! server would give it.

use super::implicit;
use super::options::OptionsRead;
use super::table::{ElementDefinition, TableElement};
use super::{ColumnDefinition, SqlError};
use crate::model::{
    Check, ColumnVersioning, DefaultValue, Element, ForeignKey, Index, IndexKind, IndexPart,
    KeyPart, PRIMARY, Partitioning, Period, Table, same_name,
};
use crate::server::{Capability, Server, Vendor, charset_name, collation_name};

/// The most that either vendor can be compiled for (MySQL 10.4.7 "Limits on Table Column Count").
const MOST_COLUMNS: usize = 4096;
const MOST_INDEXES: usize = 128;

/// Where each element is in the text of a statement.
pub(crate) type StatementPlaces = Vec<(Element, (usize, usize))>;

/// Adds a statement's elements to a table.
pub(crate) struct TableBuilder<'a> {
    server: &'a Server,
    /// The character set of the database, if it is known.
    default_charset: Option<String>,
    /// The last number that an unnamed foreign key was given.
    foreign_key_number: u64,
    /// The last number that an unnamed CHECK was given.
    check_number: u64,
    /// The names of CHECKs that are written in the statement.
    check_names: Vec<String>,
    /// The indexes that the server has made for foreign keys, those of earlier statements first. A
    /// new one has no name yet, unless one was written.
    implicit_indexes: Vec<Index>,
    /// Where the added elements are in the statement.
    places: StatementPlaces,
}

impl<'a> TableBuilder<'a> {
    /// A builder for the elements of one statement. `table` is the table before the statement,
    /// which is empty for CREATE TABLE, and `implicit_indexes` are its implicit indexes.
    pub(crate) fn new(
        table: &Table,
        implicit_indexes: Vec<Index>,
        elements: &[TableElement],
        default_charset: Option<&str>,
        server: &'a Server,
    ) -> Self {
        let foreign_keys = table.foreign_keys.iter().map(|key| key.name.as_str());
        let checks = table.checks.iter().map(|check| check.name.as_str());
        let mut check_names = Vec::new();
        for element in elements {
            match &element.definition {
                ElementDefinition::Check(check) => check_names.push(check.name.clone()),
                ElementDefinition::Column(column) => {
                    check_names.extend(column.checks.iter().map(|check| check.name.clone()));
                }
                _ => {}
            }
        }
        TableBuilder {
            server,
            default_charset: default_charset.map(str::to_owned),
            foreign_key_number: highest(foreign_keys, &format!("{}_ibfk_", table.name)),
            check_number: match server.vendor {
                Vendor::MySql => highest(checks, &format!("{}_chk_", table.name)),
                Vendor::MariaDb => 0,
            },
            check_names,
            implicit_indexes,
            places: Vec::new(),
        }
    }

    /// The implicit indexes that the table has after the statement, and the places of all elements
    /// in the text.
    pub(crate) fn finish(self, table: &Table) -> (Vec<Index>, StatementPlaces) {
        (implicit::kept_by_server(table, self.implicit_indexes, self.server), self.places)
    }

    /// Adds an element. A column has to be in the table already; only what its definition says
    /// about the table is added.
    pub(crate) fn add_element(
        &mut self,
        table: &mut Table,
        element: TableElement,
    ) -> Result<(), SqlError> {
        let place = (element.start, element.end);
        let had_primary_key = table.primary_key.is_some();
        let before = (table.indexes.len(), table.foreign_keys.len(), table.checks.len());
        let added = match element.definition {
            ElementDefinition::Column(column) => {
                self.places.push((Element::column(&table.name, &column.column.name), place));
                self.add_of_column(table, *column)
            }
            ElementDefinition::Index(definition) => self.add_index(table, definition),
            ElementDefinition::ForeignKey { key, index } => self.add_foreign_key(table, key, index),
            ElementDefinition::Check(check) => self.add_check(table, check),
            ElementDefinition::Period(period) => add_period(table, period),
        };
        added.map_err(|message| SqlError::new(message, place.0, place.1))?;
        let name = &table.name;
        if !had_primary_key && table.primary_key.is_some() {
            self.places.push((Element::primary_key(name), place));
        }
        let indexes = table.indexes.iter().skip(before.0);
        let keys = table.foreign_keys.iter().skip(before.1);
        let checks = table.checks.iter().skip(before.2);
        let elements = indexes
            .map(|index| Element::index(name, &index.name))
            .chain(keys.map(|key| Element::foreign_key(name, &key.name)))
            .chain(checks.map(|check| Element::check(name, &check.name)));
        self.places.extend(elements.map(|element| (element, place)));
        Ok(())
    }

    /// Adds what a column's definition says about the table, such as an index. The column is in the
    /// table already.
    fn add_of_column(
        &mut self,
        table: &mut Table,
        definition: ColumnDefinition,
    ) -> Result<(), String> {
        let name = definition.column.name;
        if definition.binary_of_table {
            let collation = format!("{}_bin", self.table_charset(table));
            let column = table.columns.iter_mut().find(|column| same_name(&column.name, &name));
            if let Some(column) = column {
                column.collation = Some(collation);
            }
        }
        let parts = || vec![IndexPart::column(name.clone())];
        if definition.primary_key {
            self.add_index(table, Index::new(PRIMARY, IndexKind::Primary, parts()))?;
        }
        let is_served =
            definition.primary_key && !self.server.can(Capability::UniqueWithPrimaryKey);
        if definition.unique && !is_served {
            self.add_index(table, Index::new("", IndexKind::Unique, parts()))?;
        }
        for check in definition.checks {
            self.add_check_of_column(table, &name, check)?;
        }
        if let Some(key) = definition.references
            && self.server.can(Capability::InlineReferences)
        {
            self.add_foreign_key(table, key, None)?;
        }
        Ok(())
    }

    /// The character set of the table's columns that name none.
    fn table_charset(&self, table: &Table) -> String {
        let of_collation = || collation_name(table.options.collation.as_deref()?).1;
        let of_table = table.options.charset.as_deref().map(charset_name).or_else(of_collation);
        let of_database = of_table.or_else(|| self.default_charset.clone());
        of_database.unwrap_or_else(|| self.server.default_charset().to_owned())
    }

    fn add_index(&mut self, table: &mut Table, mut index: Index) -> Result<(), String> {
        if index.kind == IndexKind::Primary {
            return add_primary_key(table, index);
        }
        if index.name.is_empty() {
            index.name = implicit::free_name(table, &[], &index.parts);
        } else if table.index(&index.name).is_some() {
            return Err(format!("the table already has an index `{}`", index.name));
        }
        if table.indexes.len() >= MOST_INDEXES {
            return Err(format!("a table has at most {MOST_INDEXES} indexes"));
        }
        spell_columns(table, &mut index);
        table.indexes.push(index);
        Ok(())
    }

    fn add_foreign_key(
        &mut self,
        table: &mut Table,
        mut key: ForeignKey,
        index: Option<String>,
    ) -> Result<(), String> {
        let given = Some(key.name.clone()).filter(|name| !name.is_empty());
        if key.name.is_empty() {
            key.name = match &index {
                Some(index) if self.server.vendor == Vendor::MariaDb => index.clone(),
                _ => {
                    self.foreign_key_number += 1;
                    format!("{}_ibfk_{}", table.name, self.foreign_key_number)
                }
            };
        }
        if table.foreign_key(&key.name).is_some() {
            return Err(format!("the table already has a foreign key `{}`", key.name));
        }
        for name in &mut key.columns {
            if let Some(column) = table.column(name) {
                name.clone_from(&column.name);
            }
        }
        let parts = key.columns.iter().map(IndexPart::column).collect();
        let name = given.or(index).unwrap_or_default();
        self.implicit_indexes.push(Index::new(name, IndexKind::Plain, parts));
        table.foreign_keys.push(key);
        Ok(())
    }

    /// On MariaDB, a column's own CHECK has no name and is part of the column.
    fn add_check_of_column(
        &mut self,
        table: &mut Table,
        column: &str,
        check: Check,
    ) -> Result<(), String> {
        let on_column = self.server.vendor == Vendor::MariaDb && check.name.is_empty();
        let column = table.columns.iter_mut().find(|other| same_name(&other.name, column));
        match column {
            Some(column) if on_column && column.check.is_none() => {
                column.check = Some(check.expression);
                Ok(())
            }
            _ => self.add_check(table, check),
        }
    }

    fn add_check(&mut self, table: &mut Table, mut check: Check) -> Result<(), String> {
        if check.name.is_empty() {
            check.name = self.free_check_name(table);
        } else if table.check(&check.name).is_some() {
            return Err(format!("the table already has a check `{}`", check.name));
        }
        table.checks.push(check);
        Ok(())
    }

    fn free_check_name(&mut self, table: &Table) -> String {
        if self.server.vendor == Vendor::MySql {
            self.check_number += 1;
            return format!("{}_chk_{}", table.name, self.check_number);
        }
        let is_taken = |name: &str| {
            table.check(name).is_some()
                || self.check_names.iter().any(|other| same_name(other, name))
        };
        // All lower numbers were taken when the last number was given, so they needn't be tried.
        let mut number = self.check_number + 1;
        while is_taken(&format!("CONSTRAINT_{number}")) {
            number += 1;
        }
        self.check_number = number;
        format!("CONSTRAINT_{number}")
    }
}

/// The highest number that follows the prefix in one of the names.
fn highest<'a>(names: impl Iterator<Item = &'a str>, prefix: &str) -> u64 {
    names.filter_map(|name| name.strip_prefix(prefix)?.parse().ok()).max().unwrap_or(0)
}

fn add_primary_key(table: &mut Table, mut index: Index) -> Result<(), String> {
    if table.primary_key.is_some() {
        return Err("the table already has a primary key".to_owned());
    }
    spell_columns(table, &mut index);
    let names: Vec<String> = index.column_names().map(str::to_owned).collect();
    for column in &mut table.columns {
        if names.iter().any(|name| same_name(name, &column.name)) {
            column.nullable = false;
            if column.default == Some(DefaultValue::Null) {
                column.default = None;
            }
        }
    }
    table.primary_key = Some(index);
    Ok(())
}

/// Adds a period. Its columns become NOT NULL.
fn add_period(table: &mut Table, period: Period) -> Result<(), String> {
    if table.period(&period.name).is_some() {
        return Err(format!("the table already has a period `{}`", period.name));
    }
    for name in [&period.start, &period.end] {
        let column = table.columns.iter_mut().find(|column| same_name(&column.name, name));
        let column = column.ok_or_else(|| format!("the table has no column `{name}`"))?;
        column.nullable = false;
        column.default = column.default.take().filter(|value| *value != DefaultValue::Null);
    }
    table.periods.push(period);
    Ok(())
}

/// The name of the column, if the element is a column `WITH SYSTEM VERSIONING`.
fn with_versioning(element: &TableElement) -> Option<String> {
    match &element.definition {
        ElementDefinition::Column(column) if column.with_versioning => {
            Some(column.column.name.clone())
        }
        _ => None,
    }
}

/// Applies what columns say about versioning in CREATE TABLE. If the table isn't versioned but some
/// columns are (`with`), the table becomes versioned and its other columns become `WITHOUT SYSTEM
/// VERSIONING`. If nothing is versioned, `WITHOUT SYSTEM VERSIONING` has no effect.
pub(crate) fn apply_versioning(table: &mut Table, with: &[String]) {
    let only_some = !table.versioned && !with.is_empty();
    table.versioned |= only_some;
    let versioned = table.versioned;
    for column in table.columns.iter_mut().filter(|column| !column.is_system_time()) {
        if !versioned {
            column.versioning = ColumnVersioning::AsTable;
        } else if only_some && !with.contains(&column.name) {
            column.versioning = ColumnVersioning::Without;
        }
    }
}

/// Spells the column names of an index as the columns themselves are spelled.
fn spell_columns(table: &Table, index: &mut Index) {
    for part in &mut index.parts {
        if let KeyPart::Column { name, .. } = &mut part.key
            && let Some(column) = table.column(name)
        {
            name.clone_from(&column.name);
        }
    }
}

/// A table, and what is known of it that isn't part of its definition.
pub(crate) struct Built {
    pub(crate) table: Table,
    /// The indexes that the server makes for its foreign keys.
    pub(crate) implicit_indexes: Vec<Index>,
    /// Where its elements are in the statement.
    pub(crate) places: StatementPlaces,
}

/// Makes a table from the elements of CREATE TABLE. An error comes with the place of the element.
pub(crate) fn build_table(
    name: &str,
    elements: Vec<TableElement>,
    options: OptionsRead,
    default_charset: Option<&str>,
    server: &Server,
) -> Result<Built, SqlError> {
    let mut table = Table::new(name);
    table.options = options.options;
    let mut builder = TableBuilder::new(&table, Vec::new(), &elements, default_charset, server);
    // All columns are added first, because a key may name a column that is defined after it.
    for element in &elements {
        if let ElementDefinition::Column(definition) = &element.definition {
            let column = &definition.column;
            if table.columns.len() >= MOST_COLUMNS {
                let message = format!("a table has at most {MOST_COLUMNS} columns");
                return Err(SqlError::new(message, element.start, element.end));
            }
            if table.column(&column.name).is_some() {
                let message = format!("the table already has a column `{}`", column.name);
                return Err(SqlError::new(message, element.start, element.end));
            }
            table.columns.push(column.clone());
        }
    }
    let with: Vec<String> = elements.iter().filter_map(with_versioning).collect();
    for element in elements {
        builder.add_element(&mut table, element)?;
    }
    table.versioned = options.versioned;
    apply_versioning(&mut table, &with);
    table.partitioning = options.partitioning.map(Partitioning::By);
    table.unsupported.extend(options.unsupported);
    let (implicit_indexes, places) = builder.finish(&table);
    Ok(Built { table, implicit_indexes, places })
}
