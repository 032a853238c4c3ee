//! The tokens of an expression, by their values.

use std::ops::Range;

use crate::syntax::lexer::{self, Dialect, TokenKind};
use crate::syntax::literal::{bit_bytes, hex_bytes, unquote};

/// A token. Different spellings of the same value are the same token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ExpressionToken {
    /// A keyword or an unquoted name, as it is written.
    Word(String),
    /// A name in backticks, without the backticks.
    Quoted(String),
    /// A string.
    Text(String),
    /// `N'…'`
    National(String),
    /// A number, as it is written.
    Number(String),
    /// `0x41`, `X'41'`, `b'101'`, `0b101`
    Bytes(Vec<u8>),
    /// An operator of more than one byte; `!=` is `<>`.
    Operator(&'static str),
    /// One byte of anything else.
    Symbol(u8),
}

impl ExpressionToken {
    /// The word in lower case, if the token is an unquoted word.
    pub(crate) fn word(&self) -> Option<String> {
        match self {
            ExpressionToken::Word(word) => Some(word.to_lowercase()),
            _ => None,
        }
    }
}

/// The tokens of a text. `None` if the lexer refuses it. The text is written for a server in its
/// default mode, as every expression that is kept.
pub(crate) fn tokens(text: &str) -> Option<Vec<ExpressionToken>> {
    let (tokens, _) = with_places(text, Dialect::default())?;
    Some(tokens)
}

/// The tokens of a text, and the byte range of each.
pub(crate) fn with_places(
    text: &str,
    dialect: Dialect,
) -> Option<(Vec<ExpressionToken>, Vec<Range<usize>>)> {
    let all = lexer::lex(text, dialect).ok()?;
    let value = |token: &lexer::Token| {
        let slice = text.get(token.start..token.end)?;
        Some(match token.kind {
            TokenKind::Word => ExpressionToken::Word(slice.to_owned()),
            TokenKind::Quoted => ExpressionToken::Quoted(unquote(slice, false, dialect)),
            TokenKind::Text if slice.starts_with(['n', 'N']) => {
                ExpressionToken::National(unquote(slice, true, dialect))
            }
            TokenKind::Text => ExpressionToken::Text(unquote(slice, true, dialect)),
            TokenKind::Number => ExpressionToken::Number(slice.to_owned()),
            TokenKind::Hex => ExpressionToken::Bytes(hex_bytes(slice)),
            TokenKind::Bits => ExpressionToken::Bytes(bit_bytes(slice)),
            TokenKind::Operator("!=") => ExpressionToken::Operator("<>"),
            TokenKind::Operator(operator) => ExpressionToken::Operator(operator),
            TokenKind::Symbol(byte) => ExpressionToken::Symbol(byte),
            TokenKind::End => return None,
        })
    };
    Some(all.iter().filter_map(|token| Some((value(token)?, token.start..token.end))).unzip())
}
