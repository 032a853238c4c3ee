//! A connection for tests, which waits for every answer.

// The tests in `src` and those in `tests` use their own parts of it.
#![allow(dead_code, unreachable_pub)]

use mysql_async::Opts;
use mysql_async::prelude::{FromRow, Queryable};
use tokio::runtime::{Builder, Runtime};

/// A connection to a server.
pub struct Conn {
    runtime: Runtime,
    conn: mysql_async::Conn,
}

type Result<T> = std::result::Result<T, mysql_async::Error>;

impl Conn {
    /// Opens one.
    pub fn new(options: Opts) -> Result<Conn> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let conn = runtime.block_on(mysql_async::Conn::new(options))?;
        Ok(Conn { runtime, conn })
    }

    /// Opens one to what a URL names.
    pub fn to(url: &str) -> Result<Conn> {
        Conn::new(Opts::from_url(&url.replace("mariadb://", "mysql://"))?)
    }

    /// Runs what gives no rows.
    pub fn query_drop(&mut self, sql: impl AsRef<str>) -> Result<()> {
        self.runtime.block_on(self.conn.query_drop(sql.as_ref()))
    }

    /// How many rows the last statement wrote.
    pub fn affected_rows(&self) -> u64 {
        self.conn.affected_rows()
    }

    /// Every row of an answer.
    pub fn query<T: FromRow + Send + 'static>(&mut self, sql: impl AsRef<str>) -> Result<Vec<T>> {
        self.runtime.block_on(self.conn.query(sql.as_ref()))
    }

    /// The first row of an answer.
    pub fn query_first<T: FromRow + Send + 'static>(
        &mut self,
        sql: impl AsRef<str>,
    ) -> Result<Option<T>> {
        self.runtime.block_on(self.conn.query_first(sql.as_ref()))
    }
}
