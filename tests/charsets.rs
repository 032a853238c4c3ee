//! Character sets that schema.yaml leaves out, in databases with several defaults: what `generate`
//! and `diff` write makes a database in which `check` finds nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Output};

use libtest_mimic::{Failed, Trial};
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

/// The defaults of the databases.
const DEFAULTS: &[&str] = &["utf8mb4", "utf8mb4 collate utf8mb4_bin", "utf8mb3", "latin1"];

/// A table with and without a character set, columns with and without one in each.
const FIRST: &str = "tables:
  bare:
    columns: { id: int not null, n: varchar(20), t: text }
    primary_key: [id]
    indexes: { n: [n] }
  bare_with_stated:
    columns:
      id: int not null
      four: varchar(20) character set utf8mb4
      one: varchar(20) character set latin1
      binary: varchar(20) collate utf8mb4_bin
      own: varchar(20)
    primary_key: [id]
  stated:
    charset: utf8mb4
    columns: { id: int not null, n: varchar(20), m: varchar(20) character set latin1 }
    primary_key: [id]
";

/// `bare` becomes latin1, a column is added to the second table, one of its other columns loses its
/// character set, and a table without any is added.
const SECOND: &str = "tables:
  bare:
    charset: latin1
    columns: { id: int not null, n: varchar(20), t: text }
    primary_key: [id]
    indexes: { n: [n] }
  bare_with_stated:
    columns:
      id: int not null
      four: varchar(20) character set utf8mb4
      one: varchar(30)
      binary: varchar(20) collate utf8mb4_bin
      own: varchar(20) character set utf8mb4
      new: varchar(20)
    primary_key: [id]
  stated:
    charset: utf8mb4
    columns: { id: int not null, n: varchar(20), m: varchar(20) character set latin1 }
    primary_key: [id]
  later:
    columns: { id: int not null, n: varchar(20), f: varchar(5) character set utf8mb4 }
    primary_key: [id]
";

/// `bare` has no character set again.
const THIRD: &str = "tables:
  bare:
    columns: { id: int not null, n: varchar(20), t: text }
    primary_key: [id]
    indexes: { n: [n] }
";

/// Tables, views, and the parameters and results of routines, with and without a character set of
/// their own; then changed; then tables that are converted.
const OBJECTS: [&str; 3] = [
    r#"tables:
  bare:
    columns: { id: int not null, n: varchar(20), e: "enum('a','é') not null default 'é'" }
    primary_key: [id]
  one:
    charset: latin1
    columns: { id: int not null, n: varchar(20) }
    primary_key: [id]
  coll:
    collation: utf8mb4_bin
    columns: { id: int not null, n: varchar(20) }
    primary_key: [id]
views:
  v: select n, 'x' as lit, concat(n, 'y') as c from bare
  w: select o.n from one o join bare b on b.id = o.id where o.n = 'a'
functions:
  f: { parameters: "a varchar(20), b varchar(20) character set latin1, c text", returns: varchar(50), deterministic: true, body: "return concat(a, b)" }
procedures:
  p: { parameters: "in a varchar(20), out b enum('x','y'), inout c char(3) collate utf8mb4_bin", body: "begin declare z varchar(10); set z = a; set b = 'x'; end" }
triggers:
  t: { table: bare, when: before insert, body: "set new.n = concat(new.n, 'é')" }
events:
  ev: { every: 1 day, starts: "'2037-01-01 00:00:00'", status: disabled, comment: 'é', body: do 1 }
"#,
    r#"tables:
  bare:
    columns: { id: int not null, n: varchar(30), e: "enum('a','é','ü') not null default 'ü'", x: varchar(10), y: varchar(10) character set latin1, z: varchar(10) collate utf8mb4_bin }
    primary_key: [id]
    indexes: { n: [n], x: [x] }
  one:
    charset: latin1
    columns: { id: int not null, n: varchar(30), m: varchar(10), k: varchar(10) character set utf8mb4, j: text collate utf8mb4_bin }
    primary_key: [id]
  coll:
    collation: utf8mb4_bin
    columns: { id: int not null, n: varchar(30) not null default 'x', g: "varchar(20) as (concat(n, 'a'))", m: varchar(20) charset utf8mb4 }
    primary_key: [id]
views:
  v: select n, 'x' as lit, concat(n, 'z') as c, x, y from bare
  w: select o.n, o.k from one o join bare b on b.id = o.id where o.n = 'a'
functions:
  f: { parameters: "a varchar(20), b varchar(20) character set utf8mb4, c text character set utf8mb4", returns: varchar(60) character set latin1, deterministic: true, body: "return concat(a, b)" }
procedures:
  p: { parameters: "in a varchar(30), out b enum('x','y','z'), inout c char(3)", body: "begin declare z varchar(10); set z = a; set b = 'x'; end" }
triggers:
  t: { table: bare, when: before insert, body: "set new.n = concat(new.n, 'ü')" }
events:
  ev: { every: 1 day, starts: "'2037-01-01 00:00:00'", status: disabled, comment: 'ü', body: do 1 }
"#,
    r#"tables:
  bare:
    charset: utf8mb3
    columns: { id: int not null, n: varchar(30), e: "enum('a','é','ü') not null default 'ü'", x: varchar(10), y: varchar(10) character set latin1, z: varchar(10) collate utf8mb4_bin }
    primary_key: [id]
    indexes: { n: [n], x: [x] }
  one:
    charset: utf8mb4
    columns: { id: int not null, n: varchar(30), m: varchar(10) character set latin1, k: varchar(10), j: text collate utf8mb4_bin }
    primary_key: [id]
  coll:
    collation: latin1_bin
    columns: { id: int not null, n: varchar(30) not null default 'x', g: "varchar(20) as (concat(n, 'a'))", m: varchar(20) }
    primary_key: [id]
views:
  v: select n, 'x' as lit, concat(n, 'z') as c, x, y from bare
  w: select o.n, o.k from one o join bare b on b.id = o.id where o.n = 'a'
functions:
  f: { parameters: "a varchar(20), b varchar(20) character set utf8mb4, c text", returns: varchar(60) character set latin1, deterministic: true, body: "return concat(a, b)" }
procedures:
  p: { parameters: "in a varchar(30), out b enum('x','y','z'), inout c char(3)", body: "begin declare z varchar(10); set z = a; set b = 'x'; end" }
"#,
];

fn main() -> ExitCode {
    let servers = servers();
    let mut trials = vec![
        Trial::test("what was stated and isn't any more is asked", no_longer_stated),
        Trial::test("what is stated is a change", stated),
    ];
    for (name, test) in [
        ("a migration and the check agree", migrated as fn(&Database) -> Result<(), Failed>),
        ("a plan for a database and the check agree", planned),
        ("a migration of objects and the check agree", objects_migrated),
    ] {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|server| {
                Trial::test(format!("{name} on {server}"), || Ok(())).with_ignored_flag(true)
            }));
        }
        for server in &servers {
            for default in DEFAULTS {
                let title = format!("{name} on {} in {default}", server.name());
                let server = server.clone();
                trials.push(Trial::test(title, move || test(&database(&server, default)?)));
            }
        }
    }
    run(trials)
}

fn database(server: &TestServer, default: &str) -> Result<Database, Failed> {
    let database = server.database("charsets")?;
    server.plain(None, &format!("ALTER DATABASE `{}` CHARACTER SET {default}", database.name))?;
    Ok(database)
}

fn driftline(folder: &Path, arguments: &[&str]) -> Result<Output, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.args(arguments).current_dir(folder).env_remove("DATABASE_URL");
    Ok(command.output()?)
}

/// Checks that the command succeeds; returns its output.
fn success(folder: &Path, arguments: &[&str]) -> Result<String, Failed> {
    let output = driftline(folder, arguments)?;
    let text = [&*output.stdout, &*output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    if output.status.success() { Ok(text) } else { Err(format!("{arguments:?}: {text}").into()) }
}

/// Writes the next migration and runs it; afterwards nothing is found.
fn migrate(folder: &Path, schema: &str, database: &Database) -> Result<(), Failed> {
    let generated = folder.join("generated");
    let before = ups(&generated);
    fs::write(folder.join("schema.yaml"), schema)?;
    let flavor = database.server.server.flavor();
    success(folder, &["generate", "-m", "next", "--flavor", &flavor])?;
    let new: Vec<String> = ups(&generated).into_iter().filter(|up| !before.contains(up)).collect();
    for up in &new {
        database.run_as_printed(&fs::read_to_string(generated.join(up))?)?;
    }
    if new.is_empty() {
        return Err("no migration was written".into());
    }
    success(folder, &["check", "--against", &database.url_text(), "--fail-on", "drift"])?;
    Ok(())
}

fn ups(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".up.sql")).collect()
}

fn migrated(database: &Database) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    migrate(folder.path(), FIRST, database)?;
    migrate(folder.path(), SECOND, database)
}

fn objects_migrated(database: &Database) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    OBJECTS.iter().try_for_each(|schema| migrate(folder.path(), schema, database))
}

fn planned(database: &Database) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let url = database.url_text();
    for schema in [FIRST, SECOND, FIRST].iter().chain(&OBJECTS) {
        fs::write(folder.path().join("schema.yaml"), schema)?;
        let output = driftline(folder.path(), &["diff", &url, "schema.yaml", "--format", "sql"])?;
        database.run_as_printed(&String::from_utf8_lossy(&output.stdout))?;
        success(folder.path(), &["check", "--against", &url, "--fail-on", "drift"])?;
    }
    Ok(())
}

fn no_longer_stated() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for schema in [FIRST, SECOND] {
        fs::write(folder.path().join("schema.yaml"), schema)?;
        success(folder.path(), &["generate", "-m", "next"])?;
    }
    fs::write(folder.path().join("schema.yaml"), THIRD)?;
    let output = driftline(folder.path(), &["generate", "-m", "third"])?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let wanted = "it is uncertain whether the charset of tables.bare has to change: ";
    if output.status.success() || !said.contains(wanted) || !said.contains("--from URL") {
        return Err(format!("it says {said}").into());
    }
    Ok(())
}

/// The session's own settings don't count.
fn names_utf8mb4(line: &str) -> bool {
    line.contains("utf8mb4") && !line.starts_with("SET NAMES")
}

fn stated() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let schema = folder.path().join("schema.yaml");
    let table = |options: &str| format!("tables: {{ t: {{ {options} columns: {{ n: text }} }} }}");
    fs::write(&schema, table(""))?;
    success(folder.path(), &["generate", "-m", "first"])?;
    fs::write(&schema, table("charset: latin1,"))?;
    success(folder.path(), &["generate", "-m", "second"])?;
    let generated = folder.path().join("generated");
    let texts: Vec<String> = ups(&generated)
        .iter()
        .map(|up| fs::read_to_string(generated.join(up)))
        .collect::<Result<_, _>>()?;
    let of = |word: &str| texts.iter().filter(|text| text.contains(word)).count();
    // The first has no character set at all, the second none for the table and its column.
    if texts.len() != 2 || of("DEFAULT CHARSET=latin1") != 1 || of("CHARACTER SET latin1") != 1 {
        return Err(texts.join("\n").into());
    }
    if texts.iter().flat_map(|text| text.lines()).any(names_utf8mb4) {
        return Err(texts.join("\n").into());
    }
    Ok(())
}
