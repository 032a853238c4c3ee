//! The steps by which the text of a file gets what an element should be.

use std::ops::Range;

use super::ElementEdit;
use super::column::{self, KeyChange};
use super::place::ParsedText;
use super::step::{EditFailure, TextStep, carried_out, has};
use super::tree::{NodeContent, NodeItem};
use super::written::WrittenText;
use crate::model::{Element, same_name};
use crate::source::Loaded;
use crate::source::yaml::keys::COLUMN;
use crate::source::yaml::node::{self, Value, YamlNode};
use crate::syntax::lexer::Dialect;
use crate::syntax::{ColumnClause, parse_create_object};

/// The text after an edit. What is within one table is edited in its lines alone, which takes less
/// time, if they can be told apart.
pub(super) fn made(loaded: &Loaded, text: &str, edit: &ElementEdit) -> Result<String, EditFailure> {
    let is_part = !edit.of_defaults && !matches!(edit.element, Element::Table { .. });
    let table = edit.element.table_name().filter(|_| is_part);
    if let Some(lines) = table.and_then(|table| lines_of_table(text, table)) {
        let heading = if text.contains("\r\n") { "tables:\r\n" } else { "tables:\n" };
        let alone = format!("{heading}{}", text.get(lines.clone()).unwrap_or_default());
        if let Ok(edited) = made_in(loaded, &alone, edit)
            && let Some(own) = edited.strip_prefix(heading)
        {
            let mut whole = text.to_owned();
            whole.replace_range(lines, own);
            return Ok(whole);
        }
    }
    made_in(loaded, text, edit)
}

/// The lines of a table in a block, from its key on. `None` if they can't be told apart, or may
/// share something with other places.
fn lines_of_table(text: &str, table: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let (mut in_tables, mut found) = (false, None);
    for line in text.split_inclusive('\n') {
        let (start, own) = (at, line.trim_end());
        at += line.len();
        let bare = own.trim_start_matches(' ');
        let depth = own.len() - bare.len();
        if let Some((_, of_key)) = found {
            if !bare.is_empty() && depth <= of_key {
                at = start;
                break;
            }
        } else if depth == 0 && !bare.is_empty() && !bare.starts_with('#') {
            in_tables = own == "tables:";
        } else if in_tables && bare.strip_prefix(table) == Some(":") {
            found = Some((start, depth));
        }
    }
    let (start, _) = found?;
    let lines = text.get(start..at)?;
    (!lines.contains(['&', '*']) && !lines.contains("<<")).then_some(start..at)
}

fn made_in(loaded: &Loaded, text: &str, edit: &ElementEdit) -> Result<String, EditFailure> {
    let path = match (&edit.element, edit.of_defaults) {
        (Element::TableOption { option, .. }, true) => vec!["defaults".to_owned(), option.clone()],
        (element, _) => spelled(text, path_of(element)),
    };
    let mut text = text.to_owned();
    let is_there = has(&text, &path)?;
    let before = edit.before.as_ref().and_then(|it| WrittenText::entry(&it.lines));
    let after = edit.after.as_ref().and_then(|it| WrittenText::entry(&it.lines));
    let steps = match (before, after) {
        (_, None) if is_there => vec![TextStep::Remove { path: path.clone() }],
        (_, None) if matches!(edit.element, Element::TableOption { .. }) => {
            let why = "the table inherits it, and no key takes it away".to_owned();
            return Err(EditFailure { why, at: None });
        }
        (_, None) => of_inline(loaded, &text, &edit.element)?,
        (before, Some((_, after))) => {
            let mut steps = Vec::new();
            match (before, is_there) {
                (Some((_, before)), true) if is_column(&path) => {
                    steps.extend(of_column(&text, &path, &before, &after)?);
                }
                (Some((_, before)), true) => {
                    let item = value_at(&text, &path);
                    let after = as_statement(loaded, &text, &path, edit).unwrap_or(after);
                    merge(&path, item.as_ref(), &before, &after, &mut steps)?;
                }
                (before, _) => {
                    // What a table inherits it may say for itself.
                    let is_option = matches!(edit.element, Element::TableOption { .. });
                    if before.is_some() && !is_there && !is_option {
                        steps.extend(of_inline(loaded, &text, &edit.element)?);
                    }
                    let order = match own_order(&path) {
                        Some(order) => order,
                        None => edit.order.clone(),
                    };
                    steps.push(TextStep::Set { path: path.clone(), value: after, order });
                }
            }
            steps
        }
    };
    for step in &steps {
        text = carried_out(&text, step)?;
    }
    if edit.moves && !has(&text, &path)? {
        return Err(missing(&text, &path));
    }
    if edit.moves {
        text = carried_out(&text, &TextStep::Move { path, order: edit.order.clone() })?;
    }
    Ok(text)
}

/// The path of an element in the file.
fn path_of(element: &Element) -> Vec<String> {
    let of_table = |table: &str, rest: &[&str]| {
        let names = ["tables", table].into_iter().chain(rest.iter().copied());
        names.map(str::to_owned).collect()
    };
    match element {
        Element::Schema => Vec::new(),
        Element::Table { table } => of_table(table, &[]),
        Element::Column { table, column } => of_table(table, &["columns", column]),
        Element::PrimaryKey { table } => of_table(table, &["primary_key"]),
        Element::Index { table, index } => of_table(table, &["indexes", index]),
        Element::ForeignKey { table, foreign_key } => {
            of_table(table, &["foreign_keys", foreign_key])
        }
        Element::Check { table, check } => of_table(table, &["checks", check]),
        Element::Partition { table, .. } => of_table(table, &["partitioning"]),
        Element::TableOption { table, option } => {
            of_table(table, &option.splitn(2, '.').collect::<Vec<_>>())
        }
        Element::Object { kind, name } => vec![kind.section().to_owned(), name.clone()],
    }
}

/// The same path as the file spells it. The case of a name within a table doesn't matter.
fn spelled(text: &str, mut path: Vec<String>) -> Vec<String> {
    if path.len() < 4 {
        return path;
    }
    let (parents, name) = path.split_at(3);
    let names: Vec<String> = match value_at(text, parents).map(|it| it.content()) {
        Some(NodeContent::Map(map)) => map.entries().into_iter().map(|it| it.key).collect(),
        _ => Vec::new(),
    };
    if !names.contains(&name[0])
        && let Some(same) = names.into_iter().find(|it| same_name(it, &name[0]))
    {
        path[3] = same;
    }
    path
}

fn is_column(path: &[String]) -> bool {
    path.len() == 4 && path.get(2).is_some_and(|it| it == "columns")
}

/// The order of the keys among which an entry stands, if they have one of their own.
fn own_order(path: &[String]) -> Option<Vec<String>> {
    (path.len() == 3)
        .then(|| super::super::keys::WRITTEN_TABLE.iter().map(|it| (*it).to_owned()).collect())
}

fn value_at(text: &str, path: &[String]) -> Option<NodeItem> {
    let parsed = ParsedText::of(text)?;
    let mut mapping = parsed.tree.mapping()?;
    let (last, parents) = path.split_last()?;
    for key in parents {
        match mapping.entry(key)?.value?.content() {
            NodeContent::Map(inner) => mapping = inner,
            _ => return None,
        }
    }
    mapping.entry(last)?.value
}

/// The string at a path, whatever it is written as.
fn string_at(text: &str, path: &[String]) -> Option<String> {
    let root = node::parse(text).ok()?;
    let mut node: &YamlNode<'_> = &root;
    for key in path {
        let Value::Mapping(entries) = &node.value else { return None };
        let is_it = |it: &&(YamlNode<'_>, YamlNode<'_>)| match &it.0.value {
            Value::String(text) => text == key,
            _ => text.get(it.0.start..it.0.end) == Some(key.as_str()),
        };
        node = &entries.iter().find(is_it)?.1;
    }
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    }
}

fn with(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

// --- columns

fn of_column(
    text: &str,
    path: &[String],
    before: &WrittenText,
    after: &WrittenText,
) -> Result<Vec<TextStep>, EditFailure> {
    let definition = |it: &WrittenText| match it {
        WrittenText::Text(text) => Some(text.clone()),
        other => match other.get("type") {
            Some(WrittenText::Text(text)) => Some(text.clone()),
            _ => None,
        },
    };
    let Some((before, after)) = definition(before).zip(definition(after)) else {
        return Err(EditFailure::new("its definition can't be written", None));
    };
    if before == after {
        return Ok(Vec::new());
    }
    let order: Vec<String> = COLUMN.names().into_iter().map(str::to_owned).collect();
    let set = |path: Vec<String>, value| TextStep::Set { path, value, order: order.clone() };
    if let Some(own) = string_at(text, path) {
        let new = column::merged(&own, &before, &after).unwrap_or(after);
        return Ok(vec![set(path.to_vec(), WrittenText::Text(new))]);
    }
    let keys: Vec<String> = match value_at(text, path).map(|it| it.content()) {
        Some(NodeContent::Map(map)) => map.entries().into_iter().map(|it| it.key).collect(),
        _ => Vec::new(),
    };
    let ty = string_at(text, &with(path, "type"));
    let merged = ty.as_ref().and_then(|ty| column::merged_map(&keys, ty, &before, &after));
    let Some(((ty, changes), old)) = merged.zip(ty) else {
        return Err(EditFailure::new("its map can't be taken apart", None));
    };
    let mut steps = Vec::new();
    if ty != old {
        steps.push(set(with(path, "type"), WrittenText::Text(ty)));
    }
    steps.extend(changes.into_iter().map(|change| match change {
        KeyChange::Set(key, value) => set(with(path, key), value),
        KeyChange::Remove(key) => TextStep::Remove { path: with(path, key) },
    }));
    Ok(steps)
}

/// The steps that take a key or constraint out of the definition of its column.
fn of_inline(loaded: &Loaded, text: &str, element: &Element) -> Result<Vec<TextStep>, EditFailure> {
    let nowhere = || missing(text, &path_of(element));
    let (clause, key) = match element {
        Element::PrimaryKey { .. } => (ColumnClause::PrimaryKey, "primary_key"),
        Element::Index { .. } => (ColumnClause::Unique, "unique"),
        Element::ForeignKey { .. } => (ColumnClause::References, "references"),
        Element::Check { .. } => (ColumnClause::Check, "check"),
        _ => return Err(nowhere()),
    };
    let table = element.table_name().unwrap_or_default();
    let columns = loaded.schema.table(table).map_or(&[][..], |table| &table.columns);
    let column = match loaded.places.get(element) {
        Some(place) => columns
            .iter()
            .find(|it| loaded.places.get(&Element::column(table, &it.name)) == Some(place)),
        // A CHECK without a name of its own.
        None if clause == ColumnClause::Check => {
            let mut checked = columns.iter().filter(|it| it.check.is_some());
            checked.next().filter(|_| checked.next().is_none())
        }
        None => None,
    };
    let column = column.ok_or_else(nowhere)?;
    let path = spelled(text, path_of(&Element::column(table, &column.name)));
    let is_text = string_at(text, &path).is_some();
    if !is_text && has(text, &with(&path, key))? {
        return Ok(vec![TextStep::Remove { path: with(&path, key) }]);
    }
    let path = if is_text { path } else { with(&path, "type") };
    let own = string_at(text, &path).ok_or_else(nowhere)?;
    if column::without(&own, clause, 1).is_some() {
        return Err(EditFailure::new("its column has several of its kind", None));
    }
    let new = column::without(&own, clause, 0).ok_or_else(nowhere)?;
    Ok(vec![TextStep::Set { path, value: WrittenText::Text(new), order: Vec::new() }])
}

/// Why the file has no entry for something that it says.
fn missing(text: &str, path: &[String]) -> EditFailure {
    let parents = path.split_last().map_or(&[][..], |(_, parents)| parents);
    match value_at(text, parents).map(|it| it.content()) {
        Some(NodeContent::Map(map)) if map.merges() => {
            EditFailure::new("it comes from `<<`, which others share", Some(map.range().start))
        }
        _ => EditFailure::new("it has no entry of its own in the file", None),
    }
}

// --- everything else

/// The key of a map for what stands alone where there is no map.
fn wrapping(path: &[String]) -> Option<&'static str> {
    if path.last().is_some_and(|it| it == "primary_key") {
        return Some("columns");
    }
    let section = path.len().checked_sub(2).and_then(|at| path.get(at))?;
    match section.as_str() {
        "indexes" => Some("columns"),
        "checks" => Some("expression"),
        "views" => Some("select"),
        "partitions" => Some("values"),
        _ => None,
    }
}

/// As a map. `None` if it can't be one.
fn wrapped(path: &[String], value: &WrittenText) -> Option<WrittenText> {
    Some(match value {
        WrittenText::Map { .. } => value.clone(),
        other => {
            let entries = vec![(wrapping(path)?.to_owned(), other.clone())];
            WrittenText::Map { entries, is_flow: true }
        }
    })
}

/// Adds the steps by which a value gets what differs between `before` and `after`.
fn merge(
    path: &[String],
    item: Option<&NodeItem>,
    before: &WrittenText,
    after: &WrittenText,
    steps: &mut Vec<TextStep>,
) -> Result<(), EditFailure> {
    if before.same(after) {
        return Ok(());
    }
    let Some(NodeContent::Map(mapping)) = item.map(NodeItem::content) else {
        let order = Vec::new();
        steps.push(TextStep::Set { path: path.to_vec(), value: after.clone(), order });
        return Ok(());
    };
    let (Some(before), Some(after)) = (wrapped(path, before), wrapped(path, after)) else {
        let order = Vec::new();
        steps.push(TextStep::Set { path: path.to_vec(), value: after.clone(), order });
        return Ok(());
    };
    let at = Some(mapping.range().start);
    let otherwise = |key: &str| {
        let why = match mapping.merges() {
            true => format!("its `{key}` comes from `<<`, which others share"),
            false if mapping.entry("file").is_some() => {
                format!("its `{key}` is in a file of its own")
            }
            false => format!("the file says its `{key}` in another way than `pull` writes it"),
        };
        EditFailure::new(why, at)
    };
    let order: Vec<String> = after.entries().iter().map(|(key, _)| key.clone()).collect();
    for (key, value) in after.entries() {
        let old = before.get(key);
        if old.is_some_and(|old| old.same(value)) {
            continue;
        }
        let path = with(path, key);
        match (old, mapping.entry(key)) {
            (Some(old), Some(entry)) => merge(&path, entry.value.as_ref(), old, value, steps)?,
            (Some(_), None) => return Err(otherwise(key)),
            (None, _) => {
                let value = value.clone();
                steps.push(TextStep::Set { path, value, order: order.clone() });
            }
        }
    }
    for (key, _) in before.entries() {
        if after.get(key).is_some() {
            continue;
        }
        // Both are words for one thing.
        let names =
            if key == "invisible" { &["invisible", "ignored"][..] } else { &[key.as_str()] };
        let own = names.iter().find(|name| mapping.entry(name).is_some());
        let own = own.ok_or_else(|| otherwise(key))?;
        steps.push(TextStep::Remove { path: with(path, own) });
    }
    Ok(())
}

/// The CREATE statement of an object, if the file has one as its text.
fn as_statement(
    loaded: &Loaded,
    text: &str,
    path: &[String],
    edit: &ElementEdit,
) -> Option<WrittenText> {
    let Element::Object { kind, .. } = &edit.element else { return None };
    let statement = edit.statement.as_ref()?;
    let own = string_at(text, path)?;
    let dialect = Dialect::under("", loaded.server);
    let is_statement = matches!(parse_create_object(own.trim(), *kind, dialect), Ok(Some(_)));
    is_statement.then(|| WrittenText::Text(format!("{statement}\n")))
}
