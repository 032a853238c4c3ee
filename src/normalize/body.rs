//! Compares the bodies of triggers, routines and events.

use std::borrow::Cow;

use crate::syntax::lexer::{Dialect, TokenKind, lex};
use crate::syntax::literal::unquote;

/// Whether two bodies have the same words. Comments and white space don't count. Servers keep them
/// as they receive them, but by default the client removes comments (found by trial), so the body
/// on the server lacks the comments that are in the file. Strings are compared by their values,
/// because MariaDB keeps a line break in a string as `\n`.
pub(crate) fn same_body(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (words(a), words(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// The words of a body as they are written. A string is its first character and its value. `None`
/// if the body can't be divided into tokens.
fn words(body: &str) -> Option<Vec<(Option<char>, Cow<'_, str>)>> {
    let tokens = lex(body, Dialect::default()).ok()?;
    let word = |kind: TokenKind, text| match kind {
        TokenKind::Text => {
            (str::chars(text).next(), Cow::Owned(unquote(text, true, Dialect::default())))
        }
        _ => (None, Cow::Borrowed(text)),
    };
    tokens.iter().map(|token| Some(word(token.kind, body.get(token.start..token.end)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::same_body;

    #[test]
    fn comments_and_white_space_do_not_count() {
        assert!(same_body("begin /* a */ do 1; -- b\nend", "begin\n  do 1;\nend"));
        assert!(!same_body("begin do 1; end", "begin do 2; end"));
        assert!(!same_body("do 'a  b'", "do 'a b'"));
        assert!(same_body("do 'a\nb'", "do 'a\\nb'"));
        assert!(!same_body("do 'a'", "do \"a\""));
        assert!(!same_body("do 'a'", "do a"));
        assert!(!same_body("do 'open", "do 'open "));
    }
}
