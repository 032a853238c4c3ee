//! The URL of a database, in the spellings of the tools that a project already uses.
//!
//! A password in a URL on the command line can be seen in the process list for as long as the
//! process runs. Better ways: the environment's `DATABASE_URL` or `DRIFTLINE_PASSWORD`, a `.env`
//! file, or the prompt.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use thiserror::Error;

use super::parameters::Parameters;

/// How many connections are opened at most, whatever `pool_max` says.
pub const POOL_LIMIT: usize = 10;

/// Where a database is and how to get in.
///
/// Neither `Display` nor `Debug` shows the password.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(super) scheme: String,
    pub(super) user: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: Option<String>,
    pub(super) socket: Option<PathBuf>,
    pub(super) tls: Tls,
    pub(super) pool_max: usize,
    pub(super) connect_timeout: Duration,
    /// The longest time to wait for each row of an answer.
    pub(super) read_timeout: Duration,
    /// The end of the time for everything together. `None` for no limit.
    pub(super) deadline: Option<Deadline>,
    /// The `.env` files in which its password is looked for.
    pub(super) dotenv: Vec<PathBuf>,
    /// The password that was typed at the terminal, shared by all clones so that it is asked for
    /// only once.
    pub(super) prompted: Arc<OnceLock<Secret>>,
    /// Whether it is being asked for at this moment.
    pub(super) prompting: Arc<AtomicBool>,
}

/// The moment at which all waiting for servers ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    at: Instant,
    seconds: u32,
}

impl Deadline {
    /// The given number of seconds from now.
    pub fn after(seconds: u32) -> Deadline {
        Deadline { at: Instant::now() + Duration::from_secs(seconds.into()), seconds }
    }

    /// How many seconds it was set to.
    pub(super) fn seconds(self) -> u64 {
        self.seconds.into()
    }

    /// The time left until then; zero if it is over.
    pub(super) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

/// Text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// How the connection is protected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tls {
    pub(super) mode: TlsMode,
    pub(super) ca: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

/// `ssl-mode`, as the MySQL clients have it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum TlsMode {
    /// Never.
    Disabled,
    /// If the server offers it, whoever it is. The default on this machine.
    #[default]
    Preferred,
    /// Always, whoever the server is. The default over a network.
    Required,
    /// Always, with a certificate that the CA of `ssl-ca` signed, for any host.
    VerifyCa,
    /// Always, with a certificate that the CA signed for this host.
    VerifyIdentity,
}

/// What is wrong with a URL. The text never holds the URL, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UrlError {
    /// Not the shape of a URL.
    #[error("this isn't a database URL: {reason}; write mysql://user@host:3306/database")]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// A scheme that is not MySQL's or MariaDB's.
    #[error("`{scheme}://` isn't a MySQL or MariaDB URL; write mysql://user@host:3306/database")]
    Scheme {
        /// The text before `://`.
        scheme: String,
    },
    /// The port isn't a number from 1 to 65535.
    #[error(
        "the URL's port isn't a number from 1 to 65535; a `:`, `/`, `?`, `#` or `@` in the user or \
         the password must be percent-encoded"
    )]
    Port,
    /// An unknown parameter.
    #[error("the URL's parameter `{name}` is unknown{suggestion}")]
    Parameter {
        /// Its name.
        name: String,
        /// A similar name, or the known ones.
        suggestion: String,
    },
    /// A known parameter with a value that it can't have.
    #[error("the URL's parameter `{name}` can't be `{value}`: {expected}")]
    Value {
        /// The parameter's name.
        name: String,
        /// The value that was given.
        value: String,
        /// The values that are allowed.
        expected: String,
    },
    /// Parameters that contradict each other, or one that needs another.
    #[error("the URL's parameters don't fit together: {reason}")]
    Conflict {
        /// Which, and why.
        reason: String,
    },
    /// `.env` has a line for the variable that can't be read.
    #[error("{name} in .env can't be read: put its value in single quotes")]
    Environment {
        /// The variable.
        name: String,
    },
}

/// The characters to encode in the user and the database of a printed URL.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'$');

impl DatabaseUrl {
    /// Whether a text is a database URL: it begins with a scheme of MySQL or MariaDB.
    pub fn is_url(text: &str) -> bool {
        text.split_once("://").is_some_and(|(scheme, _)| is_known_scheme(scheme))
    }

    /// The database that the URL names.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The same server and account, with another database.
    pub fn with_database(&self, database: &str) -> Self {
        DatabaseUrl { database: Some(database.to_owned()), ..self.clone() }
    }

    /// The same, with the moment at which waiting for its server ends.
    pub fn with_deadline(self, deadline: Option<Deadline>) -> Self {
        DatabaseUrl { deadline, ..self }
    }

    /// Whether the texts of two URLs name the same database: the same host, port or socket, and
    /// name. The account doesn't matter.
    pub fn names_same(&self, other: &Self) -> bool {
        let address = |url: &Self| match &url.socket {
            Some(path) => (path.display().to_string(), 0),
            None if is_this_machine(&url.host) => ("localhost".to_owned(), url.port),
            None => (url.host.to_lowercase(), url.port),
        };
        self.database == other.database && address(self) == address(other)
    }

    /// Whether a person is being asked for the password of this URL or of a clone of it.
    pub fn is_prompting(&self) -> bool {
        self.prompting.load(Ordering::Relaxed)
    }

    /// `host:port`, or the socket's path: how messages name the server.
    pub fn endpoint(&self) -> String {
        match &self.socket {
            Some(path) => path.display().to_string(),
            None => format!("{}:{}", self.host, self.port),
        }
    }

    /// `database on host:port`: how messages name the source.
    pub fn label(&self) -> String {
        match &self.database {
            Some(database) => format!("{database} on {}", self.endpoint()),
            None => self.endpoint(),
        }
    }

    /// The account to log in with. The default is the system's user, as in the clients.
    pub fn user(&self) -> String {
        let of_system = || std::env::var("USER").ok().filter(|user| !user.is_empty());
        self.user.clone().or_else(of_system).unwrap_or_else(|| "root".to_owned())
    }
}

/// The URL without the password and the parameters.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        if let Some(user) = &self.user {
            write!(f, "{}@", utf8_percent_encode(user, ENCODED))?;
        }
        write!(f, "{}:{}", self.host, self.port)?;
        if let Some(database) = &self.database {
            write!(f, "/{}", utf8_percent_encode(database, ENCODED))?;
        }
        Ok(())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // `127.1` is 127.0.0.1 to the system.
    let is_short = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|it| it.is_loopback())
        || host.strip_prefix("127.").is_some_and(is_short)
}

/// `mysql`, `mariadb`, and each with the driver that SQLAlchemy and its like append to it.
fn is_known_scheme(scheme: &str) -> bool {
    let dialect = scheme.split_once('+').map_or(scheme, |(dialect, _)| dialect);
    matches!(dialect.to_ascii_lowercase().as_str(), "mysql" | "mariadb" | "mysql2")
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        let (scheme, rest) =
            text.split_once("://").ok_or_else(|| malformed("there is no `://` in it"))?;
        if !is_known_scheme(scheme) {
            return Err(UrlError::Scheme { scheme: scheme.to_owned() });
        }
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = address.split_once('/').unwrap_or((address, ""));
        if database.contains('@') && !authority.contains('@') {
            return Err(malformed(
                "there is a `/` before the `@`; in a user or a password it must be written %2F",
            ));
        }
        if query.contains('@') && !address.contains('@') {
            return Err(malformed(
                "there is a `?` before the `@`; in a user or a password it must be written %3F",
            ));
        }
        let (login, server) = match authority.rsplit_once('@') {
            Some((login, server)) => (Some(login), server),
            None => (None, authority),
        };
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, "")))
        {
            Some((user, password)) => (non_empty(decode(user)?), non_empty(decode(password)?)),
            None => (None, None),
        };
        let (host, port) = host_and_port(server)?;
        let database = non_empty(decode(database.trim_end_matches('/'))?);
        let parameters = Parameters::parse(query, is_this_machine(&host))?;
        Ok(DatabaseUrl {
            scheme: scheme.to_ascii_lowercase(),
            user,
            password: password.or(parameters.password).map(Secret),
            host,
            port,
            database,
            socket: parameters.socket,
            tls: parameters.tls,
            pool_max: parameters.pool_max,
            connect_timeout: parameters.connect_timeout,
            read_timeout: parameters.read_timeout,
            deadline: None,
            dotenv: vec![PathBuf::from(".env")],
            prompted: Arc::default(),
            prompting: Arc::default(),
        })
    }
}

fn malformed(reason: &str) -> UrlError {
    UrlError::Malformed { reason: reason.to_owned() }
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Percent-decoding; the result must be UTF-8.
pub(super) fn decode(text: &str) -> Result<String, UrlError> {
    percent_decode_str(text)
        .decode_utf8()
        .map(|decoded| decoded.into_owned())
        .map_err(|_| malformed("a percent-encoded part is not UTF-8"))
}

/// `host`, `host:port`, `[::1]:port`; brackets are kept, because messages need them too.
fn host_and_port(server: &str) -> Result<(String, u16), UrlError> {
    let (host, port) = match server.strip_prefix('[') {
        Some(rest) => {
            let (address, after) =
                rest.split_once(']').ok_or_else(|| malformed("the `[` has no `]`"))?;
            let address: std::net::Ipv6Addr = address
                .parse()
                .map_err(|_| malformed("the text between `[` and `]` isn't an IPv6 address"))?;
            let port = match after {
                "" => "",
                after => after.strip_prefix(':').ok_or(UrlError::Port)?,
            };
            (format!("[{address}]"), port)
        }
        None => {
            let (host, port) = server.split_once(':').unwrap_or((server, ""));
            (decode(host)?, port)
        }
    };
    let host = if host.is_empty() { "localhost".to_owned() } else { host };
    let port = match port {
        "" => 3306,
        given => given.parse().ok().filter(|port| *port > 0).ok_or(UrlError::Port)?,
    };
    Ok((host, port))
}

#[cfg(test)]
mod tests;
