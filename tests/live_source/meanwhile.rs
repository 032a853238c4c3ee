//! What other sessions do while a database is read.

use std::time::{Duration, Instant};

use driftline::model::ColumnType;
use driftline::source::live::{self, LiveError};
use driftline::source::{Hold, Loaded, ReadOptions};
use libtest_mimic::Failed;

use crate::support::servers::{Database, TestServer};
use crate::{Outcome, expect_error};

/// Tables are created and dropped while the schema is read. Either it is read as of one moment, or
/// it is an error; no table is ever without its columns.
pub(crate) fn changing_schema(server: &TestServer) -> Outcome {
    let database = server.database("changing")?;
    database.plain("CREATE TABLE steady (id int PRIMARY KEY)")?;
    let url = database.url()?;
    let until = Instant::now() + Duration::from_secs(3);
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| -> Outcome {
            while Instant::now() < until {
                database.plain(
                    "CREATE TABLE a (id int PRIMARY KEY, b int, KEY (b));
                     CREATE TABLE c (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES a (id));
                     DROP TABLE c, a",
                )?;
            }
            Ok(())
        });
        while Instant::now() < until {
            match live::read(&url, &ReadOptions::default()) {
                Ok(loaded) => {
                    let tables = loaded.schema.tables;
                    ensure!(tables.contains_key("steady"), "steady is missing");
                    ensure!(tables.values().all(|table| !table.columns.is_empty()), "{tables:?}");
                }
                Err(LiveError::Changing { .. } | LiveError::Locked { .. }) => {}
                // The table of a SHOW CREATE TABLE may have been dropped by then.
                Err(error) => return Err(error.into()),
            }
        }
        busy.join().unwrap_or_else(|_| Err("the other session failed".into()))
    })
}

/// MariaDB leaves out a table that another session has locked; MySQL reads it nonetheless.
pub(crate) fn locked(server: &TestServer) -> Outcome {
    let database = server.database("locked")?;
    database.plain("CREATE TABLE free (id int PRIMARY KEY); CREATE TABLE lk (a int)")?;
    if !server.is_mariadb() {
        let loaded = live::read(&database.url()?, &ReadOptions::default())?;
        ensure_eq!(loaded.schema.tables.len(), 2);
        return Ok(());
    }
    let error = expect_error(read_while_locked(server, &database, &database)?)?;
    let LiveError::Locked { tables, .. } = &error else { return Err(error.into()) };
    ensure_eq!(*tables, ["lk"]);
    Ok(())
}

/// MariaDB also leaves out the columns of a table whose file is damaged; waiting does not help.
pub(crate) fn damaged(server: &TestServer) -> Outcome {
    if !server.is_mariadb() {
        return Ok(());
    }
    let database = server.database("damaged")?;
    database.plain("CREATE TABLE a (id int PRIMARY KEY)")?;
    let folder = database.plain("SELECT @@datadir")?;
    let file = format!("{}{}/bad.frm", folder.trim(), database.name);
    database.plain(&format!("SELECT 'no definition' INTO DUMPFILE '{file}'"))?;
    for hold in [Hold::Nothing, Hold::All] {
        let options = ReadOptions { hold, ..ReadOptions::default() };
        let error = expect_error(live::read(&database.url()?, &options))?;
        ensure!(matches!(error, LiveError::Unreadable { .. }), "{error}");
        let said = error.to_string();
        ensure!(said.contains("table `bad`") && said.contains("Incorrect information"), "{said}");
    }
    Ok(())
}

/// Reads a database while another session replaces table `lk` of one, which takes long.
fn read_while_locked(
    server: &TestServer,
    database: &Database,
    locked: &Database,
) -> Result<Result<Loaded, LiveError>, Failed> {
    std::thread::scope(|scope| {
        let sleeping = "CREATE OR REPLACE TABLE lk AS SELECT SLEEP(60) AS a";
        let ddl = scope.spawn(|| locked.plain(sleeping));
        std::thread::sleep(Duration::from_secs(1));
        let outcome = live::read(&database.url()?, &ReadOptions::default());
        server.plain(
            None,
            &format!(
                "SELECT CONCAT('KILL ', ID) INTO @kill FROM information_schema.PROCESSLIST
                 WHERE DB = '{}' AND INFO LIKE 'CREATE OR REPLACE%';
                 EXECUTE IMMEDIATE @kill",
                locked.name
            ),
        )?;
        let _ = ddl.join();
        Ok(outcome)
    })
}

/// What happens in another database doesn't matter. MariaDB looks there for spatial columns unless
/// the query is right.
pub(crate) fn locked_elsewhere(server: &TestServer) -> Outcome {
    if !server.is_mariadb() {
        return Ok(());
    }
    let (database, other) = (server.database("spatial")?, server.database("elsewhere")?);
    database.plain("CREATE TABLE t (p point REF_SYSTEM_ID=4326 NOT NULL, q point)")?;
    other.plain("CREATE TABLE lk (a int, p point)")?;
    let read = read_while_locked(server, &database, &other)??.schema;
    let srid = |at: usize| match read.tables["t"].columns[at].ty {
        ColumnType::Geometry { srid, .. } => srid,
        _ => None,
    };
    ensure_eq!((srid(0), srid(1)), (Some(4326), None));
    Ok(())
}
