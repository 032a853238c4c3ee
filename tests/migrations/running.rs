//! Migrations that are carried out and go on after they have stopped.

use libtest_mimic::Failed;

use crate::project::{COUNTER, Project};
use crate::support::servers::TestServer;

/// The schema of the repository, with what later migrations change.
const EXAMPLE: &str = include_str!("../../schema.yaml");

pub(crate) fn example(server: &TestServer) -> Result<(), Failed> {
    let flavor = server.server.flavor();
    let schema = EXAMPLE.replace("server: mysql:8.0", &format!("server: {flavor}"));
    let project = Project::new(server, &schema)?;
    project.generate("first")?;
    let second = schema
        .replace("      title: varchar(500) not null\n", "      title: varchar(600) not null\n");
    assert_ne!(second, schema);
    project.write("schema.yaml", &second)?;
    project.generate("second")?;
    let third = format!("{second}\nviews:\n  recent: select id, title from reports\n");
    project.write("schema.yaml", &third)?;
    project.generate("third")?;
    project.run(1, &["status"])?.says(&["0 migrations applied, 3 pending"])?;
    project.run(0, &["migrate"])?.says(&["3 migrations done"])?;
    project.run(0, &["status"])?.says(&["3 migrations applied, 0 pending"])?;
    project.run(0, &["check", "--fail-on", "drift"])?;
    project.run(0, &["migrate"])?.says(&["nothing to do"])?;
    project.run(0, &["history", "--statements"])?.says(&["up 1  done", "third"])?;
    project.run(4, &["rollback", "--to", "0"])?.says(&["--allow 'drop-table:reports'"])?;
    project.run(0, &["rollback", "--to", "0", "--allow", "*:*"])?.says(&["undoing"])?;
    project.expect("SHOW TABLES", "driftline_migrations\ndriftline_statements")?;
    project.run(1, &["status"])?.says(&["0 migrations applied, 3 pending"])?;
    project.run(0, &["migrate", "--to", &project.versions()?[1]])?.says(&["2 migrations done"])?;
    project.run(1, &["status", "--format", "json"])?.says(&["\"unfinished\": null"])
}

pub(crate) fn dry_run(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.run(0, &["migrate", "--dry-run"])?.says(&["CREATE TABLE `t`"])?;
    project.run(0, &["migrate", "--dry-run", "--format", "json"])?.says(&["\"kind\": \"ddl\""])?;
    project.run(1, &["status"])?;
    project.run(0, &["history"])?.says(&["has no history"])?;
    project.expect("SHOW TABLES", "")
}

const DATA: &str = "-- driftline: 1
-- statement 1, data
INSERT INTO t VALUES (1, 1), (2, 2);
-- statement 2, data
UPDATE t SET n = n + 1;
-- statement 3
ALTER TABLE t ADD COLUMN m int NOT NULL DEFAULT 0, ADD UNIQUE KEY u (m);
-- statement 4
CREATE TABLE u (id int NOT NULL PRIMARY KEY);
";

pub(crate) fn failed(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.migration("30000101000000_data", DATA, None)?;
    project.relist()?;
    let printed = project.run(6, &["migrate"])?;
    printed.says(&["failed at statement 3 of 4", "(error 1062)", "2 of 4 statements are in"])?;
    project.run(6, &["status"])?.says(&["up 2: in", "up 3: failed", "up 4: not in"])?;
    project.run(6, &["migrate"])?.says(&["3: wasn't in", "failed at statement 3 of 4"])?;
    // What hasn't run may be edited; what has run may not.
    let edited = DATA.replace("UNIQUE KEY", "KEY");
    project.migration("30000101000000_data", &edited.replace("n + 1", "n + 2"), None)?;
    project.relist()?;
    project.run(5, &["migrate"])?.says(&["statement 2 of the up file", "was changed since"])?;
    project.migration("30000101000000_data", &edited.replace('\n', "\r\n"), None)?;
    project.relist()?;
    project.run(0, &["migrate"])?.says(&["going on with", "4: done"])?;
    project.expect("SELECT id, n, m FROM t", "1\t2\t0\n2\t3\t0")?;
    project.run(0, &["status"]).map(drop)
}

pub(crate) fn unknown(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    let up = "-- statement 1, data\nINSERT INTO t VALUES (1, 1);\n-- statement 2\nCALL p();\n";
    project.migration("30000101000000_call", up, None)?;
    project.relist()?;
    let printed = project.run(6, &["migrate"])?;
    printed.says(&["failed at statement 2 of 2", "(error 1305)"])?;
    // A call may have done anything before it failed.
    let printed = project.run(6, &["migrate"])?;
    printed
        .says(&["it is unknown whether statement 2 of 2", "driftline resolve 30000101000000:2"])?;
    project.run(2, &["resolve", "30000101000000:1", "--done"])?.says(&["no doubt"])?;
    project.run(0, &["resolve", "30000101000000:2", "--not-done"])?;
    project.database.plain("CREATE PROCEDURE p() UPDATE t SET n = n + 1")?;
    project.run(5, &["migrate"])?.says(&["procedure p"])?;
    project.run(0, &["migrate", "--allow", "drift"])?;
    project.expect("SELECT n FROM t", "2")?;
    project.run(0, &["status"]).map(drop)
}

pub(crate) fn without_transactions(server: &TestServer) -> Result<(), Failed> {
    let schema = COUNTER.replace("  t:\n", "  t:\n    engine: MyISAM\n");
    let project = Project::new(server, &schema)?;
    project.generate("first")?;
    let up = "INSERT INTO t VALUES (1, 1);\nINSERT INTO t VALUES (2, 2), (1, 1);\n";
    project.migration("30000101000000_rows", up, None)?;
    project.relist()?;
    project.run(6, &["migrate"])?.says(&["failed at statement 2 of 2"])?;
    // The first of its rows stays in such a table, so nobody but a person can tell.
    project.run(6, &["migrate"])?.says(&["it is unknown whether statement 2 of 2"])?;
    project.run(0, &["resolve", "30000101000000:2", "--done"])?;
    project.run(0, &["migrate"])?;
    project.run(0, &["status"]).map(drop)
}

pub(crate) fn objects(server: &TestServer) -> Result<(), Failed> {
    let schema = format!(
        "{COUNTER}views:\n  v: select id from t\ntriggers:\n  g: {{ table: t, when: before insert, \
         body: \"begin set new.n = 1; set new.id = new.id; end\" }}\nprocedures:\n  p: {{ body: \
         \"begin select 1; select 2; end\" }}\n"
    );
    let project = Project::new(server, &schema)?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    project.write(
        "schema.yaml",
        &schema.replace("new.n = 1", "new.n = 7").replace("select 2", "select 3"),
    )?;
    project.generate("second")?;
    project.run(0, &["migrate"])?;
    project.run(0, &["check", "--fail-on", "drift"])?;
    project.expect("INSERT INTO t (id) VALUES (1); SELECT n FROM t", "7")?;
    project.run(0, &["rollback"])?;
    project.expect("INSERT INTO t (id) VALUES (2); SELECT n FROM t WHERE id = 2", "1")
}

pub(crate) fn destruction(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    let up = "-- statement 1\nALTER TABLE t DROP COLUMN n;\n-- statement 2\nTRUNCATE TABLE t;\n";
    project.migration("30000101000000_drop", up, None)?;
    project.relist()?;
    let printed = project.run(4, &["migrate"])?;
    printed.says(&["--allow 'drop-column:t.n'", "--allow 'truncate:t'"])?;
    project.run(1, &["status"])?.says(&["0 migrations applied"])?;
    project.run(4, &["migrate", "--allow", "drop-column:t.n"])?.says(&["truncate:t"])?;
    // Comments don't change the checksum, so a reviewer's permission needs no new list.
    let allowed = format!("-- allow: drop-column:t.n, truncate:t\n{up}");
    project.migration("30000101000000_drop", &allowed, None)?;
    project.run(0, &["migrate"])?;
    project.expect("SHOW COLUMNS FROM t LIKE 'n'", "")
}

pub(crate) fn sessions(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    let one = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', autocommit = 0, \
               foreign_key_checks = 0;\nINSERT INTO \"t\" VALUES (1, LENGTH('\\'));\n";
    project.migration("30000101000000_one", one, None)?;
    let two = "INSERT INTO t VALUES (2, LENGTH(\"a\\\\\")), (3, @@foreign_key_checks);\n";
    project.migration("30000101000001_two", two, None)?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    project.expect("SELECT n FROM t ORDER BY id", "1\n2\n1")
}

pub(crate) fn no_drift(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.write("driftline.toml", "history = \"changes\"\n")?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    project.expect("SHOW TABLES", "changes_migrations\nchanges_statements\nt")?;
    project.run(0, &["check", "--fail-on", "drift"])?;
    project.run(0, &["diff"])?;
    let pulled = project.run(0, &["pull"])?;
    assert!(!pulled.out.contains("changes"), "{}", pulled.out);
    let listed = project.run(0, &["inspect", "tables"])?;
    assert!(!listed.out.contains("changes"), "{}", listed.out);
    project.run(0, &["status"]).map(drop)
}

pub(crate) fn rights(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    let name = &project.database.name;
    let user = format!("m{}", &name[name.len().saturating_sub(20)..]);
    server.plain(
        None,
        &format!(
            "CREATE USER '{user}'@'%' IDENTIFIED BY 'pw'; \
             GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON `{name}`.* TO '{user}'@'%'"
        ),
    )?;
    let url = project.database.url_text().replace("root@", &format!("{user}:pw@"));
    let outcome = (|| {
        project.run_at(0, &["migrate"], &url)?.says(&["1 migration done"])?;
        project.write("schema.yaml", &COUNTER.replace("n: int", "n: bigint"))?;
        project.generate("wider")?;
        let printed = project.run_at(4, &["migrate"], &url)?;
        printed.says(&["lacks rights", "ALTER", "GRANT", "--allow missing-rights"])?;
        project.run_at(3, &["migrate", "--allow", "missing-rights"], &url)?.says(&["(error 1142)"])
    })();
    server.plain(None, &format!("DROP USER '{user}'@'%'"))?;
    outcome
}
