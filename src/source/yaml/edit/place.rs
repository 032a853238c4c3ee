//! Where in a text something is put or taken away.

use std::ops::Range;

use super::tree::{Mapping, NodeContent, NodeEntry, NodeItem, Tree};
use super::written::Style;

/// A text with the tree of it.
pub(super) struct ParsedText<'t> {
    pub(super) text: &'t str,
    pub(super) tree: Tree,
    pub(super) step: usize,
    /// What ends its lines.
    pub(super) newline: &'static str,
}

impl<'t> ParsedText<'t> {
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let tree = Tree::parse(text)?;
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut parsed = ParsedText { text, tree, step: 2, newline };
        parsed.step = parsed.found_step().unwrap_or(2);
        Some(parsed)
    }

    /// The spaces by which the first map in the file is deeper than the one around it.
    fn found_step(&self) -> Option<usize> {
        let root = self.tree.mapping().filter(|it| !it.is_flow)?;
        let own = self.column(root.range().start);
        let inner = root.entries().into_iter().find_map(|entry| match entry.value?.content() {
            NodeContent::Map(mapping) if !mapping.is_flow => Some(mapping),
            _ => None,
        })?;
        self.column(inner.range().start).checked_sub(own).filter(|step| *step > 0)
    }

    /// Where the line of a byte begins.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    /// Where the line of a byte ends, without its line end.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = rest.find('\n').map_or(self.text.len(), |newline| at + newline);
        match self.text.get(at..end).is_some_and(|it| it.ends_with('\r')) {
            true => end - 1,
            false => end,
        }
    }

    /// Where the next line begins.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// The bytes before it on its line.
    pub(super) fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    fn line(&self, start: usize) -> &'t str {
        self.text.get(start..self.line_end(start)).unwrap_or_default()
    }

    pub(super) fn is_blank(&self, start: usize) -> bool {
        start < self.text.len() && self.line(start).trim().is_empty()
    }

    /// The depth of a line that is nothing but a comment.
    fn comment_depth(&self, start: usize) -> Option<usize> {
        let line = self.line(start);
        let own = line.trim_start_matches(' ');
        own.starts_with('#').then(|| line.len() - own.len())
    }

    /// Where the line before a line begins.
    pub(super) fn line_before(&self, start: usize) -> Option<usize> {
        start.checked_sub(1).map(|newline| self.line_start(newline))
    }

    /// The lines of an entry of a block: with the comments directly above it, and with those below
    /// it that are deeper than it is.
    pub(super) fn lines_of(&self, entry: &NodeEntry) -> Range<usize> {
        let mut start = self.line_start(entry.key_range.start);
        let depth = entry.key_range.start - start;
        while let Some(before) = self.line_before(start)
            && self.comment_depth(before) == Some(depth)
        {
            start = before;
        }
        start..self.end_of(entry)
    }

    /// Where the line after an entry of a block begins.
    pub(super) fn end_of(&self, entry: &NodeEntry) -> usize {
        let depth = self.column(entry.key_range.start);
        let mut end = self.next_line(entry.range.end);
        while end < self.text.len() && self.comment_depth(end).is_some_and(|it| it > depth) {
            end = self.next_line(end);
        }
        end
    }

    /// Whether the entries of a block are divided by empty lines. `None` if it has only one.
    pub(super) fn has_gaps(&self, mapping: &Mapping) -> Option<bool> {
        let entries = mapping.entries();
        let pairs = entries.iter().zip(entries.iter().skip(1));
        let gaps = pairs.clone().filter(|(one, next)| {
            let mut at = self.end_of(one);
            let until = self.line_start(next.key_range.start);
            let mut gap = false;
            while at < until {
                gap |= self.is_blank(at);
                at = self.next_line(at);
            }
            gap
        });
        let all = pairs.len();
        (all > 0).then(|| gaps.count() * 2 > all)
    }

    /// How the values of a map are laid out.
    pub(super) fn style_of(&self, mapping: &Mapping) -> Style {
        let values: Vec<NodeItem> =
            mapping.entries().into_iter().filter_map(|it| it.value).collect();
        let all = |is_block: &[bool]| match is_block {
            [] => None,
            several => Some(several.iter().all(|it| *it)),
        };
        let (mut maps, mut lists, mut quotes) = (Vec::new(), Vec::new(), Vec::new());
        for value in &values {
            match value.content() {
                NodeContent::Map(map) => {
                    maps.push(!map.is_flow);
                    let inner = map.entries().into_iter().filter_map(|it| it.value);
                    lists.extend(inner.filter_map(|it| match it.content() {
                        NodeContent::Sequence { is_flow, .. } => Some(!is_flow),
                        _ => None,
                    }));
                }
                NodeContent::Sequence { is_flow, .. } => lists.push(!is_flow),
                NodeContent::Scalar(range) => quotes.push(self.quote_at(range.start)),
                _ => {}
            }
        }
        let quote = quotes.first().copied().flatten();
        let quote = quote.filter(|_| quotes.len() > 1 && quotes.iter().all(|it| *it == quote));
        Style { step: self.step, block_maps: all(&maps), block_lists: all(&lists), quote }
    }

    /// The quote at a place.
    pub(super) fn quote_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next().filter(|it| matches!(it, '\'' | '"'))
    }
}
