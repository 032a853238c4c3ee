//! Two branches that both add migrations, merged by git.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::driftline;
use tempfile::TempDir;

const BASE: &str = "\
server: mysql:8.4
tables:
  orders:
    columns:
      id: int not null
    primary_key: [id]
  users:
    columns:
      id: int not null
      name: varchar(50)
    primary_key: [id]
";

fn git(folder: &Path, args: &[&str]) -> bool {
    let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.args(who).args(args).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command.output().unwrap().status.success()
}

/// Adds a migration of a version that doesn't depend on the clock.
fn add(folder: &Path, version: &str, message: &str, schema: &str) {
    fs::write(folder.join("schema.yaml"), schema).unwrap();
    let (code, out, err) = driftline(folder, &["generate", "-m", message]);
    assert_eq!(code, 0, "{err}");
    for path in out.lines().take(2).map(|line| folder.join(line)) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (old, rest) = name.split_at(14);
        let text = fs::read_to_string(&path).unwrap().replacen(old, version, 1);
        fs::write(path.with_file_name(format!("{version}{rest}")), text).unwrap();
        fs::remove_file(path).unwrap();
    }
    assert_eq!(driftline(folder, &["generate", "--relist"]).0, 0);
}

const EMAIL: (&str, &str) = ("name: varchar(50)", "name: varchar(50)\n      email: varchar(50)");
const INDEX: (&str, &str) = (
    "name: varchar(50)\n    primary_key: [id]\n",
    "name: varchar(50)\n    primary_key: [id]\n    indexes: { by_name: [name] }\n",
);

fn with(schema: &str, (from, to): (&str, &str)) -> String {
    assert!(schema.contains(from));
    schema.replace(from, to)
}

/// A repository in which one branch has added 02 and 04, and the other 03.
fn branches() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let git = |args: &[&str]| assert!(git(path, args), "{args:?}");
    git(&["init", "-q", "-b", "main"]);
    let commit = || {
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "x"]);
    };
    add(path, "20260101000000", "first", BASE);
    commit();
    git(&["checkout", "-q", "-b", "other"]);
    add(path, "20260103000000", "index", &with(BASE, INDEX));
    commit();
    git(&["checkout", "-q", "main"]);
    let email = with(BASE, EMAIL);
    add(path, "20260102000000", "email", &email);
    let total = with(&email, ("      id: int not null\n", "      id: bigint not null\n"));
    add(path, "20260104000000", "wider", &total);
    commit();
    folder
}

fn both() -> String {
    let email = with(&with(BASE, INDEX), EMAIL);
    with(&email, ("      id: int not null\n", "      id: bigint not null\n"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("generated")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The version that a moved migration gets is the time.
fn without_version(text: &str, folder: &Path) -> String {
    let name = names(folder).into_iter().rfind(|name| name.ends_with(".sql")).unwrap();
    text.replace(&name[..14], "VERSION")
}

#[test]
fn the_younger_branch_comes_after_the_older_one() {
    let folder = branches();
    let path = folder.path();
    assert!(!git(path, &["merge", "-q", "other"]), "the lock file must conflict");
    fs::write(path.join("schema.yaml"), both()).unwrap();
    let (code, _, conflict) = driftline(path, &["check", "--offline"]);
    assert_eq!(code, 2);
    assert!(conflict.contains("`driftline generate --rebase`"), "{conflict}");
    let (code, out, err) = driftline(path, &["generate", "--rebase"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(without_version(&out, path));
    assert_eq!(driftline(path, &["check", "--offline"]).0, 0);
    let names = names(path);
    assert_eq!(names.len(), 9, "{names:?}");
    let moved = fs::read_to_string(path.join("generated").join(&names[7])).unwrap();
    assert!(moved.starts_with(&format!("-- {}: index\n", &names[7][..20])), "{moved}");
    let moved = fs::read_to_string(path.join("generated").join(&names[6])).unwrap();
    assert!(moved.starts_with(&format!("-- reverses {}: index\n", &names[6][..20])), "{moved}");
    let (code, out, _) = driftline(path, &["generate", "--rebase"]);
    assert_eq!(code, 0);
    assert_eq!(out, "nothing to move: each migration follows from the one before it\n");
}

/// Whoever merges keeps the lines of one branch, or those of both.
#[test]
fn a_conflict_may_be_resolved_before() {
    for resolved in ["--ours", "--theirs", "both"] {
        let folder = branches();
        let path = folder.path();
        git(path, &["merge", "-q", "other"]);
        let lock = path.join("generated/schema.lock.yaml");
        if resolved == "both" {
            let text = fs::read_to_string(&lock).unwrap();
            let is_marker =
                |line: &&str| ["<<<", "===", ">>>"].iter().any(|it| line.starts_with(it));
            // Of the rest of the file, that of one branch.
            let (list, _) = text.split_once("tables:").unwrap();
            let list: Vec<&str> = list.lines().filter(|line| !is_marker(line)).collect();
            let ours = Command::new("git")
                .args(["show", "main:generated/schema.lock.yaml"])
                .current_dir(path)
                .output()
                .unwrap();
            let ours = String::from_utf8(ours.stdout).unwrap();
            let (_, tables) = ours.split_once("tables:").unwrap();
            fs::write(&lock, format!("{}\ntables:{tables}", list.join("\n"))).unwrap();
        } else {
            assert!(git(path, &["checkout", resolved, "generated/schema.lock.yaml"]));
        }
        fs::write(path.join("schema.yaml"), both()).unwrap();
        assert_eq!(driftline(path, &["check", "--offline"]).0, 5, "{resolved}");
        let (code, out, err) = driftline(path, &["generate", "--rebase"]);
        assert_eq!(code, 0, "{err}");
        // With the list of the other branch alone, 02 is what isn't listed and older.
        let moved = if resolved == "--theirs" { "_email" } else { "_index" };
        assert!(out.lines().next().unwrap().ends_with(moved), "{resolved}: {out}");
        let (code, _, err) = driftline(path, &["check", "--offline"]);
        assert_eq!(code, 0, "{resolved}: {err}");
    }
}

#[test]
fn the_migrations_that_move_can_be_named() {
    let folder = branches();
    let path = folder.path();
    git(path, &["merge", "-q", "other"]);
    fs::write(path.join("schema.yaml"), both()).unwrap();
    let args = ["generate", "--rebase", "20260102000000", "20260104000000_wider"];
    let (code, out, err) = driftline(path, &args);
    assert_eq!((code, err.as_str()), (0, ""));
    let names = names(path);
    let ends: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".up.sql")).collect();
    let ends: Vec<&str> = ends.iter().map(|name| &name[15..]).collect();
    assert_eq!(ends, ["first", "index", "email", "wider"], "{out}");
}

#[test]
fn what_does_not_fit_is_said_and_nothing_is_changed() {
    let folder = branches();
    let path = folder.path();
    git(path, &["merge", "-q", "other"]);
    fs::write(path.join("schema.yaml"), with(BASE, EMAIL)).unwrap();
    let before = names(path);
    let mut said = String::new();
    let mut refused = |args: &[&str], expected: i32| {
        let (code, out, err) = driftline(path, args);
        assert_eq!((code, out.as_str()), (expected, ""), "{err}");
        assert_eq!(names(path), before);
        said.push_str(&format!("{err}\n"));
    };
    refused(&["generate", "--rebase"], 5);
    refused(&["generate", "--rebase", "2026"], 2);
    let file = path.join("generated/20260102000000_email.up.sql");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("varchar(50)", "varchar(60)")).unwrap();
    refused(&["generate", "--rebase"], 5);
    fs::write(&file, &text).unwrap();
    // The first migration can't come last.
    refused(&["generate", "--rebase", "20260101000000"], 2);
    insta::assert_snapshot!(said);
}

/// Both branches added the same column; the younger migration is adapted.
#[test]
fn a_migration_is_adapted_to_what_comes_before_it() {
    let folder = branches();
    let path = folder.path();
    assert!(git(path, &["checkout", "-q", "other"]));
    add(path, "20260105000000", "email_again", &with(&with(BASE, INDEX), EMAIL));
    assert!(git(path, &["add", "-A"]) && git(path, &["commit", "-q", "-m", "x"]));
    assert!(git(path, &["checkout", "-q", "main"]));
    git(path, &["merge", "-q", "other"]);
    fs::write(path.join("schema.yaml"), both()).unwrap();
    let (code, _, err) = driftline(path, &["generate", "--rebase"]);
    assert_eq!(code, 2);
    assert!(err.contains("20260105000000_email_again.up.sql:"), "{err}");
    for (ending, column) in [("up", "ADD COLUMN `email`"), ("down", "DROP COLUMN `email`")] {
        let file = path.join(format!("generated/20260105000000_email_again.{ending}.sql"));
        let text = fs::read_to_string(&file).unwrap();
        let line = text.lines().find(|line| line.contains(column)).unwrap();
        fs::write(&file, text.replace(line, "DO 1;")).unwrap();
    }
    let (code, _, err) = driftline(path, &["generate", "--rebase"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(driftline(path, &["check", "--offline"]).0, 0);
}
