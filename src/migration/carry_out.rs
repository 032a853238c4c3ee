//! Migrations carried out on an empty schema.

use super::folder::{FolderError, MigrationFiles, MigrationFolder, at_line};
use super::script::ScriptPart;
use crate::diagnostic::Files;
use crate::server::Server;
use crate::source::Loaded;
use crate::source::dump::{Effect, Replay};

impl MigrationFolder {
    /// The schema that the migrations give on `server`, in order, in an empty database.
    ///
    /// # Errors
    ///
    /// The statement that can't be carried out.
    pub fn replay(&self, server: Server) -> Result<Loaded, FolderError> {
        let loaded = replay(self.migrations.iter(), server, |_, _| {})?;
        Ok(Loaded { label: self.path.display().to_string(), ..loaded })
    }
}

/// The schema that migrations give. `see` is told what each statement that runs once did.
pub(crate) fn replay<'a>(
    migrations: impl Iterator<Item = &'a MigrationFiles>,
    server: Server,
    mut see: impl FnMut(&'a MigrationFiles, Effect),
) -> Result<Loaded, FolderError> {
    let mut replay = Replay::new(server);
    for migration in migrations {
        replay.begin_script();
        let up = &migration.up;
        for part in &up.script.parts {
            let (text, line) = match part {
                ScriptPart::Session(text) => (text, 0),
                ScriptPart::Statement(statement) => (&statement.text, statement.line),
            };
            match replay.run(text) {
                Ok(effect) => see(migration, effect),
                Err(message) => {
                    let mut files = Files::default();
                    let diagnostic = at_line(&mut files, &up.path, &up.text, line, message);
                    return Err(FolderError::Invalid { diagnostics: vec![diagnostic], files });
                }
            }
        }
    }
    Ok(replay.schema())
}
