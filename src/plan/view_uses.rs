//! What the queries of the new schema's views use, if the queries are understood.

use std::collections::HashMap;

use crate::model::{Object, Schema};
use crate::normalize::Context;
use crate::normalize::select::{Uses, views_of};
use crate::server::Server;

/// What each view uses, by the view's name. Views whose query isn't understood are left out.
#[derive(Debug)]
pub(super) struct ViewUses {
    views: HashMap<String, Uses>,
}

impl ViewUses {
    /// Resolves the queries with the tables of the new schema. If a query uses a name that is no
    /// longer there, it is resolved with the dropped tables and columns too.
    pub(super) fn new(from: &Schema, to: &Schema, server: &Server) -> ViewUses {
        let mut views = HashMap::new();
        let count = to.objects.values().filter(|it| matches!(it, Object::View(_))).count();
        let mut read = |schema: &Schema| {
            let context = Context::of(*server, from, to);
            for (name, view) in views_of(schema, &context) {
                if view.uses.is_certain {
                    views.entry(name).or_insert(view.uses);
                }
            }
            views.len() == count
        };
        if count > 0 && !read(to) {
            read(&with_all(from, to));
        }
        ViewUses { views }
    }

    /// Whether a view uses a table. `None` if its query isn't understood.
    pub(super) fn table(&self, view: &str, table: &str) -> Option<bool> {
        Some(self.views.get(view)?.tables.contains(table))
    }

    /// Whether a view uses a column. `None` if its query isn't understood.
    pub(super) fn column(&self, view: &str, table: &str, column: &str) -> Option<bool> {
        let column = (table.to_owned(), column.to_owned());
        Some(self.views.get(view)?.columns.contains(&column))
    }
}

/// The new schema, with the dropped tables and columns of the old one added.
fn with_all(from: &Schema, to: &Schema) -> Schema {
    let mut all = to.clone();
    for old in from.tables.values() {
        let Some(table) = all.tables.get_mut(&old.name) else {
            let is_view = to.objects.keys().any(|object| object.name == old.name);
            if !is_view {
                all.insert(old.clone());
            }
            continue;
        };
        let lost: Vec<_> =
            old.columns.iter().filter(|it| table.column(&it.name).is_none()).cloned().collect();
        table.columns.extend(lost);
    }
    all
}
