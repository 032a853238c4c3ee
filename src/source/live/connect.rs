//! One connection: how it is opened, what it is set to, and how a query's rows come back.

use std::io::IsTerminal;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

use mysql::prelude::{Protocol, Queryable};
use mysql::{ClientIdentity, Conn, DriverError, LocalInfileHandler, OptsBuilder, SslOpts};

use super::environment::variable;
use super::error::{LiveError, Phase, explain};
use super::rows::Fields;
use super::trust::{Anchors, anchors, trusting};
use super::url::{DatabaseUrl, Secret, TlsMode};
use crate::server::{Server, Unsupported};

/// Set before anything is read, so that the server's own settings don't change what it answers.
const PROLOGUE: &str = include_str!("queries/prologue.sql");

/// A driver's connection, with the URL that its errors name.
pub(super) struct Connection {
    conn: Conn,
    url: DatabaseUrl,
}

/// What was settled by the first connection and holds for those that follow.
#[derive(Debug, Clone)]
pub(super) struct Entrance {
    password: Option<Secret>,
    tls: bool,
}

/// A connection, which server it leads to, and how to open another.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) server: Server,
    pub(super) entrance: Entrance,
    /// Whether it takes names of tables that differ in case only for one.
    pub(super) folds_table_names: bool,
    /// Whether it gives a TIMESTAMP a default that isn't stated, where it says so.
    pub(super) implicit_timestamps: Option<bool>,
}

/// Opens the first connection: finds the password, settles TLS, looks which server it is.
pub(super) fn open(url: &DatabaseUrl) -> Result<Opened, LiveError> {
    check_files(url)?;
    let mut password = known_password(url)?;
    let (mut conn, tls) = match log_in(url, password.as_ref()) {
        Err(LiveError::WrongPassword { password: false, .. }) if std::io::stdin().is_terminal() => {
            password = prompt(url);
            log_in(url, password.as_ref())?
        }
        outcome => outcome?,
    };
    let failed = |error| explain(error, url, Phase::Connected);
    let (version, comment, letters) = introduction(&mut conn).map_err(failed)?;
    let server = identified(url, &version, &comment)?;
    let entrance = Entrance { password, tls };
    let explicit: Option<u8> =
        conn.query_first("SELECT @@explicit_defaults_for_timestamp").unwrap_or_default();
    let mut connection = Connection { conn, url: url.clone() };
    connection.run(PROLOGUE)?;
    let (folds_table_names, implicit_timestamps) = (letters != 0, explicit.map(|it| it == 0));
    Ok(Opened { connection, server, entrance, folds_table_names, implicit_timestamps })
}

/// Whether a person may be asked for the password.
pub fn may_prompt(url: &DatabaseUrl) -> bool {
    std::io::stdin().is_terminal() && !matches!(known_password(url), Ok(Some(_)))
}

/// What the server says it is: `VERSION()` and `@@version_comment`, which some that only speak the
/// protocol don't have; and `@@lower_case_table_names`.
fn introduction(conn: &mut Conn) -> mysql::Result<(String, String, u8)> {
    type Row = (Option<String>, Option<String>, Option<u8>);
    let query = "SELECT VERSION(), @@version_comment, @@lower_case_table_names";
    match conn.query_first::<Row, _>(query) {
        Err(mysql::Error::MySqlError(_)) => {
            let version: Option<String> = conn.query_first("SELECT VERSION()")?;
            Ok((version.unwrap_or_default(), String::new(), 0))
        }
        row => {
            let (version, comment, letters) = row?.unwrap_or_default();
            let (version, comment) = (version.unwrap_or_default(), comment.unwrap_or_default());
            Ok((version, comment, letters.unwrap_or_default()))
        }
    }
}

/// Opens one more.
pub(super) fn open_another(
    url: &DatabaseUrl,
    entrance: &Entrance,
) -> Result<Connection, LiveError> {
    let conn = connect(url, entrance.password.as_ref(), entrance.tls)?;
    let mut connection = Connection { conn, url: url.clone() };
    connection.run(PROLOGUE)?;
    Ok(connection)
}

impl Connection {
    /// Runs a statement that gives no rows.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), LiveError> {
        self.conn.query_drop(sql).map_err(|error| explain(error, &self.url, Phase::Connected))
    }

    /// Runs a statement and hands back the server's error as the driver has it.
    pub(super) fn attempt(&mut self, sql: &str) -> mysql::Result<()> {
        self.conn.query_drop(sql)
    }

    /// What an error of the driver means.
    pub(super) fn explain(&self, error: mysql::Error) -> LiveError {
        explain(error, &self.url, Phase::Connected)
    }

    /// Runs a query and turns each row into a value. A warning that rows were left out, as
    /// MariaDB gives for a table that is locked by DDL, is an error.
    pub(super) fn rows<T>(
        &mut self,
        sql: &str,
        row: impl FnMut(Fields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        let values = self.rows_regardless(sql, row)?;
        if self.conn.warnings() > 0 {
            self.heed_warnings()?;
        }
        Ok(values)
    }

    /// The same whatever the server warns of.
    pub(super) fn rows_regardless<T>(
        &mut self,
        sql: &str,
        mut row: impl FnMut(Fields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        let failed = |error| explain(error, &self.url, Phase::Connected);
        let mut values = Vec::new();
        let result = self.conn.query_iter(sql).map_err(failed)?;
        each_row(result, |fields| values.push(row(fields))).map_err(failed)?;
        Ok(values)
    }

    /// The one row that each of several statements gives, sent at once.
    pub(super) fn one_row_each<T>(
        &mut self,
        statements: &[String],
        mut row: impl FnMut(Fields) -> T,
    ) -> Result<Vec<T>, LiveError> {
        let failed = |error| explain(error, &self.url, Phase::Connected);
        let mut values = Vec::new();
        let mut result = self.conn.query_iter(statements.join(";")).map_err(failed)?;
        while let Some(set) = result.iter() {
            for fields in set {
                values.push(row(Fields::new(fields.map_err(failed)?.unwrap())));
            }
        }
        Ok(values)
    }

    fn heed_warnings(&mut self) -> Result<(), LiveError> {
        let failed = |error| explain(error, &self.url, Phase::Connected);
        let warnings: Vec<(String, u16, String)> =
            self.conn.query("SHOW WARNINGS").map_err(failed)?;
        for (_, code, message) in warnings {
            // Of the others, an invalid view's 1356 among them, none is about a table's rows.
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

fn each_row<P: Protocol>(
    result: mysql::QueryResult<'_, '_, '_, P>,
    mut row: impl FnMut(Fields),
) -> mysql::Result<()> {
    for values in result {
        row(Fields::new(values?.unwrap()));
    }
    Ok(())
}

/// With TLS where it is wanted; under `preferred`, without it where the server has none.
fn log_in(url: &DatabaseUrl, password: Option<&Secret>) -> Result<(Conn, bool), LiveError> {
    let tls = url.tls.mode != TlsMode::Disabled && url.socket.is_none();
    if tls && url.tls.mode == TlsMode::Preferred {
        return match attempt(url, password, true)? {
            Err(mysql::Error::DriverError(DriverError::TlsNotSupported)) => {
                connect(url, password, false).map(|conn| (conn, false))
            }
            outcome => finish(outcome, url, password, true).map(|conn| (conn, true)),
        };
    }
    connect(url, password, tls).map(|conn| (conn, tls))
}

fn connect(url: &DatabaseUrl, password: Option<&Secret>, tls: bool) -> Result<Conn, LiveError> {
    finish(attempt(url, password, tls)?, url, password, tls)
}

fn finish(
    outcome: mysql::Result<Conn>,
    url: &DatabaseUrl,
    password: Option<&Secret>,
    tls: bool,
) -> Result<Conn, LiveError> {
    outcome.map_err(|error| {
        explain(error, url, Phase::Connecting { tls, password: password.is_some() })
    })
}

/// Connects in a thread of its own: the driver's timeout ends with the TCP handshake, and a port
/// on which something else listens may never say a word.
fn attempt(
    url: &DatabaseUrl,
    password: Option<&Secret>,
    tls: bool,
) -> Result<mysql::Result<Conn>, LiveError> {
    let options = options(url, password, tls);
    let alone = if tls { trusted_alone(url)? } else { None };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody listens any more once the time is up.
        drop(sender.send(trusting(alone, || Conn::new(options))));
    });
    // The driver has the same time for the TCP handshake alone, and then its message is better.
    let time = url.connect_timeout + Duration::from_millis(500);
    let outcome = receiver.recv_timeout(time).map_err(|_| LiveError::Unreachable {
        endpoint: url.endpoint(),
        reason: format!(
            "it did not answer as a MySQL server within {} s",
            url.connect_timeout.as_secs()
        ),
    })?;
    outcome.ok_or_else(|| LiveError::Tls {
        endpoint: url.endpoint(),
        reason: "this program's TLS trusts public CAs beside those of `ssl-ca`".to_owned(),
        advice: "`ssl-mode=required` encrypts without looking at the certificate".to_owned(),
    })
}

/// The CAs of `ssl-ca`, where the server's certificate is verified.
fn trusted_alone(url: &DatabaseUrl) -> Result<Option<Anchors>, LiveError> {
    let Some(path) = url.tls.ca.as_ref().filter(|_| verifies(url)) else { return Ok(None) };
    anchors(path).map(Some).map_err(|reason| LiveError::Tls {
        endpoint: url.endpoint(),
        reason: format!("the file of `ssl-ca`, {}, can't be used: {reason}", path.display()),
        advice: "It holds the CA's certificate in PEM or DER".to_owned(),
    })
}

fn verifies(url: &DatabaseUrl) -> bool {
    matches!(url.tls.mode, TlsMode::VerifyCa | TlsMode::VerifyIdentity)
}

fn options(url: &DatabaseUrl, password: Option<&Secret>, tls: bool) -> OptsBuilder {
    let attributes = [("program_name", env!("CARGO_PKG_NAME"))]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    OptsBuilder::new()
        .ip_or_hostname(Some(url.host.clone()))
        .tcp_port(url.port)
        .socket(url.socket.as_ref().map(|path| path.to_string_lossy().into_owned()))
        // The driver would otherwise leave TCP for a socket that the server names.
        .prefer_socket(false)
        .user(Some(url.user()))
        .pass(password.map(|password| password.0.clone()))
        .db_name(url.database.clone())
        .ssl_opts(tls.then(|| tls_options(url)))
        .tcp_connect_timeout(Some(url.connect_timeout))
        // A peer that is gone is noticed within a minute, however long a query may take.
        .tcp_keepalive_time_ms(Some(30_000))
        // Known beforehand, it need not be asked for.
        .max_allowed_packet(Some(1 << 30))
        .connect_attrs(Some(attributes.into_iter().collect()))
        // No server gets to read a file of this machine.
        .local_infile_handler(Some(LocalInfileHandler::new(|_, _| {
            Err(std::io::Error::from(std::io::ErrorKind::PermissionDenied))
        })))
}

fn tls_options(url: &DatabaseUrl) -> SslOpts {
    let tls = &url.tls;
    let identity = tls.certificate.clone().zip(tls.key.clone());
    SslOpts::default()
        .with_root_cert_path(tls.ca.clone())
        .with_client_identity(
            identity.map(|(certificate, key)| ClientIdentity::new(certificate, key)),
        )
        .with_danger_accept_invalid_certs(!verifies(url))
        .with_danger_skip_domain_validation(tls.mode == TlsMode::VerifyCa)
}

/// That a file can't be read is said before the driver says it with less.
fn check_files(url: &DatabaseUrl) -> Result<(), LiveError> {
    if url.tls.mode == TlsMode::Disabled || url.socket.is_some() {
        return Ok(());
    }
    let files =
        [("ssl-ca", &url.tls.ca), ("ssl-cert", &url.tls.certificate), ("ssl-key", &url.tls.key)];
    for (name, path) in files {
        if let Some(path) = path
            && let Err(error) = std::fs::File::open(path)
        {
            return Err(LiveError::Tls {
                endpoint: url.endpoint(),
                reason: format!("the file of `{name}`, {}, can't be read: {error}", path.display()),
                advice: "Paths are taken from the working directory".to_owned(),
            });
        }
    }
    Ok(())
}

/// The password of the URL, or of the environment, or the one that was typed before.
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

/// Asks at the terminal, once for all clones of the URL.
fn prompt(url: &DatabaseUrl) -> Option<Secret> {
    let question = format!("Password of {} on {}: ", url.user(), url.endpoint());
    url.prompting.store(true, Ordering::Relaxed);
    let typed = rpassword::prompt_password(question);
    url.prompting.store(false, Ordering::Relaxed);
    let typed = typed.ok().filter(|typed| !typed.is_empty())?;
    Some(url.prompted.get_or_init(|| Secret(typed)).clone())
}

/// Which server it is, if it is one that driftline can read.
fn identified(url: &DatabaseUrl, version: &str, comment: &str) -> Result<Server, LiveError> {
    let oldest = Server::OLDEST.map(|server| server.to_string()).join(" and ");
    Server::identify(version, comment).map_err(|unsupported| LiveError::Unsupported {
        endpoint: url.endpoint(),
        version: harmless(version),
        reason: match unsupported {
            Unsupported::Relative(name) => format!(
                "{name} is not supported yet, though it speaks MySQL's protocol, since it \
                 describes its schema otherwise. {oldest} and later are, and a file of CREATE \
                 TABLE statements can be compared instead"
            ),
            Unsupported::TooOld => format!("{oldest} are the oldest that are supported"),
            Unsupported::NoVersion => "its version can't be understood".to_owned(),
        },
    })
}

/// A server's words, without what would move a terminal's cursor.
fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_servers_that_are_not_supported() {
        let url: DatabaseUrl = "mysql://h/d".parse().unwrap();
        let refused =
            |version: &str, comment| identified(&url, version, comment).unwrap_err().to_string();
        assert!(identified(&url, "8.0.36-28", "Percona Server (GPL), Release 28").is_ok());
        insta::assert_snapshot!(refused("8.0.11-TiDB-v7.5.0", ""), @"h:3306 is version 8.0.11-TiDB-v7.5.0, and nothing was compared: TiDB is not supported yet, though it speaks MySQL's protocol, since it describes its schema otherwise. MySQL 8.0.11 and MariaDB 10.6.0 and later are, and a file of CREATE TABLE statements can be compared instead");
        assert!(refused("5.7.32", "SingleStoreDB source distribution").contains("SingleStore is"));
        insta::assert_snapshot!(refused("5.7.44-log", ""), @"h:3306 is version 5.7.44-log, and nothing was compared: MySQL 8.0.11 and MariaDB 10.6.0 are the oldest that are supported");
        insta::assert_snapshot!(refused("\u{1b}[2Jwhat", ""), @"h:3306 is version [2Jwhat, and nothing was compared: its version can't be understood");
    }
}
