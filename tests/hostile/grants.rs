//! Accounts with few rights: what an account doesn't see is never reported as missing, nor as in
//! sync.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::client::Conn;
use libtest_mimic::Failed;

use crate::grant_sets::{LITERAL, sets};
use crate::support::servers::{Database, TestServer};
use crate::{Said, driftline, one_in};

type Outcome = Result<(), Failed>;

const OBJECTS: &str = "\
CREATE TABLE p (id int PRIMARY KEY, a int, CHECK (a > 0));
CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id));
CREATE VIEW v AS SELECT id FROM p;
CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW SET NEW.a = 1;
CREATE PROCEDURE r() SELECT 1;
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1";

struct Account<'a> {
    server: &'a TestServer,
    name: String,
    role: String,
    /// The database as it is named in grants.
    granted: String,
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
    let mut trial = Trial {
        server,
        database: &database,
        whole,
        tables,
        accounts: 0,
        runs: 0,
        wrong: Vec::new(),
    };
    let sets = sets();
    let escaped = database.name.replace('_', "\\_");
    for (number, grants) in sets.iter().enumerate() {
        trial.set(number, grants, &escaped)?;
    }
    let mut count = sets.len();
    if !server.is_mariadb() {
        let _on = PartialRevokes::on(server)?;
        for (number, grants) in LITERAL.iter().enumerate() {
            let grants: Vec<String> =
                grants.iter().map(|it| it.replace("ESCAPED", &format!("`{escaped}`"))).collect();
            trial.set(number, &grants, &database.name)?;
        }
        count += LITERAL.len();
    }
    let Trial { accounts, runs, wrong, .. } = trial;
    println!("{}: {count} sets of grants, {accounts} accounts, {runs} runs", server.name());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

/// MySQL while a database in a grant is no pattern.
struct PartialRevokes<'a>(&'a TestServer);

impl<'a> PartialRevokes<'a> {
    fn on(server: &'a TestServer) -> Result<Self, Failed> {
        server.plain(None, "SET GLOBAL partial_revokes = ON; FLUSH PRIVILEGES")?;
        Ok(PartialRevokes(server))
    }
}

impl Drop for PartialRevokes<'_> {
    fn drop(&mut self) {
        // The server remembers which grants it found until the privileges are read again.
        let _ = self.0.plain(None, "SET GLOBAL partial_revokes = OFF; FLUSH PRIVILEGES");
    }
}

/// The trials on one server.
struct Trial<'a> {
    server: &'a TestServer,
    database: &'a Database,
    /// The schema with all objects, and with its tables alone.
    whole: PathBuf,
    tables: PathBuf,
    accounts: usize,
    runs: usize,
    wrong: Vec<String>,
}

impl Trial<'_> {
    /// Tries the grants on an account and on a role.
    fn set(&mut self, number: usize, grants: &[String], granted: &str) -> Outcome {
        for by_role in [false, true] {
            let account = account(self.server, self.database, grants, granted, by_role)?;
            let Some(account) = account else { continue };
            let seen = sees_all(self.database, &account)?;
            let what = format!("{grants:?}, by a role: {by_role}, sees all: {seen}");
            let said = self.check(&account, &self.whole)?;
            let may_refuse = !seen || !reads_whole_database(grants);
            let why =
                judge(&said, seen, may_refuse).map(|why| format!("{what}: {why}\n{}", said.2));
            self.wrong.extend(why);
            self.accounts += 1;
            self.runs += 1;
            if by_role == number.is_multiple_of(2) {
                // With tables alone nothing is unseen.
                let of_tables = self.check(&account, &self.tables)?;
                self.runs += 1;
                let why = judge_tables(&of_tables).map(|why| format!("{what}: tables: {why}"));
                self.wrong.extend(why);
            } else if number.is_multiple_of(one_in(6) as usize) {
                let why = self.follow_advice(said, &account)?;
                self.wrong.extend(why.map(|why| format!("{what}: advised: {why}")));
            }
        }
        Ok(())
    }

    fn check(&self, account: &Account<'_>, schema: &Path) -> Result<Said, Failed> {
        let url = url_of(self.database, account)?;
        let schema = schema.to_str().ok_or("no path")?;
        driftline(&["check", &url, "--schema", schema, "--format", "json"])
    }

    /// Grants the rights that are reported as missing until none is: then everything is seen. Gives what
    /// is wrong.
    fn follow_advice(
        &mut self,
        mut said: Said,
        account: &Account<'_>,
    ) -> Result<Option<String>, Failed> {
        let mut granted = BTreeSet::new();
        for _ in 0..5 {
            if said.0 == Some(0) {
                return Ok(None);
            }
            let advice = advice(&said, &account.granted, &granted);
            if advice.is_empty() {
                return Ok(Some(format!("nothing: {}{}", said.1, said.2)));
            }
            for rights in advice {
                let grant = format!("GRANT {rights} TO '{}'", account.name);
                if let Err(refused) = self.server.plain(None, &grant) {
                    return Ok(Some(format!("{grant}: {refused:?}")));
                }
                granted.insert(rights);
            }
            said = self.check(account, &self.whole)?;
            self.runs += 1;
        }
        Ok(Some(format!("not enough: {granted:?}: {}{}", said.1, said.2)))
    }
}

/// The rights that are reported as missing, in the words of GRANT.
fn advice((_, out, error): &Said, database: &str, granted: &BTreeSet<String>) -> BTreeSet<String> {
    let of_error = error.split_once("As an administrator: GRANT ");
    if let Some((rights, _)) = of_error.and_then(|(_, grant)| grant.split_once(" TO ")) {
        return BTreeSet::from([rights.to_owned()]);
    }
    let json = serde_json::from_str::<serde_json::Value>(out).unwrap_or_default();
    let rights =
        json["unseen"].as_array().into_iter().flatten().filter_map(|it| it["right"].as_str());
    let whole = |right: &str| {
        if right.contains(" ON ") {
            return right.to_owned();
        }
        let on_database = format!("{right} ON `{database}`.*");
        // MySQL has some rights on everything alone, and may not look at the grants on the database
        // where a role is active.
        match right == "SHOW_ROUTINE" || granted.contains(&on_database) {
            true => format!("{right} ON *.*"),
            false => on_database,
        }
    };
    rights.map(whole).collect()
}

/// Whether SELECT is granted on more than single tables. An account that sees every table by a grant on
/// each can't know that there are no others.
fn reads_whole_database(grants: &[String]) -> bool {
    grants.iter().any(|grant| {
        let (rights, on) = grant.split_once(" ON ").unwrap_or_default();
        let selects = rights.split(", ").any(|right| matches!(right, "SELECT" | "ALL"));
        selects && !rights.starts_with("REVOKE") && on.ends_with(".*")
    })
}

/// What is wrong with the report about the whole schema.
fn judge((code, out, error): &Said, sees_all: bool, may_refuse: bool) -> Option<String> {
    if *code == Some(3) && may_refuse {
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
fn judge_tables((code, out, error): &Said) -> Option<String> {
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
    grants: &[String],
    granted: &str,
    by_role: bool,
) -> Result<Option<Account<'a>>, Failed> {
    let tail = &database.name[database.name.len().saturating_sub(18)..];
    let (name, role) = (format!("gu{tail}"), format!("gr{tail}"));
    let account = Account { server, name, role, granted: granted.to_owned() };
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
        let grant = grant.replace("DB", &format!("`{granted}`"));
        // In grants on tables and routines the database isn't a pattern.
        let grant = match grant.split_once(" ON ") {
            Some((_, on)) if on.ends_with(".*") => grant,
            _ => grant.replace("\\_", "_"),
        };
        let statement = match grant.starts_with("REVOKE ") {
            true => format!("{grant} FROM '{to}'"),
            false => format!("GRANT {grant} TO '{to}'"),
        };
        if server.plain(None, &statement).is_err() {
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
