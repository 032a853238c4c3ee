//! The migrations that are killed, and what of them a database has.

use std::fs;
use std::process::{Child, Command, Stdio};

use libtest_mimic::Failed;
use mysql_async::prelude::FromRow;

use crate::support::servers::Database;

/// The version of the migration that makes what the other one changes.
pub(crate) const BASE: &str = "20260101000000";

/// The version of the migration that is killed.
pub(crate) const CHANGE: &str = "20260102000000";

/// How many statements it has.
pub(crate) const STATEMENTS: u32 = 8;

/// Those of them, and of its reverse file, that change rows.
pub(crate) const DATA: [u32; 2] = [3, 6];

const BASE_UP: &str = "\
-- driftline: 1
-- statement 1
CREATE TABLE `customers` (`id` int NOT NULL, `name` varchar(50) NOT NULL,
  `visits` int NOT NULL DEFAULT 0, PRIMARY KEY (`id`));
-- statement 2
CREATE TABLE `orders` (`id` int NOT NULL AUTO_INCREMENT, `customer` int NOT NULL,
  PRIMARY KEY (`id`), KEY `customer` (`customer`),
  CONSTRAINT `orders_customer` FOREIGN KEY (`customer`) REFERENCES `customers` (`id`));
-- statement 3
CREATE TABLE `obsolete` (`id` int NOT NULL, PRIMARY KEY (`id`));
-- statement 4, data
INSERT INTO `customers` (`id`, `name`, `visits`)
  VALUES (1, 'a', 10), (2, 'b', 10), (3, 'c', 10), (4, 'd', 10), (5, 'e', 10);
";

pub(crate) const CHANGE_UP: &str = "\
-- driftline: 1
-- allow: drop-table:obsolete
-- statement 1
CREATE TABLE `visit` (`id` int NOT NULL AUTO_INCREMENT, `customer` int NOT NULL,
  `visits` int NOT NULL, PRIMARY KEY (`id`));
-- statement 2
ALTER TABLE `customers` ADD COLUMN `email` varchar(100), ADD KEY `name` (`name`);
-- statement 3, data
UPDATE `customers` SET `visits` = `visits` + 1;
-- statement 4
ALTER TABLE `customers` CHANGE COLUMN `visits` `seen` int NOT NULL DEFAULT 0;
-- statement 5
CREATE TRIGGER `counted` AFTER INSERT ON `orders` FOR EACH ROW
  UPDATE `customers` SET `seen` = `seen` + 1 WHERE `id` = NEW.`customer`;
-- statement 6, data
INSERT INTO `visit` (`customer`, `visits`) SELECT `id`, `seen` FROM `customers`;
-- statement 7
RENAME TABLE `visit` TO `visit_log`;
-- statement 8
DROP TABLE `obsolete`;
";

const CHANGE_DOWN: &str = "\
-- driftline: 1
-- undoes 8
CREATE TABLE `obsolete` (`id` int NOT NULL, PRIMARY KEY (`id`));
-- undoes 7
RENAME TABLE `visit_log` TO `visit`;
-- undoes 6
DELETE FROM `visit`;
-- undoes 5
DROP TRIGGER `counted`;
-- undoes 4
ALTER TABLE `customers` CHANGE COLUMN `seen` `visits` int NOT NULL DEFAULT 0;
-- undoes 3
UPDATE `customers` SET `visits` = `visits` - 1;
-- undoes 2
ALTER TABLE `customers` DROP KEY `name`, DROP COLUMN `email`;
-- undoes 1
DROP TABLE `visit`;
";

/// What a run said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    /// `None` if it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// What it printed, if it ended with this code.
    pub(crate) fn expect(self, code: i32, what: &str) -> Result<Said, Failed> {
        match self.code == Some(code) && !self.err.contains("panicked") {
            true => Ok(self),
            false => Err(format!(
                "{what}: exit code {:?} instead of {code}\n{}{}",
                self.code, self.out, self.err
            )
            .into()),
        }
    }

    /// The same, if it also says this on standard error.
    pub(crate) fn saying(self, words: &[&str]) -> Result<Said, Failed> {
        match words.iter().find(|it| !self.err.contains(**it)) {
            None => Ok(self),
            Some(it) => Err(format!("`{it}` isn't said:\n{}{}", self.out, self.err).into()),
        }
    }
}

/// A folder of migrations.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// The two migrations of the kill matrix.
    pub(crate) fn new() -> Result<Project, Failed> {
        let files = [
            (format!("{BASE}_base.up.sql"), BASE_UP),
            (format!("{CHANGE}_change.up.sql"), CHANGE_UP),
            (format!("{CHANGE}_change.down.sql"), CHANGE_DOWN),
        ];
        Project::of(&files.each_ref().map(|(name, text)| (name.as_str(), *text)))
    }

    /// A folder with these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Result<Project, Failed> {
        let project = Project { folder: tempfile::tempdir()? };
        fs::create_dir(project.generated())?;
        fs::write(project.folder.path().join("schema.yaml"), "tables: {}\n")?;
        let lock = "server: mysql:8.0\nmigrations:\n  from_nothing: true\n  list: []\ntables: {}\n";
        fs::write(project.generated().join("schema.lock.yaml"), lock)?;
        for (name, text) in files {
            fs::write(project.generated().join(name), text)?;
        }
        project.relist()?;
        Ok(project)
    }

    pub(crate) fn generated(&self) -> std::path::PathBuf {
        self.folder.path().join("generated")
    }

    /// Lists the files again, after one was edited.
    pub(crate) fn relist(&self) -> Result<(), Failed> {
        self.run(&["generate", "--relist"])?.expect(0, "generate --relist").map(drop)
    }

    /// Replaces text in a file, and lists the files again.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) -> Result<(), Failed> {
        let path = self.generated().join(file);
        let text = fs::read_to_string(&path)?;
        if !text.contains(from) {
            return Err(format!("{file} has no {from}").into());
        }
        fs::write(path, text.replace(from, to))?;
        self.relist()
    }

    /// Starts the binary in the folder.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Result<Child, Failed> {
        // What runs in the background of a shell passes over Ctrl-C otherwise.
        let mut run = Command::new("env");
        run.args(["--default-signal=INT", env!("CARGO_BIN_EXE_driftline")]);
        run.args(arguments).current_dir(self.folder.path());
        run.env_remove("DATABASE_URL");
        Ok(run.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
    }

    /// Runs the binary in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Said, Failed> {
        said(self.spawn(arguments)?)
    }

    /// The database is as all the files make it, and the history is whole.
    pub(crate) fn expect_final(&self, database: &Database) -> Result<(), Failed> {
        let url = database.url_text();
        self.run(&["status", &url])?.expect(0, "status at the end")?;
        let again = self.run(&["migrate", &url])?.expect(0, "migrate at the end")?;
        if !again.out.contains("nothing to do") {
            return Err(format!("there was something to do at the end: {}", again.out).into());
        }
        let generated = self.generated().display().to_string();
        self.run(&["diff", &url, &generated])?.expect(0, "the difference at the end")?;
        let open = "SELECT (SELECT COUNT(*) FROM driftline_statements WHERE state <> 'done')
            + (SELECT COUNT(*) FROM driftline_migrations WHERE state <> 'applied')";
        match one::<u32>(database, open)? {
            0 => Ok(()),
            open => Err(format!("{open} lines of the history aren't done at the end").into()),
        }
    }
}

/// Waits for a run.
pub(crate) fn said(child: Child) -> Result<Said, Failed> {
    let output = child.wait_with_output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) })
}

/// The one value that a query gives.
pub(crate) fn one<T>(database: &Database, query: &str) -> Result<T, Failed>
where
    T: Send + 'static,
    (T,): FromRow,
{
    let row: Option<(T,)> = database.connection()?.query_first(query)?;
    Ok(row.ok_or("no row")?.0)
}

/// How many statements of the migration the database has: all up to this one, none after it, and
/// each once. Anything else is an error.
pub(crate) fn level(database: &Database) -> Result<u32, Failed> {
    let mut connection = database.connection()?;
    let columns: Vec<String> = connection.query(
        "SELECT CONCAT(LOWER(TABLE_NAME), '.', LOWER(COLUMN_NAME)) FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE()",
    )?;
    let triggers: Vec<String> = connection.query(
        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()",
    )?;
    let indexes: Vec<String> = connection.query(
        "SELECT INDEX_NAME FROM information_schema.STATISTICS
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'customers' AND INDEX_NAME = 'name'",
    )?;
    let has = |name: &str| columns.iter().any(|it| it == name);
    let counter = if has("customers.seen") { "seen" } else { "visits" };
    let mut rows = |query: String| -> Result<Vec<i64>, Failed> { Ok(connection.query(query)?) };
    let values = rows(format!("SELECT {counter} FROM customers"))?;
    let log = ["visit", "visit_log"].into_iter().find(|it| has(&format!("{it}.customer")));
    let logged = match log {
        Some(log) => rows(format!("SELECT visits FROM {log}"))?,
        None => Vec::new(),
    };
    let found = format!(
        "log {log:?} with {logged:?}, email {} {indexes:?}, {counter} {values:?}, {triggers:?}, \
         obsolete {}",
        has("customers.email"),
        has("obsolete.id")
    );
    let expected = |level: u32| {
        let log = [None, Some("visit"), Some("visit_log")];
        let log = log[usize::from(level >= 1) + usize::from(level >= 7)];
        let logged = if level >= 6 { vec![11; 5] } else { Vec::new() };
        let indexes: &[&str] = if level >= 2 { &["name"] } else { &[] };
        let counter = if level >= 4 { "seen" } else { "visits" };
        let values = if level >= 3 { [11; 5] } else { [10; 5] };
        let triggers: &[&str] = if level >= 5 { &["counted"] } else { &[] };
        format!(
            "log {log:?} with {logged:?}, email {} {indexes:?}, {counter} {values:?}, \
             {triggers:?}, obsolete {}",
            level >= 2,
            level < 8
        )
    };
    let level = (0..=STATEMENTS).find(|level| expected(*level) == found);
    level.ok_or_else(|| format!("no number of statements gives this: {found}").into())
}

/// Waits until no run holds the lock, so that no statement is running any more.
pub(crate) fn wait_for_the_lock(database: &Database) -> Result<(), Failed> {
    let mut connection = database.connection()?;
    let query = format!("SELECT GET_LOCK({LOCK}, 60)");
    let taken: Option<(i32,)> = connection.query_first(query)?;
    match taken {
        Some((1,)) => Ok(connection.query_drop(format!("DO RELEASE_LOCK({LOCK})"))?),
        other => Err(format!("the lock isn't free after a minute: {other:?}").into()),
    }
}

/// The name of the lock, as the engine makes it.
pub(crate) const LOCK: &str = "CONCAT('driftline ', LEFT(SHA2(CONCAT(IF(@@lower_case_table_names \
    = 0, DATABASE(), LOWER(DATABASE())), '/', 'driftline_migrations'), 224), 40))";
