//! Migrations of which nothing is in after a run, because their first statement was refused.

use libtest_mimic::Failed;

use crate::project::{COUNTER, Project};
use crate::support::servers::TestServer;

/// A project whose first migration is in, with two rows of the same number.
fn project(server: &TestServer) -> Result<Project, Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    project.database.plain("INSERT INTO t VALUES (1, 5), (2, 5)")?;
    Ok(project)
}

pub(crate) fn by_server(server: &TestServer) -> Result<(), Failed> {
    let project = project(server)?;
    for (number, up) in ["UPDATE t SET nosuch = 1;\n", "ALTER TABLE t ADD UNIQUE KEY u (n);\n"]
        .into_iter()
        .enumerate()
    {
        let name = format!("3000010100000{number}_refused");
        project.migration(&name, up, Some("DO 1;\n"))?;
        project.relist()?;
        let done = format!("{} applied, 1 pending", ["1 migration", "2 migrations"][number]);
        project.run(3, &["migrate"])?.says(&["nothing of it is in"])?;
        let printed = project.run(1, &["status"])?;
        let why = ["stopped at statement 1: Unknown column", "stopped at statement 1: Duplicate"];
        printed.says(&[
            &done,
            "pending  30000101",
            "nothing of it is in: the run of",
            why[number],
        ])?;
        let printed = project.run(1, &["status", "--format", "json"])?;
        printed.says(&["\"unfinished\": null", ["1054", "1062"][number]])?;
        project.run(0, &["rollback", "--failed"])?.says(&["nothing to undo"])?;
        // It is edited like any other that hasn't run.
        project.migration(&name, "DO 1;\n", Some("DO 1;\n"))?;
        project.relist()?;
        project.run(0, &["migrate"])?.says(&[&format!("{name} (1 statement)")])?;
        project.run(0, &["status"])?.says(&["0 pending"])?;
        project.run(0, &["history", "--statements"])?.says(&["up 1  done"])?;
    }
    // What was refused is forgotten where it is noted as carried out.
    project.migration("30000101000002_refused", "UPDATE t SET nosuch = 1;\n", None)?;
    project.relist()?;
    project.run(3, &["migrate"])?;
    project.run(0, &["stamp", "30000101000002", "--unchecked"])?;
    project.run(0, &["status"])?.says(&["4 migrations applied, 0 pending"])?;
    project.expect("SELECT COUNT(*) FROM driftline_statements WHERE state = 'failed'", "0")
}

pub(crate) fn blocked(server: &TestServer) -> Result<(), Failed> {
    let project = project(server)?;
    project.migration(
        "30000101000000_blocked",
        "ALTER TABLE t ADD COLUMN m int;\n",
        Some("ALTER TABLE t DROP COLUMN m;\n"),
    )?;
    project.relist()?;
    let mut other = project.database.connection()?;
    other.query_drop("BEGIN")?;
    let _: Option<(i64,)> = other.query_first("SELECT COUNT(*) FROM t")?;
    project
        .run(7, &["migrate", "--wait", "1"])?
        .says(&["got no lock within", "nothing of it is"])?;
    let printed = project.run(1, &["status"])?;
    printed.says(&["1 migration applied, 1 pending", "stopped at statement 1: no lock within"])?;
    other.query_drop("COMMIT")?;
    project.run(0, &["migrate"])?.says(&["30000101000000_blocked (1 statement)"])?;
    // The same of its undoing.
    let finished = "SELECT finished_at FROM driftline_migrations WHERE version = '30000101000000'";
    let before = project.database.plain(finished)?;
    other.query_drop("BEGIN")?;
    let _: Option<(i64,)> = other.query_first("SELECT COUNT(*) FROM t")?;
    let rollback = ["rollback", "--wait", "1", "--allow", "*:*"];
    project.run(7, &rollback)?.says(&["got no lock within", "nothing of it is undone"])?;
    project.run(0, &["status"])?.says(&["2 migrations applied, 0 pending"])?;
    project.expect(finished, before.trim_end())?;
    other.query_drop("COMMIT")?;
    project.run(0, &rollback)?;
    project.run(1, &["status"])?.says(&["1 migration applied, 1 pending"])
}

pub(crate) fn undoing(server: &TestServer) -> Result<(), Failed> {
    let project = project(server)?;
    let down = "-- undoes 2\nALTER TABLE t ADD UNIQUE KEY u (n);\n-- undoes 1\nDROP TABLE a;\n";
    let up =
        "-- statement 1\nCREATE TABLE a (id int);\n-- statement 2, data\nUPDATE t SET n = 6;\n";
    project.migration("30000101000000_kept", up, Some(down))?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    let rollback = ["rollback", "--allow", "*:*"];
    project.run(3, &rollback)?.says(&["failed at statement 1 of 2", "nothing of it is undone"])?;
    project.run(0, &["status"])?.says(&["2 migrations applied, 0 pending"])?;
    project.run(0, &["migrate"])?.says(&["nothing to do"])?;
    // One that was half-way still is.
    let up = format!("{up}-- statement 3\nALTER TABLE t ADD UNIQUE KEY v (n);\n");
    let down = format!("-- undoes 3\n{}", down.replace("TABLE a", "TABLE b"));
    project.migration("30000101000001_half", &up.replace("TABLE a", "TABLE b"), Some(&down))?;
    project.relist()?;
    project.run(6, &["migrate"])?.says(&["failed at statement 3 of 3"])?;
    project.run(3, &["rollback", "--failed", "--allow", "*:*"])?;
    project.run(6, &["status"])?.says(&["up 2: in", "up 3: failed"])?;
    project.database.plain("UPDATE t SET n = id")?;
    project.run(0, &["migrate"])?.says(&["3: done"])?;
    project.run(0, &["status"])?.says(&["3 migrations applied, 0 pending"])
}

pub(crate) fn in_doubt(server: &TestServer) -> Result<(), Failed> {
    let project = project(server)?;
    project.database.plain(
        "DELIMITER //
         CREATE PROCEDURE p() BEGIN UPDATE t SET n = n + 1; UPDATE t SET nosuch = 1; END//",
    )?;
    project.migration("30000101000000_call", "CALL p();\n", None)?;
    project.relist()?;
    let run = ["migrate", "--allow", "drift"];
    project.run(6, &run)?.says(&["a part of the statement may be in"])?;
    project.run(6, &["status"])?.says(&["has stopped half-way"])?;
    project.run(6, &run)?.says(&["it is unknown whether"])?;
    project.expect("SELECT n FROM t", "6\n6")?;
    // Nothing is half-way once a person has looked.
    project.run(0, &["resolve", "30000101000000:1", "--not-done"])?;
    project.run(1, &["status"])?.says(&["1 migration applied, 1 pending"])?;
    // One that gets no lock in the middle isn't sent again.
    project.database.plain(
        "CREATE TABLE calls (id int);
         DELIMITER //
         CREATE PROCEDURE q() BEGIN INSERT INTO calls VALUES (1); ALTER TABLE t ADD m int; END//",
    )?;
    project.migration("30000101000000_call", "CALL q();\n", None)?;
    project.relist()?;
    let mut other = project.database.connection()?;
    other.query_drop("BEGIN")?;
    let _: Option<(i64,)> = other.query_first("SELECT COUNT(*) FROM t")?;
    let run = ["migrate", "--allow", "drift", "--wait", "3"];
    project.run(6, &run)?.says(&["(error 1205)", "a part of the statement may be in"])?;
    project.expect("SELECT COUNT(*) FROM calls", "1")
}
