//! A difference that is carried out directly, and a database that is emptied.

use libtest_mimic::Failed;

use crate::project::{COUNTER, Project};
use crate::support::servers::TestServer;

pub(crate) fn push(server: &TestServer) -> Result<(), Failed> {
    let schema = format!(
        "{COUNTER}  p:\n    columns: {{ id: int not null, t: int }}\n    primary_key: [id]\n    \
         foreign_keys: {{ f: {{ columns: [t], references: t(id) }} }}\nviews:\n  v: select id from t\n\
         triggers:\n  g: {{ table: t, when: before insert, body: \"begin set new.n = 1; end\" }}\n"
    );
    let project = Project::new(server, &schema)?;
    project.run(1, &["push", "--dry-run"])?.says(&["CREATE TABLE `t`"])?;
    project.expect("SHOW TABLES", "")?;
    project.run(0, &["push"])?.says(&["4 statements done"])?;
    project.run(0, &["push"])?.says(&["nothing to do"])?;
    project.write("schema.yaml", &schema.replace("n: int", "m: int").replace("new.n", "new.m"))?;
    project.run(4, &["push"])?.says(&["--allow 'drop-column:t.n'"])?;
    project.run(0, &["push", "--allow", "drop-column:t.n"])?;
    project.run(0, &["check", "--fail-on", "drift"])?;
    project.run(0, &["history"])?.says(&["(push,"])?;
    project.database.plain("INSERT INTO t VALUES (1, 1), (2, 1)")?;
    let unique = schema.replace("n: int", "m: int").replace("new.n", "new.m").replace(
        "    primary_key: [id]\n  p",
        "    primary_key: [id]\n    indexes: { u: { columns: [m], unique: true } }\n  p",
    );
    project.write("schema.yaml", &unique)?;
    project.run(3, &["push"])?.says(&["(error 1062)", "nothing of it is in"])?;
    // It isn't resumed: the next one looks at what differs then.
    project.database.plain("DELETE FROM t")?;
    project.run(0, &["push"])?.says(&["1 statement done"])?;
    project.run(0, &["history"])?.says(&["replaced"])
}

pub(crate) fn reset(server: &TestServer) -> Result<(), Failed> {
    let schema =
        format!("{COUNTER}views:\n  v: select id from t\nprocedures:\n  p: {{ body: select 1 }}\n");
    let project = Project::new(server, &schema)?;
    project.generate("first")?;
    project.run(0, &["migrate"])?;
    let name = project.database.name.clone();
    project.run(2, &["reset", "another", "--yes"])?.says(&["isn't the database of the URL"])?;
    project.run(4, &["reset", &name])?.says(&["say --yes"])?;
    let printed = project.run(0, &["reset", &name, "--yes"])?;
    printed.says(&["1 procedure, 3 tables, 1 view dropped"])?;
    project.expect("SHOW TABLES", "")?;
    project.run(0, &["reset", &name, "--yes"])?.says(&["is empty"])?;
    project
        .write("driftline.toml", "[env.prod]\nurl_env = \"DATABASE_URL\"\nprotected = true\n")?;
    project.run(4, &["migrate", "--env", "prod"])?.says(&["say --yes"])?;
    project.run(0, &["migrate", "--env", "prod", "--yes"])?;
    project
        .run(4, &["reset", &name, "--yes", "--env", "prod"])?
        .says(&["driftline.toml says so"])?;
    std::fs::remove_file(project.path().join("driftline.toml"))?;
    project.run(4, &["reset", &name, "--yes"])?.says(&["its history says so"])?;
    project.run(0, &["status"]).map(drop)
}
