//! What foreign keys and views refer to and nothing makes, so that an empty database refuses them.

use std::collections::HashSet;
use std::fmt;

use crate::model::tree::{Body, Query, Source};
use crate::model::{Object, Schema};
use crate::server::Server;
use crate::syntax::query;

/// A foreign key or view that refers to a table which isn't there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingReference {
    /// A foreign key.
    ForeignKey {
        /// Its table.
        table: String,
        /// Its name.
        name: String,
        /// The table that isn't there.
        referenced: String,
    },
    /// A view.
    View {
        /// Its name.
        name: String,
        /// The table or view that isn't there.
        read: String,
    },
}

/// `foreign key orders.orders_customer refers to table customers`
impl fmt::Display for MissingReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MissingReference::ForeignKey { table, name, referenced } => {
                write!(f, "foreign key {table}.{name} refers to table {referenced}")
            }
            MissingReference::View { name, read } => write!(f, "view {name} reads {read}"),
        }
    }
}

/// What the foreign keys and views of a schema refer to and isn't in it.
pub fn missing_references(schema: &Schema, server: Server) -> Vec<MissingReference> {
    let tables = schema.tables.keys();
    let names: HashSet<String> = tables
        .chain(schema.objects.keys().map(|name| &name.name))
        .chain(schema.unsupported.iter().map(|object| &object.name))
        .map(|name| name.to_lowercase())
        .collect();
    missing_in(schema, server, |name| names.contains(&name.to_lowercase()))
}

/// The same of a part of a schema.
pub(super) fn missing_in(
    part: &Schema,
    server: Server,
    is_there: impl Fn(&str) -> bool,
) -> Vec<MissingReference> {
    let keys = part.tables.values().flat_map(|table| {
        let own = table.foreign_keys.iter().filter(|key| key.referenced_schema.is_none());
        own.map(|key| MissingReference::ForeignKey {
            table: table.name.clone(),
            name: key.name.clone(),
            referenced: key.referenced_table.clone(),
        })
    });
    let views = part.objects.values().flat_map(|object| {
        let Object::View(view) = object else { return Vec::new() };
        let Some(tree) = query::tree(&view.select, server) else { return Vec::new() };
        let mut read = Vec::new();
        of_query(&tree.query, &mut HashSet::new(), &mut read);
        let of_view = |read| MissingReference::View { name: view.name.clone(), read };
        read.into_iter().map(of_view).collect()
    });
    let mut missing: Vec<MissingReference> = Vec::new();
    for reference in keys.chain(views) {
        let (MissingReference::ForeignKey { referenced: name, .. }
        | MissingReference::View { read: name, .. }) = &reference;
        if !is_there(name) && !missing.contains(&reference) {
            missing.push(reference);
        }
    }
    missing
}

/// The tables of the FROM of a query and of those in it. Those of queries in expressions are left
/// out.
fn of_query(query: &Query, with: &mut HashSet<String>, read: &mut Vec<String>) {
    for expression in &query.with {
        with.insert(expression.name.to_lowercase());
    }
    for expression in &query.with {
        of_query(&expression.query, with, read);
    }
    match &query.body {
        Body::Select(select) => {
            if let Some(source) = &select.from {
                of_source(source, with, read);
            }
        }
        Body::Nested(query) => of_query(query, with, read),
        Body::Set { operands, .. } => {
            for query in operands {
                of_query(query, with, read);
            }
        }
    }
}

fn of_source(source: &Source, with: &mut HashSet<String>, read: &mut Vec<String>) {
    match source {
        // With a database before it, it is another one's.
        Source::Table { path, .. } => {
            if let [name] = path.as_slice()
                && !with.contains(&name.to_lowercase())
                && !name.eq_ignore_ascii_case("dual")
            {
                read.push(name.clone());
            }
        }
        Source::Derived { query, .. } => of_query(query, with, read),
        Source::JsonTable { .. } => {}
        Source::Nested(source) => of_source(source, with, read),
        Source::Join { left, right, .. } => {
            of_source(left, with, read);
            of_source(right, with, read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::dump::Replay;

    #[test]
    fn what_nothing_makes_is_named() {
        let mut replay = Replay::new(Server::ASSUMED);
        for statement in [
            "CREATE TABLE a (id int PRIMARY KEY, b int, \
             CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id), \
             CONSTRAINT a_a FOREIGN KEY (b) REFERENCES A (id), \
             CONSTRAINT a_o FOREIGN KEY (b) REFERENCES other.o (id))",
            "CREATE VIEW v AS WITH w AS (SELECT id FROM c) SELECT a.id FROM a JOIN w ON true \
             JOIN (SELECT id FROM d UNION SELECT id FROM c) AS x ON true",
            "CREATE VIEW u AS SELECT id FROM v WHERE id > 1",
        ] {
            replay.run(statement).unwrap();
        }
        let missing = missing_references(&replay.schema().schema, Server::ASSUMED);
        let words: Vec<String> = missing.iter().map(MissingReference::to_string).collect();
        assert_eq!(
            words,
            ["foreign key a.a_b refers to table b", "view v reads c", "view v reads d"]
        );
    }
}
