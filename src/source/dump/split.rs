//! Splits a stream of SQL into statements, like the command-line client and the server.
//!
//! Only statements that may define a schema are kept; data of any size passes through a window of a
//! few kilobytes.

mod between;
mod class;
mod client;
mod marks;
mod problem;
mod window;

use std::io::BufRead;

use super::session::is_set;
use crate::syntax::compound::Compound;
use crate::syntax::lexer::Dialect;
use class::{Class, classify};
use window::Window;

pub(super) use problem::{SplitError, SplitProblem};

/// A kept statement, without its delimiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawStatement {
    pub(super) bytes: Vec<u8>,
    /// Its start: line and column, counted from 1, the column in bytes.
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The next thing that the stream gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Statement(RawStatement),
    /// CALL, PREPARE, EXECUTE: its first word, and the line.
    Dynamic(String, usize),
    /// The start of a comment between statements.
    Comment(Vec<u8>),
    /// A client's command to read another file; its name, in the form of a statement.
    Follow(RawStatement),
}

/// The longest statement that is kept, in bytes.
const LONGEST_STATEMENT: usize = 64 << 20;
const LONGEST_COMMENT: usize = 512;
/// The byte that old programs write at the end of a file.
const END_OF_FILE: u8 = 0x1a;
/// How much of an unreadable text is shown, in bytes.
const LONGEST_SHOWN: usize = 60;

/// Splits a stream into statements.
pub(super) struct Splitter<R> {
    window: Window<R>,
    pub(super) delimiter: Vec<u8>,
    pub(super) mode: Mode,
    /// Whether there has been a statement to carry out, which a later part may reverse.
    carries_out: bool,
    /// Whether every statement is kept, also those that define no schema.
    keeps_all: bool,
}

/// The parts of `sql_mode` that change how text is lexed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mode {
    pub(super) ansi_quotes: bool,
    pub(super) no_backslash_escapes: bool,
}

impl Mode {
    /// From a list with commas.
    pub(super) fn of(modes: &str) -> Self {
        let Dialect { ansi_quotes, no_backslash_escapes, .. } = Dialect::under(modes, None);
        Mode { ansi_quotes, no_backslash_escapes }
    }

    /// How text is lexed in this mode, for any server.
    pub(super) fn dialect(self) -> Dialect {
        let Mode { ansi_quotes, no_backslash_escapes } = self;
        Dialect { server: None, ansi_quotes, no_backslash_escapes }
    }
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(reader: R) -> Self {
        Splitter {
            window: Window::new(reader),
            delimiter: b";".to_vec(),
            mode: Mode::default(),
            carries_out: false,
            keeps_all: false,
        }
    }

    /// A splitter that gives every statement, in memory.
    pub(super) fn keeping_all(reader: R) -> Self {
        Splitter { keeps_all: true, ..Splitter::new(reader) }
    }

    /// The current line, counted from 1.
    pub(super) fn line(&self) -> usize {
        self.window.line
    }

    /// The current column, counted from 1, in bytes.
    pub(super) fn column(&self) -> usize {
        self.window.column
    }

    /// The next statement or comment; `None` at the end.
    pub(super) fn next_piece(&mut self) -> Result<Option<Piece>, SplitError> {
        self.window.skip_byte_order_mark()?;
        while let Some(byte) = self.window.peek(0)? {
            self.refuse_at_line_start(None)?;
            if byte.is_ascii_whitespace() {
                self.window.advance();
            } else if byte == b';' || self.window.starts_with(&self.delimiter)? {
                let length = if byte == b';' { 1 } else { self.delimiter.len() };
                self.window.skip(length);
            } else if let Some(comment) = self.comment_between()? {
                return Ok(Some(Piece::Comment(comment)));
            } else if byte == END_OF_FILE && self.window.peek(1)?.is_none() {
                self.window.advance();
            } else if byte.is_ascii_control() {
                return Err(self.here("this isn't SQL text").into());
            } else {
                let word = self.first_word()?;
                match self.client_command(&word)? {
                    client::ClientCommand::None => {
                        self.carries_out = true;
                        return self.statement(&word).map(Some);
                    }
                    client::ClientCommand::Done => {}
                    client::ClientCommand::Piece(piece) => return Ok(Some(piece)),
                    client::ClientCommand::Quit => return Ok(None),
                }
            }
        }
        Ok(None)
    }

    // --- a statement

    fn statement(&mut self, word: &str) -> Result<Piece, SplitError> {
        let mut statement = Reading::new(word, self.window.line, self.window.column);
        statement.is_block = self.begins_block(word)?;
        if !statement.is_block && !self.keeps_all {
            statement.class = classify(word, self.window.peek(0)?);
        }
        if statement.class != Class::Keep {
            statement.shown = self.shown()?;
        }
        let first = self.delimiter.first().copied().unwrap_or(b';');
        let plain: Vec<bool> = (0..=255).map(|byte| is_plain(byte, first)).collect();
        loop {
            if self.window.column > 1 {
                let run = self.window.skip_run(&plain);
                if statement.class == Class::Keep {
                    statement.bytes.extend_from_slice(run);
                }
            }
            let Some(byte) = self.window.peek(0)? else {
                statement.refuse_unclosed(self.keeps_all)?;
                break;
            };
            if self.ends_here(byte, &mut statement)? {
                break;
            }
            let length = self.scan_step(byte, &mut statement.scan)?;
            for _ in 0..length {
                // The second of two bytes may be outside the window.
                let Some(byte) = self.window.peek(0)? else { break };
                self.window.advance();
                if statement.class == Class::Keep {
                    statement.bytes.push(byte);
                }
            }
            if statement.bytes.len() > LONGEST_STATEMENT {
                return Err(statement.problem("this statement is longer than 64 MiB").into());
            }
        }
        Ok(statement.finish(self.keeps_all))
    }

    /// Whether the statement ends before this byte. The delimiter is consumed.
    fn ends_here(&mut self, byte: u8, statement: &mut Reading) -> Result<bool, SplitError> {
        let scan = &statement.scan;
        if scan.quote.is_some() || scan.in_comment || scan.in_line_comment {
            return Ok(false);
        }
        let executed = scan.executed > 0;
        if self.window.column == 1 {
            self.refuse_at_line_start(Some(statement))?;
        }
        let is_delimiter = self.delimiter.first() == Some(&byte) && !executed;
        if is_delimiter && self.delimiter != b";" && self.window.starts_with(&self.delimiter)? {
            self.window.skip(self.delimiter.len());
            return Ok(true);
        }
        // The server splits at `;`, whatever the client's delimiter is.
        if byte == b';' && !executed {
            let delimited = self.delimiter != b";";
            if statement.is_body_open(delimited, self.mode) {
                return Ok(false);
            }
            self.window.advance();
            return Ok(true);
        }
        if byte == b'\\' && matches!(self.window.peek(1)?, Some(b'g' | b'G')) {
            self.window.skip(2);
            return Ok(true);
        }
        if byte == b'-' && !executed && self.is_mark()? || byte == b'\n' && statement.word == "USE"
        {
            return Ok(true);
        }
        // At the start of a line the client reads DELIMITER even if the delimiter before it is
        // missing.
        Ok(self.window.column == 1 && matches!(byte, b'd' | b'D') && self.is_delimiter_command()?)
    }

    /// How many bytes belong together here; `scan` is moved past them.
    fn scan_step(&mut self, byte: u8, scan: &mut Scan) -> Result<usize, SplitError> {
        if let Some(quote) = scan.quote {
            if byte == b'\\' && self.escapes(quote) {
                return Ok(2);
            }
            if byte == quote {
                if self.window.peek(1)? == Some(quote) {
                    return Ok(2);
                }
                scan.quote = None;
            }
            return Ok(1);
        }
        if scan.in_line_comment {
            scan.in_line_comment = byte != b'\n';
            return Ok(1);
        }
        match byte {
            b'*' if (scan.in_comment || scan.executed > 0)
                && self.window.peek(1)? == Some(b'/') =>
            {
                if scan.in_comment {
                    scan.in_comment = false;
                } else {
                    scan.executed -= 1;
                }
                return Ok(2);
            }
            _ if scan.in_comment => {}
            b'\'' | b'"' | b'`' => {
                scan.quote = Some(byte);
                scan.opened = self.window.line;
            }
            b'#' | b'-' if self.is_line_comment()? => scan.in_line_comment = true,
            b'/' if self.window.peek(1)? == Some(b'*') => {
                scan.opened = self.window.line;
                if self.window.starts_with(b"/*!")? || self.window.starts_with(b"/*M!")? {
                    scan.executed += 1;
                } else {
                    scan.in_comment = true;
                }
                return Ok(2);
            }
            _ => {}
        }
        Ok(1)
    }

    fn escapes(&self, quote: u8) -> bool {
        !self.mode.no_backslash_escapes
            && (quote == b'\'' || quote == b'"' && !self.mode.ansi_quotes)
    }
}

/// The lexer's state within a statement.
#[derive(Default)]
struct Scan {
    quote: Option<u8>,
    /// The line where the quote or the comment was opened.
    opened: usize,
    in_comment: bool,
    in_line_comment: bool,
    /// How many executable comments are open.
    executed: usize,
}

/// A statement that is being read.
struct Reading {
    word: String,
    class: Class,
    /// Whether it is a compound statement outside of routines.
    is_block: bool,
    /// The bytes so far, if it is kept.
    bytes: Vec<u8>,
    /// Its beginning, if it isn't kept.
    shown: Vec<u8>,
    line: usize,
    column: usize,
    scan: Scan,
    /// Its body, from the first `;` on, and how many bytes of it have been read.
    body: Option<(Option<Compound>, usize)>,
}

impl Reading {
    fn new(word: &str, line: usize, column: usize) -> Self {
        Reading {
            word: word.to_owned(),
            class: Class::Keep,
            is_block: false,
            bytes: Vec::new(),
            shown: Vec::new(),
            line,
            column,
            scan: Scan::default(),
            body: None,
        }
    }

    /// Whether the `;` that comes next is part of the statement's body. `delimited`: another
    /// delimiter ends the statement.
    fn is_body_open(&mut self, delimited: bool, mode: Mode) -> bool {
        if !self.is_block && !matches!(self.word.as_str(), "CREATE" | "ALTER") {
            return false;
        }
        let dialect = mode.dialect();
        let length = self.bytes.len();
        match &mut self.body {
            None => {
                let text = String::from_utf8_lossy(&self.bytes);
                self.body = Some((Compound::begin(&text, dialect), length));
            }
            Some((Some(compound), read)) => {
                let new = self.bytes.get(*read..).unwrap_or_default();
                compound.go_on(&String::from_utf8_lossy(new), dialect);
                *read = length;
            }
            Some((None, _)) => {}
        }
        match &self.body {
            Some((Some(compound), _)) => compound.is_open() && (delimited || !compound.is_opaque()),
            _ => false,
        }
    }

    /// Refuses an unclosed quote or comment, because it would swallow what follows. For a kept
    /// statement the parser reports it, except for a body, which nothing else checks. Where every
    /// statement is kept, none of them is parsed.
    fn refuse_unclosed(&self, keeps_all: bool) -> Result<(), SplitError> {
        let line = self.scan.opened;
        let message = match (&self.scan, &self.body) {
            (_, Some((Some(compound), _))) if compound.is_open() && !compound.is_opaque() => {
                "the body of this statement has no END".to_owned()
            }
            _ if self.class == Class::Keep && !keeps_all => return Ok(()),
            (Scan { quote: Some(_), .. }, _) => format!("the quote on line {line} is never closed"),
            (Scan { in_comment: true, .. } | Scan { executed: 1.., .. }, _) => {
                format!("the comment on line {line} is never closed")
            }
            _ => return Ok(()),
        };
        Err(self.problem(message).into())
    }

    /// Whether it can't be a statement that defines something.
    fn holds_no_statement(&self) -> bool {
        const NAMING: &[&str] = &["DESC", "DESCRIBE", "EXPLAIN", "GRANT", "REVOKE", "SHOW"];
        let word = self.word.as_str();
        self.class == Class::Pass && !NAMING.contains(&word)
            || word == "SET" && is_set(&String::from_utf8_lossy(&self.bytes))
    }

    fn problem(&self, message: impl Into<String>) -> SplitProblem {
        let shown = if self.class == Class::Keep { &self.bytes } else { &self.shown };
        let end = shown.iter().position(|byte| *byte == b'\n').unwrap_or(shown.len());
        let shown = shown.get(..end.min(LONGEST_SHOWN)).unwrap_or_default().to_vec();
        SplitProblem {
            message: message.into(),
            help: None,
            line: self.line,
            column: self.column,
            shown,
        }
    }

    fn finish(self, keeps_all: bool) -> Piece {
        let Reading { bytes, line, column, .. } = self;
        match self.class {
            Class::Keep if self.is_block && !keeps_all => Piece::Dynamic(self.word, line),
            Class::Keep => Piece::Statement(RawStatement { bytes, line, column }),
            Class::Pass => Piece::Comment(Vec::new()),
            Class::Dynamic => Piece::Dynamic(self.word, line),
        }
    }
}

fn push_up_to(text: &mut Vec<u8>, byte: u8, longest: usize) {
    if text.len() < longest {
        text.push(byte);
    }
}

/// Whether a byte neither begins nor ends anything, inside quotes or outside.
fn is_plain(byte: u8, delimiter: u8) -> bool {
    const MARKS: &[u8] = b"'\"`\\#-/*\n";
    byte != delimiter && byte != b';' && !MARKS.contains(&byte)
}

#[cfg(test)]
mod tests;
