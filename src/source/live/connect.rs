//! One connection: how it is opened and set up, and how a query's rows are read.

use std::cell::Cell;
use std::fs::File;
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;

use mysql_async::{DriverError, Opts};
use rustls::CertificateError;
use tokio::runtime::{Builder, Runtime};

use super::environment::variable;
use super::error::{LiveError, Phase, explain};
use super::identify::identified;
use super::interrupt::watch;
use super::options::{Protection, options};
use super::prompt::prompt;
use super::rows::RowFields;
use super::session::{Failure, Limits, Session, SessionResult};
use super::url::{DatabaseUrl, Secret, TlsMode};
use crate::server::Server;

/// Set before anything is read, so that the server's own settings don't change its answers, and so
/// that it ends a query that nobody waits for any more.
fn prologue(url: &DatabaseUrl) -> String {
    let time = url.read_timeout;
    format!(
        "{}/*!50708 , SESSION max_execution_time = {} */ /*M! , SESSION max_statement_time = {} */",
        include_str!("queries/prologue.sql"),
        time.as_millis(),
        time.as_secs()
    )
}

/// A session with blocking calls, and the URL that its errors name.
pub(super) struct Connection {
    /// The runtime only drives this session. `None` only while the value is dropped.
    parts: Option<(Runtime, Session)>,
    url: DatabaseUrl,
}

/// What the first connection found out and later ones use again.
#[derive(Debug, Clone)]
pub(super) struct Entrance {
    password: Option<Secret>,
    protection: Protection,
}

/// A connection, its server, and what is needed to open another.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) server: Server,
    pub(super) entrance: Entrance,
    /// Whether names of tables that differ only in case are the same name.
    pub(super) folds_table_names: bool,
    /// Whether a TIMESTAMP without a default gets an implicit one. `None` if the server doesn't
    /// say.
    pub(super) implicit_timestamps: Option<bool>,
}

/// Opens the first connection: finds the password, decides about TLS, and identifies the server.
pub(super) fn open(url: &DatabaseUrl) -> Result<Opened, LiveError> {
    let (mut connection, server, entrance, folds_table_names) = enter(url)?;
    let explicit = connection.setting("explicit_defaults_for_timestamp")?;
    connection.run(&prologue(url))?;
    let implicit_timestamps = explicit.map(|it| it == 0);
    Ok(Opened { connection, server, entrance, folds_table_names, implicit_timestamps })
}

/// The same with the session of a plain client, which nothing sets up. Also says whether names of
/// tables that differ only in case are the same name.
pub(super) fn open_plain(url: &DatabaseUrl) -> Result<(Connection, Server, bool), LiveError> {
    let (connection, server, _, folds_table_names) = enter(url)?;
    Ok((connection, server, folds_table_names))
}

fn enter(url: &DatabaseUrl) -> Result<(Connection, Server, Entrance, bool), LiveError> {
    check_files(url)?;
    watch();
    let mut password = known_password(url)?;
    let (mut connection, protection) = match log_in(url, password.as_ref()) {
        Err(LiveError::WrongPassword { password: false, .. }) if std::io::stdin().is_terminal() => {
            password = prompt(url);
            log_in(url, password.as_ref())?
        }
        outcome => outcome?,
    };
    let (version, comment, letters) = introduction(&mut connection)?;
    let server = identified(url, &version, &comment)?;
    Ok((connection, server, Entrance { password, protection }, letters != 0))
}

/// Whether a person may be asked for the password.
pub fn may_prompt(url: &DatabaseUrl) -> bool {
    std::io::stdin().is_terminal() && !matches!(known_password(url), Ok(Some(_)))
}

/// `VERSION()`, `@@version_comment` and `@@lower_case_table_names`. The last two are missing on
/// some servers that only speak the protocol.
fn introduction(connection: &mut Connection) -> Result<(String, String, u32), LiveError> {
    let query = "SELECT VERSION(), @@version_comment, @@lower_case_table_names";
    let answer = connection
        .first_row(query, |mut row| (row.text(), row.text(), row.number().unwrap_or_default()));
    let answer = match answer {
        Err(Failure::Server(_)) => {
            connection.first_row("SELECT VERSION()", |mut row| (row.text(), String::new(), 0))
        }
        answer => answer,
    };
    answer.map(Option::unwrap_or_default).map_err(|failure| connection.explain(failure))
}

/// Opens another connection, with the password and the protection of the first.
pub(super) fn open_another(
    url: &DatabaseUrl,
    entrance: &Entrance,
) -> Result<Connection, LiveError> {
    let mut connection = connect(url, entrance.password.as_ref(), entrance.protection)?;
    connection.run(&prologue(url))?;
    Ok(connection)
}

impl Connection {
    /// Runs `work` on the session and waits for it. An answer that makes the driver panic is an
    /// error.
    fn wait<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session) -> SessionResult<T>,
    ) -> SessionResult<T> {
        let Some((runtime, session)) = &mut self.parts else { return Err(Failure::Ended) };
        guarded(|| runtime.block_on(work(session)))
    }

    /// Runs a statement that gives no rows.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), LiveError> {
        self.attempt(sql).map_err(|failure| self.explain(failure))
    }

    /// Runs a statement and returns the plain failure, for a caller that can explain it better.
    pub(super) fn attempt(&mut self, sql: &str) -> SessionResult<()> {
        self.wait(async |session| session.rows(sql, |_| ()).await).map(drop)
    }

    /// The error that a failure means.
    pub(super) fn explain(&self, failure: Failure) -> LiveError {
        explain(failure, &self.url, Phase::Connected)
    }

    /// Runs a query and turns each row into a value. It is an error if the server warns that rows
    /// were left out, as MariaDB does for a table that is locked by DDL.
    pub(super) fn rows<T>(
        &mut self,
        sql: &str,
        row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        let (values, warnings) = self.collect(sql, row).map_err(|failure| self.explain(failure))?;
        if warnings > 0 {
            self.heed_warnings()?;
        }
        Ok(values)
    }

    /// The same, but warnings are ignored.
    pub(super) fn rows_regardless<T>(
        &mut self,
        sql: &str,
        row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        let outcome = self.collect(sql, row);
        outcome.map(|(values, _)| values).map_err(|failure| self.explain(failure))
    }

    /// The one row that each of several statements gives. They are sent at once.
    pub(super) fn one_row_each<T>(
        &mut self,
        statements: &[String],
        row: impl FnMut(RowFields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        self.rows_regardless(&statements.join(";"), row)
    }

    /// The numeric value of a variable. `None` if the server doesn't know the variable.
    pub(super) fn setting(&mut self, name: &str) -> Result<Option<u32>, LiveError> {
        match self.first_row(&format!("SELECT @@{name}"), |mut row| row.number()) {
            Ok(number) => Ok(number.flatten()),
            Err(Failure::Server(_)) => Ok(None),
            Err(failure) => Err(self.explain(failure)),
        }
    }

    fn first_row<T>(
        &mut self,
        sql: &str,
        row: impl FnMut(RowFields) -> T,
    ) -> SessionResult<Option<T>> {
        Ok(self.collect(sql, row)?.0.into_iter().next())
    }

    /// The rows, and the number of warnings.
    pub(super) fn collect<T>(
        &mut self,
        sql: &str,
        mut row: impl FnMut(RowFields) -> T,
    ) -> SessionResult<(Vec<T>, u16)> {
        let mut values = Vec::new();
        let take = |fields: mysql_async::Row| values.push(row(RowFields::new(fields.unwrap())));
        let warnings = self.wait(async |session| session.rows(sql, take).await)?;
        Ok((values, warnings))
    }

    fn heed_warnings(&mut self) -> Result<(), LiveError> {
        let warnings = self.rows_regardless("SHOW WARNINGS", |mut row| {
            row.text();
            (row.number().unwrap_or_default(), row.text())
        })?;
        for (code, message) in warnings {
            // Other warnings, such as 1356 for an invalid view, don't mean that rows are missing.
            if code == 1205 {
                return Err(LiveError::Locked {
                    endpoint: self.url.endpoint(),
                    tables: Vec::new(),
                });
            }
            if matches!(code, 1142 | 1143 | 1044) {
                return Err(LiveError::NoRights {
                    endpoint: self.url.endpoint(),
                    what: message,
                    grant: super::error::read_grant(&self.url),
                });
            }
        }
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some((runtime, session)) = self.parts.take() else { return };
        let _ = guarded(|| {
            runtime.block_on(session.close());
            // Don't wait for a name that is still being looked up.
            runtime.shutdown_background();
            Ok(())
        });
    }
}

/// Runs code in which a server's answer might make the driver panic, and keeps the panic's message
/// off standard error.
fn guarded<T>(work: impl FnOnce() -> SessionResult<T>) -> SessionResult<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                usual(panic);
            }
        }));
    });
    let outside = IS_GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(outside);
    outcome.unwrap_or(Err(Failure::Nonsense))
}

thread_local! {
    /// Whether this thread is in the driver.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Logs in, with TLS if the URL wants it. With `preferred`, without TLS if the server has none.
/// With `verify-ca`, a certificate that doesn't name the host is accepted too.
fn log_in(
    url: &DatabaseUrl,
    password: Option<&Secret>,
) -> Result<(Connection, Protection), LiveError> {
    let wanted = match url.tls.mode {
        TlsMode::Disabled => Protection::None,
        _ if url.socket.is_some() => Protection::None,
        _ => Protection::Tls,
    };
    let failure = match attempt(url, password, wanted)? {
        Ok(connection) => return Ok((connection, wanted)),
        Err(failure) => failure,
    };
    let instead = match url.tls.mode {
        TlsMode::Preferred if has_no_tls(&failure) => Protection::None,
        TlsMode::VerifyCa if names_another_host(&failure) => Protection::TlsOfAnyHost,
        _ => return Err(explain(failure, url, phase(password, wanted))),
    };
    connect(url, password, instead).map(|connection| (connection, instead))
}

fn has_no_tls(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Driver(mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer))
    )
}

/// Whether a certificate was refused only because of its name.
fn names_another_host(failure: &Failure) -> bool {
    use mysql_async::{Error, IoError};
    let Failure::Driver(Error::Io(IoError::Io(error))) = failure else { return false };
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(
        inner,
        Some(rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        ))
    )
}

fn connect(
    url: &DatabaseUrl,
    password: Option<&Secret>,
    protection: Protection,
) -> Result<Connection, LiveError> {
    attempt(url, password, protection)?
        .map_err(|failure| explain(failure, url, phase(password, protection)))
}

fn phase(password: Option<&Secret>, protection: Protection) -> Phase {
    Phase::Connecting { tls: protection != Protection::None, password: password.is_some() }
}

fn attempt(
    url: &DatabaseUrl,
    password: Option<&Secret>,
    protection: Protection,
) -> Result<SessionResult<Connection>, LiveError> {
    let options = options(url, password, protection)?;
    Ok(guarded(|| {
        let runtime = runtime()?;
        let opened = runtime.block_on(session(url, options));
        match opened {
            Ok(session) => Ok(Connection { parts: Some((runtime, session)), url: url.clone() }),
            Err(failure) => {
                runtime.shutdown_background();
                Err(failure)
            }
        }
    }))
}

fn runtime() -> SessionResult<Runtime> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Driver(error.into()))
}

async fn session(url: &DatabaseUrl, options: Opts) -> SessionResult<Session> {
    let limits = Limits { connect: url.connect_timeout, read: url.read_timeout, all: url.deadline };
    Session::open(options, limits).await
}

/// Checks that the files can be read, because the driver's own message says less.
fn check_files(url: &DatabaseUrl) -> Result<(), LiveError> {
    if url.tls.mode == TlsMode::Disabled || url.socket.is_some() {
        return Ok(());
    }
    let files =
        [("ssl-ca", &url.tls.ca), ("ssl-cert", &url.tls.certificate), ("ssl-key", &url.tls.key)];
    for (name, path) in files {
        if let Some(path) = path
            && let Some(why) = why_unreadable(path)
        {
            return Err(LiveError::Tls {
                endpoint: url.endpoint(),
                reason: format!("the file of `{name}`, {}, can't be read: {why}", path.display()),
                advice: "Paths are taken from the working directory".to_owned(),
            });
        }
    }
    Ok(())
}

fn why_unreadable(path: &Path) -> Option<String> {
    match File::open(path).and_then(|file| file.metadata()) {
        Ok(metadata) if metadata.is_dir() => Some("it is a folder".to_owned()),
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    }
}

/// The password of the URL, of the environment, or the one that was typed before.
fn known_password(url: &DatabaseUrl) -> Result<Option<Secret>, LiveError> {
    if let Some(password) = url.password.as_ref().or_else(|| url.prompted.get()) {
        return Ok(Some(password.clone()));
    }
    for name in ["DRIFTLINE_PASSWORD", "MYSQL_PWD"] {
        if let Some(password) = variable(name, &url.dotenv)? {
            return Ok(Some(Secret(password)));
        }
    }
    Ok(None)
}
