//! How a running database is used, as far as rules ask.

use std::collections::{BTreeMap, BTreeSet};

/// How the tables and indexes of a database are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUsage {
    /// The next value of AUTO_INCREMENT of each table that counts up.
    pub next_values: BTreeMap<String, u64>,
    /// Which indexes are used; `None` if that wasn't asked.
    pub indexes: Option<IndexUse>,
}

/// Which indexes the statements have used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexUse {
    /// It isn't known, for this reason.
    Unknown(String),
    /// It was counted since the server started.
    Counted {
        /// For how many whole days.
        days: u64,
        /// The indexes that no statement has used, of each table that was used.
        unused: BTreeMap<String, BTreeSet<String>>,
    },
}
