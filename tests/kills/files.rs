//! Files that change while a migration is half-way, and a half-way database that moves.

use std::fs;

use libtest_mimic::Failed;

use crate::project::{CHANGE, Project, STATEMENTS, level, one, said};
use crate::proxy::{Proxy, Step, query};
use crate::sessions::{comment, with_base};
use crate::support::servers::{Database, TestServer};

type Outcome = Result<(), Failed>;

/// A database whose migration has stopped before this statement was answered, or before its record
/// was written.
fn half_way(
    server: &TestServer,
    project: &Project,
    (statement, what): (u32, &str),
    step: Step,
) -> Result<Database, Failed> {
    let database = with_base(server, project)?;
    let comment = comment(statement, what);
    let decide = move |packet: &[u8]| match query(packet).starts_with(&comment) {
        true => step,
        false => Step::Pass,
    };
    let endpoint = database.url()?.endpoint();
    let proxy = Proxy::start(&endpoint, true, Box::new(decide), Box::new(|| {}))?;
    let url = format!("mysql://root@127.0.0.1:{}/{}?ssl-mode=disabled", proxy.port, database.name);
    said(project.spawn(&["migrate", &url, "--wait", "1"])?)?.expect(6, "the run that is cut")?;
    Ok(database)
}

/// Of a migration that is half-way, what isn't in may be edited, and what is in may not.
pub(crate) fn edited(server: &TestServer) -> Outcome {
    let file = format!("{CHANGE}_change.up.sql");
    let project = Project::new()?;
    let database = half_way(server, &project, (4, " started"), Step::ActBefore)?;
    let url = database.url_text();
    project.edit(&file, "varchar(100)", "varchar(120)")?;
    for command in ["status", "migrate"] {
        project
            .run(&[command, &url])?
            .expect(5, "a statement that is in was edited")?
            .saying(&["statement 2 of the up file", "is in, and was changed since"])?;
    }
    project.edit(&file, "varchar(120)", "varchar(100)")?;
    project.edit(&file, "`seen` int NOT NULL DEFAULT 0", "`seen` bigint NOT NULL DEFAULT 0")?;
    project.run(&["migrate", &url])?.expect(0, "a statement that isn't in was edited")?;
    let kind = "SELECT LOWER(DATA_TYPE) FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'customers' AND COLUMN_NAME = 'seen'";
    if one::<String>(&database, kind)? != "bigint" {
        return Err("it isn't as edited".into());
    }
    project.expect_final(&database)
}

/// The statement that may be in is edited: what is there is neither what the file gives before it
/// nor after it.
pub(crate) fn edited_open_statement(server: &TestServer) -> Outcome {
    let file = format!("{CHANGE}_change.up.sql");
    let project = Project::new()?;
    let database = half_way(server, &project, (2, ""), Step::ActAtAnswer)?;
    let url = database.url_text();
    project.edit(&file, "varchar(100)", "varchar(120)")?;
    let run = project.run(&["migrate", &url])?.expect(6, "the statement that is in was edited")?;
    run.saying(&["unknown whether statement 2 of 8", &format!("resolve {CHANGE}:2")])?;
    project.edit(&file, "varchar(120)", "varchar(100)")?;
    project.run(&["migrate", &url])?.expect(0, "with the statement as it ran")?;
    project.expect_final(&database)
}

/// The same files with other ends of lines are the same migrations.
pub(crate) fn other_ends_of_lines(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = half_way(server, &project, (5, ""), Step::ActAtAnswer)?;
    for entry in fs::read_dir(project.generated())? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "sql") {
            let text = fs::read_to_string(&path)?;
            fs::write(&path, text.replace('\n', "\r\n"))?;
        }
    }
    let url = database.url_text();
    project.run(&["status", &url])?.expect(6, "status with CRLF")?;
    project.run(&["migrate", &url])?.expect(0, "migrate with CRLF")?;
    project.run(&["rollback", &url, "--allow", "*:*"])?.expect(0, "rollback with CRLF")?;
    project.run(&["migrate", &url])?.expect(0, "migrate again with CRLF")?;
    match level(&database)? {
        STATEMENTS => project.expect_final(&database),
        level => Err(format!("{level} statements are in").into()),
    }
}

/// A half-way database is dumped, and restored as another one, which goes on by itself.
pub(crate) fn restored_dump(server: &TestServer) -> Outcome {
    let points = [(2, ""), (3, ""), (3, " done"), (5, ""), (6, " started"), (7, "")];
    for (statement, what) in points {
        let project = Project::new()?;
        let database = half_way(server, &project, (statement, what), Step::ActAtAnswer)?;
        crate::project::wait_for_the_lock(&database)?;
        let restored = server.database("restored")?;
        restored.plain(&database.dump()?.replace(&format!("`{}`.", database.name), ""))?;
        let label = format!("restored at {statement}{what}");
        let url = restored.url_text();
        project.run(&["status", &url])?.expect(6, &label)?;
        project.run(&["migrate", &url])?.expect(0, &label)?;
        match level(&restored)? {
            STATEMENTS => project.expect_final(&restored)?,
            level => return Err(format!("{label}: {level} statements are in").into()),
        }
    }
    Ok(())
}

/// The same on another server of the same version, which is worth a note and nothing more.
pub(crate) fn restored_elsewhere(server: &TestServer, other: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = half_way(server, &project, (3, ""), Step::ActAtAnswer)?;
    crate::project::wait_for_the_lock(&database)?;
    let restored = other.database("restored")?;
    restored.plain(&database.dump()?.replace(&format!("`{}`.", database.name), ""))?;
    let url = restored.url_text();
    let notes = ["the history was written on another server", "stopped half-way on"];
    project.run(&["status", &url])?.expect(6, "status")?.saying(&notes)?;
    let run = project.run(&["migrate", &url])?.expect(0, "migrate")?.saying(&notes)?;
    let status = project.run(&["status", &url])?.expect(0, "status afterwards")?;
    if run.err.contains("driftline check") || status.err.contains("another server") {
        return Err(format!("too much is said: {run:?} {status:?}").into());
    }
    project.expect_final(&restored)
}
