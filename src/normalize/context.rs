//! What the values of a schema depend on beside itself.

use std::collections::BTreeMap;

use crate::model::{Schema, TableOptions};
use crate::server::{Capability, Server, charset_name};

use super::charset::{Collated, effective};

/// What the values of a schema depend on: the server, and the database's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The server.
    pub server: Server,
    /// The database's default character set; `None` where nothing tells it.
    pub charset: Option<String>,
    /// The database's default collation, by the same rule.
    pub collation: Option<String>,
    /// Whether these are what tables of the other side have, so that a table which names none has to
    /// be told them.
    pub of_tables: bool,
    /// The database's name, where a source tells it: what schema.yaml says of a table of that
    /// database is said of its own.
    pub database: Option<String>,
    /// Why the collation is not the database's own default, where it isn't: what to tell the user.
    pub assumed: Option<String>,
    /// Whether the definers of views, triggers, routines and events are compared.
    pub compares_definers: bool,
    /// Whether a TIMESTAMP has a default that it doesn't state
    /// (`explicit_defaults_for_timestamp` is off).
    pub implicit_timestamps: bool,
    /// Whether the server takes names of tables that differ in case only for one.
    pub folds_table_names: bool,
}

impl Context {
    /// What two schemas share of which the second is a file that people write, or nobody knows.
    pub fn of(server: Server, from: &Schema, to: &Schema) -> Context {
        Context::between(server, (from, false), (to, true))
    }

    /// What two schemas that are to be compared share; beside each stands whether it is a file that
    /// people write.
    ///
    /// A table that names no character set has the database's default. Where that would make every
    /// such table differ, because those of the other side share another collation, that one is
    /// taken: the tables came from a database with that default, and were restored into one with
    /// another. Two files that people write say what they mean.
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
                // Whoever writes some tables without a character set means something by it.
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

    /// The same where a database is known to hold what is compared, in case its defaults weren't.
    pub fn in_database(mut self, schema: &Schema) -> Context {
        if self.charset.is_none()
            && let Some(own) = database_default(self.server, schema)
        {
            (self.charset, self.collation) = (Some(own.charset), Some(own.collation));
        }
        self
    }

    /// The database's defaults, where they are known.
    pub(super) fn collated(&self) -> Option<Collated> {
        let (charset, collation) = (self.charset.clone()?, self.collation.clone()?);
        Some(Collated { charset, collation })
    }
}

/// What to tell the user of a collation that is not the database's own default.
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

/// What the other side says of the tables that name no character set.
fn counterparts(server: Server, bare: &Schema, full: &Schema) -> Vec<Collated> {
    let mut collations = Vec::new();
    for table in bare.tables.values().filter(|table| is_bare(&table.options)) {
        let names = [Some(&table.name), table.renamed_from.as_ref()];
        let other = names.into_iter().flatten().find_map(|name| full.table(name));
        collations.extend(other.and_then(|other| explicit(server, &other.options)));
    }
    collations
}

/// The one that several share.
fn shared(collations: &[Collated]) -> Option<Collated> {
    let [first, rest @ ..] = collations else { return None };
    (!rest.is_empty() && rest.iter().all(|one| one == first)).then(|| first.clone())
}

/// The defaults of a database that was given none.
pub(super) fn server_default(server: Server) -> Collated {
    let charset = charset_name(server.default_charset());
    let collation = server.default_collation(&charset).unwrap_or("utf8mb4_bin").to_owned();
    Collated { charset, collation }
}

/// The defaults of a database whose source tells them.
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

/// The one that stands there most often; of several, the first by name.
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
