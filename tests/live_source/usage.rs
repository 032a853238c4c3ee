//! How a database is used, as the rules that ask for it see it.

use std::collections::BTreeMap;
use std::process::Command;

use driftline::source::IndexUse;
use driftline::source::live;

use crate::Outcome;
use crate::support::servers::TestServer;

/// The next values are true after the first INSERT, although a server keeps what it has shown, and
/// `lint` of the database has the rule's finding.
pub(crate) fn next_values(server: &TestServer) -> Outcome {
    let database = server.database("usage")?;
    database.plain(
        "CREATE TABLE small (id tinyint unsigned AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 200;
         CREATE TABLE large (id bigint AUTO_INCREMENT PRIMARY KEY);
         CREATE TABLE none (id int PRIMARY KEY);",
    )?;
    let next = || -> Result<BTreeMap<String, u64>, libtest_mimic::Failed> {
        Ok(live::read_usage(&database.url()?, false)?.next_values)
    };
    ensure_eq!(next()?.get("small"), Some(&200));
    database.plain("INSERT INTO small VALUES (), ();")?;
    ensure_eq!(next()?.get("small"), Some(&202));
    ensure_eq!(next()?.contains_key("none"), false);
    let program = || Command::new(env!("CARGO_BIN_EXE_driftline"));
    let out = program().args(["lint", &database.url_text()]).output()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let found = "is tinyint(3) unsigned, and 201 of 255 numbers are used (78 %)";
    let found = if server.is_mariadb() { found.to_owned() } else { found.replace("(3)", "") };
    ensure!(text.contains(&found), "{text}");
    Ok(())
}

/// A fresh server, and one that doesn't count, say that nothing is known.
pub(crate) fn index_use(server: &TestServer) -> Outcome {
    let database = server.database("index_use")?;
    database.plain(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY ka (a), KEY kb (b));
         INSERT INTO t VALUES (1, 2, 3);
         SELECT id FROM t FORCE INDEX (ka) WHERE a = 2;",
    )?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rules.yaml");
    let lint = |options: &str| -> Result<String, libtest_mimic::Failed> {
        std::fs::write(
            &file,
            format!("rules: {{ unused-index: {{ {options} }} }}\ntables: {{}}\n"),
        )?;
        let mut program = Command::new(env!("CARGO_BIN_EXE_driftline"));
        program.args(["lint", &database.url_text(), "--schema"]).arg(&file);
        Ok(String::from_utf8_lossy(&program.output()?.stdout).into_owned())
    };
    let found = "no statement has used kb (b)";
    let at_once = lint("severity: note, days: 0")?;
    match live::read_usage(&database.url()?, true)?.indexes {
        Some(IndexUse::Counted { unused, .. }) => {
            ensure!(unused["t"].contains("kb") && !unused["t"].contains("ka"), "{unused:?}");
            ensure!(at_once.contains(found), "{at_once}");
        }
        Some(IndexUse::Unknown(why)) => {
            ensure!(at_once.contains(&format!("isn't known: {why}")), "{at_once}");
        }
        None => return Err("it wasn't asked".into()),
    }
    let patient = lint("severity: note, days: 36500")?;
    ensure!(!patient.contains(found) && patient.contains("isn't known"), "{patient}");
    ensure!(!lint("severity: off")?.contains("isn't known"), "it is off");
    Ok(())
}
