//! Files of SQL as people have them: each is compared with the database that was loaded from it, on
//! every server that loads it. Nothing differs in either direction, without naming the server.
//!
//! The files in `tests/files` are always there. More are in `../shared/field`, or the folder that
//! `DRIFTLINE_FIELD` names: `cases/*/*.sql` and `files/*.sql`; `before.my97.sql` is `before.sql`
//! for MySQL. It is not part of the project; without it its tests are listed as ignored.
//! `tests/corpus.rs` does the same for the corpus.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Failed, Trial};
use support::pipeline::read;
use support::quiet::expect_quiet;
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

/// How many files each server loaded, refused and changed.
type Tally = Arc<Mutex<BTreeMap<(String, &'static str), usize>>>;

fn main() -> ExitCode {
    let servers = servers();
    let tally = Tally::default();
    let mut trials = Vec::new();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let field = std::env::var_os("DRIFTLINE_FIELD").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field"),
        PathBuf::from,
    );
    let mut found = files(&own, &own);
    found.extend(files(&field.join("files"), &field));
    for case in entries(&field.join("cases")) {
        found.extend(files(&case, &field));
    }
    for (name, path) in found {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|server| ignored(&name, server)));
        }
        for server in &servers {
            let Some(path) = for_server(&path, server) else { continue };
            let (server, tally) = (server.clone(), tally.clone());
            let title = format!("{name} on {}", server.name());
            let name = name.clone();
            trials.push(Trial::test(title, move || test(&name, &path, &server, &tally)));
        }
    }
    if !field.is_dir() {
        trials.extend(USUAL_SERVERS.map(|server| ignored("field", server)));
    }
    let code = run(trials);
    for ((server, what), count) in tally.lock().unwrap().iter() {
        println!("{server}: {count} files: {what}");
    }
    code
}

fn ignored(name: &str, server: &str) -> Trial {
    Trial::test(format!("{name} on {server}"), || Ok(())).with_ignored_flag(true)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

/// The schemas in a folder, each with its name. Files of rows and queries are not among them.
fn files(folder: &Path, root: &Path) -> Vec<(String, PathBuf)> {
    let is_schema = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".sql")
            && name.matches('.').count() == 1
            && !["data.sql", "check.sql"].contains(&name.as_str())
    };
    let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    let schemas = entries(folder).into_iter().filter(is_schema);
    schemas.map(|path| (name(&path), path)).collect()
}

/// The file for a server; another file next to it may be the one for this server.
fn for_server(path: &Path, server: &TestServer) -> Option<PathBuf> {
    let suffix = if server.is_mariadb() { "maria.sql" } else { "my97.sql" };
    let other = path.with_extension(suffix);
    Some(if other.is_file() { other } else { path.to_owned() })
}

fn test(name: &str, path: &Path, server: &TestServer, tally: &Tally) -> Result<(), Failed> {
    let count = |what| *tally.lock().unwrap().entry((server.name(), what)).or_default() += 1;
    let Some((path, database)) = load(path, name, server)? else {
        count("refused by the server");
        return Ok(());
    };
    expect_quiet(path.path(), &database, &read(&database)?)?;
    count("the same both ways");
    Ok(())
}

/// The file as it was loaded. If it is a copy, it is deleted with the value.
enum Copy {
    Itself(PathBuf),
    Renamed(tempfile::NamedTempFile),
}

impl Copy {
    fn path(&self) -> &Path {
        match self {
            Copy::Itself(path) => path,
            Copy::Renamed(file) => file.path(),
        }
    }
}

/// A database with the file in it; `None` if the server refuses it with all settings. If a file
/// makes its own database, that is the test's.
fn load(path: &Path, name: &str, server: &TestServer) -> Result<Option<(Copy, Database)>, Failed> {
    let text = String::from_utf8_lossy(&fs::read(path)?).into_owned();
    let own = own_database(&text);
    for setting in ["", "SET foreign_key_checks=0;", "SET sql_mode='', foreign_key_checks=0;"] {
        let database = server.database(name)?;
        let (copy, sql, makes_own) = match &own {
            Some(own) => {
                let sql = text.replace(own.as_str(), &database.name);
                let file = tempfile::Builder::new().suffix(".sql").tempfile()?;
                fs::write(file.path(), &sql)?;
                server.plain(None, &format!("DROP DATABASE `{}`", database.name))?;
                (Copy::Renamed(file), sql, true)
            }
            None => (Copy::Itself(path.to_owned()), text.clone(), false),
        };
        let into = Some(database.name.as_str()).filter(|_| !makes_own);
        if server.plain(into, &format!("{setting}\n{sql}")).is_ok() {
            return Ok(Some((copy, database)));
        }
    }
    Ok(None)
}

/// The name of the database that a file makes, in backticks.
fn own_database(text: &str) -> Option<String> {
    let line = text.lines().find(|line| {
        let line = line.to_uppercase();
        line.starts_with("CREATE DATABASE") || line.starts_with("CREATE SCHEMA")
    })?;
    line.split('`').nth(1).map(str::to_owned)
}
