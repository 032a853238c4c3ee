//! A cursor over tokens, and readers for the small parts that all clauses consist of.

use std::ops::Range;

use super::SqlError;
use super::lexer::{Dialect, Token, TokenKind, lex_with_frames};
use super::literal;
use crate::model::Expression;
use crate::server::Server;

/// The tokens of a text, and how many of them have been read.
pub(crate) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The byte ranges that are left out of a text that is kept as written.
    frames: Vec<Range<usize>>,
    at: usize,
    pub(crate) dialect: Dialect,
}

impl<'a> Parser<'a> {
    /// The server that the text is for, if it is known.
    pub(crate) fn server(&self) -> Option<Server> {
        self.dialect.server
    }

    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Result<Self, SqlError> {
        let (tokens, frames) = lex_with_frames(text, dialect)?;
        Ok(Parser { text, tokens, frames, at: 0, dialect })
    }

    /// The token `offset` tokens after the next one. After the last token it is [`TokenKind::End`].
    pub(crate) fn peek(&self, offset: usize) -> Token {
        let end = Token { kind: TokenKind::End, start: self.text.len(), end: self.text.len() };
        self.tokens.get(self.at + offset).or(self.tokens.last()).copied().unwrap_or(end)
    }

    pub(crate) fn kind(&self) -> TokenKind {
        self.peek(0).kind
    }

    pub(crate) fn next(&mut self) -> Token {
        let token = self.peek(0);
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    /// How many tokens have been read. [`Parser::reset`] goes back to this point.
    pub(crate) fn mark(&self) -> usize {
        self.at
    }

    pub(crate) fn reset(&mut self, mark: usize) {
        self.at = mark;
    }

    pub(crate) fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    pub(crate) fn at_end(&self) -> bool {
        self.kind() == TokenKind::End
    }

    /// The byte range of the token that was read last.
    pub(crate) fn last_token(&self) -> (usize, usize) {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or((0, 0), |token| (token.start, token.end))
    }

    // --- words and symbols

    /// Whether the token `offset` tokens after the next one is that keyword.
    pub(crate) fn is_word_at(&self, offset: usize, word: &str) -> bool {
        let token = self.peek(offset);
        token.kind == TokenKind::Word && self.slice(token).eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    pub(crate) fn is_one_of_at(&self, offset: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word_at(offset, word))
    }

    /// Whether these keywords come next, in this order.
    pub(crate) fn is_words(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.is_word_at(offset, word))
    }

    /// Whether the tokens that were read since `mark` contain these keywords one after the other.
    pub(crate) fn has_words_since(&self, mark: usize, words: &[&str]) -> bool {
        let read = self.tokens.get(mark..self.at).unwrap_or_default();
        read.windows(words.len()).any(|window| {
            let mut pairs = window.iter().zip(words);
            pairs.all(|(token, word)| {
                token.kind == TokenKind::Word && self.slice(*token).eq_ignore_ascii_case(word)
            })
        })
    }

    pub(crate) fn accept(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        self.at += usize::from(is);
        is
    }

    pub(crate) fn accept_words(&mut self, words: &[&str]) -> bool {
        let is = self.is_words(words);
        if is {
            self.at += words.len();
        }
        is
    }

    pub(crate) fn expect(&mut self, word: &str) -> Result<(), SqlError> {
        if self.accept(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    /// The next token in upper case, if it is an unquoted word.
    pub(crate) fn upper_word(&self) -> Option<String> {
        let token = self.peek(0);
        (token.kind == TokenKind::Word).then(|| self.slice(token).to_ascii_uppercase())
    }

    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        self.kind() == TokenKind::Symbol(symbol)
    }

    pub(crate) fn accept_symbol(&mut self, symbol: u8) -> bool {
        let is = self.is_symbol(symbol);
        self.at += usize::from(is);
        is
    }

    pub(crate) fn expect_symbol(&mut self, symbol: u8) -> Result<(), SqlError> {
        if self.accept_symbol(symbol) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{}`", char::from(symbol))))
        }
    }

    pub(crate) fn expect_end(&self) -> Result<(), SqlError> {
        if self.at_end() { Ok(()) } else { Err(self.unexpected()) }
    }

    // --- names and literals

    pub(crate) fn is_name(&self) -> bool {
        matches!(self.kind(), TokenKind::Word | TokenKind::Quoted)
    }

    /// Reads a name, quoted or not. `what` says in the error what was expected.
    pub(crate) fn name(&mut self, what: &str) -> Result<String, SqlError> {
        let token = self.peek(0);
        let name = match token.kind {
            TokenKind::Word => self.slice(token).to_owned(),
            TokenKind::Quoted => literal::unquote(self.slice(token), false, self.dialect),
            _ => return Err(self.expected(what)),
        };
        self.next();
        if name.is_empty() {
            return Err(SqlError::new(format!("{what} is empty"), token.start, token.end));
        }
        Ok(name)
    }

    /// Reads `name` or `qualifier.name`.
    pub(crate) fn qualified_name(
        &mut self,
        what: &str,
    ) -> Result<(Option<String>, String), SqlError> {
        self.accept_symbol(b'.');
        let first = self.name(what)?;
        if self.accept_symbol(b'.') {
            return Ok((Some(first), self.name(what)?));
        }
        Ok((None, first))
    }

    pub(crate) fn is_text(&self) -> bool {
        self.kind() == TokenKind::Text
    }

    /// Reads a string. Several strings in a row are one string. An introducer before it is skipped.
    pub(crate) fn string(&mut self, what: &str) -> Result<String, SqlError> {
        if self.is_introducer() {
            self.next();
        }
        let mut value = match self.kind() {
            TokenKind::Text => String::new(),
            TokenKind::Hex => {
                let token = self.next();
                let bytes = literal::hex_bytes(self.slice(token));
                return Ok(String::from_utf8_lossy(&bytes).into_owned());
            }
            _ => return Err(self.expected(what)),
        };
        while self.is_text() {
            let token = self.next();
            value.push_str(&literal::unquote(self.slice(token), true, self.dialect));
        }
        Ok(value)
    }

    /// Whether an introducer comes next, as in `_utf8mb4'…'`.
    pub(crate) fn is_introducer(&self) -> bool {
        let token = self.peek(0);
        token.kind == TokenKind::Word
            && self.slice(token).starts_with('_')
            && matches!(self.peek(1).kind, TokenKind::Text | TokenKind::Hex | TokenKind::Bits)
    }

    /// Reads a whole number.
    pub(crate) fn number(&mut self, what: &str) -> Result<u64, SqlError> {
        let token = self.peek(0);
        if token.kind != TokenKind::Number {
            return Err(self.expected(what));
        }
        let value = self.slice(token).parse().map_err(|_| {
            SqlError::new(format!("`{}` is no {what}", self.slice(token)), token.start, token.end)
        })?;
        self.next();
        Ok(value)
    }

    /// Reads the value of an option as a whole number. Some versions show it in quotes: `8`, `'8'`.
    pub(crate) fn option_number(&mut self, what: &str) -> Result<u64, SqlError> {
        if !self.is_text() {
            return self.number(what);
        }
        let token = self.peek(0);
        let text = self.string(what)?;
        text.parse()
            .map_err(|_| SqlError::new(format!("`{text}` is not {what}"), token.start, token.end))
    }

    /// Reads a whole number of at most 32 bits, for lengths and the like.
    pub(crate) fn small_number(&mut self, what: &str) -> Result<u32, SqlError> {
        let token = self.peek(0);
        let value = self.number(what)?;
        u32::try_from(value)
            .map_err(|_| SqlError::new(format!("{value} is too large"), token.start, token.end))
    }

    /// Reads `( name, name, … )`.
    pub(crate) fn name_list(&mut self, what: &str) -> Result<Vec<String>, SqlError> {
        self.expect_symbol(b'(')?;
        let mut names = vec![self.name(what)?];
        while self.accept_symbol(b',') {
            names.push(self.name(what)?);
        }
        self.expect_symbol(b')')?;
        Ok(names)
    }

    // --- texts that are kept as written

    /// Reads the rest of the statement and returns it as written, without `;` at its end. The
    /// parser is then at the end of the text.
    pub(crate) fn rest(&mut self) -> String {
        let first = self.at;
        let end = self.end_of_rest();
        self.at = self.tokens.len().saturating_sub(1);
        self.verbatim(first, end)
    }

    /// The number of the token after the last one that isn't a `;`.
    pub(crate) fn end_of_rest(&self) -> usize {
        let mut tokens = self.tokens.iter().enumerate().skip(self.at);
        let last = tokens
            .rfind(|(_, token)| !matches!(token.kind, TokenKind::Symbol(b';') | TokenKind::End));
        last.map_or(self.at, |(at, _)| at + 1)
    }

    /// The text of these tokens with the comments between them. The marks of versioned comments are
    /// left out, as a server does when it keeps the body of a routine.
    pub(crate) fn verbatim(&self, first: usize, end: usize) -> String {
        let tokens = self.tokens.get(first..end).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return String::new();
        };
        let mut text = String::with_capacity(last.end.saturating_sub(first.start));
        let mut at = first.start;
        let inside = |frame: &&Range<usize>| frame.start >= first.start && frame.end <= last.end;
        for frame in self.frames.iter().filter(inside) {
            text.push_str(self.text.get(at..frame.start).unwrap_or_default());
            at = frame.end;
        }
        text.push_str(self.text.get(at..last.end).unwrap_or_default());
        text
    }

    // --- expressions

    /// Reads `( expression )` and returns it without the parentheses.
    pub(crate) fn parenthesized(&mut self) -> Result<Expression, SqlError> {
        if !self.is_symbol(b'(') {
            return Err(self.expected("`(`"));
        }
        let first = self.at;
        self.skip_parentheses()?;
        self.expression(first, self.at)
    }

    /// Skips `( … )`.
    pub(crate) fn skip_parentheses(&mut self) -> Result<(), SqlError> {
        let open = self.peek(0);
        let mut depth = 0usize;
        loop {
            let token = self.peek(0);
            match token.kind {
                TokenKind::Symbol(b'(') => depth += 1,
                TokenKind::Symbol(b')') => depth = depth.saturating_sub(1),
                TokenKind::End => {
                    return Err(SqlError::new(
                        "this parenthesis is never closed",
                        open.start,
                        open.end,
                    ));
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// The expression that consists of these tokens, without outer parentheses.
    pub(crate) fn expression(&self, first: usize, end: usize) -> Result<Expression, SqlError> {
        let tokens = self.tokens.get(first..end).unwrap_or_default();
        let inner = strip_parentheses(tokens);
        match (inner.first(), inner.last()) {
            (Some(from), Some(_)) => {
                let mut text = String::new();
                let mut at = from.start;
                for token in inner {
                    self.push_token(&mut text, at, *token);
                    at = token.end;
                }
                Ok(Expression::new(text))
            }
            _ => {
                let token = tokens.first().copied().unwrap_or(self.peek(0));
                Err(SqlError::new("an expression is missing here", token.start, token.end))
            }
        }
    }

    /// Appends a token as a server in its default mode reads it: comments become a space, and
    /// quotes and backslashes that mean something else in this dialect are respelled.
    fn push_token(&self, text: &mut String, at: usize, token: Token) {
        let gap = self.text.get(at..token.start).unwrap_or_default();
        if gap.chars().all(char::is_whitespace) {
            text.push_str(gap);
        } else {
            text.push(' ');
        }
        let slice = self.slice(token);
        match token.kind {
            TokenKind::Quoted if slice.starts_with('"') => {
                let name = literal::unquote(slice, false, self.dialect);
                text.push('`');
                text.push_str(&name.replace('`', "``"));
                text.push('`');
            }
            TokenKind::Text if self.dialect.no_backslash_escapes => {
                text.push_str(&slice.replace('\\', "\\\\"));
            }
            _ => text.push_str(slice),
        }
    }

    // --- errors

    /// The next token, spelled for an error message.
    fn found(&self) -> String {
        let token = self.peek(0);
        match token.kind {
            TokenKind::End => "the end".to_owned(),
            _ => {
                let slice = self.slice(token);
                let short: String = slice.chars().take(40).collect();
                let dots = if short.len() < slice.len() { "…" } else { "" };
                format!("`{short}{dots}`")
            }
        }
    }

    pub(crate) fn expected(&self, what: &str) -> SqlError {
        self.error(format!("expected {what}, found {}", self.found()))
    }

    pub(crate) fn unexpected(&self) -> SqlError {
        self.error(format!("{} is not understood here", self.found()))
    }

    /// An error at the next token.
    pub(crate) fn error(&self, message: impl Into<String>) -> SqlError {
        let token = self.peek(0);
        SqlError::new(message, token.start, token.end)
    }
}

/// The tokens without the pairs of parentheses that enclose all of them.
fn strip_parentheses(mut tokens: &[Token]) -> &[Token] {
    let mut pairs = outer_pairs(tokens);
    while pairs > 0 {
        tokens = tokens.get(1..tokens.len().saturating_sub(1)).unwrap_or_default();
        pairs -= 1;
    }
    tokens
}

/// How many pairs of parentheses enclose all of the tokens. Counted in one pass, so that many
/// parentheses don't make it slow.
fn outer_pairs(tokens: &[Token]) -> usize {
    let is = |symbol| move |token: &&Token| token.kind == TokenKind::Symbol(symbol);
    let opening = tokens.iter().take_while(is(b'(')).count();
    let closing = tokens.iter().rev().take_while(is(b')')).count();
    let mut depth = 0usize;
    let mut lowest = opening;
    let inside = tokens.get(..tokens.len().saturating_sub(closing)).unwrap_or_default();
    for token in inside {
        match token.kind {
            TokenKind::Symbol(b'(') => depth += 1,
            TokenKind::Symbol(b')') => {
                depth = depth.saturating_sub(1);
                lowest = lowest.min(depth);
            }
            _ => {}
        }
    }
    lowest.min(closing)
}
