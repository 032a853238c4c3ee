use super::*;
use crate::model::Element;
use crate::server::Server;
use crate::syntax::parse_create_table;

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB: Server = Server::mariadb(10, 11, 19);
const NEW_MARIADB: Server = Server::mariadb(11, 8, 6);

/// A database for which no character set was given.
fn context(server: Server) -> Context {
    let charset = Some(server.default_charset().to_owned());
    Context::of(server, &Schema { charset, ..Schema::default() }, &Schema::default())
}

fn schema(texts: &[&str], server: Server) -> Schema {
    let mut schema = Schema::default();
    for text in texts {
        match parse_create_table(text, &server) {
            Ok(table) => schema.insert(table),
            Err(error) => panic!("{text}: {}", error.message),
        };
    }
    schema
}

/// The only table of a schema, normalized. Asserts that normalizing it again changes nothing.
fn normalized(schema: &Schema, server: Server) -> Table {
    let once = normalize(schema, &context(server));
    let twice = normalize(&once, &context(server));
    assert_eq!(once, twice, "not idempotent");
    once.tables.into_values().next().unwrap_or_default()
}

fn table(text: &str, server: Server) -> Table {
    normalized(&schema(&[text], server), server)
}

/// Asserts that what was written is the same as what the server shows for it.
fn same(server: Server, written: &str, shown: &str) {
    let pair = [written, shown].map(|text| table(text, server));
    if let Err(why) = same_or_why(&pair[0], &pair[1]) {
        panic!("{written}\n{why}");
    }
}

/// Whether two tables are the same, apart from the order of things whose order doesn't matter. The
/// error says where they differ.
fn same_or_why(one: &Table, other: &Table) -> Result<(), String> {
    let [one, other] = [one, other].map(|table| {
        let mut table = table.clone();
        forget_texts(&mut table);
        table.options.auto_increment = None;
        table.options.inherits_charset = false;
        table.columns.iter_mut().for_each(|column| column.states_charset = false);
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        format!("{table:#?}")
    });
    let lines = similar::TextDiff::from_lines(&one, &other);
    if one == other { Ok(()) } else { Err(lines.unified_diff().context_radius(6).to_string()) }
}

/// Removes the text of each expression and leaves only its meaning.
fn forget_texts(table: &mut Table) {
    use crate::model::{DefaultValue, Expression, KeyPart};
    let forget = |expression: &mut Expression| {
        if let Some(canonical) = &expression.canonical {
            *expression = Expression::new(canonical).with_canonical(Some(canonical.clone()));
        }
    };
    for column in &mut table.columns {
        column.check.iter_mut().for_each(forget);
        column.generated.iter_mut().for_each(|generated| forget(&mut generated.expression));
        if let Some(DefaultValue::Expression(expression)) = &mut column.default {
            forget(expression);
        }
    }
    table.checks.iter_mut().for_each(|check| forget(&mut check.expression));
    for index in &mut table.indexes {
        for part in &mut index.parts {
            if let KeyPart::Expression(expression) = &mut part.key {
                forget(expression);
            }
        }
    }
}

#[test]
fn types_on_mysql() {
    same(
        MYSQL,
        "create table t (a int(5), b bigint(20) unsigned, c bool, d tinyint(1) unsigned,
         e int zerofill, f int(4) zerofill, g dec(5), h text(300), i blob(70000),
         j text(10) character set latin1, k varchar(5) character set binary, l year(4),
         m geometrycollection, n nchar(3), o json, p enum('a ','b'), q datetime(0))",
        "CREATE TABLE `t` (
          `a` int DEFAULT NULL,
          `b` bigint unsigned DEFAULT NULL,
          `c` tinyint(1) DEFAULT NULL,
          `d` tinyint unsigned DEFAULT NULL,
          `e` int(10) unsigned zerofill DEFAULT NULL,
          `f` int(4) unsigned zerofill DEFAULT NULL,
          `g` decimal(5,0) DEFAULT NULL,
          `h` text,
          `i` mediumblob,
          `j` tinytext CHARACTER SET latin1 COLLATE latin1_swedish_ci,
          `k` varbinary(5) DEFAULT NULL,
          `l` year DEFAULT NULL,
          `m` geomcollection DEFAULT NULL,
          `n` char(3) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci DEFAULT NULL,
          `o` json DEFAULT NULL,
          `p` enum('a','b') DEFAULT NULL,
          `q` datetime DEFAULT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci",
    );
}

#[test]
fn types_on_mariadb() {
    same(
        MARIADB,
        "create table t (a int, b bigint unsigned, c bool, d tinyint(1) unsigned, e int(5),
         f int zerofill, o json, p json check (json_length(p) < 5), q text collate utf8_bin)",
        "CREATE TABLE `t` (
          `a` int(11) DEFAULT NULL,
          `b` bigint(20) unsigned DEFAULT NULL,
          `c` tinyint(1) DEFAULT NULL,
          `d` tinyint(1) unsigned DEFAULT NULL,
          `e` int(5) DEFAULT NULL,
          `f` int(10) unsigned zerofill DEFAULT NULL,
          `o` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`o`)),
          `p` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_length(`p`) < 5),
          `q` text CHARACTER SET utf8mb3 COLLATE utf8mb3_bin DEFAULT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci",
    );
}

#[test]
fn collations_are_effective() {
    let text = "create table t (a text, b text character set utf8mb4, c text collate latin1_bin,
                d enum('x') charset binary, e int) collate utf8mb4_bin";
    let of = |server| -> Vec<_> {
        let table = table(text, server);
        let columns = table.columns.into_iter();
        columns.map(|column| column.collation.unwrap_or_default()).collect()
    };
    assert_eq!(of(MYSQL), ["utf8mb4_bin", "utf8mb4_0900_ai_ci", "latin1_bin", "binary", ""]);
    assert_eq!(of(NEW_MARIADB)[1], "utf8mb4_uca1400_ai_ci");
    let short = "create table t (a text collate uca1400_ai_ci) charset utf8mb3";
    let column = table(short, NEW_MARIADB).columns.remove(0);
    assert_eq!(column.collation.as_deref(), Some("utf8mb3_uca1400_ai_ci"));
}

#[test]
fn keys_and_constraints() {
    same(
        MYSQL,
        "create table T (Id int auto_increment primary key, b varchar(10) references T2(B),
         c int check (c>1), index (B(10)) using btree, constraint f foreign key (ID) references o (id)
         on delete restrict on update no action) row_format=default engine=innodb",
        "CREATE TABLE `T` (
          `Id` int NOT NULL AUTO_INCREMENT,
          `b` varchar(10) DEFAULT NULL,
          `c` int DEFAULT NULL,
          PRIMARY KEY (`Id`),
          KEY `b` (`b`),
          CONSTRAINT `f` FOREIGN KEY (`Id`) REFERENCES `o` (`id`),
          CONSTRAINT `T_ibfk_1` FOREIGN KEY (`b`) REFERENCES `T2` (`B`),
          CONSTRAINT `T_chk_1` CHECK ((`c` > 1))
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci",
    );
}

#[test]
fn the_prevailing_collation_is_taken() {
    let live = |collation: &str| {
        let mut live = schema(
            &[
                &format!("create table a (x text) collate {collation}"),
                &format!("create table b (x text) collate {collation}"),
            ],
            MYSQL,
        );
        live.collation = Some("utf8mb4_0900_ai_ci".to_owned());
        live
    };
    let file = schema(&["create table a (x text)", "create table b (x text)"], MYSQL);
    let found = Context::of(MYSQL, &live("utf8mb4_general_ci"), &file);
    assert_eq!(found.collation.as_deref(), Some("utf8mb4_general_ci"));
    assert!(found.assumed.is_some());
    let found = Context::of(MYSQL, &live("utf8mb4_0900_ai_ci"), &file);
    assert_eq!(found.collation.as_deref(), Some("utf8mb4_0900_ai_ci"));
    assert_eq!(found.assumed, None);

    let one = schema(&["create table a (x text) collate latin1_bin"], MYSQL);
    assert_eq!(Context::of(MYSQL, &one, &file).collation.as_deref(), Some("latin1_bin"));
    // If people write both files, nothing is assumed.
    assert_eq!(Context::between(MYSQL, (&one, true), (&file, true)).collation, None);
    // Only the tables that are in both files count.
    let other = schema(&["create table z (x text) collate latin1_bin"], MYSQL);
    assert_eq!(Context::of(MYSQL, &other, &file).collation, None);
    assert_eq!(context(NEW_MARIADB).collation.as_deref(), Some("utf8mb4_uca1400_ai_ci"));
}

#[test]
fn what_a_server_lacks_is_named() {
    let text =
        "create table t (a uuid, b int invisible, index ((lower(a))), check (b > 1) not enforced)";
    let found = |server: Server| -> Vec<String> {
        let schema = schema(&[text], server);
        let list = unsupported(&schema, &server).into_iter();
        list.map(|(element, why)| format!("{element}: {why}")).collect()
    };
    insta::assert_snapshot!(found(Server::mariadb(10, 6, 0)).join("\n"), @r"
    tables.t.columns.a: MariaDB 10.6.0 has no type UUID
    tables.t.indexes.functional_index: MariaDB 10.6.0 has no functional indexes
    tables.t.checks.CONSTRAINT_1: MariaDB 10.6.0 has no NOT ENFORCED
    ");
    insta::assert_snapshot!(found(MYSQL).join("\n"), @"tables.t.columns.a: MySQL 9.7.4 has no type UUID");
}

#[test]
fn a_character_that_the_server_would_lose_is_named() {
    let text = "tables: {}\nprocedures: { p: { comment: 'né 長 😀', body: do 1 } }\n\
                events: { e: { every: 1 day, comment: 'né 長', body: do 1 } }\n";
    let schema = crate::source::yaml::read_text("schema.yaml", text).unwrap().schema;
    let why = "MySQL 9.7.4 keeps no '😀' in the comment of a routine".to_owned();
    let element = Element::object(schema.objects.keys().next().unwrap());
    assert_eq!(unsupported(&schema, &MYSQL), [(element, why)]);
}

/// The default that a column of this type has if it is written as this text.
fn default_of(definition: &str, server: Server) -> String {
    let table = table(&format!("create table t (a {definition})"), server);
    format!("{:?}", table.columns[0].default)
}

#[test]
fn defaults_are_one_text_for_each_value() {
    for (definition, expected) in [
        ("int default '007'", r#"Some(Literal("7"))"#),
        ("int default true", r#"Some(Literal("1"))"#),
        ("int default null", "None"),
        ("decimal(5,2) default 1", r#"Some(Literal("1.00"))"#),
        ("enum('1','2','x') default 2", r#"Some(Literal("2"))"#),
        ("enum('x','Y ') default 'y'", r#"Some(Literal("Y"))"#),
        ("set('a','b','c') default 'C,a'", r#"Some(Literal("a,c"))"#),
        ("binary(3) default 0x410000", "Some(Bytes([65]))"),
        ("year default 99", r#"Some(Literal("1999"))"#),
        ("char(3) default 'x '", r#"Some(Literal("x"))"#),
        ("datetime(3) default now(3)", "Some(CurrentTimestamp)"),
        ("bit(8) default b'00101'", r#"Some(Literal("101"))"#),
        ("int as (1) stored", "None"),
    ] {
        assert_eq!(default_of(definition, MYSQL), expected, "{definition}");
        assert_eq!(default_of(definition, MARIADB), expected, "{definition}");
    }
    assert_eq!(default_of("int default (5)", MARIADB), r#"Some(Literal("5"))"#);
    assert!(default_of("int default (5)", MYSQL).contains("Expression"));
    assert_eq!(default_of("datetime default (now())", MARIADB), "Some(CurrentTimestamp)");
    assert!(default_of("text default 'x'", MYSQL).contains("Expression"));
    assert_eq!(default_of("text default 'x'", MARIADB), r#"Some(Literal("x"))"#);
}
