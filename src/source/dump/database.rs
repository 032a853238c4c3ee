//! The schema that statements are carried out on.

mod tables;

use std::collections::{BTreeMap, HashMap};

use super::alter::{alter_table, charset_of, drop_index};
use super::objects;
use super::session::Session;
use crate::diagnostic::{FileId, Places, Span};
use crate::model::{Element, Schema, Table, UnmodelledObject};
use crate::server::Server;
use crate::source::Loaded;
use crate::sql::SqlError;
use crate::sql::statement::Statement;
use crate::sql::table::QualifiedName;

/// What is known of a table beside its definition.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The index that the server made for each foreign key, unless another one serves it.
    pub(super) implicit_indexes: HashMap<String, String>,
    /// Those of its triggers that are not modelled, which are dropped with it.
    triggers: Vec<String>,
}

/// A database's default character set and collation.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
}

impl Defaults {
    /// The character set, which the collation may tell.
    pub(super) fn charset(&self) -> Option<String> {
        charset_of(self.charset.as_deref(), self.collation.as_deref())
    }
}

/// One database in the making.
pub(super) struct Database {
    pub(super) server: Server,
    pub(super) schema: Schema,
    file: FileId,
    pub(super) places: Places,
    beside: HashMap<String, Beside>,
    pub(super) not_modelled: Vec<UnmodelledObject>,
    /// The database that the tables are in, once one is named.
    home: Option<String>,
    /// What USE said last.
    current: Option<String>,
    defaults: BTreeMap<String, Defaults>,
}

/// The servers' own databases, which a dump of everything has too.
const SYSTEM: &[&str] = &["mysql", "sys", "information_schema", "performance_schema"];

impl Database {
    pub(super) fn new(server: Server, file: FileId) -> Self {
        Database {
            server,
            schema: Schema::default(),
            file,
            places: Places::default(),
            beside: HashMap::new(),
            not_modelled: Vec::new(),
            home: None,
            current: None,
            defaults: BTreeMap::new(),
        }
    }

    /// Carries out a statement that begins at that offset of the file's text.
    pub(super) fn execute(
        &mut self,
        statement: Statement,
        start: usize,
        session: &Session,
    ) -> Result<(), SqlError> {
        match statement {
            Statement::CreateTable(create) => self.create_table(*create, start),
            Statement::AlterTable { name, clauses } => {
                let Some(name) = self.existing(&name)? else { return Ok(()) };
                alter_table(self, &name, clauses, start)
            }
            Statement::DropTable(names) => self.drop_tables(&names),
            Statement::RenameTable(renames) => renames.iter().try_for_each(|(from, to)| {
                if objects::rename_like_table(self, from, to)? {
                    return Ok(());
                }
                let Some(from) = self.existing(from)? else { return Ok(()) };
                self.here(to)?;
                self.rename_table(&from, &to.1)
            }),
            Statement::CreateIndex { table, element, or_replace, if_not_exists } => {
                self.create_index(&table, *element, or_replace, if_not_exists, start)
            }
            Statement::DropIndex { table, name, if_exists } => {
                let Some(table) = self.existing(&table)? else { return Ok(()) };
                let (table, beside) = self.table_and_beside(&table)?;
                drop_index(table, beside, &name, if_exists).map_err(whole)
            }
            Statement::CreateObject(created) => {
                objects::create_object(self, *created, start, session)
            }
            Statement::AlterObject(altered) => objects::alter_object(self, *altered, session),
            Statement::DropObject { kind, names } => {
                objects::drop_objects(self, kind, &names);
                Ok(())
            }
            Statement::Database { name, charset, collation } => {
                let name = name.or(self.current.clone()).unwrap_or_default();
                let defaults = self.defaults.entry(name).or_default();
                if charset.is_some() || collation.is_some() {
                    *defaults = Defaults { charset, collation };
                }
                Ok(())
            }
            Statement::DropDatabase(name) => {
                if self.home.as_deref() == Some(name.as_str()) {
                    self.schema = Schema::default();
                    self.beside.clear();
                    self.not_modelled.clear();
                    self.home = None;
                }
                self.defaults.remove(&name);
                Ok(())
            }
            Statement::Use(name) => {
                self.current = Some(name);
                Ok(())
            }
            Statement::Other => Ok(()),
        }
    }

    // --- names

    /// Whether a name is of the database that is read; one of a server's own database is not.
    pub(super) fn here(&mut self, name: &QualifiedName) -> Result<bool, SqlError> {
        let Some(database) = name.0.as_ref().or(self.current.as_ref()) else { return Ok(true) };
        if SYSTEM.iter().any(|system| system.eq_ignore_ascii_case(database)) {
            return Ok(false);
        }
        match &self.home {
            Some(home) if home == database => Ok(true),
            Some(home) => Err(whole(format!(
                "the file defines tables in two databases, `{home}` and `{database}`"
            ))
            .with_help("make one file for each database")),
            None => {
                self.home = Some(database.clone());
                Ok(true)
            }
        }
    }

    /// The name of a table that must be there; `None` for one that is no business of the file's.
    pub(super) fn existing(&mut self, name: &QualifiedName) -> Result<Option<String>, SqlError> {
        if !self.here(name)? {
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

    /// A table that is there.
    pub(super) fn table_and_beside(
        &mut self,
        name: &str,
    ) -> Result<(&mut Table, &mut Beside), SqlError> {
        let beside = self.beside.entry(name.to_owned()).or_default();
        match self.schema.tables.get_mut(name) {
            Some(table) => Ok((table, beside)),
            None => Err(whole(format!("there is no table `{name}` here"))),
        }
    }

    /// Notes a trigger of a table that is not modelled; it is dropped with the table.
    pub(super) fn add_trigger(&mut self, table: &str, trigger: &str) {
        self.beside.entry(table.to_owned()).or_default().triggers.push(trigger.to_owned());
    }

    /// The defaults of the database that the tables are in.
    pub(super) fn database_defaults(&self) -> Defaults {
        let name = self.home.as_ref().or(self.current.as_ref());
        match name.and_then(|name| self.defaults.get(name)) {
            Some(defaults) => defaults.clone(),
            // One CREATE DATABASE and no USE: the file means it.
            None if name.is_none() && self.defaults.len() == 1 => {
                self.defaults.values().next().cloned().unwrap_or_default()
            }
            None => Defaults::default(),
        }
    }

    // --- places

    pub(super) fn place(&mut self, element: Element, start: usize, place: (usize, usize)) {
        let span = Span { file: self.file, start: start + place.0, end: start + place.1 };
        self.places.set(element, span);
    }

    pub(super) fn place_all(&mut self, places: Vec<(Element, (usize, usize))>, start: usize) {
        for (element, place) in places {
            self.place(element, start, place);
        }
    }

    // --- the end

    /// The schema, with what only the whole file tells.
    pub(super) fn finish(mut self) -> Loaded {
        let defaults = self.database_defaults();
        self.schema.charset = defaults.charset;
        self.schema.collation = defaults.collation;
        self.schema.not_modelled = self.not_modelled;
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
        Loaded { schema: self.schema, places: self.places, ..Loaded::default() }
    }
}

/// An error about a whole statement.
pub(super) fn whole(message: impl Into<String>) -> SqlError {
    SqlError::new(message, 0, 0)
}
