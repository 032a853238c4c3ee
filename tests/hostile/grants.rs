//! Accounts with few rights: what an account doesn't see is never reported as missing, nor as in
//! sync.

use crate::support::client::Conn;
use libtest_mimic::Failed;

use crate::driftline;
use crate::support::servers::{Database, TestServer};

type Outcome = Result<(), Failed>;

const OBJECTS: &str = "\
CREATE TABLE p (id int PRIMARY KEY, a int, CHECK (a > 0));
CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id));
CREATE VIEW v AS SELECT id FROM p;
CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW SET NEW.a = 1;
CREATE PROCEDURE r() SELECT 1;
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1";

/// The grants of each account; `DB` is the database. If a server lacks one of the rights, the account
/// is left out there.
const GRANTS: [&[&str]; 36] = [
    &["SELECT, SHOW VIEW ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER ON DB.*"],
    &["SELECT, SHOW VIEW, EVENT ON DB.*"],
    &["SELECT, SHOW VIEW, EXECUTE ON DB.*"],
    &["SELECT, SHOW VIEW, CREATE ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW, ALTER ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON DB.*"],
    &["SELECT, TRIGGER ON DB.*"],
    &["SELECT, TRIGGER, EVENT, EXECUTE ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON `zz%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER, EVENT, EXECUTE ON `zz%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON `_`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON `%`.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "EVENT ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "EXECUTE ON *.*"],
    &["SELECT, SHOW VIEW ON DB.*", "TRIGGER ON DB.p"],
    &["SELECT, SHOW VIEW ON DB.*", "EXECUTE ON PROCEDURE DB.r"],
    &["SELECT, SHOW VIEW ON DB.*", "SHOW_ROUTINE ON *.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON DB.*", "SHOW_ROUTINE ON *.*"],
    &["SELECT, SHOW VIEW, SHOW CREATE ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT, SHOW CREATE ROUTINE ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*", "SELECT ON mysql.proc"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON DB.*", "SELECT ON mysql.proc"],
    &["SELECT ON *.*"],
    &["SELECT, SHOW VIEW ON *.*"],
    &["SELECT, SHOW VIEW, TRIGGER ON *.*"],
    &["SELECT, SHOW VIEW, TRIGGER, EVENT ON *.*"],
    &["ALL ON DB.*"],
    &["ALL ON *.*"],
    &["ALL ON `infra%`.*"],
    &["ALL ON `infra%`.*", "SELECT, SHOW VIEW ON DB.*"],
    &["SELECT, SHOW VIEW, INSERT ON DB.*"],
    &["SELECT, SHOW VIEW ON DB.*", "INSERT ON DB.p"],
    &["SELECT ON DB.*"],
    &["EXECUTE ON DB.*"],
];

struct Account<'a> {
    server: &'a TestServer,
    name: String,
    role: String,
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        let _ = self.server.plain(None, &format!("DROP USER IF EXISTS '{}'", self.name));
        let _ = self.server.plain(None, &format!("DROP ROLE IF EXISTS '{}'", self.role));
    }
}

/// Only an account that sees everything, by its own rights or by a role, is in sync. Any other says
/// what it can't see, or can't be used at all; it never says that something is missing.
pub(crate) fn matrix(server: &TestServer) -> Outcome {
    let database = server.database("grants")?;
    database.plain(OBJECTS)?;
    let folder = tempfile::tempdir()?;
    let whole = folder.path().join("whole.yaml");
    let pulled = driftline(&["pull", &database.url_text()])?;
    std::fs::write(&whole, &pulled.1)?;
    let tables = folder.path().join("tables.yaml");
    std::fs::write(&tables, pulled.1.split("\nviews:").next().unwrap_or_default())?;
    let mut wrong = Vec::new();
    for grants in GRANTS {
        for by_role in [false, true] {
            let Some(account) = account(server, &database, grants, by_role)? else { continue };
            let url = url_of(&database, &account)?;
            let seen = sees_all(&database, &account)?;
            let what = format!("{grants:?}, by a role: {by_role}, sees all: {seen}");
            let said = driftline(&["check", &url, "--schema", path(&whole)?, "--format", "json"])?;
            wrong.extend(judge(&said, seen).map(|why| format!("{what}: {why}\n{}", said.2)));
            // With tables alone nothing is unseen.
            let said = driftline(&["check", &url, "--schema", path(&tables)?, "--format", "json"])?;
            wrong.extend(judge_tables(&said).map(|why| format!("{what}: tables: {why}")));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

/// What is wrong with the report about the whole schema.
fn judge((code, out, error): &(Option<i32>, String, String), sees_all: bool) -> Option<String> {
    if *code == Some(3) && !sees_all {
        return (!error.contains("lacks rights")).then(|| "another error".to_owned());
    }
    let Ok(json) = serde_json::from_str::<serde_json::Value>(out) else {
        return Some(format!("{code:?}, no JSON: {out}"));
    };
    let differences = json["differences"].as_array().map_or(0, Vec::len);
    let unseen = json["unseen"].as_array().map_or(0, Vec::len);
    let complete = json["complete"] == true;
    if differences > 0 {
        return Some(format!("{differences} differences: {}", json["differences"]));
    }
    let names_right = |it: &serde_json::Value| it["right"].is_string();
    if !json["unseen"].as_array().is_some_and(|all| all.iter().all(names_right)) {
        return Some(format!("the missing right isn't named: {}", json["unseen"]));
    }
    let expected = if sees_all { (Some(0), 0, true) } else { (Some(1), unseen.max(1), false) };
    let found = (*code, unseen, complete);
    (found != expected).then(|| format!("{found:?} for {expected:?}: {}", json["unseen"]))
}

/// Whoever may read the tables sees all of them, whatever else exists.
fn judge_tables((code, out, error): &(Option<i32>, String, String)) -> Option<String> {
    if *code == Some(3) {
        return (!error.contains("lacks rights")).then(|| "another error".to_owned());
    }
    let json = serde_json::from_str::<serde_json::Value>(out).unwrap_or_default();
    let of_tables = |it: &&serde_json::Value| {
        it["element"].as_str().is_some_and(|element| element.starts_with("tables."))
    };
    let differences =
        json["differences"].as_array().map_or(1, |all| all.iter().filter(of_tables).count());
    let is_told = differences == 0 && json["complete"] == true;
    (!is_told).then(|| format!("{code:?} {out}"))
}

/// An account with these grants; `None` if the server doesn't have such a right.
fn account<'a>(
    server: &'a TestServer,
    database: &Database,
    grants: &[&str],
    by_role: bool,
) -> Result<Option<Account<'a>>, Failed> {
    let tail = &database.name[database.name.len().saturating_sub(18)..];
    let account = Account { server, name: format!("gu{tail}"), role: format!("gr{tail}") };
    let Account { name, role, .. } = &account;
    let to = if by_role { role } else { name };
    let make = match (by_role, server.is_mariadb()) {
        (false, _) => format!("CREATE USER '{name}'"),
        (true, true) => format!(
            "CREATE USER '{name}'; CREATE ROLE '{role}'; GRANT '{role}' TO '{name}';
             SET DEFAULT ROLE '{role}' FOR '{name}'"
        ),
        (true, false) => format!(
            "CREATE USER '{name}'; CREATE ROLE '{role}'; GRANT '{role}' TO '{name}';
             SET DEFAULT ROLE '{role}' TO '{name}'"
        ),
    };
    server.plain(None, &make)?;
    for grant in grants {
        let grant = grant.replace("DB", &format!("`{}`", database.name.replace('_', "\\_")));
        // In grants on tables and routines the database isn't a pattern.
        let grant = match grant.split_once(" ON ") {
            Some((_, on)) if on.ends_with(".*") => grant,
            _ => grant.replace("\\_", "_"),
        };
        if server.plain(None, &format!("GRANT {grant} TO '{to}'")).is_err() {
            return Ok(None);
        }
    }
    Ok(Some(account))
}

fn url_of(database: &Database, account: &Account<'_>) -> Result<String, Failed> {
    let mut url: url::Url = database.url_text().parse()?;
    url.set_username(&account.name).map_err(|()| "no user")?;
    url.set_password(None).map_err(|()| "no password")?;
    Ok(url.into())
}

/// Whether the account itself, asked about each object, is shown all of it.
fn sees_all(database: &Database, account: &Account<'_>) -> Result<bool, Failed> {
    let query = "SELECT
        (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
            AND ACTION_STATEMENT <> '') = 1
        AND (SELECT COUNT(ROUTINE_DEFINITION) FROM information_schema.ROUTINES
            WHERE ROUTINE_SCHEMA = DATABASE()) = 2
        AND (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()) = 1
        AND (SELECT COUNT(*) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
            AND VIEW_DEFINITION <> '') = 1";
    let url = url_of(database, account)?.replace("mariadb://", "mysql://");
    // An account without rights on the database can't connect to it.
    let Ok(mut connection) = Conn::to(&url) else { return Ok(false) };
    Ok(connection.query_first::<u8>(query)? == Some(1))
}

fn path(path: &std::path::Path) -> Result<&str, Failed> {
    path.to_str().ok_or_else(|| "no path".into())
}
