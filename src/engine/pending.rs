//! What is to be done, by the files and the history.

use std::collections::{BTreeMap, HashSet};

use super::history::{Direction, History, HistoryState, StatementState};
use crate::migration::{MigrationFiles, MigrationScript};

/// Where the history of a database and the files disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryProblem {
    /// The database has a migration of which there is no file.
    NoFile {
        /// Its version.
        version: String,
    },
    /// The file has other statements than those that ran.
    Edited {
        /// Its version.
        version: String,
    },
    /// A statement that is in, of a migration that stopped half-way, is no longer as it ran.
    EditedStatement {
        /// The version of its migration.
        version: String,
        /// Which file.
        direction: Direction,
        /// Its position in the file.
        position: u32,
    },
    /// A migration that hasn't run is older than one that has.
    Late {
        /// Its version.
        version: String,
        /// The newest version that has run.
        newest: String,
    },
}

impl HistoryProblem {
    /// The version of a migration that is older than one that has run.
    pub fn late_version(&self) -> Option<&str> {
        match self {
            HistoryProblem::Late { version, .. } => Some(version),
            _ => None,
        }
    }
}

/// How the files stand to the history of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Situation {
    /// The migrations that are in, in the order in which they ran: positions in the files.
    pub applied: Vec<usize>,
    /// Those that haven't begun, in order.
    pub pending: Vec<usize>,
    /// The one that isn't finished, and its state.
    pub unfinished: Option<(usize, HistoryState)>,
    /// Where the two disagree.
    pub problems: Vec<HistoryProblem>,
}

/// How the files, in the order of their versions, stand to the history.
pub fn situation(files: &[MigrationFiles], history: &History) -> Situation {
    let mut situation = Situation::default();
    let by_version: BTreeMap<&str, usize> =
        files.iter().enumerate().map(|(at, file)| (file.version.as_str(), at)).collect();
    for entry in history.migrations() {
        let Some(at) = by_version.get(entry.version.as_str()).copied() else {
            situation.problems.push(HistoryProblem::NoFile { version: entry.version.clone() });
            continue;
        };
        match entry.state {
            HistoryState::Applied => {
                if entry.checksum != files[at].up.script.sum.as_str() {
                    let version = entry.version.clone();
                    situation.problems.push(HistoryProblem::Edited { version });
                }
                situation.applied.push(at);
            }
            HistoryState::Applying | HistoryState::Undoing => {
                situation.unfinished = Some((at, entry.state));
                situation.problems.extend(edited_statements(&files[at], history));
            }
            HistoryState::Replaced => {}
        }
    }
    let recorded: HashSet<&str> =
        history.entries.iter().map(|entry| entry.version.as_str()).collect();
    let newest = history.migrations().map(|entry| entry.version.as_str()).max();
    for (at, file) in files.iter().enumerate() {
        if recorded.contains(file.version.as_str()) {
            continue;
        }
        if let Some(newest) = newest.filter(|newest| file.version.as_str() < *newest) {
            let (version, newest) = (file.version.clone(), newest.to_owned());
            situation.problems.push(HistoryProblem::Late { version, newest });
        }
        situation.pending.push(at);
    }
    situation
}

/// The statements of an unfinished migration that are in and are no longer as they ran.
fn edited_statements(file: &MigrationFiles, history: &History) -> Vec<HistoryProblem> {
    let scripts = [
        (Direction::Up, Some(&file.up.script)),
        (Direction::Down, file.down.as_ref().map(|down| &down.script)),
    ];
    let mut problems = Vec::new();
    for (direction, script) in scripts {
        let done = history.statements(&file.version, direction);
        for row in done.filter(|row| row.state == StatementState::Done) {
            let mut statements = script.into_iter().flat_map(MigrationScript::statements);
            let same = statements.find(|it| it.position == row.position);
            if same.is_none_or(|it| it.sum.as_str() != row.checksum) {
                problems.push(HistoryProblem::EditedStatement {
                    version: file.version.clone(),
                    direction,
                    position: row.position,
                });
            }
        }
    }
    problems
}
