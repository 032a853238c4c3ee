//! What the history is told while a file runs, and the error where the file stops.

use super::error::{EngineError, StopReason, Stopped};
use super::history::{Direction, HistoryKind, HistoryState};
use super::identity::ServerIdentity;
use super::run::RunningFile;
use super::store::{self, NewEntry, Started, StatementKey};
use crate::migration::MigrationFiles;

impl<'j> RunningFile<'_, '_, 'j> {
    /// What the history has of the migration in this state.
    pub(super) fn entry<'a>(&self, here: &'a ServerIdentity, state: HistoryState) -> NewEntry<'a>
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
    pub(super) fn note_started(&mut self, new: &Started<'_>) -> Result<(), EngineError> {
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
    pub(super) fn withdraw(&mut self) -> Result<(), EngineError> {
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

    pub(super) fn key(&self, position: u32) -> StatementKey<'j> {
        let (version, direction) = (self.job.files.version.as_str(), self.job.direction);
        StatementKey { version, direction, position }
    }

    pub(super) fn stopped(
        &self,
        position: u32,
        statement: &str,
        reason: StopReason,
    ) -> EngineError {
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

    /// The error that a refusal of the history means when something may be in.
    pub(super) fn unrecorded(&self, error: EngineError) -> EngineError {
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
}
