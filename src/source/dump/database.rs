//! The schema on which the statements are carried out.

mod references;
mod several;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::alter::{alter_table, charset_of, drop_index};
use super::collect::{DatabaseContext, Kept};
use super::objects;
use crate::diagnostic::{Diagnostic, ElementPlaces, FileId, Span};
use crate::model::{
    Element, ForeignKey, Index, ObjectKind, ObjectName, Schema, Table, UnsupportedObject, same_name,
};
use crate::server::Server;
use crate::source::Loaded;
use crate::syntax::SqlError;
use crate::syntax::implicit::columns_of;
use crate::syntax::statement::ParsedStatement;
use crate::syntax::table::QualifiedName;
pub(super) use references::forgotten;
use several::Several;

/// What is known about a table besides its definition.
#[derive(Debug, Clone, Default)]
pub(super) struct TableExtras {
    /// The indexes that the server made for foreign keys, including dropped ones.
    pub(super) implicit_indexes: Vec<Index>,
    /// Its unsupported triggers, which are dropped with it.
    triggers: Vec<String>,
}

/// A database's default character set and collation.
#[derive(Debug, Clone, Default)]
pub(super) struct DatabaseDefaults {
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
}

impl DatabaseDefaults {
    /// The character set, else the one that the collation belongs to.
    pub(super) fn charset(&self) -> Option<String> {
        charset_of(self.charset.as_deref(), self.collation.as_deref())
    }
}

/// A database while the statements are carried out.
#[derive(Clone)]
pub(super) struct Database {
    pub(super) server: Server,
    pub(super) schema: Schema,
    /// The file of the current statement.
    file: Option<FileId>,
    pub(super) places: ElementPlaces,
    extras: HashMap<String, TableExtras>,
    pub(super) unsupported: Vec<UnsupportedObject>,
    /// The database of the tables, once a statement names one.
    home: Option<String>,
    /// The database of the last USE.
    current: Option<String>,
    defaults: BTreeMap<String, DatabaseDefaults>,
    several: Several,
    /// The kinds of objects that any statement makes, changes or drops.
    named_kinds: BTreeSet<ObjectKind>,
    /// The tables and columns with REFERENCES in the column's definition that the server ignored.
    forgotten_references: Vec<(String, String)>,
}

/// The servers' own databases, which a dump of all databases includes.
const SYSTEM: &[&str] = &["mysql", "sys", "information_schema", "performance_schema"];

impl Database {
    /// `wanted` is the database to read if there are several.
    pub(super) fn new(server: Server, wanted: Option<&str>) -> Self {
        Database {
            server,
            schema: Schema::default(),
            file: None,
            places: ElementPlaces::default(),
            extras: HashMap::new(),
            unsupported: Vec::new(),
            home: None,
            current: None,
            defaults: BTreeMap::new(),
            several: Several::wanting(wanted),
            named_kinds: BTreeSet::new(),
            forgotten_references: Vec::new(),
        }
    }

    /// Carries out a statement.
    pub(super) fn execute(
        &mut self,
        statement: ParsedStatement,
        file: FileId,
        kept: &Kept,
    ) -> Result<(), SqlError> {
        self.file = Some(file);
        self.several.at(Span { file, start: kept.range.start, end: kept.first_line });
        let (start, session) = (kept.range.start, &kept.session);
        match statement {
            ParsedStatement::CreateTable(create) => self.create_table(*create, start),
            ParsedStatement::AlterTable { name, clauses } => {
                if objects::alter_like_table(self, &name, &clauses) {
                    return Ok(());
                }
                let Some(name) = self.existing(&name)? else { return Ok(()) };
                alter_table(self, &name, clauses, start)
            }
            ParsedStatement::DropTable(names) => self.drop_tables(&names),
            ParsedStatement::RenameTable(renames) => renames.iter().try_for_each(|(from, to)| {
                if objects::rename_like_table(self, from, to)? {
                    return Ok(());
                }
                let Some(from) = self.existing(from)? else { return Ok(()) };
                self.here(to);
                self.rename_table(&from, &to.1)
            }),
            ParsedStatement::CreateIndex { table, element, or_replace, if_not_exists } => {
                self.create_index(&table, *element, or_replace, if_not_exists, start)
            }
            ParsedStatement::DropIndex { table, name, if_exists } => {
                let Some(table) = self.existing(&table)? else { return Ok(()) };
                let (table, extras) = self.table_and_extras(&table)?;
                drop_index(table, extras, &name, if_exists).map_err(whole)
            }
            ParsedStatement::CreateObject(created) => {
                self.named_kinds.insert(created.kind);
                objects::create_object(self, *created, start, session)
            }
            ParsedStatement::AlterObject(altered) => {
                self.named_kinds.insert(altered.kind);
                objects::alter_object(self, *altered, session)
            }
            ParsedStatement::DropObject { kind, names } => {
                self.named_kinds.insert(kind);
                objects::drop_objects(self, kind, &names);
                Ok(())
            }
            ParsedStatement::Database { name, charset, collation } => {
                let name = name.or(self.current.clone()).unwrap_or_default();
                let defaults = self.defaults.entry(name).or_default();
                if charset.is_some() || collation.is_some() {
                    *defaults = DatabaseDefaults { charset, collation };
                }
                Ok(())
            }
            ParsedStatement::DropDatabase(name) => {
                if self.home.as_deref() == Some(name.as_str()) {
                    self.schema = Schema::default();
                    self.extras.clear();
                    self.unsupported.clear();
                    self.home = None;
                }
                self.defaults.remove(&name);
                Ok(())
            }
            ParsedStatement::Use(name) => {
                self.enter(Some(name));
                Ok(())
            }
            ParsedStatement::Truncate(_) | ParsedStatement::Other => Ok(()),
        }
    }

    /// Whether a statement was about an object of this kind.
    pub(super) fn names_kind(&self, kind: ObjectKind) -> bool {
        self.named_kinds.contains(&kind)
    }

    /// Whether a foreign key refers to a table of the database that the file doesn't have.
    pub(super) fn refers_elsewhere(&self) -> bool {
        let keys = self.schema.tables.values().flat_map(|table| &table.foreign_keys);
        let mut here = keys
            .filter(|key| key.referenced_schema.is_none() || key.referenced_schema == self.home);
        here.any(|key| !self.schema.tables.contains_key(&key.referenced_table))
    }

    // --- names

    /// Whether a name is in the database that is read. One in a server's own database isn't.
    pub(super) fn here(&mut self, name: &QualifiedName) -> bool {
        let Some(database) = name.0.as_ref().or(self.current.as_ref()) else { return true };
        if SYSTEM.iter().any(|system| system.eq_ignore_ascii_case(database)) {
            return false;
        }
        let is_home = match (self.several.wanted(), &self.home) {
            (Some(wanted), _) => wanted == database,
            (None, Some(home)) => home == database,
            (None, None) => true,
        };
        if is_home {
            self.home = Some(database.clone());
        }
        self.several.met(database);
        is_home
    }

    /// Whether a name is certainly in another database than the one that is read.
    pub(super) fn is_elsewhere(&self, name: &QualifiedName) -> bool {
        let database = name.0.as_ref().or(self.current.as_ref());
        let read = self.several.wanted().or(self.home.as_ref());
        matches!((database, read), (Some(database), Some(read)) if database != read)
    }

    /// Whether a statement needs a missing table or trigger, which another file may make.
    pub(super) fn lacks(&self, statement: &ParsedStatement) -> bool {
        let missing = |other: &str| {
            let kind = ObjectKind::Trigger;
            !self.schema.objects.contains_key(&ObjectName { kind, name: other.to_owned() })
        };
        if statement.needed_trigger().is_some_and(missing) {
            return true;
        }
        let Some(name) = statement.needed_table() else { return false };
        !self.is_elsewhere(name)
            && !self.schema.tables.contains_key(&name.1)
            && objects::noun_like_table(self, &name.1).is_none()
    }

    /// The database for unqualified names.
    pub(super) fn current(&self) -> Option<String> {
        self.current.clone()
    }

    /// Sets the database for unqualified names.
    pub(super) fn enter(&mut self, database: Option<String>) {
        self.current = database;
    }

    /// Begins a file whose database is only known from its surroundings.
    pub(super) fn surround(&mut self, surroundings: &DatabaseContext) {
        self.enter(surroundings.database.clone());
        let DatabaseContext { database, charset, collation } = surroundings;
        let (charset, collation) = (charset.clone(), collation.clone());
        if let Some(name) = database
            && (charset.is_some() || collation.is_some())
        {
            self.defaults.entry(name.clone()).or_insert(DatabaseDefaults { charset, collation });
        }
    }

    /// The error if the file has several databases and none of them was chosen.
    pub(super) fn several(&self) -> Option<Diagnostic> {
        self.several.problem()
    }

    /// The name of a table that has to exist. `None` if the name is in another database.
    pub(super) fn existing(&mut self, name: &QualifiedName) -> Result<Option<String>, SqlError> {
        if !self.here(name) {
            return Ok(None);
        }
        if self.schema.tables.contains_key(&name.1) {
            return Ok(Some(name.1.clone()));
        }
        let known = self.schema.tables.keys().map(String::as_str);
        let mut error = whole(format!("there is no table `{}` here", name.1));
        if let Some(near) = crate::diagnostic::near_name(&name.1, known) {
            error = error.with_help(format!("did you mean `{near}`?"));
        }
        Err(error)
    }

    /// An existing table.
    pub(super) fn table_and_extras(
        &mut self,
        name: &str,
    ) -> Result<(&mut Table, &mut TableExtras), SqlError> {
        let extras = self.extras.entry(name.to_owned()).or_default();
        match self.schema.tables.get_mut(name) {
            Some(table) => Ok((table, extras)),
            None => Err(whole(format!("there is no table `{name}` here"))),
        }
    }

    /// Remembers an unsupported trigger of a table; it is dropped with the table.
    pub(super) fn add_trigger(&mut self, table: &str, trigger: &str) {
        self.extras.entry(table.to_owned()).or_default().triggers.push(trigger.to_owned());
    }

    /// The defaults of the tables' database.
    pub(super) fn database_defaults(&self) -> DatabaseDefaults {
        let name = self.home.as_ref().or(self.current.as_ref());
        match name.and_then(|name| self.defaults.get(name)) {
            Some(defaults) => defaults.clone(),
            // With one CREATE DATABASE and no USE, that database is meant.
            None if name.is_none() && self.defaults.len() == 1 => {
                self.defaults.values().next().cloned().unwrap_or_default()
            }
            None => DatabaseDefaults::default(),
        }
    }

    // --- places

    pub(super) fn place(&mut self, element: Element, start: usize, place: (usize, usize)) {
        let Some(file) = self.file else { return };
        let span = Span { file, start: start + place.0, end: start + place.1 };
        self.places.set(element, span);
    }

    pub(super) fn place_all(&mut self, places: Vec<(Element, (usize, usize))>, start: usize) {
        for (element, place) in places {
            self.place(element, start, place);
        }
    }

    // --- the end

    /// The schema, completed by what is known only at the end of the file.
    pub(super) fn finish(mut self) -> Loaded {
        let defaults = self.database_defaults();
        self.schema.charset = defaults.charset;
        self.schema.collation = defaults.collation;
        self.schema.unsupported = std::mem::take(&mut self.unsupported);
        let primary_keys: HashMap<String, Vec<String>> = self
            .schema
            .tables
            .values()
            .filter_map(|table| {
                let columns = table.primary_key.as_ref()?.column_names().map(str::to_owned);
                Some((table.name.clone(), columns.collect()))
            })
            .collect();
        for table in self.schema.tables.values_mut() {
            let extras = self.extras.remove(&table.name).unwrap_or_default();
            note_implicit_indexes(table, extras.implicit_indexes);
            for key in &mut table.foreign_keys {
                if key.referenced_schema == self.home {
                    key.referenced_schema = None;
                }
                if key.referenced_columns.is_empty()
                    && let Some(columns) = primary_keys.get(&key.referenced_table)
                {
                    key.referenced_columns.clone_from(columns);
                }
            }
        }
        let forgotten_references = self.without_references();
        let notes = self.note_of_references(&forgotten_references).into_iter().collect();
        let (schema, places) = (self.schema, self.places);
        Loaded { schema, places, notes, forgotten_references, ..Loaded::default() }
    }
}

/// Sets the name of each foreign key's implicit index if it isn't the key's name. If the foreign
/// key is gone, its index becomes one of the table's own.
fn note_implicit_indexes(table: &mut Table, implicit: Vec<Index>) {
    for index in implicit {
        let columns = columns_of(&index);
        let has_columns = |key: &&mut ForeignKey| {
            key.columns.len() == columns.len()
                && key.columns.iter().zip(&columns).all(|(a, b)| same_name(a, b))
        };
        let mut is_needed = false;
        for key in table.foreign_keys.iter_mut().filter(has_columns) {
            key.implicit_index = Some(index.name.clone()).filter(|name| *name != key.name);
            is_needed = true;
        }
        if !is_needed {
            table.indexes.push(index);
        }
    }
}

/// An error about the whole statement.
pub(super) fn whole(message: impl Into<String>) -> SqlError {
    SqlError::new(message, 0, 0)
}
