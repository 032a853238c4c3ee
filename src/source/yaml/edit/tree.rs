//! The text of a file as a tree that loses nothing: every entry with its exact place, comments and
//! anchors included.

use std::collections::HashSet;
use std::ops::Range;

use yaml_parser::SyntaxKind::{
    ALIAS, ANCHOR_NAME, ANCHOR_PROPERTY, BLOCK, BLOCK_MAP, BLOCK_MAP_ENTRY, BLOCK_MAP_KEY,
    BLOCK_MAP_VALUE, BLOCK_SCALAR, BLOCK_SEQ, COMMENT, DOCUMENT, FLOW, FLOW_MAP, FLOW_MAP_ENTRIES,
    FLOW_MAP_ENTRY, FLOW_MAP_KEY, FLOW_MAP_VALUE, FLOW_SEQ, PROPERTIES, WHITESPACE,
};
use yaml_parser::{SyntaxKind, SyntaxNode, SyntaxToken};

use crate::source::yaml::format::is_too_deep;
use crate::source::yaml::node::{self, Value};
use crate::source::yaml::replaced::scalar_ranges;

/// The tree of a text.
pub(super) struct Tree {
    root: SyntaxNode,
}

/// A value, with its anchor and its tag.
#[derive(Clone)]
pub(super) struct NodeItem {
    node: SyntaxNode,
}

/// What a value is.
pub(super) enum NodeContent {
    Map(Mapping),
    Sequence {
        range: Range<usize>,
        is_flow: bool,
    },
    /// `|` or `>` and its lines.
    Block(BlockScalar),
    /// Any other scalar.
    Scalar(Range<usize>),
    /// The name of an anchor.
    Alias(String),
    Nothing,
}

/// A scalar with lines of its own.
pub(super) struct BlockScalar {
    /// From its indicator to the end of its last line.
    pub(super) range: Range<usize>,
    /// Its first line without comments: `|`, `|-`, `>2`.
    pub(super) header: String,
    /// The end of the header.
    pub(super) header_end: usize,
    /// Where its lines begin: the end of the line of the header.
    pub(super) lines: usize,
}

/// A map.
#[derive(Clone)]
pub(super) struct Mapping {
    node: SyntaxNode,
    pub(super) is_flow: bool,
}

/// An entry of a map.
#[derive(Clone)]
pub(super) struct NodeEntry {
    pub(super) key: String,
    /// The place of the key.
    pub(super) key_range: Range<usize>,
    /// From its key to the end of its value.
    pub(super) range: Range<usize>,
    pub(super) value: Option<NodeItem>,
}

impl Tree {
    /// `None` if the text can't be read.
    pub(super) fn parse(text: &str) -> Option<Tree> {
        if is_too_deep(text) && is_too_deep(&without_scalars(text)?) {
            return None;
        }
        Some(Tree { root: yaml_parser::parse(text).ok()? })
    }

    /// The map that the file is.
    pub(super) fn mapping(&self) -> Option<Mapping> {
        let mut documents = self.root.children().filter(|node| node.kind() == DOCUMENT);
        let document = documents.find(|it| it.children().any(|it| is_value(&it)))?;
        match (NodeItem { node: document.children().find(is_value)? }).content() {
            NodeContent::Map(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The names of the anchors that something refers to.
    pub(super) fn used_anchors(&self) -> HashSet<String> {
        let aliases = self.root.descendants().filter(|node| node.kind() == ALIAS);
        aliases.filter_map(|node| anchor_name(&node)).collect()
    }

    /// Where an anchor is.
    pub(super) fn anchor(&self, name: &str) -> Option<usize> {
        let mut anchors = self.root.descendants().filter(|node| node.kind() == ANCHOR_PROPERTY);
        let anchor = anchors.find(|node| anchor_name(node).as_deref() == Some(name))?;
        Some(range(&anchor).start)
    }
}

/// The text with the scalars of several lines left out, whose indentation means nothing.
fn without_scalars(text: &str) -> Option<String> {
    let mut ranges = Vec::new();
    scalar_ranges(&node::parse(text).ok()?, &mut ranges);
    ranges.sort_unstable();
    let (mut rest, mut at) = (String::new(), 0);
    for (start, end) in ranges {
        if start >= at && text.get(start..end).is_some_and(|it| it.contains('\n')) {
            rest.push_str(text.get(at..start)?.trim_end_matches(' '));
            at = end;
        }
    }
    rest.push_str(text.get(at..)?);
    Some(rest)
}

fn is_value(node: &SyntaxNode) -> bool {
    matches!(node.kind(), BLOCK | FLOW)
}

fn range(node: &SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    usize::from(range.start())..usize::from(range.end())
}

fn token_range(token: &SyntaxToken) -> Range<usize> {
    let range = token.text_range();
    usize::from(range.start())..usize::from(range.end())
}

/// The range of a node without what follows its last token that means something.
fn content_range(node: &SyntaxNode) -> Range<usize> {
    let whole = range(node);
    let mut token = node.last_token();
    while let Some(last) = token {
        let own = token_range(&last);
        if own.start < whole.start {
            break;
        }
        if !matches!(last.kind(), WHITESPACE | COMMENT) && own.end > own.start {
            return whole.start..own.end;
        }
        token = last.prev_token();
    }
    whole.start..whole.start
}

fn anchor_name(node: &SyntaxNode) -> Option<String> {
    let mut tokens = node.children_with_tokens().filter_map(|it| it.into_token());
    tokens.find(|it| it.kind() == ANCHOR_NAME).map(|it| it.text().to_owned())
}

fn has_kind(kinds: &[SyntaxKind]) -> impl Fn(&SyntaxNode) -> bool {
    move |node| kinds.contains(&node.kind())
}

impl NodeItem {
    /// Its anchor.
    pub(super) fn anchor(&self) -> Option<String> {
        let properties = self.node.children().find(|it| it.kind() == PROPERTIES)?;
        anchor_name(&properties.children().find(|it| it.kind() == ANCHOR_PROPERTY)?)
    }

    /// Its range with its anchor and tag.
    pub(super) fn range(&self) -> Range<usize> {
        content_range(&self.node)
    }

    pub(super) fn content(&self) -> NodeContent {
        for child in self.node.children_with_tokens() {
            if let Some(token) = child.as_token() {
                if !matches!(token.kind(), WHITESPACE | COMMENT) {
                    return NodeContent::Scalar(token_range(token));
                }
                continue;
            }
            let Some(node) = child.into_node() else { continue };
            return match node.kind() {
                PROPERTIES => continue,
                BLOCK_MAP => NodeContent::Map(Mapping { node, is_flow: false }),
                FLOW_MAP => NodeContent::Map(Mapping { node, is_flow: true }),
                BLOCK_SEQ => NodeContent::Sequence { range: content_range(&node), is_flow: false },
                FLOW_SEQ => NodeContent::Sequence { range: content_range(&node), is_flow: true },
                BLOCK_SCALAR => NodeContent::Block(block_scalar(&node)),
                ALIAS => NodeContent::Alias(anchor_name(&node).unwrap_or_default()),
                _ => NodeContent::Nothing,
            };
        }
        NodeContent::Nothing
    }

    /// Whether it has comments within it. Those after it and on the first line of a block don't
    /// count.
    pub(super) fn has_comments(&self) -> bool {
        let end = self.range().end;
        let mut tokens = self.node.descendants_with_tokens().filter_map(|it| it.into_token());
        tokens.any(|token| {
            let in_header = token.parent().is_some_and(|it| it.kind() == BLOCK_SCALAR);
            token.kind() == COMMENT && token_range(&token).start < end && !in_header
        })
    }
}

fn block_scalar(node: &SyntaxNode) -> BlockScalar {
    let range = range(node);
    let text = node.text().to_string();
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let header = line.split([' ', '\t', '#']).next().unwrap_or_default();
    BlockScalar {
        header: header.to_owned(),
        header_end: range.start + header.len(),
        lines: range.start + line.len(),
        range,
    }
}

impl Mapping {
    /// Its place: from its first entry or bracket on.
    pub(super) fn range(&self) -> Range<usize> {
        content_range(&self.node)
    }

    pub(super) fn entries(&self) -> Vec<NodeEntry> {
        let nodes: Vec<SyntaxNode> = match self.is_flow {
            false => self.node.children().filter(has_kind(&[BLOCK_MAP_ENTRY])).collect(),
            true => {
                let lists = self.node.children().filter(has_kind(&[FLOW_MAP_ENTRIES]));
                let entries = lists.flat_map(|it| it.children());
                entries.filter(has_kind(&[FLOW_MAP_ENTRY])).collect()
            }
        };
        nodes.iter().filter_map(entry).collect()
    }

    pub(super) fn entry(&self, key: &str) -> Option<NodeEntry> {
        self.entries().into_iter().find(|entry| entry.key == key)
    }

    /// Whether it takes entries from another map.
    pub(super) fn merges(&self) -> bool {
        self.entry("<<").is_some()
    }

    /// Whether a comment is somewhere in it.
    pub(super) fn has_comments(&self) -> bool {
        let tokens = self.node.descendants_with_tokens().filter_map(|it| it.into_token());
        tokens.into_iter().any(|token| token.kind() == COMMENT)
    }
}

fn entry(node: &SyntaxNode) -> Option<NodeEntry> {
    let key = node.children().find(has_kind(&[BLOCK_MAP_KEY, FLOW_MAP_KEY]))?;
    let value = node.children().find(has_kind(&[BLOCK_MAP_VALUE, FLOW_MAP_VALUE]));
    let text = key.text().to_string();
    let written = match node::parse(&text) {
        Ok(node::YamlNode { value: Value::String(key), .. }) => key.into_owned(),
        _ => text,
    };
    Some(NodeEntry {
        key: written,
        key_range: range(&key),
        range: content_range(node),
        value: value.and_then(|it| it.children().find(is_value)).map(|node| NodeItem { node }),
    })
}
