//! Brings a database to where the files and a person want it: what was interrupted goes on first.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::agreement::{differences, read_live, refuse_differences, refuse_drift};
use super::error::{DriftMoment, EngineError};
use super::history::{Direction, History, HistoryEntry, HistoryKind, HistoryState, StatementState};
use super::lock::Lock;
use super::names::HistoryTables;
use super::pending::situation;
use super::reconnect::{Place, reconnecting};
use super::run::{Job, RunSettings, judge_open, run};
use super::store::{self, NewEntry};
use super::timeline::Timeline;
use super::watch::Watcher;
use crate::migration::{MigrationFiles, StatementKind};
use crate::source;
use crate::source::live::{DatabaseUrl, Worker};

/// What a person has agreed to.
pub struct Request<'a> {
    /// All migrations that there are, in order.
    pub files: &'a [MigrationFiles],
    /// What is to be done.
    pub goal: Goal,
    /// The versions that may run though newer ones have.
    pub allowed_late: Vec<String>,
    /// What isn't compared.
    pub compared: source::Settings,
    /// Whether the database belongs to a protected environment.
    pub is_protected: bool,
    /// How the run behaves.
    pub settings: RunSettings,
    /// How long it waits for the lock, and for a server that went away.
    pub lock_patience: Duration,
    /// The tables of the history.
    pub tables: HistoryTables,
}

/// What is to be done. Versions that are done already are passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Carry these out, in order.
    Apply(Vec<String>),
    /// Undo these, in order: the newest first.
    Undo(Vec<String>),
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migrated {
    /// The versions that were carried out or undone.
    pub done: Vec<String>,
    /// The version that was found to be there already, as the history began.
    pub baseline: Option<String>,
}

/// Does what was asked. If the connection is lost, a new one waits for the lock, finds out what is
/// in, and goes on.
///
/// # Errors
///
/// Why it isn't done. The history says what is.
pub fn migrate(
    url: &DatabaseUrl,
    request: &Request<'_>,
    watcher: &mut dyn Watcher,
) -> Result<Migrated, EngineError> {
    let mut course = Course::default();
    let place = Place { url, tables: &request.tables, patience: request.lock_patience };
    reconnecting(
        &place,
        watcher,
        &mut course,
        |course| course.seen,
        |lock, _, course, watcher| under_lock(lock, request, course, watcher),
    )?;
    Ok(course.outcome)
}

/// How far a run is, over all its connections.
#[derive(Default)]
struct Course {
    outcome: Migrated,
    /// The version that is being carried out or undone.
    running: Option<String>,
    /// The lines of the history when the last connection took the lock: the migrations, and the
    /// statements that are in of those that aren't finished.
    seen: (usize, usize),
}

fn under_lock(
    lock: &mut Lock<'_>,
    request: &Request<'_>,
    course: &mut Course,
    watcher: &mut dyn Watcher,
) -> Result<(), EngineError> {
    let mut history = lock.history()?;
    let done = history.open.iter().filter(|row| row.state == StatementState::Done);
    course.seen = (history.entries.len(), done.count());
    if let Some(version) = course.running.take()
        && !due(request, &history).iter().any(|files| files.version == version)
    {
        // The connection was lost after the last record.
        course.outcome.done.push(version);
    }
    if request.is_protected && !history.is_protected() {
        note_protection(lock)?;
    }
    if history.migrations().next().is_none()
        && let Some(version) = note_baseline(lock, request)?
    {
        course.outcome.baseline = Some(version);
        history = lock.history()?;
    }
    let mut problems = situation(request.files, &history).problems;
    let is_allowed = |version: &str| request.allowed_late.iter().any(|it| it == version);
    problems.retain(|problem| !problem.late_version().is_some_and(is_allowed));
    if !problems.is_empty() {
        return Err(EngineError::Disagree { problems });
    }
    if judge_half_applied(lock, request, &history, watcher)? {
        history = lock.history()?;
    }
    let mut last: Option<Timeline> = None;
    let entries: HashMap<&str, &HistoryEntry> =
        history.entries.iter().map(|entry| (entry.version.as_str(), entry)).collect();
    for files in due(request, &history) {
        if watcher.wants_to_stop() {
            return Err(EngineError::Interrupted);
        }
        let entry = entries.get(files.version.as_str()).copied();
        let job = job(request, &history, (files, entry), last.is_none());
        let base = match (last.take(), job.direction) {
            // The schema after the file before it is the one before it.
            (Some(last), _) => last,
            (None, Direction::Up) => base(request, &history, None, lock.worker())?,
            (None, Direction::Down) => {
                let undone = (files.version.as_str(), job.is_in.as_ref());
                base(request, &history, Some(undone), lock.worker())?
            }
        };
        course.running = Some(files.version.clone());
        last = Some(run(lock, &job, base, &request.settings, watcher)?);
        course.outcome.done.extend(course.running.take());
    }
    match last {
        // The database has to be as the files say.
        Some(last) if !request.settings.allows_drift => {
            refuse_drift(lock.worker().url(), &last, DriftMoment::After)
        }
        _ => Ok(()),
    }
}

/// The migrations of the goal that aren't done yet, in its order.
fn due<'a>(request: &Request<'a>, history: &History) -> Vec<&'a MigrationFiles> {
    let files: HashMap<&str, &MigrationFiles> =
        request.files.iter().map(|it| (it.version.as_str(), it)).collect();
    let states = history.states();
    let (versions, is_due): (_, fn(Option<HistoryState>) -> bool) = match &request.goal {
        Goal::Apply(versions) => (versions, |state| state != Some(HistoryState::Applied)),
        Goal::Undo(versions) => (versions, |state| state.is_some()),
    };
    let due = versions.iter().filter(|it| is_due(states.get(it.as_str()).copied()));
    due.filter_map(|version| files.get(version.as_str()).copied()).collect()
}

/// Before a migration that stopped half-way is undone, it has to be known how much of it is in.
/// Returns whether the history is another one now.
fn judge_half_applied(
    lock: &mut Lock<'_>,
    request: &Request<'_>,
    history: &History,
    watcher: &mut dyn Watcher,
) -> Result<bool, EngineError> {
    let Goal::Undo(versions) = &request.goal else { return Ok(false) };
    let unfinished = history.unfinished().filter(|it| it.state == HistoryState::Applying);
    let Some(entry) = unfinished.filter(|it| versions.contains(&it.version)) else {
        return Ok(false);
    };
    let Some(files) = request.files.iter().find(|it| it.version == entry.version) else {
        return Ok(false);
    };
    let rows: Vec<_> = history.statements(&entry.version, Direction::Up).cloned().collect();
    if rows.iter().all(|row| row.state == StatementState::Done) {
        return Ok(false);
    }
    let base = base(request, history, None, lock.worker())?;
    let job = Job {
        files,
        kind: entry.kind,
        direction: Direction::Up,
        is_in: None,
        rows,
        checks_schema: false,
    };
    judge_open(lock, &job, base, &request.settings, watcher)?;
    Ok(true)
}

/// A file to carry out.
fn job<'a>(
    request: &Request<'a>,
    history: &History,
    (files, entry): (&'a MigrationFiles, Option<&HistoryEntry>),
    checks_schema: bool,
) -> Job<'a> {
    let (direction, is_in) = match &request.goal {
        Goal::Apply(_) => (Direction::Up, None),
        Goal::Undo(_) => (Direction::Down, entry.and_then(|entry| statements_in(history, entry))),
    };
    Job {
        files,
        kind: HistoryKind::Migration,
        direction,
        is_in,
        rows: history.statements(&files.version, direction).cloned().collect(),
        checks_schema,
    }
}

/// The schema before a file.
fn base(
    request: &Request<'_>,
    history: &History,
    undone: Option<(&str, Option<&BTreeSet<u32>>)>,
    worker: &Worker,
) -> Result<Timeline, EngineError> {
    let compared = (worker.server(), &request.compared);
    Timeline::of_history(request.files, history, undone, compared)
}

/// The statements of a migration that are in; `None` if all are.
pub(super) fn statements_in(history: &History, entry: &HistoryEntry) -> Option<BTreeSet<u32>> {
    let up: Vec<_> = history.statements(&entry.version, Direction::Up).collect();
    // One that was noted, not carried out, has no statements in the history.
    if entry.state == HistoryState::Applied || up.is_empty() && entry.state == HistoryState::Undoing
    {
        return None;
    }
    let done = up.into_iter().filter(|row| row.state == StatementState::Done);
    Some(done.map(|row| row.position).collect())
}

/// The same, with the statement that may be in: the next run finds out.
pub fn statements_that_may_be_in(history: &History, entry: &HistoryEntry) -> Option<BTreeSet<u32>> {
    let mut positions = statements_in(history, entry)?;
    if entry.state == HistoryState::Applying {
        let open = history.statements(&entry.version, Direction::Up).filter(|row| {
            row.state == StatementState::Started && row.kind != StatementKind::Data.word()
        });
        positions.extend(open.map(|row| row.position));
    }
    Some(positions)
}

/// Notes the baseline as carried out if the database has what it makes. A database that has nothing
/// gets it from its file.
fn note_baseline(
    lock: &mut Lock<'_>,
    request: &Request<'_>,
) -> Result<Option<String>, EngineError> {
    let Some(first) = request.files.first().filter(|it| it.up.script.is_baseline) else {
        return Ok(None);
    };
    if !matches!(&request.goal, Goal::Apply(versions) if versions.contains(&first.version)) {
        return Ok(None);
    }
    let server = lock.worker().server();
    let empty = Timeline::new(server, request.compared.clone());
    let mut after = empty.clone();
    after.run_file(&first.up, None)?;
    let model = after.loaded();
    let live = read_live(lock.worker().url(), &model)?;
    if differences(&live, &empty.loaded())?.is_empty() {
        return Ok(None);
    }
    refuse_differences(&live, &model, DriftMoment::Baseline)?;
    note(lock, first, HistoryKind::Baseline)?;
    Ok(Some(first.version.clone()))
}

/// Notes that the database belongs to a protected environment.
pub(super) fn note_protection(lock: &mut Lock<'_>) -> Result<(), EngineError> {
    let server = lock.here().clone();
    let (worker, tables) = lock.parts();
    store::begin(
        worker,
        tables,
        &NewEntry {
            version: "protected",
            kind: HistoryKind::Protected,
            state: HistoryState::Applied,
            description: "the database belongs to a protected environment",
            checksum: "",
            down_checksum: None,
            statements: 0,
            server: &server,
        },
    )?;
    Ok(())
}

/// Notes a migration as carried out without carrying it out.
pub(super) fn note(
    lock: &mut Lock<'_>,
    files: &MigrationFiles,
    kind: HistoryKind,
) -> Result<(), EngineError> {
    let server = lock.here().clone();
    let (worker, tables) = lock.parts();
    store::begin(
        worker,
        tables,
        &NewEntry {
            version: &files.version,
            kind,
            state: HistoryState::Applied,
            description: &files.description,
            checksum: files.up.script.sum.as_str(),
            down_checksum: files.down.as_ref().map(|down| down.script.sum.as_str()),
            statements: files.up.script.statements().count(),
            server: &server,
        },
    )?;
    Ok(())
}
