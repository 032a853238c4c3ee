mod files;
mod objects;
mod sessions;

use super::*;
use crate::model::Table;

fn load(text: &str) -> Loaded {
    read_from(text.as_bytes(), "test.sql", None).unwrap_or_else(|error| panic!("{error}"))
}

fn load_for(text: &str, server: Server) -> Loaded {
    read_from(text.as_bytes(), "test.sql", Some(server)).unwrap_or_else(|error| panic!("{error}"))
}

fn table(text: &str) -> Table {
    load(text).schema.tables.into_values().next().unwrap()
}

fn columns(table: &Table) -> String {
    table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(" ")
}

fn indexes(table: &Table) -> String {
    let text = |index: &crate::model::Index| {
        format!("{}({})", index.name, index.column_names().collect::<Vec<_>>().join(","))
    };
    table.all_indexes().map(text).collect::<Vec<_>>().join(" ")
}

fn error(text: &str) -> String {
    read_from(text.as_bytes(), "test.sql", None).unwrap_err().to_string()
}

#[test]
fn a_dump_of_mysql() {
    let text = "-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `s` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin */ /*!80016 DEFAULT ENCRYPTION='N' */;
USE `s`;
DROP TABLE IF EXISTS `a`;
CREATE TABLE `a` (`id` int NOT NULL, PRIMARY KEY (`id`)) ENGINE=InnoDB;
LOCK TABLES `a` WRITE;
/*!40000 ALTER TABLE `a` DISABLE KEYS */;
INSERT INTO `a` VALUES (1),(2);
/*!40000 ALTER TABLE `a` ENABLE KEYS */;
UNLOCK TABLES;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `a` FOR EACH ROW SET @x = 1 */;
/*!50001 CREATE VIEW `v` AS SELECT 1 AS `x`*/;
/*!50001 DROP VIEW IF EXISTS `v`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`%` SQL SECURITY DEFINER */
/*!50001 VIEW `v` AS select 1 AS `x` */;
DELIMITER ;;
CREATE DEFINER=`root`@`%` PROCEDURE `p`()
BEGIN
  DROP TABLE a; ALTER TABLE b ADD c int;
END ;;
DELIMITER ;
";
    let loaded = load(text);
    assert_eq!(loaded.server, Some(Server::mysql(9, 7, 4)));
    assert_eq!(loaded.schema.collation.as_deref(), Some("utf8mb4_bin"));
    assert_eq!(loaded.schema.tables.len(), 1);
    assert!(loaded.schema.unsupported.is_empty());
    let names: Vec<_> = loaded
        .schema
        .objects
        .keys()
        .map(|object| format!("{} {}", object.kind.noun(), object.name))
        .collect();
    assert_eq!(names, ["trigger tr", "view v", "procedure p"]);
    let span = loaded.places.get(&crate::model::Element::column("a", "id")).unwrap();
    let position = loaded.files.position(span);
    assert_eq!((position.line, position.column), (6, 19));
}

#[test]
fn columns_are_added_changed_and_dropped() {
    let read = table(
        "create table t (a int, b int, c int, key (a), key ab (a, b), unique (c), check (c > 0));
         alter table t add d int after a, add column (e int, f int), drop c, modify b bigint first,
             change a aa int not null, add index (d);
         alter table t rename column aa to a2, alter d set default 5, rename to u",
    );
    assert_eq!(read.name, "u");
    assert_eq!(columns(&read), "b a2 d e f");
    assert_eq!(indexes(&read), "a(a2) ab(a2,b) d(d)");
    assert!(read.checks.is_empty() && !read.columns[1].nullable);
    assert_eq!(read.columns[2].default, Some(crate::model::DefaultValue::Literal("5".to_owned())));
}

#[test]
fn indexes_and_keys_are_added_and_dropped() {
    let read = table(
        "create table t (a int, b int, primary key (a), key x (a), key y (b));
         create unique index u using btree on t (b desc);
         create fulltext index if not exists ft on t (b) with parser ngram;
         drop index x on t;
         alter table t rename index y to z, drop primary key, add primary key (b, a),
             alter index u invisible, drop key ft",
    );
    assert_eq!(indexes(&read), "PRIMARY(b,a) z(b) u(b)");
    assert!(read.indexes[1].invisible && read.indexes[1].parts[0].descending);
}

#[test]
fn a_dropped_foreign_key_leaves_its_index() {
    let text = "create table p (id int primary key);
         create table t (a int, b int, constraint fk foreign key (a) references p (id),
             foreign key (b) references p (id));
         alter table t drop foreign key fk;";
    let read = |text: &str| load(text).schema.tables.swap_remove("t").unwrap();
    assert_eq!(indexes(&read(text)), "fk(a)");
    assert_eq!(indexes(&read(&format!("{text} alter table t drop index fk"))), "");
    assert_eq!(indexes(&read(&format!("{text} alter table t rename key b to c"))), "c(b) fk(a)");
    assert_eq!(read(text).foreign_keys[0].name, "t_ibfk_1");
    let both = format!("{text} alter table t drop key b, drop foreign key t_ibfk_1");
    assert_eq!(read(&both).foreign_keys.len(), 0);
}

#[test]
fn a_renamed_table_renames_its_constraints() {
    let loaded = load(
        "create table p (id int primary key);
         create table t (a int, foreign key (a) references p (id), check (a > 0));
         rename table t to u, p to q;
         alter table q change id pid int",
    );
    let read = &loaded.schema.tables["u"];
    assert_eq!(read.foreign_keys[0].name, "u_ibfk_1");
    assert_eq!(read.foreign_keys[0].referenced_table, "q");
    assert_eq!(read.foreign_keys[0].referenced_columns, ["pid"]);
    assert_eq!(read.checks[0].name, "u_chk_1");
    assert_eq!(loaded.schema.tables.keys().collect::<Vec<_>>(), ["q", "u"]);
}

#[test]
fn a_new_default_charset_leaves_the_columns_as_they_are() {
    let read = table(
        "create table t (a varchar(5), b text) charset latin1;
         alter table t default charset utf8mb4;",
    );
    assert_eq!(read.columns[0].charset.as_deref(), Some("latin1"));
    assert_eq!(read.options.charset.as_deref(), Some("utf8mb4"));
    let read = table(
        "create table t (a varchar(5), b text) charset latin1;
         alter table t convert to charset utf8mb4 collate utf8mb4_bin;",
    );
    assert_eq!(read.columns[0].charset, None);
    assert_eq!(read.options.collation.as_deref(), Some("utf8mb4_bin"));
    let size = crate::model::TextSize::Medium;
    assert_eq!(read.columns[1].ty, crate::model::ColumnType::Text { size, length: None });
}

#[test]
fn mariadb_has_its_own_clauses() {
    let text =
        "create or replace table t (a int check (a > 0), b uuid default uuid(), key k (a) ignored)
            with system versioning;
        create sequence s; drop sequence s;
        alter table if exists t add column if not exists b int, drop column if exists zz,
            rename column a to c, drop system versioning;
        create or replace index k on t (b);";
    let loaded = load_for(text, Server::mariadb(10, 11, 0));
    let read = &loaded.schema.tables["t"];
    assert_eq!(columns(read), "c b");
    assert_eq!(read.columns[0].check.as_ref().unwrap().text, "`c` > 0");
    assert_eq!(indexes(read), "k(b)");
    assert!(read.unsupported.is_empty() && loaded.schema.unsupported.is_empty());
}

/// The partitions of a table, on one line.
fn partitioned(text: &str) -> String {
    let read = table(text);
    let scheme = read.partition_scheme().expect("it has partitions");
    let listed: Vec<String> = scheme
        .listed()
        .iter()
        .map(|one| {
            let bounds = crate::ddl::partition_bounds(&one.bounds, crate::ddl::Keywords::Lower);
            format!("{} {bounds}{}", one.name, one.options.comment).trim_end().to_owned()
        })
        .collect();
    let method = crate::ddl::partition_method(&scheme.method, crate::ddl::Keywords::Lower);
    format!("{method}: {}", listed.join(", "))
}

#[test]
fn partitions_are_followed_through_alter_table() {
    for (after, found) in [
        (
            "alter table t add b int partition by linear hash (a) partitions 2",
            "linear hash (a): p0, p1",
        ),
        (
            "alter table t add partition (partition c values less than (30))",
            "range (a): a less than (10), b less than (20), c less than (30)",
        ),
        ("alter table t drop partition a", "range (a): b less than (20)"),
        (
            "alter table t drop partition if exists x",
            "range (a): a less than (10), b less than (20)",
        ),
        (
            "alter table t reorganize partition a, b into (partition q values less than (20) comment 'x')",
            "range (a): q less than (20)x",
        ),
        ("alter table t truncate partition a", "range (a): a less than (10), b less than (20)"),
        (
            "alter table t exchange partition a with table u without validation",
            "range (a): a less than (10), b less than (20)",
        ),
        (
            "alter table t partition by key () partitions 3; alter table t coalesce partition 2",
            "key (): p0",
        ),
        (
            "alter table t partition by hash (a); alter table t add partition partitions 2",
            "hash (a): p0, p1, p2",
        ),
        (
            "alter table t partition by list (a) (partition x values in (1, null)); alter table t rename column a to z",
            "list (`z`): x in (1, null)",
        ),
    ] {
        let made = "create table t (a int) partition by range (a) (partition a values less than (10), partition b values less than (20));";
        assert_eq!(partitioned(&format!("{made} {after};")), found, "{after}");
    }
}

#[test]
fn partitions_can_be_removed() {
    let read = table(
        "create table t (a int) partition by range columns (a) (partition p values less than (1));
         alter table t remove partitioning;",
    );
    assert_eq!(read.partitioning, None);
    assert!(read.unsupported.is_empty());
}

#[test]
fn a_partition_becomes_a_table() {
    let text = "create table t (a int) partition by list (a) (partition p values in (1), partition q values in (2));
         alter table t convert partition p to table u;";
    let loaded = load_for(text, Server::mariadb(10, 11, 0));
    assert_eq!(loaded.schema.tables["u"].partitioning, None);
    assert_eq!(loaded.schema.tables["u"].columns.len(), 1);
    let scheme = loaded.schema.tables["t"].partition_scheme().expect("it has partitions");
    assert_eq!(scheme.len(), 1);
}

#[test]
fn ansi_quotes_quote_names() {
    let read = table(
        "SET sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
         CREATE TABLE \"t\" (\"a;b\" varchar(5) DEFAULT '\\' CHECK (\"a;b\" <> '\\'));",
    );
    assert_eq!(columns(&read), "a;b");
    assert_eq!(read.checks[0].expression.text, "`a;b` <> '\\\\'");
    assert_eq!(read.columns[0].default, Some(crate::model::DefaultValue::Literal("\\".to_owned())));
}

#[test]
fn a_saved_sql_mode_comes_back() {
    let loaded = load(
        "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ANSI' */;
         SET @saved_sql_mode = @@sql_mode;
         SET SESSION sql_mode = 'STRICT_TRANS_TABLES';
         create table a (b varchar(9) default \"x\");
         SET sql_mode = @saved_sql_mode;
         create table \"c\" (d int);
         SET SQL_MODE=@OLD_SQL_MODE;
         create table e (f varchar(9) default \"x\");",
    );
    assert_eq!(loaded.schema.tables.keys().collect::<Vec<_>>(), ["a", "c", "e"]);
}

#[test]
fn errors_show_the_place() {
    let text = "create table a (id int);\ninsert into a values (1);\n\ncreate table b (\n  id itn\n);\ncreat table c (id int);";
    insta::assert_snapshot!(error(text));
    insta::assert_snapshot!(error("create table a (id int);\nalter table aa add b int;"));
    insta::assert_snapshot!(error(
        "use a; create table a (id int);\nuse b; create table b (id int);"
    ));
}

#[test]
fn what_runs_only_on_a_server_is_noted() {
    let loaded = load("create table a (id int);\ncall upgrade();");
    assert_eq!(loaded.notes.len(), 1);
    assert_eq!(loaded.notes[0].title, "test.sql, line 2: what CALL does is known only to a server");
}

#[test]
fn data_of_any_size_is_skipped() {
    let row = "(1,'it\\'s; \"x\" -- y'),";
    let mut text = "create table a (id int);\ninsert into a values ".to_owned();
    text.push_str(&row.repeat(100_000));
    text.push_str("(2,'');\ncreate table b (id int);");
    let loaded = load(&text);
    assert_eq!(loaded.schema.tables.len(), 2);
    let span = loaded.places.get(&crate::model::Element::table("b")).unwrap();
    assert_eq!(loaded.files.position(span).line, 3);
    assert!(loaded.files.get(span.file).text.len() < 100);
    // With each possible size of the pieces in which a file arrives.
    for capacity in 1..40 {
        let reader = std::io::BufReader::with_capacity(capacity, &text.as_bytes()[..2000]);
        let text = std::io::Read::chain(reader, &b"');\ncreate table b (id int);"[..]);
        assert_eq!(read_from(text, "test.sql", None).unwrap().schema.tables.len(), 2);
    }
}

#[test]
fn a_quote_that_is_never_closed_hides_nothing() {
    let text = "create table a (id int);\ninsert into a values ('x);\ncreate table b (id int);\n";
    assert!(error(text).contains("the quote on line 2 is never closed"), "{}", error(text));
}

#[test]
fn what_ends_a_statement_early_is_found() {
    for text in [
        "create table t (a text character @x)",
        "create table t (a int",
        "create table `t (a int);",
        "alter table",
        "drop",
        "rename table a",
        "create trigger t",
        "create definer=",
        "use",
        "delimiter",
        "/*!50000 create table t (a int);",
    ] {
        let _ = read_from(text.as_bytes(), "test.sql", None);
    }
}

#[test]
fn bytes_that_are_not_utf8_are_kept() {
    let text =
        b"create table t (a varbinary(9) default 'x\xFF\\0', b varchar(9) default '\xC3\xA9');";
    let loaded = read_from(&text[..], "test.sql", None).unwrap();
    let columns = &loaded.schema.tables["t"].columns;
    assert_eq!(columns[0].default, Some(crate::model::DefaultValue::Bytes(b"x\xFF\0".to_vec())));
    assert_eq!(columns[1].default, Some(crate::model::DefaultValue::Literal("é".to_owned())));
}

#[test]
fn versioning_and_periods() {
    let text = "create table t (id int, s date, e date, n int with system versioning,
            unique u (id, stay without overlaps), period for stay (s, e));
        create table x (id int without system versioning);
        alter table x add column rs timestamp(6) as row start, add re timestamp(6) as row end,
            add period for system_time (rs, re), add system versioning;
        alter table x rename column rs to rf;
        create table y (a date, b date, period for p (a, b));
        alter table y drop period for p, drop column a;
        create table z (e vector(3) not null, vector key v (e) m=8 `distance`=cosine);";
    let schema = load_for(text, Server::mariadb(11, 8, 6)).schema;
    let table = |name: &str| schema.table(name).unwrap();
    let written = ["t", "x", "y", "z"]
        .map(|name| crate::ddl::create_table(table(name), &Server::mariadb(11, 8, 6)));
    insta::assert_snapshot!(written.join("\n"), @r#"
    CREATE TABLE `t` (
      `id` int DEFAULT NULL WITHOUT SYSTEM VERSIONING,
      `s` date NOT NULL WITHOUT SYSTEM VERSIONING,
      `e` date NOT NULL WITHOUT SYSTEM VERSIONING,
      `n` int DEFAULT NULL,
      PERIOD FOR `stay` (`s`,`e`),
      UNIQUE KEY `u` (`id`,`stay` WITHOUT OVERLAPS)
    ) WITH SYSTEM VERSIONING
    CREATE TABLE `x` (
      `id` int DEFAULT NULL,
      `rf` timestamp(6) GENERATED ALWAYS AS ROW START,
      `re` timestamp(6) GENERATED ALWAYS AS ROW END,
      PERIOD FOR SYSTEM_TIME (`rf`,`re`)
    ) WITH SYSTEM VERSIONING
    CREATE TABLE `y` (
      `b` date NOT NULL
    )
    CREATE TABLE `z` (
      `e` vector(3) NOT NULL,
      VECTOR KEY `v` (`e`) M=8 DISTANCE=cosine
    )
    "#);
}

/// Some versions quote the values of options and some don't: MariaDB 11.8.9 quotes most of them,
/// 11.8.6 few.
#[test]
fn values_of_options_may_have_quotes() {
    let server = Server::mariadb(11, 8, 9);
    let normalized = |text: &str| {
        let schema = load_for(text, server).schema;
        let context = crate::normalize::Context::of(server, &schema, &schema);
        crate::normalize::normalize(&schema, &context)
    };
    let quoted = normalized(
        "create table t (a int primary key, e vector(3) not null, b int `flag`='on' `size`='5',
           key k (a) key_block_size='4' `other`='yes', vector key v (e) `m`='8' `distance`='cosine')
         row_format='compressed' auto_increment='7' key_block_size='8' `page_compressed`='1'
         `page_compression_level`='3' `encrypted`='no' stats_persistent='1' `mine`='5';",
    );
    let plain = normalized(
        "create table t (a int primary key, e vector(3) not null, b int flag=on size=5,
           key k (a) key_block_size=4 other=yes, vector key v (e) m=8 distance=cosine)
         row_format=compressed auto_increment=7 key_block_size=8 page_compressed=1
         page_compression_level=3 encrypted=no stats_persistent=1 mine=5;",
    );
    assert_eq!(quoted, plain);
    assert_eq!(quoted.tables["t"].index("v").unwrap().vector.m, Some(8));
    let refused = read_from(
        &b"create table t (e vector(3) not null, vector key v (e) m='8x');"[..],
        "test.sql",
        Some(server),
    );
    assert!(refused.is_err());
}
