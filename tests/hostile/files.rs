//! Runs that are killed, run out of space, or run twice at the same time: a file is complete or
//! doesn't exist.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::one_in;

type Outcome = Result<(), Failed>;

/// A trial that needs no server.
type Try = fn() -> Outcome;

const TRIALS: [(&str, Try); 5] = [
    ("what a full disk keeps from being written is as it was", full_disk),
    ("a run that is killed leaves a whole migration or none", killed),
    ("of two runs at once one writes the migration", twice),
    ("no file is written through a link", links),
    ("a new file has the rights of any other", rights),
];

pub(crate) fn trials() -> Vec<Trial> {
    TRIALS.into_iter().map(|(name, trial)| Trial::test(name, trial)).collect()
}

/// A schema with this number of tables, which takes a while to write.
fn schema(tables: usize) -> String {
    let table =
        |number| format!("  t{number}: {{ columns: {{ id: int not null }}, primary_key: [id] }}\n");
    format!("server: mysql:8.4\ntables:\n{}", (0..tables).map(table).collect::<String>())
}

fn project(tables: usize) -> Result<TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("schema.yaml"), schema(tables))?;
    Ok(folder)
}

fn start(folder: &Path, script: &str) -> Result<Child, Failed> {
    let child = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_driftline")])
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    Ok(child)
}

/// The names of what is in a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn full_disk() -> Outcome {
    let folder = project(400)?;
    let path = folder.path().join("schema.yaml");
    let unformatted = format!("# a comment\n{}\n\n\n", schema(400));
    fs::write(&path, &unformatted)?;
    fs::write(folder.path().join("a.sql"), "CREATE TABLE a (id int);\n")?;
    let many: String = (0..400).map(|n| format!("CREATE TABLE t{n} (id int);\n")).collect();
    fs::write(folder.path().join("many.sql"), many)?;
    // No file may grow beyond 4 KiB.
    for command in ["fmt", "pull many.sql -o schema.yaml --force", "generate -m first"] {
        let script = format!("trap '' XFSZ; ulimit -f 4; exec \"$0\" {command}");
        let output = start(folder.path(), &script)?.wait_with_output()?;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(2) || !error.contains("can't write") {
            return Err(format!("{command}: {:?} {error}", output.status).into());
        }
        if fs::read_to_string(&path)? != unformatted {
            return Err(format!("{command}: schema.yaml is another").into());
        }
        let left = names(folder.path());
        let expected = ["a.sql", "many.sql", "schema.yaml"].map(str::to_owned);
        if left != BTreeSet::from(expected) {
            return Err(format!("{command}: {left:?} are left").into());
        }
    }
    Ok(())
}

/// The number of complete migrations; an error if there is anything else.
fn migrations(folder: &Path) -> Result<usize, String> {
    let left = names(&folder.join("generated"));
    let ups: Vec<&String> = left.iter().filter(|it| it.ends_with(".up.sql")).collect();
    let downs = left.iter().filter(|it| it.ends_with(".down.sql")).count();
    let has_lock = left.iter().any(|it| it.ends_with(".yaml"));
    let is_whole = |name: &&String| {
        let text = fs::read_to_string(folder.join("generated").join(name.as_str()));
        text.is_ok_and(|text| text.contains("`t199`") && text.ends_with(";\n"))
    };
    match (ups.len(), downs, has_lock) {
        _ if left.is_empty() => Ok(0),
        (1, 1, true) if left.len() == 3 && ups.iter().all(is_whole) => Ok(1),
        (1, 1, true) => Err("a migration that is cut".to_owned()),
        _ => Err(format!("{left:?}")),
    }
}

fn killed() -> Outcome {
    let rounds = 240 / one_in(6);
    let folder = project(200)?;
    let started = Instant::now();
    start(folder.path(), "exec \"$0\" generate -m first")?.wait_with_output()?;
    let whole = started.elapsed();
    let mut both = BTreeSet::new();
    for round in 0..rounds {
        let folder = project(200)?;
        let mut child = start(folder.path(), "exec \"$0\" generate -m first")?;
        // From the start to well after the end, which may be later than without other runs.
        let part = u32::try_from(round)? * 25 / u32::try_from(rounds)?;
        std::thread::sleep(whole * part / 10 + Duration::from_micros(round % 7 * 100));
        child.kill()?;
        child.wait()?;
        // The next run moves pending files into place, and otherwise does its own work.
        let was_done =
            names(&folder.path().join("generated")).iter().any(|it| it.ends_with(".sql"));
        both.insert(was_done);
        let next = start(folder.path(), "exec \"$0\" generate -m second")?.wait_with_output()?;
        let left = migrations(folder.path())?;
        if left != 1 || next.status.code() != Some(0) {
            return Err(String::from_utf8_lossy(&next.stderr).into_owned().into());
        }
    }
    if both.len() == 2 { Ok(()) } else { Err(format!("all of them left {both:?}").into()) }
}

fn twice() -> Outcome {
    for _ in 0..30 / one_in(3) {
        let folder = project(200)?;
        let runs = [0, 1].map(|_| start(folder.path(), "exec \"$0\" generate -m first"));
        for run in runs {
            let output = run?.wait_with_output()?;
            if output.status.code() != Some(0) {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
        }
        if migrations(folder.path())? != 1 {
            return Err("no migration".into());
        }
    }
    Ok(())
}

fn links() -> Outcome {
    let folder = project(3)?;
    let outside = tempfile::tempdir()?;
    let target = outside.path().join("target");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("generated"))?;
    fs::write(at("a.sql"), "CREATE TABLE a (id int);")?;
    symlink(&target, at("generated/schema.lock.yaml"))?;
    symlink(&target, at("generated/schema.lock.yaml.partial"))?;
    symlink(&target, at("pulled.yaml"))?;
    fs::write(outside.path().join("there.yaml"), "tables: {t: {columns: {a: int}}}\n\n\n")?;
    symlink(outside.path().join("there.yaml"), at("linked.yaml"))?;
    for (command, code) in [
        ("pull a.sql -o pulled.yaml", 2),
        ("pull a.sql -o pulled.yaml --force", 2),
        ("pull a.sql -o linked.yaml --force", 2),
        ("fmt linked.yaml", 2),
        ("generate -m first", 2),
    ] {
        let output = start(folder.path(), &format!("exec \"$0\" {command}"))?.wait_with_output()?;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(code) {
            return Err(format!("{command}: {:?} {error}", output.status).into());
        }
        let left = names(outside.path());
        if left != BTreeSet::from(["there.yaml".to_owned()]) {
            return Err(format!("{command}: {left:?}").into());
        }
        if !fs::read_to_string(at("linked.yaml"))?.ends_with("\n\n\n") {
            return Err(format!("{command}: wrote through a link").into());
        }
    }
    Ok(())
}

fn rights() -> Outcome {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = project(3)?;
    let script = "umask 022; \"$0\" generate -m first; chmod 664 schema.yaml; echo >> schema.yaml; \
                  echo >> schema.yaml; \"$0\" fmt";
    start(folder.path(), script)?.wait_with_output()?;
    let mode = |path: &Path| Ok::<_, Failed>(fs::metadata(path)?.permissions().mode() & 0o777);
    for name in names(&folder.path().join("generated")) {
        let found = mode(&folder.path().join("generated").join(&name))?;
        if found != 0o644 {
            return Err(format!("{name}: {found:o}").into());
        }
    }
    let found = mode(&folder.path().join("schema.yaml"))?;
    if found == 0o664 { Ok(()) } else { Err(format!("schema.yaml: {found:o}").into()) }
}
