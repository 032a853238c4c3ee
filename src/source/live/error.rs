//! Errors of reading a server: each message says what, where, and what to do.

use std::io;

use mysql_async::{DriverError, IoError, ServerError};
use thiserror::Error;

use super::session::Failure;
use super::tls_failure;
use super::url::{DatabaseUrl, UrlError};

/// Why a server could not be read or asked. No message holds a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The URL itself is wrong.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The URL names no database.
    #[error(
        "the URL of {endpoint} names no database: append it, as in mysql://user@host:3306/database"
    )]
    NoDatabase {
        /// The server.
        endpoint: String,
    },
    /// Nothing accepts connections there.
    #[error(
        "{endpoint} can't be reached: {reason}. Is the server running, and are host and port right?"
    )]
    Unreachable {
        /// The server.
        endpoint: String,
        /// The operating system's message.
        reason: String,
    },
    /// Something answers, but not as a MySQL or MariaDB server does.
    #[error("{endpoint} does not speak the MySQL protocol: {reason}. Are host and port right?")]
    NotADatabase {
        /// The server.
        endpoint: String,
        /// What was unexpected in the answer.
        reason: String,
    },
    /// The account or its password is wrong.
    #[error("{endpoint} refuses user `{user}` {}: {message}. {}", with(*.password), password_advice(*.password, *.tls))]
    WrongPassword {
        /// The server.
        endpoint: String,
        /// The account.
        user: String,
        /// Whether a password was given.
        password: bool,
        /// Whether the connection used TLS, which an account may require.
        tls: bool,
        /// The server's message.
        message: String,
    },
    /// There is no such database.
    #[error(
        "there is no database `{database}` on {endpoint}. `SHOW DATABASES` lists those that the account may see; driftline doesn't create one"
    )]
    UnknownDatabase {
        /// The server.
        endpoint: String,
        /// The database that the URL names.
        database: String,
    },
    /// The account lacks a right, or sees only a part of the schema.
    #[error("the account on {endpoint} lacks rights: {what}. As an administrator: {grant}")]
    NoRights {
        /// The server.
        endpoint: String,
        /// What it may not do, or what it doesn't see.
        what: String,
        /// The GRANT that helps.
        grant: String,
    },
    /// TLS was wanted and could not be used.
    #[error("no TLS connection to {endpoint}: {reason}. {advice}")]
    Tls {
        /// The server.
        endpoint: String,
        /// What failed.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// The connection broke after it had been established.
    #[error(
        "the connection to {endpoint} was lost: {reason}. Try again; the server's error log says why it closed it"
    )]
    ConnectionLost {
        /// The server.
        endpoint: String,
        /// The error that showed it.
        reason: String,
    },
    /// The server gave no answer within `read_timeout`.
    #[error(
        "{endpoint} gave no answer within {seconds} s. `read_timeout` in the URL is the number of seconds that it may take"
    )]
    Silent {
        /// The server.
        endpoint: String,
        /// The limit.
        seconds: u64,
    },
    /// Everything together took longer than allowed.
    #[error("{endpoint} was not done within {seconds} s, which --timeout allows")]
    Late {
        /// The server.
        endpoint: String,
        /// The limit.
        seconds: u64,
    },
    /// The server could not be used within the time that waiting for it may take.
    #[error("not ready within {seconds} s: {last}")]
    NotReady {
        /// The limit.
        seconds: u64,
        /// The error of the last try.
        last: Box<LiveError>,
    },
    /// Tables are locked by DDL of another session and can't be read.
    #[error("{endpoint}: {} locked by a schema change in another session. Try again when it is done; `SHOW PROCESSLIST` shows it", locked(.tables))]
    Locked {
        /// The server.
        endpoint: String,
        /// The tables, if they are known.
        tables: Vec<String>,
    },
    /// The schema changed while it was read, twice in a row.
    #[error(
        "the schema on {endpoint} changes while it is read: {what}. Try again when the other session is done"
    )]
    Changing {
        /// The server.
        endpoint: String,
        /// Which rows did not fit together.
        what: String,
    },
    /// The server accepts no more connections.
    #[error(
        "{endpoint} accepts no more connections: {message}. Try again, or with `?pool_max=1` in the URL"
    )]
    TooManyConnections {
        /// The server.
        endpoint: String,
        /// The server's message.
        message: String,
    },
    /// A server that driftline can't read.
    #[error("{endpoint} is version {version}, and nothing was compared: {reason}")]
    UnsupportedServer {
        /// The server.
        endpoint: String,
        /// The answer to `SELECT VERSION()`.
        version: String,
        /// Why it isn't supported, and what is.
        reason: String,
    },
    /// The server's description of a table could not be understood.
    #[error("{endpoint}: {element} can't be read: {reason}. The server says `{text}`")]
    Unreadable {
        /// The server.
        endpoint: String,
        /// The table or column.
        element: String,
        /// What is wrong with it.
        reason: String,
        /// The text that the server gave.
        text: String,
    },
    /// The server refuses to create a table as it is wanted.
    #[error(
        "{endpoint} does not accept table `{table}` as schema.yaml has it: {message} (error {code})"
    )]
    Refused {
        /// The server.
        endpoint: String,
        /// The table.
        table: String,
        /// The server's error code.
        code: u16,
        /// The server's message.
        message: String,
    },
    /// Any other error of the server.
    #[error("{endpoint} answers with error {code} ({state}): {message}")]
    Server {
        /// The server.
        endpoint: String,
        /// The server's error code.
        code: u16,
        /// SQLSTATE.
        state: String,
        /// The server's message.
        message: String,
    },
}

fn with(password: bool) -> &'static str {
    if password { "with the given password" } else { "without a password" }
}

fn password_advice(password: bool, tls: bool) -> &'static str {
    match (password, tls) {
        (false, _) => "Set DRIFTLINE_PASSWORD, or run driftline at a terminal, where it asks",
        (true, true) => {
            "Are the user and the password right, and may the account log in from this host?"
        }
        (true, false) => {
            "Are the user and the password right, may the account log in from this host, and may \
             it do so without TLS?"
        }
    }
}

fn locked(tables: &[String]) -> String {
    match tables {
        [] => "a table is".to_owned(),
        [table] => format!("table `{table}` is"),
        [first @ .., last] => format!("tables `{}` and `{last}` are", first.join("`, `")),
    }
}

/// When an error happened, which the driver's errors don't say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the login was accepted, with or without TLS.
    Connecting {
        /// Whether TLS was being asked for.
        tls: bool,
        /// Whether a password was sent.
        password: bool,
    },
    /// After the login was accepted.
    Connected,
}

/// The error that a failure means.
pub(super) fn explain(failure: Failure, url: &DatabaseUrl, phase: Phase) -> LiveError {
    let endpoint = url.endpoint();
    match (failure, phase) {
        (Failure::Server(error), _) => of_server(error, url, phase),
        (Failure::Driver(mysql_async::Error::Driver(error)), _) => of_driver(&error, url, phase),
        (Failure::Driver(mysql_async::Error::Io(IoError::Tls(error))), _) => {
            tls_failure::failed(url, error.to_string())
        }
        (Failure::Driver(mysql_async::Error::Io(IoError::Io(error))), _) => {
            of_io(&error, url, phase)
        }
        (Failure::Late(deadline), _) => LiveError::Late { endpoint, seconds: deadline.seconds() },
        (Failure::Silent(time), Phase::Connecting { .. }) => LiveError::Unreachable {
            endpoint,
            reason: format!("it did not answer as a MySQL server within {} s", time.as_secs()),
        },
        (Failure::Silent(time), Phase::Connected) => {
            LiveError::Silent { endpoint, seconds: time.as_secs() }
        }
        (failure, Phase::Connecting { .. }) => {
            LiveError::NotADatabase { endpoint, reason: failure.to_string() }
        }
        (failure, Phase::Connected) => {
            LiveError::ConnectionLost { endpoint, reason: failure.to_string() }
        }
    }
}

fn of_io(error: &io::Error, url: &DatabaseUrl, phase: Phase) -> LiveError {
    let endpoint = url.endpoint();
    let of_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let is_garbled =
        matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof);
    match (phase, of_tls) {
        (Phase::Connecting { .. }, Some(error)) => tls_failure::refused(url, error),
        (Phase::Connecting { .. }, None) if is_garbled => {
            LiveError::NotADatabase { endpoint, reason: error.to_string() }
        }
        (Phase::Connecting { .. }, None) => {
            LiveError::Unreachable { endpoint, reason: error.to_string() }
        }
        (Phase::Connected, _) => LiveError::ConnectionLost { endpoint, reason: error.to_string() },
    }
}

fn of_driver(error: &DriverError, url: &DatabaseUrl, phase: Phase) -> LiveError {
    let endpoint = url.endpoint();
    let another_plugin = |name: &str| LiveError::Server {
        endpoint: endpoint.clone(),
        code: 2059,
        state: "HY000".to_owned(),
        message: format!(
            "the account logs in by `{name}`, which driftline can't; a server may also ask so where \
             there is no such account"
        ),
    };
    match (error, phase) {
        (DriverError::NoClientSslFlagFromServer, _) => LiveError::Tls {
            endpoint,
            reason: "the server does not offer it".to_owned(),
            advice: "Switch it on there. `ssl-mode=preferred` in the URL does without, and then \
                     whoever stands between can have the password"
                .to_owned(),
        },
        (DriverError::NoKeyFound, _) => tls_failure::without_key(url),
        (DriverError::UnknownAuthPlugin { name }, _) => another_plugin(name),
        (DriverError::CleartextPluginDisabled, _) => another_plugin("mysql_clear_password"),
        (DriverError::MysqlOldPasswordDisabled, _) => another_plugin("mysql_old_password"),
        (_, Phase::Connecting { .. }) => {
            LiveError::NotADatabase { endpoint, reason: error.to_string() }
        }
        (_, Phase::Connected) => LiveError::ConnectionLost { endpoint, reason: error.to_string() },
    }
}

/// Codes: MySQL 8.4 Error Message Reference, MariaDB Error Code Reference.
fn of_server(error: ServerError, url: &DatabaseUrl, phase: Phase) -> LiveError {
    let endpoint = url.endpoint();
    let message = error.message;
    match error.code {
        // ER_ACCESS_DENIED_ERROR, and the same for an account that logs in by the system's user
        // only
        1045 | 1698 => LiveError::WrongPassword {
            endpoint,
            user: url.user(),
            password: matches!(phase, Phase::Connecting { password: true, .. }),
            tls: matches!(phase, Phase::Connecting { tls: true, .. }),
            message,
        },
        // ER_BAD_DB_ERROR
        1049 => LiveError::UnknownDatabase { endpoint, database: url.database_or_empty() },
        // ER_DBACCESS_DENIED_ERROR, and the same for a table, a column and a privilege
        1044 | 1142 | 1143 | 1227 => {
            LiveError::NoRights { endpoint, what: message, grant: read_grant(url) }
        }
        // ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED
        1040 | 1203 | 1226 => LiveError::TooManyConnections { endpoint, message },
        // ER_SECURE_TRANSPORT_REQUIRED of MySQL and of MariaDB
        3159 | 4125 => LiveError::Tls {
            endpoint,
            reason: message,
            advice: "The server demands TLS: use `ssl-mode=required` in the URL".to_owned(),
        },
        // ER_QUERY_TIMEOUT, and MariaDB's ER_STATEMENT_TIMEOUT
        3024 | 1969 => LiveError::Silent { endpoint, seconds: url.read_timeout.as_secs() },
        // ER_NO_SUCH_TABLE: the table was dropped after it was listed.
        1146 => LiveError::Changing { endpoint, what: message },
        // ER_LOCK_WAIT_TIMEOUT
        1205 => LiveError::Locked { endpoint, tables: Vec::new() },
        // ER_SERVER_SHUTDOWN, ER_NEW_ABORTING_CONNECTION, and an administrator's KILL
        1053 | 1152 | 1184 | 1317 | 1927 | 4031 => {
            LiveError::ConnectionLost { endpoint, reason: message }
        }
        code => LiveError::Server { endpoint, code, state: error.state, message },
    }
}

/// The GRANT of the rights that reading needs.
pub(super) fn read_grant(url: &DatabaseUrl) -> String {
    grant(url, &url.database_or_empty(), "SELECT, SHOW VIEW")
}

/// A GRANT of rights on the databases of a name or pattern to the URL's user.
pub(super) fn grant(url: &DatabaseUrl, database: &str, rights: &str) -> String {
    let database = database.replace('`', "``");
    let user = url.user().replace('\'', "''");
    format!("GRANT {rights} ON `{database}`.* TO '{user}'@'…'")
}

impl DatabaseUrl {
    fn database_or_empty(&self) -> String {
        self.database().unwrap_or_default().to_owned()
    }
}
