//! A dump, or any file of SQL: its statements are carried out on an empty schema.
//!
//! The file is read in one stream. What doesn't define a schema is passed over; a statement that
//! does and can't be read is an error.

mod alter;
mod database;
mod flavor;
mod objects;
pub(super) mod script;
mod session;
mod split;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::Range;
use std::path::Path;

use crate::diagnostic::{Diagnostic, FileId, Files, Severity, Span, near_name, render};
use crate::server::Server;
use crate::source::Loaded;
use crate::sql::SqlError;
use crate::sql::lexer::Dialect;
use crate::sql::literal::char_of_byte;
use crate::sql::statement::read_statement;
use database::Database;
use flavor::Evidence;
use session::{Running, Session, is_set};
use split::{Piece, RawStatement, Splitter};

/// Why a dump can't be used.
#[derive(Debug)]
pub enum DumpError {
    /// The file can't be read.
    Unreadable {
        /// Which file.
        label: String,
        /// Why.
        source: io::Error,
    },
    /// Statements in it can't be carried out.
    Invalid {
        /// At least one error, in the order of the file.
        diagnostics: Vec<Diagnostic>,
        /// What they point into.
        files: Files,
    },
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DumpError::Unreadable { label, source } => write!(f, "can't read {label}: {source}"),
            DumpError::Invalid { diagnostics, files } => {
                for (index, diagnostic) in diagnostics.iter().enumerate() {
                    if index > 0 {
                        f.write_str("\n")?;
                    }
                    f.write_str(&render(diagnostic, files, false))?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for DumpError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DumpError::Unreadable { source, .. } => Some(source),
            DumpError::Invalid { .. } => None,
        }
    }
}

/// Reads a file of SQL. Which server it is for is told by `flavor`, or else by the file itself.
pub fn read(path: &Path, flavor: Option<Server>) -> Result<Loaded, DumpError> {
    let label = path.display().to_string();
    let unreadable = |source| DumpError::Unreadable { label: label.clone(), source };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(unreadable(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")));
    }
    read_from(BufReader::with_capacity(1 << 16, file), &label, flavor)
}

/// Reads SQL from a stream; `label` is how messages name it.
pub fn read_from(
    reader: impl BufRead,
    label: &str,
    flavor: Option<Server>,
) -> Result<Loaded, DumpError> {
    let collected = Collected::read(reader)
        .map_err(|source| DumpError::Unreadable { label: label.to_owned(), source })?;
    let known = flavor.or(collected.evidence.verdict());
    let server = known.unwrap_or(Server::ASSUMED);
    let mut files = Files::default();
    let file = files.add(label, collected.text.as_str());
    let mut database = Database::new(server, file);
    let errors = collected.run(&mut database, server, file);
    if !errors.is_empty() {
        return Err(DumpError::Invalid { diagnostics: errors, files });
    }
    let notes = collected.notes();
    Ok(Loaded { label: label.to_owned(), server: known, files, notes, ..database.finish() })
}

/// A statement that was kept, as a range of [`Collected::text`].
struct Kept {
    range: Range<usize>,
    dialect: Dialect,
    session: Session,
}

/// What is left of a file when everything has been taken away that doesn't define a schema.
#[derive(Default)]
struct Collected {
    /// The kept statements, with as many line feeds between them as the file has.
    text: String,
    statements: Vec<Kept>,
    evidence: Evidence,
    /// CALL and the like, each with its line.
    dynamic: Vec<(String, usize)>,
    line: usize,
    column: usize,
    padding: usize,
}

/// Lines of data cost a byte each, as long as there are no more than this.
const MOST_PADDING: usize = 32 << 20;
/// So many errors are shown.
const MOST_ERRORS: usize = 10;

impl Collected {
    fn read(reader: impl BufRead) -> io::Result<Collected> {
        let mut collected = Collected { line: 1, column: 1, ..Collected::default() };
        let mut splitter = Splitter::new(reader);
        let mut running = Running::default();
        while let Some(piece) = splitter.next_piece()? {
            match piece {
                Piece::Comment(bytes) => collected.evidence.comment(&bytes),
                Piece::Dynamic(word, line) => collected.dynamic.push((word, line)),
                Piece::Statement(statement) => {
                    let text = decode(&statement.bytes, running.is_latin1());
                    let dialect = Dialect {
                        server: None,
                        ansi_quotes: splitter.mode.ansi_quotes,
                        no_backslash_escapes: splitter.mode.no_backslash_escapes,
                    };
                    if is_set(&text) {
                        running.set(&text, dialect, &mut splitter.mode);
                    } else {
                        collected.keep(&text, &statement, dialect, running.session.clone());
                    }
                }
            }
        }
        Ok(collected)
    }

    fn keep(&mut self, text: &str, statement: &RawStatement, dialect: Dialect, session: Session) {
        self.evidence.statement(text);
        self.pad_to(statement.line, statement.column);
        let start = self.text.len();
        self.text.push_str(text);
        let last_line = text.rfind('\n').map_or(text, |at| text.get(at + 1..).unwrap_or_default());
        let lines = text.matches('\n').count();
        self.column = last_line.len() + if lines == 0 { self.column } else { 1 };
        self.line += lines;
        self.statements.push(Kept { range: start..self.text.len(), dialect, session });
    }

    /// Fills up so that the next statement stands on its own line and column.
    fn pad_to(&mut self, line: usize, column: usize) {
        let lines = line.saturating_sub(self.line).min(MOST_PADDING - self.padding);
        self.text.extend(std::iter::repeat_n('\n', lines));
        self.padding += lines;
        self.line += lines;
        if lines > 0 {
            self.column = 1;
        }
        let columns = column.saturating_sub(self.column).min(200);
        let columns = columns.max(usize::from(!self.text.is_empty() && lines == 0));
        self.text.extend(std::iter::repeat_n(' ', columns));
        self.column += columns;
    }

    /// Carries out the statements; after the first error the others are only read.
    fn run(&self, database: &mut Database, server: Server, file: FileId) -> Vec<Diagnostic> {
        let mut errors = Vec::new();
        for kept in &self.statements {
            let text = self.text.get(kept.range.clone()).unwrap_or_default();
            let dialect = Dialect { server: Some(server), ..kept.dialect };
            let start = kept.range.start;
            let done = match read_statement(text, dialect) {
                Ok(statement) if errors.is_empty() => {
                    database.execute(statement, start, &kept.session)
                }
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                errors.push(diagnostic(&error, text, start, file));
                if errors.len() == MOST_ERRORS {
                    break;
                }
            }
        }
        errors
    }

    fn notes(&self) -> Vec<Diagnostic> {
        let note = |(word, line): &(String, usize)| Diagnostic {
            severity: Severity::Note,
            code: None,
            title: format!("line {line}: what {word} does is known to a server only"),
            primary: None,
            secondary: Vec::new(),
            help: vec!["if it defines tables, load the file on a server and read that".to_owned()],
        };
        self.dynamic.iter().take(MOST_ERRORS).map(note).collect()
    }
}

/// The text of a statement. MariaDB prints the default of a binary column as it is: bytes that
/// are no UTF-8 become characters that stand for them.
fn decode(bytes: &[u8], is_latin1: bool) -> String {
    if is_latin1 && !bytes.is_ascii() {
        return bytes.iter().copied().map(latin1_char).collect();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().copied().map(char_of_byte));
    }
    text
}

/// The character of a byte in what the servers call latin1, which is cp1252.
fn latin1_char(byte: u8) -> char {
    const FROM_80: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..=0x9f => FROM_80.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::from(byte)),
        _ => char::from(byte),
    }
}

/// An error of a statement as a message about the file.
fn diagnostic(error: &SqlError, text: &str, start: usize, file: FileId) -> Diagnostic {
    // An error of no part is about the statement, which its first line stands for.
    let end = if error.end == 0 { text.find('\n').unwrap_or(text.len()) } else { error.end };
    let span = Span { file, start: start + error.start, end: start + end.max(error.start) };
    let mut diagnostic = Diagnostic::error(error.message.clone(), span, "");
    diagnostic.help.extend(error.help.clone());
    let first: String = text.chars().take_while(char::is_ascii_alphabetic).take(20).collect();
    if error.start == 0
        && let Some(near) = near_name(&first, ["CREATE", "ALTER", "DROP", "RENAME", "INSERT"])
        && !first.eq_ignore_ascii_case(near)
    {
        diagnostic.help.push(format!("did you mean {near}?"));
    }
    diagnostic
}

#[cfg(test)]
mod tests;
