//! The bytes of a statement as text.

use crate::syntax::SqlError;
use crate::syntax::lexer::{Dialect, Token, TokenKind, lex};
use crate::syntax::literal::{char_of_byte, text_bytes};

/// A statement's text, and why it may be wrong.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) error: Option<SqlError>,
}

/// Decodes a statement from the file's character set. MariaDB prints the default of a binary column
/// as it is: bytes that are not UTF-8 become characters that stand for them.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>, dialect: Dialect) -> Decoded {
    if bytes.is_ascii() {
        return Decoded { text: String::from_utf8_lossy(bytes).into_owned(), error: None };
    }
    if charset == Some("latin1") {
        return Decoded { text: bytes.iter().copied().map(latin1_char).collect(), error: None };
    }
    let text = utf8(bytes);
    let error = match charset {
        None => misread(&text, dialect).map(|at| {
            at_character(&text, at, "this is not UTF-8, and no SET NAMES says what it is")
                .with_help("save the file in UTF-8, or say `SET NAMES latin1;` at its beginning")
        }),
        Some("utf8" | "utf8mb3" | "utf8mb4") => misread(&text, dialect)
            .map(|at| at_character(&text, at, "this is not UTF-8, which SET NAMES says it is")),
        Some("binary" | "ascii") => None,
        Some(charset) => {
            let at = text.find(|char: char| !char.is_ascii()).unwrap_or_default();
            let message = format!("text in the character set `{charset}` is not read");
            Some(at_character(&text, at, &message).with_help("save the file in UTF-8"))
        }
    };
    Decoded { text, error }
}

fn utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().copied().map(char_of_byte));
    }
    text
}

/// The position of a byte that should be UTF-8 and isn't: in a name or a string, except the default
/// of a binary column.
fn misread(text: &str, dialect: Dialect) -> Option<usize> {
    if is_text(text) {
        return None;
    }
    let tokens = lex(text, dialect).ok()?;
    let slice = |token: &Token| text.get(token.start..token.end).unwrap_or_default();
    let bad = tokens.iter().enumerate().find(|(at, token)| {
        !is_text(slice(token)) && !is_binary_default(tokens.get(..*at).unwrap_or_default(), slice)
    });
    let (_, token) = bad?;
    let inside = slice(token).char_indices().find(|(at, char)| {
        slice(token).get(*at..at + char.len_utf8()).is_some_and(|char| !is_text(char))
    });
    Some(token.start + inside.map_or(0, |(at, _)| at))
}

/// Whether no character stands for a byte.
fn is_text(text: &str) -> bool {
    text_bytes(text) == text.as_bytes()
}

/// Whether the tokens end in the DEFAULT of a binary column.
fn is_binary_default<'a>(before: &[Token], slice: impl Fn(&Token) -> &'a str) -> bool {
    const BINARY: &[&str] = &["BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB"];
    let is = |token: &Token, word: &str| {
        token.kind == TokenKind::Word && slice(token).eq_ignore_ascii_case(word)
    };
    let Some((last, column)) = before.split_last() else { return false };
    let of_column = column.iter().rev().take_while(|token| token.kind != TokenKind::Symbol(b','));
    is(last, "DEFAULT")
        && of_column.into_iter().any(|token| BINARY.iter().any(|word| is(token, word)))
}

fn at_character(text: &str, at: usize, message: &str) -> SqlError {
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    SqlError::new(message, at, at + length)
}

/// The character for a byte in the servers' latin1, which is cp1252.
fn latin1_char(byte: u8) -> char {
    const FROM_80: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..=0x9f => FROM_80.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::from(byte)),
        _ => char::from(byte),
    }
}
