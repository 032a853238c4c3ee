//! `driftline ping`.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::grant_sets::sets;
use crate::support::client::Conn;
use crate::support::servers::{Database, TestServer};
use crate::{Account, Outcome, driftline};

const OBJECTS: &str = "\
CREATE TABLE p (id int PRIMARY KEY, a int, CHECK (a > 0));
CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id));
CREATE VIEW v AS SELECT id FROM p;
CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW SET NEW.a = 1;
CREATE PROCEDURE r() SELECT 1;
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1";

/// What `ping --format json` prints, and whether the exit code is 0.
fn ping(url: &str) -> Result<(bool, Value), Failed> {
    let run = driftline(&["ping", url, "--format", "json"])?;
    if !matches!(run.code, Some(0 | 1)) {
        return Err(format!("{:?} {}{}", run.code, run.out, run.err).into());
    }
    Ok((run.code == Some(0), serde_json::from_str(&run.out)?))
}

fn task<'v>(said: &'v Value, name: &str) -> &'v Value {
    let mut tasks = said["tasks"].as_array().into_iter().flatten();
    tasks.find(|it| it["task"] == name).unwrap_or(&Value::Null)
}

pub(crate) fn reached(server: &TestServer) -> Outcome {
    let database = server.database("reached")?;
    let (all, said) = ping(&database.url_text())?;
    let tls = |url: &str| -> Result<Value, Failed> { Ok(ping(url)?.1["tls"].clone()) };
    let without = tls(&format!("{}?ssl-mode=disabled", database.url_text()))?;
    let has_tls = server.plain(None, "SELECT @@have_ssl = 'YES'").map_or(true, |it| it == "1\n");
    let with = said["tls"]["version"].as_str().unwrap_or_default().starts_with("TLSv1");
    let fits = all
        && said["database"] == database.name.as_str()
        && said["server"]["version"] == server.server.version.to_string()
        && said["account"] == server.plain(None, "SELECT CURRENT_USER()")?.trim()
        && said["latency_ms"].as_f64().is_some_and(|it| it > 0.0 && it < 1000.0)
        && said["read_only"].as_array().is_some_and(Vec::is_empty)
        && said["may_write"] == true
        && without.is_null()
        && with == has_tls;
    if !fits {
        return Err(format!("TLS: {has_tls}, without: {without}, {said}").into());
    }
    protected(&database)?;
    let alone = database.url_text().replace(&format!("/{}", database.name), "");
    let run = driftline(&["ping", &alone])?.expect(0)?;
    match run.out.contains("the URL names none") {
        true => Ok(()),
        false => Err(run.out.into()),
    }
}

/// An environment and what driftline.toml says of it.
fn protected(database: &Database) -> Outcome {
    let folder = tempfile::tempdir()?;
    let config = "[env.prod]\nurl_env = 'PROD_URL'\nprotected = true\n";
    std::fs::write(folder.path().join("driftline.toml"), config)?;
    std::fs::write(folder.path().join(".env"), format!("PROD_URL={}\n", database.url_text()))?;
    let schema = folder.path().join("schema.yaml");
    let schema = schema.to_str().ok_or("no path")?;
    for args in [&["--env", "prod"][..], &[database.url_text().as_str()]] {
        let args = [&["ping", "--format", "json", "--schema", schema][..], args].concat();
        let said: Value = serde_json::from_str(&driftline(&args)?.expect(0)?.out)?;
        let name = if args.contains(&"--env") { Value::from("prod") } else { Value::Null };
        if said["protected"] != true || said["environment"] != name {
            return Err(said.to_string().into());
        }
    }
    Ok(())
}

/// The administrator of the tests, and an account with every right on the database.
pub(crate) fn everything(server: &TestServer) -> Outcome {
    let database = server.database("everything")?;
    let (_, said) = ping(&database.url_text())?;
    let may_all =
        |said: &Value, names: &[&str]| names.iter().all(|it| task(said, it)["may"] == true);
    if !may_all(&said, &["read", "ask-server", "migrate", "definers", "blockers"]) {
        return Err(said.to_string().into());
    }
    let on_database = format!("ALL ON `{}`.*", database.name);
    let account = Account::named(server, &database).make("geheim", &[&on_database])?;
    let (_, said) = ping(&account.url(&database, "geheim")?)?;
    match may_all(&said, &["ask-server", "migrate"]) {
        true => Ok(()),
        false => Err(said.to_string().into()),
    }
}

/// `check` finds the whole schema in sync just where `ping` says that nothing is lacking, and what it
/// says is lacking helps.
pub(crate) fn reading(server: &TestServer) -> Outcome {
    let database = server.database("reading")?;
    database.plain(OBJECTS)?;
    let folder = tempfile::tempdir()?;
    let whole = folder.path().join("whole.yaml");
    std::fs::write(&whole, driftline(&["pull", &database.url_text()])?.expect(0)?.out)?;
    let checks = |url: &str, schema: &Path| -> Result<bool, Failed> {
        let schema = schema.to_str().ok_or("no path")?;
        Ok(driftline(&["check", url, "--schema", schema, "--fail-on", "drift"])?.code == Some(0))
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    for grants in sets() {
        for by_role in [false, true] {
            let Some(account) = granted(server, &database, &grants, by_role)? else { continue };
            let url = account.account.url(&database, "")?;
            let what = format!("{grants:?}, by a role: {by_role}");
            count += 1;
            let (all, said) = ping(&url)?;
            if all != checks(&url, &whole)? {
                wrong.push(format!("{what}: {}", task(&said, "read")));
                continue;
            }
            follow(server, &account, &said, "read")?;
            let (all, said) = ping(&url)?;
            if !all || !checks(&url, &whole)? {
                wrong.push(format!("{what}: after the grants: {}", task(&said, "read")));
            }
        }
    }
    println!("{}: {count} accounts", server.name());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Runs the grants that are said to be lacking.
fn follow(server: &TestServer, account: &Granted<'_>, said: &Value, name: &str) -> Outcome {
    for grant in task(said, name)["grants"].as_array().into_iter().flatten() {
        let grant = grant.as_str().unwrap_or_default();
        // The grants name the account, whatever comes by a role.
        if !grant.contains(&format!("TO '{}'@'%'", account.account.name)) {
            return Err(grant.into());
        }
        server.plain(None, grant)?;
    }
    Ok(())
}

/// An account with grants of its own or by a role, both dropped with the value.
struct Granted<'a> {
    account: Account<'a>,
    role: String,
}

impl Drop for Granted<'_> {
    fn drop(&mut self) {
        let _ = self.account.server.plain(None, &format!("DROP ROLE IF EXISTS '{}'", self.role));
    }
}

/// `None` if the server doesn't have such a right.
fn granted<'a>(
    server: &'a TestServer,
    database: &Database,
    grants: &[String],
    by_role: bool,
) -> Result<Option<Granted<'a>>, Failed> {
    let account = Account::named(server, database).make("", &[])?;
    let name = account.name.clone();
    let role = format!("{}r", &name[..name.len().min(29)]);
    let granted = Granted { account, role: role.clone() };
    if by_role {
        let default = if server.is_mariadb() { "FOR" } else { "TO" };
        server.plain(
            None,
            &format!(
                "CREATE ROLE '{role}'; GRANT '{role}' TO '{name}';
                 SET DEFAULT ROLE '{role}' {default} '{name}'"
            ),
        )?;
    }
    let to = if by_role { &role } else { &name };
    let escaped = database.name.replace('_', "\\_");
    for grant in grants {
        let grant = grant.replace("DB", &format!("`{escaped}`"));
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
    Ok(Some(granted))
}

/// A right, a statement that needs it, and the one that takes back what it did.
const STATEMENTS: [(&str, &str, &str); 16] = [
    ("CREATE", "CREATE TABLE DB.x (id int)", "DROP TABLE DB.x"),
    ("ALTER", "ALTER TABLE DB.t ADD COLUMN z int", "ALTER TABLE DB.t DROP COLUMN z"),
    ("DROP", "DROP TABLE DB.d", "CREATE TABLE DB.d (id int)"),
    ("INDEX", "CREATE INDEX i ON DB.t (a)", "DROP INDEX i ON DB.t"),
    ("SELECT", "SELECT id FROM DB.t", ""),
    ("INSERT", "INSERT INTO DB.t VALUES (1, 1)", ""),
    ("UPDATE", "UPDATE DB.t SET a = 2", ""),
    ("DELETE", "DELETE FROM DB.t", ""),
    ("CREATE VIEW", "CREATE VIEW DB.w AS SELECT 1 AS one", "DROP VIEW DB.w"),
    (
        "TRIGGER",
        "CREATE TRIGGER DB.h BEFORE INSERT ON DB.t FOR EACH ROW SET @a = 1",
        "DROP TRIGGER DB.h",
    ),
    ("CREATE ROUTINE", "CREATE PROCEDURE DB.q() SELECT 1", "DROP PROCEDURE DB.q"),
    ("ALTER ROUTINE", "ALTER PROCEDURE DB.r COMMENT 'x'", ""),
    ("EVENT", "CREATE EVENT DB.k ON SCHEDULE EVERY 1 DAY DO SELECT 1", "DROP EVENT DB.k"),
    ("CREATE TEMPORARY TABLES", "CREATE TEMPORARY TABLE DB.y (id int)", ""),
    ("PROCESS", "SELECT COUNT(*) FROM information_schema.INNODB_TRX", ""),
    // Foreign keys need ALTER too.
    (
        "REFERENCES",
        "ALTER TABLE DB.t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES DB.p (id)",
        "ALTER TABLE DB.t DROP FOREIGN KEY k, DROP KEY k",
    ),
];

/// The rights by which another account may be a DEFINER, by one of the servers or another.
const DEFINERS: [&str; 4] = ["SET_ANY_DEFINER", "SET_USER_ID", "SET USER", "SUPER"];

/// Each right is held just where its statement succeeds, and the grants that are said to be lacking
/// help.
pub(crate) fn changing(server: &TestServer) -> Outcome {
    let database = server.database("changing")?;
    database.plain(OBJECTS)?;
    // On MySQL, what an administrator has made can be altered by an administrator only.
    let name = format!("own{}", &database.name[5..]).chars().take(30).collect();
    let everything = format!("ALL ON `{}`.*", database.name);
    let owner = Account { server, name }.make("", &[&everything])?;
    database.plain(&format!(
        "CREATE TABLE t (id int, a int); CREATE TABLE d (id int); DROP PROCEDURE r;
         CREATE DEFINER = '{}'@'%' PROCEDURE r() SELECT 1",
        owner.name
    ))?;
    let on_database = |right: &str| vec![format!("{right} ON DB.*")];
    let mut sets: Vec<Vec<String>> = STATEMENTS.map(|(right, ..)| on_database(right)).to_vec();
    sets.extend(STATEMENTS.map(|(right, ..)| vec![format!("{right} ON *.*")]));
    sets.extend(["ALL", "ALTER, REFERENCES", "SELECT, INSERT, CREATE VIEW"].map(on_database));
    sets.push(vec!["ALL ON *.*".to_owned()]);
    sets.push(vec!["SELECT ON performance_schema.*".to_owned()]);
    sets.push(vec!["CREATE ON DB.c".to_owned(), "INSERT ON DB.c".to_owned()]);
    sets.extend(DEFINERS.map(|it| vec![format!("{it} ON *.*"), "CREATE VIEW ON DB.*".to_owned()]));
    let (mut count, mut wrong) = (0, Vec::new());
    for (number, grants) in sets.iter().enumerate() {
        let account = granted(server, &database, grants, number.is_multiple_of(3))?;
        let Some(account) = account else { continue };
        count += 1;
        let judge = |what: &str| -> Result<(Value, Option<String>), Failed> {
            let (_, said) = ping(&account.account.url(&database, "")?)?;
            let why = differences(server, &database, &account, &said)?;
            Ok((said, why.map(|why| format!("{grants:?}{what}: {why}"))))
        };
        let (said, why) = judge("")?;
        wrong.extend(why);
        if number.is_multiple_of(4) {
            for name in ["migrate", "ask-server", "definers", "blockers"] {
                follow(server, &account, &said, name)?;
            }
            let (said, why) = judge(" and the grants")?;
            wrong.extend(why);
            let lacks = said["tasks"].as_array().into_iter().flatten();
            let lacks = lacks.filter(|it| it["task"] != "read" && it["may"] != true);
            wrong.extend(lacks.map(|it| format!("{grants:?} and the grants: {it}")));
        }
    }
    println!("{}: {count} accounts", server.name());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Where `ping` and the server disagree.
fn differences(
    server: &TestServer,
    database: &Database,
    account: &Granted<'_>,
    said: &Value,
) -> Result<Option<String>, Failed> {
    let rights: Vec<&Value> = said["tasks"].as_array().into_iter().flatten().collect();
    let rights = rights.iter().filter(|it| it["task"] != "read");
    let rights: Vec<&Value> = rights.flat_map(|it| it["rights"].as_array()).flatten().collect();
    let held = |right: &str| {
        let mut found =
            rights.iter().filter(|it| it["right"] == right && it["what"] != "metadata locks");
        found.next().and_then(|it| it["held"].as_bool())
    };
    let alone = database.url_text().replace(&format!("/{}", database.name), "");
    let mut url: url::Url = alone.parse()?;
    url.set_username(&account.account.name).map_err(|()| "no user")?;
    let mut connection = Conn::to(url.as_str())?;
    let mut wrong = Vec::new();
    let mut attempt = |right: &str, statement: &str, back: &str, said: Option<bool>| -> Outcome {
        let statement = statement.replace("DB.", &format!("`{}`.", database.name));
        let outcome = connection.query_drop(&statement);
        if outcome.is_ok() && !back.is_empty() {
            server.plain(None, &back.replace("DB.", &format!("`{}`.", database.name)))?;
        }
        if said != Some(outcome.is_ok()) {
            wrong.push(format!("{right}: {said:?}, and {outcome:?}"));
        }
        Ok(())
    };
    for (right, statement, back) in STATEMENTS {
        if right != "REFERENCES" || held("ALTER") == Some(true) {
            attempt(right, statement, back, held(right))?;
        }
    }
    if held("CREATE VIEW") == Some(true) {
        let definer = rights.iter().find(|it| it["what"] == "another DEFINER");
        let said = definer.and_then(|it| it["held"].as_bool());
        let other = Account { server, name: format!("{}o", &account.role) };
        server.plain(None, &format!("CREATE USER '{}'", other.name))?;
        let statement =
            format!("CREATE DEFINER = '{}'@'%' VIEW DB.w AS SELECT 1 AS one", other.name);
        attempt("another DEFINER", &statement, "DROP VIEW DB.w", said)?;
    }
    if !server.is_mariadb() {
        let locks = rights.iter().find(|it| it["what"] == "metadata locks");
        let said = locks.and_then(|it| it["held"].as_bool());
        attempt(
            "metadata locks",
            "SELECT COUNT(*) FROM performance_schema.metadata_locks",
            "",
            said,
        )?;
    }
    Ok((!wrong.is_empty()).then(|| wrong.join("; ")))
}
