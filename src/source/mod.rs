//! The sources from which a schema can be read. Every source gives the same [`Loaded`].

pub mod dump;
pub mod live;
mod read_options;
pub(crate) mod root;
mod rule_options;
mod usage;
mod waiver;
pub mod yaml;

use globset::Glob;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::DateTime;

use crate::diagnostic::{Diagnostic, ElementPlaces, Files, Severity, Span};
use crate::model::{Element, ObjectKind, Schema, TableOptions};
use crate::server::{Capability, Server};
pub use read_options::{Detail, Hold, ReadOptions};
pub use rule_options::{NamedKind, RuleOptions};
pub use usage::{DatabaseUsage, IndexUse};
pub use waiver::{WaivedElements, WaivedRule, Waiver};

/// A schema, and everything else that is known from its source.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The source's name in messages: `schema.yaml`, `safety on db.example:3306`.
    pub label: String,
    /// The schema, as the source spells it: not normalized.
    pub schema: Schema,
    /// The server that it is of or for, if the source says so.
    pub server: Option<Server>,
    /// How the source knows the server.
    pub server_source: ServerSource,
    /// The texts that were read, for diagnostics.
    pub files: Files,
    /// The position of each element in them; empty for a server.
    pub places: ElementPlaces,
    /// The settings of schema.yaml for the comparison and the rules.
    pub settings: Settings,
    /// What schema.yaml accepts of that which commands find, in the order of the file.
    pub waivers: Vec<Waiver>,
    /// What schema.yaml says that its tables inherit. They have it already.
    pub table_defaults: TableOptions,
    /// The list of the migrations that lead to the schema; only a lock file has it.
    pub migrations: Option<MigrationList>,
    /// The revisions in Alembic's table: several if its branches weren't merged. `None` if there
    /// is no such table, it can't be read, or the source is a file.
    pub alembic: Option<Vec<String>>,
    /// Notes about the reading for the user; none is an error.
    pub notes: Vec<Diagnostic>,
    /// The indexes of columns that have UNIQUE and PRIMARY KEY in their own definition, as in
    /// `serial primary key`: not every server makes one.
    pub uniques_of_primary_keys: Vec<Element>,
    /// The columns with REFERENCES in their own definition of which the server makes no foreign key.
    pub forgotten_references: Vec<Element>,
    /// How the database is used, if rules ask for it.
    pub usage: Option<DatabaseUsage>,
    /// Whether it is a file that people write. What such a file leaves out is up to the server.
    pub is_declared: bool,
    /// Whether names of tables that differ only in case are the same on the server
    /// (`lower_case_table_names` is 1 or 2).
    pub folds_table_names: bool,
    /// Whether a TIMESTAMP without a default gets an implicit one on the server; `None` for a file.
    pub implicit_timestamps: Option<bool>,
    /// The server's time in UTC when it was read, to the second; `None` for a file.
    pub now: Option<DateTime>,
    /// What the source doesn't cover: it is unknown whether such things exist.
    pub not_covered: NotCovered,
    /// The kinds of objects of which the account on a server doesn't see all.
    pub hidden: Vec<Hidden>,
    /// The views that the server can't use, with what it says of each. Empty where they weren't
    /// tried, as for a file.
    pub broken_views: BTreeMap<String, String>,
    /// The statements that it was read from, and the server whose rules were used; `None` if it
    /// isn't a file of SQL.
    pub script: Option<(Arc<dump::Script>, Server)>,
    /// SHOW CREATE TABLE of every table, if the options asked for it; else empty.
    pub shown: Arc<live::ShownStatements>,
}

/// How a source knows its server. A later variant is stronger evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerSource {
    /// The content of a file of SQL shows it.
    Evidence,
    /// schema.yaml states it.
    #[default]
    Stated,
    /// It is the server itself.
    Live,
}

/// Kinds of objects of which an account doesn't see all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// The kinds; one right shows them all.
    pub kinds: &'static [ObjectKind],
    /// The missing right, as written in GRANT.
    pub right: &'static str,
}

impl Hidden {
    /// `trigger`, `routine` or `event`.
    pub fn noun(&self) -> &'static str {
        match self.kinds {
            [kind] => kind.noun(),
            _ => "routine",
        }
    }
}

/// What a source leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotCovered {
    /// Kinds of objects.
    pub kinds: Vec<ObjectKind>,
    /// Whether there may be more tables and views than those that it has.
    pub other_tables: bool,
    /// Whether a vendor's dump program wrote it. Its options decide what it writes.
    pub is_of_dump_program: bool,
}

impl Loaded {
    /// The notes for the user about views that the server can't use, but for those of which
    /// something else is said.
    pub fn notes_of_broken_views(&self, is_said: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let broken = self.broken_views.iter().filter(|(name, _)| !is_said(name));
        let note = |(name, why): (&String, &String)| {
            Diagnostic::note(format!("the server can't use the view `{name}`: {why}"))
        };
        broken.map(note).collect()
    }

    /// Whether `server` has accepted everything in it: it was read from such a server, or is a dump
    /// that names one. What a person writes may still be refused.
    pub fn was_taken_by(&self, server: &Server) -> bool {
        let line = |it: &Server| (it.vendor, it.version.major, it.version.minor);
        match &self.script {
            Some((script, _)) => script.named_server().is_some_and(|it| line(&it) == line(server)),
            None => !self.is_declared && self.server == Some(*server),
        }
    }

    /// The same file, read by the rules of `server`; a live server's schema stays as it is.
    pub fn read_as(mut self, server: Server) -> Loaded {
        if !server.can(Capability::UniqueWithPrimaryKey) {
            for element in std::mem::take(&mut self.uniques_of_primary_keys) {
                self.take_index_away(&element);
            }
        }
        match &self.script {
            Some((script, read_as)) if *read_as != server => {
                script.read_again(&self, server).unwrap_or(self)
            }
            _ => self,
        }
    }

    fn take_index_away(&mut self, element: &Element) {
        if let Element::Index { table, index } = element
            && let Some(table) = self.schema.tables.get_mut(table)
        {
            table.indexes.retain(|it| it.name != *index);
        }
    }
}

/// The list of migrations in a lock file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationList {
    /// A line for each migration, in order.
    pub lines: Vec<LockedMigration>,
    /// Whether the first migration starts from an empty database, so that all of them together give
    /// the schema.
    pub from_nothing: bool,
    /// What the migrations are written as.
    pub layout: MigrationLayout,
}

/// What migrations are written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MigrationLayout {
    /// Files of SQL, which the list names.
    #[default]
    Sql,
    /// Revisions of Alembic's, which name one another. The list is empty.
    Alembic,
}

/// A line of the list of migrations in a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedMigration {
    /// Its version: 14 digits.
    pub version: String,
    /// The checksum of its file.
    pub sum: String,
    /// A hash of this line and of the chain value before it: 16 hexadecimal digits.
    pub chain: String,
    /// Its place in the lock file; `None` before it is written.
    pub place: Option<Span>,
}

/// What schema.yaml has besides the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Globs of tables that driftline ignores.
    pub ignore_tables: Vec<String>,
    /// The same for views, triggers and so on. A trigger of an ignored table is ignored too.
    pub ignore_objects: BTreeMap<ObjectKind, Vec<String>>,
    /// What else is compared or not.
    pub compare: Compared,
    /// Whether the definers of views, triggers, routines and events are compared.
    pub compare_definers: bool,
    /// The severity of each rule that is set; `None` switches the rule off.
    pub rules: BTreeMap<String, Option<Severity>>,
    /// The same for findings about what is new, of the rules for which it is set apart.
    pub rules_for_new: BTreeMap<String, Option<Severity>>,
    /// What else rules are told.
    pub rule_options: RuleOptions,
}

impl Settings {
    /// Whether a glob covers the name of a table, as it is written.
    pub fn ignores_table(&self, name: &str) -> bool {
        let mut globs = self.ignore_tables.iter().filter_map(|glob| Glob::new(glob).ok());
        globs.any(|glob| glob.compile_matcher().is_match(name))
    }
}

/// What of two schemas is compared. Everything is by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The order of the columns of a table.
    pub column_order: bool,
    /// Comments of tables, columns, indexes, partitions, routines, events and sequences.
    pub comments: bool,
    /// Names of indexes, foreign keys and CHECKs where the server made one of the two.
    pub server_names: bool,
}

impl Default for Compared {
    fn default() -> Self {
        Compared { column_order: true, comments: true, server_names: true }
    }
}

impl Compared {
    /// What is compared between two sources: what neither of them leaves out.
    pub fn with(self, other: Compared) -> Compared {
        Compared {
            column_order: self.column_order && other.column_order,
            comments: self.comments && other.comments,
            server_names: self.server_names && other.server_names,
        }
    }
}

/// Whether two paths are of the same file.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// The system's message for an error, without the error number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
