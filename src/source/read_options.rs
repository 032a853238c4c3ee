use std::collections::BTreeSet;

use crate::model::Schema;
use crate::server::Server;

/// How a source is read. A kind of source ignores what is about another kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Of SQL: the server that it is for. Where there is none, the SQL itself tells.
    pub flavor: Option<Server>,
    /// Of SQL: the database to read of several.
    pub database: Option<&'a str>,
    /// Of a server: what is asked besides the bulk queries.
    pub detail: Detail,
    /// Of a server: the schema that it is read to be compared with. Where that one has what
    /// `information_schema` doesn't report (MySQL's COLUMN_FORMAT, TABLESPACE and the like), SHOW
    /// CREATE TABLE is asked about the tables of those names.
    pub compared_with: Option<&'a Schema>,
    /// Of a server: the tables that no other session may alter meanwhile.
    pub hold: Hold<'a>,
}

impl ReadOptions<'_> {
    /// All that a server tells of the tables, as of one moment.
    pub const FULL: ReadOptions<'static> = ReadOptions {
        flavor: None,
        database: None,
        detail: Detail::Full,
        compared_with: None,
        hold: Hold::All,
    };

    /// So much of a server.
    pub fn of(detail: Detail) -> Self {
        ReadOptions { detail, ..ReadOptions::default() }
    }
}

/// Which tables a server is asked SHOW CREATE TABLE about, a statement for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// Those of which the bulk queries leave something open.
    #[default]
    Bulk,
    /// All of them if the server has clauses that `information_schema` doesn't report, else those of
    /// `Bulk`: for a comparison with another server, where either may have such a clause.
    Unreported,
    /// All of them. On MySQL that gives the order of the indexes too, and clauses such as
    /// COLUMN_FORMAT and AUTOEXTEND_SIZE. It takes several times as long as `Bulk`.
    Full,
    /// All of them, but the schema is read as by `Bulk`: the statements are there to check it.
    BulkWithStatements,
}

impl Detail {
    /// Whether [`Loaded`](super::Loaded) has the statements of all tables.
    pub(super) fn keeps_statements(self) -> bool {
        matches!(self, Detail::Full | Detail::BulkWithStatements)
    }
}

/// Tables that other sessions are kept from altering while a server is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hold<'a> {
    /// None.
    #[default]
    Nothing,
    /// Those among them that are there.
    Tables(&'a BTreeSet<String>),
    /// All.
    All,
}
