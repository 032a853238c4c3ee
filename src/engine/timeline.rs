//! The schema that the files give, statement by statement.

use std::collections::BTreeSet;

use super::error::EngineError;
use crate::migration::{MigrationFile, ScriptPart};
use crate::model::Schema;
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

    /// The schema, as a source that can be compared.
    pub fn loaded(&self) -> Loaded {
        Loaded {
            label: "the migrations".to_owned(),
            settings: self.settings.clone(),
            ..self.replay.schema()
        }
    }
}
