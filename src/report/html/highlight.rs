//! SQL as lines of pieces with a class each, by the lexer that reads it everywhere.

use crate::report::escape_controls;
use crate::server::Server;
use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// A line of SQL.
pub(super) type SqlLine = Vec<SqlSpan>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SqlSpan {
    /// How it is shown: `word`, `name`, `text`, `number`, `comment`, or nothing.
    pub(super) class: &'static str,
    /// The text, with control characters escaped.
    pub(super) text: String,
}

/// The lines of a text. What the lexer can't read is shown without colours.
pub(super) fn lines(text: &str, server: Server) -> Vec<SqlLine> {
    let dialect = Dialect { server: Some(server), ..Dialect::default() };
    let mut lines = Lines(vec![Vec::new()]);
    let mut end = 0;
    for token in lex(text, dialect).unwrap_or_default() {
        let (Some(gap), Some(own)) = (text.get(end..token.start), text.get(token.start..token.end))
        else {
            continue;
        };
        lines.push(if gap.trim().is_empty() { "" } else { "comment" }, gap);
        lines.push(class(token.kind, own), own);
        end = token.end;
    }
    lines.push("", text.get(end..).unwrap_or_default());
    if lines.0.last().is_some_and(Vec::is_empty) {
        lines.0.pop();
    }
    lines.0
}

struct Lines(Vec<SqlLine>);

impl Lines {
    fn push(&mut self, class: &'static str, text: &str) {
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                self.0.push(Vec::new());
            }
            let Some(line) = self.0.last_mut().filter(|_| !part.is_empty()) else { continue };
            let part = escape_controls(part);
            match line.last_mut().filter(|last| last.class == class) {
                Some(last) => last.text.push_str(&part),
                None => line.push(SqlSpan { class, text: part }),
            }
        }
    }
}

/// The writer of SQL writes keywords in capitals and every name in backticks.
fn class(kind: TokenKind, text: &str) -> &'static str {
    match kind {
        TokenKind::Word if !text.contains(|c: char| c.is_lowercase()) => "word",
        TokenKind::Quoted => "name",
        TokenKind::Text => "text",
        TokenKind::Number | TokenKind::Hex | TokenKind::Bits => "number",
        TokenKind::Word | TokenKind::Operator(_) | TokenKind::Symbol(_) | TokenKind::End => "",
    }
}
