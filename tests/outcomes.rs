//! Every command in every format with every outcome: no exit code without a visible reason, and
//! always JSON for a program.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const SCHEMA: &str = "\
server: mysql:8.4
tables:
  users:
    columns: { id: int not null, name: varchar(50), at: date }
    primary_key: [id]
triggers:
  a: { table: users, when: before insert, body: set new.id = 1 }
  b: { table: users, when: before insert, body: set new.id = 2 }
";

/// Other files next to schema.yaml, each for a certain outcome.
const FILES: [(&str, &str); 13] = [
    ("messy.yaml", "tables:\n    t:\n        columns:   { a: int }\n"),
    ("same.yaml", SCHEMA),
    ("empty.sql", ""),
    ("broken.sql", "CREATE TABLE t (a int;"),
    ("broken.yaml", "tables: [\n"),
    ("unknown.yaml", "server: mysql:8.4\ntables:\n  t: { colums: {} }\n"),
    ("mistake.yaml", "server: mysql:8.4\ntables: { t: { columns: { a: int check (b > 0) } } }\n"),
    ("findings.yaml", "server: mysql:8.4\ntables: { t: { columns: { a: int } } }\n"),
    ("findings.sql", "CREATE TABLE t (a int);"),
    (
        "unsure.yaml",
        "server: mysql:8.4\ntables: { t: { columns: { a: date }, checks: { c: week(a) > 1 } } }\n",
    ),
    ("unsure.sql", "CREATE TABLE t (a date, CONSTRAINT c CHECK (week(a, 0) > 1));"),
    ("unmodelled.sql", "CREATE TABLE users (id int NOT NULL PRIMARY KEY) ENGINE=MERGE UNION=(x);"),
    (
        "order.sql",
        "CREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(50), at date);
         CREATE TRIGGER b BEFORE INSERT ON users FOR EACH ROW set new.id = 2;
         CREATE TRIGGER a BEFORE INSERT ON users FOR EACH ROW set new.id = 1;",
    ),
];

/// The commands with `--format`, their arguments and exit codes.
const RUNS: [(&str, &[&str], i32); 27] = [
    ("check", &["--against", "same.yaml"], 0),
    ("check", &["--against", "empty.sql"], 1),
    ("check", &["--against", "order.sql"], 1),
    ("check", &["--against", "unmodelled.sql"], 1),
    ("check", &["--schema", "findings.yaml", "--against", "findings.sql"], 1),
    ("check", &["--schema", "unsure.yaml", "--against", "unsure.sql"], 1),
    ("check", &[], 2),
    ("check", &["--offline"], 2),
    ("check", &["--against", "broken.sql"], 2),
    ("check", &["--against", "nowhere.sql"], 2),
    ("check", &["--against", "mysql://u:s3cret@127.0.0.1:1/app"], 3),
    ("check", &["--against", "mysql://u:s3cret@127.0.0.1:port/app"], 2),
    ("check", &["--schema", "broken.yaml", "--against", "empty.sql"], 2),
    ("check", &["--schema", "mistake.yaml", "--against", "empty.sql"], 2),
    ("check", &["--fail-on", "nothing"], 2),
    ("diff", &["same.yaml"], 0),
    ("diff", &["empty.sql"], 1),
    ("diff", &["order.sql"], 1),
    ("diff", &["unsure.sql", "unsure.yaml"], 1),
    ("diff", &["empty.sql", "mistake.yaml"], 2),
    ("diff", &["a", "b", "c"], 2),
    ("inspect", &["same.yaml"], 0),
    ("inspect", &["broken.yaml"], 2),
    ("inspect", &["same.yaml", "--self-check"], 2),
    ("lint", &["same.yaml"], 0),
    ("lint", &["findings.yaml"], 1),
    ("lint", &["unknown.yaml"], 2),
];

fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join("schema.yaml"), SCHEMA).unwrap();
    folder
}

fn driftline(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).env_remove("DATABASE_URL");
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Checks a run's exit code, and that it gives the reason.
fn expect(folder: &Path, args: &[&str], wanted: i32) {
    let (code, out, err) = driftline(folder, args);
    let shown = format!("{args:?} ends with {code}\n{out}\n{err}");
    assert_eq!(code, wanted, "{shown}");
    assert!(code == 0 || !out.trim().is_empty() || !err.trim().is_empty(), "no reason: {shown}");
    assert!(!shown.contains("s3cret") || args.iter().any(|arg| arg.contains("s3cret")), "{shown}");
    assert!(!err.starts_with('\n'), "an empty first line: {shown}");
    if !args.contains(&"json") {
        return;
    }
    let document: serde_json::Value =
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {shown}"));
    assert_eq!(document["version"], 2, "{shown}");
    let errors = document["errors"].as_array().map_or(0, Vec::len);
    assert_eq!(errors > 0, code > 1, "{shown}");
    for error in document["errors"].as_array().into_iter().flatten() {
        let message = error["message"].as_str().unwrap_or_default();
        assert!(error["kind"].is_string() && !message.is_empty(), "{shown}");
        assert!(!message.starts_with("error") && !message.contains('\n'), "{shown}");
    }
}

#[test]
fn every_command_gives_its_reason_in_every_format() {
    let folder = project();
    for (command, args, code) in RUNS {
        let formats: &[&str] = match command {
            "inspect" | "lint" => &["text", "json"],
            _ => &["text", "sql", "diff", "json"],
        };
        for format in formats {
            let all = [&[command][..], args, &["--format", format]].concat();
            expect(folder.path(), &all, code);
        }
    }
    for (args, code) in [
        (&["generate", "-m", "x", "--from", "mysql://u@127.0.0.1:1/app"][..], 3),
        (&["generate", "-m", "-", "--from", "empty.sql"], 2),
        (&["pull", "broken.sql"], 2),
        (&["pull"], 2),
        (&["rules", "no-rule"], 2),
        (&["fmt", "--check", "messy.yaml"], 1),
        (&["fmt", "broken.yaml"], 2),
        (&["completions", "cmd.exe"], 2),
        (&[], 2),
    ] {
        expect(folder.path(), args, code);
    }
}

#[test]
fn what_a_bare_format_does_not_show_is_on_standard_error() {
    let folder = project();
    for format in ["sql", "diff"] {
        let findings = ["check", "--schema", "findings.yaml", "--against", "findings.sql"];
        let (_, out, err) =
            driftline(folder.path(), &[&findings[..], &["--format", format]].concat());
        assert_eq!(out, "");
        assert!(err.contains("missing-primary-key") && err.contains("findings.yaml:2:"), "{err}");
    }
    let order = ["check", "--against", "order.sql", "--format", "diff"];
    let (_, out, err) = driftline(folder.path(), &order);
    assert!(!out.is_empty() || err.contains("order"), "{out}{err}");
}

#[test]
fn changes_without_a_migration_are_reported_in_every_format() {
    let folder = project();
    let (code, _, err) =
        driftline(folder.path(), &["generate", "-m", "First", "--from", "empty.sql"]);
    assert_eq!(code, 0, "{err}");
    fs::write(folder.path().join("schema.yaml"), SCHEMA.replace("varchar(50)", "text")).unwrap();
    fs::write(folder.path().join("next.yaml"), SCHEMA.replace("varchar(50)", "text")).unwrap();
    for format in ["text", "sql", "diff"] {
        for database in [&[][..], &["--against", "next.yaml"]] {
            let args = [&["check", "--format", format][..], database].concat();
            let (code, out, err) = driftline(folder.path(), &args);
            assert!(code == 1 && format!("{out}{err}").contains("column name"), "{out}{err}");
            assert!(format == "text" || out.is_empty(), "{out}");
        }
    }
    let (code, out, _) = driftline(folder.path(), &["check", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1);
    assert!(document["unmigrated"][0].as_str().unwrap().contains("column name"), "{out}");
    assert!(document["errors"][0]["message"].as_str().unwrap().contains("DATABASE_URL"), "{out}");
}

/// A finding, the edit of schema.yaml that its help suggests, and the statement that follows from
/// it.
const REMEDIES: [(&str, &str, &str, &str); 6] = [
    (
        "columns: { id: int not null, x: int, y: int }, primary_key: [id], indexes: { ix: [x], ixy: [x, y] }",
        "ix: [x]",
        "ix: { columns: [x], invisible: true }",
        "ALTER INDEX `ix` INVISIBLE",
    ),
    (
        "columns: { id: int not null, x: int }, primary_key: [id], indexes: { ix: [x], ix_2: [x] }",
        ", ix_2: [x]",
        "",
        "DROP INDEX `ix_2`",
    ),
    (
        "columns: { id: int not null }, primary_key: [id], engine: MyISAM",
        "engine: MyISAM",
        "engine: InnoDB",
        "",
    ),
    (
        "columns: { id: int not null }, primary_key: [id], engine: MyISAM, row_format: fixed",
        "engine: MyISAM, row_format: fixed",
        "engine: InnoDB",
        "",
    ),
    (
        "columns: { a: int not null }, indexes: { ua: { columns: [a], unique: true } }",
        "indexes: { ua: { columns: [a], unique: true } }",
        "primary_key: [a]",
        "",
    ),
    (
        "columns: { a: int not null, b: varchar(9) collate utf8mb4_unicode_ci, c: varchar(9) collate utf8mb4_0900_ai_ci, d: varchar(9) collate utf8mb4_0900_ai_ci }, primary_key: [a]",
        " collate utf8mb4_unicode_ci",
        " collate utf8mb4_0900_ai_ci",
        "",
    ),
];

#[test]
fn a_remedy_makes_the_check_clean() {
    for (table, found, remedy, statement) in REMEDIES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("schema.yaml");
        let write = |table: &str| {
            fs::write(&file, format!("server: mysql:8.4\ntables:\n  t: {{ {table} }}\n")).unwrap();
        };
        let run = |args: &[&str], wanted: i32| {
            let (code, out, err) = driftline(folder.path(), args);
            assert_eq!(code, wanted, "{table}: {args:?}\n{out}{err}");
            out
        };
        write(table);
        run(&["generate", "-m", "Before"], 0);
        let help = run(&["check", "--offline"], 1);
        assert!(help.contains(remedy.trim()), "{help}");
        assert!(help.contains(statement), "{help}");
        write(&table.replace(found, remedy));
        run(&["generate", "-m", "Remedy"], 0);
        run(&["check", "--offline"], 0);
        let generated = fs::read_dir(folder.path().join("generated")).unwrap();
        let sql = generated.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
        assert!(sql.collect::<String>().contains(statement), "{statement}");
    }
}
