//! Finds the names of a text by its words.

use super::{Before, NameKind, Part, Reference, References};
use crate::model::tree::TextPlace;
use crate::syntax::lexer::{Dialect, Token, TokenKind, lex};
use crate::syntax::literal::unquote;

/// The words that may follow a table and aren't an alias.
const NO_ALIASES: &str = "and as asc between by case cross desc do else end except for force from \
    group having ignore in inner intersect into is join left like limit lock natural not offset on \
    or order outer partition right select set straight_join then union use using value values when \
    where window with";

/// The words after which a `*` means all columns.
const BEFORE_STARS: [&str; 4] = ["select", "distinct", "all", "straight_join"];

pub(super) fn read(text: &str, dialect: Dialect) -> References {
    let tokens = lex(text, dialect).unwrap_or_default();
    let part = |at: usize| part(text, tokens.get(at)?, dialect);
    let is_symbol = |at: usize, symbol: u8| {
        tokens.get(at).is_some_and(|token| token.kind == TokenKind::Symbol(symbol))
    };
    let mut all: Vec<Reference> = Vec::new();
    let mut has_star = false;
    let mut before = Before::Other;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Some(first) = part(at) else {
            let is_quoted =
                all.last().and_then(|name| name.parts.last()).is_some_and(|it| it.is_quoted);
            has_star |= token.kind == TokenKind::Symbol(b'*') && is_before_star(&before, is_quoted);
            before = match token.kind {
                TokenKind::Symbol(symbol) => Before::Symbol(symbol),
                _ => Before::Other,
            };
            at += 1;
            continue;
        };
        let mut parts = vec![first];
        at += 1;
        while is_symbol(at, b'.')
            && let Some(next) = part(at + 1)
        {
            parts.push(next);
            at += 2;
        }
        let last = parts.last().map_or(Before::Other, |part| Before::Name(part.lower.clone()));
        let is_call = is_symbol(at, b'(');
        all.push(Reference { named: NameKind::Unknown, parts, before, is_call, alias: None });
        before = last;
    }
    let aliases: Vec<Option<String>> = (0..all.len()).map(|place| alias(&all, place)).collect();
    for (name, alias) in all.iter_mut().zip(aliases) {
        name.alias = alias;
    }
    References { all, has_star, is_understood: false }
}

/// The name that a token is.
fn part(text: &str, token: &Token, dialect: Dialect) -> Option<Part> {
    let slice = text.get(token.start..token.end)?;
    let is_quoted = token.kind == TokenKind::Quoted;
    let name = match token.kind {
        TokenKind::Word => slice.to_owned(),
        TokenKind::Quoted => unquote(slice, false, dialect),
        _ => return None,
    };
    let lower = name.to_lowercase();
    Some(Part { name, lower, is_quoted, place: TextPlace::new(token.start, token.end) })
}

/// Whether a `*` means all columns, given what comes before it. A quoted word is a name.
fn is_before_star(before: &Before, is_quoted: bool) -> bool {
    match before {
        Before::Symbol(symbol) => matches!(symbol, b',' | b'.'),
        Before::Name(word) => !is_quoted && BEFORE_STARS.contains(&word.as_str()),
        Before::Other => false,
    }
}

/// The alias that follows a name, if the next words can be one.
fn alias(all: &[Reference], place: usize) -> Option<String> {
    let own = all.get(place)?.last()?;
    let mut next = all.get(place + 1)?;
    if !next.follows(&[own]) {
        return None;
    }
    if next.parts.len() == 1 && next.last() == Some("as") {
        next = all.get(place + 2)?;
        if !next.follows(&["as"]) {
            return None;
        }
    }
    let [alias] = next.parts.as_slice() else { return None };
    let is_keyword = NO_ALIASES.split_whitespace().any(|word| word == alias.lower);
    (!next.is_call && !is_keyword).then(|| alias.lower.clone())
}
