//! Keeps literal blocks (`|`) byte for byte while the text around them is laid out.

use std::ops::Range;

use super::node::{self, Value, YamlNode};

/// The placeholder for a block while the rest is laid out.
const PLACE: &str = "driftline-block-";

/// A literal block: its range, from its `|` to the end of its last line, and its lines.
struct Block<'t> {
    range: Range<usize>,
    header: &'t str,
    text: String,
}

/// Lays a text out with `layout`, which sees a placeholder for each literal block; the blocks are
/// then put back with the indentation of their new places.
pub(super) fn with_blocks_kept(
    text: &str,
    layout: impl FnOnce(&str) -> Option<String>,
) -> Option<String> {
    let mut blocks = Vec::new();
    if !text.contains(PLACE)
        && let Ok(root) = node::parse(text)
    {
        collect(text, &root, &mut blocks);
    }
    blocks.sort_by_key(|block| block.range.start);
    blocks.dedup_by_key(|block| block.range.start);
    let mut around = String::with_capacity(text.len());
    let mut at = 0;
    for (number, block) in blocks.iter().enumerate() {
        around.push_str(text.get(at..block.range.start)?);
        around.push_str(&format!("{PLACE}{number}"));
        at = block.range.end;
    }
    around.push_str(text.get(at..)?);
    let laid_out = layout(&around)?;
    let mut whole = String::with_capacity(text.len());
    for line in laid_out.split_inclusive('\n') {
        put_back(line, &blocks, &mut whole);
    }
    Some(whole)
}

/// Appends a line, with the block whose placeholder it has.
fn put_back(line: &str, blocks: &[Block<'_>], whole: &mut String) {
    let place = line.find(PLACE);
    let number = |at: usize| line.get(at + PLACE.len()..)?.trim_end().parse::<usize>().ok();
    let block = place.and_then(|at| Some((at, blocks.get(number(at)?)?)));
    let Some((at, block)) = block else {
        whole.push_str(line);
        return;
    };
    whole.push_str(line.get(..at).unwrap_or_default());
    whole.push_str(block.header);
    whole.push('\n');
    let lead = line.bytes().take_while(|byte| matches!(byte, b' ' | b'-')).count();
    let indent = " ".repeat(lead + 2);
    for line in block.text.split('\n') {
        if !line.is_empty() {
            whole.push_str(&indent);
            whole.push_str(line);
        }
        whole.push('\n');
    }
}

/// Collects the literal blocks of a tree.
fn collect<'t>(text: &'t str, node: &YamlNode<'_>, blocks: &mut Vec<Block<'t>>) {
    match &node.value {
        Value::String(value) => blocks.extend(block(text, node, value)),
        Value::Sequence(items) => items.iter().for_each(|item| collect(text, item, blocks)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                collect(text, key, blocks);
                collect(text, value, blocks);
            }
        }
        _ => {}
    }
}

/// The literal block in which a string is written, if it is one with a plain `|` or `|-`.
fn block<'t>(text: &'t str, node: &YamlNode<'_>, value: &str) -> Option<Block<'t>> {
    let line = text.get(..node.start)?.rfind('\n')?;
    if !text.get(line + 1..node.start)?.bytes().all(|byte| byte == b' ') {
        return None;
    }
    let before = text.get(..line)?.trim_end();
    let header = ["|-", "|"].into_iter().find(|header| before.ends_with(header))?;
    let start = before.len() - header.len();
    if !matches!(before.as_bytes().get(start.checked_sub(1)?), Some(b' ' | b'\n')) {
        return None;
    }
    let written = text.get(node.start..node.end)?;
    let end = node.start + written.trim_end_matches(['\n', ' ', '\t', '\r']).len();
    // Blanks at the end of the last line belong to the block.
    let last = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
    let own = match header {
        "|" => value.strip_suffix('\n')?,
        _ => value,
    };
    let plain = !own.is_empty() && !own.starts_with([' ', '\n']) && !own.ends_with('\n');
    (plain && text.get(end..last)?.trim().is_empty()).then(|| Block {
        range: start..last,
        header,
        text: own.to_owned(),
    })
}
