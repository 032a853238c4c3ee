//! The tokens of an expression, by their values.

use std::ops::Range;

use crate::syntax::lexer::{self, Dialect, Kind};
use crate::syntax::literal::{bit_bytes, hex_bytes, unquote};

/// A token. Different spellings of the same value are the same token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
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

impl Token {
    /// The word in lower case, if the token is an unquoted word.
    pub(crate) fn word(&self) -> Option<String> {
        match self {
            Token::Word(word) => Some(word.to_lowercase()),
            _ => None,
        }
    }
}

/// The tokens of a text. `None` if the lexer refuses it. The text is written for a server in its
/// default mode, as every expression that is kept.
pub(crate) fn tokens(text: &str) -> Option<Vec<Token>> {
    let (tokens, _) = with_places(text, Dialect::default())?;
    Some(tokens)
}

/// The tokens of a text, and the byte range of each.
pub(crate) fn with_places(text: &str, dialect: Dialect) -> Option<(Vec<Token>, Vec<Range<usize>>)> {
    let all = lexer::lex(text, dialect).ok()?;
    let value = |token: &lexer::Token| {
        let slice = text.get(token.start..token.end)?;
        Some(match token.kind {
            Kind::Word => Token::Word(slice.to_owned()),
            Kind::Quoted => Token::Quoted(unquote(slice, false, dialect)),
            Kind::Text if slice.starts_with(['n', 'N']) => {
                Token::National(unquote(slice, true, dialect))
            }
            Kind::Text => Token::Text(unquote(slice, true, dialect)),
            Kind::Number => Token::Number(slice.to_owned()),
            Kind::Hex => Token::Bytes(hex_bytes(slice)),
            Kind::Bits => Token::Bytes(bit_bytes(slice)),
            Kind::Operator("!=") => Token::Operator("<>"),
            Kind::Operator(operator) => Token::Operator(operator),
            Kind::Symbol(byte) => Token::Symbol(byte),
            Kind::End => return None,
        })
    };
    Some(all.iter().filter_map(|token| Some((value(token)?, token.start..token.end))).unzip())
}
