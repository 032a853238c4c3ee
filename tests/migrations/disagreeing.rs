//! Files, history and database that disagree.

use libtest_mimic::Failed;

use crate::project::{COUNTER, Project};
use crate::support::servers::TestServer;

pub(crate) fn files(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.migration("30000101000000_more", "CREATE TABLE u (a int);\n", None)?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    // Edited, and listed as edited: the database knows better.
    project.migration("30000101000000_more", "CREATE TABLE u (a bigint);\n", None)?;
    project.run(5, &["migrate"])?.says(&["was changed after it was listed"])?;
    project.relist()?;
    project.run(5, &["migrate"])?.says(&["was changed after it ran on this database"])?;
    project.run(5, &["status"])?.says(&["was changed after it ran"])?;
    std::fs::remove_file(project.path().join("generated/30000101000000_more.up.sql"))?;
    project.relist()?;
    project.run(5, &["migrate"])?.says(&["the database is ahead of this branch"])?;
    project.run(5, &["status", "--format", "json"])?.says(&["\"no-file\""])
}

pub(crate) fn late(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.migration("30000101000002_newer", "CREATE TABLE u (a int);\n", None)?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    project.migration("30000101000001_older", "CREATE TABLE w (a int);\n", None)?;
    project.relist()?;
    let printed = project.run(5, &["migrate"])?;
    printed.says(&["is older than 30000101000002", "--allow out-of-order:30000101000001"])?;
    project.run(0, &["migrate", "--allow", "out-of-order:30000101000001"])?;
    project.run(0, &["status"]).map(drop)
}

pub(crate) fn drift(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    project.database.plain("ALTER TABLE t ADD KEY hotfix (n)")?;
    project.migration("30000101000000_more", "CREATE TABLE u (a int);\n", None)?;
    project.relist()?;
    project.run(5, &["migrate"])?.says(&["index hotfix (n)", "--allow drift"])?;
    project.run(1, &["status"])?.says(&["1 pending"])?;
    project.run(0, &["migrate", "--allow", "drift"])?;
    project.run(0, &["status"]).map(drop)
}

pub(crate) fn stamped(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    project.generate("first")?;
    project.migration("30000101000000_more", "CREATE TABLE u (a int);\n", None)?;
    project.relist()?;
    let first = project.versions()?[0].clone();
    project.run(5, &["stamp", &first])?.says(&["table t"])?;
    project.database.plain("CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int)")?;
    project.run(5, &["migrate"])?.says(&["nothing was changed"])?;
    project.run(0, &["stamp", &first])?;
    project.run(1, &["status"])?.says(&["1 migration applied, 1 pending"])?;
    project.run(0, &["migrate"])?;
    project.run(0, &["history"])?.says(&["(marked,", "(migration,"])?;
    // One that is half-way is finished by that.
    let half = "-- statement 1\nCREATE TABLE w (a int);\n-- statement 2\nCALL nosuch();\n";
    project.migration("30000101000001_half", half, None)?;
    project.relist()?;
    project.run(6, &["migrate"])?;
    project.run(0, &["stamp", "30000101000001", "--unchecked"])?;
    project.run(0, &["status"])?.says(&["3 migrations applied, 0 pending"])?;
    // Newer ones are forgotten where an older one is noted.
    project.run(0, &["stamp", "0", "--unchecked"])?;
    project.run(1, &["status"])?.says(&["0 migrations applied, 3 pending"])
}

pub(crate) fn baseline(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    let up = "-- driftline: 1\n-- baseline\nCREATE TABLE t (id int NOT NULL PRIMARY KEY, n int);\n";
    project.generate("unused")?;
    std::fs::remove_dir_all(project.path().join("generated"))?;
    project.generate("first")?;
    let first = project.versions()?[0].clone();
    for entry in std::fs::read_dir(project.path().join("generated"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".sql") {
            std::fs::remove_file(path)?;
        }
    }
    project.migration(&format!("{first}_baseline"), up, None)?;
    project.migration("30000101000000_more", "CREATE TABLE u (a int);\n", None)?;
    project.relist()?;
    // A database that has it already.
    project.database.plain("CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int)")?;
    let printed = project.run(0, &["migrate"])?;
    printed.says(&["has what the baseline", "noted as carried out", "1 migration done"])?;
    project.run(0, &["history"])?.says(&["(baseline,"])?;
    // One that has something else.
    let other = Project::new(server, COUNTER)?;
    for name in [format!("{first}_baseline.up.sql"), "30000101000000_more.up.sql".to_owned()] {
        let text = std::fs::read_to_string(project.path().join("generated").join(&name))?;
        other.write(&format!("generated/{name}"), &text)?;
    }
    let lock = std::fs::read_to_string(project.path().join("generated/schema.lock.yaml"))?;
    other.write("generated/schema.lock.yaml", &lock)?;
    other.database.plain("CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, n int)")?;
    other.run(5, &["migrate"])?.says(&["bigint"])?;
    // An empty one gets it from the file.
    other.database.plain("DROP TABLE t")?;
    other.run(0, &["migrate"])?.says(&["2 migrations done"])
}

/// What a baseline refers to and doesn't make, because it is ignored.
pub(crate) fn ignored_references(server: &TestServer) -> Result<(), Failed> {
    let schema = "ignore: { tables: [customers, logs] }
tables:
  orders:
    columns:
      id: int not null
      customer: int
    primary_key: [id]
    indexes:
      customer: [customer]
    foreign_keys:
      orders_customer: { columns: [customer], references: customers(id) }
views:
  latest: select id from logs
";
    let project = Project::new(server, schema)?;
    let ignored = "CREATE TABLE customers (id int NOT NULL PRIMARY KEY);
                   CREATE TABLE logs (id int NOT NULL PRIMARY KEY);";
    project.database.plain(ignored)?;
    project.database.plain(
        "CREATE TABLE orders (id int NOT NULL PRIMARY KEY, customer int, KEY customer (customer),
           CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customers (id));
         CREATE VIEW latest AS SELECT id FROM logs;",
    )?;
    let key = "foreign key orders.orders_customer refers to table customers, which";
    let view = "view latest reads logs, which";
    let printed = project.run(0, &["generate", "-m", "first"])?;
    printed.says(&[key, view, "in an empty database it has to be there first"])?;
    project.run(0, &["migrate"])?.says(&["has what the baseline"])?;
    // An empty database says it again, one after the other, and takes it once the tables are there.
    let empty = server.database("empty")?;
    let url = empty.url_text();
    let made = "no migration makes: it has to be in the database first";
    project.run_at(3, &["migrate"], &url)?.says(&[key, made])?;
    empty.plain("CREATE TABLE customers (id int NOT NULL PRIMARY KEY)")?;
    project.run_at(6, &["migrate"], &url)?.says(&[view, made])?;
    empty.plain("CREATE TABLE logs (id int NOT NULL PRIMARY KEY)")?;
    project.run_at(0, &["migrate"], &url)?;
    project.run_at(0, &["check", "--fail-on", "drift"], &url).map(drop)
}
