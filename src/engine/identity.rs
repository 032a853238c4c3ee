//! Which server it is that carries migrations out, so that another one is noticed.

use std::fmt;

use crate::source::live::{RunError, Worker};

/// What tells a server from another one, and what a person calls it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerIdentity {
    /// MySQL's `server_uuid`, MariaDB's `server_uid`; where there is none, the host and port.
    pub id: String,
    /// `MySQL 9.7.4`
    pub version: String,
    /// Its host and port, as it names itself: `db1:3306`.
    pub host: String,
}

/// `MySQL 9.7.4 on db1:3306`
impl fmt::Display for ServerIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.version, self.host)
    }
}

impl ServerIdentity {
    /// The server of a connection. One query.
    ///
    /// # Errors
    ///
    /// If the server refuses, or the connection is lost.
    pub fn of(worker: &mut Worker) -> Result<ServerIdentity, RunError> {
        // No server has all of them, and SELECT refuses those that it doesn't have.
        let rows = worker.rows(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN \
             ('server_uuid', 'server_uid', 'hostname', 'port')",
        )?;
        let variable = |name: &str| {
            let mut rows = rows.iter();
            let row = rows.find(|row| row.first().is_some_and(|it| it.as_deref() == Some(name)))?;
            row.get(1).cloned().flatten().filter(|value| !value.is_empty())
        };
        let host = variable("hostname").zip(variable("port"));
        let host = host.map_or_else(
            || worker.url().endpoint(),
            |(hostname, port)| format!("{hostname}:{port}"),
        );
        let id = variable("server_uuid").or_else(|| variable("server_uid"));
        Ok(ServerIdentity {
            id: id.unwrap_or_else(|| host.clone()),
            version: worker.server().to_string(),
            host,
        })
    }

    /// Whether it is the same server, perhaps of a newer version.
    pub fn is(&self, other: &ServerIdentity) -> bool {
        self.id == other.id
    }
}
