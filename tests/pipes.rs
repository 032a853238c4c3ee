//! What a word on the command line may name: pipes, folders, and schemas as other tools keep them.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const TABLE: &str = "create table users (id int not null primary key, name varchar(50));\n";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The exit code, standard output and standard error of a run that reads `input`.
fn driftline(folder: &Path, args: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    for variable in ["DATABASE_URL", "DRIFTLINE_PASSWORD", "MYSQL_PWD"] {
        command.env_remove(variable);
    }
    command.args(args).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // If it doesn't read everything, it closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Checks that both sources are the same, by comparing them.
fn same(folder: &Path, args: &[&str], input: &[u8]) {
    let (code, out, err) = driftline(folder, args, input);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""), "{args:?}");
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_command_reads_standard_input() {
    let folder = project(&[("a.sql", TABLE)]);
    for word in ["-", "/dev/stdin"] {
        let (code, schema, err) = driftline(folder.path(), &["pull", word], TABLE.as_bytes());
        assert_eq!(code, 0, "{err}");
        fs::write(folder.path().join("schema.yaml"), schema).unwrap();
        same(folder.path(), &["diff", word], TABLE.as_bytes());
        same(folder.path(), &["diff", "a.sql", word], TABLE.as_bytes());
        for args in [
            &["check", "--against", word][..],
            &["lint", word],
            &["inspect", word],
            &["inspect", "tables", word],
            &["generate", "-m", "nothing", "--from", word],
        ] {
            let (code, out, err) = driftline(folder.path(), args, TABLE.as_bytes());
            assert_eq!(code, 0, "{args:?}: {out}{err}");
        }
    }
    let (code, _, err) = driftline(folder.path(), &["diff", "-", "-"], TABLE.as_bytes());
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("standard input can be read once"), "{err}");
    let (code, _, err) = driftline(folder.path(), &["lint", "-"], b"");
    assert_eq!((code, err.as_str()), (2, "error: can't read standard input: it is empty\n"));
    let (code, _, err) = driftline(folder.path(), &["lint", "-"], b"creat table a (b int);");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("standard input:1:1") && err.contains("did you mean CREATE?"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_a_source_and_is_never_followed() {
    let folder = project(&[("a.sql", TABLE), ("b.sql", "source pipe\n")]);
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (code, _, err) = driftline(folder.path(), &["lint", "b.sql"], b"");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("b.sql:1:1") && err.contains("it isn't a regular file"), "{err}");
    let writer = std::thread::spawn(move || fs::write(pipe, TABLE).unwrap());
    same(folder.path(), &["diff", "pipe", "a.sql"], b"");
    writer.join().unwrap();
}

#[test]
fn gzip_is_unpacked() {
    let folder = project(&[("a.sql", TABLE)]);
    fs::write(folder.path().join("b.sql.gz"), gzip(TABLE)).unwrap();
    same(folder.path(), &["diff", "a.sql", "b.sql.gz"], b"");
    same(folder.path(), &["diff", "a.sql", "-"], &gzip(TABLE));
    let half = gzip(&TABLE.repeat(2));
    fs::write(folder.path().join("c.sql.gz"), &half[..half.len() - 12]).unwrap();
    let (code, _, err) = driftline(folder.path(), &["lint", "c.sql.gz"], b"");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("can't read c.sql.gz"), "{err}");
    for (beginning, format) in
        [(&b"PK\x03\x04"[..], "a zip archive"), (b"\x28\xb5\x2f\xfd", "zstd")]
    {
        fs::write(folder.path().join("d.sql"), beginning).unwrap();
        let (code, _, err) = driftline(folder.path(), &["lint", "d.sql"], b"");
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(format), "{err}");
    }
    let (code, _, err) = driftline(folder.path(), &["lint", "no.sql"], b"");
    assert_eq!((code, err.as_str()), (2, "error: can't read no.sql: no such file or directory\n"));
}

#[test]
fn the_order_of_files_in_a_folder_does_not_matter() {
    let parts = [
        (
            "orders.sql",
            "create table orders (id int primary key, user_id int, foreign key \
                        orders_user (user_id) references users (id));\n",
        ),
        (
            "a_trigger.sql",
            "delimiter //\ncreate trigger users_bi before insert on users for each row \
                           begin set new.name = trim(new.name); end//\n",
        ),
        ("a_view.sql", "create view names as select name from users;\n"),
        (
            "b_index.sql",
            "create index by_name on users (name);\nalter table users add email text;\n",
        ),
        ("users.sql", TABLE),
    ];
    let folder = project(&[]);
    fs::create_dir(folder.path().join("parts")).unwrap();
    let mut whole = String::new();
    for name in ["users.sql", "orders.sql", "b_index.sql", "a_view.sql", "a_trigger.sql"] {
        let (_, text) = parts.iter().find(|(part, _)| *part == name).unwrap();
        fs::write(folder.path().join("parts").join(name), text).unwrap();
        whole.push_str(text);
        whole.push_str("delimiter ;\n");
    }
    fs::write(folder.path().join("whole.sql"), whole).unwrap();
    same(folder.path(), &["diff", "parts", "whole.sql"], b"");
    same(folder.path(), &["diff", "whole.sql", "parts"], b"");
    fs::write(folder.path().join("parts/c.sql"), "alter table nowhere add x int;").unwrap();
    let (code, _, err) = driftline(folder.path(), &["lint", "parts"], b"");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("parts/c.sql:1:1") && err.contains("no table `nowhere`"), "{err}");
    let empty = project(&[("x/notes.md", "")]);
    let (code, _, err) = driftline(empty.path(), &["lint", "x"], b"");
    assert_eq!(code, 2, "{err}");
}

#[test]
fn one_of_several_databases_can_be_chosen() {
    let dump = format!(
        "create database a;\nuse a;\n{TABLE}create database b;\nuse b;\n\
                        create table t (id int);\n"
    );
    let skeema = project(&[
        ("all/a/.skeema", "schema=a\ndefault-character-set=latin1 # old\n"),
        ("all/a/users.sql", TABLE),
        ("all/b/.skeema", "default-character-set=utf8mb4\nschema=b\n"),
        ("all/b/t.sql", "create table t (id int);"),
        ("a.sql", TABLE),
    ]);
    for source in ["-", "all"] {
        let (code, _, err) = driftline(skeema.path(), &["inspect", source], dump.as_bytes());
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("several databases here: `a`, `b`"), "{err}");
        assert!(err.contains("--database NAME"), "{err}");
    }
    same(skeema.path(), &["diff", "-", "a.sql", "--database", "a"], dump.as_bytes());
    let args = ["pull", "all", "--database", "a"];
    let (_, out, err) = driftline(skeema.path(), &args, b"");
    assert!(out.contains("charset: latin1"), "{out}{err}");
    let (code, out, err) =
        driftline(skeema.path(), &["inspect", "tables", "all", "--database", "b"], b"");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\nt "), "{out}");
    let (code, _, err) =
        driftline(skeema.path(), &["inspect", "-", "--database", "c"], dump.as_bytes());
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("no database `c` here, but `a`, `b`"), "{err}");
}

#[test]
fn files_that_a_file_names_are_read_where_they_are_named() {
    let folder = project(&[
        ("all.sql", "source parts/users.sql\n\\. parts/more.sql\nalter table users add b int;\n"),
        ("parts/users.sql", TABLE),
        ("parts/more.sql", "delimiter //\nsource last.sql;\n"),
        ("parts/last.sql", "create table last (id int)//"),
        ("same.sql", &format!("{TABLE}create table last (id int);alter table users add b int;")),
        ("loop.sql", "create table a (id int);\nsource ./loop.sql\n"),
        ("missing.sql", "\nsource nowhere.sql\n"),
        ("device.sql", "source /dev/zero\n"),
        ("broken.sql", "source parts/broken.sql\n"),
        ("parts/broken.sql", "\ncreate table (x int);\n"),
    ]);
    // The delimiter belongs to the client, whichever file sets it.
    let all = folder.path().join("all.sql");
    let text = fs::read_to_string(&all).unwrap().replace("alter", "delimiter ;\nalter");
    fs::write(&all, text).unwrap();
    same(folder.path(), &["diff", "all.sql", "same.sql"], b"");
    for (file, wanted) in [
        ("loop.sql", &["loop.sql:2:1", "it is being read already"][..]),
        (
            "missing.sql",
            &["missing.sql:2:1", "can't read `nowhere.sql`: no such file or directory"],
        ),
        ("device.sql", &["device.sql:1:1", "the folder of the main file"]),
        ("broken.sql", &["parts/broken.sql:2:14"]),
    ] {
        let (code, _, err) = driftline(folder.path(), &["lint", file], b"");
        assert_eq!(code, 2, "{err}");
        assert!(wanted.iter().all(|wanted| err.contains(wanted)), "{file}: {err}");
    }
}

#[test]
fn a_url_without_a_database_is_wrong_usage() {
    let folder = project(&[("schema.yaml", "tables: {}\n")]);
    for args in
        [&["check", "--against", "mysql://u@127.0.0.1:1"][..], &["pull", "mysql://u@127.0.0.1:1/"]]
    {
        let (code, _, err) = driftline(folder.path(), args, b"");
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("names no database") && err.contains("--database NAME"), "{err}");
    }
    let args = ["pull", "mysql://u:p@127.0.0.1:1", "--database", "app"];
    let (code, _, err) = driftline(folder.path(), &args, b"");
    assert_eq!(code, 3, "{err}");
}

#[test]
fn words_that_are_nearly_right_are_corrected() {
    let folder = project(&[("a.sql", TABLE)]);
    for (args, wanted) in [
        (&["inspect", "index", "a.sql"][..], "did you mean `indexes`?"),
        (&["inspect", "table"], "did you mean `tables`?"),
        (&["inspect", "a.sql", "foreign_keys"], "did you mean `foreign-keys`?"),
        (&["inspect", "a.sql", "--flavor", "mysql:5.7"], "the oldest supported are MySQL 8.0.11"),
        (&["inspect", "a.sql", "--flavor", "mariadb:latest"], "`latest` isn't a version"),
    ] {
        let (code, _, err) = driftline(folder.path(), args, b"");
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(wanted), "{err}");
    }
    let args = ["inspect", "a.sql", "--flavor", "mysql:99"];
    let (code, _, err) = driftline(folder.path(), &args, b"");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("MySQL 99.0 is newer than MySQL 9.7"), "{err}");
}

#[test]
fn what_a_comparison_leaves_out_is_reported() {
    let schema = "server: mysql:8.0\nignore: { tables: [old*] }\ntables:\n  users:\n    columns: { id: int not \
                  null, name: varchar(50) }\n    primary_key: [id]\n  old_users: { columns: { id: int } }\n";
    let folder = project(&[("schema.yaml", schema), ("a.sql", TABLE)]);
    let args = ["check", "--against", "a.sql"];
    let (code, _, err) = driftline(folder.path(), &args, b"");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("schema.yaml:7:3"), "{err}");
    assert!(err.contains("tables.old_users is declared and ignored"), "{err}");
    let (_, _, err) = driftline(folder.path(), &["lint"], b"");
    assert!(err.contains("tables.old_users is declared and ignored"), "{err}");
    let of_mariadb = format!("/*M!999999\\- enable the sandbox mode */ \n{TABLE}");
    let (_, _, err) =
        driftline(folder.path(), &["diff", "-", "schema.yaml"], of_mariadb.as_bytes());
    assert!(err.contains("schema.yaml is for MySQL 8.0, and standard input goes by"), "{err}");
    let args = ["diff", "-", "schema.yaml", "--flavor", "mariadb:10.11"];
    let (_, _, err) = driftline(folder.path(), &args, of_mariadb.as_bytes());
    assert!(!err.contains("is for MySQL"), "{err}");
}

#[test]
fn conflict_markers_have_their_own_message() {
    let schema = "tables:\n  a:\n<<<<<<< HEAD\n    columns: { id: int }\n=======\n    columns: { id: bigint \
                  }\n>>>>>>> other\n";
    let folder = project(&[
        ("schema.yaml", schema),
        ("a.sql", "create table a (\n<<<<<<< HEAD\n  id int\n"),
    ]);
    for (args, place) in [(&["lint"][..], "schema.yaml:3:1"), (&["lint", "a.sql"], "a.sql:2:1")] {
        let (code, _, err) = driftline(folder.path(), args, b"");
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("a merge that isn't finished") && err.contains(place), "{err}");
    }
}

#[test]
fn indexes_are_counted_in_one_way() {
    let sql =
        "create table a (id int primary key, b int, key (b)); create table c (id int primary key);";
    let folder = project(&[("a.sql", sql)]);
    let args = ["pull", "a.sql", "--flavor", "mysql:8.4", "--output", "schema.yaml"];
    let (_, _, pulled) = driftline(folder.path(), &args, b"");
    assert_eq!(pulled, "schema.yaml: 2 tables, 1 index and 0 foreign keys\n");
    let (_, checked, _) = driftline(folder.path(), &["check", "--against", "a.sql"], b"");
    assert!(checked.contains("2 tables, 1 index and 0 foreign keys compared"), "{checked}");
    let (_, listed, _) = driftline(folder.path(), &["inspect", "indexes", "a.sql"], b"");
    assert!(listed.ends_with("\n1 index, 0 unique, and 2 primary keys\n"), "{listed}");
}

#[test]
fn a_schema_file_on_a_pipe_is_named() {
    let folder = project(&[]);
    let (code, _, err) = driftline(folder.path(), &["lint", "-"], b"tables:\n  a: {}\n");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is read as SQL"), "{err}");
}

#[test]
fn dotenv_is_also_read_next_to_the_schema_file() {
    let folder = project(&[
        ("db/schema.yaml", "tables: {}\n"),
        ("db/.env", "DATABASE_URL=mysql://u:p@127.0.0.1:1/beside\n"),
    ]);
    let args = ["check", "--schema", "db/schema.yaml"];
    let (code, _, err) = driftline(folder.path(), &args, b"");
    assert_eq!(code, 3, "{err}");
    fs::write(folder.path().join(".env"), "DATABASE_URL=mysql://u:p@127.0.0.1:2/here\n").unwrap();
    let (code, _, err) = driftline(folder.path(), &args, b"");
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("127.0.0.1:2"), "{err}");
}
