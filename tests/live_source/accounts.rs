//! Accounts that may not see everything, and logins that fail.

use driftline::source::ReadOptions;
use driftline::source::live::{self, DatabaseUrl, LiveError};
use libtest_mimic::Failed;

use crate::support::servers::{Database, TestServer};
use crate::{Outcome, expect_error};

/// An account for one test, dropped with the value.
pub(crate) struct Account<'a> {
    server: &'a TestServer,
    name: String,
}

impl<'a> Account<'a> {
    pub(crate) fn new(
        database: &Database,
        server: &'a TestServer,
        rest: &str,
    ) -> Result<Self, Failed> {
        let name = format!("live_{}", database.name.trim_start_matches("infra_"));
        let name: String = name.chars().take(30).collect();
        server.plain(None, &format!("CREATE USER '{name}' {rest}"))?;
        Ok(Account { server, name })
    }

    pub(crate) fn grant(&self, rights: &str) -> Outcome {
        self.server.plain(None, &format!("GRANT {rights} TO '{}'", self.name)).map(drop)
    }

    /// The URL of a database for this account.
    pub(crate) fn url(&self, database: &Database, password: &str) -> Result<DatabaseUrl, Failed> {
        Ok(self.url_text(database, password)?.parse()?)
    }

    fn url_text(&self, database: &Database, password: &str) -> Result<String, Failed> {
        let mut url: url::Url = database.url_text().parse()?;
        url.set_username(&self.name).map_err(|()| "no user")?;
        let password = Some(password).filter(|password| !password.is_empty());
        url.set_password(password).map_err(|()| "no password")?;
        Ok(url.into())
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        // One that is left behind does no harm, because its database is gone.
        let _ = self.server.plain(None, &format!("DROP USER '{}'", self.name));
    }
}

pub(crate) fn rights(server: &TestServer) -> Outcome {
    let database = server.database("rights")?;
    database.plain(
        "CREATE TABLE p (id int PRIMARY KEY, a int, CHECK (a > 0));
         CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id))",
    )?;
    let account = Account::new(&database, server, "")?;
    let url = account.url(&database, "")?;
    let schema = format!("`{}`", database.name);
    let refused = |what: &str| -> Outcome {
        let error = expect_error(live::read(&url, &ReadOptions::default()))?;
        let message = error.to_string();
        ensure!(matches!(error, LiveError::NoRights { .. }), "{what}: {message}");
        ensure!(message.contains("GRANT ") && message.contains(&schema), "{what}: {message}");
        Ok(())
    };
    refused("nothing")?;
    account.grant(&format!("SELECT (id) ON {schema}.p"))?;
    refused("SELECT on a column")?;
    server.plain(Some(&database.name), "ALTER TABLE p ADD COLUMN z int")?;
    account.grant(&format!("SELECT (id, z) ON {schema}.p"))?;
    account.grant(&format!("SELECT ON {schema}.c"))?;
    refused("SELECT on all columns but one in the middle")?;
    account.grant(&format!("SELECT ON {schema}.p"))?;
    refused("SELECT on a table")?;
    account.grant(&format!("ALTER ON {schema}.*"))?;
    refused("ALTER")?;
    server.plain(
        None,
        &format!(
            "REVOKE ALTER ON {schema}.* FROM '{0}'; GRANT SELECT ON {schema}.* TO '{0}'",
            account.name
        ),
    )?;
    if server.is_mariadb() {
        refused("SELECT, with which MariaDB hides what foreign keys do")?;
        account.grant(&format!("SHOW VIEW ON {schema}.*"))?;
    }
    let seen = live::read(&url, &ReadOptions::default())?.schema;
    ensure_eq!(seen, live::read(&database.url()?, &ReadOptions::default())?.schema);
    Ok(())
}

/// MariaDB's login by a key that the password makes, for which it loads a plugin.
pub(crate) fn ed25519(server: &TestServer) -> Outcome {
    if !server.is_mariadb() {
        return Ok(());
    }
    let database = server.database("ed25519")?;
    server.plain(None, "INSTALL PLUGIN IF NOT EXISTS ed25519 SONAME 'auth_ed25519'")?;
    let rest = "IDENTIFIED VIA ed25519 USING PASSWORD('geheim')";
    let account = Account::new(&database, server, rest)?;
    account.grant(&format!("ALL ON `{}`.*", database.name))?;
    for mode in ["disabled", "preferred"] {
        let url = |password: &str| -> Result<DatabaseUrl, Failed> {
            let url = account.url_text(&database, password)?;
            Ok(format!("{url}?ssl-mode={mode}").parse()?)
        };
        live::read(&url("geheim")?, &ReadOptions::default())
            .map_err(|error| format!("{mode}: {error}"))?;
        let error = expect_error(live::read(&url("falsch")?, &ReadOptions::default()))?;
        ensure!(matches!(error, LiveError::WrongPassword { .. }), "{mode}: {error}");
    }
    Ok(())
}

pub(crate) fn wrong_login(server: &TestServer) -> Outcome {
    let database = server.database("login")?;
    let account = Account::new(&database, server, "IDENTIFIED BY 'geheim'")?;
    account.grant(&format!("ALL ON `{}`.*", database.name))?;
    live::read(&account.url(&database, "geheim")?, &ReadOptions::default())?;

    let error =
        expect_error(live::read(&account.url(&database, "falsch")?, &ReadOptions::default()))?;
    ensure!(matches!(error, LiveError::WrongPassword { password: true, .. }), "{error}");
    ensure!(!error.to_string().contains("falsch"), "{error}");
    let error = expect_error(live::read(&account.url(&database, "")?, &ReadOptions::default()))?;
    ensure!(error.to_string().contains("DRIFTLINE_PASSWORD"), "{error}");

    let root = database.url()?;
    let error =
        expect_error(live::read(&root.with_database("live_no_such"), &ReadOptions::default()))?;
    ensure!(matches!(error, LiveError::UnknownDatabase { .. }), "{error}");
    ensure!(error.to_string().contains(&root.endpoint()), "{error}");
    let without = database.url_text().replace(&format!("/{}", database.name), "");
    let error = expect_error(live::read(&without.parse()?, &ReadOptions::default()))?;
    ensure!(matches!(error, LiveError::NoDatabase { .. }), "{error}");

    let error =
        expect_error(live::read(&"mysql://root@127.0.0.1:1/x".parse()?, &ReadOptions::default()))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    ensure!(error.to_string().contains("127.0.0.1:1"), "{error}");
    let error = expect_error(live::read(
        &"mysql://root@no.such.invalid/x".parse()?,
        &ReadOptions::default(),
    ))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    let error = expect_error(live::read(
        &"mysql://root@/x?socket=/no/such.sock".parse()?,
        &ReadOptions::default(),
    ))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    Ok(())
}
