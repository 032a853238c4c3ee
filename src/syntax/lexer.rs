//! Divides MySQL's and MariaDB's SQL into words, names, literals and symbols, with their places.
//!
//! Versioned comments are read as the server of the [`Dialect`] reads them: if that server executes
//! their content, it becomes tokens; if not, it is skipped.

use std::ops::Range;

use super::SqlError;
use crate::server::{Server, Vendor};

/// What decides how a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// The server that decides about versioned comments. Without a server, all of them are
    /// executed.
    pub(crate) server: Option<Server>,
    /// `sql_mode` has ANSI_QUOTES, so `"x"` is a name.
    pub(crate) ansi_quotes: bool,
    /// `sql_mode` has NO_BACKSLASH_ESCAPES, so `\` in a string is an ordinary character.
    pub(crate) no_backslash_escapes: bool,
}

impl Dialect {
    /// How a text is read with this `sql_mode`, which is a list of modes in any case, separated by
    /// commas.
    pub(crate) fn under(sql_mode: &str, server: Option<Server>) -> Self {
        let is_on = |wanted: &[&str]| {
            let mut modes = sql_mode.split(',').map(str::trim);
            modes.any(|mode| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(mode)))
        };
        Dialect {
            server,
            ansi_quotes: is_on(QUOTE_NAMES),
            no_backslash_escapes: is_on(&["NO_BACKSLASH_ESCAPES"]),
        }
    }
}

/// The modes in which `"x"` is a name.
const QUOTE_NAMES: &[&str] =
    &["ANSI_QUOTES", "ANSI", "ORACLE", "MSSQL", "DB2", "POSTGRESQL", "MAXDB"];

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword or an unquoted name.
    Word,
    /// A name in backticks, or in double quotes if ANSI_QUOTES is on.
    Quoted,
    /// `'…'`, `"…"` or `N'…'`.
    Text,
    /// `12`, `1.5`, `2e10`
    Number,
    /// `0xFF`, `x'FF'`
    Hex,
    /// `0b101`, `b'101'`
    Bits,
    /// `<=`, `->` and the like: an operator of more than one byte.
    Operator(&'static str),
    /// One byte of anything else.
    Symbol(u8),
    /// The end of the text.
    End,
}

/// A token: its kind and its byte range in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The operators of more than one byte. If one operator begins with another, the longer one comes
/// first. `!!` is one token because the vendors don't agree on it: MariaDB reads NOT twice, MySQL
/// reads NOT once.
const OPERATORS: [&str; 12] =
    ["<=>", "->>", "<=", "<>", "<<", ">=", ">>", "!=", "!!", "->", "||", "&&"];

/// The tokens of a text. The last one is [`TokenKind::End`].
pub(crate) fn lex(text: &str, dialect: Dialect) -> Result<Vec<Token>, SqlError> {
    lex_with_frames(text, dialect).map(|(tokens, _)| tokens)
}

/// The tokens of a text, and the byte ranges that a server leaves out when it keeps a text as
/// written: the marks around a versioned comment that it executes, and the whole of a versioned
/// comment that it doesn't execute.
pub(crate) fn lex_with_frames(
    text: &str,
    dialect: Dialect,
) -> Result<(Vec<Token>, Vec<Range<usize>>), SqlError> {
    let mut lexer = Lexer {
        bytes: text.as_bytes(),
        at: 0,
        open_comments: Vec::new(),
        frames: Vec::new(),
        dialect,
    };
    let tokens = lexer.run()?;
    Ok((tokens, lexer.frames))
}

/// Whether a byte can be part of an unquoted name.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// What kind of comment begins at a `/*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comment {
    /// A comment that every server skips.
    Plain,
    /// A comment whose content the server executes. The content begins this many bytes after the
    /// `/*`.
    Executed(usize),
    /// A versioned comment for another server.
    Skipped,
}

/// Classifies the comment at the beginning of `bytes` (`/*…`).
///
/// The rules are in the MySQL manual, 11.7 "Comments", and in MariaDB, "Comment Syntax". MariaDB
/// skips what is for MySQL 5.7 and later, and only MariaDB executes `/*M!`.
fn classify_comment(bytes: &[u8], server: Option<Server>) -> Comment {
    let (for_mariadb, mut offset) = match bytes.get(2..) {
        Some([b'!', ..]) => (false, 3),
        Some([b'M', b'!', ..]) => (true, 4),
        _ => return Comment::Plain,
    };
    if for_mariadb && server.is_some_and(|server| server.vendor == Vendor::MySql) {
        return Comment::Plain;
    }
    let rest = bytes.get(offset..).unwrap_or_default();
    let digits = rest.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    if digits < 5 {
        return Comment::Executed(offset);
    }
    let wanted = rest.iter().take(digits).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    offset += digits;
    if is_executed(wanted, for_mariadb, server) {
        Comment::Executed(offset)
    } else {
        Comment::Skipped
    }
}

fn is_executed(wanted: u32, for_mariadb: bool, server: Option<Server>) -> bool {
    let Some(server) = server else { return wanted < 200_000 };
    let version = server.version;
    let have = u32::from(version.major) * 10_000
        + u32::from(version.minor) * 100
        + u32::from(version.patch.min(99));
    let for_mysql_alone =
        server.vendor == Vendor::MariaDb && !for_mariadb && (50_700..=99_999).contains(&wanted);
    wanted <= have && !for_mysql_alone
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where each executed comment that is still open begins.
    open_comments: Vec<usize>,
    /// See [`lex_with_frames`].
    frames: Vec<Range<usize>>,
    dialect: Dialect,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<Vec<Token>, SqlError> {
        let mut tokens = Vec::with_capacity(self.bytes.len() / 5 + 1);
        loop {
            self.skip_blank()?;
            let start = self.at;
            let Some(byte) = self.byte(0) else { break };
            let kind = self.token(byte, tokens.last())?;
            tokens.push(Token { kind, start, end: self.at });
        }
        if let Some(&start) = self.open_comments.last() {
            return Err(SqlError::new("this comment is never closed", start, start + 2));
        }
        tokens.push(Token { kind: TokenKind::End, start: self.at, end: self.at });
        Ok(tokens)
    }

    fn byte(&self, offset: usize) -> Option<u8> {
        self.bytes.get(self.at + offset).copied()
    }

    /// Skips white space, comments, and the marks around executed comments.
    fn skip_blank(&mut self) -> Result<(), SqlError> {
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'#' => self.skip_line(),
                b'-' if self.byte(1) == Some(b'-') && self.byte(2).is_none_or(is_blank) => {
                    self.skip_line();
                }
                b'/' if self.byte(1) == Some(b'*') => self.skip_comment()?,
                b'*' if self.byte(1) == Some(b'/') && self.open_comments.pop().is_some() => {
                    self.frames.push(self.at..self.at + 2);
                    self.at += 2;
                }
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) -> Result<(), SqlError> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        match classify_comment(rest, self.dialect.server) {
            Comment::Executed(length) => {
                self.open_comments.push(start);
                self.at += length;
                self.frames.push(start..self.at);
                Ok(())
            }
            Comment::Plain => self.skip_to_close(start, false),
            Comment::Skipped => {
                self.skip_to_close(start, true)?;
                self.frames.push(start..self.at);
                Ok(())
            }
        }
    }

    /// Skips a comment. A versioned comment for another server may contain plain comments.
    fn skip_to_close(&mut self, start: usize, may_nest: bool) -> Result<(), SqlError> {
        self.at = start + 2;
        let mut nested = false;
        while let Some(byte) = self.byte(0) {
            match (byte, self.byte(1)) {
                (b'*', Some(b'/')) => {
                    self.at += 2;
                    if !nested {
                        return Ok(());
                    }
                    nested = false;
                }
                (b'/', Some(b'*')) if may_nest => {
                    nested = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        Err(SqlError::new("this comment is never closed", start, start + 2))
    }

    fn token(&mut self, byte: u8, before: Option<&Token>) -> Result<TokenKind, SqlError> {
        let next = self.byte(1);
        match byte {
            b'`' => self.quoted(byte, TokenKind::Quoted),
            b'"' if self.dialect.ansi_quotes => self.quoted(byte, TokenKind::Quoted),
            b'\'' | b'"' => self.quoted(byte, TokenKind::Text),
            b'n' | b'N' if next == Some(b'\'') => {
                self.at += 1;
                self.quoted(b'\'', TokenKind::Text)
            }
            b'x' | b'X' if next == Some(b'\'') => self.digits_in_quotes(TokenKind::Hex),
            b'b' | b'B' if next == Some(b'\'') => self.digits_in_quotes(TokenKind::Bits),
            b'0'..=b'9' if !self.follows_point(before) => Ok(self.number()),
            b'.' if next.is_some_and(|byte| byte.is_ascii_digit()) && !self.touches(before) => {
                Ok(self.number())
            }
            _ if is_name_byte(byte) => {
                self.skip_name();
                Ok(TokenKind::Word)
            }
            _ => Ok(self.operator(byte)),
        }
    }

    fn operator(&mut self, byte: u8) -> TokenKind {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = OPERATORS.into_iter().find(|operator| rest.starts_with(operator.as_bytes()));
        self.at += found.map_or(1, str::len);
        found.map_or(TokenKind::Symbol(byte), TokenKind::Operator)
    }

    /// Whether the previous token is a name that ends exactly here, so that the `.` qualifies it.
    fn touches(&self, before: Option<&Token>) -> bool {
        before.is_some_and(|token| {
            token.end == self.at && matches!(token.kind, TokenKind::Word | TokenKind::Quoted)
        })
    }

    fn follows_point(&self, before: Option<&Token>) -> bool {
        before.is_some_and(|token| token.end == self.at && token.kind == TokenKind::Symbol(b'.'))
    }

    fn skip_name(&mut self) {
        while self.byte(0).is_some_and(is_name_byte) {
            self.at += 1;
        }
    }

    fn quoted(&mut self, quote: u8, kind: TokenKind) -> Result<TokenKind, SqlError> {
        let start = self.at;
        let escapes = kind == TokenKind::Text && !self.dialect.no_backslash_escapes;
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            if byte == b'\\' && escapes {
                self.at += 2;
            } else if byte != quote {
                self.at += 1;
            } else if self.byte(1) == Some(quote) {
                self.at += 2;
            } else {
                self.at += 1;
                return Ok(kind);
            }
        }
        let what = if kind == TokenKind::Text { "string" } else { "name" };
        Err(SqlError::new(format!("this {what} is never closed"), start, start + 1))
    }

    fn digits_in_quotes(&mut self, kind: TokenKind) -> Result<TokenKind, SqlError> {
        let start = self.at;
        self.at += 2;
        let is_digit = |byte: u8| match kind {
            TokenKind::Hex => byte.is_ascii_hexdigit(),
            _ => matches!(byte, b'0' | b'1'),
        };
        while self.byte(0).is_some_and(is_digit) {
            self.at += 1;
        }
        let odd = kind == TokenKind::Hex && (self.at - start) % 2 == 1;
        if self.byte(0) != Some(b'\'') || odd {
            let what =
                if kind == TokenKind::Hex { "pairs of hexadecimal digits" } else { "0 and 1" };
            return Err(SqlError::new(
                format!("only {what} is allowed in this literal"),
                start,
                self.at,
            ));
        }
        self.at += 1;
        Ok(kind)
    }

    /// Reads a number, or a name that begins with digits.
    fn number(&mut self) -> TokenKind {
        let start = self.at;
        if let Some(kind) = self.prefixed_number() {
            return kind;
        }
        self.skip_digits();
        if self.byte(0) == Some(b'.') {
            self.at += 1;
            self.skip_digits();
        }
        if matches!(self.byte(0), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.byte(1), Some(b'+' | b'-')));
            if self.byte(1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1 + sign;
                self.skip_digits();
            }
        }
        let only_digits = self
            .bytes
            .get(start..self.at)
            .unwrap_or_default()
            .iter()
            .all(u8::is_ascii_alphanumeric);
        if only_digits && self.byte(0).is_some_and(is_name_byte) {
            self.skip_name();
            return TokenKind::Word;
        }
        TokenKind::Number
    }

    /// Reads `0xFF` or `0b101`. The letter must be in lower case.
    fn prefixed_number(&mut self) -> Option<TokenKind> {
        let (is_digit, kind): (fn(&u8) -> bool, TokenKind) = match (self.byte(0)?, self.byte(1)?) {
            (b'0', b'x') => (u8::is_ascii_hexdigit, TokenKind::Hex),
            (b'0', b'b') => (|byte| matches!(byte, b'0' | b'1'), TokenKind::Bits),
            _ => return None,
        };
        let digits =
            self.bytes.get(self.at + 2..)?.iter().take_while(|byte| is_digit(byte)).count();
        let after = self.byte(2 + digits);
        if digits == 0 || after.is_some_and(is_name_byte) {
            return None;
        }
        self.at += 2 + digits;
        Some(kind)
    }

    fn skip_digits(&mut self) {
        while self.byte(0).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control()
}
