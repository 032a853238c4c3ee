//! The names of columns without an alias, as the server derives them from the text.

use std::ops::Range;

use crate::model::tree::Node;
use crate::server::{Server, Vendor};

/// The most characters of a name.
const LONGEST_NAME: usize = 64;

/// The text of a query and its tokens.
pub(super) struct ColumnNaming<'a> {
    pub(super) text: &'a str,
    /// The byte range of each token.
    pub(super) tokens: &'a [Range<usize>],
    pub(super) server: Server,
}

impl ColumnNaming<'_> {
    /// The name of an expression without an alias. `place` is its place among the items, from 1.
    /// `None` if it isn't known which name the server gives it.
    pub(super) fn name(&self, node: &Node, tokens: &Range<usize>, place: usize) -> Option<String> {
        let name = match node {
            Node::Name(path, _) => return path.last().cloned(),
            Node::Null => "NULL".to_owned(),
            Node::String { text, .. } => self.string(text, tokens)?,
            Node::Number(_) => self.number(tokens)?,
            _ => self.written(tokens)?,
        };
        // Names are stored in utf8mb3, which has no characters of four bytes.
        let name = name.replace(|it: char| it > '\u{ffff}', "?");
        let is_name = !name.is_empty()
            && !name.ends_with(char::is_whitespace)
            && name.chars().count() <= LONGEST_NAME;
        Some(if is_name { name } else { format!("Name_exp_{place}") })
    }

    /// The value of the string without leading white space. If there are several strings in a row,
    /// MySQL takes only the first.
    fn string(&self, text: &str, tokens: &Range<usize>) -> Option<String> {
        let quoted = |token: &Range<usize>| {
            let slice = self.text.get(token.clone()).unwrap_or_default();
            slice.ends_with(['\'', '"'])
        };
        let parts = self.tokens.get(tokens.clone())?.iter().filter(|token| quoted(token)).count();
        let is_known = parts == 1 || self.server.vendor == Vendor::MariaDb;
        is_known.then(|| text.trim_start().to_owned())
    }

    /// The number without sign or parentheses. MariaDB writes TRUE and FALSE in upper case.
    fn number(&self, tokens: &Range<usize>) -> Option<String> {
        let mut places = self.tokens.get(tokens.clone())?.iter();
        let slice = places.find_map(|token| {
            let slice = self.text.get(token.clone())?;
            (!slice.starts_with(['+', '(', ')', '-'])).then_some(slice)
        })?;
        let is_word = slice.starts_with(|first: char| first.is_ascii_alphabetic());
        Some(if is_word && self.server.vendor == Vendor::MariaDb {
            slice.to_uppercase()
        } else {
            slice.to_owned()
        })
    }

    /// The text from the first token to the last. `None` if there are comments in it: some clients
    /// remove comments from what they send, and MariaDB includes those before the first token.
    fn written(&self, tokens: &Range<usize>) -> Option<String> {
        let places = self.tokens.get(tokens.clone())?;
        let (first, last) = (places.first()?, places.last()?);
        let before = tokens.start.checked_sub(1).and_then(|before| self.tokens.get(before));
        let mut end = before.map_or(first.start, |before| before.end);
        for place in places {
            let gap = self.text.get(end..place.start)?;
            if !gap.chars().all(char::is_whitespace) {
                return None;
            }
            end = place.end;
        }
        self.text.get(first.start..last.end).map(str::to_owned)
    }
}
