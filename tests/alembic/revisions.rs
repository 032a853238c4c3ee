//! The revisions that `generate --layout alembic` writes.

use libtest_mimic::Failed;

use crate::project::{Project, assert_has};
use crate::support::servers::TestServer;

const FIRST: &str = "
tables:
  notes:
    columns:
      id: int not null auto_increment primary key
      body: varchar(200) not null
";

/// Texts that Python, SQLAlchemy, Alembic's `--sql` or a client would read otherwise than they are.
const SECOND: &str = r##"
tables:
  notes:
    columns:
      id: int not null auto_increment primary key
      body: varchar(200) not null
      colons: "varchar(80) not null default 'a:b ::c :name \\\\:d 12:30:00'"
      percents: "varchar(80) not null default '100% %s %(name)s %%'"
      quotes: "varchar(80) not null default 'it''s \"\"\"\"quoted\"\"\" \"x\"'"
      backslashes: "varchar(80) not null default 'C:\\\\dir\\\\n \\\\\\\\'"
      lines: { type: varchar(80), default: "one\ntwo\tthree\r\nfour" }
      signs: "varchar(80) not null default 'größe 日本 🎉' comment 'see :id at 10:00, ends with \"'"
    indexes:
      body: [body]
triggers:
  stamp:
    table: notes
    when: before insert
    body: |-
      begin
        -- 100% of a :name; with a "quote"""
        if new.body = 'x:y;\\' then set new.body = concat(new.body, ';', "%s"); end if;
        set @driftline_seen := 1;
      	set new.signs = ':tab %';
      end
views:
  recent: "select id, concat(body, ' :x %') as text from notes where body like '%:%'"
"##;

/// Forward, back, and as SQL that the plain client carries out.
pub fn carried_out(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server)?;
    project.schema(FIRST)?;
    project.expect(0, &["generate", "--layout", "alembic", "-m", "First: \"\"\"notes\"\"\""])?;
    project.alembic(&["upgrade", "head"])?;
    let revisions = project.revisions()?;
    let first = revisions[0][..14].to_owned();
    let checked = project.expect(0, &["check", "--fail-on", "drift"])?;
    assert_has(&checked, &format!("Alembic is at {first}"))?;

    project.schema(SECOND)?;
    // From now on the lock file knows the layout.
    project.expect(0, &["generate", "-m", "second"])?;
    let second = project.revisions()?[1][..14].to_owned();
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &["check", "--fail-on", "drift"])?;
    if project.alembic(&["heads"])?.trim() != format!("{second} (head)") {
        return Err("another head".into());
    }
    project.expect(0, &["check", "--offline", "--fail-on", "drift"])?;
    project.expect(0, &["generate", "-m", "nothing"])?;

    project.schema(FIRST)?;
    project.alembic(&["downgrade", "-1"])?;
    let checked = project.expect(1, &["check", "--format", "json"])?;
    assert_has(&checked, &format!("\"alembic\": [\n    \"{first}\"\n  ]"))?;
    assert_has(&checked, "\"in_sync\": true")?;
    project.alembic(&["downgrade", "base"])?;
    project.alembic(&["upgrade", "head"])?;

    // The same as SQL, on another database.
    let other = Project::new(server)?;
    let forward = project.alembic(&["upgrade", "head", "--sql"])?;
    other.database.plain(&forward)?;
    other.schema(SECOND)?;
    other.expect(0, &["check", "--fail-on", "drift"])?;
    let back = project.alembic(&["downgrade", &format!("{second}:{first}"), "--sql"])?;
    other.database.plain(&back)?;
    other.schema(FIRST)?;
    other.expect(0, &["check", "--fail-on", "drift"])?;
    Ok(())
}

/// Several heads are named, and what joins them is followed.
pub fn heads(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server)?;
    project.schema(FIRST)?;
    for (name, follows) in [("a1", "None"), ("b2", "'a1'"), ("c3", "'a1'")] {
        project.write(
            &format!("alembic/versions/{name}.py"),
            &format!(
                "revision: str = '{name}'\ndown_revision = {follows}\n\ndef upgrade(): pass\n"
            ),
        )?;
    }
    let refused = project
        .expect(2, &["generate", "--layout", "alembic", "-m", "x", "--from", "schema.yaml"])?;
    assert_has(&refused, "there are 2 heads: b2 (b2.py), c3 (c3.py)")?;
    assert_has(&refused, "alembic merge -m \"merge\" b2 c3")?;
    project.alembic(&["merge", "-m", "merge", "b2", "c3"])?;
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &["generate", "--layout", "alembic", "-m", "notes"])?;
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &["check", "--fail-on", "drift"])?;
    let history = project.alembic(&["history"])?;
    let merged = history.lines().filter(|line| line.contains("(head), notes")).count();
    if merged != 1 || project.revisions()?.len() != 5 {
        return Err(history.into());
    }
    Ok(())
}

/// A plan from a database that is elsewhere would do what other revisions do.
pub fn state(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server)?;
    project.schema(FIRST)?;
    project.write(
        "alembic/versions/a1.py",
        "revision = 'a1'\ndown_revision = None\n\ndef upgrade():\n    pass\n",
    )?;
    let generate = ["generate", "--layout", "alembic", "-m", "notes"];
    let refused = project.expect(2, &generate)?;
    assert_has(&refused, "it has no table alembic_version that can be read")?;
    assert_has(&refused, "the newest revision is a1; `alembic upgrade head` brings it there")?;
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &generate)?;
    let refused = project.expect(2, &["generate", "--layout", "sql", "-m", "notes"])?;
    assert_has(&refused, "the migrations are Alembic's")?;
    for command in [&["migrate"][..], &["generate", "--relist"]] {
        assert_has(&project.expect(2, command)?, "`alembic upgrade head` carries them out")?;
    }
    Ok(())
}
