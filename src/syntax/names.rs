//! The names in an expression.

use super::lexer::{Dialect, Kind, Token, lex};
use super::literal;
use crate::syntax::quote_identifier;

/// The names that an expression's tokens may be: words that are no function, and quoted names.
pub(crate) fn names_in(text: &str) -> Vec<String> {
    let tokens = lex(text, Dialect::default()).unwrap_or_default();
    (0..tokens.len()).filter_map(|at| name_at(text, &tokens, at)).collect()
}

/// The expression with other names where `new_name` gives one.
pub(crate) fn replace_names(text: &str, new_name: impl Fn(&str) -> Option<String>) -> String {
    let Ok(tokens) = lex(text, Dialect::default()) else { return text.to_owned() };
    let mut replaced = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, token) in tokens.iter().enumerate() {
        if let Some(new) = name_at(text, &tokens, at).and_then(|name| new_name(&name)) {
            replaced.push_str(text.get(copied..token.start).unwrap_or_default());
            replaced.push_str(&quote_identifier(&new));
            copied = token.end;
        }
    }
    replaced.push_str(text.get(copied..).unwrap_or_default());
    replaced
}

fn name_at(text: &str, tokens: &[Token], at: usize) -> Option<String> {
    let token = tokens.get(at)?;
    let slice = text.get(token.start..token.end)?;
    let is_function = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Symbol(b'('));
    match token.kind {
        Kind::Quoted => Some(literal::unquote(slice, false, Dialect::default())),
        Kind::Word if !is_function => Some(slice.to_owned()),
        _ => None,
    }
}
