//! The schema that the files give, statement by statement.

use std::collections::{BTreeSet, HashSet};

use super::error::EngineError;
use super::history::{History, HistoryState};
use crate::migration::{MigrationFile, MigrationFiles, ScriptPart};
use crate::model::{Schema, Table};
use crate::server::Server;
use crate::source::dump::{Effect, Replay};
use crate::source::{Loaded, Settings};

/// The schema after the statements that have run so far.
#[derive(Clone)]
pub struct Timeline {
    replay: Replay,
    settings: Settings,
}

impl Timeline {
    /// An empty schema. The settings say what isn't compared.
    pub fn new(server: Server, settings: Settings) -> Timeline {
        Timeline { replay: Replay::new(server), settings }
    }

    /// The schema that the files give of which the history says that they are in, in the order of the
    /// files. Of the migration that is `undone`, the statements at these positions are in, or all.
    ///
    /// # Errors
    ///
    /// Where a statement can't be carried out.
    pub fn of_history(
        files: &[MigrationFiles],
        history: &History,
        undone: Option<(&str, Option<&BTreeSet<u32>>)>,
        (server, settings): (Server, &Settings),
    ) -> Result<Timeline, EngineError> {
        let states = history.states();
        let mut timeline = Timeline::new(server, settings.clone());
        for file in files {
            match undone.filter(|(version, _)| file.version == *version) {
                Some((_, is_in)) => timeline.run_file(&file.up, is_in)?,
                None if states.get(file.version.as_str()) == Some(&HistoryState::Applied) => {
                    timeline.run_file(&file.up, None)?;
                }
                None => {}
            }
        }
        Ok(timeline)
    }

    /// A schema that is known from elsewhere.
    pub fn from_schema(schema: Schema, server: Server, settings: Settings) -> Timeline {
        Timeline { replay: Replay::from_schema(schema, server), settings }
    }

    /// Begins a file, which has a session of its own.
    pub fn begin_file(&mut self) {
        self.replay.begin_script();
    }

    /// Carries out one statement on the model.
    ///
    /// # Errors
    ///
    /// Where it can't be carried out; `file` and `line` say where it is.
    pub fn run(&mut self, text: &str, file: &str, line: usize) -> Result<Effect, EngineError> {
        let error = |message| EngineError::File { file: file.to_owned(), line, message };
        self.replay.run(text).map_err(error)
    }

    /// Carries out a whole file, or of its statements those at `positions`.
    ///
    /// # Errors
    ///
    /// Where a statement can't be carried out.
    pub fn run_file(
        &mut self,
        file: &MigrationFile,
        positions: Option<&BTreeSet<u32>>,
    ) -> Result<(), EngineError> {
        self.begin_file();
        let path = file.path.display().to_string();
        for part in &file.script.parts {
            match part {
                ScriptPart::Session(text) => {
                    self.run(text, &path, 0)?;
                }
                ScriptPart::Statement(it) => {
                    if positions.is_none_or(|positions| positions.contains(&it.position)) {
                        self.run(&it.text, &path, it.line)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The tables.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.replay.tables()
    }

    /// The names of all tables and objects, in lower case.
    pub(super) fn names(&self) -> HashSet<String> {
        self.replay.names().map(str::to_lowercase).collect()
    }

    /// The server that the statements are for.
    pub(super) fn server(&self) -> Server {
        self.replay.server()
    }

    /// The schema, as a source that can be compared.
    pub fn loaded(&self) -> Loaded {
        Loaded {
            label: "the migrations".to_owned(),
            settings: self.settings.clone(),
            ..self.replay.schema()
        }
    }
}
