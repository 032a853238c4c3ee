//! Who keeps a statement from its locks.

use std::collections::BTreeMap;
use std::fmt;

use super::store::text;
use crate::server::Vendor;
use crate::source::live::{DatabaseUrl, RunError, Worker};

/// A session that may hold a lock which a statement waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The connection, for KILL.
    pub connection: u64,
    /// Its account.
    pub user: String,
    /// How long its transaction has been open, in seconds, if the server tells.
    pub seconds: Option<u64>,
    /// What it runs, or last ran, if the server tells.
    pub statement: String,
    /// Whether the server says that it holds the lock. Otherwise it only may: it has an open
    /// transaction.
    pub is_certain: bool,
}

/// `connection 12 of app holds a lock for 3 s (SELECT …)`
impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Blocker { connection, user, seconds, statement, is_certain } = self;
        let holds = match is_certain {
            true => "holds a lock",
            false => "may hold a lock: its transaction is open",
        };
        let time = seconds.map(|seconds| format!(" for {seconds} s")).unwrap_or_default();
        let statement: String = statement.chars().take(120).collect();
        write!(f, "connection {connection} of {user} {holds}{time} ({statement})")
    }
}

/// The sessions that may hold locks on these tables; none if the server or the account can't tell.
/// Asked on a connection of its own, because the working one is busy or must not be disturbed.
pub(super) fn blockers(url: &DatabaseUrl, tables: &[&str], own: u64) -> Vec<Blocker> {
    let Ok(mut worker) = Worker::open(url) else { return Vec::new() };
    let found = match worker.server().vendor {
        Vendor::MySql => of_locks(&mut worker, tables, own),
        Vendor::MariaDb => of_transactions(&mut worker, own),
    };
    found.unwrap_or_default()
}

/// MySQL names the holders (MySQL 8.4 Reference Manual, 29.12.13.3 "The metadata_locks Table").
fn of_locks(worker: &mut Worker, tables: &[&str], own: u64) -> Result<Vec<Blocker>, RunError> {
    let names: Vec<String> = tables.iter().map(|name| text(name)).collect();
    let of_tables = match names.is_empty() {
        true => "FALSE".to_owned(),
        // An ALTER also locks the tables at the other end of foreign keys (MySQL 8.4 Reference Manual,
        // 10.11.4 "Metadata Locking").
        false => {
            let names = names.join(", ");
            let keys =
                "information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()";
            format!(
                "(OBJECT_NAME IN ({names}) \
                 OR OBJECT_NAME IN (SELECT TABLE_NAME FROM {keys} AND REFERENCED_TABLE_NAME IN ({names})) \
                 OR OBJECT_NAME IN (SELECT REFERENCED_TABLE_NAME FROM {keys} AND TABLE_NAME IN ({names})))"
            )
        }
    };
    let rows = worker.rows(&format!(
        "SELECT DISTINCT OWNER_THREAD_ID FROM performance_schema.metadata_locks \
         WHERE LOCK_STATUS = 'GRANTED' AND (OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA = DATABASE() \
         AND {of_tables} OR OBJECT_TYPE IN ('GLOBAL', 'COMMIT', 'BACKUP LOCK') \
         AND LOCK_TYPE <> 'INTENTION_EXCLUSIVE')"
    ))?;
    let threads: Vec<String> = rows
        .into_iter()
        .filter_map(|row| row.into_iter().next()?)
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    let rows = worker.rows(&format!(
        "SELECT PROCESSLIST_ID, PROCESSLIST_USER, PROCESSLIST_TIME, PROCESSLIST_INFO, \
         PROCESSLIST_COMMAND FROM performance_schema.threads \
         WHERE THREAD_ID IN ({}) AND PROCESSLIST_ID <> {own} AND PROCESSLIST_ID <> CONNECTION_ID() \
         ORDER BY PROCESSLIST_ID",
        threads.join(", ")
    ))?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let mut fields = row.into_iter();
            let mut next = || fields.next().flatten();
            let (connection, user, seconds) = (next()?.parse().ok()?, next(), next());
            let (info, command) = (next(), next());
            Some(Blocker {
                connection,
                user: user.unwrap_or_default(),
                seconds: seconds.and_then(|seconds| seconds.parse().ok()),
                statement: info.or(command).unwrap_or_default(),
                is_certain: true,
            })
        })
        .collect())
}

/// MariaDB tells by default only which transactions are open (MariaDB "METADATA_LOCK_INFO" is a
/// plugin that is seldom loaded).
fn of_transactions(worker: &mut Worker, own: u64) -> Result<Vec<Blocker>, RunError> {
    let rows = worker.rows(
        "SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) \
         FROM information_schema.INNODB_TRX",
    )?;
    let open: BTreeMap<u64, Option<u64>> = rows
        .into_iter()
        .filter_map(|row| {
            let mut fields = row.into_iter();
            let connection = fields.next()??.parse().ok()?;
            Some((connection, fields.next().flatten().and_then(|it| it.parse().ok())))
        })
        .collect();
    let rows = worker.rows("SELECT ID, USER, INFO, COMMAND FROM information_schema.PROCESSLIST")?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let mut fields = row.into_iter();
            let mut next = || fields.next().flatten();
            let (connection, user): (u64, _) = (next()?.parse().ok()?, next());
            let seconds = *open.get(&connection).filter(|_| connection != own)?;
            let (info, command) = (next(), next());
            Some(Blocker {
                connection,
                user: user.unwrap_or_default(),
                seconds,
                statement: info.or(command).unwrap_or_default(),
                is_certain: false,
            })
        })
        .collect())
}
