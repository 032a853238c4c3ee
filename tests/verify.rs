//! `--verify --scratch` on real servers, as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::Failed;
use support::servers::{Database, OnServer, TestServer, on_each_server, run};

const TOPICS: [(&str, OnServer); 10] = [
    ("a plan that leads where it says", good),
    ("a plan that the server makes something else of", elsewhere),
    ("a statement that the server refuses", refused),
    ("the compared database as scratch", compared),
    ("a scratch database that isn't empty", not_empty),
    ("a scratch database in use", busy),
    ("a wrong password is not shown", secret),
    ("a plan for another server", other_server),
    ("tables that are left out", left_out),
    ("views, triggers, routines and events", objects),
];

fn main() -> ExitCode {
    run(on_each_server(&TOPICS))
}

/// A folder with a schema.yaml, the database that it is compared with, and one for trying plans,
/// which has another character set.
struct Place {
    folder: tempfile::TempDir,
    database: Database,
    scratch: Database,
}

impl Place {
    fn new(server: &TestServer, there: &str, schema: &str) -> Result<Place, Failed> {
        let place = Place {
            folder: tempfile::tempdir()?,
            database: server.database("compared")?,
            scratch: server.database("scratch")?,
        };
        place.database.plain(there)?;
        server.plain(
            None,
            &format!("ALTER DATABASE `{}` CHARACTER SET latin1", place.scratch.name),
        )?;
        place.write(schema)?;
        Ok(place)
    }

    fn write(&self, schema: &str) -> Result<(), Failed> {
        Ok(fs::write(self.path().join("schema.yaml"), schema)?)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command that tries its plan in the scratch database. Checks the exit code, and that
    /// the scratch database is empty afterwards. Returns standard output and standard error.
    fn verified(&self, code: i32, args: &[&str]) -> Result<(String, String), Failed> {
        let printed = self.run(code, args, &self.scratch.url_text())?;
        let left = self.scratch.plain("SHOW TABLES")?;
        if left.is_empty() { Ok(printed) } else { Err(format!("{left} is left").into()) }
    }

    fn run(&self, code: i32, args: &[&str], scratch: &str) -> Result<(String, String), Failed> {
        let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(args)
            .args(["--verify", "--scratch", scratch])
            .current_dir(self.path())
            .env("DATABASE_URL", self.database.url_text())
            .stdin(Stdio::null())
            .output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        match output.status.code() {
            Some(found) if found == code => Ok((out, err)),
            found => Err(format!("exit code {found:?} and not {code}\n{out}{err}").into()),
        }
    }

    /// The number of generated files; the folder needn't exist.
    fn generated(&self) -> usize {
        fs::read_dir(self.path().join("generated")).map_or(0, Iterator::count)
    }
}

fn contains(text: &str, part: &str) -> Result<(), Failed> {
    if text.contains(part) { Ok(()) } else { Err(format!("{part:?} is not in\n{text}").into()) }
}

const PARENT_AND_CHILD: &str = "CREATE TABLE parent (id int PRIMARY KEY, name varchar(20));
    CREATE TABLE child (id int PRIMARY KEY, parent_id int, gone int,
        FOREIGN KEY (parent_id) REFERENCES parent (id));";

/// `parent` with a wider name, and `child` with `more` of it.
fn schema(more: &str) -> String {
    format!(
        "tables:\n  parent:\n    columns:\n      id: int not null\n      name: varchar(40)\n    \
         primary_key: [id]\n  child:\n    columns:\n      id: int not null\n      parent_id: int\n    \
         primary_key: [id]\n    indexes:\n      parent_id: [parent_id]\n{more}"
    )
}

fn good(server: &TestServer) -> Result<(), Failed> {
    // Row values are one of the things that can't be compared by their texts.
    let check = "    checks:\n      child_pairs: \"(id, parent_id) in ((1, 2), (3, 4))\"\n";
    let place = Place::new(server, PARENT_AND_CHILD, &schema(check))?;
    let (out, err) = place.verified(1, &["diff"])?;
    contains(&out, "MODIFY")?;
    contains(&err, "statements lead to schema.yaml, and their reverse back to")?;
    place.verified(1, &["diff", "--format", "json"])?;
    // From nothing, from the database, and from the last migration.
    fs::write(place.path().join("nothing.sql"), "")?;
    let flavor = server.server.flavor();
    place.verified(1, &["diff", "nothing.sql", "schema.yaml", "--flavor", &flavor])?;
    let (_, err) = place.verified(0, &["generate", "-m", "first", "--flavor", &flavor])?;
    contains(&err, "verified in")?;
    assert_eq!(place.generated(), 5);
    let check = "    checks:\n      child_pairs: \"(id, parent_id) in ((1, 2), (3, 5))\"\n";
    place.write(&schema(check))?;
    let (_, err) = place.verified(0, &["generate", "-m", "second", "--flavor", &flavor])?;
    contains(&err, "verified in")?;
    assert_eq!(place.generated(), 7);
    let (_, err) = place.verified(0, &["diff", "generated", "--flavor", &flavor])?;
    contains(&err, "nothing to verify: there are no statements")
}

/// MyISAM parses a foreign key and silently ignores it.
fn elsewhere(server: &TestServer) -> Result<(), Failed> {
    let forgotten = "  other:\n    engine: MyISAM\n    columns:\n      id: int not null\n    \
                     primary_key: [id]\n    foreign_keys:\n      other_parent: { columns: [id], \
                     references: parent(id) }\n";
    let place = Place::new(server, PARENT_AND_CHILD, &schema(forgotten))?;
    let (out, err) = place.verified(3, &["diff"])?;
    assert_eq!(out, "");
    contains(&err, "not verified: the plan does not lead to schema.yaml")?;
    contains(&err, "+ foreign key other_parent (id) → parent (id)")?;
    let (_, err) = place.verified(3, &["generate", "-m", "first"])?;
    contains(&err, "+ foreign key other_parent (id) → parent (id)")?;
    assert_eq!(place.generated(), 0);
    Ok(())
}

fn refused(server: &TestServer) -> Result<(), Failed> {
    // Such a row is too long for a page of InnoDB.
    let columns: String = (0..40).map(|it| format!("      c{it}: char(250)\n")).collect();
    let wide = format!("  wide:\n    charset: latin1\n    columns:\n{columns}");
    let place = Place::new(server, PARENT_AND_CHILD, &schema(&wide))?;
    let (out, err) = place.verified(3, &["diff"])?;
    assert_eq!(out, "");
    contains(&err, "not verified: the plan failed: Row size too large")?;
    contains(&err, "CREATE TABLE `wide`")?;
    place.verified(3, &["generate", "-m", "first"])?;
    assert_eq!(place.generated(), 0);
    Ok(())
}

fn compared(server: &TestServer) -> Result<(), Failed> {
    // Also if it is empty.
    let place = Place::new(server, "", &schema(""))?;
    let url = place.database.url_text();
    let same = "which is a database that is compared or the default database";
    // `127.1` is `127.0.0.1`, which only the server knows.
    for url in [&url, &url.replace("127.0.0.1", "localhost"), &url.replace("127.0.0.1", "127.1")] {
        for command in [&["diff"][..], &["diff", "schema.yaml", url], &["generate", "-m", "x"]] {
            let (_, err) = place.run(2, command, url)?;
            contains(&err, same)?;
        }
        // It is only the default database, and nothing is read from it.
        fs::write(place.path().join("nothing.sql"), "")?;
        let files = ["diff", "nothing.sql", "schema.yaml", "--flavor", &server.server.flavor()];
        contains(&place.run(2, &files, url)?.1, same)?;
    }
    let without = url.rsplit_once('/').map_or("", |(server, _)| server);
    contains(&place.run(2, &["diff"], without)?.1, "names no database")?;
    assert_eq!(place.database.plain("SHOW TABLES")?, "");
    Ok(())
}

fn not_empty(server: &TestServer) -> Result<(), Failed> {
    let place = Place::new(server, PARENT_AND_CHILD, &schema(""))?;
    for object in [
        "CREATE TABLE left_over (a int)",
        "CREATE VIEW left_over AS SELECT 1 AS a",
        "CREATE PROCEDURE left_over() SELECT 1",
    ] {
        place.scratch.plain(object)?;
        let (out, err) = place.run(2, &["diff"], &place.scratch.url_text())?;
        assert_eq!(out, "");
        let kind = object.split(' ').nth(1).unwrap_or_default().to_lowercase();
        contains(&err, &format!("is not empty: it holds {kind} left_over"))?;
        // It is still there and can be dropped.
        place.scratch.plain(&format!("DROP {kind} left_over"))?;
    }
    place.verified(1, &["diff"])?;
    Ok(())
}

/// Two runs at once would drop each other's tables.
fn busy(server: &TestServer) -> Result<(), Failed> {
    let place = Place::new(server, PARENT_AND_CHILD, &schema(""))?;
    let (url, path) = (place.scratch.url_text(), place.path().to_owned());
    let run = |_| {
        Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(["diff", "--verify", "--scratch", &url])
            .current_dir(&path)
            .env("DATABASE_URL", place.database.url_text())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    };
    let runs: Vec<_> = (0..4).map(run).collect::<Result<_, _>>()?;
    let mut verified = 0;
    for run in runs {
        let output = run.wait_with_output()?;
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(1) => verified += 1,
            Some(2) => contains(&err, "another run of driftline is using")?,
            code => return Err(format!("exit code {code:?}\n{err}").into()),
        }
    }
    assert!(verified > 0, "one of them had the database");
    assert_eq!(place.scratch.plain("SHOW TABLES")?, "");
    Ok(())
}

fn secret(server: &TestServer) -> Result<(), Failed> {
    let place = Place::new(server, PARENT_AND_CHILD, &schema(""))?;
    let url = place.scratch.url_text().replace("://root@", "://root:hunter%32@");
    assert!(url.contains("hunter"), "the tests log in as root without a password");
    let malformed = url.replace("://", ":/");
    for (code, url) in [(3, url.clone()), (2, format!("{url}?what=1")), (2, malformed)] {
        let (out, err) = place.run(code, &["diff"], &url)?;
        assert!(!format!("{out}{err}").contains("hunter"), "{out}{err}");
    }
    Ok(())
}

fn other_server(server: &TestServer) -> Result<(), Failed> {
    let place = Place::new(server, PARENT_AND_CHILD, &schema(""))?;
    fs::write(place.path().join("nothing.sql"), "")?;
    let files = ["diff", "nothing.sql", "schema.yaml", "--flavor"];
    let (own, other) =
        if server.is_mariadb() { ("mariadb", "mysql:8.4") } else { ("mysql", "mariadb:10.11") };
    let (_, err) = place.verified(2, &[&files[..], &[other]].concat())?;
    contains(&err, "the plan is for ")?;
    contains(&err, &format!("say --flavor {}", server.server.flavor()))?;
    let older = if server.is_mariadb() { "10.6" } else { "8.0.30" };
    let (_, err) = place.verified(1, &[&files[..], &[&format!("{own}:{older}")]].concat())?;
    contains(&err, "note: the plan is for ")?;
    contains(&err, "and was tried on ")?;
    Ok(())
}

/// Ignored tables are created if a foreign key needs them. A table in another database has to exist
/// on the server.
fn left_out(server: &TestServer) -> Result<(), Failed> {
    let other = server.database("other")?;
    other.plain("CREATE TABLE far (id int PRIMARY KEY)")?;
    let far = format!(
        "    foreign_keys:\n      child_parent: {{ columns: [parent_id], references: parent(id) }}\n      \
         child_far: {{ columns: [id], references: \"{}.far(id)\" }}\nignore:\n  tables: [parent]\n",
        other.name
    );
    let text = schema(&far).replace(
        "  parent:\n    columns:\n      id: int not null\n      name: varchar(40)\n    primary_key: [id]\n",
        "",
    );
    let place = Place::new(server, PARENT_AND_CHILD, &text)?;
    let (out, _) = place.verified(1, &["diff"])?;
    contains(&out, "far")?;
    drop(other);
    let (_, err) = place.verified(3, &["diff"])?;
    contains(&err, "not verified: the plan failed")?;
    Ok(())
}

/// Other objects are tried too, except events on a server that would run them.
fn objects(server: &TestServer) -> Result<(), Failed> {
    let there = "CREATE TABLE parent (id int PRIMARY KEY, name varchar(20));
        CREATE TABLE ignored (id int PRIMARY KEY);
        CREATE VIEW names AS SELECT parent.name FROM parent JOIN ignored ON ignored.id = parent.id;
        CREATE VIEW gone AS SELECT name FROM names;
        CREATE TRIGGER parent_bi BEFORE INSERT ON parent FOR EACH ROW SET NEW.name = 'x';
        CREATE PROCEDURE p() SELECT 1;
        CREATE EVENT cleaning ON SCHEDULE EVERY 1 DAY DO DELETE FROM parent WHERE id < 0;";
    let schema = "ignore:\n  tables: [ignored]\ntables:\n  parent:\n    columns:\n      id: int not null\n      \
        name: varchar(20)\n    primary_key: [id]\nviews:\n  names: select id, name from parent\n  \
        more: select id from names\ntriggers:\n  parent_bi:\n    table: parent\n    \
        when: before insert\n    body: |\n      begin\n        set new.name = 'y';\n        \
        set new.id = 1;\n      end\nprocedures:\n  p: { parameters: a int, body: select a }\n\
        functions:\n  f: { parameters: a int, returns: int, deterministic: true, \
        data_access: no sql, body: return a + 1 }\n\
        events:\n  cleaning: { every: 2 day, body: delete from parent where id < 1 }\n";
    let place = Place::new(server, there, schema)?;
    let (out, err) = place.verified(1, &["diff"])?;
    contains(&out, "CREATE FUNCTION")?;
    contains(&out, "cleaning")?;
    contains(&err, "verified in")?;
    let runs = server.plain(None, "SELECT @@event_scheduler")?.trim() == "ON";
    assert_eq!(err.contains("note: not tried: 1 event (cleaning)"), runs, "{err}");
    let left =
        "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
        UNION ALL
        SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()";
    assert_eq!(place.scratch.plain(left)?, "");
    Ok(())
}
