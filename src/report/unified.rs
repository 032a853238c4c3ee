//! A unified diff of the CREATE statements.

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use super::items::group_of;
use super::{escape_controls, one_line};
use crate::compare::Comparison;
use crate::ddl;
use crate::diff::Change;
use crate::model::{Element, Object, Table};
use crate::server::Server;

/// A diff of the CREATE statements of each table and object that differs. Empty if nothing differs.
pub fn unified(comparison: &Comparison) -> String {
    let (from, to) = (&comparison.from.label, &comparison.to.label);
    let server = &comparison.server;
    let mut text = String::new();
    for change in &comparison.difference.changes {
        let (old, new) = match change {
            Change::CreateObject(object) => {
                text.push_str(&object_diff(comparison, None, Some(object)));
                continue;
            }
            Change::DropObject(object) => {
                text.push_str(&object_diff(comparison, Some(object), None));
                continue;
            }
            Change::ChangeObject { from, to, .. } => {
                text.push_str(&object_diff(comparison, Some(from), Some(to)));
                continue;
            }
            Change::CreateTable(table) => (None, Some(table)),
            Change::DropTable(table) => (Some(table), None),
            // The CREATE statements don't show a rename, because both have the new name.
            Change::RenameTable { from, to } => {
                let words = format!("table {from} is renamed to {to}");
                text.push_str(&format!("# {}\n", one_line(&words)));
                continue;
            }
            Change::AlterTable { from, to, .. } => (Some(&**from), Some(&**to)),
        };
        let name = new.or(old).map_or("", |table| table.name.as_str());
        let (old, new) = (create(old, server), create(new, server));
        text.push_str(&between(&old, &new, (from, to), name));
    }
    text
}

/// The same for a terminal: with ANSI styles, and with control characters escaped.
pub fn styled_unified(comparison: &Comparison) -> String {
    unified(comparison).lines().map(styled_line).collect()
}

fn styled_line(line: &str) -> String {
    let style = match line.chars().next() {
        Some('+') => AnsiColor::Green.on_default(),
        Some('-') => AnsiColor::Red.on_default(),
        Some('@' | '#') => Style::new().dimmed(),
        _ => Style::new(),
    };
    format!("{style}{}{style:#}\n", escape_controls(line))
}

/// A diff of two texts of a file, with ANSI styles, for a terminal.
pub fn text_diff(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let name = one_line(name);
    let text = diff.unified_diff().context_radius(1).header(&name, &name).to_string();
    text.lines().map(styled_line).collect()
}

fn between(old: &str, new: &str, labels: (&str, &str), name: &str) -> String {
    let header = |label: &str| one_line(&format!("{label} {name}"));
    let header = (header(labels.0), header(labels.1));
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(3).header(&header.0, &header.1).to_string()
}

fn object_diff(comparison: &Comparison, old: Option<&Object>, new: Option<&Object>) -> String {
    let name = new.or(old).map(|object| group_of(&Element::object(&object.name())));
    let create = |object| create_object(object, &comparison.server);
    let labels = (comparison.from.label.as_str(), comparison.to.label.as_str());
    between(&create(old), &create(new), labels, &name.unwrap_or_default())
}

/// The lines that differ between two texts, each after its sign, with one line of context.
pub(super) fn changed_lines(old: &str, new: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(old, new);
    let groups = diff.grouped_ops(1);
    let lines = groups.iter().flatten().flat_map(|op| diff.iter_changes(op));
    lines.map(|line| format!("{} {}", line.tag(), line.value().trim_end())).collect()
}

/// The CREATE statements of both sides of each table and object that differs, after its name; empty
/// for a side that doesn't have it.
pub(super) fn created_texts(comparison: &Comparison) -> Vec<(String, String, String)> {
    let server = &comparison.server;
    let of_tables = |old: Option<&Table>, new: Option<&Table>| {
        let name = new.or(old).map(|table| table.name.clone());
        (name.unwrap_or_default(), create(old, server), create(new, server))
    };
    let of_objects = |old: Option<&Object>, new: Option<&Object>| {
        let name = new.or(old).map(|object| group_of(&Element::object(&object.name())));
        (name.unwrap_or_default(), create_object(old, server), create_object(new, server))
    };
    let changes = comparison.difference.changes.iter();
    let texts = changes.filter_map(|change| match change {
        Change::CreateTable(table) => Some(of_tables(None, Some(table))),
        Change::DropTable(table) => Some(of_tables(Some(table), None)),
        Change::AlterTable { from, to, .. } => Some(of_tables(Some(from), Some(to))),
        // Both texts have the new name.
        Change::RenameTable { .. } => None,
        Change::CreateObject(object) => Some(of_objects(None, Some(object))),
        Change::DropObject(object) => Some(of_objects(Some(object), None)),
        Change::ChangeObject { from, to, .. } => Some(of_objects(Some(from), Some(to))),
    });
    texts.collect()
}

fn create_object(object: Option<&Object>, server: &Server) -> String {
    match object {
        Some(object) => format!("{};\n", ddl::create_object(object, server)),
        None => String::new(),
    }
}

fn create(table: Option<&Table>, server: &Server) -> String {
    let Some(table) = table else { return String::new() };
    let mut table = table.clone();
    // The order of indexes isn't compared, so it must not look like a difference.
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
    // The next AUTO_INCREMENT value isn't compared either.
    table.options.auto_increment = None;
    format!("{};\n", ddl::create_table(&table, server))
}
