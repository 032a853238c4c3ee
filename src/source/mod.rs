//! What a schema can be read from. Every source gives the same [`Loaded`].

pub mod dump;
pub mod live;
mod root;
pub mod yaml;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::DateTime;

use crate::diagnostic::{Diagnostic, Files, Places, Severity};
use crate::model::{Element, ObjectKind, Schema};
use crate::server::{Capability, Server};

/// A schema, and all that its source said beside it.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// How messages name the source: `schema.yaml`, `safety on db.example:3306`.
    pub label: String,
    /// The schema, as the source spells it: not normalized.
    pub schema: Schema,
    /// The server that it is of or for, where the source knows.
    pub server: Option<Server>,
    /// How the source knows it.
    pub server_source: ServerSource,
    /// The texts that were read, for diagnostics.
    pub files: Files,
    /// Where each element stands in them; empty for a server.
    pub places: Places,
    /// What schema.yaml sets for the comparison and the rules.
    pub settings: Settings,
    /// What the user should know about the reading, none of it an error.
    pub notes: Vec<Diagnostic>,
    /// The indexes that a column's own UNIQUE makes beside its own PRIMARY KEY, as in `serial primary
    /// key`: not every server makes one.
    pub uniques_of_primary_keys: Vec<Element>,
    /// Whether it is a file that people write: what it leaves out is the server's own business.
    pub is_declared: bool,
    /// Whether the server takes names of tables that differ in case only for one
    /// (`lower_case_table_names` is 1 or 2).
    pub folds_table_names: bool,
    /// Whether the server gives a TIMESTAMP a default that isn't stated; `None` for a file.
    pub implicit_timestamps: Option<bool>,
    /// The server's present in UTC when it was read, to the second; `None` for a file.
    pub now: Option<DateTime>,
    /// What the source doesn't tell of, so that it is neither there nor gone.
    pub not_covered: NotCovered,
    /// The kinds of objects that the account on a server doesn't see all of.
    pub hidden: Vec<Hidden>,
    /// The statements that it was read of, and the server by whose rules; `None` where it is no
    /// file of SQL.
    pub script: Option<(Arc<dump::Script>, Server)>,
}

/// How a source knows its server; the later ones count more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerSource {
    /// A file of SQL has something in it that tells.
    Evidence,
    /// schema.yaml states it.
    #[default]
    Stated,
    /// It is the server itself.
    Live,
}

/// Kinds of objects that an account doesn't see all of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// The kinds, which the same right shows.
    pub kinds: &'static [ObjectKind],
    /// The right that it lacks, as GRANT has it.
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
    /// Tables and views beside those that it has.
    pub other_tables: bool,
    /// Whether a vendor's dump program wrote it, which has options for what it writes.
    pub is_of_dump_program: bool,
}

impl Loaded {
    /// Whether such a server took all that is in it: it was read of one, or is a dump that names one.
    /// What a person writes it may refuse.
    pub fn was_taken_by(&self, server: &Server) -> bool {
        let line = |it: &Server| (it.vendor, it.version.major, it.version.minor);
        match &self.script {
            Some((script, _)) => script.named_server().is_some_and(|it| line(&it) == line(server)),
            None => !self.is_declared && self.server == Some(*server),
        }
    }

    /// The same file, read by the rules of that server; a server's schema stays as it is.
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

/// What schema.yaml says that is no part of the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Globs of tables that are not driftline's business.
    pub ignore_tables: Vec<String>,
    /// The same for views, triggers and so on; a trigger of such a table is none of it either.
    pub ignore_objects: BTreeMap<ObjectKind, Vec<String>>,
    /// Whether the definers of views, triggers, routines and events are compared.
    pub compare_definers: bool,
    /// The severity of each rule that is named; `None` switches it off.
    pub rules: BTreeMap<String, Option<Severity>>,
}

/// Whether two paths lead to one file.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// The system's reason for an error without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
