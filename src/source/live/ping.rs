//! What can be said of a server and an account without reading a schema.

use std::time::{Duration, Instant};

use super::connect::{Connection, Opened, open};
use super::error::LiveError;
use super::needed_rights::{AccountRights, account_rights};
use super::rights::rights;
use super::url::DatabaseUrl;
use crate::server::{Capability, Server, Vendor};

/// A server that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedServer {
    /// What it is.
    pub server: Server,
    /// The answer to `SELECT VERSION()`.
    pub version: String,
    /// What its maker calls it.
    pub comment: String,
    /// The account, as `user@host`.
    pub account: String,
    /// The active roles, as the server names them. `None` if there are none.
    pub roles: Option<String>,
    /// How the connection is protected. `None` if it isn't.
    pub tls: Option<TlsSession>,
    /// How long the server takes for an answer: the shortest of a few.
    pub latency: Duration,
    /// Whether the server takes changes.
    pub read_only: ReadOnlyState,
    /// What the account may do.
    pub rights: AccountRights,
}

/// A protected connection, as the server names what protects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSession {
    /// `TLSv1.3`.
    pub version: String,
    /// The cipher suite.
    pub cipher: String,
}

/// The variables by which a server refuses changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOnlyState {
    /// Those that are on.
    pub variables: Vec<&'static str>,
    /// Whether this account may change something all the same. `None` if that is unknown.
    pub may_write: Option<bool>,
}

/// Logs in and asks. If the URL names no database, nothing is said of the rights on one.
pub fn ping(url: &DatabaseUrl) -> Result<ReachedServer, LiveError> {
    let (Opened { mut connection, server, .. }, enters) = match open(url) {
        // The account has no right on the database, and is told so when it logs in.
        Err(LiveError::NoRights { .. }) if url.database.is_some() => {
            (open(&DatabaseUrl { database: None, ..url.clone() })?, false)
        }
        opened => (opened?, true),
    };
    let latency = latency(&mut connection)?;
    let query = "SELECT VERSION(), @@version_comment, CURRENT_USER()";
    let introduction = connection.rows(query, |mut row| (row.text(), row.text(), row.text()))?;
    let (version, comment, account) = introduction.into_iter().next().unwrap_or_default();
    let roles = one_text(&mut connection, "SELECT CURRENT_ROLE()")?;
    let tls = tls(&mut connection)?;
    let rights = account_rights(&mut connection, url, &server, (&account, enters))?;
    let read_only = read_only(&mut connection, &server)?;
    Ok(ReachedServer {
        server,
        version,
        comment,
        account,
        roles: roles.filter(|roles| roles != "NONE"),
        tls,
        latency,
        read_only,
        rights,
    })
}

fn latency(connection: &mut Connection) -> Result<Duration, LiveError> {
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        connection.run("DO 0")?;
        shortest = shortest.min(started.elapsed());
    }
    Ok(shortest)
}

fn tls(connection: &mut Connection) -> Result<Option<TlsSession>, LiveError> {
    let query = "SHOW SESSION STATUS LIKE 'Ssl\\_%'";
    let values = connection.rows_regardless(query, |mut row| (row.text(), row.text()))?;
    let value = |name: &str| {
        let found = values.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let session = TlsSession { version: value("Ssl_version"), cipher: value("Ssl_cipher") };
    Ok(Some(session).filter(|session| !session.cipher.is_empty()))
}

fn read_only(connection: &mut Connection, server: &Server) -> Result<ReadOnlyState, LiveError> {
    let names: &[&'static str] = match server.vendor {
        Vendor::MySql => &["read_only", "super_read_only", "innodb_read_only"],
        Vendor::MariaDb => &["read_only", "innodb_read_only"],
    };
    let mut variables = Vec::new();
    for name in names {
        let value = one_text(connection, &format!("SELECT @@GLOBAL.{name}"))?;
        if value.is_some_and(|value| value != "0" && !value.eq_ignore_ascii_case("OFF")) {
            variables.push(*name);
        }
    }
    let may_write = match variables[..] {
        [] => Some(true),
        ["read_only"] => writes_all_the_same(connection, server)?,
        _ => Some(false),
    };
    Ok(ReadOnlyState { variables, may_write })
}

/// Whether the account is one of those that `read_only` doesn't hold back.
fn writes_all_the_same(
    connection: &mut Connection,
    server: &Server,
) -> Result<Option<bool>, LiveError> {
    let Some(rights) = rights(connection, "", server.vendor)? else { return Ok(None) };
    let right = match server.vendor {
        Vendor::MySql => "CONNECTION_ADMIN",
        Vendor::MariaDb => "READ_ONLY ADMIN",
    };
    let by_super = server.can(Capability::SuperWritesReadOnly) && rights.has_global("SUPER");
    Ok(Some(by_super || rights.has_global(right)))
}

/// The value of a query of one value. `None` for NULL, and if the server doesn't know it.
fn one_text(connection: &mut Connection, query: &str) -> Result<Option<String>, LiveError> {
    match connection.rows_regardless(query, |mut row| row.optional()) {
        Ok(values) => Ok(values.into_iter().flatten().next()),
        Err(LiveError::Server { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
