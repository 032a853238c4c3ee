//! `driftline adopt alembic`.

use libtest_mimic::Failed;

use crate::project::{Project, assert_has};
use crate::support::servers::TestServer;

const NOTES: &str = "CREATE TABLE notes (id int PRIMARY KEY, body varchar(200) NOT NULL)";
const TAGS: &str = "CREATE TABLE tags (note_id int NOT NULL, name varchar(50), \
                    FOREIGN KEY (note_id) REFERENCES notes (id) ON DELETE CASCADE)";

fn project(server: &TestServer) -> Result<Project, Failed> {
    let project = Project::new(server)?;
    project.revision("a1", "None", NOTES)?;
    project.revision("b2", "'a1'", TAGS)?;
    Ok(project)
}

/// schema.yaml, the baseline and its record; and then nothing more to do.
pub fn adopted(server: &TestServer) -> Result<(), Failed> {
    let project = project(server)?;
    project.alembic(&["upgrade", "head"])?;
    let printed = project.expect(0, &["adopt", "alembic"])?;
    for part in [
        ": Alembic is at b2\n",
        "schema.yaml: written, 2 tables, 1 index and 1 foreign key\n",
        "_baseline.up.sql\n",
        "_baseline recorded as carried out on ",
    ] {
        assert_has(&printed, part)?;
    }
    assert_has(&project.read("schema.yaml")?, "ignore:\n  tables: [alembic_version]\n")?;
    assert_has(&project.expect(0, &["status"])?, "Alembic is at b2\n")?;
    let printed = project.expect(0, &["adopt", "alembic"])?;
    for part in
        ["there already, and as the database is", "up.sql: there already", "is adopted already"]
    {
        assert_has(&printed, part)?;
    }
    let printed = project.expect(0, &["adopt", "alembic", "--format", "json"])?;
    let document = format!("{{{}", printed.split_once('{').unwrap_or_default().1);
    let mut document =
        serde_json::Deserializer::from_str(&document).into_iter::<serde_json::Value>();
    let document = document.next().ok_or("no document")??;
    assert_eq!(document["alembic"], serde_json::json!(["b2"]));
    assert_eq!(
        (&document["recorded"], &document["written"]),
        (&false.into(), &serde_json::json!([]))
    );
    project.expect(0, &["check", "--fail-on", "drift"])?;

    // From now on driftline writes the migrations.
    let schema = project.read("schema.yaml")?;
    project.write("schema.yaml", &schema.replace("varchar(50)", "varchar(60) not null"))?;
    assert_has(&project.expect(0, &["adopt", "alembic"])?, "with 1 difference from the database")?;
    project.expect(0, &["generate", "-m", "tags have names"])?;
    project.expect(0, &["migrate"])?;
    project.expect(0, &["check", "--fail-on", "drift"])?;

    // Another database of the same project gets the record alone.
    let other = server.database("other")?;
    let first = project.alembic(&["upgrade", "head", "--sql"])?;
    other.plain(&first)?;
    let url = other.url_text();
    let printed = project.expect(0, &["adopt", "alembic", &url])?;
    assert_has(&printed, "recorded as carried out")?;
    let status = project.expect(1, &["status", &url, "--format", "json"])?;
    assert_has(&status, "\"alembic\": [\n    \"b2\"\n  ]")?;
    project.expect(0, &["migrate", &url])?;
    project.expect(0, &["check", &url, "--fail-on", "drift"])?;

    // An empty one isn't Alembic's, and gets everything.
    let empty = server.database("empty")?;
    project.expect(2, &["adopt", "alembic", &empty.url_text()])?;
    project.expect(0, &["migrate", &empty.url_text()])?;
    project.expect(0, &["check", &empty.url_text(), "--fail-on", "drift"])?;
    Ok(())
}

/// What the revisions have and the database hasn't, and a table that isn't the schema's.
pub fn refused(server: &TestServer) -> Result<(), Failed> {
    let project = project(server)?;
    let adopt = ["adopt", "alembic", "--yes"];
    assert_has(&project.expect(2, &adopt)?, "has no table alembic_version that can be read")?;
    project.alembic(&["upgrade", "a1"])?;
    assert_has(&project.expect(2, &adopt)?, "the revisions lead to b2: bring the database there")?;
    project.alembic(&["upgrade", "head"])?;
    project.write("schema.yaml", "tables: { notes: { columns: { id: int primary key } } }\n")?;
    assert_has(&project.expect(2, &adopt)?, "write `ignore: { tables: [alembic_version] }`")?;

    // Branches that were never merged.
    project.revision("c3", "'a1'", "CREATE TABLE c (id int PRIMARY KEY)")?;
    project.alembic(&["upgrade", "heads"])?;
    std::fs::remove_file(project.path().join("schema.yaml"))?;
    let printed = project.expect(0, &adopt)?;
    assert_has(&printed, "Alembic is at b2 and c3: its branches aren't merged")?;

    // Revisions of Alembic's before it.
    let second = self::project(server)?;
    second.alembic(&["upgrade", "head"])?;
    second.expect(0, &["pull", "--output", "schema.yaml"])?;
    second.expect(0, &["generate", "--layout", "alembic", "-m", "nothing"])?;
    assert_has(&second.read("generated/schema.lock.yaml")?, "layout: alembic")?;
    second.expect(0, &adopt)?;
    second.expect(0, &["status"])?;
    Ok(())
}
