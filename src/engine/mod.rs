//! Carries migrations out, records each statement in the database, and finds out after an
//! interruption what is in.
//!
//! Before and after every statement its state is recorded in the database itself, on the
//! connection that runs it and that holds the lock. A statement whose record is open is judged: the
//! live schema is compared with the schema that the files give before and after that statement. So
//! what was killed at any moment goes on where it stopped, and nothing runs twice.

mod agreement;
mod blockers;
mod destruction;
mod error;
mod fingerprint;
mod history;
mod identity;
mod in_doubt;
mod judge;
mod kind;
mod lock;
mod migrate;
mod missing;
mod names;
mod notes;
mod pending;
mod progress;
mod push;
mod reconnect;
mod record;
mod reset;
mod review;
mod run;
mod send;
mod statement;
mod store;
mod timeline;
mod watch;

pub use blockers::Blocker;
pub use destruction::destructions;
pub use error::{DriftMoment, EngineError, StopReason, Stopped};
pub use history::{
    Direction, History, HistoryEntry, HistoryKind, HistoryState, StatementRow, StatementState,
};
pub use identity::ServerIdentity;
pub use judge::{Agreement, JudgeEvidence, StatementVerdict, judge};
pub use migrate::{Goal, Migrated, Request, migrate, statements_that_may_be_in};
pub use missing::{MissingReference, missing_references};
pub use names::HistoryTables;
pub(crate) use names::without_history;
pub use notes::{Note, mark, open_statement, resolve};
pub use pending::{HistoryProblem, Situation, situation};
pub use push::{PushRequest, push};
pub use reset::{contents, reset};
pub use review::review_file;
pub use run::RunSettings;
pub use store::{read_history, read_statements};
pub use timeline::Timeline;
pub use watch::{RunEvent, Watcher};
