//! Resolves the views of a schema, each after those that it uses.

use std::collections::{BTreeMap, HashMap};

use super::catalog::Catalog;
use super::missing::Missing;
use super::naming::ColumnNaming;
use super::resolve::{Around, Resolver, Role};
use super::resolved::Resolved;
use super::uses::{Uses, uses};
use super::write::write;
use crate::model::{Object, ObjectKind, Schema, View};
use crate::normalize::Context;
use crate::ordering::in_order;
use crate::server::Server;
use crate::syntax::lexer::Dialect;
use crate::syntax::query::tree;
use crate::syntax::references::References;

/// A view whose query was understood.
struct ResolvedView {
    query: Resolved,
    subqueries: Vec<Resolved>,
    is_verified: bool,
    columns: Vec<String>,
    uses: Uses,
}

impl ResolvedView {
    /// The canonical text of the query, if everything in it was verified on servers.
    fn canonical(&self, server: Server) -> Option<String> {
        let (text, is_verified) = write(&self.query, &self.subqueries, server)?;
        (is_verified && self.is_verified).then_some(text)
    }
}

/// Sets the canonical text of the query of every view that is understood.
pub(in crate::normalize) fn all(schema: &mut Schema, context: &Context) {
    if !schema.objects.keys().any(|name| name.kind == ObjectKind::View) {
        return;
    }
    let mut canonical = HashMap::new();
    resolve_all(schema, context, |view, resolved, _| {
        canonical.insert(view.name.clone(), resolved?.canonical(context.server)?)
    });
    for (name, object) in &mut schema.objects {
        if let Object::View(view) = object {
            view.select = view.select.with_canonical(canonical.remove(&name.name));
        }
    }
}

/// What is known of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewInfo {
    /// The names of its columns, in order. `None` if its query isn't understood, or lists all
    /// columns of a table that isn't in the schema.
    pub columns: Option<Vec<String>>,
    /// What it uses. This is certain if its query is understood; otherwise it is found by the words
    /// of the query.
    pub uses: Uses,
    /// What it reads that the schema certainly doesn't have, so that the server refuses it.
    pub missing: Vec<Missing>,
}

/// What is known of each view of a schema, by its name.
pub fn views_of(schema: &Schema, context: &Context) -> BTreeMap<String, ViewInfo> {
    let mut views = BTreeMap::new();
    resolve_all(schema, context, |view, resolved, missing| {
        let (columns, uses) = match resolved {
            Some(resolved) => (Some(resolved.columns), resolved.uses),
            None => (declared_columns(view), uses(&view.select.text, schema)),
        };
        views.insert(view.name.clone(), ViewInfo { columns, uses, missing })
    });
    views
}

fn all_views(schema: &Schema) -> impl Iterator<Item = &View> {
    schema.objects.values().filter_map(|object| match object {
        Object::View(view) => Some(view),
        _ => None,
    })
}

fn declared_columns(view: &View) -> Option<Vec<String>> {
    (!view.columns.is_empty()).then(|| view.columns.clone())
}

/// Looks up the names in the query of each view. Calls `each` with the view, its query if that is
/// understood, and what it reads that certainly doesn't exist.
fn resolve_all<T>(
    schema: &Schema,
    context: &Context,
    mut each: impl FnMut(&View, Option<ResolvedView>, Vec<Missing>) -> T,
) {
    let database = schema.name.as_deref().or(context.database.as_deref());
    let mut catalog = Catalog {
        schema,
        server: context.server,
        database,
        folds_names: context.folds_table_names,
        views: HashMap::new(),
        view_columns: HashMap::new(),
    };
    for view in sorted(schema) {
        let (resolved, missing) = resolve(view, &catalog);
        let columns = match &resolved {
            Some(resolved) => {
                let column_info = resolved.query.column_info.clone();
                catalog.view_columns.insert(view.name.clone(), column_info);
                Some(resolved.columns.clone())
            }
            None => declared_columns(view),
        };
        if let Some(columns) = columns {
            catalog.views.insert(view.name.clone(), columns);
        }
        each(view, resolved, missing);
    }
}

fn resolve(view: &View, catalog: &Catalog<'_>) -> (Option<ResolvedView>, Vec<Missing>) {
    let Some(read) = tree(&view.select, catalog.server) else {
        return (None, Vec::new());
    };
    let text = view.select.text.as_str();
    let names = ColumnNaming { text, tokens: &read.tokens, server: catalog.server };
    let mut resolver = Resolver::new(catalog, names);
    let query = resolver.query(&read.query, Around::default(), Role::Rows(&view.columns));
    let mut missing = std::mem::take(&mut resolver.missing);
    missing.sort();
    missing.dedup();
    let resolved = query.and_then(|query| {
        Some(ResolvedView {
            columns: query.columns.clone()?,
            query,
            subqueries: resolver.subqueries,
            is_verified: resolver.is_verified,
            uses: resolver.uses,
        })
    });
    (resolved, missing)
}

/// The views, each after those that it names, as far as that is possible.
fn sorted(schema: &Schema) -> Vec<&View> {
    let views: Vec<&View> = all_views(schema).collect();
    let places: HashMap<String, usize> =
        views.iter().enumerate().map(|(at, view)| (view.name.to_lowercase(), at)).collect();
    let named = |view: &&View| -> Vec<usize> {
        References::in_text(&view.select.text, Dialect::default())
            .words()
            .iter()
            .filter_map(|word| places.get(word))
            .copied()
            .collect()
    };
    let needs: Vec<Vec<usize>> = views.iter().map(named).collect();
    in_order(&needs).into_iter().filter_map(|at| views.get(at).copied()).collect()
}
