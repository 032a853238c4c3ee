//! An entry of a map goes, or moves to another place.

use std::ops::Range;

use super::insertion::{Spot, spot};
use super::place::ParsedText;
use super::step::{EditFailure, Found, find, spliced};
use super::tree::NodeEntry;
use crate::source::yaml::keys;

pub(super) fn remove(parsed: &ParsedText<'_>, path: &[String]) -> Result<String, EditFailure> {
    let Found::NodeEntry { mapping, entry, .. } = find(parsed, path)? else {
        return Err(EditFailure::new("it has no entry of its own in the file", None));
    };
    let entries = mapping.entries();
    if entries.len() == 1 {
        let (_, parents) = path.split_last().unwrap_or((&path[0], &[]));
        return match parents {
            [] => Err(EditFailure::new("the file would be empty", Some(entry.key_range.start))),
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
fn is_only_section(parsed: &ParsedText<'_>, section: &str) -> bool {
    let is_other = |entry: &NodeEntry| {
        entry.key != section && keys::MAIN_SECTIONS.contains(&entry.key.as_str())
    };
    !parsed.tree.mapping().is_some_and(|root| root.entries().iter().any(is_other))
}

/// Leaves `{}` of a section.
fn empty(parsed: &ParsedText<'_>, path: &[String]) -> Result<String, EditFailure> {
    let Found::NodeEntry { entry, .. } = find(parsed, path)? else {
        return Err(EditFailure::new("it has no entry of its own in the file", None));
    };
    let Some(item) = &entry.value else { return Ok(parsed.text.to_owned()) };
    if item.has_comments() {
        let why = "comments within its section would be lost";
        return Err(EditFailure::new(why, Some(entry.key_range.start)));
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
fn without_gap(parsed: &ParsedText<'_>, lines: Range<usize>, is_first: bool) -> Range<usize> {
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

fn remove_from_flow(parsed: &ParsedText<'_>, entries: &[NodeEntry], entry: &NodeEntry) -> String {
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

pub(super) fn moved(
    parsed: &ParsedText<'_>,
    path: &[String],
    order: &[String],
) -> Result<String, EditFailure> {
    let Found::NodeEntry { mapping, entry, .. } = find(parsed, path)? else {
        return Err(EditFailure::new("it has no entry of its own in the file", None));
    };
    let (text, entries) = (parsed.text, mapping.entries());
    let others: Vec<NodeEntry> =
        entries.iter().filter(|it| it.key_range != entry.key_range).cloned().collect();
    let Some(spot) = spot(&others, &entry.key, order) else { return Ok(text.to_owned()) };
    if mapping.is_flow {
        let own = text.get(entry.range.clone()).unwrap_or_default();
        if own.contains('\n') || mapping.has_comments() {
            let why = "it stands between braces on several lines";
            return Err(EditFailure::new(why, Some(entry.key_range.start)));
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
