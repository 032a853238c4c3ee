//! A statement as text, with what is needed to print it.

use std::fmt;

use crate::syntax::lexer::{Dialect, TokenKind, lex};

/// Delimiters for statements that contain semicolons. The first that isn't in the text is used.
const DELIMITERS: [&str; 4] = ["$$", "//", ";;", "%%"];

/// One SQL statement, without its delimiter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sql {
    /// The statement.
    pub text: String,
    /// The delimiter that a client needs, if the statement contains semicolons: `$$`. `None` for a
    /// semicolon.
    pub delimiter: Option<String>,
    /// Whether the server stores the session's `sql_mode` with the new object, and the object
    /// doesn't state one.
    pub keeps_mode: bool,
    /// Whether it only sets the session up for other statements.
    pub sets_session: bool,
}

impl Sql {
    /// A SET, for the statements after it.
    pub(crate) fn session(text: String) -> Sql {
        Sql { sets_session: true, ..text.into() }
    }

    /// A statement that may contain semicolons outside strings and names; `dialect` is how the
    /// server lexes it.
    pub(crate) fn of(text: String, dialect: Dialect) -> Sql {
        let has_semicolons = lex(&text, dialect).map_or(true, |tokens| {
            tokens.iter().any(|token| token.kind == TokenKind::Symbol(b';'))
        });
        let delimiter = has_semicolons.then(|| delimiter_of(&text));
        Sql { text, delimiter, keeps_mode: false, sets_session: false }
    }
}

/// A statement without semicolons outside strings and names.
impl From<String> for Sql {
    fn from(text: String) -> Sql {
        Sql { text, delimiter: None, keeps_mode: false, sets_session: false }
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A delimiter that isn't in the text.
fn delimiter_of(text: &str) -> String {
    let free = DELIMITERS.iter().find(|delimiter| !text.contains(**delimiter));
    free.map_or_else(
        || {
            // One more `$` than there are in a row anywhere in the text.
            let mut delimiter = DELIMITERS[0].to_owned();
            while text.contains(&delimiter) {
                delimiter.push('$');
            }
            delimiter
        },
        |free| (*free).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_semicolons_of_the_statement_itself_need_a_delimiter() {
        let delimiter = |text: &str| Sql::of(text.to_owned(), Dialect::default()).delimiter;
        assert_eq!(delimiter("DO 'a;b'"), None);
        assert_eq!(delimiter("DO 1 -- ; c"), None);
        assert_eq!(delimiter("BEGIN DO 1; END").as_deref(), Some("$$"));
        assert_eq!(delimiter("BEGIN DO '$$'; END").as_deref(), Some("//"));
        assert_eq!(delimiter("BEGIN DO '$$//;;%%$$$'; END").as_deref(), Some("$$$$"));
    }
}
