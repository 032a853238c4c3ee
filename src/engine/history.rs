//! What a database records of its migrations.

use std::collections::HashMap;
use std::fmt;

use super::identity::ServerIdentity;

/// Whether a statement is of the file that carries a migration out, or of its reverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// `.up.sql`
    Up,
    /// `.down.sql`
    Down,
}

/// How a migration came into the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryKind {
    /// It was carried out from its file.
    Migration,
    /// It makes what the database already had when its history began.
    Baseline,
    /// The difference to schema.yaml was carried out directly, without a file.
    Push,
    /// `stamp` noted it as carried out.
    Marked,
    /// It is no migration: it says that the database belongs to a protected environment.
    Protected,
}

/// How far a migration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryState {
    /// Some of its statements may be in.
    Applying,
    /// All of it is in.
    Applied,
    /// Some of its statements may be undone.
    Undoing,
    /// A push that another one has replaced.
    Replaced,
}

/// How far a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementState {
    /// It was going to be sent.
    Started,
    /// It is in.
    Done,
    /// The server has refused it.
    Failed,
}

/// A migration in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its version.
    pub version: String,
    /// Its place in the order in which they were carried out, from 1.
    pub sequence: u32,
    /// How it came into the history.
    pub kind: HistoryKind,
    /// How far it is.
    pub state: HistoryState,
    /// What it is for.
    pub description: String,
    /// The checksum of its file when it was carried out.
    pub checksum: String,
    /// The checksum of its reverse file then, if there was one.
    pub down_checksum: Option<String>,
    /// How many statements it has.
    pub statements: u32,
    /// When it began, in UTC by the server's clock.
    pub started_at: String,
    /// When it was finished.
    pub finished_at: Option<String>,
    /// The account and host that ran it.
    pub applied_by: String,
    /// The version of driftline that ran it.
    pub driftline: String,
    /// The server on which it ran, or was noted.
    pub server: ServerIdentity,
}

/// A statement in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// The version of its migration.
    pub version: String,
    /// Of which of the two files.
    pub direction: Direction,
    /// Its position in the file, from 1.
    pub position: u32,
    /// Its checksum.
    pub checksum: String,
    /// `ddl`, `data` or `opaque`.
    pub kind: String,
    /// How far it is.
    pub state: StatementState,
    /// Its text.
    pub statement: String,
    /// The fingerprint of the objects that it names, before it ran. `None` where it wasn't taken.
    pub objects_before: Option<String>,
    /// The `id` of the server that ran it.
    pub server: String,
    /// The connection that ran it.
    pub connection_id: u64,
    /// When it began, in UTC by the server's clock.
    pub started_at: String,
    /// When it was done or had failed.
    pub finished_at: Option<String>,
    /// The server's error code, if it failed.
    pub error_code: Option<u16>,
    /// The server's message, if it failed.
    pub error: Option<String>,
}

/// All that a database records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The migrations, in the order in which they were carried out.
    pub entries: Vec<HistoryEntry>,
    /// The statements of the migrations that aren't finished.
    pub open: Vec<StatementRow>,
    /// The statements at which migrations stopped of which nothing is in.
    pub refused: Vec<StatementRow>,
}

impl History {
    /// The entry of a version.
    pub fn entry(&self, version: &str) -> Option<&HistoryEntry> {
        self.entries.iter().find(|entry| entry.version == version)
    }

    /// How far each version is.
    pub fn states(&self) -> HashMap<&str, HistoryState> {
        self.entries.iter().map(|entry| (entry.version.as_str(), entry.state)).collect()
    }

    /// Whether the database belongs to a protected environment.
    pub fn is_protected(&self) -> bool {
        self.entries.iter().any(|entry| entry.kind == HistoryKind::Protected)
    }

    /// The migrations that have files.
    pub fn migrations(&self) -> impl Iterator<Item = &HistoryEntry> {
        let has_files =
            |kind: HistoryKind| !matches!(kind, HistoryKind::Push | HistoryKind::Protected);
        self.entries.iter().filter(move |entry| has_files(entry.kind))
    }

    /// The migration that isn't finished. There is at most one.
    pub fn unfinished(&self) -> Option<&HistoryEntry> {
        let is_open = |entry: &&HistoryEntry| {
            matches!(entry.state, HistoryState::Applying | HistoryState::Undoing)
        };
        self.migrations().find(is_open)
    }

    /// The server that has recorded the newest migration, if it isn't `here`: the database is
    /// restored from a dump, or replicated.
    pub fn recorded_elsewhere(&self, here: &ServerIdentity) -> Option<&ServerIdentity> {
        let newest = self.entries.last().map(|entry| &entry.server);
        newest.filter(|server| !server.is(here))
    }

    /// The server on which the migration began that isn't finished, if it isn't `here`.
    pub fn begun_elsewhere(&self, here: &ServerIdentity) -> Option<&ServerIdentity> {
        let server = self.unfinished().map(|entry| &entry.server);
        server.filter(|server| !server.is(here))
    }

    /// The statement at which a migration stopped of which nothing is in.
    pub fn refused(&self, version: &str) -> Option<&StatementRow> {
        self.refused.iter().find(|row| row.version == version)
    }

    /// The statements of an unfinished migration, in order.
    pub fn statements(
        &self,
        version: &str,
        direction: Direction,
    ) -> impl Iterator<Item = &StatementRow> {
        self.open.iter().filter(move |row| row.version == version && row.direction == direction)
    }
}

/// Writes and reads the words that the tables hold.
macro_rules! words {
    ($type:ident { $($variant:ident => $word:literal),* $(,)? }) => {
        impl $type {
            /// The word in the database and in JSON.
            pub fn word(self) -> &'static str {
                match self { $($type::$variant => $word),* }
            }

            pub(super) fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some($type::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words!(Direction { Up => "up", Down => "down" });
words!(HistoryKind {
    Migration => "migration",
    Baseline => "baseline",
    Push => "push",
    Marked => "marked",
    Protected => "protected",
});
words!(HistoryState {
    Applying => "applying",
    Applied => "applied",
    Undoing => "undoing",
    Replaced => "replaced",
});
words!(StatementState { Started => "started", Done => "done", Failed => "failed" });
