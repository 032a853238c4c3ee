//! One change of a text: an entry of a map is added, gets another value, moves or goes.

use std::ops::Range;

use super::place::Parsed;
use super::tree::{BlockScalar, Content, Entry, Item, Mapping};
use super::written::{Style, Written, entry_lines, literal_lines, quoted, value_lines};
use crate::model::same_name;
use crate::source::yaml::keys;
use crate::source::yaml::scalar::{ScalarPosition, scalar};

/// A change of a text.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// The entry gets this value. It is added if it isn't there.
    Set { path: Vec<String>, value: Written, order: Vec<String> },
    /// The entry goes.
    Remove { path: Vec<String> },
    /// The entry goes to its place in the order.
    Move { path: Vec<String>, order: Vec<String> },
}

/// Why a change can't be made by a machine, and the place in the text that is in the way.
#[derive(Debug, Clone)]
pub(super) struct Obstacle {
    pub(super) why: String,
    pub(super) at: Option<usize>,
}

impl Obstacle {
    pub(super) fn new(why: impl Into<String>, at: Option<usize>) -> Self {
        Obstacle { why: why.into(), at }
    }
}

/// What is found at a path.
enum Found {
    Entry {
        mapping: Mapping,
        entry: Entry,
        in_flow: bool,
    },
    /// The map that would have it.
    Parent {
        mapping: Mapping,
        in_flow: bool,
    },
    /// Not even that: the nearest map, and how much of the path leads to it.
    Ancestor {
        mapping: Mapping,
        depth: usize,
        in_flow: bool,
    },
}

/// The text after a step.
pub(super) fn carried_out(text: &str, step: &Step) -> Result<String, Obstacle> {
    let unreadable = || Obstacle::new("its YAML can't be taken apart", None);
    let parsed = Parsed::of(text).ok_or_else(unreadable)?;
    match step {
        Step::Set { path, value, order } => match find(&parsed, path)? {
            Found::Entry { entry, in_flow, .. } => set(&parsed, &entry, value, in_flow, path),
            Found::Parent { mapping, in_flow } => {
                let key = path.last().map_or("", String::as_str);
                add(&parsed, &mapping, (key, value), order, in_flow, path.len())
            }
            Found::Ancestor { mapping, depth, in_flow } => {
                let Some((key, rest)) = path.get(depth..).and_then(<[_]>::split_first) else {
                    return Err(unreadable());
                };
                let value = rest.iter().rev().fold(value.clone(), |value, key| Written::Map {
                    entries: vec![(key.clone(), value)],
                    is_flow: false,
                });
                let order = keys_at(path, depth);
                add(&parsed, &mapping, (key, &value), &order, in_flow, depth + 1)
            }
        },
        Step::Remove { path } => remove(&parsed, path),
        Step::Move { path, order } => moved(&parsed, path, order),
    }
}

/// Whether the text has an entry at a path, and no other map gives it.
pub(super) fn has(text: &str, path: &[String]) -> Result<bool, Obstacle> {
    let Some(parsed) = Parsed::of(text) else { return Ok(false) };
    Ok(matches!(find(&parsed, path)?, Found::Entry { .. }))
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
fn find(parsed: &Parsed<'_>, path: &[String]) -> Result<Found, Obstacle> {
    let unreadable = || Obstacle::new("its YAML can't be taken apart", None);
    let used = parsed.tree.used_anchors();
    let mut mapping = parsed.tree.mapping().ok_or_else(unreadable)?;
    let mut in_flow = mapping.is_flow;
    for (depth, key) in path.iter().enumerate() {
        let is_last = depth + 1 == path.len();
        let Some(entry) = mapping.entry(key) else {
            return Ok(match is_last {
                true => Found::Parent { mapping, in_flow },
                false => Found::Ancestor { mapping, depth, in_flow },
            });
        };
        if let Some(value) = &entry.value {
            if let Some(anchor) = value.anchor().filter(|it| used.contains(it)) {
                let why = format!("other places take the same from its anchor `&{anchor}`");
                return Err(Obstacle::new(why, Some(value.range().start)));
            }
            if let Content::Alias(anchor) = value.content() {
                let why = format!("it comes from the anchor `&{anchor}`, which others share");
                return Err(Obstacle::new(why, parsed.tree.anchor(&anchor)));
            }
        }
        if is_last {
            return Ok(Found::Entry { mapping, entry, in_flow });
        }
        match entry.value.as_ref().map(Item::content) {
            Some(Content::Map(inner)) => {
                in_flow |= inner.is_flow;
                mapping = inner;
            }
            _ => {
                let why = format!("`{key}` isn't a map in the file");
                return Err(Obstacle::new(why, Some(entry.key_range.start)));
            }
        }
    }
    Err(unreadable())
}

fn spliced(text: &str, range: Range<usize>, with: &str) -> String {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    format!("{before}{with}{after}")
}

// --- add

fn add(
    parsed: &Parsed<'_>,
    mapping: &Mapping,
    (key, value): (&str, &Written),
    order: &[String],
    in_flow: bool,
    depth: usize,
) -> Result<String, Obstacle> {
    let entries = mapping.entries();
    let spot = spot(&entries, key, order);
    if mapping.is_flow {
        if entries.is_empty() && !in_flow_around(parsed, mapping) {
            return Ok(into_empty(parsed, mapping, key, value));
        }
        return Ok(add_to_flow(parsed, mapping, spot, (key, value)));
    }
    debug_assert!(!in_flow);
    let Some(first) = entries.first() else {
        return Err(Obstacle::new("its YAML can't be taken apart", None));
    };
    let indent = parsed.column(first.key_range.start);
    let style = parsed.style_of(mapping);
    let lines = entry_lines(key, value, indent, style);
    // Tables and objects stand apart where there is no other one to be like.
    let gap = parsed.has_gaps(mapping).unwrap_or(depth <= 2);
    Ok(match spot {
        Some(Spot::After(entry)) => insert_lines(parsed, parsed.end_of(entry), &lines, gap, false),
        // A comment above the entry stays with it.
        Some(Spot::Before(entry)) => {
            insert_lines(parsed, parsed.lines_of(entry).start, &lines, false, gap)
        }
        None => insert_lines(parsed, parsed.end_of(first), &lines, gap, false),
    })
}

/// Where an entry stands.
#[derive(Clone, Copy)]
enum Spot<'e> {
    After(&'e Entry),
    Before(&'e Entry),
}

/// Where an entry with this key stands: after the one that it follows in the order or, if it is the
/// first there, before the one that follows it. `None` if there are no entries.
fn spot<'e>(entries: &'e [Entry], key: &str, order: &[String]) -> Option<Spot<'e>> {
    let own = order.iter().position(|name| name == key).unwrap_or(order.len());
    let named = |name: &String| entries.iter().find(|entry| same_name(&entry.key, name));
    let before = order.iter().take(own).rev().find_map(named).map(Spot::After);
    before
        .or_else(|| order.iter().skip(own + 1).find_map(named).map(Spot::Before))
        .or_else(|| entries.last().map(Spot::After))
}

/// Puts lines before the line that begins at `at`.
fn insert_lines(
    parsed: &Parsed<'_>,
    at: usize,
    lines: &[String],
    gap_before: bool,
    gap_after: bool,
) -> String {
    let newline = parsed.newline;
    let mut text = lines.join(newline);
    if gap_before {
        text.insert_str(0, newline);
    }
    if gap_after {
        text.push_str(newline);
    }
    // The last line of a file may have no line end, and then the new last line has none.
    let open = at == parsed.text.len() && !parsed.text.is_empty() && !parsed.text.ends_with('\n');
    match open {
        true => text.insert_str(0, newline),
        false => text.push_str(newline),
    }
    spliced(parsed.text, at..at, &text)
}

/// Whether a map in flow style is within another collection in flow style.
fn in_flow_around(parsed: &Parsed<'_>, mapping: &Mapping) -> bool {
    let before = parsed.text.get(..mapping.range().start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    !line.trim_end().ends_with(':') || line.contains(['{', '['])
}

/// `{}` after a key of a block becomes a block.
fn into_empty(parsed: &Parsed<'_>, mapping: &Mapping, key: &str, value: &Written) -> String {
    let range = mapping.range();
    let line = parsed.line_start(range.start);
    let own = parsed.text.get(line..range.start).unwrap_or_default();
    let indent = own.len() - own.trim_start_matches(' ').len() + parsed.step;
    let style = Style { step: parsed.step, block_maps: None, block_lists: None, quote: None };
    let lines = entry_lines(key, value, indent, style);
    let below = format!("{}{}", parsed.newline, lines.join(parsed.newline));
    let end = parsed.line_end(range.end);
    let comment = parsed.text.get(range.end..end).unwrap_or_default();
    let key_end = line + own.trim_end().len();
    spliced(parsed.text, key_end..end, &format!("{}{below}", comment.trim_end()))
}

fn add_to_flow(
    parsed: &Parsed<'_>,
    mapping: &Mapping,
    spot: Option<Spot<'_>>,
    (key, value): (&str, &Written),
) -> String {
    let own = format!("{}: {}", scalar(key, ScalarPosition::Key), value.flow());
    let (text, range) = (parsed.text, mapping.range());
    let entries = mapping.entries();
    let Some((first, spot)) = entries.first().zip(spot) else {
        return spliced(text, range, &format!("{{ {own} }}"));
    };
    let opening = text.get(range.start + 1..first.key_range.start).unwrap_or_default();
    let one_to_a_line = opening.contains('\n');
    let indent = " ".repeat(parsed.column(first.key_range.start));
    let newline = parsed.newline;
    match spot {
        Spot::Before(entry) if one_to_a_line => {
            let at = parsed.line_start(entry.key_range.start);
            spliced(text, at..at, &format!("{indent}{own},{newline}"))
        }
        Spot::Before(entry) => {
            spliced(text, entry.key_range.start..entry.key_range.start, &format!("{own}, "))
        }
        Spot::After(entry) if one_to_a_line => {
            let end = entry.range.end;
            let rest = text.get(end..parsed.line_end(end)).unwrap_or_default();
            let comma = if rest.trim_start().starts_with(',') { "" } else { "," };
            let after = if comma.is_empty() { "," } else { "" };
            let line = format!("{newline}{indent}{own}{after}");
            spliced(text, end..parsed.line_end(end), &format!("{comma}{rest}{line}"))
        }
        Spot::After(entry) => spliced(text, entry.range.end..entry.range.end, &format!(", {own}")),
    }
}

// --- set

fn set(
    parsed: &Parsed<'_>,
    entry: &Entry,
    value: &Written,
    in_flow: bool,
    path: &[String],
) -> Result<String, Obstacle> {
    let text = parsed.text;
    let Some(item) = &entry.value else {
        // A key with nothing after its colon.
        let colon = entry.range.end;
        return Ok(spliced(text, colon..colon, &format!(" {}", value.flow())));
    };
    if item.has_comments() {
        let why = "comments within it would be lost";
        return Err(Obstacle::new(why, Some(entry.key_range.start)));
    }
    let indent = parsed.column(entry.key_range.start);
    let is_sql = path.first().is_some_and(|section| section != "tables");
    match (item.content(), value) {
        (Content::Scalar(range), Written::Text(new)) if in_flow => {
            let quote = parsed.quote_at(range.start);
            let new = quoted(new.trim_end_matches('\n'), quote, ScalarPosition::Flow);
            Ok(spliced(text, range, &new))
        }
        (Content::Scalar(range), value) if in_flow => Ok(spliced(text, range, &value.flow())),
        (Content::Sequence { range, is_flow: true }, value) if in_flow => {
            Ok(spliced(text, range, &value.flow()))
        }
        (Content::Map(map), value) if in_flow => Ok(spliced(text, map.range(), &value.flow())),
        (Content::Block(block), Written::Text(new)) => {
            set_block(parsed, &block, new, indent, is_sql)
        }
        (Content::Scalar(range), Written::Text(new)) if !new.trim_end().contains('\n') => {
            let quote = parsed.quote_at(range.start);
            let new = quoted(new.trim_end_matches('\n'), quote, ScalarPosition::Block);
            Ok(spliced(text, range, &new))
        }
        (content, value) => {
            let range = match content {
                Content::Scalar(range) => range,
                Content::Sequence { range, .. } => range,
                Content::Map(map) => map.range(),
                Content::Block(block) => block.range,
                Content::Alias(_) | Content::Nothing => item.range(),
            };
            Ok(set_below(parsed, entry, range, value, indent))
        }
    }
}

/// Gives a literal block other lines. Its header stays if it means the same.
fn set_block(
    parsed: &Parsed<'_>,
    block: &BlockScalar,
    new: &str,
    indent: usize,
    is_sql: bool,
) -> Result<String, Obstacle> {
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
    parsed: &Parsed<'_>,
    entry: &Entry,
    range: Range<usize>,
    value: &Written,
    indent: usize,
) -> String {
    let text = parsed.text;
    let was_flow = matches!(text.as_bytes().get(range.start), Some(b'[' | b'{'));
    let is_block = match entry.value.as_ref().map(Item::content) {
        Some(Content::Map(map)) => Some(!map.is_flow),
        Some(Content::Sequence { is_flow, .. }) => Some(!is_flow),
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
    let _ = was_flow;
    spliced(text, start..end, &format!("{first}{comment}{below}"))
}

fn trailing_spaces(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.len() - before.trim_end_matches(' ').len()
}

// --- remove

fn remove(parsed: &Parsed<'_>, path: &[String]) -> Result<String, Obstacle> {
    let Found::Entry { mapping, entry, .. } = find(parsed, path)? else {
        return Err(Obstacle::new("it has no entry of its own in the file", None));
    };
    let entries = mapping.entries();
    if entries.len() == 1 {
        let (_, parents) = path.split_last().unwrap_or((&path[0], &[]));
        return match parents {
            [] => Err(Obstacle::new("the file would be empty", Some(entry.key_range.start))),
            [section] if is_only_section(parsed, section) => empty(parsed, parents),
            _ => remove(parsed, parents),
        };
    }
    Ok(match mapping.is_flow {
        true => remove_from_flow(parsed, &entries, &entry),
        false => {
            let lines = parsed.lines_of(&entry);
            let first = entries.first().is_some_and(|it| it.key_range == entry.key_range);
            spliced(parsed.text, without_gap(parsed, lines, first), "")
        }
    })
}

/// Whether a section is the only one without which a file is no schema file.
fn is_only_section(parsed: &Parsed<'_>, section: &str) -> bool {
    let is_other =
        |entry: &Entry| entry.key != section && keys::MAIN_SECTIONS.contains(&entry.key.as_str());
    !parsed.tree.mapping().is_some_and(|root| root.entries().iter().any(is_other))
}

/// Leaves `{}` of a section.
fn empty(parsed: &Parsed<'_>, path: &[String]) -> Result<String, Obstacle> {
    let Found::Entry { entry, .. } = find(parsed, path)? else {
        return Err(Obstacle::new("it has no entry of its own in the file", None));
    };
    let Some(item) = &entry.value else { return Ok(parsed.text.to_owned()) };
    if item.has_comments() {
        let why = "comments within its section would be lost";
        return Err(Obstacle::new(why, Some(entry.key_range.start)));
    }
    let range = item.range();
    let key_line = parsed.line_end(entry.key_range.end);
    Ok(match range.start > key_line {
        true => {
            let colon = parsed.text.get(entry.key_range.end..).and_then(|it| it.find(':'));
            let colon = entry.key_range.end + colon.map_or(0, |at| at + 1);
            let rest = parsed.text.get(colon..key_line).unwrap_or_default();
            spliced(parsed.text, colon..range.end, &format!(" {{}}{rest}"))
        }
        false => spliced(parsed.text, range, "{}"),
    })
}

/// The lines that go, with the empty lines that would be one too many.
fn without_gap(parsed: &Parsed<'_>, lines: Range<usize>, is_first: bool) -> Range<usize> {
    let before = parsed.line_before(lines.start);
    let blank_before = before.is_some_and(|at| parsed.is_blank(at));
    let blank_after = parsed.is_blank(lines.end) || lines.end >= parsed.text.len();
    let (mut start, mut end) = (lines.start, lines.end);
    if blank_before && blank_after {
        while let Some(at) = parsed.line_before(start).filter(|at| parsed.is_blank(*at)) {
            start = at;
        }
    } else if is_first && !blank_before {
        while parsed.is_blank(end) {
            end = parsed.next_line(end);
        }
    }
    // A last line without a line end takes that of the line before it along.
    if end >= parsed.text.len() && !parsed.text.ends_with('\n') {
        let before = parsed.text.get(..start).unwrap_or_default();
        start = before.trim_end_matches(['\n', '\r']).len();
    }
    start..end
}

fn remove_from_flow(parsed: &Parsed<'_>, entries: &[Entry], entry: &Entry) -> String {
    let text = parsed.text;
    let at = entries.iter().position(|it| it.key_range == entry.key_range).unwrap_or_default();
    let (line, end) = (parsed.line_start(entry.range.start), parsed.line_end(entry.range.end));
    let before = text.get(line..entry.range.start).unwrap_or_default();
    let after = text.get(entry.range.end..end).unwrap_or_default().trim_start();
    let rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    let alone = before.trim().is_empty() && (rest.is_empty() || rest.starts_with('#'));
    let previous = at.checked_sub(1).and_then(|it| entries.get(it));
    if alone {
        let is_last = at + 1 == entries.len() && !after.starts_with(',');
        let without = spliced(text, line..parsed.next_line(entry.range.end), "");
        // The one before it has a comma that divides nothing any longer.
        return match previous.filter(|_| is_last) {
            Some(previous) => {
                let comma = without.get(previous.range.end..).and_then(|it| it.find(','));
                let comma = previous.range.end + comma.unwrap_or_default();
                spliced(&without, comma..comma + 1, "")
            }
            None => without,
        };
    }
    match (entries.get(at + 1), previous) {
        (Some(next), _) => spliced(text, entry.range.start..next.range.start, ""),
        (None, Some(previous)) => spliced(text, previous.range.end..entry.range.end, ""),
        (None, None) => text.to_owned(),
    }
}

// --- move

fn moved(parsed: &Parsed<'_>, path: &[String], order: &[String]) -> Result<String, Obstacle> {
    let Found::Entry { mapping, entry, .. } = find(parsed, path)? else {
        return Err(Obstacle::new("it has no entry of its own in the file", None));
    };
    let (text, entries) = (parsed.text, mapping.entries());
    let others: Vec<Entry> =
        entries.iter().filter(|it| it.key_range != entry.key_range).cloned().collect();
    let Some(spot) = spot(&others, &entry.key, order) else { return Ok(text.to_owned()) };
    if mapping.is_flow {
        let own = text.get(entry.range.clone()).unwrap_or_default();
        if own.contains('\n') || mapping.has_comments() {
            let why = "it stands between braces on several lines";
            return Err(Obstacle::new(why, Some(entry.key_range.start)));
        }
        let (at, piece) = match spot {
            Spot::After(before) => (before.range.end, format!(", {own}")),
            Spot::Before(next) => (next.range.start, format!("{own}, ")),
        };
        let without = remove_from_flow(parsed, &entries, &entry);
        let at = if at > entry.range.start { at - (text.len() - without.len()) } else { at };
        return Ok(spliced(&without, at..at, &piece));
    }
    let lines = parsed.lines_of(&entry);
    let mut own = text.get(lines.clone()).unwrap_or_default().to_owned();
    if !own.ends_with('\n') {
        own.push_str(parsed.newline);
    }
    let at = match spot {
        Spot::After(before) => parsed.end_of(before),
        Spot::Before(next) => parsed.lines_of(next).start,
    };
    Ok(match at <= lines.start {
        true => spliced(&spliced(text, lines, ""), at..at, &own),
        false => {
            let open = !text.ends_with('\n') && at == text.len();
            let own = match open {
                true => format!("{}{}", parsed.newline, own.trim_end_matches(['\n', '\r'])),
                false => own,
            };
            spliced(&spliced(text, at..at, &own), lines, "")
        }
    })
}
