//! Parses a statement with `sqlparser`, after replacing what it doesn't know.

use std::ops::Range;

use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, Tokenizer};

use crate::clauses::{Clause, UNKNOWN};

/// Parses a statement exactly as it is printed.
pub fn parse(statement: &str) -> Result<(), String> {
    let parsed = Parser::parse_sql(&MySqlDialect {}, statement);
    parsed.map(|_| ()).map_err(|error| error.to_string())
}

/// Parses a statement. If the parser stops at a clause that it doesn't know, the clause is replaced
/// as its entry says, and it goes on. Returns the clauses.
pub fn read(statement: &str) -> Result<Vec<&'static str>, String> {
    let mut text = format!("{statement};");
    let mut unknown = Vec::new();
    while let Err(error) = parse(&text) {
        let stop = stop(&error, &text);
        let found = tokens(&text).and_then(|tokens| {
            UNKNOWN.iter().find_map(|clause| Some((clause, clause.around(stop, &tokens)?)))
        });
        let Some((clause, range)) = found else {
            return Err(format!("{error}\n{statement}"));
        };
        text.replace_range(range, clause.instead);
        unknown.push(clause.words);
    }
    Ok(unknown)
}

/// The byte at which the parser stops; the last one if the error has no place.
fn stop(error: &str, text: &str) -> usize {
    let place = error.rsplit_once(" at Line: ").and_then(|(_, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some(byte(line.parse().ok()?, column.parse().ok()?, text))
    });
    place.unwrap_or(text.len() - 1)
}

/// Both numbers counted from 1, columns in characters.
fn byte(line: u64, column: u64, text: &str) -> usize {
    let lines = text.split_inclusive('\n').take(line as usize - 1).map(str::len);
    let start: usize = lines.sum();
    let before = text[start..].chars().take(column as usize - 1).map(char::len_utf8);
    start + before.sum::<usize>()
}

/// The tokens with their places; `None` if the text can't be lexed.
fn tokens(text: &str) -> Option<Vec<(Token, Range<usize>)>> {
    let tokens = Tokenizer::new(&MySqlDialect {}, text).tokenize_with_location().ok()?;
    let at = |place: Location| byte(place.line, place.column, text);
    let tokens = tokens.into_iter().filter(|it| !matches!(it.token, Token::Whitespace(_)));
    Some(tokens.map(|it| (it.token, at(it.span.start)..at(it.span.end))).collect())
}

impl Clause {
    /// The place of the clause that contains the byte.
    fn around(&self, byte: usize, tokens: &[(Token, Range<usize>)]) -> Option<Range<usize>> {
        (0..tokens.len()).find_map(|first| {
            let length = self.length(&tokens[first..])?;
            let range = tokens[first].1.start..tokens[first + length - 1].1.end;
            range.contains(&byte).then_some(range)
        })
    }

    /// The number of tokens in the clause if it begins at the first of them.
    fn length(&self, tokens: &[(Token, Range<usize>)]) -> Option<usize> {
        let mut length = 0;
        for wanted in self.words.split(' ') {
            let rest = tokens.get(length..)?;
            let (token, _) = rest.first()?;
            length += match wanted {
                "<name>" if is_name_or_value(token) => 1,
                "<list>" => in_parentheses(rest)?,
                "<rest>" => rest.len(),
                wanted if is(token, wanted) => 1,
                _ => return None,
            };
        }
        Some(length)
    }
}

fn is_name_or_value(token: &Token) -> bool {
    use Token::{DoubleQuotedString, Number, SingleQuotedString, Word};
    matches!(token, Word(_) | Number(..) | SingleQuotedString(_) | DoubleQuotedString(_))
}

/// Whether a token is this unquoted word or symbol.
fn is(token: &Token, wanted: &str) -> bool {
    match token {
        Token::Word(word) => word.quote_style.is_none() && word.value.eq_ignore_ascii_case(wanted),
        symbol => symbol.to_string() == wanted,
    }
}

/// The number of tokens from a parenthesis to the one that closes it.
fn in_parentheses(tokens: &[(Token, Range<usize>)]) -> Option<usize> {
    let mut depth = 0;
    let end = tokens.iter().position(|(token, _)| {
        depth += match token {
            Token::LParen => 1,
            Token::RParen => -1,
            _ => 0,
        };
        depth == 0
    });
    end.filter(|end| *end > 0).map(|end| end + 1)
}
