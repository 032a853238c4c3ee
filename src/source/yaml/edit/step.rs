//! One change of a text: an entry of a map is added, gets another value, moves or goes.

use std::ops::Range;

use super::insertion::add;
use super::place::ParsedText;
use super::removal::{moved, remove};
use super::tree::{BlockScalar, Mapping, NodeContent, NodeEntry, NodeItem};
use super::written::{Style, WrittenText, literal_lines, quoted, value_lines};
use crate::source::yaml::keys;
use crate::source::yaml::scalar::{ScalarPosition, scalar};

/// A change of a text.
#[derive(Debug, Clone)]
pub(super) enum TextStep {
    /// The entry gets this value. It is added if it isn't there.
    Set { path: Vec<String>, value: WrittenText, order: Vec<String> },
    /// The entry goes.
    Remove { path: Vec<String> },
    /// The entry goes to its place in the order.
    Move { path: Vec<String>, order: Vec<String> },
}

/// Why a change can't be made by a machine, and the place in the text that is in the way.
#[derive(Debug, Clone)]
pub(super) struct EditFailure {
    pub(super) why: String,
    pub(super) at: Option<usize>,
}

impl EditFailure {
    pub(super) fn new(why: impl Into<String>, at: Option<usize>) -> Self {
        EditFailure { why: why.into(), at }
    }
}

/// What is found at a path.
pub(super) enum Found {
    NodeEntry {
        mapping: Mapping,
        entry: NodeEntry,
        in_flow: bool,
    },
    /// The map that would have it.
    Parent {
        mapping: Mapping,
    },
    /// Not even that: the nearest map, and how much of the path leads to it.
    Ancestor {
        mapping: Mapping,
        depth: usize,
    },
}

/// The text after a step.
pub(super) fn carried_out(text: &str, step: &TextStep) -> Result<String, EditFailure> {
    let unreadable = || EditFailure::new("its YAML can't be taken apart", None);
    let parsed = ParsedText::of(text).ok_or_else(unreadable)?;
    match step {
        TextStep::Set { path, value, order } => match find(&parsed, path)? {
            Found::NodeEntry { entry, in_flow, .. } => set(&parsed, &entry, value, in_flow, path),
            Found::Parent { mapping } => {
                let key = path.last().map_or("", String::as_str);
                add(&parsed, &mapping, (key, value), order, path.len())
            }
            Found::Ancestor { mapping, depth } => {
                let Some((key, rest)) = path.get(depth..).and_then(<[_]>::split_first) else {
                    return Err(unreadable());
                };
                let value = rest.iter().rev().fold(value.clone(), |value, key| WrittenText::Map {
                    entries: vec![(key.clone(), value)],
                    is_flow: false,
                });
                let order = keys_at(path, depth);
                add(&parsed, &mapping, (key, &value), &order, depth + 1)
            }
        },
        TextStep::Remove { path } => remove(&parsed, path),
        TextStep::Move { path, order } => moved(&parsed, path, order),
    }
}

/// Whether the text has an entry at a path, and no other map gives it.
pub(super) fn has(text: &str, path: &[String]) -> Result<bool, EditFailure> {
    let Some(parsed) = ParsedText::of(text) else { return Ok(false) };
    Ok(matches!(find(&parsed, path)?, Found::NodeEntry { .. }))
}

/// The keys in the order in which `pull` writes them, at a depth of a path.
fn keys_at(path: &[String], depth: usize) -> Vec<String> {
    let names: Vec<&str> = match (path.first().map(String::as_str), depth) {
        (_, 0) => keys::WRITTEN_SECTIONS.to_vec(),
        (Some("tables"), 2) => keys::WRITTEN_TABLE.to_vec(),
        (Some("tables"), 3) => keys::WRITTEN_PARTITIONING.to_vec(),
        _ => Vec::new(),
    };
    names.into_iter().map(str::to_owned).collect()
}

/// Looks a path up. Fails if what is at it is shared with other places.
pub(super) fn find(parsed: &ParsedText<'_>, path: &[String]) -> Result<Found, EditFailure> {
    let unreadable = || EditFailure::new("its YAML can't be taken apart", None);
    let used = parsed.tree.used_anchors();
    let mut mapping = parsed.tree.mapping().ok_or_else(unreadable)?;
    let mut in_flow = mapping.is_flow;
    for (depth, key) in path.iter().enumerate() {
        let is_last = depth + 1 == path.len();
        let Some(entry) = mapping.entry(key) else {
            return Ok(match is_last {
                true => Found::Parent { mapping },
                false => Found::Ancestor { mapping, depth },
            });
        };
        if let Some(value) = &entry.value {
            if let Some(anchor) = value.anchor().filter(|it| used.contains(it)) {
                let why = format!("other places take the same from its anchor `&{anchor}`");
                return Err(EditFailure::new(why, Some(value.range().start)));
            }
            if let NodeContent::Alias(anchor) = value.content() {
                let why = format!("it comes from the anchor `&{anchor}`, which others share");
                return Err(EditFailure::new(why, parsed.tree.anchor(&anchor)));
            }
        }
        if is_last {
            return Ok(Found::NodeEntry { mapping, entry, in_flow });
        }
        match entry.value.as_ref().map(NodeItem::content) {
            Some(NodeContent::Map(inner)) => {
                in_flow |= inner.is_flow;
                mapping = inner;
            }
            _ => {
                let why = format!("`{key}` isn't a map in the file");
                return Err(EditFailure::new(why, Some(entry.key_range.start)));
            }
        }
    }
    Err(unreadable())
}

pub(super) fn spliced(text: &str, range: Range<usize>, with: &str) -> String {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    format!("{before}{with}{after}")
}

// --- set

fn set(
    parsed: &ParsedText<'_>,
    entry: &NodeEntry,
    value: &WrittenText,
    in_flow: bool,
    path: &[String],
) -> Result<String, EditFailure> {
    let text = parsed.text;
    let Some(item) = &entry.value else {
        // A key with nothing after its colon.
        let colon = entry.range.end;
        return Ok(spliced(text, colon..colon, &format!(" {}", value.flow())));
    };
    if item.has_comments() {
        let why = "comments within it would be lost";
        return Err(EditFailure::new(why, Some(entry.key_range.start)));
    }
    let indent = parsed.column(entry.key_range.start);
    let is_sql = path.first().is_some_and(|section| section != "tables");
    match (item.content(), value) {
        (NodeContent::Scalar(range), WrittenText::Text(new)) if in_flow => {
            let quote = parsed.quote_at(range.start);
            let new = quoted(new.trim_end_matches('\n'), quote, ScalarPosition::Flow);
            Ok(spliced(text, range, &new))
        }
        (NodeContent::Scalar(range), value) if in_flow => Ok(spliced(text, range, &value.flow())),
        (NodeContent::Sequence { range, is_flow: true }, value) if in_flow => {
            Ok(spliced(text, range, &value.flow()))
        }
        (NodeContent::Map(map), value) if in_flow => Ok(spliced(text, map.range(), &value.flow())),
        (NodeContent::Block(block), WrittenText::Text(new)) => {
            set_block(parsed, &block, new, indent, is_sql)
        }
        (NodeContent::Scalar(range), WrittenText::Text(new)) if !new.trim_end().contains('\n') => {
            let quote = parsed.quote_at(range.start);
            let new = quoted(new.trim_end_matches('\n'), quote, ScalarPosition::Block);
            Ok(spliced(text, range, &new))
        }
        (content, value) => {
            let range = match content {
                NodeContent::Scalar(range) => range,
                NodeContent::Sequence { range, .. } => range,
                NodeContent::Map(map) => map.range(),
                NodeContent::Block(block) => block.range,
                NodeContent::Alias(_) | NodeContent::Nothing => item.range(),
            };
            Ok(set_below(parsed, entry, range, value, indent))
        }
    }
}

/// Gives a literal block other lines. Its header stays if it means the same.
fn set_block(
    parsed: &ParsedText<'_>,
    block: &BlockScalar,
    new: &str,
    indent: usize,
    is_sql: bool,
) -> Result<String, EditFailure> {
    let text = parsed.text;
    let lines = text.get(block.lines..block.range.end).unwrap_or_default();
    let first = lines.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let own = first.len() - first.trim_start_matches(' ').len();
    let own = if own > indent { own } else { indent + parsed.step };
    // SQL means the same with and without a line end after it.
    let ends = is_sql && block.header == "|";
    let wanted = if ends { format!("{}\n", new.trim_end()) } else { new.to_owned() };
    match literal_lines(&wanted, own) {
        Some((header, lines)) => {
            let lines = format!("{0}{1}", parsed.newline, lines.join(parsed.newline));
            let whole = spliced(text, block.lines..block.range.end, &lines);
            let header_start = block.range.start;
            Ok(spliced(&whole, header_start..block.header_end, header))
        }
        None => {
            let new = scalar(new, ScalarPosition::Block);
            Ok(spliced(text, block.range.clone(), &new))
        }
    }
}

/// Puts a value in the place of another one of any kind, after the key or below it.
fn set_below(
    parsed: &ParsedText<'_>,
    entry: &NodeEntry,
    range: Range<usize>,
    value: &WrittenText,
    indent: usize,
) -> String {
    let text = parsed.text;
    let is_block = match entry.value.as_ref().map(NodeItem::content) {
        Some(NodeContent::Map(map)) => Some(!map.is_flow),
        Some(NodeContent::Sequence { is_flow, .. }) => Some(!is_flow),
        _ => None,
    };
    let style =
        Style { step: parsed.step, block_maps: is_block, block_lists: is_block, quote: None };
    let key_line = parsed.line_end(entry.key_range.end);
    let lines =
        value_lines(value, indent, entry.range.start - parsed.line_start(entry.range.start), style);
    let (first, below) =
        lines.split_first().map_or((String::new(), &[][..]), |it| (it.0.clone(), it.1));
    let below: String = below.iter().map(|line| format!("{}{line}", parsed.newline)).collect();
    if range.start > key_line {
        // The old value stands below its key, whose line may end in a comment.
        let properties = text.get(entry.key_range.end..range.start).unwrap_or_default();
        let colon = entry.key_range.end + properties.find(':').map_or(0, |at| at + 1);
        let rest = text.get(colon..key_line).unwrap_or_default();
        let first = if first.is_empty() { String::new() } else { format!(" {first}") };
        return spliced(text, colon..range.end, &format!("{first}{rest}{below}"));
    }
    let end = parsed.line_end(range.end);
    let comment = text.get(range.end..end).unwrap_or_default();
    let start = match first.is_empty() {
        true => range.start - trailing_spaces(text, range.start),
        false => range.start,
    };
    spliced(text, start..end, &format!("{first}{comment}{below}"))
}

fn trailing_spaces(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.len() - before.trim_end_matches(' ').len()
}
