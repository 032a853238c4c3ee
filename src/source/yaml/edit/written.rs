//! Values to be put into a file, and how they are laid out there.

use crate::source::yaml::node::{self, Value, YamlNode};
use crate::source::yaml::scalar::{ScalarPosition, needs_escapes, scalar};

/// Longer lines are avoided.
const WIDTH: usize = 100;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum WrittenText {
    /// A string.
    Text(String),
    /// A number, a boolean or null, as it is written.
    Word(String),
    List {
        items: Vec<WrittenText>,
        is_flow: bool,
    },
    Map {
        entries: Vec<(String, WrittenText)>,
        is_flow: bool,
    },
}

impl WrittenText {
    /// The value of the one entry in a text, and its key.
    pub(super) fn entry(lines: &str) -> Option<(String, WrittenText)> {
        let root = node::parse(lines).ok()?;
        match WrittenText::of(&root, lines) {
            WrittenText::Map { mut entries, .. } if entries.len() == 1 => entries.pop(),
            _ => None,
        }
    }

    fn of(node: &YamlNode<'_>, text: &str) -> WrittenText {
        let is_flow = node.end > node.start;
        match &node.value {
            Value::String(text) => WrittenText::Text(text.to_string()),
            Value::Null | Value::Bool(_) | Value::Number => {
                WrittenText::Word(text.get(node.start..node.end).unwrap_or_default().to_owned())
            }
            Value::Sequence(items) => {
                let items = items.iter().map(|item| WrittenText::of(item, text)).collect();
                WrittenText::List { items, is_flow }
            }
            Value::Mapping(entries) => {
                let key = |key: &YamlNode<'_>| match &key.value {
                    Value::String(text) => text.to_string(),
                    _ => text.get(key.start..key.end).unwrap_or_default().to_owned(),
                };
                let entries = entries.iter().map(|it| (key(&it.0), WrittenText::of(&it.1, text)));
                WrittenText::Map { entries: entries.collect(), is_flow }
            }
        }
    }

    /// Whether both mean the same, however they are laid out.
    pub(super) fn same(&self, other: &WrittenText) -> bool {
        match (self, other) {
            (WrittenText::Text(one), WrittenText::Text(other)) => one == other,
            (WrittenText::Word(one), WrittenText::Word(other)) => one == other,
            (WrittenText::List { items: one, .. }, WrittenText::List { items: other, .. }) => {
                one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.same(b))
            }
            (WrittenText::Map { entries: one, .. }, WrittenText::Map { entries: other, .. }) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(a, b)| a.0 == b.0 && a.1.same(&b.1))
            }
            _ => false,
        }
    }

    /// The entries of a map.
    pub(super) fn entries(&self) -> &[(String, WrittenText)] {
        match self {
            WrittenText::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&WrittenText> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The same, between brackets.
    pub(super) fn flow(&self) -> String {
        match self {
            WrittenText::Text(text) => scalar(text.trim_end_matches('\n'), ScalarPosition::Flow),
            WrittenText::Word(word) => word.clone(),
            WrittenText::List { items, .. } => {
                let items: Vec<String> = items.iter().map(WrittenText::flow).collect();
                format!("[{}]", items.join(", "))
            }
            WrittenText::Map { entries, .. } if entries.is_empty() => "{}".to_owned(),
            WrittenText::Map { entries, .. } => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| {
                        format!("{}: {}", scalar(key, ScalarPosition::Key), value.flow())
                    })
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// How the values around a place are laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// The spaces of one step.
    pub(super) step: usize,
    /// Whether the maps around it are blocks; `None` if there are none.
    pub(super) block_maps: Option<bool>,
    /// The same of lists.
    pub(super) block_lists: Option<bool>,
    /// The quotes around all of the strings, if they are the same.
    pub(super) quote: Option<char>,
}

/// The lines of an entry in block style, at an indentation, without the line end of the last.
pub(super) fn entry_lines(
    key: &str,
    value: &WrittenText,
    indent: usize,
    style: Style,
) -> Vec<String> {
    let space = " ".repeat(indent);
    let key = scalar(key, ScalarPosition::Key);
    let mut lines = value_lines(value, indent, indent + key.len() + 2, style);
    let first = lines.remove(0);
    let first =
        if first.is_empty() { format!("{space}{key}:") } else { format!("{space}{key}: {first}") };
    lines.insert(0, first);
    lines
}

/// The lines of a value: the first follows the key, the others stand below it. `before` is what
/// is on the line before it.
pub(super) fn value_lines(
    value: &WrittenText,
    indent: usize,
    before: usize,
    style: Style,
) -> Vec<String> {
    let inner = indent + style.step;
    match value {
        WrittenText::Text(text) => match literal(text, inner) {
            Some((header, lines)) => std::iter::once(header.to_owned()).chain(lines).collect(),
            None => vec![block_scalar(text, style.quote)],
        },
        WrittenText::Word(word) => vec![word.clone()],
        WrittenText::List { items, is_flow } => {
            let flow = value.flow();
            let wanted = style.block_lists.map_or(*is_flow, |is_block| !is_block);
            if items.is_empty() || wanted && before + flow.chars().count() <= WIDTH {
                return vec![flow];
            }
            let item = |item: &WrittenText| match item {
                WrittenText::Text(text) => block_scalar(text, style.quote),
                other => other.flow(),
            };
            let space = " ".repeat(inner);
            let items = items.iter().map(|it| format!("{space}- {}", item(it)));
            std::iter::once(String::new()).chain(items).collect()
        }
        WrittenText::Map { entries, is_flow } => {
            let flow = value.flow();
            let wanted = style.block_maps.map_or(*is_flow, |is_block| !is_block);
            if entries.is_empty() || wanted && before + flow.chars().count() <= WIDTH {
                return vec![flow];
            }
            // What is in it is laid out as it is written.
            let style = Style { block_maps: None, ..style };
            let lines = entries.iter().flat_map(|it| entry_lines(&it.0, &it.1, inner, style));
            std::iter::once(String::new()).chain(lines).collect()
        }
    }
}

fn block_scalar(text: &str, quote: Option<char>) -> String {
    quoted(text, quote, ScalarPosition::Block)
}

/// A string in certain quotes, if it can be written in them.
pub(super) fn quoted(text: &str, quote: Option<char>, position: ScalarPosition) -> String {
    match quote {
        Some('\'') if !needs_escapes(text) => format!("'{}'", text.replace('\'', "''")),
        Some('"') if !needs_escapes(text) && !text.contains(['"', '\\']) => format!("\"{text}\""),
        _ => scalar(text, position),
    }
}

/// A text of several lines as a literal block: its header and its lines. `None` if it has only one
/// line, or if a block can't hold it.
fn literal(text: &str, indent: usize) -> Option<(&'static str, Vec<String>)> {
    let own = text.strip_suffix('\n').unwrap_or(text);
    if !own.contains('\n') {
        return None;
    }
    literal_lines(text, indent)
}

/// The same for a text of any number of lines.
pub(super) fn literal_lines(text: &str, indent: usize) -> Option<(&'static str, Vec<String>)> {
    let own = text.strip_suffix('\n').unwrap_or(text);
    let header = if own.len() == text.len() { "|-" } else { "|" };
    if own.trim().is_empty() || needs_escapes(&own.replace(['\n', '\t'], " ")) {
        return None;
    }
    let space = " ".repeat(indent);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{space}{line}") };
    let lines: Vec<String> = own.split('\n').map(line).collect();
    // It is read again to be certain that it is the same text.
    let document = format!("x: {header}\n{}\n", lines.join("\n"));
    let read = node::parse(&document).ok()?;
    let Value::Mapping(entries) = read.value else { return None };
    let same = matches!(
        entries.as_slice(),
        [(_, YamlNode { value: Value::String(read), .. })] if *read == text
    );
    same.then_some((header, lines))
}
