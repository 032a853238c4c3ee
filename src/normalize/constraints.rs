//! Foreign keys and CHECKs as the server keeps them.

use super::expression::ColumnTypes;
use super::{Context, expression};
use crate::model::{Check, ForeignKey, ReferentialAction, Schema, Table, same_name};
use crate::server::{Capability, Server};

/// Changes a table's foreign keys to what the server keeps.
pub(super) fn foreign_keys(table: &mut Table, schema: &Schema, context: &Context) {
    let server = context.server;
    let own = schema.name.as_ref().or(context.database.as_ref());
    let Table { name: table_name, columns, foreign_keys, .. } = table;
    name_unnamed(foreign_keys, table_name);
    for key in foreign_keys {
        key.on_delete = action(key.on_delete, server);
        key.on_update = action(key.on_update, server);
        key.referenced_schema = key.referenced_schema.take().filter(|other| Some(other) != own);
        for name in &mut key.columns {
            if let Some(column) = columns.iter().find(|column| same_name(&column.name, name)) {
                name.clone_from(&column.name);
            }
        }
        if key.referenced_schema.is_some() {
            continue;
        }
        let Some(parent) = schema.table(&key.referenced_table) else { continue };
        for name in &mut key.referenced_columns {
            if let Some(column) = parent.column(name) {
                name.clone_from(&column.name);
            }
        }
    }
}

fn action(action: ReferentialAction, server: Server) -> ReferentialAction {
    match action {
        ReferentialAction::Restrict => ReferentialAction::NoAction,
        ReferentialAction::SetDefault if !server.can(Capability::SetDefaultAction) => {
            ReferentialAction::NoAction
        }
        other => other,
    }
}

/// Names the unnamed foreign keys `<table>_ibfk_<n>`, where n is one more than the highest n.
fn name_unnamed(keys: &mut [ForeignKey], table: &str) {
    let prefix = format!("{table}_ibfk_");
    let number = |key: &ForeignKey| key.name.strip_prefix(&prefix)?.parse::<u32>().ok();
    let mut highest = keys.iter().filter_map(number).max().unwrap_or(0);
    for key in keys.iter_mut().filter(|key| key.name.is_empty()) {
        highest = highest.saturating_add(1);
        key.name = format!("{prefix}{highest}");
    }
}

/// Changes a table's CHECKs to what the server keeps, sorted by name.
pub(super) fn checks(table: &mut Table, types: &ColumnTypes, server: Server) {
    let keeps_apart = server.can(Capability::ColumnChecks);
    let Table { name: table_name, columns, checks, .. } = table;
    if !keeps_apart {
        let of_columns = columns.iter_mut().filter_map(|column| column.check.take());
        let unnamed =
            of_columns.map(|expression| Check { name: String::new(), expression, enforced: true });
        checks.splice(0..0, unnamed.collect::<Vec<_>>());
    }
    let prefix = if keeps_apart { "CONSTRAINT_".to_owned() } else { format!("{table_name}_chk_") };
    let mut number = 0_u32;
    for place in 0..checks.len() {
        while checks[place].name.is_empty() {
            number += 1;
            let name = format!("{prefix}{number}");
            if !checks.iter().any(|check| same_name(&check.name, &name)) {
                checks[place].name = name;
            }
        }
    }
    for check in checks.iter_mut() {
        check.expression = expression::with_canonical_among(&check.expression, types);
    }
    for check in columns.iter_mut().filter_map(|column| column.check.as_mut()) {
        *check = expression::with_canonical_among(check, types);
    }
    checks.sort_by(|a, b| (a.name.to_lowercase(), &a.name).cmp(&(b.name.to_lowercase(), &b.name)));
}
