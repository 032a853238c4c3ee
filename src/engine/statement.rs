//! Carries out one statement, and records what has come of it.

use std::time::Instant;

use super::blockers::Blocker;
use super::error::{EngineError, StopReason};
use super::fingerprint::fingerprint;
use super::history::Direction;
use super::missing::{MissingReference, missing_in};
use super::progress::Progress;
use super::run::RunningFile;
use super::send::{LOCK_WAIT_TIMEOUT, NotSent, Sending, send, watched};
use super::store::{self, Started, marker};
use super::watch::{RunEvent, Watcher};
use crate::migration::{ScriptStatement, StatementKind};
use crate::model::Schema;
use crate::source::dump::Effect;
use crate::source::live::{RunError, Worker};

impl RunningFile<'_, '_, '_> {
    /// Sends a statement that isn't in.
    pub(super) fn send(
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
                    let missing = self.missing_after(code, effect);
                    StopReason::Failed { code, message, hint, may_be_in, missing }
                };
                Err(self.stopped(position, text, reason))
            }
        }
    }
}

impl RunningFile<'_, '_, '_> {
    /// What the statement that was refused refers to and the schema after it doesn't have, if the
    /// server's error may be about that.
    fn missing_after(&self, code: u16, effect: &Effect) -> Vec<MissingReference> {
        // ER_CANT_CREATE_TABLE (MariaDB's with errno 150), ER_NO_SUCH_TABLE,
        // ER_CANNOT_ADD_FOREIGN, ER_FK_CANNOT_OPEN_PARENT
        if !matches!(code, 1005 | 1146 | 1215 | 1824) {
            return Vec::new();
        }
        let names = self.timeline.names();
        let is_there = |name: &str| names.contains(&name.to_lowercase());
        missing_in(&effect.after, self.timeline.server(), is_there)
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
        1359 => Some(
            "if the database has no such trigger, the server was stopped within a DROP TRIGGER and \
             has left a file of it: `DROP TRIGGER IF EXISTS` removes that",
        ),
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
