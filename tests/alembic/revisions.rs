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

/// `status` says how far the database is, and ends as it does for files of SQL.
pub fn status(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server)?;
    project.schema(FIRST)?;
    let notes = "CREATE TABLE notes (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, \
                 body varchar(200) NOT NULL)";
    // Nothing but revisions, and no table of Alembic's yet.
    project.revision("a1", "None", notes)?;
    project.revision("b2", "'a1'", "CREATE TABLE tags (id int PRIMARY KEY)")?;
    let printed = project.expect(1, &["status"])?;
    for part in [
        ": 0 revisions applied, 2 pending\n",
        "there is no table alembic_version that can be read; the head is b2\n",
        "  pending  a1 (a1.py)\n  pending  b2 (b2.py)\n",
        "`alembic upgrade head` carries them out\n",
    ] {
        assert_has(&printed, part)?;
    }
    project.alembic(&["upgrade", "a1"])?;
    let printed = project.expect(1, &["status"])?;
    assert_has(&printed, ": 1 revision applied, 1 pending\nAlembic is at a1; the head is b2\n")?;
    assert_has(&printed, "  applied  a1 (a1.py)\n  pending  b2 (b2.py)\n")?;
    project.alembic(&["upgrade", "head"])?;
    let printed = project.expect(0, &["status"])?;
    assert_has(&printed, ": 2 revisions applied, 0 pending\nAlembic is at b2; the head is b2\n")?;

    // The lock file knows the layout, and a table that goes is a revision more.
    project.expect(0, &["generate", "--layout", "alembic", "-m", "no tags"])?;
    let third = project.revisions()?[0][..14].to_owned();
    let printed = project.expect(1, &["status", "--format", "json"])?;
    assert_has(&printed, &format!("\"heads\": [\n    \"{third}\"\n  ]"))?;
    assert_has(
        &printed,
        &format!("\"migration\": \"{third}\",\n      \"name\": \"{third}_no_tags\""),
    )?;
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &["status"])?;

    // Two branches, of which one is carried out; and the database is ahead of the files.
    project.revision("d4", &format!("'{third}'"), "CREATE TABLE d (id int PRIMARY KEY)")?;
    project.revision("e5", &format!("'{third}'"), "CREATE TABLE e (id int PRIMARY KEY)")?;
    project.alembic(&["upgrade", "d4"])?;
    let printed = project.expect(1, &["status"])?;
    assert_has(&printed, "Alembic is at d4; the heads are d4 and e5\n")?;
    assert_has(&printed, "  pending  e5 (e5.py)\n`alembic upgrade heads` carries them out\n")?;
    project.alembic(&["upgrade", "heads"])?;
    let printed = project.expect(0, &["status"])?;
    assert_has(&printed, "Alembic is at d4 and e5: its branches aren't merged; the heads are")?;
    std::fs::remove_file(project.versions().join("e5.py"))?;
    let printed = project.expect(5, &["status"])?;
    assert_has(&printed, "the database has revision e5, and there is no file of it")?;
    let printed = project.expect(5, &["status", "--format", "json"])?;
    assert_has(&printed, "\"problem\": \"no-file\"")
}

/// `new` writes a revision that Alembic takes as it is, and that people fill in.
pub fn by_hand(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server)?;
    project.schema(FIRST)?;
    project.expect(0, &["generate", "--layout", "alembic", "-m", "first"])?;
    let lock = project.read("generated/schema.lock.yaml")?;
    let printed = project.expect(0, &["new", "-m", "rows: \"\"\"100%\"\"\" \\ new"])?;
    assert_has(&printed, "alembic/versions/")?;
    assert_has(&printed, "_rows_100_new.py\n")?;
    if project.read("generated/schema.lock.yaml")? != lock
        || std::fs::read_dir(project.path().join("generated"))?.count() != 1
    {
        return Err("the lock file is another one, or there are files of SQL".into());
    }
    let name = project.revisions()?[1].clone();
    assert_has(&project.expect(1, &["status"])?, "2 pending")?;
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &["status"])?;
    project.alembic(&["downgrade", "base"])?;
    let path = format!("alembic/versions/{name}");
    let text = project.read(&path)?;
    assert_has(&text, "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n")?;
    let insert = "op.execute(\"INSERT INTO notes (body) VALUES ('x')\")";
    project.write(&path, &text.replacen("    pass", &format!("    {insert}"), 1))?;
    project.alembic(&["upgrade", "head"])?;
    if project.database.plain("SELECT body FROM notes")? != "x\n" {
        return Err("the revision that was filled in did nothing".into());
    }
    // The next follows it.
    project.schema(&FIRST.replace("varchar(200)", "varchar(300)"))?;
    project.expect(0, &["generate", "-m", "longer"])?;
    project.alembic(&["upgrade", "head"])?;
    project.expect(0, &["status"])?;
    project.expect(0, &["check", "--fail-on", "drift"])?;
    // Without a lock file the layout is named.
    let other = Project::new(server)?;
    other.schema(FIRST)?;
    assert_has(&other.expect(0, &["new", "--layout", "alembic", "-m", "x"])?, "alembic/versions/")?;
    other.alembic(&["upgrade", "head"])?;
    let refused = project.expect(2, &["new", "--layout", "sql", "-m", "x"])?;
    assert_has(&refused, "the migrations are Alembic's")
}
