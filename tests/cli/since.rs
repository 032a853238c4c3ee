//! Only what has changed since a commit.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{command, driftline, project, texts, without_time};

fn git(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]);
    let output = git.args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

const OLD: &str = "server: mysql:8.4
include: [more.yaml]
tables:
  old:
    columns: { id: int not null, name: varchar(9) }
  touched:
    columns: { id: int not null }
";

const DUMP: &str = "-- Server version\t8.4.0
CREATE TABLE old (id int NOT NULL, name varchar(5));
CREATE TABLE touched (id int NOT NULL);
CREATE TABLE included (id int);
";

/// A repository whose last commit has `OLD`, in a folder of its own.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("db");
    fs::create_dir(&db).unwrap();
    fs::write(db.join("schema.yaml"), OLD).unwrap();
    fs::write(db.join("more.yaml"), "tables: { included: { columns: { id: int } } }\n").unwrap();
    fs::write(db.join("dump.sql"), DUMP).unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "first"]);
    folder
}

fn change(folder: &Path) {
    let new = OLD.replace(
        "touched:\n    columns: { id: int not null }",
        "touched:\n    columns: { id: bigint not null }",
    );
    fs::write(folder.join("db/schema.yaml"), new).unwrap();
}

#[test]
fn only_tables_that_have_changed_are_looked_at() {
    let folder = repository();
    let (code, out, err) =
        driftline(folder.path(), &["lint", "-s", "db/schema.yaml", "--changed-since", "main"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "nothing found in what has changed since main · 3 tables\n");
    change(folder.path());
    let (code, out, _) = driftline(&folder.path().join("db"), &["lint", "--changed-since", "HEAD"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(out);
    let db = folder.path().join("db");
    let args = ["check", "dump.sql", "--changed-since", "HEAD"];
    let (code, out, _) = driftline(&db, &args);
    assert_eq!(code, 1);
    insta::assert_snapshot!(without_time(&out));
    let (_, out, _) = driftline(&db, &[&args[..], &["--format", "json"]].concat());
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["differences"].as_array().unwrap().len(), 1);
    // What is included counts too.
    fs::write(db.join("more.yaml"), "tables: { included: { columns: { id: bigint } } }\n").unwrap();
    let (_, out, _) = driftline(&db, &["lint", "--changed-since", "HEAD"]);
    assert!(out.contains("table included has no primary key"), "{out}");
}

#[test]
fn everything_is_new_where_the_file_was_not_there() {
    let folder = repository();
    fs::rename(folder.path().join("db"), folder.path().join("other")).unwrap();
    let other = folder.path().join("other");
    let (code, out, err) = driftline(&other, &["lint", "--changed-since", "HEAD"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("3 warnings in what has changed since HEAD"), "{out}");
}

#[test]
fn a_waiver_of_the_commit_is_not_looked_at_again() {
    let folder = repository();
    let db = folder.path().join("db");
    let waiver = "waivers: [{ rule: redundant-index, element: tables.old, reason: none }]\n";
    fs::write(db.join("schema.yaml"), format!("{waiver}{OLD}")).unwrap();
    let lint = || driftline(&db, &["lint", "--changed-since", "HEAD"]);
    assert!(lint().1.contains("waiver-unmatched"));
    git(folder.path(), &["commit", "-q", "-a", "-m", "second"]);
    assert_eq!(lint().0, 0);
}

#[test]
fn what_git_does_not_know_is_an_error_of_usage() {
    let folder = repository();
    let db = folder.path().join("db");
    let (code, _, err) = driftline(&db, &["lint", "--changed-since", "no-such"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    let (code, _, err) = driftline(&db, &["lint", "--changed-since=--output=/tmp/x"]);
    assert_eq!(code, 2, "{err}");
    let outside = project(OLD);
    fs::write(outside.path().join("more.yaml"), "tables: {}\n").unwrap();
    let (code, _, err) = driftline(outside.path(), &["lint", "--changed-since", "HEAD"]);
    assert_eq!(code, 2);
    assert!(err.contains("not a git repository"), "{err}");
    let mut without = command(&db, &["lint", "--changed-since", "HEAD"]);
    let (code, _, err) = texts(&without.env("PATH", "").output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("there is no program `git`"), "{err}");
}
