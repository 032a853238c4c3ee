//! Renames the columns in expressions.

use std::collections::HashMap;

use super::{Part, References};
use crate::model::Expression;
use crate::syntax::lexer::{Dialect, TokenKind, lex};
use crate::syntax::literal::unquote;
use crate::syntax::quote_identifier;

/// The words of an expression that may be names: quoted names, and words that aren't functions.
pub(crate) fn names_in(expression: &Expression) -> Vec<String> {
    let references = References::in_text(&expression.text, Dialect::default());
    references.names().map(|part| part.name.clone()).collect()
}

/// The expression with other names, for those names for which `new_name` returns one.
pub(crate) fn renamed(
    expression: &Expression,
    new_name: impl Fn(&str) -> Option<String>,
) -> Expression {
    let text = expression.text.as_str();
    let references = References::in_text(text, Dialect::default());
    let mut renamed = String::with_capacity(text.len());
    let mut copied = 0;
    for part in references.names() {
        if let Some(new) = new_name(&part.name) {
            let place = part.place.range();
            renamed.push_str(text.get(copied..place.start).unwrap_or_default());
            renamed.push_str(&quote_identifier(&new));
            copied = place.end;
        }
    }
    if copied == 0 {
        return expression.clone();
    }
    renamed.push_str(text.get(copied..).unwrap_or_default());
    Expression::new(renamed)
}

impl References {
    /// The quoted names, and the words that aren't functions.
    fn names(&self) -> impl Iterator<Item = &Part> {
        self.all.iter().flat_map(|reference| {
            let last = reference.parts.len() - 1;
            let is_function = move |at| reference.is_call && at == last;
            let parts = reference.parts.iter().enumerate();
            parts.filter(move |(at, part)| part.is_quoted || !is_function(*at)).map(|(_, it)| it)
        })
    }
}

/// Whether two expressions have the same words after the columns of the old one are renamed.
/// `renames` maps old names in lower case to new ones.
pub(crate) fn is_same_renamed(
    old: &Expression,
    new: &Expression,
    renames: &HashMap<String, String>,
) -> bool {
    let (Some(old), Some(new)) = (words(old), words(new)) else { return false };
    old.len() == new.len()
        && old.iter().zip(&new).all(|((kind, old), (new_kind, new))| {
            let is_name = matches!(kind, TokenKind::Word | TokenKind::Quoted);
            let renamed = renames.get(old).filter(|_| is_name).map(|name| name.to_lowercase());
            kind == new_kind && renamed.as_ref().unwrap_or(old) == new
        })
}

/// The tokens of an expression. Words and quoted names are in lower case and are both
/// [`TokenKind::Word`].
fn words(expression: &Expression) -> Option<Vec<(TokenKind, String)>> {
    let text = expression.canonical.as_ref().unwrap_or(&expression.text);
    let tokens = lex(text, Dialect::default()).ok()?;
    let word = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let named = tokens.iter().map(|token| {
        let word = word(token.start, token.end);
        match token.kind {
            TokenKind::Word => (TokenKind::Word, word.to_lowercase()),
            TokenKind::Quoted => {
                (TokenKind::Word, unquote(word, false, Dialect::default()).to_lowercase())
            }
            kind => (kind, word.to_owned()),
        }
    });
    Some(named.collect())
}
