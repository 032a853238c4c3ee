//! Reading and asking real servers: what is there, and every way in which it can go wrong.

mod support;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use driftline::model::{
    ColumnFormat, ColumnType, DefaultValue, Expression, GeneratedStorage, IndexAlgorithm,
    IndexKind, KeyPart, ObjectKind, ReferentialAction, StorageMedium, Table,
};
use driftline::report::self_check_text;
use driftline::self_check::self_check;
use driftline::source::live::{self, DatabaseUrl, LiveError};
use driftline::source::{Loaded, yaml};
use libtest_mimic::{Failed, Trial};
use support::pipeline::planned;
use support::servers::{Database, OnServer, TestServer, on_each_server, run};

type Outcome = Result<(), Failed>;

const ON_SERVERS: [(&str, OnServer); 21] = [
    ("columns and indexes are read as they are", columns_and_indexes),
    ("defaults that only SHOW CREATE TABLE tells", hidden_defaults),
    ("a primary key that the server generated", generated_key),
    ("constraints are read as they are", constraints),
    ("a column's CHECK follows its renames", renamed_checks),
    ("odd names survive", odd_names),
    ("tables that differ by case are two", case_colliding_tables),
    ("what the model does not hold is named", not_modelled),
    ("one connection reads the same as several", pool_of_one),
    ("reading thoroughly gives the order of SHOW CREATE TABLE", thoroughly),
    ("the self-check finds nothing misread", self_checked),
    ("a schema that changes gives no half tables", changing_schema),
    ("an account that sees too little is refused", rights),
    ("a wrong password, database or host", wrong_login),
    ("TLS that fails", tls),
    ("a connection that breaks", broken_connection),
    ("a table that is locked by DDL", locked),
    ("a table of another database that is locked", locked_elsewhere),
    ("what information_schema doesn't tell is read where it is wanted", untold),
    ("asking spells as the server does and leaves nothing", asking),
    ("asking needs CREATE TEMPORARY TABLES alone", asking_rights),
];

fn main() -> ExitCode {
    let mut trials = on_each_server(&ON_SERVERS);
    trials.insert(0, Trial::test("a port where nobody answers", silent_port));
    run(trials)
}

fn table(database: &Database, name: &str) -> Result<Table, Failed> {
    let loaded = support::pipeline::read(database)?;
    Ok(loaded.schema.table(name).ok_or_else(|| format!("`{name}` is missing"))?.clone())
}

fn expect_error<T>(outcome: Result<T, LiveError>) -> Result<LiveError, Failed> {
    match outcome {
        Ok(_) => Err("this must fail, and does not".into()),
        Err(error) => Ok(error),
    }
}

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+).into());
        }
    };
}

macro_rules! ensure_eq {
    ($left:expr, $right:expr) => {
        match (&$left, &$right) {
            (left, right) => {
                let name = stringify!($left);
                ensure!(*left == *right, "{name} is\n{left:#?}\nand not\n{right:#?}");
            }
        }
    };
}

fn columns_and_indexes(server: &TestServer) -> Outcome {
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
    ensure!(read.not_modelled.is_empty(), "{:?}", read.not_modelled);
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

/// A primary key that the server generated is nobody's wish: it is named, no difference to a table
/// without one, left to a file that declares it, and makes room for another one.
fn generated_key(server: &TestServer) -> Outcome {
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
    let loaded = support::pipeline::read(&database)?;
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
    // Whether the server goes on to generate keys or not.
    for session in [generate, ""] {
        let plan = planned(&support::pipeline::read(&database)?, &other, &server.server)?;
        let alter = "ALTER TABLE `t`\n  DROP PRIMARY KEY,\n  DROP COLUMN `my_row_id`,\n  \
                     ADD PRIMARY KEY (`a`);";
        ensure!(plan.script().contains(alter), "{}", plan.script());
        database.plain(&format!("{session} {}", plan.script()))?;
        let made = support::pipeline::read(&database)?;
        planned(&made, &other, &server.server)?.expect_nothing("the difference after the plan")?;
        database.plain(&format!("{session} {}", plan.reverse_script()))?;
        ensure_eq!(support::pipeline::read(&database)?.schema, loaded.schema);
    }
    ensure_eq!(database.plain("SELECT SUM(my_row_id), SUM(b) FROM t")?.trim(), "3\t6");
    Ok(())
}

fn hidden_defaults(server: &TestServer) -> Outcome {
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
    if !server.is_mariadb() {
        database.plain("CREATE TABLE e (a varchar(20) DEFAULT '💩')")?;
        let read = table(&database, "e")?;
        ensure_eq!(read.columns[0].default, Some(DefaultValue::Literal("💩".to_owned())));
    }
    Ok(())
}

fn constraints(server: &TestServer) -> Outcome {
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

/// MariaDB goes on showing the column's old name as the name of its CHECK.
fn renamed_checks(server: &TestServer) -> Outcome {
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

fn odd_names(server: &TestServer) -> Outcome {
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

fn case_colliding_tables(server: &TestServer) -> Outcome {
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
    let schema = live::read(&database.url()?)?.schema;
    let shape: Vec<(&str, usize, usize)> = schema
        .tables
        .values()
        .map(|table| (table.name.as_str(), table.columns.len(), table.all_indexes().count()))
        .collect();
    ensure_eq!(shape, [("RC", 2, 2), ("rC", 1, 1), ("rc", 1, 1)]);
    Ok(())
}

fn not_modelled(server: &TestServer) -> Outcome {
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
    let schema = live::read(&database.url()?)?.schema;
    ensure_eq!(schema.not_modelled, []);
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

fn pool_of_one(server: &TestServer) -> Outcome {
    let database = server.database("pool")?;
    for number in 0..20 {
        database.plain(&format!(
            "CREATE TABLE t{number} (id int PRIMARY KEY, a int, KEY (a), CHECK (a > {number}),
             FOREIGN KEY (a) REFERENCES t{number} (id))"
        ))?;
    }
    let one: DatabaseUrl = with_query(&database, "pool_max=1").parse()?;
    let alone = live::read(&one)?;
    let together = live::read(&database.url()?)?;
    ensure_eq!(alone.schema, together.schema);
    ensure_eq!(alone.schema.counts().foreign_keys, 20);
    Ok(())
}

fn thoroughly(server: &TestServer) -> Outcome {
    let database = server.database("thoroughly")?;
    database.plain(
        "CREATE TABLE t (a int NOT NULL, b int, c int, KEY z (a), KEY m (b), KEY a (c),
            UNIQUE KEY y (b), UNIQUE KEY x (a))",
    )?;
    let (loaded, _) = live::read_thoroughly(&database.url()?)?;
    let names: Vec<&str> =
        loaded.schema.tables["t"].indexes.iter().map(|index| index.name.as_str()).collect();
    ensure_eq!(names, ["x", "y", "z", "m", "a"]);
    Ok(())
}

/// Tables come and go while the schema is read. Either it is read as of one moment, or the error
/// says that it can't be; no table is ever without its columns.
fn changing_schema(server: &TestServer) -> Outcome {
    let database = server.database("changing")?;
    database.plain("CREATE TABLE steady (id int PRIMARY KEY)")?;
    let url = database.url()?;
    let until = Instant::now() + Duration::from_secs(3);
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| -> Outcome {
            while Instant::now() < until {
                database.plain(
                    "CREATE TABLE a (id int PRIMARY KEY, b int, KEY (b));
                     CREATE TABLE c (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES a (id));
                     DROP TABLE c, a",
                )?;
            }
            Ok(())
        });
        while Instant::now() < until {
            match live::read(&url) {
                Ok(loaded) => {
                    let tables = loaded.schema.tables;
                    ensure!(tables.contains_key("steady"), "steady is missing");
                    ensure!(tables.values().all(|table| !table.columns.is_empty()), "{tables:?}");
                }
                Err(LiveError::Changing { .. } | LiveError::Locked { .. }) => {}
                // The table of a SHOW CREATE TABLE may be gone by then.
                Err(error) => return Err(error.into()),
            }
        }
        busy.join().unwrap_or_else(|_| Err("the other session failed".into()))
    })
}

/// An account of a test's own, dropped with the value.
struct Account<'a> {
    server: &'a TestServer,
    name: String,
}

impl<'a> Account<'a> {
    fn new(database: &Database, server: &'a TestServer, rest: &str) -> Result<Self, Failed> {
        let name = format!("live_{}", database.name.trim_start_matches("infra_"));
        let name: String = name.chars().take(30).collect();
        server.plain(None, &format!("CREATE USER '{name}' {rest}"))?;
        Ok(Account { server, name })
    }

    fn grant(&self, rights: &str) -> Outcome {
        self.server.plain(None, &format!("GRANT {rights} TO '{}'", self.name)).map(drop)
    }

    /// The URL of a database for this account.
    fn url(&self, database: &Database, password: &str) -> Result<DatabaseUrl, Failed> {
        let mut url: url::Url = database.url_text().parse()?;
        url.set_username(&self.name).map_err(|()| "no user")?;
        let password = Some(password).filter(|password| !password.is_empty());
        url.set_password(password).map_err(|()| "no password")?;
        Ok(url.as_str().parse()?)
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        // One that stays does no harm: its database is gone.
        let _ = self.server.plain(None, &format!("DROP USER '{}'", self.name));
    }
}

fn with_query(database: &Database, query: &str) -> String {
    format!("{}?{query}", database.url_text())
}

fn rights(server: &TestServer) -> Outcome {
    let database = server.database("rights")?;
    database.plain(
        "CREATE TABLE p (id int PRIMARY KEY, a int, CHECK (a > 0));
         CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id))",
    )?;
    let account = Account::new(&database, server, "")?;
    let url = account.url(&database, "")?;
    let schema = format!("`{}`", database.name);
    let refused = |what: &str| -> Outcome {
        let error = expect_error(live::read(&url))?;
        let message = error.to_string();
        ensure!(matches!(error, LiveError::NoRights { .. }), "{what}: {message}");
        ensure!(message.contains("GRANT ") && message.contains(&schema), "{what}: {message}");
        Ok(())
    };
    refused("nothing")?;
    account.grant(&format!("SELECT (id) ON {schema}.p"))?;
    refused("SELECT on a column")?;
    server.plain(Some(&database.name), "ALTER TABLE p ADD COLUMN z int")?;
    account.grant(&format!("SELECT (id, z) ON {schema}.p"))?;
    account.grant(&format!("SELECT ON {schema}.c"))?;
    refused("SELECT on all columns but one in the middle")?;
    account.grant(&format!("SELECT ON {schema}.p"))?;
    refused("SELECT on a table")?;
    account.grant(&format!("ALTER ON {schema}.*"))?;
    refused("ALTER")?;
    server.plain(
        None,
        &format!(
            "REVOKE ALTER ON {schema}.* FROM '{0}'; GRANT SELECT ON {schema}.* TO '{0}'",
            account.name
        ),
    )?;
    if server.is_mariadb() {
        refused("SELECT, with which MariaDB hides what foreign keys do")?;
        account.grant(&format!("SHOW VIEW ON {schema}.*"))?;
    }
    let seen = live::read(&url)?.schema;
    ensure_eq!(seen, live::read(&database.url()?)?.schema);
    Ok(())
}

fn wrong_login(server: &TestServer) -> Outcome {
    let database = server.database("login")?;
    let account = Account::new(&database, server, "IDENTIFIED BY 'geheim'")?;
    account.grant(&format!("ALL ON `{}`.*", database.name))?;
    live::read(&account.url(&database, "geheim")?)?;

    let error = expect_error(live::read(&account.url(&database, "falsch")?))?;
    ensure!(matches!(error, LiveError::WrongPassword { password: true, .. }), "{error}");
    ensure!(!error.to_string().contains("falsch"), "{error}");
    let error = expect_error(live::read(&account.url(&database, "")?))?;
    ensure!(error.to_string().contains("DRIFTLINE_PASSWORD"), "{error}");

    let root = database.url()?;
    let error = expect_error(live::read(&root.with_database("live_no_such")))?;
    ensure!(matches!(error, LiveError::UnknownDatabase { .. }), "{error}");
    ensure!(error.to_string().contains(&root.endpoint()), "{error}");
    let without = database.url_text().replace(&format!("/{}", database.name), "");
    let error = expect_error(live::read(&without.parse()?))?;
    ensure!(matches!(error, LiveError::NoDatabase { .. }), "{error}");

    let error = expect_error(live::read(&"mysql://root@127.0.0.1:1/x".parse()?))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    ensure!(error.to_string().contains("127.0.0.1:1"), "{error}");
    let error = expect_error(live::read(&"mysql://root@no.such.invalid/x".parse()?))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    let error = expect_error(live::read(&"mysql://root@/x?socket=/no/such.sock".parse()?))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    Ok(())
}

fn tls(server: &TestServer) -> Outcome {
    let database = server.database("tls")?;
    let read = |query: &str| -> Result<_, Failed> {
        Ok(live::read(&with_query(&database, query).parse()?))
    };
    read("ssl-mode=disabled")?.map_err(|error| format!("disabled: {error}"))?;
    read("ssl-mode=preferred")?.map_err(|error| format!("preferred: {error}"))?;
    // Nobody's CA that the machine knows has signed a test server's certificate.
    let error = expect_error(read("ssl-mode=verify-identity")?)?;
    ensure!(matches!(error, LiveError::Tls { .. }), "{error}");
    let error = expect_error(read("ssl-mode=required&ssl-ca=/no/such.pem")?)?;
    ensure!(error.to_string().contains("/no/such.pem"), "{error}");
    match read("ssl-mode=required")? {
        Ok(_) => {
            let account = Account::new(&database, server, "IDENTIFIED BY 'geheim' REQUIRE SSL")?;
            account.grant(&format!("ALL ON `{}`.*", database.name))?;
            live::read(&account.url(&database, "geheim")?)?;
        }
        Err(LiveError::Tls { reason, .. }) => {
            ensure!(reason.contains("does not offer"), "{reason}");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// A proxy that breaks every connection after so many bytes of the server.
fn breaking_proxy(server: &str, after: usize) -> Result<u16, Failed> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let server = server.to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(upstream) = TcpStream::connect(&server) else { return };
            let (Ok(from), Ok(to)) = (client.try_clone(), upstream.try_clone()) else { return };
            std::thread::spawn(move || forward(from, to, usize::MAX));
            std::thread::spawn(move || forward(upstream, client, after));
        }
    });
    Ok(port)
}

fn forward(mut from: TcpStream, mut to: TcpStream, mut most: usize) {
    let mut buffer = [0; 512];
    while most > 0 {
        let Ok(length @ 1..) = from.read(&mut buffer) else { break };
        let length = length.min(most);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
        most -= length;
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

fn broken_connection(server: &TestServer) -> Outcome {
    let database = server.database("broken")?;
    database.plain("CREATE TABLE t (id int PRIMARY KEY, a int)")?;
    let endpoint = database.url()?.endpoint();
    for (after, pool) in [(40, 1), (400, 1), (1200, 1), (1200, 4)] {
        let port = breaking_proxy(&endpoint, after)?;
        let mut url: url::Url = database.url_text().parse()?;
        url.set_host(Some("127.0.0.1"))?;
        url.set_port(Some(port)).map_err(|()| "no port")?;
        url.set_query(Some(&format!("ssl-mode=disabled&pool_max={pool}")));
        let error = expect_error(live::read(&url.as_str().parse()?))?;
        let is_told = match error {
            LiveError::ConnectionLost { .. } => after > 100,
            LiveError::Unreachable { .. } | LiveError::NotADatabase { .. } => after < 500,
            _ => false,
        };
        ensure!(is_told && error.to_string().contains(&port.to_string()), "{after}: {error}");
    }
    Ok(())
}

/// MariaDB leaves out a table that another session has locked; MySQL reads it nonetheless.
fn locked(server: &TestServer) -> Outcome {
    let database = server.database("locked")?;
    database.plain("CREATE TABLE free (id int PRIMARY KEY); CREATE TABLE lk (a int)")?;
    if !server.is_mariadb() {
        let loaded = live::read(&database.url()?)?;
        ensure_eq!(loaded.schema.tables.len(), 2);
        return Ok(());
    }
    let error = expect_error(read_while_locked(server, &database, &database)?)?;
    let LiveError::Locked { tables, .. } = &error else { return Err(error.into()) };
    ensure_eq!(*tables, ["lk"]);
    Ok(())
}

/// What is read of a database while another session replaces table `lk` of one, which takes long.
fn read_while_locked(
    server: &TestServer,
    database: &Database,
    locked: &Database,
) -> Result<Result<Loaded, LiveError>, Failed> {
    std::thread::scope(|scope| {
        let sleeping = "CREATE OR REPLACE TABLE lk AS SELECT SLEEP(60) AS a";
        let ddl = scope.spawn(|| locked.plain(sleeping));
        std::thread::sleep(Duration::from_secs(1));
        let outcome = live::read(&database.url()?);
        server.plain(
            None,
            &format!(
                "SELECT CONCAT('KILL ', ID) INTO @kill FROM information_schema.PROCESSLIST
                 WHERE DB = '{}' AND INFO LIKE 'CREATE OR REPLACE%';
                 EXECUTE IMMEDIATE @kill",
                locked.name
            ),
        )?;
        let _ = ddl.join();
        Ok(outcome)
    })
}

/// What happens in another database is none of this one's business; MariaDB looks there for
/// spatial columns unless it is asked for them in the right way.
fn locked_elsewhere(server: &TestServer) -> Outcome {
    if !server.is_mariadb() {
        return Ok(());
    }
    let (database, other) = (server.database("spatial")?, server.database("elsewhere")?);
    database.plain("CREATE TABLE t (p point REF_SYSTEM_ID=4326 NOT NULL, q point)")?;
    other.plain("CREATE TABLE lk (a int, p point)")?;
    let read = read_while_locked(server, &database, &other)??.schema;
    let srid = |at: usize| match read.tables["t"].columns[at].ty {
        ColumnType::Geometry { srid, .. } => srid,
        _ => None,
    };
    ensure_eq!((srid(0), srid(1)), (Some(4326), None));
    Ok(())
}

/// Clauses that are in no view: read where the other side names some, and thoroughly.
fn untold(server: &TestServer) -> Outcome {
    if server.is_mariadb() {
        return Ok(());
    }
    let database = server.database("untold")?;
    database.plain(
        "CREATE TABLE a (c int COLUMN_FORMAT FIXED, d int STORAGE DISK);
         CREATE TABLE b (c int SECONDARY_ENGINE_ATTRIBUTE '{}') AUTOEXTEND_SIZE = 4M",
    )?;
    let (whole, _) = live::read_thoroughly(&database.url()?)?;
    let tables = &whole.schema.tables;
    let storage = |table: &str, at: usize| tables[table].columns[at].storage.clone();
    ensure_eq!(storage("a", 0).and_then(|it| it.format), Some(ColumnFormat::Fixed));
    ensure_eq!(storage("a", 1).and_then(|it| it.medium), Some(StorageMedium::Disk));
    let attribute = storage("b", 0).and_then(|it| it.secondary_engine_attribute);
    ensure_eq!(attribute.as_deref(), Some("{}"));
    let mut other = whole.schema.clone();
    other.tables["a"].name = "new".to_owned();
    other.tables["a"].renamed_from = Some("A".to_owned());
    other.tables["b"] = Table::new("b");
    let beside = live::read_beside(&database.url()?, &other)?.schema;
    ensure_eq!(beside.tables["a"], whole.schema.tables["a"]);
    let plain = live::read(&database.url()?)?.schema;
    ensure_eq!(beside.tables["b"], plain.tables["b"]);
    ensure!(plain.tables["b"] != whole.schema.tables["b"], "b is told");
    Ok(())
}

fn self_checked(server: &TestServer) -> Outcome {
    let database = server.database("selfcheck")?;
    database.plain(include_str!("support/rich.sql"))?;
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
    let (mut loaded, statements) = live::read_with_statements(&database.url()?, None)?;
    let check = self_check(&loaded, &statements);
    let counts = check.counts();
    let text = self_check_text(&loaded, &check);
    ensure!(counts.different == 0, "{text}");
    let tables = if server.is_mariadb() { 9 } else { 7 };
    ensure_eq!((counts.equal + counts.spelling, counts.not_modelled), (tables, 0));

    // And what is misread is found.
    if let Some(table) = loaded.schema.tables.get_mut("child") {
        table.foreign_keys.remove(0);
    }
    let check = self_check(&loaded, &statements);
    ensure_eq!(check.counts().different, 1);
    let text = self_check_text(&loaded, &check);
    ensure!(text.contains("shown and not read"), "{text}");
    Ok(())
}

fn asking(server: &TestServer) -> Outcome {
    let database = server.database("asking")?;
    database.plain("CREATE TABLE kept (id int PRIMARY KEY, CONSTRAINT taken CHECK (id > 0))")?;
    let url = database.url()?;
    let mut wanted = live::read(&url)?.schema.tables["kept"].clone();
    wanted.checks[0].expression = Expression::new("not (`id` <= 0)");
    let answers = live::ask(&url, std::slice::from_ref(&wanted))?;
    let answer = &answers[0];
    ensure_eq!(answer.name, "kept");
    ensure_eq!(answer.checks[0].name, "taken");
    ensure!(answer.checks[0].expression.text != wanted.checks[0].expression.text, "{answer:?}");
    let shown = database.show_create()?;
    ensure_eq!(shown.len(), 1);

    wanted.checks[0].expression = Expression::new("no_such_column > 0");
    let error = expect_error(live::ask(&url, &[wanted]))?;
    ensure!(matches!(&error, LiveError::Refused { table, .. } if table == "kept"), "{error}");
    ensure!(error.to_string().contains("no_such_column"), "{error}");
    Ok(())
}

fn asking_rights(server: &TestServer) -> Outcome {
    let database = server.database("askrights")?;
    let account = Account::new(&database, server, "")?;
    account.grant(&format!("SELECT ON `{}`.*", database.name))?;
    let url = account.url(&database, "")?;
    let mut wanted = Table::new("wanted");
    wanted.columns.push(driftline::model::Column::new("a", ColumnType::Date));
    let error = expect_error(live::ask(&url, std::slice::from_ref(&wanted)))?;
    ensure!(error.to_string().contains("CREATE TEMPORARY TABLES"), "{error}");
    account.grant(&format!("CREATE TEMPORARY TABLES ON `{}`.*", database.name))?;
    ensure_eq!(live::ask(&url, &[wanted])?.len(), 1);
    Ok(())
}

/// Someone listens and never says a word.
fn silent_port() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let started = Instant::now();
    let url = format!("mysql://root@127.0.0.1:{port}/x?connect_timeout=1");
    let error = expect_error(live::read(&url.parse()?))?;
    ensure!(matches!(error, LiveError::Unreachable { .. }), "{error}");
    ensure!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    Ok(())
}
