//! The servers to test on, databases for single tests, and the plain client.

use super::client::Conn;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use driftline::server::{Server, Vendor};
use driftline::source::live::DatabaseUrl;
use libtest_mimic::{Arguments, Failed, Trial};

/// Comma-separated URLs of servers, without a database.
const SERVERS: &str = "DRIFTLINE_TEST_SERVERS";

/// The servers that `scripts/servers.sh` starts. Tests are named after them if there are no
/// servers.
pub const USUAL_SERVERS: [&str; 3] = ["MySQL", "MariaDB 10.11", "MariaDB 11.8"];

/// A server to test on.
#[derive(Debug, Clone)]
pub struct TestServer {
    /// Its URL without a database.
    url: url::Url,
    /// Its vendor and version.
    pub server: Server,
}

/// The servers of `DRIFTLINE_TEST_SERVERS`; none if it isn't set. If one of them doesn't answer,
/// that is an error, because its tests must not pass silently.
pub fn servers() -> Vec<TestServer> {
    let urls = std::env::var(SERVERS).unwrap_or_default();
    urls.split(',').map(str::trim).filter(|url| !url.is_empty()).map(TestServer::connect).collect()
}

/// Runs trials. Without servers, trials on servers stay ignored even with `--include-ignored`,
/// because they could only fail.
pub fn run(trials: Vec<Trial>) -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.include_ignored = false;
    arguments.ignored = false;
    // They wait for the servers' disks more than they compute.
    arguments.test_threads.get_or_insert(6);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A trial on a server.
pub type OnServer = fn(&TestServer) -> Result<(), Failed>;

/// Each trial on each server; without servers they are listed as ignored.
pub fn on_each_server(tests: &[(&'static str, OnServer)]) -> Vec<Trial> {
    let servers = servers();
    let mut trials = Vec::new();
    for (name, test) in tests.iter().copied() {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|server| {
                Trial::test(format!("{name} on {server}"), || Ok(())).with_ignored_flag(true)
            }));
        }
        for server in servers.clone() {
            let title = format!("{name} on {}", server.name());
            trials.push(Trial::test(title, move || test(&server)));
        }
    }
    trials
}

impl TestServer {
    /// The server of a URL, which has to answer.
    pub fn connect(url: &str) -> TestServer {
        let url: url::Url =
            url.parse().unwrap_or_else(|error| panic!("{SERVERS}: {url} is no URL: {error}"));
        let version: String = Conn::new(options(&url, None))
            .and_then(|mut connection| connection.query_first("SELECT VERSION()"))
            .unwrap_or_else(|error| panic!("{SERVERS}: {}: {error}", shown(&url)))
            .unwrap_or_default();
        let server = Server::from_version_string(&version)
            .unwrap_or_else(|| panic!("{SERVERS}: {} says its version is {version}", shown(&url)));
        TestServer { url, server }
    }

    /// `MySQL 9.7`, `MariaDB 10.11`: the name of the server in tests.
    pub fn name(&self) -> String {
        let text = self.server.to_string();
        text.rsplit_once('.').map_or(text.clone(), |(name, _patch)| name.to_owned())
    }

    /// Whether it is MariaDB.
    pub fn is_mariadb(&self) -> bool {
        self.server.vendor == Vendor::MariaDb
    }

    /// A new, empty database in utf8mb4, dropped with the value. `label` becomes part of its name.
    pub fn database(&self, label: &str) -> Result<Database, Failed> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let label: String = label.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        let name = format!("infra_{}_{number}_{label}", std::process::id());
        self.plain(None, &format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4"))?;
        Ok(Database { server: self.clone(), name, needs: String::new() })
    }

    /// Passes the server's address and the account to a client program.
    fn login(&self, client: &mut Command) {
        if plain_client().ends_with("mariadb") {
            client.arg("--skip-ssl");
        }
        client.arg(format!("--host={}", self.url.host_str().unwrap_or("127.0.0.1")));
        client.arg(format!("--port={}", self.url.port().unwrap_or(3306)));
        client.arg(format!("--user={}", decoded(self.url.username())));
        client.env("MYSQL_PWD", decoded(self.url.password().unwrap_or_default()));
    }

    /// Runs SQL in the plain client, like a person with a file of it. The first error ends it.
    /// Returns the client's output.
    pub fn plain(&self, database: Option<&str>, sql: &str) -> Result<String, Failed> {
        let mut client = Command::new(plain_client());
        client.args(["--no-defaults", "--batch", "--raw", "--skip-column-names"]);
        client.args(["--default-character-set=utf8mb4", "--max-allowed-packet=64M"]);
        client.arg("--comments");
        self.login(&mut client);
        client.args(database);
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut client = client.spawn()?;
        let mut stdin = client.stdin.take().ok_or("the client takes no input")?;
        let input = sql.to_owned();
        // On a thread of its own: a client that prints much before it has read everything would
        // block.
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = client.wait_with_output()?;
        let _ = writer.join();
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        // The client shows the failed statement; a short script is worth showing in full.
        let mut message = String::from_utf8_lossy(&output.stderr).into_owned();
        if sql.len() < 4000 {
            message.push_str("in\n");
            message.push_str(sql);
        }
        Err(message.into())
    }
}

/// A database for one test.
pub struct Database {
    /// Its server.
    pub server: TestServer,
    /// Its name.
    pub name: String,
    /// SQL that sets what its schema needs in a session.
    pub needs: String,
}

impl Database {
    /// Its URL, for the command line.
    pub fn url_text(&self) -> String {
        let mut url = self.server.url.clone();
        url.set_path(&self.name);
        url.to_string()
    }

    /// Its URL, as driftline reads it.
    pub fn url(&self) -> Result<DatabaseUrl, Failed> {
        Ok(self.url_text().parse::<DatabaseUrl>()?)
    }

    /// A connection to it.
    pub fn connection(&self) -> Result<Conn, Failed> {
        Ok(Conn::new(options(&self.server.url, Some(&self.name)))?)
    }

    /// A connection with the settings that its schema needs, and foreign keys checked.
    pub fn session(&self) -> Result<Conn, Failed> {
        let mut connection = self.connection()?;
        for setting in self.needs.split(';').filter(|setting| !setting.trim().is_empty()) {
            connection.query_drop(setting)?;
        }
        connection.query_drop("SET SESSION foreign_key_checks = 1")?;
        Ok(connection)
    }

    /// Runs SQL in it with the plain client.
    pub fn plain(&self, sql: &str) -> Result<String, Failed> {
        self.server.plain(Some(&self.name), sql)
    }

    /// Runs SQL as printed by driftline: with foreign keys checked, in a session that isn't strict
    /// and lexes text differently, and that must be unchanged afterwards.
    pub fn run_as_printed(&self, sql: &str) -> Result<(), Failed> {
        const SESSION: &str = "SELECT @@sql_mode, @@character_set_client, \
            @@character_set_results, @@collation_connection;";
        let told = self.plain(&format!(
            "SET SESSION foreign_key_checks=1, \
             sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT';\nSET NAMES latin1;\n\
             {SESSION}\n{sql}\n{SESSION}"
        ))?;
        match told.lines().collect::<Vec<_>>()[..] {
            [before, after] if before == after => Ok(()),
            _ => Err(format!("the session is another one afterwards:\n{told}\n{sql}").into()),
        }
    }

    /// A dump of it, by the dump program that belongs to the plain client.
    pub fn dump(&self) -> Result<String, Failed> {
        let of_mariadb = plain_client().ends_with("mariadb");
        let mut dump = Command::new(if of_mariadb { "mariadb-dump" } else { "mysqldump" });
        dump.args(["--no-defaults", "--routines", "--events", "--triggers", "--no-tablespaces"]);
        self.server.login(&mut dump);
        let output = dump.arg(&self.name).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
        }
    }

    /// SHOW CREATE TABLE of every base table, by name.
    pub fn show_create(&self) -> Result<Vec<(String, String)>, Failed> {
        let mut connection = Conn::new(options(&self.server.url, Some(&self.name)))?;
        connection.query_drop("SET SESSION sql_mode='STRICT_TRANS_TABLES'")?;
        let tables: Vec<(String, String)> = connection.query("SHOW FULL TABLES")?;
        let mut shown = Vec::new();
        for (table, kind) in tables {
            if kind != "BASE TABLE" {
                continue;
            }
            let query = format!("SHOW CREATE TABLE `{}`", table.replace('`', "``"));
            // As bytes, because MariaDB shows a binary default as bytes.
            let row: Option<(String, Vec<u8>)> = connection.query_first(query)?;
            let (_, text) = row.ok_or("SHOW CREATE TABLE gave no row")?;
            shown.push((table, String::from_utf8_lossy(&text).into_owned()));
        }
        Ok(shown)
    }

    /// SHOW CREATE of every view, trigger, routine, event and sequence, by kind and name: without
    /// the definer, and with the modes and the time zone that are shown next to the statement.
    /// Triggers have their positions.
    pub fn show_create_objects(&self) -> Result<Vec<(String, String)>, Failed> {
        let mut connection = Conn::new(options(&self.server.url, Some(&self.name)))?;
        connection.query_drop("SET NAMES utf8mb4")?;
        let mut shown = Vec::new();
        for (kind, name) in connection.query::<(String, String)>(OBJECTS)? {
            let query = format!("SHOW CREATE {kind} `{}`", name.replace('`', "``"));
            let row: mysql_async::Row =
                connection.query_first(query)?.ok_or("SHOW CREATE gave no row")?;
            let mut text = String::new();
            for (column, value) in row.columns_ref().iter().zip(row.clone().unwrap()) {
                let column = column.name_str().to_lowercase();
                let says = column.starts_with("create ")
                    || ["sql original statement", "sql_mode", "time_zone"].contains(&&*column);
                if let (true, mysql_async::Value::Bytes(value)) = (says, value) {
                    text.push_str(&format!("{}\n", String::from_utf8_lossy(&value)));
                }
            }
            // A view's tables may be qualified by its own database.
            let text = without_definer(&text).replace(&format!("`{}`.", self.name), "");
            shown.push((format!("{kind} {name}"), text));
        }
        let places: Vec<(String, String)> = connection.query(TRIGGER_PLACES)?;
        shown.extend(places);
        Ok(shown)
    }
}

/// Every object except tables. To `SHOW CREATE`, a sequence is also a table.
const OBJECTS: &str = "SELECT TABLE_TYPE, TABLE_NAME FROM information_schema.TABLES \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('VIEW', 'SEQUENCE') \
    UNION ALL SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS \
    WHERE TRIGGER_SCHEMA = DATABASE() \
    UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES \
    WHERE ROUTINE_SCHEMA = DATABASE() \
    UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS \
    WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1, 2";

const TRIGGER_PLACES: &str = "SELECT CONCAT('place of trigger ', TRIGGER_NAME), \
    CONCAT(EVENT_OBJECT_TABLE, ' ', ACTION_TIMING, ' ', EVENT_MANIPULATION, ' ', ACTION_ORDER) \
    FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY TRIGGER_NAME";

/// The text without ``DEFINER=`user`@`host` ``, which differs between environments, and without the
/// start of an event, which is the time of its creation if none was given.
fn without_definer(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("DEFINER=`") {
        kept.push_str(before);
        rest = after.splitn(4, '`').nth(3).unwrap_or_default().trim_start();
    }
    kept.push_str(rest);
    match kept.split_once(" STARTS '") {
        Some((before, after)) => {
            let after = after.split_once('\'').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => kept,
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("SET foreign_key_checks=0; DROP DATABASE IF EXISTS `{}`", self.name);
        if let Err(error) = self.server.plain(None, &sql) {
            eprintln!("{} stays: {error:?}", self.name);
        }
    }
}

/// `mariadb` if it is installed, else `mysql`; both work with all servers.
fn plain_client() -> &'static str {
    static CLIENT: std::sync::OnceLock<&'static str> = std::sync::OnceLock::new();
    CLIENT.get_or_init(|| {
        let found = Command::new("mariadb").arg("--version").stdout(Stdio::null()).status();
        if found.is_ok_and(|status| status.success()) { "mariadb" } else { "mysql" }
    })
}

fn options(url: &url::Url, database: Option<&str>) -> mysql_async::Opts {
    mysql_async::OptsBuilder::default()
        .ip_or_hostname(url.host_str().unwrap_or("127.0.0.1"))
        .tcp_port(url.port().unwrap_or(3306))
        .user(Some(decoded(url.username())))
        .pass(url.password().map(decoded))
        .db_name(database)
        .prefer_socket(false)
        .into()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The URL without its password.
fn shown(url: &url::Url) -> String {
    let mut url = url.clone();
    let _ = url.set_password(None);
    url.to_string()
}
