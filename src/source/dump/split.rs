//! A stream of SQL into statements, as the command-line client divides it.
//!
//! Only statements that may define a schema are kept; data of any size passes through a window of
//! a few kilobytes.

mod class;
mod window;

use std::io::{self, BufRead};

use crate::sql::lexer::Dialect;
use class::{Class, classify};
use window::Window;

/// A statement that was kept, without its delimiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawStatement {
    pub(super) bytes: Vec<u8>,
    /// Where it begins: line and column, counted from 1, the column in bytes.
    pub(super) line: usize,
    pub(super) column: usize,
}

/// What the stream gives next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Statement(RawStatement),
    /// CALL, PREPARE, EXECUTE: its first word, and the line.
    Dynamic(String, usize),
    /// A comment between statements, cut to its beginning.
    Comment(Vec<u8>),
}

/// No statement that defines something is longer.
const LONGEST_STATEMENT: usize = 64 << 20;
const LONGEST_COMMENT: usize = 512;

/// The statements of a stream.
pub(super) struct Splitter<R> {
    window: Window<R>,
    delimiter: Vec<u8>,
    pub(super) mode: Mode,
}

/// The parts of `sql_mode` that change how a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mode {
    pub(super) ansi_quotes: bool,
    pub(super) no_backslash_escapes: bool,
}

impl Mode {
    /// The mode of a list with commas.
    pub(super) fn of(modes: &str) -> Self {
        let Dialect { ansi_quotes, no_backslash_escapes, .. } = Dialect::under(modes, None);
        Mode { ansi_quotes, no_backslash_escapes }
    }
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(reader: R) -> Self {
        Splitter { window: Window::new(reader), delimiter: b";".to_vec(), mode: Mode::default() }
    }

    /// The next statement or comment; `None` at the end.
    pub(super) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        self.window.skip_byte_order_mark()?;
        while let Some(byte) = self.window.peek(0)? {
            if byte.is_ascii_whitespace() || byte == 0 {
                self.window.advance();
            } else if self.window.starts_with(&self.delimiter)? {
                self.window.skip(self.delimiter.len());
            } else if let Some(comment) = self.comment_between()? {
                return Ok(Some(Piece::Comment(comment)));
            } else if self.is_delimiter_command()? {
                self.read_delimiter()?;
            } else {
                let word = self.first_word()?;
                return self.statement(&word).map(Some);
            }
        }
        Ok(None)
    }

    // --- between statements

    /// A comment that no server executes, cut to its beginning.
    fn comment_between(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut text = Vec::new();
        if self.is_line_comment()? {
            while let Some(byte) = self.window.peek(0)? {
                self.window.advance();
                if byte == b'\n' {
                    break;
                }
                push_up_to(&mut text, byte, LONGEST_COMMENT);
            }
            return Ok(Some(text));
        }
        if !self.window.starts_with(b"/*")? || self.holds_statement()? {
            return Ok(None);
        }
        while let Some(byte) = self.window.peek(0)? {
            let closes = text.len() >= 2 && self.window.starts_with(b"*/")?;
            self.window.advance();
            push_up_to(&mut text, byte, LONGEST_COMMENT);
            if closes {
                self.window.advance();
                break;
            }
        }
        Ok(Some(text))
    }

    fn is_line_comment(&mut self) -> io::Result<bool> {
        if self.window.peek(0)? == Some(b'#') {
            return Ok(true);
        }
        let after = if self.window.starts_with(b"--")? { self.window.peek(2)? } else { Some(b'x') };
        Ok(after.is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()))
    }

    /// Whether the comment that begins here is for servers to execute, with a word in it.
    fn holds_statement(&mut self) -> io::Result<bool> {
        Ok(!self.first_word()?.is_empty())
    }

    /// The word that begins here, in upper case; that of the content where a versioned comment
    /// begins here, and empty where no word does.
    fn first_word(&mut self) -> io::Result<String> {
        let mut ahead = 0;
        let for_mariadb = self.window.starts_with(b"/*M!")?;
        if for_mariadb || self.window.starts_with(b"/*!")? {
            ahead = if for_mariadb { 4 } else { 3 };
            while ahead < 12 && self.window.peek(ahead)?.is_some_and(|byte| byte.is_ascii_digit()) {
                ahead += 1;
            }
            while ahead < 64
                && self.window.peek(ahead)?.is_some_and(|byte| byte.is_ascii_whitespace())
            {
                ahead += 1;
            }
        }
        let mut word = String::new();
        while let Some(byte) = self.window.peek(ahead)? {
            if !(byte.is_ascii_alphabetic() || byte == b'_') || word.len() > 32 {
                break;
            }
            word.push(char::from(byte.to_ascii_uppercase()));
            ahead += 1;
        }
        Ok(word)
    }

    fn is_delimiter_command(&mut self) -> io::Result<bool> {
        let is_word = self.first_word()? == "DELIMITER";
        Ok(is_word && self.window.peek(9)?.is_none_or(|byte| byte.is_ascii_whitespace()))
    }

    /// `DELIMITER xx`, which the client itself reads, to the end of its line.
    fn read_delimiter(&mut self) -> io::Result<()> {
        let mut rest = Vec::new();
        while let Some(byte) = self.window.peek(0)? {
            self.window.advance();
            if byte == b'\n' {
                break;
            }
            push_up_to(&mut rest, byte, LONGEST_COMMENT);
        }
        let argument = rest
            .split(u8::is_ascii_whitespace)
            .filter(|part| !part.is_empty())
            .nth(1)
            .unwrap_or(b";");
        self.delimiter = argument.to_vec();
        Ok(())
    }

    // --- a statement

    fn statement(&mut self, word: &str) -> io::Result<Piece> {
        let (line, column) = (self.window.line, self.window.column);
        let class = classify(word, self.window.peek(0)?);
        let mut bytes = Vec::new();
        let mut scan = Scan::default();
        let first = self.delimiter.first().copied().unwrap_or(b';');
        let plain: Vec<bool> = (0..=255).map(|byte| is_plain(byte, first)).collect();
        loop {
            if self.window.column > 1 {
                let run = self.window.skip_run(&plain);
                if class == Class::Keep {
                    bytes.extend_from_slice(run);
                }
            }
            let Some(byte) = self.window.peek(0)? else {
                scan.refuse_unclosed(class)?;
                break;
            };
            if self.ends_here(word, byte, &scan)? {
                break;
            }
            let length = self.scan_step(byte, &mut scan)?;
            for _ in 0..length {
                // The second of two bytes may be beyond the window.
                let Some(byte) = self.window.peek(0)? else { break };
                self.window.advance();
                if class == Class::Keep {
                    bytes.push(byte);
                }
            }
            if bytes.len() > LONGEST_STATEMENT {
                let message = format!("line {line}: this statement is longer than 64 MiB");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(match class {
            Class::Keep => Piece::Statement(RawStatement { bytes, line, column }),
            Class::Pass => Piece::Comment(Vec::new()),
            Class::Dynamic => Piece::Dynamic(word.to_owned(), line),
        })
    }

    /// Whether the statement ends before this byte; what ends it is passed over.
    fn ends_here(&mut self, word: &str, byte: u8, scan: &Scan) -> io::Result<bool> {
        if scan.quote.is_some() || scan.in_comment || scan.in_line_comment {
            return Ok(false);
        }
        let is_delimiter = self.delimiter.first() == Some(&byte) && scan.executed == 0;
        if is_delimiter && self.window.starts_with(&self.delimiter)? {
            self.window.skip(self.delimiter.len());
            return Ok(true);
        }
        if byte == b'\\' && matches!(self.window.peek(1)?, Some(b'g' | b'G')) {
            self.window.skip(2);
            return Ok(true);
        }
        if byte == b'\n' && word == "USE" {
            return Ok(true);
        }
        // The client takes DELIMITER at the beginning of a line even where one is missing before.
        Ok(self.window.column == 1 && matches!(byte, b'd' | b'D') && self.is_delimiter_command()?)
    }

    /// How many bytes belong together here; the state goes on past them.
    fn scan_step(&mut self, byte: u8, scan: &mut Scan) -> io::Result<usize> {
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
                scan.quote_line = self.window.line;
            }
            b'#' | b'-' if self.is_line_comment()? => scan.in_line_comment = true,
            b'/' if self.window.peek(1)? == Some(b'*') => {
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

/// Where in a statement the reading is.
#[derive(Default)]
struct Scan {
    quote: Option<u8>,
    /// The line on which the quote was opened.
    quote_line: usize,
    in_comment: bool,
    in_line_comment: bool,
    /// How many executed comments are open.
    executed: usize,
}

impl Scan {
    /// A quote that is never closed would hide what follows it. A statement that is kept says so
    /// itself when it is read.
    fn refuse_unclosed(&self, class: Class) -> io::Result<()> {
        match self.quote {
            Some(_) if class != Class::Keep => {
                let message = format!("line {}: this quote is never closed", self.quote_line);
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, message))
            }
            _ => Ok(()),
        }
    }
}

fn push_up_to(text: &mut Vec<u8>, byte: u8, longest: usize) {
    if text.len() < longest {
        text.push(byte);
    }
}

/// Whether a byte neither begins nor ends anything, in quotes or out of them.
fn is_plain(byte: u8, delimiter: u8) -> bool {
    const MARKS: &[u8] = b"'\"`\\#-/*\n";
    byte != delimiter && !MARKS.contains(&byte)
}

#[cfg(test)]
mod tests;
