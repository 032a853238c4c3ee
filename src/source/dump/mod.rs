//! A dump, or any file of SQL: its statements are carried out on an empty schema.
//!
//! The file is read in one stream. What doesn't define a schema is skipped; a statement that does
//! and can't be read is an error.

mod alter;
mod collect;
mod coverage;
mod database;
mod decode;
mod flavor;
mod folder;
mod input;
mod objects;
mod replay;
pub(super) mod script;
mod session;
mod split;

use std::fmt;
use std::io::{self, BufRead};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, FileId, Files, Span, near_name, render};
use crate::server::Server;
use crate::source::{Loaded, ReadOptions, ServerSource, reason};
use crate::syntax::SqlError;
use crate::syntax::lexer::Dialect;
use crate::syntax::statement::{ParsedStatement, read_statement};
use collect::{Collected, Entry, Kept, Stop};
use database::Database;

pub use folder::holds_sql;
pub use input::Input;
pub use replay::{Effect, Replay};
pub use script::{ScriptItem, ScriptProblem, script_items};

/// Why a dump can't be used.
#[derive(Debug)]
pub enum DumpError {
    /// The file can't be read.
    Unreadable {
        /// The file's name in messages.
        label: String,
        /// The system's error.
        source: io::Error,
    },
    /// Statements in it can't be carried out.
    Invalid {
        /// At least one error, in the order of the file.
        diagnostics: Vec<Diagnostic>,
        /// The texts that they point into.
        files: Files,
    },
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DumpError::Unreadable { label, source } => {
                write!(f, "can't read {label}: {}", reason(source))
            }
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

// Without `source()`: the message has the reason already, and it would be printed twice.
impl std::error::Error for DumpError {}

impl DumpError {
    fn unreadable(label: impl Into<String>, source: io::Error) -> Self {
        DumpError::Unreadable { label: label.into(), source }
    }
}

/// Reads SQL from a file, a folder or standard input.
pub fn read(input: &Input, options: &ReadOptions<'_>) -> Result<Loaded, DumpError> {
    let label = input.label();
    let unreadable = |source| DumpError::unreadable(&*label, source);
    let mut collected = Collected::default();
    let done = match input {
        Input::Standard => {
            collected.read(input::open_standard().map_err(unreadable)?, &label, None)
        }
        Input::File(path) => {
            collected.read(input::open(path).map_err(unreadable)?, &label, Some(path))
        }
        Input::Folder(path) => folder::read(path, &mut collected),
    };
    let is_folder = matches!(input, Input::Folder(_));
    collected.finish(done, &label, options, is_folder)
}

/// Reads SQL from a stream; `label` is its name in messages.
pub fn read_from(
    reader: impl BufRead,
    label: &str,
    flavor: Option<Server>,
) -> Result<Loaded, DumpError> {
    let mut collected = Collected::default();
    let done = collected.read(reader, label, None);
    collected.finish(done, label, &ReadOptions { flavor, ..ReadOptions::default() }, false)
}

/// How many errors are shown.
const MOST_ERRORS: usize = 10;

/// The statements of a source of SQL, which can be carried out again by another server's rules.
#[derive(Debug)]
pub struct Script {
    label: String,
    collected: Collected,
    /// The database to read if there are several.
    database: Option<String>,
    /// Whether a statement may come before one that it needs.
    any_order: bool,
}

impl Script {
    /// The server that the SQL shows, by its header or otherwise.
    pub fn server(&self) -> Option<Server> {
        self.collected.evidence.verdict()
    }

    /// The server that the SQL names.
    pub fn named_server(&self) -> Option<Server> {
        self.collected.evidence.named()
    }

    /// Whether the SQL names the vendor of its server, instead of only having syntax that one
    /// vendor has.
    pub fn names_vendor(&self) -> bool {
        self.collected.evidence.names_vendor()
    }

    /// The schema by the rules of `flavor`, else of the server that the SQL shows.
    fn first_read(self: &Arc<Self>, flavor: Option<Server>) -> Result<Loaded, DumpError> {
        if let Some(flavor) = flavor {
            return self.read(flavor, Some(flavor));
        }
        if let Some(own) = self.server() {
            let server = own.or_oldest();
            let mut loaded = self.read(server, Some(server))?;
            coverage::state_collations(&mut loaded.schema, &own, &server);
            return Ok(loaded);
        }
        // If only the other vendor can read it, it is the other vendor's.
        self.read(Server::ASSUMED, None).or_else(|error| {
            let other = Server::OTHER_ASSUMED;
            self.read(other, Some(other)).map_err(|_| error)
        })
    }

    /// Carries out the statements as `server` would; `known` is the server that is recorded in the
    /// result.
    fn read(self: &Arc<Self>, server: Server, known: Option<Server>) -> Result<Loaded, DumpError> {
        let mut files = Files::default();
        let ids = self.collected.files(&mut files);
        let mut database = Database::new(server, self.database.as_deref());
        let diagnostics = self.collected.run(&mut database, server, &ids, self.any_order);
        if !diagnostics.is_empty() {
            return Err(DumpError::Invalid { diagnostics, files });
        }
        let is_of_program = self.collected.evidence.is_of_dump_program();
        let not_covered = self.collected.coverage.left_out(&database, is_of_program);
        let mut loaded = database.finish();
        loaded.notes.splice(..0, self.collected.notes(&self.label));
        loaded.notes.extend(coverage::note_of_options(&loaded.schema, &self.label, is_of_program));
        Ok(Loaded {
            label: self.label.clone(),
            server: known,
            server_source: ServerSource::Evidence,
            files,
            not_covered,
            script: Some((Arc::clone(self), server)),
            ..loaded
        })
    }

    /// The schema by the rules of another server. `None` if that server can't read it.
    pub(super) fn read_again(self: &Arc<Self>, loaded: &Loaded, server: Server) -> Option<Loaded> {
        self.read(server, loaded.server).ok()
    }
}

impl Collected {
    /// Carries out what was collected.
    fn finish(
        self,
        done: Result<(), Stop>,
        label: &str,
        options: &ReadOptions<'_>,
        any_order: bool,
    ) -> Result<Loaded, DumpError> {
        match done {
            Ok(()) => {}
            Err(Stop::Unreadable { label, source }) => {
                return Err(DumpError::Unreadable { label, source });
            }
            Err(Stop::Invalid { text, problem, range }) => {
                let mut files = Files::default();
                let ids = self.files(&mut files);
                let file = ids.get(text).copied().into_iter();
                let diagnostics =
                    file.map(|file| collect::diagnostic(problem.clone(), range.clone(), file));
                return Err(DumpError::Invalid { diagnostics: diagnostics.collect(), files });
            }
        }
        let script = Script {
            label: label.to_owned(),
            collected: self,
            database: options.database.map(str::to_owned),
            any_order,
        };
        Arc::new(script).first_read(options.flavor)
    }

    /// Carries out the statements; after the first error the others are only parsed. With
    /// `any_order`, a statement whose table isn't there yet waits for it.
    fn run(
        &self,
        database: &mut Database,
        server: Server,
        ids: &[FileId],
        any_order: bool,
    ) -> Vec<Diagnostic> {
        let mut errors = Vec::new();
        let mut waiting = Vec::new();
        for entry in &self.entries {
            let kept = match entry {
                Entry::File(surroundings) => {
                    database.surround(surroundings);
                    continue;
                }
                Entry::Statement(kept) => kept,
            };
            let Some(file) = ids.get(kept.text).copied() else { continue };
            match self.parse(kept, server) {
                Ok(statement) if any_order && database.lacks(&statement) => {
                    waiting.push(Waiting { kept, file, statement, current: database.current() });
                }
                Ok(statement) if errors.is_empty() => {
                    let done = database.execute(statement, file, kept);
                    errors.extend(done.err().map(|error| self.diagnostic(&error, kept, file)));
                }
                Ok(_) => {}
                Err(error) => errors.push(self.diagnostic(&error, kept, file)),
            }
            if errors.len() == MOST_ERRORS {
                return errors;
            }
        }
        if errors.is_empty() {
            errors = self.run_waiting(database, waiting);
        }
        errors.extend(database.several());
        errors
    }

    /// Carries out the waiting statements, until none of them finds its table any more.
    fn run_waiting(&self, database: &mut Database, mut waiting: Vec<Waiting>) -> Vec<Diagnostic> {
        let mut errors = Vec::new();
        loop {
            let count = waiting.len();
            let mut still = Vec::new();
            for one in waiting {
                database.enter(one.current.clone());
                if database.lacks(&one.statement) {
                    still.push(one);
                } else if let Err(error) = database.execute(one.statement, one.file, one.kept) {
                    errors.push(self.diagnostic(&error, one.kept, one.file));
                }
            }
            waiting = still;
            if waiting.len() == count || !errors.is_empty() {
                break;
            }
        }
        for one in waiting.into_iter().take(MOST_ERRORS) {
            database.enter(one.current.clone());
            if let Err(error) = database.execute(one.statement, one.file, one.kept) {
                errors.push(self.diagnostic(&error, one.kept, one.file));
            }
        }
        errors
    }

    fn parse(&self, kept: &Kept, server: Server) -> Result<ParsedStatement, SqlError> {
        match &kept.undecodable {
            Some(error) => Err(error.clone()),
            None => {
                let dialect = Dialect { server: Some(server), ..kept.dialect };
                read_statement(self.slice(kept), dialect)
            }
        }
    }

    fn diagnostic(&self, error: &SqlError, kept: &Kept, file: FileId) -> Diagnostic {
        diagnostic(error, self.slice(kept), kept.range.start, file)
    }
}

/// A statement that waits for a table of a later file.
struct Waiting<'a> {
    kept: &'a Kept,
    file: FileId,
    statement: ParsedStatement,
    /// Its database.
    current: Option<String>,
}

/// The diagnostic for an error of a statement.
fn diagnostic(error: &SqlError, text: &str, start: usize, file: FileId) -> Diagnostic {
    // An error without a place is about the whole statement; its first line is shown.
    let end = if error.end == 0 { text.find('\n').unwrap_or(text.len()) } else { error.end };
    let span = Span { file, start: start + error.start, end: start + end.max(error.start) };
    let mut diagnostic = Diagnostic::error(error.message.clone(), span, "");
    diagnostic.help.extend(error.help.clone());
    if error.start == 0
        && text.split(char::is_whitespace).next().is_some_and(|it| it.ends_with(':'))
    {
        diagnostic.help.push(
            "what comes from a pipe, or from a file that is not named .yaml, is read as SQL"
                .to_owned(),
        );
    }
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
