//! Arguments mean the same for every command: what is a source, what `inspect` shows, and that no
//! argument is ignored.

use std::fs;
use std::path::Path;

use crate::{EXAMPLE, ROOT, SMALL, driftline, project};

#[test]
fn a_source_is_positional_everywhere() {
    let root = Path::new(ROOT);
    let without_time = crate::without_time;
    let (code, named, _) = driftline(root, &["check", "--against", EXAMPLE]);
    let (again, positional, err) = driftline(root, &["check", EXAMPLE]);
    assert_eq!((code, without_time(&named)), (again, without_time(&positional)), "{err}");
    let folder = project(SMALL);
    fs::write(folder.path().join("empty.sql"), "").unwrap();
    for args in
        [&["generate", "empty.sql", "-m", "a"][..], &["generate", "-m", "b", "--from", "empty.sql"]]
    {
        let (code, out, err) = driftline(folder.path(), args);
        assert!(code == 0 && out.contains("1 statement"), "{out}{err}");
    }
    for args in [
        &["check", "empty.sql", "--against", "empty.sql"][..],
        &["check", "--offline", "empty.sql"],
        &["generate", "empty.sql", "--from", "empty.sql", "-m", "a"],
    ] {
        assert_eq!(driftline(folder.path(), args).0, 2, "{args:?}");
    }
}

#[test]
fn the_schema_file_is_not_checked_against_itself() {
    let folder = project(SMALL);
    for source in ["schema.yaml", "./schema.yaml"] {
        let (code, _, err) = driftline(folder.path(), &["check", source]);
        assert!(code == 2 && err.contains("is the schema file itself"), "{err}");
    }
}

#[test]
fn what_a_command_does_not_use_is_neither_in_its_help_nor_taken() {
    let folder = project(SMALL);
    let help = |command: &str| driftline(folder.path(), &[command, "--help"]).1;
    for (command, option, has) in [
        ("check", "--flavor", true),
        ("lint", "--schema", true),
        ("fmt", "--schema", true),
        ("fmt", "--flavor", false),
        ("pull", "--flavor", true),
        ("pull", "--schema", true),
        ("rules", "--schema", false),
        ("rules", "--flavor", false),
        ("completions", "--schema", false),
        ("completions", "--flavor", false),
    ] {
        assert_eq!(help(command).contains(option), has, "{command} {option}");
    }
    fs::write(folder.path().join("x.sql"), "").unwrap();
    for args in [
        &["check", "--offline", "--ask-server"][..],
        &["check", "--offline", "--self-check"],
        &["check", "x.sql", "--ask-server"],
        &["diff", "x.sql", "schema.yaml", "--ask-server"],
        &["diff", "x.sql", "schema.yaml", "--schema", "x.yaml"],
        &["lint", "schema.yaml", "--schema", "x.yaml"],
        &["fmt", "schema.yaml", "--schema", "x.yaml"],
        &["inspect", "schema.yaml", "--schema", "x.yaml"],
        &["pull", "x.sql", "--force"],
        &["pull", "x.sql", "--schema", "schema.yaml"],
        &["pull", "x.sql", "--dry-run"],
        &["pull", "x.sql", "--update", "--output", "schema.yaml"],
    ] {
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
    }
}

const OBJECTS: &str = "\
server: mysql:8.4
tables:
  reports:
    columns: { id: int not null, title: varchar(80) }
    primary_key: [id]
  tags:
    columns: { report: int not null, tag: varchar(20) not null }
    primary_key: [report, tag]
    foreign_keys: { tags_reports: { columns: [report], references: reports(id) } }
  tables:
    columns: { a.b: int }
views:
  titles: select title from reports
triggers:
  trim_title: { table: reports, when: before insert, body: set new.title = trim(new.title) }
";

#[test]
fn inspect_shows_one_element_by_its_name() {
    let folder = project(OBJECTS);
    let shown = |args: &[&str]| driftline(folder.path(), &[&["inspect"], args].concat());
    let (code, table, err) = shown(&["reports"]);
    assert_eq!(code, 0, "{err}");
    insta::assert_snapshot!("inspect_shows_one_element_by_its_name", table);
    for args in [
        &["REPORTS"][..],
        &["table:reports"],
        &["reports", "schema.yaml"],
        &["schema.yaml", "reports"],
        &["reports", "--schema", "schema.yaml"],
    ] {
        assert_eq!(shown(args).1, table, "{args:?}");
    }
    let (_, view, _) = shown(&["titles"]);
    assert!(view.contains("views:\n  titles: select title from reports"), "{view}");
    assert!(!view.contains("columns"), "{view}");
    // The word is the list; with its kind it is the table of that name.
    assert!(shown(&["tables"]).1.contains("3 tables"));
    assert!(shown(&["table:tables"]).1.contains("a.b: int"));
    let (_, json, _) = shown(&["tags", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["tables"][0]["name"], "tags");
    assert_eq!(json["tables"].as_array().unwrap().len(), 1);
    assert_eq!(json["foreign_keys"].as_array().unwrap().len(), 1);
}

#[test]
fn a_name_is_never_taken_for_a_source_nor_a_source_for_a_name() {
    let folder = project(OBJECTS);
    let shown = |args: &[&str]| driftline(folder.path(), &[&["inspect"], args].concat());
    let (code, _, err) = shown(&["report"]);
    assert!(code == 2 && err.contains("did you mean `reports`?"), "{err}");
    let (code, _, err) = shown(&["view:reports"]);
    assert!(code == 2 && err.contains("there is no view `reports`"), "{err}");
    fs::create_dir(folder.path().join("tags")).unwrap();
    let (code, _, err) = shown(&["tags"]);
    assert!(code == 2 && err.contains("tags is a folder"), "{err}");
    assert_eq!(shown(&["table:tags"]).0, 0);
    // With a source as the other word, it can only be a name.
    assert_eq!(shown(&["tags", "schema.yaml"]).0, 0);
    for args in [&["reports", "tags"][..], &["a.sql", "b.sql"], &["table:"]] {
        assert_eq!(shown(args).0, 2, "{args:?}");
    }
}

const OF_TOOLS: &str = "\
create table users (id int not null primary key);
create table alembic_version (version_num varchar(32) not null primary key);
create table SequelizeMeta (name varchar(255) not null primary key);
create table migrations (id int primary key, bird varchar(20), route text);
";

#[test]
fn pull_ignores_the_tables_of_migration_tools() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dump.sql"), OF_TOOLS).unwrap();
    let (code, text, err) = driftline(folder.path(), &["pull", "dump.sql"]);
    assert_eq!(code, 0, "{err}");
    assert!(text.contains("tables: [alembic_version, SequelizeMeta]"), "{text}");
    assert!(text.contains("  users:") && text.contains("  migrations:"), "{text}");
    assert!(err.contains("note: table alembic_version belongs to Alembic"), "{err}");
    assert!(err.contains("note: table SequelizeMeta belongs to Sequelize"), "{err}");
    fs::write(folder.path().join("schema.yaml"), text).unwrap();
    let (code, out, err) = driftline(folder.path(), &["check", "dump.sql", "--fail-on", "drift"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn pull_over_an_edited_file_says_what_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dump.sql"), OF_TOOLS).unwrap();
    let path = folder.path().join("schema.yaml");
    let pull = ["pull", "dump.sql", "--output", "schema.yaml", "--force"];
    for _ in 0..2 {
        let (code, _, err) = driftline(folder.path(), &pull);
        assert!(code == 0 && !err.contains("warning"), "{err}");
    }
    let edited = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("# by hand\nrules: {{ missing-primary-key: off }}\n{edited}"))
        .unwrap();
    let (code, _, err) = driftline(folder.path(), &pull);
    assert_eq!(code, 0, "{err}");
    let warning = "warning: schema.yaml had keys that no database has, and they are removed: \
                   1 comment, `rules`";
    assert!(err.contains(warning), "{err}");
}
