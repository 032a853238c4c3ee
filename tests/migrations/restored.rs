//! A database that is restored from a dump on another server, with the history that came with it.

use libtest_mimic::Failed;

use crate::project::Project;
use crate::support::servers::{Database, TestServer, servers};

/// A schema that is the same on all servers.
const SCHEMA: &str = "defaults: { charset: utf8mb4, collation: utf8mb4_general_ci }
tables:
  t:
    columns:
      id: int not null
      n: int
    primary_key: [id]
";

const HALF: &str = "-- statement 1
ALTER TABLE t ADD COLUMN m int;
-- statement 2, data
UPDATE t SET m = n + 1;
-- statement 3
ALTER TABLE t ADD UNIQUE KEY u (n);
";

/// The dump of one server, restored on each other one.
pub(crate) fn on_other_server(server: &TestServer) -> Result<(), Failed> {
    for other in servers().iter().filter(|it| it.name() != server.name()) {
        let project = Project::new(server, SCHEMA)?;
        project.generate("first")?;
        project.run(0, &["migrate"])?;
        project.database.plain("INSERT INTO t VALUES (1, 5), (2, 5)")?;
        let there = restored(&project.database, other)?;
        let there_url = there.url_text();
        let run = |code, args: &[&str]| project.run_at(code, args, &there_url);
        let note = format!("the history was written on another server ({} on ", server.server);
        let here = format!("and this is {} on ", other.server);
        for command in [&["status"][..], &["history"], &["migrate"]] {
            let printed = run(0, command)?;
            printed.says(&[&note, &here, "which `driftline check` shows"])?;
            refuse(&printed.err, "half-way")?;
        }
        run(0, &["history"])?.says(&[&format!(", {} on ", server.server)])?;
        let version = format!("\"version\": \"{}\"", server.server);
        run(0, &["status", "--format", "json"])?.says(&["\"written_on\": {", &version])?;
        // The server that has written it says nothing.
        refuse(&project.run(0, &["status"])?.err, "another server")?;
        project.run(0, &["status", "--format", "json"])?.says(&["\"written_on\": null"])?;

        half_way(&project, other)?;
    }
    Ok(())
}

/// The same with a migration that has stopped.
fn half_way(project: &Project, other: &TestServer) -> Result<(), Failed> {
    project.migration("30000101000000_half", HALF, None)?;
    project.relist()?;
    project.run(6, &["migrate"])?.says(&["failed at statement 3 of 3"])?;
    let there = restored(&project.database, other)?;
    let there_url = there.url_text();
    let run = |code, args: &[&str]| project.run_at(code, args, &there_url);
    let stopped = format!("30000101000000 stopped half-way on {} on", project.server.server);
    run(6, &["status"])?.says(&[&stopped, "up 2: in", "up 3: failed"])?;
    run(6, &["status", "--format", "json"])?.says(&["\"began_on\": {"])?;
    run(6, &["migrate"])?.says(&[&stopped, "3: wasn't in"])?;
    // From now on it is this server's.
    refuse(&run(6, &["status"])?.err, "another server")?;
    there.plain("UPDATE t SET n = id")?;
    run(0, &["migrate"])?.says(&["3: done"])?;
    if there.plain("SELECT id, n, m FROM t ORDER BY id")? != "1\t1\t6\n2\t2\t6\n" {
        return Err("a statement ran twice, or not at all".into());
    }
    refuse(&run(0, &["status"])?.err, "another server")
}

fn restored(database: &Database, on: &TestServer) -> Result<Database, Failed> {
    let restored = on.database("restored")?;
    restored.plain(&database.dump()?.replace(&format!("`{}`.", database.name), ""))?;
    Ok(restored)
}

fn refuse(text: &str, part: &str) -> Result<(), Failed> {
    match text.contains(part) {
        true => Err(format!("{part:?} is in\n{text}").into()),
        false => Ok(()),
    }
}
