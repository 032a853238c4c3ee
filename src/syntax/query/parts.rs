//! Reads what several parts of a query have in common: names, lists, LIMIT.

use crate::model::tree::Limit;
use crate::model::tree::Node;
use crate::syntax::expression::{ExpressionToken, Parsed, TreeParser, Unread};

/// The words that can't be an alias without AS, because they may follow an item or a table.
const NO_ALIAS: &[&str] = &[
    "and",
    "as",
    "cross",
    "except",
    "fetch",
    "for",
    "force",
    "from",
    "group",
    "having",
    "ignore",
    "inner",
    "intersect",
    "into",
    "join",
    "left",
    "limit",
    "lock",
    "natural",
    "offset",
    "on",
    "or",
    "order",
    "over",
    "partition",
    "procedure",
    "right",
    "straight_join",
    "union",
    "use",
    "using",
    "where",
    "window",
    "with",
];

impl TreeParser {
    /// Reads `[AS] name` after an item or a table.
    pub(super) fn alias(&mut self) -> Parsed<Option<String>> {
        let after_as = self.take_word("as");
        let name = match self.peek() {
            Some(ExpressionToken::Quoted(name) | ExpressionToken::Text(name)) => name.clone(),
            Some(ExpressionToken::Word(name))
                if after_as || !NO_ALIAS.contains(&name.to_lowercase().as_str()) =>
            {
                name.clone()
            }
            _ if after_as => return Err(Unread),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(name))
    }

    pub(super) fn identifier(&mut self) -> Parsed<String> {
        match self.next()? {
            ExpressionToken::Word(name) | ExpressionToken::Quoted(name) => Ok(name),
            _ => Err(Unread),
        }
    }

    /// Reads `(a, b)`, if it comes next.
    pub(super) fn names_in_parentheses(&mut self) -> Parsed<Vec<String>> {
        let mut names = Vec::new();
        if !self.take_symbol(b'(') {
            return Ok(names);
        }
        loop {
            names.push(self.identifier()?);
            if !self.take_symbol(b',') {
                break;
            }
        }
        self.expect_symbol(b')')?;
        Ok(names)
    }

    /// Reads the list after ORDER BY, GROUP BY or PARTITION BY.
    pub(super) fn ordered(&mut self) -> Parsed<Vec<Node>> {
        let mut list = Vec::new();
        loop {
            let node = self.expression()?;
            list.push(if self.take_word("desc") {
                Node::call("desc", vec![node])
            } else {
                self.take_word("asc");
                node
            });
            if !self.take_symbol(b',') {
                return Ok(list);
            }
        }
    }

    pub(super) fn limit(&mut self) -> Parsed<Limit> {
        let first = self.count()?;
        Ok(if self.take_symbol(b',') {
            Limit { offset: first, count: self.count()? }
        } else if self.take_word("offset") {
            Limit { offset: self.count()?, count: first }
        } else {
            Limit { offset: "0".to_owned(), count: first }
        })
    }

    pub(super) fn count(&mut self) -> Parsed<String> {
        match self.next()? {
            ExpressionToken::Number(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                let trimmed = digits.trim_start_matches('0');
                Ok(if trimmed.is_empty() { "0" } else { trimmed }.to_owned())
            }
            _ => Err(Unread),
        }
    }

    /// Reads FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE, and whether to wait.
    pub(super) fn locking(&mut self) -> Parsed<String> {
        let mut words = Vec::new();
        if matches!(self.peek_word().as_deref(), Some("for" | "lock")) {
            while let Some(word) = self.peek_word() {
                self.at += 1;
                words.push(word);
            }
        }
        let text = words.join(" ");
        let lock = text.strip_suffix(" nowait").or_else(|| text.strip_suffix(" skip locked"));
        match lock.unwrap_or(&text) {
            "" | "for update" | "for share" | "lock in share mode" => Ok(text),
            _ => Err(Unread),
        }
    }
}
