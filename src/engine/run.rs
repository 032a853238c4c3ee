//! Carries out one file of a migration, statement by statement.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::agreement::{agreement, differences, read_live};
use super::blockers::Blocker;
use super::error::{DriftMoment, EngineError, StopReason, Stopped};
use super::fingerprint::fingerprint;
use super::history::{Direction, HistoryKind, HistoryState, StatementRow, StatementState};
use super::identity::ServerIdentity;
use super::judge::{Agreement, JudgeEvidence, StatementVerdict, judge};
use super::lock::Lock;
use super::progress::Progress;
use super::send::{LOCK_WAIT_TIMEOUT, NotSent, Sending, send, watched};
use super::store::{self, NewEntry, Started, StatementKey, marker};
use super::timeline::Timeline;
use super::watch::{RunEvent, Watcher};
use crate::migration::{
    MigrationFile, MigrationFiles, MigrationScript, ScriptPart, ScriptStatement, StatementKind,
};
use crate::model::Schema;
use crate::source::dump::Effect;
use crate::source::live::{RunError, Worker};
use crate::syntax::lexer::{Dialect, TokenKind, lex};

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
    let mut running = Running::new(lock, job, base, (script, file), settings)?;
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
    let mut running = Running::new(lock, job, base, (script, file), settings)?;
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
struct Running<'r, 'l, 'j> {
    lock: &'r mut Lock<'l>,
    job: &'j Job<'j>,
    settings: &'j RunSettings,
    script: &'j MigrationScript,
    file: String,
    rows: BTreeMap<u32, &'j StatementRow>,
    timeline: Timeline,
    of: usize,
    done: usize,
    connection: u64,
    here: ServerIdentity,
    /// Whether the live schema is still to be compared with the model.
    checks_schema: bool,
    /// Whether the file has changed the session since the last statement.
    has_new_session: bool,
    /// Whether the history has the migration as begun.
    has_begun: bool,
    /// Whether a statement was sent.
    has_sent: bool,
}

impl<'r, 'l, 'j> Running<'r, 'l, 'j> {
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
        Ok(Running {
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

    /// The error that a refusal of the history means when something may be in.
    fn unrecorded(&self, error: EngineError) -> EngineError {
        let message = match &error {
            EngineError::Refused { code, message } => format!("{message} (error {code})"),
            EngineError::Locked { reason, .. } => reason.clone(),
            _ => return error,
        };
        if self.done == 0 && !self.has_sent {
            return error;
        }
        let of = u32::try_from(self.of).unwrap_or(u32::MAX);
        let position = (self.done_positions() + 1).min(of);
        self.stopped(position, "", StopReason::Unrecorded { message })
    }

    /// Records whether a statement is in, and doesn't carry it out.
    fn judge_only(
        &mut self,
        statement: &ScriptStatement,
        row: &StatementRow,
        watcher: &mut dyn Watcher,
    ) -> Result<(), EngineError> {
        let kind = kind_on(statement, &self.timeline);
        let before = self.timeline.clone();
        let effect = self.timeline.run(&statement.text, &self.file, statement.line)?;
        let is_in = self.judged(statement, kind, &before, &effect, row, watcher)?;
        if !is_in && row.state == StatementState::Started {
            let key = self.key(statement.position);
            let (worker, tables) = self.lock.parts();
            store::forget(worker, tables, &key)?;
        }
        Ok(())
    }

    /// What the history has of the migration in this state.
    fn entry<'a>(&self, here: &'a ServerIdentity, state: HistoryState) -> NewEntry<'a>
    where
        'j: 'a,
    {
        let MigrationFiles { version, description, down, .. } = self.job.files;
        NewEntry {
            version,
            kind: self.job.kind,
            state,
            description,
            checksum: self.script.sum.as_str(),
            down_checksum: down.as_ref().map(|down| down.script.sum.as_str()),
            statements: self.of,
            server: here,
        }
    }

    /// Notes that a statement is going to be sent. Together with the first of them it is noted that
    /// the migration begins, so that none is called begun of which nothing was sent.
    fn note_started(&mut self, new: &Started<'_>) -> Result<(), EngineError> {
        if self.has_begun {
            let (worker, tables) = self.lock.parts();
            return Ok(store::started(worker, tables, new)?);
        }
        let here = self.here.clone();
        let entry = self.entry(&here, HistoryState::Applying);
        let direction = self.job.direction;
        let (worker, tables) = self.lock.parts();
        store::in_transaction(worker, |worker| {
            match direction {
                Direction::Up => store::begin(worker, tables, &entry)?,
                Direction::Down => {
                    store::set_state(worker, tables, entry.version, HistoryState::Undoing)?;
                }
            }
            store::started(worker, tables, new)
        })?;
        self.has_begun = true;
        Ok(())
    }

    /// If nothing has come of the migration, or of its undoing, the history is as if it hadn't begun,
    /// but for the record of the statement that was refused.
    fn withdraw(&mut self) -> Result<(), EngineError> {
        if self.done > 0 || self.job.kind == HistoryKind::Push {
            return Ok(());
        }
        let version = self.job.files.version.as_str();
        let is_whole = self.is_wholly_in();
        let (worker, tables) = self.lock.parts();
        match self.job.direction {
            Direction::Up => store::withdraw(worker, tables, version)?,
            Direction::Down if is_whole => {
                store::set_state(worker, tables, version, HistoryState::Applied)?;
            }
            Direction::Down => {
                store::set_state(worker, tables, version, HistoryState::Applying)?;
            }
        }
        self.has_begun = false;
        Ok(())
    }

    /// Whether all statements of the migration that is undone are in.
    fn is_wholly_in(&self) -> bool {
        let is_in = |position: &u32| {
            self.job.is_in.as_ref().is_none_or(|positions| positions.contains(position))
        };
        self.job.files.up.script.statements().all(|statement| is_in(&statement.position))
    }

    fn session(&mut self, text: &str) -> Result<(), EngineError> {
        self.timeline.run(text, &self.file, 0)?;
        self.has_new_session = true;
        match self.lock.worker().run(text) {
            Err(RunError::Refused { code, message, .. }) => Err(self.stopped(
                self.done_positions() + 1,
                text,
                StopReason::Failed { code, message, hint: None, may_be_in: false },
            )),
            outcome => Ok(outcome?),
        }
    }

    fn done_positions(&self) -> u32 {
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
                self.refuse_drift(before)?;
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

    fn refuse_drift(&mut self, model: &Timeline) -> Result<(), EngineError> {
        if self.settings.allows_drift {
            return Ok(());
        }
        let model = model.loaded();
        let live = read_live(self.lock.worker().url(), &model)?;
        let differences = differences(&live, &model)?;
        match differences.is_empty() {
            true => Ok(()),
            false => Err(EngineError::Drift { differences, moment: DriftMoment::Before }),
        }
    }

    /// Whether a statement is in whose record is open.
    fn judged(
        &mut self,
        statement: &ScriptStatement,
        kind: StatementKind,
        before: &Timeline,
        effect: &Effect,
        row: &StatementRow,
        watcher: &mut dyn Watcher,
    ) -> Result<bool, EngineError> {
        let (model_before, model_after) = (before.loaded(), self.timeline.loaded());
        // What only SHOW CREATE shows is read where the schema that it is compared with has such.
        let url = self.lock.worker().url().clone();
        let live_before = read_live(&url, &model_before)?;
        let live_after = read_live(&url, &model_after)?;
        let (agrees_before, from_before) = agreement(&live_before, &model_before, effect)?;
        let (agrees_after, from_after) = agreement(&live_after, &model_after, effect)?;
        let now = fingerprint(self.lock.worker(), effect)?;
        let evidence = JudgeEvidence {
            before: agrees_before,
            after: agrees_after,
            fingerprint: match (&row.objects_before, &now) {
                (Some(one), Some(other)) if one == other => Agreement::Same,
                // Another server shows the same object in other words.
                (Some(_), Some(_)) if row.server == self.here.id => Agreement::Differs,
                _ => Agreement::Unknown,
            },
            renames: effect.after.tables.values().any(|table| {
                table.renamed_from.is_some()
                    || table.columns.iter().any(|column| column.renamed_from.is_some())
            }),
        };
        let verdict = judge(kind, evidence);
        let position = statement.position;
        watcher.event(&RunEvent::Judged { position, verdict });
        let (live, model) = match verdict {
            StatementVerdict::In => (&live_after, &model_after),
            StatementVerdict::NotIn => (&live_before, &model_before),
            StatementVerdict::Unknown => {
                let reason = StopReason::Unknown { from_before, from_after };
                return Err(self.stopped(position, &statement.text, reason));
            }
        };
        if self.checks_schema && !self.settings.allows_drift {
            let differences = differences(live, model)?;
            if !differences.is_empty() {
                return Err(EngineError::Drift { differences, moment: DriftMoment::Before });
            }
        }
        if verdict == StatementVerdict::In {
            let key = self.key(position);
            let (worker, tables) = self.lock.parts();
            store::done(worker, tables, &key)?;
        }
        Ok(verdict == StatementVerdict::In)
    }

    fn key(&self, position: u32) -> StatementKey<'j> {
        let (version, direction) = (self.job.files.version.as_str(), self.job.direction);
        StatementKey { version, direction, position }
    }

    fn send(
        &mut self,
        statement: &ScriptStatement,
        kind: StatementKind,
        effect: &Effect,
        watcher: &mut dyn Watcher,
    ) -> Result<(), EngineError> {
        let began = Instant::now();
        let position = statement.position;
        let text = statement.text.as_str();
        let objects_before = match kind {
            StatementKind::Ddl => fingerprint(self.lock.worker(), effect)?,
            StatementKind::Data | StatementKind::Opaque { .. } => None,
        };
        let key = self.key(position);
        let here = self.here.clone();
        let new = Started {
            key,
            checksum: statement.sum.as_str(),
            kind: kind.word(),
            statement: text,
            objects_before: objects_before.as_deref(),
            server: &here.id,
        };
        self.note_started(&new)?;
        self.has_sent = true;
        let (worker, tables) = self.lock.parts();
        watcher.event(&RunEvent::Sends { position, of: self.of, statement: text });
        let sql = format!("{}{text}", marker(&key, ""));
        let sending = Sending {
            sql: &sql,
            tables: effect.tables.iter().map(String::as_str).collect(),
            connection: self.connection,
            patience: self.settings.patience,
            makes_unique_key: makes_unique_key(effect),
            is_repeatable: kind != StatementKind::Opaque { is_repeatable: false },
        };
        let outcome = send(worker, &sending, watcher, &mut |worker, watcher| match kind {
            StatementKind::Data => store::in_transaction(worker, |worker| {
                run_watched(worker, &sending, watcher)?;
                store::done(worker, tables, &key)
            }),
            StatementKind::Ddl | StatementKind::Opaque { .. } => {
                run_watched(worker, &sending, watcher)
            }
        });
        match outcome {
            Ok(()) => {
                if kind != StatementKind::Data {
                    store::done(worker, tables, &key)?;
                }
                watcher.event(&RunEvent::Done { position, elapsed: began.elapsed() });
                Ok(())
            }
            Err(NotSent::Run(RunError::Lost(error))) => Err(EngineError::Lost(error)),
            Err(NotSent::Blocked { blockers, seconds }) => {
                match (self.done, self.job.direction) {
                    // It is all that is kept of the run, so it says why.
                    (0, Direction::Up) => {
                        let message = blocked_words(&blockers, seconds);
                        store::failed(worker, tables, &key, (LOCK_WAIT_TIMEOUT, &message))?;
                    }
                    _ => store::forget(worker, tables, &key)?,
                }
                self.withdraw()?;
                Err(self.stopped(position, text, StopReason::Blocked { blockers, seconds }))
            }
            Err(NotSent::Run(RunError::Refused { code, message, .. })) => {
                store::failed(worker, tables, &key, (code, &message))?;
                let may_be_in = match kind {
                    StatementKind::Data => false,
                    StatementKind::Opaque { .. } => true,
                    // Some, such as DROP of several tables, may be in by half.
                    StatementKind::Ddl => {
                        objects_before.is_none() || fingerprint(worker, effect)? != objects_before
                    }
                };
                if !may_be_in {
                    self.withdraw()?;
                }
                // ER_QUERY_INTERRUPTED, and MariaDB's of a killed statement: it is rolled back.
                let reason = if code == 1317 && watcher.wants_to_stop() {
                    StopReason::Asked
                } else {
                    let hint = hint(code).filter(|_| code != 1062 || !sending.makes_unique_key);
                    StopReason::Failed { code, message, hint, may_be_in }
                };
                Err(self.stopped(position, text, reason))
            }
        }
    }

    fn stopped(&self, position: u32, statement: &str, reason: StopReason) -> EngineError {
        EngineError::Stopped(Box::new(Stopped {
            version: self.job.files.version.clone(),
            name: self.job.files.name.clone(),
            direction: self.job.direction,
            position,
            of: self.of,
            done: self.done,
            statement: statement.to_owned(),
            reason,
        }))
    }
}

/// Why a statement got no lock, for the history. The KILL isn't in it: when it is read, another
/// session may have that number.
fn blocked_words(blockers: &[Blocker], seconds: u64) -> String {
    let blockers: Vec<String> = blockers.iter().map(Blocker::to_string).collect();
    match blockers.is_empty() {
        true => format!("no lock within {seconds} s"),
        false => format!("no lock within {seconds} s: {}", blockers.join("; ")),
    }
}

/// Runs a statement, and tells every second what the server says of it.
fn run_watched(
    worker: &mut Worker,
    sending: &Sending<'_>,
    watcher: &mut dyn Watcher,
) -> Result<(), RunError> {
    let mut progress = Progress::of(worker, sending.connection);
    watched(watcher, move || progress.look(), || worker.run(sending.sql))
}

/// What may help where the server has refused a statement.
fn hint(code: u16) -> Option<&'static str> {
    match code {
        1062 | 1799 => Some(
            "other sessions wrote to the table while it was rebuilt; with `LOCK=SHARED` in the \
             statement they wait instead",
        ),
        1845 | 1846 | 4092 | 4158 => Some(
            "the server can't do it as the ALGORITHM or LOCK clause asks: change the clause, and \
             expect the table to be copied",
        ),
        1290 | 1792 | 1836 => Some("the server is read-only: name the primary in the URL"),
        1317 => Some("somebody stopped the statement, and the server has rolled it back"),
        _ => None,
    }
}

/// Whether a statement makes a unique key that wasn't there.
fn makes_unique_key(effect: &Effect) -> bool {
    let keys = |schema: &Schema| -> usize {
        let of_table = |table: &crate::model::Table| {
            usize::from(table.primary_key.is_some())
                + table.indexes.iter().filter(|it| it.is_unique()).count()
        };
        schema.tables.values().map(of_table).sum()
    };
    keys(&effect.after) > keys(&effect.before)
}

/// What a statement is, with the schema before it. Data is in a transaction only if all tables that it
/// names have an engine with transactions.
fn kind_on(statement: &ScriptStatement, before: &Timeline) -> StatementKind {
    match statement.kind {
        StatementKind::Data if names_table_without_transactions(&statement.text, before) => {
            StatementKind::Opaque { is_repeatable: false }
        }
        kind => kind,
    }
}

/// Whether a word or quoted name of a statement is that of a table without transactions.
fn names_table_without_transactions(text: &str, before: &Timeline) -> bool {
    let Ok(tokens) = lex(text, Dialect::default()) else { return true };
    let names = tokens.iter().filter_map(|token| match token.kind {
        TokenKind::Word => Some(text[token.start..token.end].to_lowercase()),
        TokenKind::Quoted => {
            let inner = text.get(token.start + 1..token.end - 1)?;
            Some(inner.replace("``", "`").to_lowercase())
        }
        _ => None,
    });
    let names: BTreeSet<String> = names.collect();
    before.tables().any(|table| {
        names.contains(&table.name.to_lowercase())
            && table.options.engine.as_deref().is_some_and(|it| !it.eq_ignore_ascii_case("InnoDB"))
    })
}

fn connection_id(worker: &mut Worker) -> Result<u64, EngineError> {
    let rows = worker.rows("SELECT CONNECTION_ID()")?;
    let id = rows.into_iter().next().and_then(|row| row.into_iter().next().flatten());
    Ok(id.and_then(|id| id.parse().ok()).unwrap_or_default())
}
