//! Reads files of SQL and keeps only the statements that define a schema.

use std::io::{self, BufRead};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::MOST_ERRORS;
use super::coverage::Coverage;
use super::decode::decode;
use super::flavor::Evidence;
use super::input;
use super::session::{Running, StoredSettings, is_set};
use super::split::{Mode, Piece, RawStatement, SplitError, SplitProblem, Splitter};
use crate::diagnostic::{Diagnostic, FileId, Files, Span};
use crate::source::root::{Purpose, Refused, Root};
use crate::source::{is_same_file, reason};
use crate::syntax::SqlError;
use crate::syntax::lexer::{Dialect, lex};

/// A statement that was kept, as a range of one of the texts.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) text: usize,
    pub(super) range: Range<usize>,
    /// The end of its first line, which messages show in place of the statement.
    pub(super) first_line: usize,
    pub(super) dialect: Dialect,
    pub(super) session: StoredSettings,
    /// Why it can't be decoded or lexed.
    pub(super) undecodable: Option<SqlError>,
}

/// What was read, in the order of the files.
#[derive(Debug)]
pub(super) enum Entry {
    Statement(Box<Kept>),
    /// A file of a folder begins.
    File(DatabaseContext),
}

/// What is known about the database of a file's statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DatabaseContext {
    pub(super) database: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
}

/// The kept statements of one file, with as many line feeds between them as in the file.
#[derive(Debug)]
struct Text {
    label: String,
    text: String,
    line: usize,
    column: usize,
    padding: usize,
}

/// Why reading stopped.
pub(super) enum Stop {
    /// A file can't be read.
    Unreadable { label: String, source: io::Error },
    /// A file can't be split into statements: which text, what is wrong, and where.
    Invalid { text: usize, problem: SplitProblem, range: Range<usize> },
}

/// Everything that was collected.
#[derive(Debug, Default)]
pub(super) struct Collected {
    texts: Vec<Text>,
    pub(super) entries: Vec<Entry>,
    pub(super) evidence: Evidence,
    pub(super) coverage: Coverage,
    /// CALL and other statements whose effect is unknown, each with its text and line.
    dynamic: Vec<(usize, String, usize)>,
    /// The files of a folder that reverse others, and are not read.
    pub(super) skipped: Vec<PathBuf>,
    /// Texts whose header names a dump program but that lack its last line.
    cut: Vec<(usize, String, usize)>,
}

/// The state of the client and its session at one place in the files.
struct State {
    running: Running,
    delimiter: Vec<u8>,
    mode: Mode,
    /// The files that are being read, the innermost last.
    reading: Vec<PathBuf>,
}

/// Skipped lines are padded with a line feed each, up to this many.
const MOST_PADDING: usize = 32 << 20;
/// How deeply files may name other files.
const DEEPEST: usize = 20;

impl Collected {
    /// Reads a stream; `path` is its file.
    pub(super) fn read(
        &mut self,
        reader: impl BufRead,
        label: &str,
        path: Option<&Path>,
    ) -> Result<(), Stop> {
        let mut state = State {
            running: Running::default(),
            delimiter: b";".to_vec(),
            mode: Mode::default(),
            reading: path.map(Path::to_owned).into_iter().collect(),
        };
        self.read_in(reader, label, &mut state)
    }

    fn read_in(
        &mut self,
        reader: impl BufRead,
        label: &str,
        state: &mut State,
    ) -> Result<(), Stop> {
        let text = self.texts.len();
        self.texts.push(Text::new(label));
        let mut splitter = Splitter::new(reader);
        splitter.delimiter.clone_from(&state.delimiter);
        splitter.mode = state.mode;
        let mut header = Header::default();
        loop {
            let piece = match splitter.next_piece() {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(SplitError::Io(source)) => {
                    return Err(Stop::Unreadable { label: label.to_owned(), source });
                }
                Err(SplitError::Problem(problem)) => return Err(self.invalid(text, problem)),
            };
            match piece {
                Piece::Comment(bytes) => {
                    header.comment(&bytes);
                    self.evidence.comment(&bytes);
                    self.coverage.comment(&bytes);
                }
                Piece::Dynamic(word, line) => self.dynamic.push((text, word, line)),
                Piece::Statement(statement) => {
                    self.statement(text, &statement, &mut splitter.mode, &mut state.running);
                }
                Piece::Follow(file) => {
                    state.delimiter.clone_from(&splitter.delimiter);
                    state.mode = splitter.mode;
                    self.follow(text, &file, state)?;
                    splitter.delimiter.clone_from(&state.delimiter);
                    splitter.mode = state.mode;
                }
            }
        }
        let line = splitter.line();
        state.delimiter = splitter.delimiter;
        state.mode = splitter.mode;
        self.cut.extend(header.broken_off().map(|program| (text, program, line)));
        Ok(())
    }

    fn statement(
        &mut self,
        text: usize,
        statement: &RawStatement,
        mode: &mut Mode,
        running: &mut Running,
    ) {
        let dialect = mode.dialect();
        let decoded = decode(&statement.bytes, running.charset(), dialect);
        let mut undecodable = decoded.error;
        if is_set(&decoded.text) {
            running.set(&decoded.text, dialect, mode);
            undecodable = lex(&decoded.text, dialect).err();
            if undecodable.is_none() {
                return;
            }
        }
        self.evidence.statement(&decoded.text);
        let Some(kept) = self.texts.get_mut(text) else { return };
        let range = kept.keep(&decoded.text, statement.line, statement.column);
        let first_line = decoded.text.find('\n').map_or(range.end, |at| range.start + at);
        self.entries.push(Entry::Statement(Box::new(Kept {
            text,
            range,
            first_line,
            dialect,
            session: running.of_statement(),
            undecodable,
        })));
    }

    /// Reads a file that another one names.
    fn follow(&mut self, text: usize, named: &RawStatement, state: &mut State) -> Result<(), Stop> {
        let name = String::from_utf8_lossy(&named.bytes).into_owned();
        let refused = |why: String| SplitProblem {
            message: format!("can't read `{name}`: {why}"),
            help: None,
            line: named.line,
            column: named.column,
            shown: format!("source {name}").into_bytes(),
        };
        let base = state.reading.last().and_then(|path| path.parent()).unwrap_or(Path::new(""));
        let path = base.join(&name);
        let why = if state.reading.len() > DEEPEST {
            Some(format!("more than {DEEPEST} files name one another"))
        } else if state.reading.iter().any(|reading| is_same_file(reading, &path)) {
            Some("it is being read already".to_owned())
        } else {
            None
        };
        // For standard input the root is the working directory.
        let main = state.reading.first().cloned().unwrap_or_else(|| PathBuf::from("-"));
        // A path that isn't a regular file is refused when it is opened.
        let refused_path = Root::of(&main).allows(&path, Purpose::Script).err();
        let refused_path = refused_path.filter(|it| *it != Refused::NotAFile);
        let opened = match (why, refused_path) {
            (Some(why), _) => Err(why),
            (None, Some(refused)) => Err(refused.words(&name).0),
            (None, None) => input::open_regular(&path).map_err(|error| reason(&error)),
        };
        let reader = opened.map_err(|why| self.invalid(text, refused(why)))?;
        state.reading.push(path.clone());
        self.read_in(reader, &path.display().to_string(), state)?;
        state.reading.pop();
        Ok(())
    }

    fn invalid(&mut self, text: usize, problem: SplitProblem) -> Stop {
        let shown = String::from_utf8_lossy(&problem.shown);
        let range = match self.texts.get_mut(text) {
            Some(text) => text.keep(&shown, problem.line, problem.column),
            None => 0..0,
        };
        Stop::Invalid { text, problem, range }
    }

    /// Registers the texts for diagnostics, in their order.
    pub(super) fn files(&self, files: &mut Files) -> Vec<FileId> {
        self.texts.iter().map(|text| files.add(&*text.label, text.text.as_str())).collect()
    }

    /// A part of a text.
    pub(super) fn slice(&self, kept: &Kept) -> &str {
        let text = self.texts.get(kept.text).map(|text| text.text.as_str());
        text.and_then(|text| text.get(kept.range.clone())).unwrap_or_default()
    }

    /// Notes about the reading. `whole` is the name of the source.
    pub(super) fn notes(&self, whole: &str) -> Vec<Diagnostic> {
        let label = |text: usize| self.texts.get(text).map_or(whole, |text| &text.label);
        let note = |title: String, help: &str| Diagnostic::note(title).with_help(help);
        let dynamic = self.dynamic.iter().take(MOST_ERRORS).map(|(text, word, line)| {
            note(
                format!(
                    "{}, line {line}: what {word} does is known only to a server",
                    label(*text)
                ),
                "if it defines tables, load the file on a server and read that",
            )
        });
        let cut = self.cut.iter().map(|(text, program, line)| {
            note(
                format!("{}, line {line}: a dump by {program} breaks off here", label(*text)),
                "a whole one has `-- Dump completed` on its last line; what may be missing counts \
                 as not there",
            )
        });
        let defines = self.entries.iter().any(|entry| matches!(entry, Entry::Statement(_)));
        let nothing = (!defines).then(|| {
            note(
                format!("{whole} has no statement that defines anything"),
                "was it written whole, and is it the right file?",
            )
        });
        let skipped = self.words_of_skipped(whole);
        let skipped = skipped
            .map(|title| note(title, "a folder of migrations is read for what they lead to"));
        dynamic.chain(cut).chain(skipped).chain(nothing).collect()
    }

    /// The note that names the files of a folder that are not read.
    fn words_of_skipped(&self, folder: &str) -> Option<String> {
        let (first, others) = self.skipped.split_first()?;
        let first = Path::new(folder).join(first);
        let first = first.display();
        Some(match others {
            [] => format!("{first} is not read: it reverses another file"),
            [second] => {
                let second = second.display();
                format!("{first} and {second} are not read: they reverse others")
            }
            _ => {
                let count = others.len();
                format!("{first} and {count} other files are not read: they reverse others")
            }
        })
    }
}

/// The diagnostic for a problem that stops the reading.
pub(super) fn diagnostic(problem: SplitProblem, range: Range<usize>, file: FileId) -> Diagnostic {
    let span = Span { file, start: range.start, end: range.end };
    let mut diagnostic = Diagnostic::error(problem.message, span, "");
    diagnostic.help.extend(problem.help.map(str::to_owned));
    diagnostic
}

impl Text {
    fn new(label: &str) -> Self {
        Text { label: label.to_owned(), text: String::new(), line: 1, column: 1, padding: 0 }
    }

    /// Adds a statement at its line and column. Returns its place in the text.
    fn keep(&mut self, text: &str, line: usize, column: usize) -> Range<usize> {
        self.pad_to(line, column);
        let start = self.text.len();
        self.text.push_str(text);
        let last_line = text.rfind('\n').map_or(text, |at| text.get(at + 1..).unwrap_or_default());
        let lines = text.matches('\n').count();
        self.column = last_line.len() + if lines == 0 { self.column } else { 1 };
        self.line += lines;
        start..self.text.len()
    }

    /// Pads the text so that the next statement has its own line and column.
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
}

/// Whether a file is a complete dump: whether the first line names a dump program and the last line
/// has come.
#[derive(Default)]
struct Header {
    /// The program that the first line names. `None` again once the last line has come.
    program: Option<String>,
}

impl Header {
    fn comment(&mut self, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let text = text.trim_start_matches(['-', ' ']);
        for program in ["MySQL dump", "MariaDB dump"] {
            if text.starts_with(program) && self.program.is_none() {
                let name = if program.starts_with("MySQL") { "mysqldump" } else { "mariadb-dump" };
                self.program = Some(name.to_owned());
            }
        }
        if text.starts_with("Dump completed") {
            self.program = None;
        }
    }

    fn broken_off(self) -> Option<String> {
        self.program
    }
}
