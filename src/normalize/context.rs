//! What the values of a schema depend on that isn't in the schema.

use std::collections::BTreeMap;

use crate::model::{Schema, TableOptions};
use crate::server::{Capability, Server, charset_name};

use super::charset::{Collated, effective};

/// What the values of a schema depend on: the server, and the database's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The server.
    pub server: Server,
    /// The database's default character set. `None` if it isn't known.
    pub charset: Option<String>,
    /// The database's default collation. `None` if it isn't known.
    pub collation: Option<String>,
    /// Whether the character set and collation were taken from the tables of the other schema. They
    /// are then not the database's default, so a table that names none needs to be given them.
    pub of_tables: bool,
    /// The database's name, if a source has it. If schema.yaml names this database before a table,
    /// it means a table of its own.
    pub database: Option<String>,
    /// A note for the user about the collation, if the tables' collation is assumed instead of the
    /// database's default.
    pub assumed: Option<String>,
    /// Whether the definers of views, triggers, routines and events are compared.
    pub compares_definers: bool,
    /// Whether a TIMESTAMP has a default that isn't written (`explicit_defaults_for_timestamp` is
    /// off).
    pub implicit_timestamps: bool,
    /// Whether the server takes names of tables that differ only in case for the same name.
    pub folds_table_names: bool,
}

impl Context {
    /// The context of two schemas. The second is a file that people write, or its origin isn't
    /// known.
    pub fn of(server: Server, from: &Schema, to: &Schema) -> Context {
        Context::between(server, (from, false), (to, true))
    }

    /// The context of two schemas that are compared. The flag with each says whether it is a file
    /// that people write.
    ///
    /// A table that names no character set has the database's default. But if every such table
    /// would differ because its counterparts in the other schema share another collation, that
    /// collation is assumed: the tables came from a database with that default, and were restored
    /// into a database with another one. If people write both files, nothing is assumed.
    pub fn between(server: Server, from: (&Schema, bool), to: (&Schema, bool)) -> Context {
        let name = from.0.name.as_ref().or(to.0.name.as_ref());
        Context { database: name.cloned(), ..Context::by_collation(server, from, to) }
    }

    fn by_collation(server: Server, from: (&Schema, bool), to: (&Schema, bool)) -> Context {
        let own = database_default(server, from.0).or_else(|| database_default(server, to.0));
        let found = match &own {
            Some(own) => [(from, to), (to, from)].into_iter().find_map(|((bare, _), (full, _))| {
                let shared = shared(&counterparts(server, bare, full));
                shared.filter(|shared| shared != own).map(|shared| (shared, true))
            }),
            None => [(from, to), (to, from)].into_iter().find_map(|(bare, full)| {
                // If people write some tables without a character set, they mean the default by it.
                let tells = !full.0.tables.values().any(|table| is_bare(&table.options));
                let collations = counterparts(server, bare.0, full.0);
                match (bare.1, full.1) {
                    _ if !tells => None,
                    (true, true) => None,
                    (true, false) => most(&collations).map(|most| (most, false)),
                    _ => shared(&collations).map(|shared| (shared, true)),
                }
            }),
        };
        match (found, own) {
            (Some((found, is_known)), own) => {
                let assumed = is_known.then(|| assumed(&found, own.as_ref()));
                let of_tables = true;
                Context { of_tables, assumed, ..Context::new(server, Some(found)) }
            }
            (None, own) => Context::new(server, own),
        }
    }

    fn new(server: Server, collated: Option<Collated>) -> Context {
        let (charset, collation) = collated.map(|it| (it.charset, it.collation)).unzip();
        Context {
            server,
            charset,
            collation,
            of_tables: false,
            database: None,
            assumed: None,
            compares_definers: false,
            implicit_timestamps: !server.can(Capability::ExplicitTimestampDefaults),
            folds_table_names: false,
        }
    }

    /// The same context with the defaults of a known database, if none were known.
    pub fn in_database(mut self, schema: &Schema) -> Context {
        if self.charset.is_none()
            && let Some(own) = database_default(self.server, schema)
        {
            (self.charset, self.collation) = (Some(own.charset), Some(own.collation));
        }
        self
    }

    /// The database's defaults, if they are known.
    pub(super) fn collated(&self) -> Option<Collated> {
        let (charset, collation) = (self.charset.clone()?, self.collation.clone()?);
        Some(Collated { charset, collation })
    }
}

/// The note for the user about a collation that isn't the database's own default.
fn assumed(found: &Collated, own: Option<&Collated>) -> String {
    let collation = &found.collation;
    let own = match own {
        Some(own) => format!("although the database's default is {}", own.collation),
        None => "and not the database's default, which isn't known".to_owned(),
    };
    format!(
        "the tables that name no character set are taken to be {collation}, as they all are, {own}"
    )
}

/// The collations that the other schema names for the tables that name no character set here.
fn counterparts(server: Server, bare: &Schema, full: &Schema) -> Vec<Collated> {
    let mut collations = Vec::new();
    for table in bare.tables.values().filter(|table| is_bare(&table.options)) {
        let names = [Some(&table.name), table.renamed_from.as_ref()];
        let other = names.into_iter().flatten().find_map(|name| full.table(name));
        collations.extend(other.and_then(|other| explicit(server, &other.options)));
    }
    collations
}

/// The collation that all of them have. There have to be at least two.
fn shared(collations: &[Collated]) -> Option<Collated> {
    let [first, rest @ ..] = collations else { return None };
    (!rest.is_empty() && rest.iter().all(|one| one == first)).then(|| first.clone())
}

/// The defaults of a database for which none were given.
pub(super) fn server_default(server: Server) -> Collated {
    let charset = charset_name(server.default_charset());
    let collation = server.default_collation(&charset).unwrap_or("utf8mb4_bin").to_owned();
    Collated { charset, collation }
}

/// The defaults of a database, if its source names them.
fn database_default(server: Server, schema: &Schema) -> Option<Collated> {
    let is_named = schema.charset.is_some() || schema.collation.is_some();
    let (charset, collation) = (schema.charset.as_deref(), schema.collation.as_deref());
    effective(server, charset, collation, Some(&server_default(server))).filter(|_| is_named)
}

fn is_bare(options: &TableOptions) -> bool {
    options.charset.is_none() && options.collation.is_none()
}

fn explicit(server: Server, options: &TableOptions) -> Option<Collated> {
    let (charset, collation) = (options.charset.as_deref(), options.collation.as_deref());
    effective(server, charset, collation, Some(&server_default(server)))
        .filter(|_| !is_bare(options))
}

/// The most frequent collation; of several, the first by name.
fn most(all: &[Collated]) -> Option<Collated> {
    let mut counts: BTreeMap<&str, (usize, &Collated)> = BTreeMap::new();
    for one in all {
        counts.entry(&one.collation).or_insert((0, one)).0 += 1;
    }
    let mut best: Option<(usize, &Collated)> = None;
    for (count, one) in counts.into_values() {
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, one));
        }
    }
    best.map(|(_, one)| one.clone())
}
