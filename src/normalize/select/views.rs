//! The views of a schema, each after those that it is made of.

use std::collections::{BTreeMap, HashMap};

use super::catalog::Catalog;
use super::column_info::ColumnInfo;
use super::missing::Missing;
use super::naming::Names;
use super::resolve::{Around, Resolver, Role};
use super::uses::{Uses, uses};
use super::write::write;
use crate::model::{Object, ObjectKind, Schema, View};
use crate::normalize::Context;
use crate::ordering::in_order;
use crate::syntax::lexer::Dialect;
use crate::syntax::query::tree;
use crate::syntax::references::References;

/// What is understood of a view.
struct Understood {
    canonical: Option<String>,
    columns: Vec<String>,
    uses: Uses,
    column_info: Vec<ColumnInfo>,
}

/// Sets the canonical text of every view's query, where it is understood.
pub(in crate::normalize) fn all(schema: &mut Schema, context: &Context) {
    if !schema.objects.keys().any(|name| name.kind == ObjectKind::View) {
        return;
    }
    let (mut understood, _) = understand_all(schema, context);
    for (name, object) in &mut schema.objects {
        if let Object::View(view) = object {
            let understood = understood.remove(&name.name);
            let canonical = understood.and_then(|understood| understood.canonical);
            view.select = view.select.with_canonical(canonical);
        }
    }
}

/// What is known of a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewInfo {
    /// The names of its columns, in order; `None` where its query isn't understood, or a table
    /// that it takes all columns of is not in the schema.
    pub columns: Option<Vec<String>>,
    /// What it uses: with certainty where its query is understood, else by its words.
    pub uses: Uses,
    /// What it certainly reads and the schema hasn't, so that the server refuses it.
    pub missing: Vec<Missing>,
}

/// What is known of each view of a schema, by its name.
pub fn views_of(schema: &Schema, context: &Context) -> BTreeMap<String, ViewInfo> {
    let (mut understood, mut missing) = understand_all(schema, context);
    let mut column_info = BTreeMap::new();
    for view in all_views(schema) {
        let missing = missing.remove(&view.name).unwrap_or_default();
        let (columns, uses) = match understood.remove(&view.name) {
            Some(catalog) => (Some(catalog.columns), catalog.uses),
            None => {
                let columns = (!view.columns.is_empty()).then(|| view.columns.clone());
                (columns, uses(&view.select.text, schema))
            }
        };
        let catalog = ViewInfo { columns, uses, missing };
        column_info.insert(view.name.clone(), catalog);
    }
    column_info
}

fn all_views(schema: &Schema) -> impl Iterator<Item = &View> {
    schema.objects.values().filter_map(|object| match object {
        Object::View(view) => Some(view),
        _ => None,
    })
}

/// What is understood of each view, and what each certainly reads that isn't there.
fn understand_all(
    schema: &Schema,
    context: &Context,
) -> (HashMap<String, Understood>, HashMap<String, Vec<Missing>>) {
    let database = schema.name.as_deref().or(context.database.as_deref());
    let mut catalog = Catalog {
        schema,
        server: context.server,
        database,
        folds_names: context.folds_table_names,
        views: HashMap::new(),
        view_columns: HashMap::new(),
    };
    let mut all = HashMap::new();
    let mut missing = HashMap::new();
    for view in sorted(schema) {
        let (understood, lacks) = understand(view, &catalog);
        if !lacks.is_empty() {
            missing.insert(view.name.clone(), lacks);
        }
        let columns = match &understood {
            Some(understood) => Some(understood.columns.clone()),
            None => (!view.columns.is_empty()).then(|| view.columns.clone()),
        };
        if let Some(columns) = columns {
            catalog.views.insert(view.name.clone(), columns);
        }
        if let Some(understood) = understood {
            catalog.view_columns.insert(view.name.clone(), understood.column_info.clone());
            all.insert(view.name.clone(), understood);
        }
    }
    (all, missing)
}

fn understand(view: &View, catalog: &Catalog<'_>) -> (Option<Understood>, Vec<Missing>) {
    let Some(read) = tree(&view.select, catalog.server) else {
        return (None, Vec::new());
    };
    let text = view.select.text.as_str();
    let names = Names { text, tokens: &read.tokens, server: catalog.server };
    let mut resolver = Resolver::new(catalog, names);
    let resolved = resolver.query(&read.query, Around::default(), Role::Rows(&view.columns));
    let mut missing = std::mem::take(&mut resolver.missing);
    missing.sort();
    missing.dedup();
    let understood = resolved.and_then(|resolved| {
        let (text, is_verified) = write(&resolved, &resolver.subqueries, catalog.server)?;
        Some(Understood {
            canonical: (is_verified && resolver.is_verified).then_some(text),
            columns: resolved.columns?,
            column_info: resolved.column_info,
            uses: resolver.uses,
        })
    });
    (understood, missing)
}

/// The views, each after those that it names, as far as that can be.
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
