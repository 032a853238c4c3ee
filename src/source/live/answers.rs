//! Where rows come from: a connection, or in tests the recorded answers of a server.

use super::connect::Connection;
use super::error::LiveError;
use super::rows::RowFields;

/// Answers queries.
pub(super) trait Answers {
    /// Each row of a query's answer, turned into a value.
    fn rows<T>(&mut self, sql: &str, row: impl FnMut(RowFields) -> T) -> Result<Vec<T>, LiveError>;

    /// Runs several statements, each of which gives one row.
    fn one_row_each<T>(
        &mut self,
        statements: &[String],
        row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError>;

    /// The same, many of them sent at once. Where a statement fails, its place has the server's
    /// reason: the account lacks a right, or the object is gone.
    fn one_row_or_reason<T>(
        &mut self,
        statements: &[String],
        mut row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<Result<T, Unshown>>, LiveError> {
        let mut all = Vec::with_capacity(statements.len());
        for statements in statements.chunks(AT_ONCE) {
            match self.one_row_each(statements, &mut row) {
                Ok(rows) if rows.len() == statements.len() => all.extend(rows.into_iter().map(Ok)),
                Err(error @ LiveError::ConnectionLost { .. }) => return Err(error),
                // One of them failed. Ask for each alone, so that the others are still answered.
                _ => {
                    for statement in statements {
                        all.push(self.row_or_reason(statement, &mut row)?);
                    }
                }
            }
        }
        Ok(all)
    }

    /// Runs one statement that gives one row, or gives the server's reason why it doesn't.
    fn row_or_reason<T>(
        &mut self,
        statement: &String,
        row: impl FnMut(RowFields) -> T,
    ) -> Result<Result<T, Unshown>, LiveError> {
        match self.one_row_each(std::slice::from_ref(statement), row) {
            Ok(rows) => Ok(rows
                .into_iter()
                .next()
                .ok_or_else(|| Unshown::Other("the server gives no reason".into()))),
            Err(error @ LiveError::ConnectionLost { .. }) => Err(error),
            Err(LiveError::NoRights { .. }) => Ok(Err(Unshown::NoRight)),
            Err(error) => Ok(Err(Unshown::Other(error.to_string()))),
        }
    }
}

/// Why the server doesn't show an object.
#[derive(Debug, Clone)]
pub(super) enum Unshown {
    /// The account lacks a right for it.
    NoRight,
    /// The server's message for any other reason.
    Other(String),
}

/// How many statements go to the server at once.
pub(super) const AT_ONCE: usize = 50;

impl Answers for Connection {
    fn rows<T>(&mut self, sql: &str, row: impl FnMut(RowFields) -> T) -> Result<Vec<T>, LiveError> {
        Connection::rows(self, sql, row)
    }

    fn one_row_each<T>(
        &mut self,
        statements: &[String],
        row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        Connection::one_row_each(self, statements, row)
    }
}
