//! What the values of a schema depend on beside itself.

use std::collections::BTreeMap;

use crate::model::{Schema, TableOptions};
use crate::server::{Server, charset_name};

use super::charset::{Collated, effective};

/// What the values of a schema depend on: the server, and the database's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The server.
    pub server: Server,
    /// The database's default character set.
    pub charset: String,
    /// The database's default collation.
    pub collation: String,
    /// The database's name, where a source tells it: what schema.yaml says of a table of that
    /// database is said of its own.
    pub database: Option<String>,
    /// Why the collation is not the database's own default, where it isn't: what to tell the user.
    pub assumed: Option<String>,
    /// Whether the definers of views, triggers, routines and events are compared.
    pub compares_definers: bool,
    /// Whether the server takes names of tables that differ in case only for one.
    pub folds_table_names: bool,
}

impl Context {
    /// What two schemas that are to be compared share.
    ///
    /// A table of schema.yaml that names no character set takes the database's default. Where
    /// that would make every such table differ, because those of the other side share another
    /// collation, that one is taken: the tables came from a database with that default, and were
    /// restored into one with another.
    pub fn of(server: Server, from: &Schema, to: &Schema) -> Context {
        let name = from.name.as_ref().or(to.name.as_ref());
        Context { database: name.cloned(), ..Context::by_collation(server, from, to) }
    }

    fn by_collation(server: Server, from: &Schema, to: &Schema) -> Context {
        let own = database_default(server, from).or_else(|| database_default(server, to));
        let counterparts = [(from, to), (to, from)].map(|(bare, full)| {
            let mut collations = Vec::new();
            for table in bare.tables.values().filter(|table| is_bare(&table.options)) {
                let names = [Some(&table.name), table.renamed_from.as_ref()];
                let other = names.into_iter().flatten().find_map(|name| full.table(name));
                collations.extend(other.and_then(|other| explicit(server, &other.options)));
            }
            collations
        });
        let Some(own) = own else {
            let prevailing = counterparts.iter().find_map(|found| most(found));
            // Where some tables name theirs and others don't, these have another: the database's.
            let has_bare = |schema: &Schema| schema.tables.values().any(|it| is_bare(&it.options));
            let explicit = |schema: &&Schema| {
                if has_bare(schema) { None } else { most(&all_explicit(server, schema)) }
            };
            let any = || [from, to].iter().find_map(explicit);
            let found = prevailing.or_else(any).unwrap_or_else(|| server_default(server));
            return Context::new(server, found, None);
        };
        for collations in &counterparts {
            if let [first, rest @ ..] = collations.as_slice()
                && !rest.is_empty()
                && rest.iter().all(|one| one == first)
                && *first != own
            {
                let assumed = format!(
                    "the tables that name no character set are taken to be {}, as they all are, \
                     although the database's default is {}",
                    first.collation, own.collation
                );
                return Context::new(server, first.clone(), Some(assumed));
            }
        }
        Context::new(server, own, None)
    }

    fn new(server: Server, collated: Collated, assumed: Option<String>) -> Context {
        let Collated { charset, collation } = collated;
        Context {
            server,
            charset,
            collation,
            database: None,
            assumed,
            compares_definers: false,
            folds_table_names: false,
        }
    }

    /// The database's defaults.
    pub(super) fn collated(&self) -> Collated {
        Collated { charset: self.charset.clone(), collation: self.collation.clone() }
    }
}

fn server_default(server: Server) -> Collated {
    let charset = charset_name(server.default_charset());
    let collation = server.default_collation(&charset).unwrap_or("utf8mb4_bin").to_owned();
    Collated { charset, collation }
}

/// The defaults of a database whose source tells them.
fn database_default(server: Server, schema: &Schema) -> Option<Collated> {
    let told = schema.charset.is_some() || schema.collation.is_some();
    told.then(|| {
        let (charset, collation) = (schema.charset.as_deref(), schema.collation.as_deref());
        effective(server, charset, collation, &server_default(server))
    })
}

fn is_bare(options: &TableOptions) -> bool {
    options.charset.is_none() && options.collation.is_none()
}

fn explicit(server: Server, options: &TableOptions) -> Option<Collated> {
    let (charset, collation) = (options.charset.as_deref(), options.collation.as_deref());
    (!is_bare(options)).then(|| effective(server, charset, collation, &server_default(server)))
}

fn all_explicit(server: Server, schema: &Schema) -> Vec<Collated> {
    schema.tables.values().filter_map(|table| explicit(server, &table.options)).collect()
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
