//! The main job on real servers, as a user runs it: the command line with a restored dump.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::Failed;
use support::servers::{Database, OnServer, TestServer, on_each_server, run};

const TOPICS: [(&str, OnServer); 11] = [
    ("the safety schema is checked and repaired", safety),
    ("what is pulled checks clean", pulled),
    ("what is there is accepted, and what is new is not", accepted),
    ("a waiver accepts one drift, and plans nothing less", waived),
    ("a server decides what can't be compared", asked),
    ("a table that is misread is not altered", misread),
    ("a primary key that the server made is not pulled", generated_key),
    ("migrations know the implicit indexes of foreign keys", implicit_indexes),
    ("what only SHOW CREATE TABLE shows is pulled and checks clean", unreported),
    ("events that are over are no drift", over),
    ("SQL on a pipe, packed or in parts is what the client makes of it", piped),
];

fn main() -> ExitCode {
    run(on_each_server(&TOPICS))
}

/// A run's exit code, standard output and standard error.
fn driftline(folder: &Path, database: &Database, args: &[&str]) -> (i32, String, String) {
    driftline_reading(folder, database, args, b"")
}

/// The same, with standard input.
fn driftline_reading(
    folder: &Path,
    database: &Database,
    args: &[&str],
    input: &[u8],
) -> (i32, String, String) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(args)
        .current_dir(folder)
        .env("DATABASE_URL", database.url_text())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // If it doesn't read everything, it closes the pipe.
    let _ = run.stdin.take().unwrap().write_all(input);
    let output = run.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn expect(wanted: i32, (code, out, err): (i32, String, String)) -> Result<String, Failed> {
    if code == wanted {
        Ok(out)
    } else {
        Err(format!("exit code {code} and not {wanted}\n{out}{err}").into())
    }
}

/// The dumps of the first user's database that mean the same on the server. MariaDB's own has JSON
/// as LONGTEXT, which is another type on MySQL; MySQL's has a collation that MariaDB has since
/// 11.4.5.
fn dumps(server: &TestServer) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let version = server.server.version;
    let mut names = Vec::new();
    if server.is_mariadb() {
        names.push("safety-live-mariadb.sql");
    }
    if !server.is_mariadb() || (version.major, version.minor) > (11, 4) {
        names.push("safety-live.sql");
    }
    names.iter().map(|name| fs::read_to_string(root.join(name)).unwrap()).collect()
}

fn safety(server: &TestServer) -> Result<(), Failed> {
    for dump in dumps(server) {
        let database = server.database("safety")?;
        database.plain(&dump)?;
        let folder = tempfile::tempdir()?;
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.yaml");
        fs::copy(schema, folder.path().join("schema.yaml"))?;
        let run = |args: &[&str]| driftline(folder.path(), &database, args);

        expect(0, run(&["inspect", "--self-check", &database.url_text()]))?;
        let found = expect(1, run(&["check", "--format", "json"]))?;
        let found: serde_json::Value = serde_json::from_str(&found)?;
        let elements = |list: &str| -> Vec<String> {
            let list = found[list].as_array().unwrap().iter();
            list.map(|it| it["element"].as_str().unwrap().to_owned()).collect()
        };
        let duplicate = "tables.detection_history.indexes.idx_detection_history_timestamp";
        assert_eq!(elements("differences"), [duplicate]);
        assert_eq!(
            elements("findings"),
            [
                "tables.reports.indexes.ix_reports_timestamp",
                "tables.reports.indexes.idx_reports_user_timestamp",
                "tables.violations.indexes.ix_violations_violation_type",
                "tables.violations.indexes.ix_violations_location",
            ]
        );
        let text = expect(1, run(&["check"]))?;
        assert!(text.contains("drop loses nothing"), "{text}");

        expect(0, run(&["generate", "-m", "Drop the duplicate"]))?;
        database.run_as_printed(&migration(folder.path(), ".up.sql"))?;
        expect(0, run(&["check", "--fail-on", "drift"]))?;
        database.run_as_printed(&migration(folder.path(), ".down.sql"))?;
        expect(1, run(&["check", "--fail-on", "drift"]))?;
    }
    Ok(())
}

/// The newest generated file with this ending.
fn migration(folder: &Path, ending: &str) -> String {
    let files = fs::read_dir(folder.join("generated")).unwrap();
    let paths = files.map(|entry| entry.unwrap().path());
    let newest = paths.filter(|path| path.to_str().unwrap().ends_with(ending)).max().unwrap();
    fs::read_to_string(newest).unwrap()
}

fn pulled(server: &TestServer) -> Result<(), Failed> {
    for dump in dumps(server) {
        let database = server.database("pulled")?;
        database.plain(&dump)?;
        let folder = tempfile::tempdir()?;
        let run = |args: &[&str]| driftline(folder.path(), &database, args);
        expect(0, run(&["pull", "--output", "schema.yaml"]))?;
        expect(0, run(&["check", "--fail-on", "drift"]))?;
        expect(0, run(&["fmt", "--check"]))?;
        let same = expect(0, run(&["diff"]))?;
        assert_eq!(same, "");
    }
    Ok(())
}

fn accepted(server: &TestServer) -> Result<(), Failed> {
    for dump in dumps(server) {
        let database = server.database("accepted")?;
        database.plain(&dump)?;
        let folder = tempfile::tempdir()?;
        let run = |args: &[&str]| driftline(folder.path(), &database, args);
        let strict = ["check", "--fail-on", "warning"];
        expect(0, run(&["pull", "--output", "schema.yaml"]))?;
        expect(1, run(&strict))?;
        expect(0, run(&["baseline"]))?;
        let file = folder.path().join("driftline-baseline.yaml");
        let written = fs::read_to_string(&file)?;
        let green = expect(0, run(&strict))?;
        assert!(green.contains("in sync") && green.contains("findings waived"), "{green}");
        expect(0, run(&["lint"]))?;
        // A drift that is there when it is written is accepted too, and what comes later isn't.
        database.plain("CREATE INDEX there ON users (role)")?;
        expect(1, run(&strict))?;
        expect(0, run(&["baseline"]))?;
        expect(0, run(&strict))?;
        let with_drift = fs::read_to_string(&file)?;
        assert_eq!(
            with_drift.matches("fingerprint").count(),
            written.matches("fingerprint").count() + 1
        );
        expect(0, run(&["baseline"]))?;
        assert_eq!(fs::read_to_string(&file)?, with_drift);
        database.plain("CREATE INDEX new ON users (name)")?;
        let red = expect(1, run(&strict))?;
        assert!(red.contains("- index new (name)"), "{red}");
        assert!(!red.contains("- index there"), "{red}");
        // A new table without a primary key is a new finding of a rule.
        database.plain("DROP INDEX new ON users; DROP INDEX there ON users")?;
        let gone = expect(0, run(&strict))?;
        assert!(gone.contains("1 finding of driftline-baseline.yaml is no longer there"), "{gone}");
        let schema = fs::read_to_string(folder.path().join("schema.yaml"))?;
        let schema = schema.replacen("tables:\n", "tables:\n  bare: { columns: { a: int } }\n", 1);
        fs::write(folder.path().join("schema.yaml"), schema)?;
        let red = expect(1, run(&["check", "--fail-on", "missing"]))?;
        assert!(red.contains("warning[missing-primary-key]"), "{red}");
        expect(1, run(&["lint"]))?;
    }
    Ok(())
}

fn waived(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("waived")?;
    database.plain("CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, KEY tmp (a))")?;
    let folder = tempfile::tempdir()?;
    let run = |args: &[&str]| driftline(folder.path(), &database, args);
    expect(0, run(&["pull", "--output", "schema.yaml"]))?;
    let schema = folder.path().join("schema.yaml");
    let pulled = fs::read_to_string(&schema)?;
    fs::write(&schema, pulled.replace("    indexes:\n      tmp: [a]\n", ""))?;
    let found = expect(1, run(&["check", "--format", "json"]))?;
    let found: serde_json::Value = serde_json::from_str(&found)?;
    let line = found["differences"][0]["ways_out"]["accept"].as_str().unwrap();
    assert!(line.contains("tables.t.indexes.tmp") && line.contains('…'), "{line}");
    let without = fs::read_to_string(&schema)?;
    fs::write(&schema, format!("{}\n{without}", line.replace('…', "being tried")))?;
    let green = expect(0, run(&["check"]))?;
    assert!(green.contains("1 finding waived"), "{green}");
    // It is still planned, carried out, and the waiver covers nothing then.
    let sql = expect(1, run(&["diff"]))?;
    assert!(sql.contains("DROP INDEX `tmp`"), "{sql}");
    expect(0, run(&["push", "--yes", "--allow", "drop-index:t.tmp"]))?;
    let after = expect(0, run(&["check"]))?;
    assert!(after.contains("note[waiver-unmatched]") && after.contains("1 note"), "{after}");
    Ok(())
}

fn asked(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("asked")?;
    let folder = tempfile::tempdir()?;
    let write = |rows: &str| {
        let schema = format!(
            "tables:\n  t:\n    columns:\n      a: int not null\n      b: int\n      \
             c: varchar(20) default (concat('x', 0x41))\n    primary_key: [a]\n    checks:\n      \
             t_rows: \"(a, b) in ({rows})\"\n"
        );
        fs::write(folder.path().join("schema.yaml"), schema).unwrap();
    };
    let run = |args: &[&str]| driftline(folder.path(), &database, args);
    write("(1,3), (2,4)");
    let create = expect(1, run(&["diff"]))?;
    database.run_as_printed(&create)?;
    expect(0, run(&["check", "--ask-server"]))?;
    write("(1,3), (2,5)");
    let told = expect(1, run(&["check", "--ask-server"]))?;
    assert!(told.contains("~ check t_rows"), "{told}");
    assert!(!told.contains("column c"), "{told}");
    let tables = database.plain("SHOW TABLES")?;
    assert_eq!(tables.trim(), "t");
    Ok(())
}

/// An option of a FEDERATED table that `information_schema` doesn't show. No server here has the
/// engine, but every engine keeps the clause. And a MERGE table, whose clause is unsupported.
fn misread(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("misread")?;
    database.plain(
        "CREATE TABLE near (a int PRIMARY KEY);
         CREATE TABLE far (a int PRIMARY KEY) CONNECTION='mysql://u:hunter2@h/d/t';
         CREATE TABLE part (a int NOT NULL, KEY (a)) ENGINE=MyISAM;
         CREATE TABLE whole (a int NOT NULL, KEY (a)) ENGINE=MERGE UNION=(part)",
    )?;
    let folder = tempfile::tempdir()?;
    let run = |args: &[&str]| {
        let (code, out, err) = driftline(folder.path(), &database, args);
        assert!(!format!("{out}{err}").contains("hunter2"), "{out}{err}");
        (code, out, err)
    };
    let told = expect(1, run(&["inspect", "--self-check"]))?;
    assert!(told.contains("shown as CONNECTION='mysql://u:***@h/d/t'"), "{told}");
    let (code, _, err) = run(&["pull", "--output", "schema.yaml"]);
    assert!(code == 0 && err.contains("table whole is left out and ignored: UNION"), "{err}");
    assert!(!err.contains("table far"), "{err}");
    let pulled = fs::read_to_string(folder.path().join("schema.yaml"))?;
    assert!(pulled.contains("mysql://u:***@h/d/t") && !pulled.contains("hunter2"), "{pulled}");
    expect(0, run(&["diff"]))?;
    expect(0, run(&["diff", "--self-check"]))?;

    let table =
        |name| format!("  {name}: {{ columns: {{ a: int not null, b: int }}, primary_key: [a] }}");
    let tables = ["near", "far", "part", "whole"].map(table).join("\n");
    fs::write(folder.path().join("schema.yaml"), format!("tables:\n{tables}\n"))?;
    let (code, out, err) = run(&["diff", "--self-check"]);
    assert!(code == 1 && out.contains("ALTER TABLE `near`") && !out.contains("whole"), "{out}");
    assert!(out.contains("  CONNECTION='';"), "{out}");
    assert!(err.contains("table whole is not compared: UNION is unsupported"), "{err}");
    let told = expect(1, run(&["check", "--self-check", "--format", "json"]))?;
    let told: serde_json::Value = serde_json::from_str(&told)?;
    assert_eq!(told["unsupported"][0]["clauses"][0], "UNION");
    expect(2, run(&["diff", "schema.yaml", "schema.yaml", "--self-check"]))?;
    Ok(())
}

/// What `information_schema` doesn't show is pulled, checked, and noticed if it is missing.
fn unreported(server: &TestServer) -> Result<(), Failed> {
    if server.is_mariadb() {
        return Ok(());
    }
    let database = server.database("unreported")?;
    database.plain(
        "CREATE TABLE t (a int STORAGE DISK COLUMN_FORMAT FIXED, b int) AUTOEXTEND_SIZE = 4M
         TABLESPACE = innodb_file_per_table;
         CREATE TABLE s (a int) TABLESPACE = innodb_system",
    )?;
    let folder = tempfile::tempdir()?;
    let run = |args: &[&str]| driftline(folder.path(), &database, args);
    expect(0, run(&["pull", "--output", "schema.yaml"]))?;
    let pulled = fs::read_to_string(folder.path().join("schema.yaml"))?;
    for clause in ["storage disk column_format fixed", "AUTOEXTEND_SIZE", "innodb_system"] {
        let is_there = pulled.to_lowercase().contains(&clause.to_lowercase());
        assert!(is_there, "no {clause}: {pulled}");
    }
    let drift = ["check", "--fail-on", "drift"];
    for arguments in [&drift[..], &[&drift[..], &["--self-check"]].concat(), &["diff"]] {
        expect(0, run(arguments))?;
    }
    let url = database.url_text();
    expect(0, run(&["diff", "schema.yaml", &url]))?;
    database.plain("ALTER TABLE t MODIFY a int")?;
    let change = expect(1, run(&["diff"]))?;
    database.run_as_printed(&change)?;
    expect(0, run(&["diff"]))?;
    Ok(())
}

/// A primary key that the server generated for a table without one: it is not in the file, no
/// drift, and is replaced by one that the file declares.
fn generated_key(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("gipk")?;
    let generate = "SET SESSION sql_generate_invisible_primary_key = 1;";
    if server.is_mariadb() || database.plain(generate).is_err() {
        return Ok(());
    }
    database.plain(&format!("{generate} CREATE TABLE t (a int NOT NULL)"))?;
    let folder = tempfile::tempdir()?;
    let run = |args: &[&str]| driftline(folder.path(), &database, args);
    expect(0, run(&["pull", "--output", "schema.yaml"]))?;
    let schema = folder.path().join("schema.yaml");
    let pulled = fs::read_to_string(&schema)?;
    assert!(!pulled.contains("my_row_id") && !pulled.contains("primary_key"), "{pulled}");
    let (code, out, err) = run(&["check", "--self-check", "--fail-on", "drift"]);
    assert!(code == 0 && err.contains("table `t` has an invisible primary key"), "{out}{err}");
    fs::write(&schema, pulled.replace("not null", "not null primary key"))?;
    let change = expect(1, run(&["diff"]))?;
    database.run_as_printed(&change)?;
    expect(0, run(&["check", "--fail-on", "drift"]))?;
    Ok(())
}

/// Several migrations, made only from files: each knows the name of the implicit index, which no
/// schema.yaml lists.
fn implicit_indexes(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("implicit")?;
    let folder = tempfile::tempdir()?;
    let run = |args: &[&str]| driftline(folder.path(), &database, args);
    const TABLES: &str = "tables:
  p:
    columns: { a: int not null, b: int not null }
    primary_key: [a]
    indexes:
      ab: { columns: [a, b], unique: true }
  t:
    columns: { id: int not null, a: int, b: int }
    primary_key: [id]
";
    const X: &str = "x: { columns: [a], references: p(a) }";
    const Y: &str = "y: { columns: [a], references: p(a), on_delete: cascade }";
    const WIDE: &str = "wide: { columns: [a, b], references: 'p(a, b)' }";
    let chain: [&[&str]; 8] = [&[Y], &[X, Y], &[X], &[X, WIDE], &[WIDE], &[X], &[Y, X], &[]];
    for keys in chain {
        let keys = keys.join("\n      ");
        let foreign_keys = match keys.is_empty() {
            true => String::new(),
            false => format!("    foreign_keys:\n      {keys}\n"),
        };
        let schema = format!("{TABLES}{foreign_keys}");
        fs::write(folder.path().join("schema.yaml"), &schema)?;
        expect(0, run(&["generate", "-m", "next"]))?;
        let up = migration(folder.path(), ".up.sql");
        database.plain(&up).map_err(|error| {
            let indexes = database.plain("SHOW INDEX FROM t").unwrap_or_default();
            format!("{schema}\n{up}\n{indexes}\n{}", error.message().unwrap_or_default())
        })?;
        expect(0, run(&["check", "--fail-on", "drift"]))?;
    }
    Ok(())
}

/// A server drops the first two events as soon as they are created.
const OVER: &str = "events:
  once_over: { at: \"'2001-01-01'\", time_zone: '+00:00', body: do 1 }
  often_over: { every: 1 day, starts: \"'2000-01-01'\", ends: \"'2001-01-01'\", time_zone: '+02:00', body: do 1 }
  kept: { at: \"'2001-01-01'\", preserve: true, status: disabled, time_zone: '+00:00', body: do 1 }
  to_come: { at: \"'2037-01-01'\", time_zone: '-03:30', status: disabled, body: do 1 }
  of_a_named_zone: { at: \"'2001-01-01'\", time_zone: SYSTEM, body: do 1 }
";

fn over(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("over")?;
    let folder = tempfile::tempdir()?;
    let run = |args: &[&str]| driftline(folder.path(), &database, args);
    fs::write(folder.path().join("schema.yaml"), OVER)?;
    let made = |sql: &str| -> Vec<String> {
        let lines = sql.lines().filter_map(|line| line.split_once(" EVENT `"));
        lines.filter_map(|(_, rest)| Some(rest.split_once('`')?.0.to_owned())).collect()
    };

    // From files alone all events are created; a server drops those that are over.
    fs::write(folder.path().join("nothing.yaml"), "tables: {}\n")?;
    let (_, all, notes) = run(&["diff", "nothing.yaml", "schema.yaml", "--format", "sql"]);
    assert_eq!(notes, "");
    assert_eq!(made(&all), ["once_over", "often_over", "kept", "to_come", "of_a_named_zone"]);
    database.run_as_printed(&all)?;

    let (_, compared, notes) = run(&["diff", "--format", "sql"]);
    let (_, _, notes_of_generate) = run(&["generate", "-m", "What is left"]);
    for sql in [compared, migration(folder.path(), ".up.sql")] {
        assert_eq!(made(&sql), ["of_a_named_zone"], "{sql}");
    }
    for notes in [notes, notes_of_generate] {
        for name in ["once_over", "often_over"] {
            assert!(notes.contains(&format!("note: events.{name} is over")), "{notes}");
        }
        assert_eq!(notes.matches("note: ").count(), 2, "{notes}");
    }

    let (settled, _) = OVER.split_once("  of_a_named_zone").unwrap();
    fs::write(folder.path().join("schema.yaml"), settled)?;
    fs::remove_dir_all(folder.path().join("generated"))?;
    expect(0, run(&["check", "--fail-on", "drift"]))?;
    Ok(())
}

/// A file as people write it for the client: several statements with another delimiter, and a
/// command of the client.
const WRITTEN: &str = "\
SET sql_mode = 'STRICT_TRANS_TABLES';
DELIMITER $$
DROP TABLE IF EXISTS a; CREATE TABLE a (b int); INSERT INTO a VALUES (1);
CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET @x = 1; IF 1 THEN SELECT
CASE WHEN 1 THEN 2 END; END IF; END; CREATE PROCEDURE q() SELECT 2;
CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN if(a, 1, 2); CREATE TABLE z (id int) $$
CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW BEGIN l: LOOP LEAVE l; END LOOP l; SET NEW.b = 1;
END; CREATE VIEW v AS SELECT 1 AS one $$
DELIMITER ;
-- Of it.
create table c (d int);
warnings;
create table e (f int);
";

fn piped(server: &TestServer) -> Result<(), Failed> {
    let database = server.database("piped")?;
    let folder = tempfile::tempdir()?;
    database.plain(WRITTEN)?;
    fs::create_dir(folder.path().join("parts"))?;
    let (first, last) = WRITTEN.split_at(WRITTEN.find("-- Of it").unwrap_or_default());
    fs::write(folder.path().join("parts/1.sql"), last)?;
    fs::write(folder.path().join("parts/2.sql"), first)?;
    let dump = database.dump()?;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(dump.as_bytes())?;
    fs::write(folder.path().join("dump.sql.gz"), packed.finish()?)?;
    let flavor = server.server.flavor();
    for (source, input) in
        [("-", WRITTEN), ("-", &dump), ("/dev/stdin", &dump), ("parts", ""), ("dump.sql.gz", "")]
    {
        let args = ["diff", source, &database.url_text(), "--flavor", &flavor];
        let run = driftline_reading(folder.path(), &database, &args, input.as_bytes());
        expect(0, run).map_err(|error| format!("{source}: {}", error.message().unwrap_or("")))?;
    }
    Ok(())
}
