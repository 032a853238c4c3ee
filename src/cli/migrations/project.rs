//! The files and the database of a command.

use std::path::Path;
use std::time::Duration;

use super::super::alembic_layout::refuse_revisions;
use super::super::arguments::{RunOptions, Target};
use super::super::error::{CommandError, Result, bail};
use super::super::migrations_list::refuse_disagreements;
use super::super::open::{LOCK_FILE, Location, generated_folder, read_yaml};
use super::failures::engine_error;
use crate::alembic::VERSION_TABLE;
use crate::engine::{
    Goal, History, HistoryTables, Request, RunSettings, ServerIdentity, read_history,
};
use crate::migration::{MigrationFiles, MigrationFolder};
use crate::server::Server;
use crate::source::live::{DatabaseUrl, RunError, Worker};
use crate::source::{self, Loaded};

/// The files and the database of a command.
pub(super) struct Project {
    pub(super) folder: MigrationFolder,
    /// What isn't compared.
    pub(super) compared: source::Settings,
    pub(super) url: DatabaseUrl,
    pub(super) tables: HistoryTables,
    /// Whether the configuration says that its database is protected.
    pub(super) is_protected: bool,
}

impl Project {
    /// Reads the files, and looks the database up without connecting.
    pub(super) fn of(target: &Target) -> Result<Project> {
        let folder = generated_folder(&target.lookup().schema, target.generated.as_deref());
        Project::with(target, locked(&folder)?)
    }

    /// The same with the lock file, if there is one.
    pub(super) fn with(target: &Target, locked: Option<Loaded>) -> Result<Project> {
        let lookup = target.lookup();
        let path = generated_folder(&lookup.schema, target.generated.as_deref());
        let folder = MigrationFolder::read(&path)?;
        let compared = compared(&folder, locked)?;
        let location = Location::required_database(target.source.as_deref(), &lookup)?;
        let Location::Live(url) = location else {
            bail!(
                "migrations are carried out on a server: name a URL such as mysql://user@host/database"
            );
        };
        let is_protected = lookup.is_protected(&url);
        let tables = lookup.history;
        Ok(Project { folder, compared, url: *url, tables, is_protected })
    }

    /// All migrations that there are, in order.
    pub(super) fn files(&self) -> &[MigrationFiles] {
        &self.folder.migrations
    }

    /// What the database records; nothing if it has no history.
    pub(super) fn history(&self) -> Result<History> {
        Ok(DatabaseState::read(&self.url, &self.tables)?.history)
    }

    /// The state of the database, and Alembic's revisions. These are asked for only if the lock file
    /// ignores their table: a database without it isn't sent a query for nothing.
    pub(super) fn state(&self) -> Result<(DatabaseState, Option<Vec<String>>)> {
        let mut worker = Worker::open(&self.url)?;
        let state = DatabaseState::of(&mut worker, &self.tables)?;
        let alembic = match self.compared.ignores_table(VERSION_TABLE) {
            true => worker.alembic_revisions().map_err(|error| engine_error(error.into()))?,
            false => None,
        };
        Ok((state, alembic))
    }

    /// What is to be done, as the engine takes it.
    pub(super) fn request(&self, goal: Goal, running: &RunOptions) -> Request<'_> {
        let patience = Duration::from_secs(running.wait.into());
        Request {
            files: self.files(),
            goal,
            allowed_late: Vec::new(),
            compared: self.compared.clone(),
            is_protected: self.is_protected,
            settings: RunSettings {
                patience,
                allows_drift: running.allow.iter().any(|name| name == "drift"),
            },
            lock_patience: patience,
            tables: self.tables.clone(),
        }
    }

    /// The version that was typed, which has to have a file.
    pub(super) fn known_version(&self, typed: &str) -> Result<String> {
        match self.files().iter().find(|it| it.version == typed || it.name == typed) {
            Some(files) => Ok(files.version.clone()),
            None => bail!(
                "there is no migration {} in {}",
                crate::report::one_line(typed),
                self.folder.path.display()
            ),
        }
    }
}

/// The server of a database, and what the database records.
pub(super) struct DatabaseState {
    pub(super) server: Server,
    /// What tells it from other servers.
    pub(super) here: ServerIdentity,
    /// Nothing if there is no history.
    pub(super) history: History,
}

impl DatabaseState {
    pub(super) fn read(url: &DatabaseUrl, tables: &HistoryTables) -> Result<DatabaseState> {
        DatabaseState::of(&mut Worker::open(url)?, tables)
    }

    pub(super) fn of(worker: &mut Worker, tables: &HistoryTables) -> Result<DatabaseState> {
        let refused = |error: RunError| engine_error(error.into());
        let history = read_history(worker, tables).map_err(refused)?;
        let here = ServerIdentity::of(worker).map_err(refused)?;
        Ok(DatabaseState { server: worker.server(), here, history: history.unwrap_or_default() })
    }
}

/// The lock file of a folder, if there is one.
pub(super) fn locked(folder: &Path) -> Result<Option<Loaded>> {
    let lock = folder.join(LOCK_FILE);
    Ok(if lock.is_file() { Some(read_yaml(&lock)?) } else { None })
}

/// What the lock file says is not compared. The files have to be as it lists them.
fn compared(folder: &MigrationFolder, locked: Option<Loaded>) -> Result<source::Settings> {
    let path = &folder.path;
    let Some(locked) = locked else {
        if folder.migrations.is_empty() {
            bail!(
                "there are no migrations in {}: `driftline generate -m …` writes one",
                path.display()
            );
        }
        bail!(
            "there is no {LOCK_FILE} in {}: `driftline generate --relist` writes it",
            path.display()
        );
    };
    refuse_revisions(&locked)?;
    let Some(list) = &locked.migrations else {
        bail!(
            "{} doesn't list the migrations: `driftline generate --relist` does",
            path.join(LOCK_FILE).display()
        );
    };
    refuse_disagreements(folder, &locked)?;
    if !list.from_nothing {
        return Err(CommandError::Other(anyhow::anyhow!(
            "the first migration in {} starts from a database instead of from nothing, so the \
             schema that they give isn't known: begin a new folder with `driftline generate`, \
             which writes a baseline",
            path.display()
        )));
    }
    Ok(locked.settings)
}
