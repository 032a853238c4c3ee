//! Files of SQL compared with the databases that they make: `tests/sql_files/<case>.yaml`. Nothing
//! differs, in either direction, nor for the schema.yaml that is pulled from the file, nor for a
//! database that is made by the plan for the file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use driftline::source::{Loaded, dump, yaml};
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use support::case::selects;
use support::pipeline::{planned, read_compared_with};
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

/// The keys of a case's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SqlFile {
    /// What the case is about.
    #[allow(dead_code)]
    why: String,
    /// The servers that accept it, as in the other cases; all if left out.
    #[serde(default)]
    server: Vec<String>,
    /// The options of the databases into which the file is loaded, one after the other; if left
    /// out, one in utf8mb4.
    #[serde(default)]
    databases: Vec<String>,
    /// SQL that sets up the session that loads the file. It isn't part of the file.
    session: Option<String>,
    /// The file.
    sql: String,
}

fn main() -> ExitCode {
    let servers = servers();
    let mut trials = Vec::new();
    for (name, case) in cases() {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|server| {
                Trial::test(format!("{name} on {server}"), || Ok(())).with_ignored_flag(true)
            }));
        }
        let is_for = |server: &&TestServer| {
            case.server.is_empty() || case.server.iter().any(|it| selects(it, &server.server))
        };
        for server in servers.iter().filter(is_for) {
            let (title, case) = (format!("{name} on {}", server.name()), case.clone());
            let (name, server) = (name.clone(), server.clone());
            trials.push(Trial::test(title, move || test(&name, &case, &server)));
        }
    }
    run(trials)
}

fn cases() -> Vec<(String, SqlFile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql_files");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<(String, SqlFile)> = files
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let case = serde_saphyr::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_stem().unwrap().to_string_lossy().into_owned(), case)
        })
        .collect();
    cases.sort_by(|(one, _), (other, _)| one.cmp(other));
    cases
}

fn test(name: &str, case: &SqlFile, server: &TestServer) -> Result<(), Failed> {
    if case.databases.is_empty() {
        return test_in("", name, case, server);
    }
    for options in &case.databases {
        test_in(options, name, case, server).map_err(|error| {
            format!("in a database with {options}: {}", error.message().unwrap_or_default())
        })?;
    }
    Ok(())
}

fn test_in(options: &str, name: &str, case: &SqlFile, server: &TestServer) -> Result<(), Failed> {
    let database = database(name, options, server)?;
    database.plain(&format!("{}\n{}", case.session.as_deref().unwrap_or_default(), case.sql))?;
    let file = dump::read_from(case.sql.as_bytes(), "file.sql", Some(server.server))
        .map_err(|error| error.to_string())?;
    expect_same(&database, &file, "the file")?;
    expect_same(&database, &pulled(&case.sql, server)?, "the schema.yaml pulled of the file")?;

    let made = self::database(name, options, server)?;
    let empty = read_compared_with(&made, &file)?;
    made.run_as_printed(&planned(&empty, &file, &server.server)?.script())?;
    expect_same(&made, &file, "the file, of what its plan made,")
}

fn database(name: &str, options: &str, server: &TestServer) -> Result<Database, Failed> {
    let database = server.database(name)?;
    if !options.is_empty() {
        server.plain(None, &format!("ALTER DATABASE `{}` {options}", database.name))?;
    }
    Ok(database)
}

/// Checks that a database and a file are the same, in both directions.
fn expect_same(database: &Database, file: &Loaded, what: &str) -> Result<(), Failed> {
    let found = read_compared_with(database, file)?;
    let server = &database.server.server;
    planned(&found, file, server)?.expect_nothing(&format!("the database against {what}"))?;
    planned(file, &found, server)?.expect_nothing(&format!("{what} against the database"))?;
    Ok(())
}

/// The schema.yaml that `pull` writes from a file.
fn pulled(sql: &str, server: &TestServer) -> Result<Loaded, Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("file.sql"), sql)?;
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["pull", "file.sql", "--flavor", &server.server.flavor()])
        .current_dir(folder.path())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    yaml::read_text("schema.yaml", &text).map_err(|invalid| format!("{invalid}\n{text}").into())
}
