//! Multi-valued index parts.

use super::lexer::{Dialect, TokenKind, lex};

/// Whether an expression is `CAST(… AS … ARRAY)`, which takes each element of a JSON array. An
/// index on it is a multi-valued index (MySQL 15.1.15 "Multi-Valued Indexes").
pub fn casts_to_array(expression: &str) -> bool {
    let Ok(tokens) = lex(expression, Dialect::default()) else { return false };
    let mut backwards = tokens
        .iter()
        .rev()
        .skip_while(|token| matches!(token.kind, TokenKind::End | TokenKind::Symbol(b')')));
    let ends_in_array = backwards.next().is_some_and(|token| {
        token.kind == TokenKind::Word
            && expression[token.start..token.end].eq_ignore_ascii_case("array")
    });
    // ARRAY follows a type, which is a word or ends with the parenthesis of its length. A column
    // that is named `array` never follows one of these.
    ends_in_array
        && backwards
            .next()
            .is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::Symbol(b')')))
}

#[cfg(test)]
mod tests {
    use super::casts_to_array;

    #[test]
    fn a_cast_to_an_array_is_no_column() {
        assert!(casts_to_array("cast(json_extract(`t`,_utf8mb4'$.x') as unsigned array)"));
        assert!(casts_to_array("(CAST(t->'$.x' AS CHAR(10) ARRAY))"));
        assert!(!casts_to_array("lower(array)"));
        assert!(!casts_to_array("a + `array`"));
        assert!(!casts_to_array("cast(a as unsigned)"));
        assert!(!casts_to_array("concat('x array')"));
        assert!(!casts_to_array(""));
    }
}
