//! Everything is read as it is.

use driftline::model::{
    ColumnType, DefaultValue, Expression, GeneratedStorage, IndexAlgorithm, IndexKind, KeyPart,
    ObjectKind, ReferentialAction, Table,
};
use driftline::self_check::self_check;
use driftline::source::{Detail, Loaded, ReadOptions, live, yaml};
use libtest_mimic::Failed;

use crate::Outcome;
use crate::support::pipeline::{self, planned};
use crate::support::servers::{Database, TestServer};

fn table(database: &Database, name: &str) -> Result<Table, Failed> {
    let loaded = pipeline::read(database)?;
    Ok(loaded.schema.table(name).ok_or_else(|| format!("`{name}` is missing"))?.clone())
}

pub(crate) fn columns_and_indexes(server: &TestServer) -> Outcome {
    let database = server.database("columns")?;
    database.plain(
        "CREATE TABLE t (
            id bigint unsigned NOT NULL AUTO_INCREMENT,
            a int NOT NULL DEFAULT 5 COMMENT 'it''s',
            b varchar(20) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'x''y',
            c enum('a','b,c') NOT NULL DEFAULT 'b,c',
            d datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
            e bit(4) DEFAULT b'101',
            g int GENERATED ALWAYS AS (a + 1) STORED,
            h int GENERATED ALWAYS AS (a + 2) VIRTUAL,
            p point NOT NULL,
            t text,
            u char(36) DEFAULT (uuid()),
            PRIMARY KEY (id),
            UNIQUE KEY u_ab (a, b DESC),
            KEY k_t (t(10)) COMMENT 'pre',
            SPATIAL KEY k_p (p),
            FULLTEXT KEY f_t (t)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1 COMMENT='T'",
    )?;
    let read = table(&database, "t")?;
    let column = |name: &str| read.column(name).cloned().ok_or_else(|| format!("no {name}"));
    ensure!(column("id")?.auto_increment && !column("id")?.nullable, "id");
    ensure_eq!(column("a")?.default, Some(DefaultValue::Literal("5".to_owned())));
    ensure_eq!(column("a")?.comment, "it's");
    ensure_eq!(column("b")?.default, Some(DefaultValue::Literal("x'y".to_owned())));
    ensure_eq!(column("b")?.collation.as_deref(), Some("latin1_bin"));
    let members = vec!["a".to_owned(), "b,c".to_owned()];
    ensure_eq!(column("c")?.ty, ColumnType::Enum { members });
    ensure_eq!(column("d")?.default, Some(DefaultValue::CurrentTimestamp));
    ensure!(column("d")?.on_update_now, "ON UPDATE");
    ensure_eq!(column("e")?.default, Some(DefaultValue::Literal("101".to_owned())));
    for (name, storage) in [("g", GeneratedStorage::Stored), ("h", GeneratedStorage::Virtual)] {
        ensure_eq!(column(name)?.generated.map(|generated| generated.storage), Some(storage));
        ensure_eq!(column(name)?.default, None);
    }
    ensure_eq!(column("t")?.default, None);
    ensure_eq!(column("u")?.default, Some(DefaultValue::Expression(Expression::new("uuid()"))));
    let names: Vec<&str> = read.all_indexes().map(|index| index.name.as_str()).collect();
    ensure_eq!(names[..2], ["PRIMARY", "u_ab"]);
    ensure_eq!(names[4], "f_t");
    let index = |name: &str| read.index(name).cloned().ok_or_else(|| format!("no {name}"));
    ensure!(index("u_ab")?.parts[1].descending, "DESC");
    ensure_eq!(index("k_t")?.comment, "pre");
    let prefix = KeyPart::Column { name: "t".to_owned(), prefix_length: Some(10) };
    ensure_eq!(index("k_t")?.parts[0].key, prefix);
    ensure_eq!(index("k_p")?.kind, IndexKind::Spatial);
    let whole = KeyPart::Column { name: "p".to_owned(), prefix_length: None };
    ensure_eq!(index("k_p")?.parts[0].key, whole);
    ensure_eq!(index("f_t")?.kind, IndexKind::Fulltext);
    ensure_eq!(read.options.row_format.as_deref(), Some("DYNAMIC"));
    ensure_eq!(read.options.other.get("STATS_PERSISTENT").map(String::as_str), Some("1"));
    ensure_eq!(read.options.comment, "T");
    ensure!(read.unsupported.is_empty(), "{:?}", read.unsupported);
    if server.is_mariadb() { only_mariadb(&database) } else { only_mysql(&database) }
}

fn only_mariadb(database: &Database) -> Outcome {
    database.plain(
        "CREATE TABLE m (
            a int INVISIBLE DEFAULT -3,
            j json,
            p point REF_SYSTEM_ID=4326 NOT NULL,
            b text,
            KEY k (a) IGNORED,
            UNIQUE KEY h (b)
        )",
    )?;
    let read = table(database, "m")?;
    ensure!(read.columns[0].invisible, "INVISIBLE");
    ensure_eq!(read.columns[1].check, Some(Expression::new("json_valid(`j`)")));
    let ColumnType::Geometry { srid, .. } = read.columns[2].ty else { return Err("p".into()) };
    ensure_eq!(srid, Some(4326));
    ensure!(read.index("k").is_some_and(|index| index.invisible), "IGNORED");
    ensure_eq!(read.index("h").and_then(|index| index.algorithm), Some(IndexAlgorithm::Hash));
    Ok(())
}

fn only_mysql(database: &Database) -> Outcome {
    database.plain(
        "CREATE TABLE m (
            a int,
            t varchar(100),
            p point NOT NULL /*!80003 SRID 4326 */,
            z point NOT NULL SRID 0,
            KEY k (a) INVISIBLE,
            KEY f ((lower(t)), (a + 1) DESC),
            FULLTEXT KEY n (t) WITH PARSER ngram
        )",
    )?;
    let read = table(database, "m")?;
    let srid = |at: usize| match read.columns[at].ty {
        ColumnType::Geometry { srid, .. } => srid,
        _ => None,
    };
    ensure_eq!((srid(2), srid(3)), (Some(4326), Some(0)));
    ensure!(read.index("k").is_some_and(|index| index.invisible), "INVISIBLE");
    let parts = read.index("f").map(|index| index.parts.clone()).unwrap_or_default();
    ensure_eq!(parts[0].key, KeyPart::Expression(Expression::new("lower(`t`)")));
    ensure!(parts[1].descending, "DESC");
    ensure_eq!(read.index("n").and_then(|index| index.parser.clone()).as_deref(), Some("ngram"));
    Ok(())
}

/// A primary key that the server generated was not asked for: it is named, is no difference to a
/// table without one, stays if a file declares it, and is replaced by another key.
pub(crate) fn generated_key(server: &TestServer) -> Outcome {
    let database = server.database("gipk")?;
    let generate = "SET SESSION sql_generate_invisible_primary_key = 1;";
    if server.is_mariadb() || database.plain(generate).is_err() {
        return Ok(());
    }
    let declared = |t: &str| -> Result<Loaded, Failed> {
        let u = "u: { columns: { a: int } }";
        let text = format!("tables:\n  t:\n    columns: {t}\n  {u}\n");
        yaml::read_text("schema.yaml", &text).map_err(|invalid| invalid.to_string().into())
    };
    let without = declared("{ a: int not null, b: int }")?;
    database.plain(&format!(
        "{generate} CREATE TABLE t (a int NOT NULL, b int); CREATE TABLE u (a int);
         INSERT INTO t VALUES (1, 2), (3, 4)"
    ))?;
    let loaded = pipeline::read(&database)?;
    ensure_eq!(loaded.notes.len(), 1);
    ensure!(loaded.notes[0].title.contains("`t`, `u` have"), "{}", loaded.notes[0].title);
    planned(&loaded, &without, &server.server)?.expect_nothing("a key that nobody declared")?;
    planned(&without, &loaded, &server.server)?.expect_nothing("the same the other way")?;

    let key = "bigint unsigned not null auto_increment invisible";
    let written = declared(&format!(
        "{{ my_row_id: {key}, a: int not null, b: int }}\n    primary_key: [my_row_id]"
    ))?;
    planned(&loaded, &written, &server.server)?.expect_nothing("the key, written out")?;

    let other = declared("{ a: int not null, b: int }\n    primary_key: [a]")?;
    // Whether or not the server goes on generating keys.
    for session in [generate, ""] {
        let plan = planned(&pipeline::read(&database)?, &other, &server.server)?;
        let alter = "ALTER TABLE `t`\n  DROP PRIMARY KEY,\n  DROP COLUMN `my_row_id`,\n  \
                     ADD PRIMARY KEY (`a`);";
        ensure!(plan.script().contains(alter), "{}", plan.script());
        database.plain(&format!("{session} {}", plan.script()))?;
        let made = pipeline::read(&database)?;
        planned(&made, &other, &server.server)?.expect_nothing("the difference after the plan")?;
        database.plain(&format!("{session} {}", plan.reverse_script()))?;
        ensure_eq!(pipeline::read(&database)?.schema, loaded.schema);
    }
    ensure_eq!(database.plain("SELECT SUM(my_row_id), SUM(b) FROM t")?.trim(), "3\t6");
    Ok(())
}

pub(crate) fn hidden_defaults(server: &TestServer) -> Outcome {
    let database = server.database("defaults")?;
    database.plain(
        "SET time_zone = '+05:00';
         CREATE TABLE t (
            a varbinary(10) DEFAULT 0xff00,
            b binary(3) DEFAULT 0x410000,
            c varchar(20) DEFAULT 'é?',
            d timestamp NOT NULL DEFAULT '2020-01-01 05:00:00'
        )",
    )?;
    let read = table(&database, "t")?;
    let default = |at: usize| read.columns[at].default.clone();
    ensure_eq!(default(0), Some(DefaultValue::Bytes(vec![0xff, 0])));
    ensure_eq!(default(1), Some(DefaultValue::Bytes(vec![0x41, 0, 0])));
    ensure_eq!(default(2), Some(DefaultValue::Literal("é?".to_owned())));
    ensure_eq!(default(3), Some(DefaultValue::Literal("2020-01-01 00:00:00".to_owned())));
    database.plain(
        "CREATE TABLE `e'e` (`a``a` varchar(20) DEFAULT '💩', b varchar(20) NOT NULL DEFAULT '?',
            c varchar(20) DEFAULT 'it''s \\\\ ?💩?', d int, e char(2) CHARACTER SET latin1 DEFAULT '?'
        ) CHARSET=utf8mb4",
    )?;
    let loaded = live::read(&database.url()?, &ReadOptions::of(Detail::Full))?;
    let read = loaded.schema.table("e'e").ok_or("it is missing")?;
    let defaults = ["💩", "?", "it's \\ ?💩?"];
    for (column, default) in read.columns.iter().zip(defaults) {
        ensure_eq!(column.default, Some(DefaultValue::Literal(default.to_owned())));
    }
    ensure_eq!(read.columns[4].default, Some(DefaultValue::Literal("?".to_owned())));
    ensure_eq!(self_check(&loaded).counts().different, 0);
    Ok(())
}

pub(crate) fn constraints(server: &TestServer) -> Outcome {
    let database = server.database("constraints")?;
    let other = server.database("other")?;
    other.plain("CREATE TABLE far (id int PRIMARY KEY)")?;
    database.plain(&format!(
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
         CREATE TABLE c (
            id int PRIMARY KEY, x int, y int, z int, v int,
            CONSTRAINT f_b FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE ON UPDATE SET NULL,
            CONSTRAINT f_a FOREIGN KEY (z) REFERENCES `{}`.far (id),
            CONSTRAINT f_c FOREIGN KEY (z) REFERENCES c (id),
            CONSTRAINT k_b CHECK (v > 1),
            CONSTRAINT k_a CHECK (v <> 0)
        )",
        other.name
    ))?;
    let read = table(&database, "c")?;
    let names: Vec<&str> = read.foreign_keys.iter().map(|key| key.name.as_str()).collect();
    ensure_eq!(names, ["f_a", "f_b", "f_c"]);
    let (far, pair) = (&read.foreign_keys[0], &read.foreign_keys[1]);
    ensure_eq!(far.referenced_schema.as_deref(), Some(other.name.as_str()));
    ensure_eq!(pair.referenced_schema, None);
    ensure_eq!(pair.columns, ["x", "y"]);
    ensure_eq!(pair.referenced_columns, ["a", "b"]);
    ensure_eq!(pair.on_delete, ReferentialAction::Cascade);
    ensure_eq!(pair.on_update, ReferentialAction::SetNull);
    let names: Vec<&str> = read.checks.iter().map(|check| check.name.as_str()).collect();
    ensure_eq!(names, ["k_a", "k_b"]);
    ensure_eq!(read.checks[1].expression.text, "`v` > 1");
    Ok(())
}

/// MariaDB goes on showing a column's old name as the name of its CHECK.
pub(crate) fn renamed_checks(server: &TestServer) -> Outcome {
    let database = server.database("renamed_checks")?;
    if !server.is_mariadb() {
        return Ok(());
    }
    database.plain(
        "CREATE TABLE t (a INT, b INT CHECK (b > 0), j JSON);
         ALTER TABLE t RENAME COLUMN b TO c;
         ALTER TABLE t RENAME COLUMN a TO b;
         ALTER TABLE t RENAME COLUMN j TO k;",
    )?;
    let table = table(&database, "t")?;
    let check = |name: &str| table.column(name).and_then(|column| column.check.clone());
    ensure_eq!(check("b"), None);
    ensure_eq!(check("c"), Some(Expression::new("`c` > 0")));
    ensure_eq!(check("k"), Some(Expression::new("json_valid(`k`)")));
    ensure!(table.checks.is_empty(), "checks of the table: {:?}", table.checks);
    Ok(())
}

pub(crate) fn odd_names(server: &TestServer) -> Outcome {
    let database = server.database("names")?;
    let long = "l".repeat(64);
    database.plain(&format!(
        "CREATE TABLE `a``b'c\"d. é` (
            `i``d'.\"x` int NOT NULL COMMENT 'it''s \\\\ \\n \"',
            `ö` varchar(10) DEFAULT 'it''s\\\\',
            `select` int,
            PRIMARY KEY (`i``d'.\"x`),
            UNIQUE KEY `k``'.\"` (`select`),
            CONSTRAINT `c``'.\"` CHECK (`ö` <> 'a''b'),
            CONSTRAINT `f'.\"` FOREIGN KEY (`select`) REFERENCES `a``b'c\"d. é` (`i``d'.\"x`)
         );
         CREATE TABLE `{long}` (`{long}` int, KEY `{long}` (`{long}`));
         CREATE TABLE `日本` (`列` int PRIMARY KEY, g int AS (`列` * 2))",
    ))?;
    let read = table(&database, "a`b'c\"d. é")?;
    ensure_eq!(read.columns[0].name, "i`d'.\"x");
    ensure_eq!(read.columns[0].comment, "it's \\ \n \"");
    ensure_eq!(read.columns[1].name, "ö");
    ensure_eq!(read.columns[1].default, Some(DefaultValue::Literal("it's\\".to_owned())));
    ensure_eq!(read.indexes[0].name, "k`'.\"");
    ensure_eq!(read.foreign_keys[0].referenced_table, "a`b'c\"d. é");
    ensure_eq!(read.checks[0].name, "c`'.\"");
    let read = table(&database, &long)?;
    ensure_eq!(read.indexes[0].name, long);
    let read = table(&database, "日本")?;
    ensure!(
        read.columns[1].generated.as_ref().is_some_and(|g| g.expression.text.contains("`列`")),
        "{:?}",
        read.columns[1]
    );
    Ok(())
}

pub(crate) fn case_colliding_tables(server: &TestServer) -> Outcome {
    let database = server.database("case")?;
    let folds = server.plain(None, "SELECT @@lower_case_table_names")?;
    if folds.trim() != "0" {
        return Ok(());
    }
    database.plain(
        "CREATE TABLE rc (a int, KEY k (a));
         CREATE TABLE RC (b varchar(5), c int, KEY k (b), KEY l (b, c));
         CREATE TABLE rC (id int PRIMARY KEY)",
    )?;
    let schema = live::read(&database.url()?, &ReadOptions::default())?.schema;
    let shape: Vec<(&str, usize, usize)> = schema
        .tables
        .values()
        .map(|table| (table.name.as_str(), table.columns.len(), table.all_indexes().count()))
        .collect();
    ensure_eq!(shape, [("RC", 2, 2), ("rC", 1, 1), ("rc", 1, 1)]);
    Ok(())
}

pub(crate) fn unsupported(server: &TestServer) -> Outcome {
    let database = server.database("notmodelled")?;
    database.plain(
        "CREATE TABLE plain (id int PRIMARY KEY);
         CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3;
         CREATE TABLE keyed (id int PRIMARY KEY) PARTITION BY KEY () PARTITIONS 2;
         CREATE VIEW v AS SELECT 1 AS one;
         CREATE TRIGGER g BEFORE INSERT ON plain FOR EACH ROW SET NEW.id = 1;
         CREATE PROCEDURE p() SELECT 1;
         CREATE FUNCTION f() RETURNS int DETERMINISTIC NO SQL RETURN 1;
         CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
    )?;
    let mut objects = vec![
        (ObjectKind::View, "v"),
        (ObjectKind::Trigger, "g"),
        (ObjectKind::Procedure, "p"),
        (ObjectKind::Function, "f"),
        (ObjectKind::Event, "e"),
    ];
    if server.is_mariadb() {
        database.plain("CREATE SEQUENCE s")?;
        objects.push((ObjectKind::Sequence, "s"));
    }
    let schema = live::read(&database.url()?, &ReadOptions::default())?.schema;
    ensure_eq!(schema.unsupported, []);
    let found: Vec<(ObjectKind, &str)> =
        schema.objects.keys().map(|object| (object.kind, object.name.as_str())).collect();
    ensure_eq!(found, objects);
    let parts: Vec<(&str, usize)> = schema
        .tables
        .values()
        .filter_map(|table| Some((table.name.as_str(), table.partition_scheme()?.len())))
        .collect();
    ensure_eq!(parts, [("keyed", 2), ("parts", 3)]);
    Ok(())
}
