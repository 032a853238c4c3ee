//! The command line as a process: exit codes, standard output and error, and what must never be
//! printed.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

#[path = "cli/arguments.rs"]
mod arguments;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/fixing.rs"]
mod fixing;
#[path = "cli/graph.rs"]
mod graph;
#[path = "cli/migration_files.rs"]
mod migration_files;
#[path = "cli/migration_lint.rs"]
mod migration_lint;
#[path = "cli/migrations.rs"]
mod migrations;
#[path = "cli/rebase.rs"]
mod rebase;
#[path = "cli/since.rs"]
mod since;
#[path = "cli/update.rs"]
mod update;
#[path = "cli/waiting.rs"]
mod waiting;
#[path = "cli/waivers.rs"]
mod waivers;
#[path = "cli/written.rs"]
mod written;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/safety-live.sql");
const MARIADB_EXAMPLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/safety-live-mariadb.sql");

const SMALL: &str = "\
server: mysql:8.4
tables:
  users:
    columns:
      id: int not null
      name: varchar(50)
    primary_key: [id]
";

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for variable in [
        "DATABASE_URL",
        "DRIFTLINE_ENV",
        "DRIFTLINE_PASSWORD",
        "MYSQL_PWD",
        "NO_COLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(variable);
    }
    command
}

/// A run's exit code, standard output and standard error.
fn driftline(folder: &Path, args: &[&str]) -> (i32, String, String) {
    texts(&command(folder, args).output().unwrap())
}

fn texts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Without the milliseconds in the summary line, which differ every time.
fn without_time(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(" in ") {
        Some((before, time)) if time.ends_with(" ms") => format!("{before} in [time]"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn project(schema: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("schema.yaml"), schema).unwrap();
    folder
}

#[test]
fn the_main_job_needs_no_server() {
    let (code, out, err) =
        driftline(Path::new(ROOT), &["check", "--against", "examples/safety-live.sql"]);
    assert_eq!(code, 1, "{err}");
    insta::assert_snapshot!(without_time(&out));
}

#[test]
fn both_dumps_give_the_same_findings() {
    let document = |dump: &str| -> serde_json::Value {
        let args = ["check", "--against", dump, "--format", "json"];
        let (code, out, err) = driftline(Path::new(ROOT), &args);
        assert_eq!(code, 1, "{err}");
        serde_json::from_str(&out).unwrap()
    };
    let (mysql, mariadb) = (document(EXAMPLE), document(MARIADB_EXAMPLE));
    let about = |document: &serde_json::Value| {
        let list = document["findings"].as_array().unwrap().iter();
        list.map(|it| (it["rule"].clone(), it["element"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(mysql["differences"], mariadb["differences"]);
    assert_eq!(mysql["steps"], mariadb["steps"]);
    assert_eq!(about(&mysql), about(&mariadb));
}

#[test]
fn usage_and_invalid_files_exit_with_2() {
    let folder = project("tables:\n  users:\n    colums: {}\n");
    let (code, _, err) = driftline(folder.path(), &["check", "--against", EXAMPLE]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    for args in [
        &["check", "--against", "no/such/file.sql"][..],
        &["check"],
        &["diff", "a", "b", "c"],
        &["check", "--flavor", "oracle:12"],
        &["rules", "redundant-indx"],
        &["diff", "gopher://x/y"],
    ] {
        let folder = project(SMALL);
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
    }
    let folder = project(&format!("rules: {{ redundant-indx: off }}\n{SMALL}"));
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    assert!(err.contains("schema.yaml:1:10"), "{err}");
    assert!(err.contains("^^^^^^^^^^^^^^ did you mean `redundant-index`?"), "{err}");
    let empty = tempfile::tempdir().unwrap();
    let (code, _, err) = driftline(empty.path(), &["lint"]);
    assert_eq!(code, 2);
    assert!(err.contains("driftline pull"), "{err}");
}

#[test]
fn a_server_that_is_not_there_exits_with_3_and_keeps_the_password() {
    let folder = project(SMALL);
    let url = "mysql://joe:s3cret@127.0.0.1:1/app";
    let (code, _, err) = driftline(folder.path(), &["check", "--against", url]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("127.0.0.1:1") && !err.contains("s3cret"), "{err}");
    let from_env = command(folder.path(), &["check"]).env("DATABASE_URL", url).output().unwrap();
    let (code, _, err) = texts(&from_env);
    assert_eq!(code, 3, "{err}");
    assert!(!err.contains("s3cret"), "{err}");
    fs::write(folder.path().join(".env"), format!("DATABASE_URL='{url}'\n")).unwrap();
    assert_eq!(driftline(folder.path(), &["check"]).0, 3);
}

#[test]
fn a_self_check_needs_a_server() {
    let (code, _, err) =
        driftline(Path::new(ROOT), &["inspect", "--self-check", "examples/safety-live.sql"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("needs a server"), "{err}");
}

#[test]
fn an_invalid_file_is_reported_before_a_server_is_asked() {
    let folder = project("tables: [\n");
    let args = ["check", "--against", "mysql://joe:s3cret@127.0.0.1:1/app"];
    let (code, _, err) = driftline(folder.path(), &args);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn diff_exits_with_1_where_there_is_a_difference_and_0_where_there_is_none() {
    let folder = project(SMALL);
    let (code, out, err) = driftline(folder.path(), &["diff", "schema.yaml", "schema.yaml"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let new = SMALL.replace("varchar(50)", "varchar(60) not null");
    fs::write(folder.path().join("new.yaml"), new).unwrap();
    let mut formats = String::new();
    for format in ["text", "sql", "diff", "json"] {
        let args = ["diff", "schema.yaml", "new.yaml", "--format", format];
        let (code, out, err) = driftline(folder.path(), &args);
        assert_eq!(code, 1, "{err}");
        assert_eq!(out, driftline(folder.path(), &args).1, "not deterministic");
        formats.push_str(&format!("== {format}\n{out}\n"));
    }
    insta::assert_snapshot!(formats);
}

#[test]
fn every_command_validates_a_schema_for_the_server_that_it_names() {
    let before = "tables:\n  t: { columns: { id: int not null }, primary_key: [id] }\n";
    let folder = project(before);
    let (code, _, err) = driftline(folder.path(), &["generate", "-m", "First tables"]);
    assert_eq!(code, 0, "{err}");
    let wanted =
        "tables:\n  t: { columns: { id: int not null, v: vector(3) }, primary_key: [id] }\n";
    let broken = before.replace("int not", "int check (id == 1) not");
    let sql = "create table t (id int not null check (id == 1));";
    fs::write(folder.path().join("t.sql"), sql).unwrap();
    let said = |schema: &str| -> Vec<(i32, String)> {
        fs::write(folder.path().join("schema.yaml"), schema).unwrap();
        let commands: [&[&str]; 4] = [
            &["lint"],
            &["check", "--offline"],
            &["diff", "generated/schema.lock.yaml", "schema.yaml"],
            &["generate", "-m", "Second"],
        ];
        let all = commands.map(|args| driftline(folder.path(), args));
        all.into_iter().map(|(code, _, err)| (code, err)).collect()
    };
    for (schema, title) in [
        (format!("server: mysql:8.4\n{wanted}"), "error: MySQL 8.4 has no type VECTOR"),
        (broken, "error: syntax error in a CHECK: `==` isn't an operator"),
    ] {
        for (code, err) in said(&schema) {
            assert!(code == 2 && err.starts_with(title), "{code}: {err}");
        }
    }
    let (code, out, err) = driftline(folder.path(), &["lint", "t.sql"]);
    assert!(code == 2 && err.contains("`==` isn't an operator"), "{code}: {out}{err}");
    let newer = project(&format!("server: mysql:9.7\n{wanted}"));
    for args in [&["lint"][..], &["generate", "-m", "First"], &["check", "--offline"]] {
        let (code, out, err) = driftline(newer.path(), args);
        assert_eq!(code, 0, "{args:?}: {out}{err}");
    }
}

#[test]
fn generate_writes_a_migration_and_then_has_nothing_to_do() {
    let folder = project(SMALL);
    let (code, _, err) = driftline(folder.path(), &["generate", "-m", "First tables"]);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = driftline(folder.path(), &["check", "--offline"]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, _) = driftline(folder.path(), &["generate", "-m", "Nothing"]);
    assert_eq!((code, out.as_str()), (0, "nothing to do: no migration was written\n"));
    let new = SMALL.replace("name: varchar(50)", "email: varchar(90) not null");
    fs::write(folder.path().join("schema.yaml"), new).unwrap();
    let (code, out, err) = driftline(folder.path(), &["check"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("email"), "{out}");
    let (code, _, err) = driftline(folder.path(), &["generate", "-m", "E-mail instead of name"]);
    assert_eq!(code, 0, "{err}");
    let generated = folder.path().join("generated");
    let mut names: Vec<String> = fs::read_dir(&generated)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 5, "{names:?}");
    let mut files = String::new();
    for name in &names {
        let text = fs::read_to_string(generated.join(name)).unwrap();
        files.push_str(&format!("== {name}\n{text}\n"));
    }
    let files = files.replace(&names[0][..14], "[first]").replace(&names[2][..14], "[second]");
    let files = without_chain(&files);
    insta::assert_snapshot!(files);
    // The written file is a source like any other file of SQL.
    let written: String =
        files_of(&generated, ".up.sql").iter().map(|it| fs::read_to_string(it).unwrap()).collect();
    fs::write(folder.path().join("written.sql"), written).unwrap();
    let (code, out, err) = driftline(folder.path(), &["diff", "written.sql"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
}

/// The chain values of a lock file depend on the versions, and these on the clock.
fn without_chain(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(' ') {
        Some((before, _)) if line.starts_with("    - [") => format!("{before} [chain]\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// The files of a folder with this ending, in order.
fn files_of(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|file| file.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

#[test]
fn what_is_pulled_checks_clean() {
    let folder = tempfile::tempdir().unwrap();
    for dump in [EXAMPLE, MARIADB_EXAMPLE] {
        for args in [
            &["pull", dump, "--output", "schema.yaml", "--force"][..],
            &["check", "--against", dump, "--fail-on", "drift"],
            &["fmt", "--check"],
        ] {
            let (code, out, err) = driftline(folder.path(), args);
            assert_eq!(code, 0, "{args:?}: {out}{err}");
        }
    }
    assert_eq!(driftline(folder.path(), &["pull", EXAMPLE, "-o", "schema.yaml"]).0, 2);
}

#[test]
fn colours_only_if_they_are_wanted() {
    let check = ["check", "--against", EXAMPLE];
    let with = |variables: &[(&str, &str)]| {
        let output = command(Path::new(ROOT), &check).envs(variables.iter().copied()).output();
        texts(&output.unwrap()).1.contains('\u{1b}')
    };
    assert!(!with(&[]));
    assert!(with(&[("CLICOLOR_FORCE", "1")]));
    assert!(!with(&[("NO_COLOR", "1")]));
    let always = driftline(Path::new(ROOT), &["check", "--against", EXAMPLE, "--color", "always"]);
    assert!(always.1.contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_no_failure_and_a_full_disk_is() {
    let binary = env!("CARGO_BIN_EXE_driftline");
    let script = format!(
        "{binary} inspect '{EXAMPLE}' --format json 2>&1 >/dev/full; \
         {binary} rules redundant-index | true; \
         {binary} check --against '{EXAMPLE}' | head -n 1 >/dev/null"
    );
    let output = Command::new("bash").args(["-c", &script]).current_dir(ROOT).output().unwrap();
    let (_, out, err) = texts(&output);
    assert!(!err.contains("panicked") && !out.contains("panicked"), "{out}{err}");
    assert!(out.contains("No space left"), "{out}");
    // The exit code says what was found, whether or not anybody reads all of the output.
    for (args, expected) in [
        ("check --against '{EXAMPLE}'", 1),
        ("check --against '{EXAMPLE}' --format json", 1),
        ("diff schema.yaml '{EXAMPLE}' --format sql", 1),
        ("rules redundant-index", 0),
        ("check --against no-such-file.sql", 2),
    ] {
        let args = args.replace("{EXAMPLE}", EXAMPLE);
        let script = format!("{binary} {args} 2>/dev/null | true; echo ${{PIPESTATUS[0]}}");
        let output = Command::new("bash").args(["-c", &script]).current_dir(ROOT).output().unwrap();
        assert_eq!(texts(&output).1.trim(), expected.to_string(), "{args}");
    }
}

#[test]
fn inspect_lists_what_is_there() {
    let (code, out, err) = driftline(Path::new(ROOT), &["inspect", "examples/safety-live.sql"]);
    assert_eq!(code, 0, "{err}");
    insta::assert_snapshot!(out);
    let (_, indexes, _) =
        driftline(Path::new(ROOT), &["inspect", "indexes", "examples/safety-live.sql"]);
    assert!(!indexes.contains("collation"), "{indexes}");
}

#[test]
fn controls_in_a_name_are_escaped_in_text_and_right_in_sql() {
    let folder = project("server: mysql:8.4\ntables: {}\n");
    let dump = "CREATE TABLE `we\u{1b}[31mird``na\"me` (id int NOT NULL PRIMARY KEY);\n";
    fs::write(folder.path().join("dump.sql"), dump).unwrap();
    let (code, text, err) = driftline(folder.path(), &["diff", "dump.sql", "--format", "text"]);
    assert_eq!(code, 1, "{err}");
    assert!(!text.contains('\u{1b}'), "{text}");
    let (_, sql, _) = driftline(folder.path(), &["diff", "dump.sql"]);
    assert!(sql.contains("DROP TABLE `we\u{1b}[31mird``na\"me`;"), "{sql}");
}

#[test]
fn every_rule_has_its_page_and_every_shell_its_completions() {
    let folder = tempfile::tempdir().unwrap();
    let (_, rules, _) = driftline(folder.path(), &["rules"]);
    for rule in rules.lines().filter_map(|line| line.split_whitespace().next()) {
        let (code, page, _) = driftline(folder.path(), &["rules", rule]);
        assert_eq!(code, 0);
        assert!(page.contains(rule), "{page}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = driftline(folder.path(), &["completions", shell]);
        assert_eq!(code, 0);
        assert!(script.contains("driftline"));
    }
}

#[test]
fn what_statements_can_not_show_is_printed_with_them() {
    let schema = "server: mysql:8.4\ntables:\n  t:\n    columns: { a: int not null, b: date }\n    \
                  primary_key: [a]\n    checks: { c: \"week(b) > 1\" }\n";
    let folder = project(schema);
    let dump =
        "CREATE TABLE t (a int NOT NULL PRIMARY KEY, b date, CONSTRAINT c CHECK (week(b, 0) > 1));";
    fs::write(folder.path().join("dump.sql"), dump).unwrap();
    for args in [&["check", "--against", "dump.sql", "--format", "sql"][..], &["diff", "dump.sql"]]
    {
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains("can't compare the expression of tables.t.checks.c"), "{err}");
    }
    let text = ["diff", "dump.sql", "--format", "text"];
    let (code, out, err) = driftline(folder.path(), &text);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("can't compare"), "{out}");
}

#[test]
fn every_command_reports_a_validation_error_at_its_place() {
    let folder = project(&SMALL.replace("varchar(50)", "varchar(50) check (nmae <> '')"));
    fs::write(folder.path().join("empty.sql"), "").unwrap();
    for args in [
        &["lint"][..],
        &["diff", "empty.sql"],
        &["check", "--against", "empty.sql"],
        &["generate", "--from", "empty.sql", "-m", "first"],
    ] {
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("error: the table `users` has no column `nmae`"), "{args:?}: {err}");
        assert!(err.contains("schema.yaml:6:32"), "{args:?}: {err}");
        assert!(err.contains("did you mean `name`?"), "{args:?}: {err}");
    }
    assert!(!folder.path().join("generated").exists());
}

#[test]
fn what_the_server_has_already_is_no_error() {
    let folder = project(&SMALL.replace("varchar(50)", "enum('a', 'A')"));
    let dump = "CREATE TABLE users (id int NOT NULL, name enum('a', 'A'), PRIMARY KEY (id));";
    fs::write(folder.path().join("dump.sql"), dump).unwrap();
    fs::write(folder.path().join("empty.sql"), "").unwrap();
    let (code, _, err) = driftline(folder.path(), &["diff", "dump.sql"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = driftline(folder.path(), &["diff", "empty.sql"]);
    assert_eq!(code, 2, "{err}");
    let renamed = fs::read_to_string(folder.path().join("schema.yaml")).unwrap();
    let renamed = renamed.replace("  users:", "  people:\n    renamed_from: users");
    fs::write(folder.path().join("renamed.yaml"), renamed).unwrap();
    let (code, out, err) = driftline(folder.path(), &["diff", "dump.sql", "renamed.yaml"]);
    assert!(code == 1 && out.contains("RENAME"), "{err}");
    // The dump was accepted by some server, but not by the one that is named.
    let (code, _, err) = driftline(folder.path(), &["diff", "empty.sql", "dump.sql"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("dump.sql:1:"), "{err}");
}

#[test]
fn without_a_server_only_what_both_vendors_refuse_is_an_error() {
    let text =
        SMALL.replace("server: mysql:8.4\n", "").replace("  users:", "  users:\n    engine: Aria");
    let folder = project(&text);
    let (code, _, err) = driftline(folder.path(), &["lint", "--fail-on", "error"]);
    assert_eq!(code, 0, "{err}");
    let flavored = ["lint", "--fail-on", "error", "--flavor"];
    let (code, _, err) = driftline(folder.path(), &[&flavored[..], &["mysql:8.4"]].concat());
    assert!(code == 2 && err.contains("schema.yaml:3:13"), "{err}");
    let (code, _, err) = driftline(folder.path(), &[&flavored[..], &["mariadb:10.11"]].concat());
    assert_eq!(code, 0, "{err}");
    let folder = project(&text.replace("Aria", "Inodb"));
    let (code, _, err) = driftline(folder.path(), &["lint", "--fail-on", "error"]);
    assert!(code == 2 && err.contains("did you mean `InnoDB`?"), "{err}");
}

#[test]
fn generate_says_how_a_view_that_it_can_not_compare_can_be_compared() {
    let view =
        "views:\n  v: select j.a from json_table('[1]', '$[*]' columns (a text path '$')) j\n";
    let folder = project(&format!("server: mysql:8.4\ntables: {{}}\n{view}"));
    let dump =
        "CREATE VIEW v AS select x.a from json_table('[1]', '$[*]' columns (a text path '$')) x;";
    fs::write(folder.path().join("dump.sql"), dump).unwrap();
    let (code, _, err) = driftline(folder.path(), &["generate", "--from", "dump.sql", "-m", "x"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("it is uncertain whether the select of views.v has to change"), "{err}");
    assert!(err.contains("written as the server shows it, it can be compared"), "{err}");
}

#[test]
fn a_password_in_a_mistyped_argument_is_not_repeated() {
    let folder = project(SMALL);
    for args in [
        &["diff", "root:hunter2@tcp(127.0.0.1:3306)/x", "schema.yaml", "--format", "json"][..],
        &["check", "root:hunter2@h/x"],
        &["diff", "mysql:root:hunter2@h/x"],
        &["check", "a.sql", "mysql://root:hunter2@h/x", "--format", "json"],
        &["inspect", "--flavor", "mysql://root:hunter2@h/x"],
        &["inspect", "a.sql", "root:hunter2@h/x"],
    ] {
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(!out.contains("hunter2") && !err.contains("hunter2"), "{args:?}: {out}{err}");
    }
}
