//! Whether a statement is in whose record doesn't say so.

use super::agreement::{agreement, read_live, refuse_differences};
use super::error::{DriftMoment, EngineError, StopReason};
use super::fingerprint::fingerprint;
use super::history::{StatementRow, StatementState};
use super::judge::{Agreement, JudgeEvidence, StatementVerdict, judge};
use super::kind::kind_on;
use super::run::RunningFile;
use super::store;
use super::timeline::Timeline;
use super::watch::{RunEvent, Watcher};
use crate::migration::{ScriptStatement, StatementKind};
use crate::source::dump::Effect;

impl RunningFile<'_, '_, '_> {
    /// Records whether a statement is in, and doesn't carry it out.
    pub(super) fn judge_only(
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

    /// Whether a statement is in whose record is open.
    pub(super) fn judged(
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
            refuse_differences(live, model, DriftMoment::Before)?;
        }
        if verdict == StatementVerdict::In {
            let key = self.key(position);
            let (worker, tables) = self.lock.parts();
            store::done(worker, tables, &key)?;
        }
        Ok(verdict == StatementVerdict::In)
    }
}
