//! Expressions that compute nothing.

use crate::model::Expression;
use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// Whether the expression is one column or one literal and computes nothing.
pub(crate) fn is_column_or_literal(expression: &Expression) -> bool {
    let text = &expression.text;
    let Ok(mut tokens) = lex(text, Dialect::default()) else { return false };
    tokens.retain(|token| token.kind != TokenKind::End);
    let mut tokens = tokens.as_slice();
    while let [open, inner @ .., close] = tokens
        && (open.kind, close.kind) == (TokenKind::Symbol(b'('), TokenKind::Symbol(b')'))
    {
        tokens = inner;
    }
    match tokens {
        [one] => !matches!(one.kind, TokenKind::Operator(_) | TokenKind::Symbol(_)),
        [sign, number] if number.kind == TokenKind::Number => sign.kind == TokenKind::Symbol(b'-'),
        // The word before a text may be its character set.
        [word, literal] if literal.kind == TokenKind::Text => {
            word.kind == TokenKind::Word
                && text.get(word.start..word.end).is_some_and(|word| word.starts_with('_'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_literals_are_plain() {
        for plain in ["`a`", "(a)", "-1", "_utf8mb4'x'", "NULL"] {
            assert!(is_column_or_literal(&Expression::new(plain)), "{plain}");
        }
        for computed in ["a / b", "lower(a)", "now()", "-a", "date '2000-13-01'", "binary 'a'"] {
            assert!(!is_column_or_literal(&Expression::new(computed)), "{computed}");
        }
    }
}
