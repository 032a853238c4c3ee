//! `fmt`: the canonical layout; comments and order are kept.

use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;
use std::sync::Arc;

use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions};

use super::Invalid;
use super::blocks;
use super::comments::keys_of_comments;
use super::node::{self, Value, YamlNode};
use super::reading::KeyValue;
use super::scalar::{ScalarPosition, scalar};
use super::write::references_text;
use crate::ddl::{
    Keywords, column_definition, index_part, partition_bounds, partition_hashing, partition_method,
};
use crate::diagnostic::{Diagnostic, Files, Span};
use crate::model::{Column, DefaultValue};
use crate::server::Server;
use crate::syntax::{self, ColumnDefinition};

/// The text in its canonical layout.
pub(super) fn format(name: &str, text: &str) -> Result<String, Invalid> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = node::parse(text).map_err(|error| {
        let mut files = Files::default();
        let file = files.add(name, Arc::from(text));
        let end = error.at + text[error.at..].chars().next().map_or(0, char::len_utf8);
        let mut diagnostic =
            Diagnostic::error(error.title, Span { file, start: error.at, end }, error.label);
        diagnostic.help.extend(error.help);
        Invalid { diagnostics: vec![diagnostic], files }
    })?;
    let mut edits = Edits { text, server: server(&root), edits: BTreeMap::new() };
    edits.document(&root);
    let changed: HashSet<(String, String)> =
        edits.edits.values().map(|edit| (edit.old.clone(), edit.new.clone())).collect();
    let laid_out = blocks::with_blocks_kept(&edits.apply(), layout).and_then(|new| {
        let after = node::parse(&new).ok()?;
        let is_same = same(&root, &after, &changed)
            && keys_of_comments(text, &root) == keys_of_comments(&new, &after);
        is_same.then_some(new.clone())
    });
    laid_out.ok_or_else(|| {
        let diagnostic = Diagnostic {
            help: vec!["it is left as it is; simpler YAML can be formatted".to_owned()],
            ..Diagnostic::without_place(format!(
                "`{name}` can't be formatted without changing what it says"
            ))
        };
        Invalid { diagnostics: vec![diagnostic], files: Files::default() }
    })
}

/// Changes only the layout: indentation, spaces, empty lines. Some comments reach their final place
/// only in the second pass.
fn layout(text: &str) -> Option<String> {
    let mut text = lay_out_once(text)?;
    for _ in 0..MAX_ROUNDS {
        let again = lay_out_once(text.trim_start_matches('\u{feff}'))?;
        if again == text {
            return Some(text);
        }
        text = again;
    }
    None
}

const MAX_ROUNDS: usize = 4;

/// The formatter keeps indentations in the bits of a number, and fails if there are more.
const DEEPEST: usize = 60;

/// Whether a text has more indentation than the parser of `pretty_yaml` can read.
pub(super) fn is_too_deep(text: &str) -> bool {
    let depth = |line: &str| line.bytes().take_while(|it| matches!(it, b' ' | b'-' | b'?')).count();
    text.lines().any(|line| depth(line) > DEEPEST)
}

fn lay_out_once(text: &str) -> Option<String> {
    if is_too_deep(text) {
        return None;
    }
    let options = FormatOptions {
        // Keeps the writer's line breaks.
        layout: LayoutOptions { print_width: 100_000, ..LayoutOptions::default() },
        language: LanguageOptions { trailing_comma: false, ..LanguageOptions::default() },
    };
    pretty_yaml::format_text(text, &options).ok()
}

/// The server whose syntax the strings have.
fn server(root: &YamlNode<'_>) -> Server {
    let named = field(root, "server").and_then(|field| match &field.value.value {
        Value::String(text) => Server::from_str(text).ok(),
        _ => None,
    });
    named.unwrap_or(Server::ASSUMED)
}

fn entries<'n>(node: &'n YamlNode<'n>) -> impl Iterator<Item = KeyValue<'n>> {
    let entries: &[(YamlNode<'n>, YamlNode<'n>)] = match &node.value {
        Value::Mapping(entries) => entries,
        _ => &[],
    };
    entries.iter().map(KeyValue::from)
}

fn field<'n>(node: &'n YamlNode<'n>, key: &str) -> Option<KeyValue<'n>> {
    entries(node).find(|field| field.word() == key)
}

/// Whether two trees mean the same, except for strings that were to change.
fn same(before: &YamlNode<'_>, after: &YamlNode<'_>, changed: &HashSet<(String, String)>) -> bool {
    match (&before.value, &after.value) {
        (Value::String(old), Value::String(new)) => {
            old == new || changed.contains(&(old.to_string(), new.to_string()))
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new, changed))
        }
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.len() == new.len()
                && old.iter().zip(new).all(|(old, new)| {
                    same(&old.0, &new.0, changed) && same(&old.1, &new.1, changed)
                })
        }
        (Value::Bool(old), Value::Bool(new)) => old == new,
        (Value::Null, Value::Null) | (Value::Number, Value::Number) => true,
        _ => false,
    }
}

/// A string and its replacement.
struct Edit {
    end: usize,
    old: String,
    new: String,
    position: ScalarPosition,
}

/// The SQL strings that are not written canonically.
struct Edits<'t> {
    text: &'t str,
    server: Server,
    edits: BTreeMap<usize, Edit>,
}

impl Edits<'_> {
    fn document(&mut self, root: &YamlNode<'_>) {
        let tables = field(root, "tables");
        for table in tables.iter().flat_map(|field| entries(field.value)) {
            let flow = self.is_flow(table.value);
            self.table(table.value, flow);
        }
    }

    fn table(&mut self, table: &YamlNode<'_>, flow: bool) {
        for part in entries(table) {
            let flow = flow || self.is_flow(part.value);
            match part.word() {
                "columns" => entries(part.value).for_each(|column| self.column(column, flow)),
                "primary_key" => self.index(part, flow),
                "indexes" => entries(part.value).for_each(|index| self.index(index, flow)),
                "foreign_keys" => entries(part.value).for_each(|key| {
                    let flow = flow || self.is_flow(key.value);
                    if let Some(columns) = field(key.value, "columns") {
                        self.parts(columns, flow);
                    }
                    if let Some(references) = field(key.value, "references") {
                        self.string(references.value, flow, canonical_references);
                    }
                }),
                "partitioning" => self.partitioning(part, flow),
                _ => {}
            }
        }
    }

    fn partitioning(&mut self, partitioning: KeyValue<'_>, flow: bool) {
        let flow = flow || self.is_flow(partitioning.value);
        if let Some(by) = field(partitioning.value, "by") {
            self.string(by.value, flow, canonical_method);
        }
        if let Some(by) = field(partitioning.value, "subpartition_by") {
            self.string(by.value, flow, canonical_hashing);
        }
        let width = field(partitioning.value, "by").and_then(|by| match &by.value.value {
            Value::String(text) => Some(syntax::parse_partition_method(text).ok()?.width()),
            _ => None,
        });
        let Some((partitions, width)) = field(partitioning.value, "partitions").zip(width) else {
            return;
        };
        let flow = flow || self.is_flow(partitions.value);
        for partition in entries(partitions.value) {
            let flow = flow || self.is_flow(partition.value);
            let values = field(partition.value, "values").unwrap_or(partition);
            self.string(values.value, flow, |text| canonical_bounds(text, width));
        }
    }

    fn column(&mut self, column: KeyValue<'_>, flow: bool) {
        let flow = flow || self.is_flow(column.value);
        let text = match field(column.value, "type") {
            Some(ty) => ty.value,
            None => column.value,
        };
        let (name, server) = (column.word(), self.server);
        self.string(text, flow, |text| canonical_column(name, text, &server));
    }

    fn index(&mut self, index: KeyValue<'_>, flow: bool) {
        let flow = flow || self.is_flow(index.value);
        match field(index.value, "columns") {
            Some(columns) => self.parts(columns, flow),
            None => self.parts(index, flow),
        }
    }

    fn parts(&mut self, list: KeyValue<'_>, flow: bool) {
        let flow = flow || self.is_flow(list.value);
        if let Value::Sequence(items) = &list.value.value {
            items.iter().for_each(|item| self.string(item, flow, canonical_part));
        }
    }

    /// Records a string's replacement, if it differs.
    fn string(
        &mut self,
        node: &YamlNode<'_>,
        flow: bool,
        canonical: impl FnOnce(&str) -> Option<String>,
    ) {
        let Value::String(old) = &node.value else { return };
        let raw = self.text.get(node.start..node.end).unwrap_or_default();
        let quoted = raw.len() > 1 && (raw.starts_with('\'') || raw.starts_with('"'));
        if raw.contains('\n') || (raw != old && !quoted) {
            return;
        }
        if let Some(new) = canonical(old).filter(|new| new != old) {
            let position = if flow { ScalarPosition::Flow } else { ScalarPosition::Block };
            let edit = Edit { end: node.end, old: old.to_string(), new, position };
            self.edits.insert(node.start, edit);
        }
    }

    /// Whether a collection is written between brackets or braces.
    fn is_flow(&self, node: &YamlNode<'_>) -> bool {
        let collection = matches!(node.value, Value::Sequence(_) | Value::Mapping(_));
        collection && node.end > node.start
    }

    /// The text after all edits.
    fn apply(&self) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (start, edit) in &self.edits {
            text.push_str(&self.text[at..*start]);
            text.push_str(&scalar(&edit.new, edit.position));
            at = edit.end;
        }
        text.push_str(&self.text[at..]);
        text
    }
}

/// A column's canonical definition. `None` if that would mean something else.
fn canonical_column(name: &str, text: &str, server: &Server) -> Option<String> {
    let definition = syntax::parse_column(name, text).ok()?;
    let mut canonical = column_definition(&definition.column, server, Keywords::Lower);
    if definition.primary_key {
        canonical.push_str(" primary key");
    }
    if definition.with_versioning {
        canonical.push_str(" with system versioning");
    }
    if definition.unique {
        canonical.push_str(" unique");
    }
    for check in &definition.checks {
        if !check.name.is_empty() {
            let name = index_part(&crate::model::IndexPart::column(&check.name), Keywords::Lower);
            canonical.push_str(&format!(" constraint {name}"));
        }
        canonical.push_str(&format!(" check ({})", check.expression.text));
        if !check.enforced {
            canonical.push_str(" not enforced");
        }
    }
    let again = syntax::parse_column(name, &canonical).ok()?;
    (meaning(again) == meaning(definition)).then_some(canonical)
}

/// A definition without the clauses that are the default.
fn meaning(mut definition: ColumnDefinition) -> ColumnDefinition {
    let column: &mut Column = &mut definition.column;
    if column.default == Some(DefaultValue::Null) && column.nullable {
        column.default = None;
    }
    definition
}

fn canonical_part(text: &str) -> Option<String> {
    let part = syntax::parse_index_part(text).ok()?;
    let canonical = index_part(&part, Keywords::Lower);
    (syntax::parse_index_part(&canonical).ok()? == part).then_some(canonical)
}

fn canonical_method(text: &str) -> Option<String> {
    let method = syntax::parse_partition_method(text).ok()?;
    let canonical = partition_method(&method, Keywords::Lower);
    (syntax::parse_partition_method(&canonical).ok()? == method).then_some(canonical)
}

fn canonical_hashing(text: &str) -> Option<String> {
    let hashing = syntax::parse_hashing(text).ok()?;
    let canonical = partition_hashing(&hashing, Keywords::Lower);
    (syntax::parse_hashing(&canonical).ok()? == hashing).then_some(canonical)
}

/// A partition's bounds in canonical form. `None` if the text can't be read, or would mean
/// something else then.
fn canonical_bounds(text: &str, width: usize) -> Option<String> {
    let bounds = syntax::parse_partition_bounds(text, width).ok()?;
    let canonical = partition_bounds(&bounds, Keywords::Lower);
    (syntax::parse_partition_bounds(&canonical, width).ok()? == bounds).then_some(canonical)
}

fn canonical_references(text: &str) -> Option<String> {
    let references = syntax::parse_references(text).ok()?;
    let canonical =
        references_text(references.schema.as_deref(), &references.table, &references.columns);
    (syntax::parse_references(&canonical).ok()? == references).then_some(canonical)
}
