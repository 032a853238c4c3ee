//! Carries out one file of a migration, statement by statement.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::agreement::refuse_drift;
use super::error::{DriftMoment, EngineError, StopReason};
use super::history::{Direction, HistoryKind, HistoryState, StatementRow, StatementState};
use super::identity::ServerIdentity;
use super::kind::kind_on;
use super::lock::Lock;
use super::store;
use super::timeline::Timeline;
use super::watch::{RunEvent, Watcher};
use crate::migration::{
    MigrationFile, MigrationFiles, MigrationScript, ScriptPart, ScriptStatement,
};
use crate::source::live::{RunError, Worker};

/// The session of a plain client, whatever the file before has made of it. `DEFAULT` would switch
/// `foreign_key_checks` off on MySQL (found by trial on 9.7).
const PLAIN_SESSION: &str = "SET NAMES utf8mb4, SESSION sql_mode = @@GLOBAL.sql_mode, \
                             SESSION time_zone = @@GLOBAL.time_zone, \
                             SESSION foreign_key_checks = @@GLOBAL.foreign_key_checks, \
                             SESSION unique_checks = @@GLOBAL.unique_checks, SESSION autocommit = 1";

/// How a run behaves.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// How long a statement is tried again while other sessions hold locks.
    pub patience: Duration,
    /// Whether it goes on though the database isn't as the files say.
    pub allows_drift: bool,
}

/// A file that is to be carried out.
pub(super) struct Job<'a> {
    /// The migration.
    pub(super) files: &'a MigrationFiles,
    /// How it comes into the history.
    pub(super) kind: HistoryKind,
    /// Which way.
    pub(super) direction: Direction,
    /// Of a reverse file: the positions of the statements that are in; `None` for all.
    pub(super) is_in: Option<BTreeSet<u32>>,
    /// What the history has of the file's statements.
    pub(super) rows: Vec<StatementRow>,
    /// Whether the live schema is compared with the model before the first statement.
    pub(super) checks_schema: bool,
}

impl Job<'_> {
    fn file(&self) -> Option<&MigrationFile> {
        match self.direction {
            Direction::Up => Some(&self.files.up),
            Direction::Down => self.files.down.as_ref(),
        }
    }
}

/// Carries the file out, from its first statement that isn't in. `base` is the schema before all of
/// its statements. Returns the schema after it.
///
/// # Errors
///
/// Why it stops. What is in is recorded in the database.
pub(super) fn run(
    lock: &mut Lock<'_>,
    job: &Job<'_>,
    base: Timeline,
    settings: &RunSettings,
    watcher: &mut dyn Watcher,
) -> Result<Timeline, EngineError> {
    if job.is_in.as_ref().is_some_and(BTreeSet::is_empty) {
        // Nothing of it is in, so there is nothing to undo, and no file is needed for that.
        let (worker, tables) = lock.parts();
        store::remove(worker, tables, &job.files.version)?;
        return Ok(base);
    }
    let Some(MigrationFile { path, script, .. }) = job.file() else {
        return Err(EngineError::File {
            file: job.files.name.clone(),
            line: 0,
            message: "there is no file that undoes it".to_owned(),
        });
    };
    let (began, file) = (Instant::now(), path.display().to_string());
    let of = script.statements().count();
    let resumes = !job.rows.is_empty();
    let (name, direction) = (job.files.name.as_str(), job.direction);
    watcher.event(&RunEvent::Begins { name, direction, statements: of, resumes });
    let mut running = RunningFile::new(lock, job, base, (script, file), settings)?;
    if let Err(error) = running.all(watcher) {
        return Err(running.unrecorded(error));
    }
    let timeline = running.timeline;
    watcher.event(&RunEvent::Finished { name, direction, elapsed: began.elapsed() });
    Ok(timeline)
}

/// Finds out whether the statement is in whose record is open, and records it. The job is that of the
/// forward file, which isn't carried out any further.
///
/// # Errors
///
/// If it is unknown whether it is in.
pub(super) fn judge_open(
    lock: &mut Lock<'_>,
    job: &Job<'_>,
    base: Timeline,
    settings: &RunSettings,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let MigrationFile { path, script, .. } = &job.files.up;
    let file = path.display().to_string();
    let mut running = RunningFile::new(lock, job, base, (script, file), settings)?;
    for part in &script.parts {
        match part {
            ScriptPart::Session(text) => running.session(text)?,
            ScriptPart::Statement(statement) => match running.rows.get(&statement.position) {
                Some(row) if row.state == StatementState::Done => {
                    running.timeline.run(&statement.text, &running.file, statement.line)?;
                    running.done += 1;
                }
                Some(row) => return running.judge_only(statement, row, watcher),
                None => return Ok(()),
            },
        }
    }
    Ok(())
}

/// A file that is being carried out.
pub(super) struct RunningFile<'r, 'l, 'j> {
    pub(super) lock: &'r mut Lock<'l>,
    pub(super) job: &'j Job<'j>,
    pub(super) settings: &'j RunSettings,
    pub(super) script: &'j MigrationScript,
    pub(super) file: String,
    pub(super) rows: BTreeMap<u32, &'j StatementRow>,
    pub(super) timeline: Timeline,
    pub(super) of: usize,
    pub(super) done: usize,
    pub(super) connection: u64,
    pub(super) here: ServerIdentity,
    /// Whether the live schema is still to be compared with the model.
    pub(super) checks_schema: bool,
    /// Whether the file has changed the session since the last statement.
    pub(super) has_new_session: bool,
    /// Whether the history has the migration as begun.
    pub(super) has_begun: bool,
    /// Whether a statement was sent.
    pub(super) has_sent: bool,
}

impl<'r, 'l, 'j> RunningFile<'r, 'l, 'j> {
    /// Before the file's first statement, in a plain session.
    fn new(
        lock: &'r mut Lock<'l>,
        job: &'j Job<'j>,
        base: Timeline,
        (script, file): (&'j MigrationScript, String),
        settings: &'j RunSettings,
    ) -> Result<Self, EngineError> {
        lock.worker().run(PLAIN_SESSION)?;
        let here = lock.here().clone();
        let connection = connection_id(lock.worker())?;
        let mut timeline = base;
        timeline.begin_file();
        Ok(RunningFile {
            lock,
            job,
            settings,
            script,
            file,
            rows: job.rows.iter().map(|row| (row.position, row)).collect(),
            timeline,
            of: script.statements().count(),
            done: 0,
            connection,
            here,
            checks_schema: job.checks_schema,
            has_new_session: false,
            has_begun: false,
            has_sent: false,
        })
    }

    /// Carries all of it out.
    fn all(&mut self, watcher: &mut dyn Watcher) -> Result<(), EngineError> {
        for part in &self.script.parts {
            match part {
                ScriptPart::Session(text) => self.session(text)?,
                ScriptPart::Statement(statement)
                    if self.script.undoes_any(statement, self.job.is_in.as_ref()) =>
                {
                    self.statement(statement, watcher)?;
                }
                ScriptPart::Statement(_) => {}
            }
        }
        let here = self.here.clone();
        let entry = self.entry(&here, HistoryState::Applied);
        let version = entry.version;
        let (worker, tables) = self.lock.parts();
        match self.job.direction {
            Direction::Up if self.has_begun => {
                store::set_state(worker, tables, version, HistoryState::Applied)?;
            }
            Direction::Up => store::begin(worker, tables, &entry)?,
            Direction::Down => store::remove(worker, tables, version)?,
        }
        Ok(())
    }

    fn session(&mut self, text: &str) -> Result<(), EngineError> {
        self.timeline.run(text, &self.file, 0)?;
        self.has_new_session = true;
        match self.lock.worker().run(text) {
            Err(RunError::Refused { code, message, .. }) => Err(self.stopped(
                self.done_positions() + 1,
                text,
                StopReason::Failed {
                    code,
                    message,
                    hint: None,
                    may_be_in: false,
                    missing: Vec::new(),
                },
            )),
            outcome => Ok(outcome?),
        }
    }

    pub(super) fn done_positions(&self) -> u32 {
        u32::try_from(self.done).unwrap_or(u32::MAX)
    }

    fn statement(
        &mut self,
        statement: &ScriptStatement,
        watcher: &mut dyn Watcher,
    ) -> Result<(), EngineError> {
        let row = self.rows.get(&statement.position).copied();
        if row.is_some_and(|row| row.state == StatementState::Done) {
            self.timeline.run(&statement.text, &self.file, statement.line)?;
            self.done += 1;
            return Ok(());
        }
        if watcher.wants_to_stop() {
            return Err(self.stopped(statement.position, &statement.text, StopReason::Asked));
        }
        if self.has_new_session {
            // The record of a statement must not wait for a COMMIT of the file.
            self.lock.worker().run("SET autocommit = 1")?;
            self.has_new_session = false;
        }
        let kind = kind_on(statement, &self.timeline);
        // A copy of the model is only taken where it is looked at.
        let is_looked_at = row.is_some() || self.checks_schema;
        let before = is_looked_at.then(|| self.timeline.clone());
        let effect = self.timeline.run(&statement.text, &self.file, statement.line)?;
        let is_in = match (row, &before) {
            (Some(row), Some(before)) => {
                self.judged(statement, kind, before, &effect, row, watcher)?
            }
            (None, Some(before)) if self.checks_schema => {
                if !self.settings.allows_drift {
                    refuse_drift(self.lock.worker().url(), before, DriftMoment::Before)?;
                }
                false
            }
            _ => false,
        };
        self.checks_schema = false;
        if !is_in {
            self.send(statement, kind, &effect, watcher)?;
        }
        self.done += 1;
        Ok(())
    }
}

fn connection_id(worker: &mut Worker) -> Result<u64, EngineError> {
    let rows = worker.rows("SELECT CONNECTION_ID()")?;
    let id = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
    Ok(id.and_then(|id| id.parse().ok()).unwrap_or_default())
}
