//! Migrations that are undone.

use libtest_mimic::Failed;

use crate::project::{COUNTER, Project};
use crate::support::servers::TestServer;

const UP: &str = "-- statement 1
CREATE TABLE a (id int NOT NULL PRIMARY KEY);
-- statement 2, data
UPDATE t SET n = n + 1;
-- statement 3
ALTER TABLE t ADD UNIQUE KEY u (n);
-- statement 4
CREATE TABLE b (id int NOT NULL PRIMARY KEY);
";
const DOWN: &str = "-- undoes 4
DROP TABLE b;
-- undoes 3
ALTER TABLE t DROP KEY u;
-- undoes 2
UPDATE t SET n = n - 1;
-- undoes 1
DROP TABLE a;
";

pub(crate) fn failed(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    project.database.plain("INSERT INTO t VALUES (1, 5), (2, 5)")?;
    project.migration("30000101000000_half", UP, Some(DOWN))?;
    project.relist()?;
    project.run(6, &["migrate"])?.says(&["failed at statement 3 of 4"])?;
    project.run(6, &["rollback"])?.says(&["has stopped half-way", "rollback --failed"])?;
    project.run(4, &["rollback", "--failed"])?.says(&["drop-table:a"])?;
    let allowed = ["rollback", "--failed", "--allow", "drop-table:a"];
    project.run(0, &allowed)?.says(&["undoing 30000101000000_half"])?;
    project.expect("SELECT n FROM t", "5\n5")?;
    project.expect("SHOW TABLES LIKE 'a'", "")?;
    project.run(1, &["status"])?.says(&["1 migration applied, 1 pending"])
}

pub(crate) fn nothing_in(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    project.migration("30000101000000_wrong", "UPDATE t SET nosuch = 1;\n", None)?;
    project.relist()?;
    project.run(3, &["migrate"])?.says(&["nothing of it is in"])?;
    project.run(1, &["status"])?.says(&["1 migration applied, 1 pending"])?;
    project.run(0, &["rollback", "--failed"])?.says(&["nothing to undo"])?;
    project.run(1, &["status"])?.says(&["1 migration applied, 1 pending"])
}

pub(crate) fn impossible(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    let down = "-- undoes 2\nUPDATE t SET n = 1;\n-- undoes 1: impossible, the rows are gone\n";
    let up = "-- statement 1, data\nDELETE FROM t;\n-- statement 2, data\nUPDATE t SET n = 2;\n";
    project.migration("30000101000000_gone", up, Some(down))?;
    project.migration("30000101000001_none", "DO 1;\n", None)?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    project.run(4, &["rollback"])?.says(&["there is no file that undoes it"])?;
    project.migration("30000101000001_none", "DO 1;\n", Some("DO 2;\n"))?;
    project.run(0, &["rollback"])?;
    let printed = project.run(4, &["rollback"])?;
    printed.says(&["statement 1 can't be undone: the rows are gone"])?;
    // The statement of its file that could run hasn't.
    project.run(1, &["status"])?.says(&["2 migrations applied"])
}

pub(crate) fn without_marks(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    let unmarked = |text: &str| -> String {
        text.lines()
            .filter(|line| !line.starts_with("--"))
            .map(|line| format!("{line}\n"))
            .collect()
    };
    project.migration("30000101000000_whole", &unmarked(UP), Some(&unmarked(DOWN)))?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    project.run(0, &["rollback", "--allow", "drop-table:*"])?;
    project.run(0, &["migrate", "--to", &project.versions()?[0]])?;
    project.database.plain("INSERT INTO t VALUES (1, 5), (2, 5)")?;
    project.run(6, &["migrate"])?;
    let printed = project.run(4, &["rollback", "--failed", "--allow", "*:*"])?;
    printed.says(&["doesn't say which of its statements undoes which"])
}

pub(crate) fn extents(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    for number in 1..=4 {
        let table = format!("x{number}");
        project.migration(
            &format!("3000010100000{number}_{table}"),
            &format!("CREATE TABLE {table} (a int);\n"),
            Some(&format!("DROP TABLE {table};\n")),
        )?;
    }
    project.relist()?;
    project.run(0, &["migrate"])?;
    let allow = ["--allow", "drop-table:*"];
    let run = |args: &[&str]| project.run(0, &[args, &allow].concat());
    run(&["rollback"])?;
    project.expect("SHOW TABLES LIKE 'x%'", "x1\nx2\nx3")?;
    run(&["rollback", "--steps", "2"])?;
    project.expect("SHOW TABLES LIKE 'x%'", "x1")?;
    project.run(0, &["migrate"])?.says(&["3 migrations done"])?;
    run(&["rollback", "--to", "30000101000002"])?;
    project.expect("SHOW TABLES LIKE 'x%'", "x1\nx2")?;
    project.run(2, &["rollback", "--to", "30000101000004"])?.says(&["isn't among"])?;
    run(&["rollback", "--to", "0"])?;
    run(&["rollback"])?.says(&["nothing to undo"])
}
