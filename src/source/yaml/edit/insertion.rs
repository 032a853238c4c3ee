//! An entry is added to a map.

use super::place::ParsedText;
use super::step::{EditFailure, spliced};
use super::tree::{Mapping, NodeEntry};
use super::written::{Style, WrittenText, entry_lines};
use crate::model::same_name;
use crate::source::yaml::scalar::{ScalarPosition, scalar};

pub(super) fn add(
    parsed: &ParsedText<'_>,
    mapping: &Mapping,
    (key, value): (&str, &WrittenText),
    order: &[String],
    depth: usize,
) -> Result<String, EditFailure> {
    let entries = mapping.entries();
    let spot = spot(&entries, key, order);
    if mapping.is_flow {
        if entries.is_empty() && !in_flow_around(parsed, mapping) {
            return Ok(into_empty(parsed, mapping, key, value));
        }
        return Ok(add_to_flow(parsed, mapping, spot, (key, value)));
    }
    let Some(first) = entries.first() else {
        return Err(EditFailure::new("its YAML can't be taken apart", None));
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
pub(super) enum Spot<'e> {
    After(&'e NodeEntry),
    Before(&'e NodeEntry),
}

/// Where an entry with this key stands: after the one that it follows in the order or, if it is the
/// first there, before the one that follows it. `None` if there are no entries.
pub(super) fn spot<'e>(entries: &'e [NodeEntry], key: &str, order: &[String]) -> Option<Spot<'e>> {
    let own = order.iter().position(|name| name == key).unwrap_or(order.len());
    let named = |name: &String| entries.iter().find(|entry| same_name(&entry.key, name));
    let before = order.iter().take(own).rev().find_map(named).map(Spot::After);
    before
        .or_else(|| order.iter().skip(own + 1).find_map(named).map(Spot::Before))
        .or_else(|| entries.last().map(Spot::After))
}

/// Puts lines before the line that begins at `at`.
fn insert_lines(
    parsed: &ParsedText<'_>,
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
fn in_flow_around(parsed: &ParsedText<'_>, mapping: &Mapping) -> bool {
    let before = parsed.text.get(..mapping.range().start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    !line.trim_end().ends_with(':') || line.contains(['{', '['])
}

/// `{}` after a key of a block becomes a block.
fn into_empty(
    parsed: &ParsedText<'_>,
    mapping: &Mapping,
    key: &str,
    value: &WrittenText,
) -> String {
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
    parsed: &ParsedText<'_>,
    mapping: &Mapping,
    spot: Option<Spot<'_>>,
    (key, value): (&str, &WrittenText),
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
