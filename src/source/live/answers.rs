//! Where rows come from: a connection, or in tests what a server once answered.

use super::connect::Connection;
use super::error::LiveError;
use super::rows::Fields;

/// Answers queries.
pub(super) trait Answers {
    /// Each row of a query's answer, turned into a value.
    fn rows<T>(&mut self, sql: &str, row: impl FnMut(Fields) -> T) -> Result<Vec<T>, LiveError>;

    /// The one row that each of several statements gives.
    fn one_row_each<T>(
        &mut self,
        statements: &[String],
        row: impl FnMut(Fields) -> T,
    ) -> Result<Vec<T>, LiveError>;
}

impl Answers for Connection {
    fn rows<T>(&mut self, sql: &str, row: impl FnMut(Fields) -> T) -> Result<Vec<T>, LiveError> {
        Connection::rows(self, sql, row)
    }

    fn one_row_each<T>(
        &mut self,
        statements: &[String],
        row: impl FnMut(Fields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        Connection::one_row_each(self, statements, row)
    }
}
