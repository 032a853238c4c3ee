//! The ways to read: with several connections or one, in full, with what no view shows, and
//! compared with SHOW CREATE TABLE.

use driftline::model::{ColumnFormat, StorageMedium, Table};
use driftline::report::self_check_text;
use driftline::self_check::self_check;
use driftline::source::live::{self, DatabaseUrl};
use driftline::source::{Detail, Loaded, ReadOptions};

use crate::support::servers::TestServer;
use crate::{Outcome, expect_error, with_query};

pub(crate) fn pool_of_one(server: &TestServer) -> Outcome {
    let database = server.database("pool")?;
    for number in 0..20 {
        database.plain(&format!(
            "CREATE TABLE t{number} (id int PRIMARY KEY, a int, KEY (a), CHECK (a > {number}),
             FOREIGN KEY (a) REFERENCES t{number} (id))"
        ))?;
    }
    let one: DatabaseUrl = with_query(&database, "pool_max=1").parse()?;
    let alone = live::read(&one, &ReadOptions::default())?;
    let together = live::read(&database.url()?, &ReadOptions::default())?;
    ensure_eq!(alone.schema, together.schema);
    ensure_eq!(alone.schema.counts().foreign_keys, 20);
    Ok(())
}

pub(crate) fn full(server: &TestServer) -> Outcome {
    let database = server.database("full")?;
    database.plain(
        "CREATE TABLE t (a int NOT NULL, b int, c int, KEY z (a), KEY m (b), KEY a (c),
            UNIQUE KEY y (b), UNIQUE KEY x (a))",
    )?;
    let loaded = live::read(&database.url()?, &ReadOptions::of(Detail::Full))?;
    let names: Vec<&str> =
        loaded.schema.tables["t"].indexes.iter().map(|index| index.name.as_str()).collect();
    ensure_eq!(names, ["x", "y", "z", "m", "a"]);
    Ok(())
}

/// Clauses that no view shows: read if the other side has some, and with `read_full`.
pub(crate) fn unreported(server: &TestServer) -> Outcome {
    if server.is_mariadb() {
        return Ok(());
    }
    let database = server.database("unreported")?;
    database.plain(
        "CREATE TABLE a (c int COLUMN_FORMAT FIXED, d int STORAGE DISK);
         CREATE TABLE b (c int SECONDARY_ENGINE_ATTRIBUTE '{}') AUTOEXTEND_SIZE = 4M",
    )?;
    let whole = live::read(&database.url()?, &ReadOptions::of(Detail::Full))?;
    let tables = &whole.schema.tables;
    let storage = |table: &str, at: usize| tables[table].columns[at].storage.clone();
    ensure_eq!(storage("a", 0).and_then(|it| it.format), Some(ColumnFormat::Fixed));
    ensure_eq!(storage("a", 1).and_then(|it| it.medium), Some(StorageMedium::Disk));
    let attribute = storage("b", 0).and_then(|it| it.attributes.secondary_engine_attribute);
    ensure_eq!(attribute.as_deref(), Some("{}"));
    let mut other = whole.schema.clone();
    other.tables["a"].name = "new".to_owned();
    other.tables["a"].renamed_from = Some("A".to_owned());
    other.tables["b"] = Table::new("b");
    let options = ReadOptions { compared_with: Some(&other), ..ReadOptions::default() };
    let beside = live::read(&database.url()?, &options)?.schema;
    ensure_eq!(beside.tables["a"], whole.schema.tables["a"]);
    let plain = live::read(&database.url()?, &ReadOptions::default())?.schema;
    ensure_eq!(beside.tables["b"], plain.tables["b"]);
    ensure!(plain.tables["b"] != whole.schema.tables["b"], "b is reported");
    Ok(())
}

/// Two servers differ in clauses that no view shows: they are read from both.
pub(crate) fn unreported_of_both(server: &TestServer) -> Outcome {
    let database = server.database("unreported_of_both")?;
    let clause = if server.is_mariadb() { "COMPRESSED" } else { "COLUMN_FORMAT FIXED" };
    database.plain(&format!("CREATE TABLE t (a varchar(9) {clause})"))?;
    let storage = |loaded: &Loaded| loaded.schema.tables["t"].columns[0].storage.clone();
    let read = live::read(&database.url()?, &ReadOptions::of(Detail::Unreported))?;
    ensure!(storage(&read).is_some(), "{clause} is not read");
    let whole = live::read(&database.url()?, &ReadOptions::of(Detail::Full))?;
    ensure_eq!(storage(&read), storage(&whole));
    Ok(())
}

/// A MyISAM table may have block sizes, and a MERGE table has clauses, that no view shows. A MERGE
/// table that lacks one of its tables can't be shown. These tables are named, and the rest is read.
pub(crate) fn merged(server: &TestServer) -> Outcome {
    let database = server.database("merged")?;
    database.plain(
        "CREATE TABLE part (a int NOT NULL, KEY (a)) ENGINE=MyISAM;
         CREATE TABLE whole (a int NOT NULL, KEY (a)) ENGINE=MERGE UNION=(part)",
    )?;
    database.plain(
        "CREATE TABLE sized (a int, PRIMARY KEY (a) KEY_BLOCK_SIZE=1024, b int, KEY (b))
            ENGINE=MyISAM",
    )?;
    let schema = live::read(&database.url()?, &ReadOptions::default())?.schema;
    let size = schema.tables["sized"].primary_key.as_ref().and_then(|key| key.key_block_size);
    ensure_eq!(size, server.is_mariadb().then_some(1024));
    ensure_eq!(schema.tables["whole"].unsupported, ["UNION"]);
    ensure_eq!(schema.tables["part"].unsupported, [""; 0]);
    database.plain("CREATE TABLE lost (a int NOT NULL) ENGINE=MERGE UNION=(nowhere)")?;
    if server.is_mariadb() {
        let error =
            expect_error(live::read(&database.url()?, &ReadOptions::default()))?.to_string();
        ensure!(error.contains("`lost`"), "{error}");
        return Ok(());
    }
    for detail in [Detail::Bulk, Detail::Unreported] {
        let schema = live::read(&database.url()?, &ReadOptions::of(detail))?.schema;
        let clauses = &schema.tables["lost"].unsupported;
        ensure!(clauses.len() == 1 && clauses[0].ends_with("(error 1168)"), "{clauses:?}");
        ensure_eq!(schema.tables["part"].unsupported, [""; 0]);
    }
    Ok(())
}

/// MySQL's TABLE_COMMENT ends before a NUL byte.
pub(crate) fn cut_comment(server: &TestServer) -> Outcome {
    if server.is_mariadb() {
        return Ok(());
    }
    let database = server.database("cut")?;
    database
        .plain("CREATE TABLE t (a varchar(9) DEFAULT 'x\\0y' COMMENT 'c\\0d') COMMENT 'a\\0b'")?;
    let full = live::read(&database.url()?, &ReadOptions::of(Detail::Full))?;
    ensure_eq!(full.schema.tables["t"].options.comment, "a\0b");
    ensure_eq!(self_check(&full).counts().different, 0);
    let options = ReadOptions { compared_with: Some(&full.schema), ..ReadOptions::default() };
    let again = live::read(&database.url()?, &options)?;
    ensure_eq!(again.schema.tables["t"], full.schema.tables["t"]);
    Ok(())
}

pub(crate) fn self_checked(server: &TestServer) -> Outcome {
    let database = server.database("selfcheck")?;
    database.plain(include_str!("../support/rich.sql"))?;
    database.plain(if server.is_mariadb() {
        "CREATE TABLE own (
            u uuid, i inet6, c int CHECK (c > 0), v int INVISIBLE, KEY k (c) IGNORED
        );
        CREATE TABLE versioned (
            id int PRIMARY KEY, n int WITHOUT SYSTEM VERSIONING COMMENT 'n', a blob COMPRESSED
        ) WITH SYSTEM VERSIONING;
        CREATE TABLE explicit (
            id int PRIMARY KEY, u int UNIQUE, a date, b date,
            s timestamp(6) AS ROW START INVISIBLE, e timestamp(6) AS ROW END COMMENT 'e',
            PERIOD FOR SYSTEM_TIME (s, e), PERIOD FOR ab (a, b), UNIQUE (u, ab WITHOUT OVERLAPS),
            CHECK (a < b)
        ) WITH SYSTEM VERSIONING;
        CREATE TABLE special (
            id int PRIMARY KEY, a varchar(99) COMPRESSED CHARACTER SET latin1 CHECK (a <> 'x')
        )"
    } else {
        "CREATE TABLE own (
            a int, v int INVISIBLE, j json, KEY k (a) INVISIBLE, KEY f ((a + 1)),
            KEY m ((CAST(j AS unsigned ARRAY))), CHECK (a > 0) NOT ENFORCED
        );
        CREATE TABLE special (
            a int NOT SECONDARY INVISIBLE COMMENT 'a',
            b geometry NOT NULL SRID 4326 NOT SECONDARY
        )"
    })?;
    let mut loaded = live::read(&database.url()?, &ReadOptions::of(Detail::BulkWithStatements))?;
    let check = self_check(&loaded);
    let counts = check.counts();
    let text = self_check_text(&loaded, &check);
    ensure!(counts.different == 0, "{text}");
    let tables = if server.is_mariadb() { 9 } else { 7 };
    ensure_eq!((counts.equal + counts.spelling, counts.unsupported), (tables, 0));

    // And what is misread is noticed.
    if let Some(table) = loaded.schema.tables.get_mut("child") {
        table.foreign_keys.remove(0);
    }
    let check = self_check(&loaded);
    ensure_eq!(check.counts().different, 1);
    let text = self_check_text(&loaded, &check);
    ensure!(text.contains("shown and not read"), "{text}");
    Ok(())
}
