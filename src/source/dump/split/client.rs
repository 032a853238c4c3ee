//! The command-line client's own commands, which the server doesn't see.

use std::io::{self, BufRead};

use super::{Piece, RawStatement, SplitError, Splitter};

/// Whether a line is a command of the client, and what follows from it.
pub(super) enum ClientCommand {
    /// It isn't one.
    None,
    /// It was carried out, or doesn't matter for a schema.
    Done,
    Piece(Piece),
    /// The rest isn't read.
    Quit,
}

/// Commands about the terminal that take no argument.
const BARE: &[&str] = &[
    "CLEAR",
    "EGO",
    "GO",
    "NOPAGER",
    "NOTEE",
    "NOWARNING",
    "PRINT",
    "REHASH",
    "RESETCONNECTION",
    "STATUS",
    "WARNINGS",
];

/// Commands about the terminal that extend to the end of the line.
const TERMINAL: &[&str] = &["HELP", "PAGER", "PROMPT", "TEE"];

impl<R: BufRead> Splitter<R> {
    /// Carries out the command on this line, if it is one; `word` is its first word.
    pub(super) fn client_command(&mut self, word: &str) -> Result<ClientCommand, SplitError> {
        let (line, column) = (self.window.line, self.window.column);
        if self.window.peek(0)? == Some(b'\\') {
            return self.short_command();
        }
        let bare = BARE.contains(&word) || matches!(word, "EXIT" | "QUIT");
        if bare && !self.is_line_of(word.len())? {
            return Ok(ClientCommand::None);
        }
        Ok(match word {
            "DELIMITER" if self.is_delimiter_command()? => {
                self.read_delimiter()?;
                ClientCommand::Done
            }
            "SOURCE" => {
                self.window.skip(word.len());
                ClientCommand::Piece(self.follow(line, column)?)
            }
            "CHARSET" => {
                self.window.skip(word.len());
                let mut bytes = b"SET NAMES ".to_vec();
                bytes.extend(self.argument()?);
                ClientCommand::Piece(Piece::Statement(RawStatement { bytes, line, column }))
            }
            "EXIT" | "QUIT" => ClientCommand::Quit,
            "CONNECT" | "EDIT" | "SYSTEM" => {
                self.rest_of_line()?;
                ClientCommand::Piece(Piece::Dynamic(word.to_owned(), line))
            }
            _ if bare || TERMINAL.contains(&word) => {
                self.rest_of_line()?;
                ClientCommand::Done
            }
            _ => ClientCommand::None,
        })
    }

    /// A command that is a backslash and a letter.
    fn short_command(&mut self) -> Result<ClientCommand, SplitError> {
        let (line, column) = (self.window.line, self.window.column);
        let letter = self.window.peek(1)?;
        Ok(match letter {
            Some(b'.') => {
                self.window.skip(2);
                ClientCommand::Piece(self.follow(line, column)?)
            }
            Some(b'q') => ClientCommand::Quit,
            Some(b'c' | b'g' | b'G' | b'n' | b'p' | b's' | b't' | b'w' | b'W' | b'x' | b'#') => {
                self.window.skip(2);
                ClientCommand::Done
            }
            _ => ClientCommand::None,
        })
    }

    /// The file that the client is to read.
    fn follow(&mut self, line: usize, column: usize) -> io::Result<Piece> {
        let bytes = self.argument()?;
        Ok(Piece::Follow(RawStatement { bytes, line, column }))
    }

    /// The rest of the line, without the delimiter and quotes.
    fn argument(&mut self) -> io::Result<Vec<u8>> {
        let line = self.rest_of_line()?;
        let mut argument = line.trim_ascii();
        argument = argument.strip_suffix(self.delimiter.as_slice()).unwrap_or(argument);
        argument = argument.strip_suffix(b";").unwrap_or(argument).trim_ascii();
        for quote in [b"'", b"\"", b"`"] {
            if let Some(inside) = argument.strip_prefix(quote).and_then(|it| it.strip_suffix(quote))
            {
                argument = inside;
            }
        }
        Ok(argument.to_vec())
    }

    /// Whether a word of this length is alone on its line.
    fn is_line_of(&mut self, length: usize) -> io::Result<bool> {
        let shown = self.shown()?;
        let rest = shown.get(length..).unwrap_or_default().trim_ascii();
        Ok(rest.is_empty() || rest == b";" || rest == self.delimiter.as_slice())
    }

    pub(super) fn is_delimiter_command(&mut self) -> io::Result<bool> {
        let is_word = self.first_word()? == "DELIMITER";
        Ok(is_word && self.window.peek(9)?.is_none_or(|byte| byte.is_ascii_whitespace()))
    }

    /// `DELIMITER xx`, to the end of its line.
    fn read_delimiter(&mut self) -> io::Result<()> {
        let rest = self.rest_of_line()?;
        let argument = rest
            .split(u8::is_ascii_whitespace)
            .filter(|part| !part.is_empty())
            .nth(1)
            .unwrap_or(b";");
        self.delimiter = argument.to_vec();
        Ok(())
    }
}
