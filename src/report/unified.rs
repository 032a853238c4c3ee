//! A unified diff of each table's CREATE TABLE.

use similar::TextDiff;

use crate::compare::Comparison;
use crate::ddl;
use crate::diff::Change;
use crate::model::Table;
use crate::server::Server;

/// A diff of the CREATE TABLE of each table that differs, empty where none does.
pub fn unified(comparison: &Comparison) -> String {
    let (from, to) = (&comparison.from.label, &comparison.to.label);
    let server = &comparison.server;
    let mut text = String::new();
    for change in &comparison.difference.changes {
        let (old, new) = match change {
            Change::CreateTable(table) => (None, Some(table)),
            Change::DropTable(table) => (Some(table), None),
            // The statement's own first line tells the new name.
            Change::RenameTable { from, to } => {
                text.push_str(&format!("# table {from} is renamed to {to}\n"));
                continue;
            }
            Change::AlterTable { from, to, .. } => (Some(&**from), Some(&**to)),
        };
        let name = new.or(old).map_or("", |table| table.name.as_str());
        let (old, new) = (create(old, server), create(new, server));
        let diff = TextDiff::from_lines(&old, &new);
        let header = (format!("{from} {name}"), format!("{to} {name}"));
        text.push_str(
            &diff.unified_diff().context_radius(3).header(&header.0, &header.1).to_string(),
        );
    }
    text
}

fn create(table: Option<&Table>, server: &Server) -> String {
    let Some(table) = table else { return String::new() };
    let mut table = table.clone();
    // The order of indexes is not compared, so it is no part of what is shown to differ.
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
    // Nor is the next AUTO_INCREMENT value.
    table.options.auto_increment = None;
    format!("{};\n", ddl::create_table(&table, server))
}
