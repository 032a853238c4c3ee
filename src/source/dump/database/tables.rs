//! CREATE, DROP and RENAME of tables, and CREATE INDEX.

use super::super::alter::drop_index;
use super::super::objects;
use super::{Database, forgotten, whole};
use crate::model::{Element, ForeignKey, ObjectKind};
use crate::server::Vendor;
use crate::syntax::SqlError;
use crate::syntax::build::{TableBuilder, build_table};
use crate::syntax::table::{self, CreateTable, ElementDefinition, QualifiedName, TableBody};

impl Database {
    pub(super) fn create_table(
        &mut self,
        create: CreateTable,
        start: usize,
    ) -> Result<(), SqlError> {
        if create.temporary || !self.here(&create.name) {
            return Ok(());
        }
        let name = create.name.1;
        let place = (create.start, create.end);
        if self.schema.tables.contains_key(&name) {
            if create.if_not_exists {
                return Ok(());
            }
            if !create.or_replace {
                let message = format!("the table `{name}` is already there");
                return Err(SqlError::new(message, place.0, place.1));
            }
            self.drop_table(&name);
        }
        if let Some(noun) = objects::noun_like_table(self, &name) {
            if create.if_not_exists {
                return Ok(());
            }
            let message = format!("there is a {noun} `{name}` already");
            return Err(SqlError::new(message, place.0, place.1));
        }
        match create.body {
            TableBody::Like(other) => {
                let Some(other) = self.existing(&other)? else {
                    let message = "a server's own table is not known here";
                    return Err(SqlError::new(message, place.0, place.1));
                };
                self.create_like(&name, &other);
            }
            TableBody::Elements { elements, options } => {
                let server = self.server;
                let charset = self.database_defaults().charset();
                let forgotten = forgotten(&elements, server);
                let built = build_table(&name, elements, *options, charset.as_deref(), &server)?;
                self.place_all(built.places, start);
                let extras = self.extras.entry(name.clone()).or_default();
                extras.implicit_indexes = built.implicit_indexes;
                self.schema.insert(built.table);
                self.forget_references(&name, forgotten);
            }
        }
        self.place(Element::table(name), start, place);
        Ok(())
    }

    /// CREATE TABLE … LIKE copies everything except the foreign keys. On MySQL the CHECKs get new
    /// names, because their names are unique in the database.
    fn create_like(&mut self, name: &str, other: &str) {
        let Some(mut table) = self.schema.tables.get(other).cloned() else { return };
        table.name = name.to_owned();
        table.foreign_keys.clear();
        table.options.auto_increment = None;
        if self.server.vendor == Vendor::MySql {
            for (index, check) in table.checks.iter_mut().enumerate() {
                check.name = format!("{name}_chk_{}", index + 1);
            }
        }
        self.schema.insert(table);
        let implicit = self.extras.get(other).map(|extras| extras.implicit_indexes.clone());
        self.extras.entry(name.to_owned()).or_default().implicit_indexes =
            implicit.unwrap_or_default();
    }

    /// Makes a table from another table's partition.
    pub(in crate::source::dump) fn make_like(&mut self, name: &str, other: &str) {
        self.create_like(name, other);
        if let Some(table) = self.schema.tables.get_mut(name) {
            table.partitioning = None;
        }
    }

    pub(super) fn drop_tables(&mut self, names: &[QualifiedName]) -> Result<(), SqlError> {
        for name in names {
            // DROP TABLE IF EXISTS may come before anything else, so it doesn't decide which
            // database is read.
            if !self.is_elsewhere(name) {
                self.drop_table(&name.1);
                // DROP TABLE also drops a sequence.
                objects::forget_object(self, ObjectKind::Sequence, &name.1);
            }
        }
        Ok(())
    }

    fn drop_table(&mut self, name: &str) {
        if self.schema.tables.shift_remove(name).is_none() {
            return;
        }
        objects::forget_triggers(self, name);
        let extras = self.extras.remove(name).unwrap_or_default();
        for trigger in extras.triggers {
            objects::forget_object(self, ObjectKind::Trigger, &trigger);
        }
    }

    /// Renames a table. Names that the server derived from its name change too, and foreign keys
    /// that reference it follow.
    pub(in crate::source::dump) fn rename_table(
        &mut self,
        from: &str,
        to: &str,
    ) -> Result<(), SqlError> {
        if from == to {
            return Ok(());
        }
        if self.schema.tables.contains_key(to) {
            return Err(whole(format!("the table `{to}` is already there")));
        }
        let Some((at, _, mut table)) = self.schema.tables.shift_remove_full(from) else {
            return Ok(());
        };
        let extras = self.extras.remove(from).unwrap_or_default();
        table.name = to.to_owned();
        for key in &mut table.foreign_keys {
            if let Some(name) = renamed(&key.name, from, "_ibfk_", to) {
                key.name = name;
            }
        }
        if self.server.vendor == Vendor::MySql {
            for check in &mut table.checks {
                if let Some(name) = renamed(&check.name, from, "_chk_", to) {
                    check.name = name;
                }
            }
        }
        self.schema.tables.shift_insert(at, to.to_owned(), table);
        self.extras.insert(to.to_owned(), extras);
        if let Some(span) = self.places.get(&Element::table(from)) {
            self.places.set(Element::table(to), span);
        }
        objects::move_triggers(self, from, to);
        self.for_each_reference(from, |key| to.clone_into(&mut key.referenced_table));
        Ok(())
    }

    /// Calls a function for each foreign key that references the table.
    pub(in crate::source::dump) fn for_each_reference(
        &mut self,
        table: &str,
        mut change: impl FnMut(&mut ForeignKey),
    ) {
        let home = self.home.as_deref();
        let keys = self.schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys);
        for key in keys {
            let schema = key.referenced_schema.as_deref();
            if key.referenced_table == table && (schema.is_none() || schema == home) {
                change(key);
            }
        }
    }

    pub(super) fn create_index(
        &mut self,
        table: &QualifiedName,
        element: table::TableElement,
        or_replace: bool,
        if_not_exists: bool,
        start: usize,
    ) -> Result<(), SqlError> {
        let Some(name) = self.existing(table)? else { return Ok(()) };
        let server = self.server;
        let elements = [element];
        let (table, extras) = self.table_and_extras(&name)?;
        let implicit = std::mem::take(&mut extras.implicit_indexes);
        let mut builder = TableBuilder::new(table, implicit, &elements, None, &server);
        let [element] = elements;
        if let ElementDefinition::Index(definition) = &element.definition {
            let index = &definition.name;
            if table.index(index).is_some() {
                if if_not_exists {
                    return Ok(());
                }
                if or_replace {
                    drop_index(table, extras, index, true).map_err(whole)?;
                }
            }
        }
        builder.add_element(table, element)?;
        let (implicit, places) = builder.finish(table);
        extras.implicit_indexes = implicit;
        self.place_all(places, start);
        Ok(())
    }
}

/// The new name of a constraint if the server derived it from the table's old name.
fn renamed(name: &str, from: &str, infix: &str, to: &str) -> Option<String> {
    let number = name.strip_prefix(from)?.strip_prefix(infix)?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("{to}{infix}{number}"))
}
