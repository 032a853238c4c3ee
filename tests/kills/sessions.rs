//! Other sessions: a second run, one that holds the lock, and those that keep a statement from the
//! locks of its tables.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;

use crate::project::{BASE, CHANGE, LOCK, Project, STATEMENTS, level, one, said};
use crate::proxy::{Proxy, Step, query};
use crate::support::client::Conn;
use crate::support::servers::{Database, TestServer};

type Outcome = Result<(), Failed>;

/// A database that has the first migration of the matrix.
pub(crate) fn with_base(server: &TestServer, project: &Project) -> Result<Database, Failed> {
    let database = server.database("sessions")?;
    project.run(&["migrate", &database.url_text(), "--to", BASE])?.expect(0, "the base")?;
    Ok(database)
}

/// Waits until the list of processes has one of this database of which this holds.
pub(crate) fn wait_for_process(database: &Database, which: &str) -> Result<u64, Failed> {
    let query = format!(
        "SELECT ID FROM information_schema.PROCESSLIST
         WHERE DB = '{}' AND ID <> CONNECTION_ID() AND ({which})",
        database.name
    );
    let mut connection = database.connection()?;
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some((id,)) = connection.query_first::<(u64,)>(&query)? {
            return Ok(id);
        }
        if Instant::now() > until {
            return Err(format!("no process with {which}").into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A proxy that holds the answer to a statement back until something is sent.
pub(crate) fn holding(
    database: &Database,
    comment: &str,
) -> Result<(Proxy, String, mpsc::Sender<()>, mpsc::Receiver<()>), Failed> {
    let (go_on, waiting) = mpsc::channel();
    let (is_there, reached) = mpsc::channel();
    let comment = comment.to_owned();
    let decide = move |packet: &[u8]| match query(packet).starts_with(&comment) {
        true => Step::Hold,
        false => Step::Pass,
    };
    let act = move || {
        let _ = is_there.send(());
        let _ = waiting.recv_timeout(Duration::from_secs(60));
    };
    let endpoint = database.url()?.endpoint();
    let proxy = Proxy::start(&endpoint, false, Box::new(decide), Box::new(act))?;
    let url = format!("mysql://root@127.0.0.1:{}/{}?ssl-mode=disabled", proxy.port, database.name);
    Ok((proxy, url, go_on, reached))
}

/// The comment before a statement of the migration, or before its record.
pub(crate) fn comment(statement: u32, what: &str) -> String {
    format!("/* driftline {CHANGE} up {statement}{what} */")
}

/// One run waits for the other, and then has nothing to do.
pub(crate) fn two_at_once(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = with_base(server, &project)?;
    let (_proxy, url, go_on, reached) = holding(&database, &comment(2, ""))?;
    let first = project.spawn(&["migrate", &url])?;
    reached.recv_timeout(Duration::from_secs(20))?;
    let second = project.spawn(&["migrate", &database.url_text()])?;
    wait_for_process(&database, "INFO LIKE '%GET_LOCK%'")?;
    go_on.send(())?;
    said(first)?.expect(0, "the first run")?;
    let second = said(second)?.expect(0, "the second run")?;
    let second = second.saying(&["waiting for another run: connection"])?;
    if !second.out.contains("0 migrations done") {
        return Err(format!("the second run did something: {second:?}").into());
    }
    project.expect_final(&database)
}

/// Another session holds the lock.
pub(crate) fn lock_held(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = with_base(server, &project)?;
    let mut other = database.connection()?;
    let id: Option<(u64,)> = other.query_first("SELECT CONNECTION_ID()")?;
    let id = id.ok_or("no id")?.0;
    other.query_drop(format!("DO GET_LOCK({LOCK}, 0)"))?;
    let url = database.url_text();
    let run = project.run(&["migrate", &url, "--wait", "1"])?.expect(7, "with the lock held")?;
    run.saying(&["another run holds the lock", &format!("held by connection {id}, root@")])?;
    project.run(&["status", &url])?.expect(1, "status with the lock held")?;
    drop(other);
    project.run(&["migrate", &url])?.expect(0, "with the lock free")?;
    project.expect_final(&database)
}

/// A migration of one ALTER.
fn one_alter() -> Result<Project, Failed> {
    Project::of(&[
        (
            &format!("{BASE}_base.up.sql"),
            "CREATE TABLE `customers` (`id` int NOT NULL, PRIMARY KEY (`id`));
             CREATE TABLE `orders` (`id` int NOT NULL, `customer` int NOT NULL, PRIMARY KEY (`id`),
               KEY `customer` (`customer`), CONSTRAINT `orders_customer` FOREIGN KEY (`customer`)
               REFERENCES `customers` (`id`));
             INSERT INTO `customers` VALUES (1);
             INSERT INTO `orders` VALUES (1, 1);",
        ),
        (
            &format!("{CHANGE}_change.up.sql"),
            "ALTER TABLE `customers` ADD COLUMN `email` varchar(100), ALGORITHM=COPY;",
        ),
    ])
}

/// A session has read the table in a transaction that is open.
pub(crate) fn metadata_lock(server: &TestServer) -> Outcome {
    blocked_by(server, "START TRANSACTION; SELECT * FROM customers")
}

/// A session has read the referencing table in a transaction that is open: MySQL locks it, too.
pub(crate) fn metadata_lock_of_referencing_table(server: &TestServer) -> Outcome {
    if server.is_mariadb() {
        let project = one_alter()?;
        let database = with_base(server, &project)?;
        let mut other = database.connection()?;
        other.query_drop("START TRANSACTION; SELECT * FROM orders")?;
        project.run(&["migrate", &database.url_text()])?.expect(0, "MariaDB waits for nobody")?;
        return project.expect_final(&database);
    }
    blocked_by(server, "START TRANSACTION; SELECT * FROM orders")
}

fn blocked_by(server: &TestServer, holds: &str) -> Outcome {
    let project = one_alter()?;
    let database = with_base(server, &project)?;
    let url = database.url_text();
    let mut other = database.connection()?;
    let id: Option<(u64,)> = other.query_first("SELECT CONNECTION_ID()")?;
    let id = id.ok_or("no id")?.0;
    other.query_drop(holds)?;
    let run = project.run(&["migrate", &url, "--wait", "2"])?.expect(7, "blocked")?;
    run.saying(&["got no lock within", &format!("`KILL {id}` ends it"), "nothing of it is in"])?;
    let there = "SELECT COUNT(*) FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'email'";
    if one::<u32>(&database, there)? != 0 {
        return Err("something is in".into());
    }
    let run = project.spawn(&["migrate", &url])?;
    wait_for_process(&database, "STATE LIKE '%metadata lock%'")?;
    other.query_drop("COMMIT")?;
    said(run)?.expect(0, "after the transaction's end")?;
    project.expect_final(&database)
}

/// Another session holds FLUSH TABLES WITH READ LOCK, as a backup does.
pub(crate) fn global_read_lock(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = with_base(server, &project)?;
    let url = database.url_text();
    let mut other = database.connection()?;
    other.query_drop("FLUSH TABLES WITH READ LOCK")?;
    let began = Instant::now();
    let run = project.run(&["migrate", &url, "--wait", "2"])?.expect(7, "under the lock")?;
    if began.elapsed() > Duration::from_secs(20) {
        return Err(format!("that took {:?}: {run:?}", began.elapsed()).into());
    }
    other.query_drop("UNLOCK TABLES")?;
    match level(&database)? {
        0 => {}
        level => return Err(format!("under the lock {level} statements came in").into()),
    }
    other.query_drop("FLUSH TABLES WITH READ LOCK")?;
    let run = project.spawn(&["migrate", &url])?;
    wait_for_process(&database, "STATE LIKE '%lock%'")?;
    other.query_drop("UNLOCK TABLES")?;
    said(run)?.expect(0, "after the lock")?;
    project.expect_final(&database)
}

/// The lock comes between a statement and its record.
pub(crate) fn global_read_lock_in_between(server: &TestServer) -> Outcome {
    for (statement, unlocks) in [(2, true), (2, false), (3, true), (3, false)] {
        let project = Project::new()?;
        let database = with_base(server, &project)?;
        let (_proxy, url, go_on, reached) = holding(&database, &comment(statement, ""))?;
        let wait = if unlocks { "60" } else { "2" };
        let run = project.spawn(&["migrate", &url, "--wait", wait])?;
        reached.recv_timeout(Duration::from_secs(20))?;
        let mut other = database.connection()?;
        if statement == 2 {
            other.query_drop("FLUSH TABLES WITH READ LOCK")?;
        } else {
            // It would wait for the transaction, and what comes after it for it.
            let mut locking = database.connection()?;
            let (is_held, held) = mpsc::channel();
            std::thread::spawn(move || {
                let _ = locking.query_drop("FLUSH TABLES WITH READ LOCK");
                let _ = is_held.send(());
                std::thread::sleep(Duration::from_secs(4));
            });
            // MySQL gives it at once, MariaDB after the transaction.
            let waits = "SELECT COUNT(*) FROM information_schema.PROCESSLIST
                WHERE INFO LIKE 'FLUSH TABLES%' AND DB = DATABASE() AND STATE LIKE '%lock%'";
            let mut tries = 0;
            while held.recv_timeout(Duration::from_millis(50)).is_err()
                && one::<u32>(&database, waits)? == 0
            {
                tries += 1;
                if tries > 400 {
                    return Err("FLUSH TABLES WITH READ LOCK doesn't begin".into());
                }
            }
        }
        go_on.send(())?;
        let what = format!("the lock in statement {statement}, given back: {unlocks}");
        if unlocks && statement == 2 {
            wait_for_process(&database, "STATE LIKE '%lock%'")?;
            other.query_drop("UNLOCK TABLES")?;
        }
        let run = said(run)?;
        other.query_drop("UNLOCK TABLES")?;
        if unlocks {
            run.expect(0, &what)?;
        } else {
            run.expect(6, &what)?.saying(&["`driftline migrate` goes on"])?;
            std::thread::sleep(Duration::from_secs(if statement == 3 { 3 } else { 0 }));
            project.run(&["status", &database.url_text()])?.expect(6, &what)?;
            project.run(&["migrate", &database.url_text()])?.expect(0, &what)?;
        }
        match level(&database)? {
            STATEMENTS => project.expect_final(&database)?,
            level => return Err(format!("{what}: {level} statements are in").into()),
        }
    }
    Ok(())
}

/// The server takes no writes.
pub(crate) fn read_only(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = with_base(server, &project)?;
    let tail = &database.name[database.name.len().saturating_sub(18)..];
    server.plain(
        None,
        &format!(
            "CREATE USER 'ro{tail}' IDENTIFIED BY 'x'; GRANT ALL ON `{}`.* TO 'ro{tail}'",
            database.name
        ),
    )?;
    let url = database.url_text().replace("root@", &format!("ro{tail}:x@"));
    server.plain(None, "SET GLOBAL read_only = 1")?;
    let run = project.run(&["migrate", &url, "--wait", "1"]);
    let tried = project.run(&["migrate", &url, "--wait", "1", "--allow", "read-only"]);
    server.plain(None, "SET GLOBAL read_only = 0")?;
    run?.expect(3, "read-only")?.saying(&["read_only is on", "name the primary in the URL"])?;
    tried?.expect(3, "read-only and tried")?.saying(&["name the primary in the URL"])?;
    project.run(&["status", &url])?.expect(1, "status after read-only")?;
    project.run(&["migrate", &url])?.expect(0, "writable")?;
    server.plain(None, &format!("DROP USER 'ro{tail}'"))?;
    project.expect_final(&database)
}

/// The connection that holds the lock.
fn holder(connection: &mut Conn) -> Result<u64, Failed> {
    let row: Option<(u64,)> = connection.query_first(format!("SELECT IS_USED_LOCK({LOCK})"))?;
    Ok(row.ok_or("nobody holds the lock")?.0)
}

/// Somebody kills the working connection, between statements and within one; it goes on by itself.
pub(crate) fn worker_killed(server: &TestServer) -> Outcome {
    for statement in 1..=STATEMENTS {
        let project = Project::new()?;
        let database = with_base(server, &project)?;
        let (_proxy, url, go_on, reached) = holding(&database, &comment(statement, ""))?;
        let run = project.spawn(&["migrate", &url])?;
        reached.recv_timeout(Duration::from_secs(20))?;
        let mut other = database.connection()?;
        let id = holder(&mut other)?;
        other.query_drop(format!("KILL {id}"))?;
        go_on.send(())?;
        said(run)?.expect(0, "with the worker killed")?.saying(&["connecting again"])?;
        project.expect_final(&database)?;
        match level(&database)? {
            STATEMENTS => {}
            level => return Err(format!("{level} statements are in").into()),
        }
    }
    let project = Project::new()?;
    project.edit(
        &format!("{CHANGE}_change.up.sql"),
        "`visits` = `visits` + 1",
        "`visits` = `visits` + 1 + SLEEP(0.5)",
    )?;
    let database = with_base(server, &project)?;
    let run = project.spawn(&["migrate", &database.url_text()])?;
    let id = wait_for_process(&database, "INFO LIKE '%up 3 */ UPDATE%'")?;
    database.connection()?.query_drop(format!("KILL {id}"))?;
    said(run)?.expect(0, "killed in an UPDATE")?.saying(&["connecting again"])?;
    match level(&database)? {
        STATEMENTS => project.expect_final(&database),
        level => Err(format!("{level} statements are in").into()),
    }
}
