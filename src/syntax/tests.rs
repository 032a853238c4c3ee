use super::*;
use crate::model::{
    ColumnFormat, ColumnType, ColumnVersioning, DefaultValue, IntegerSize, KeyPart, Sign,
};

fn column(text: &str) -> ColumnDefinition {
    parse_column("c", text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn default_of(text: &str) -> Option<DefaultValue> {
    column(text).column.default
}

fn literal(text: &str) -> Option<DefaultValue> {
    Some(DefaultValue::Literal(text.to_owned()))
}

fn expression(text: &str) -> Option<DefaultValue> {
    Some(DefaultValue::Expression(Expression::new(text)))
}

#[test]
fn attributes_stand_in_any_order() {
    let first = column(
        "varchar(36) character set utf8mb4 collate utf8mb4_bin not null default 'x' comment 'y' unique",
    );
    let second = column(
        "VARCHAR(36) CHARSET utf8mb4 UNIQUE KEY COMMENT 'y' DEFAULT 'x' NOT NULL COLLATE utf8mb4_bin",
    );
    assert_eq!(first, second);
    assert!(first.unique && !first.column.nullable);
    assert_eq!(first.column.collation.as_deref(), Some("utf8mb4_bin"));
}

#[test]
fn synonyms_of_types_are_resolved() {
    let integer = |size, sign| ColumnType::Integer { size, sign, width: None };
    for (text, ty) in [
        ("integer", integer(IntegerSize::Int, Sign::Signed)),
        ("int8 unsigned", integer(IntegerSize::Big, Sign::Unsigned)),
        ("middleint zerofill unsigned", integer(IntegerSize::Medium, Sign::Zerofill)),
        ("dec(5)", ColumnType::Decimal { precision: 5, scale: 0, sign: Sign::Signed }),
        ("double precision", ColumnType::Double { precision: None, sign: Sign::Signed }),
        ("float(25)", ColumnType::Double { precision: None, sign: Sign::Signed }),
        ("char byte", ColumnType::Binary { length: 1 }),
        ("varchar(4) character set binary", ColumnType::Varbinary { length: 4 }),
        ("national character varying(4)", ColumnType::Varchar { length: 4 }),
        ("long varbinary", ColumnType::Blob { size: crate::model::TextSize::Medium, length: None }),
        (
            "enum('it''s', \"a,b\", 'x  ')",
            ColumnType::Enum {
                members: vec!["it's".to_owned(), "a,b".to_owned(), "x  ".to_owned()],
            },
        ),
    ] {
        assert_eq!(column(text).column.ty, ty, "{text}");
    }
    assert_eq!(parse_type("nchar(3)").unwrap().charset.as_deref(), Some("utf8mb3"));
    let serial = column("serial");
    assert!(serial.unique && serial.column.auto_increment && !serial.column.nullable);
}

#[test]
fn defaults_are_literals_or_expressions() {
    assert_eq!(default_of("int default '5'"), literal("5"));
    assert_eq!(default_of("int default -5"), literal("-5"));
    assert_eq!(default_of("int default 0x10"), literal("16"));
    assert_eq!(default_of("bit(8) default b'00101'"), literal("101"));
    assert_eq!(default_of("bit(8) default 5"), literal("101"));
    assert_eq!(default_of("tinyint(1) default true"), literal("1"));
    assert_eq!(default_of(r"varchar(9) default 'it''s \\ \n'"), literal("it's \\ \n"));
    assert_eq!(default_of("varchar(9) default _utf8mb4'a' 'b'"), literal("ab"));
    assert_eq!(default_of("varbinary(9) default 0xFF00"), Some(DefaultValue::Bytes(vec![0xFF, 0])));
    assert_eq!(default_of("date default date'2020-01-01'"), literal("2020-01-01"));
    for now in ["now()", "CURRENT_TIMESTAMP", "current_timestamp()", "localtimestamp(3)"] {
        let text = format!("datetime(3) default {now} on update {now}");
        assert_eq!(default_of(&text), Some(DefaultValue::CurrentTimestamp), "{text}");
        assert!(column(&text).column.on_update_now);
    }
    assert_eq!(default_of("char(36) default (uuid())"), expression("uuid()"));
    assert_eq!(default_of("char(36) default uuid() not null"), expression("uuid()"));
    assert_eq!(default_of("date default curdate()"), expression("curdate()"));
    assert_eq!(default_of("bigint default nextval(`db`.`s`)"), expression("nextval(`db`.`s`)"));
    assert_eq!(default_of("int default ((1 + 1))"), expression("1 + 1"));
}

#[test]
fn options_that_engines_define_are_kept() {
    let options = |text: &str| column(text).column.storage.unwrap().attributes.engine_options;
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    assert_eq!(options("int shard_key=1"), pairs(&[("SHARD_KEY", "1")]));
    let both = options("int not null `Odd name`='it''s' comment 'c' flag=yes default 5");
    assert_eq!(both, pairs(&[("FLAG", "yes"), ("ODD NAME", "'it''s'")]));
    assert_eq!(column("int flag=default").column.storage, None);
}

#[test]
fn how_values_are_kept() {
    let read = column(
        "blob compressed=zlib column_format fixed storage default without system versioning",
    );
    let storage = read.column.storage.unwrap();
    assert!(storage.compressed);
    assert_eq!((storage.format, storage.medium), (Some(ColumnFormat::Fixed), None));
    assert_eq!(read.column.versioning, ColumnVersioning::Without);
    assert_eq!(column("int column_format default storage default").column.storage, None);
}

#[test]
fn generated_columns_and_checks() {
    let read = column("int generated always as ((a + 1)) persistent check (c > 0) invisible");
    let generated = read.column.generated.unwrap();
    assert_eq!(generated.expression.text, "a + 1");
    assert_eq!(generated.storage, crate::model::GeneratedStorage::Stored);
    assert_eq!(read.checks[0].expression.text, "c > 0");
    assert!(read.column.invisible);
}

#[test]
fn versioned_comments_are_executed() {
    let read = column("geometry not null /*!80003 SRID 4326 */ /*!80023 INVISIBLE */");
    assert!(read.column.invisible);
    let kind = crate::model::GeometryKind::Geometry;
    assert_eq!(read.column.ty, ColumnType::Geometry { kind, srid: Some(4326) });
}

#[test]
fn index_parts() {
    let part = |text| parse_index_part(text).unwrap();
    let column =
        |name: &str, prefix_length| KeyPart::Column { name: name.to_owned(), prefix_length };
    assert_eq!(part("title(40)").key, column("title", Some(40)));
    assert!(part("timestamp desc").descending);
    assert_eq!(part("`odd ``name`").key, column("odd `name", None));
    assert_eq!(part("(lower(title))").key, KeyPart::Expression(Expression::new("lower(title)")));
    assert!(parse_index_part("odd name").is_err());
    assert!(parse_index_part("lower(title)").is_err());
}

#[test]
fn expressions_are_balanced() {
    let text = |text| parse_expression(text).map(|expression| expression.text.clone());
    assert_eq!(text("((a)+(b))").unwrap(), "(a)+(b)");
    assert_eq!(text("(a)+(b)").unwrap(), "(a)+(b)");
    assert_eq!(text(" a /* x */ <= 'b' ").unwrap(), "a <= 'b'");
    for wrong in ["", "()", "(a", "a)", "'a", "a; drop table x", "a, b", "/* x"] {
        assert!(parse_expression(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn references() {
    let read = parse_references("`other`.users(id, x)").unwrap();
    assert_eq!(read.schema.as_deref(), Some("other"));
    assert_eq!((read.table.as_str(), read.columns.len()), ("users", 2));
}

#[test]
fn errors_say_where() {
    let error = parse_column("c", "int not null defualt 5").unwrap_err();
    assert_eq!((error.start, error.end), (13, 20));
    let error = parse_column("c", "varcahr(5)").unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean `varchar`?"));
    assert!(parse_column("c", "varchar").is_err());
    assert!(parse_column("c", "int default new").is_err());
    assert!(parse_column("c", "varchar(5) default \"x").is_err());
    assert!(parse_type("int not null").is_err());
}

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB: Server = Server::mariadb(10, 11, 19);

fn table(text: &str, server: &Server) -> Table {
    parse_create_table(text, server).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn index_names(table: &Table) -> Vec<&str> {
    table.indexes.iter().map(|index| index.name.as_str()).collect()
}

#[test]
fn show_create_table_of_mysql() {
    let text = "CREATE TABLE `t` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(40) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL COMMENT 'it''s',
  `at` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `twice` int GENERATED ALWAYS AS ((`id` * 2)) STORED /*!80023 INVISIBLE */,
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`name`(10),`at` DESC) USING BTREE COMMENT 'x' /*!80000 INVISIBLE */,
  KEY `f` ((lower(`name`))),
  FULLTEXT KEY `ft` (`name`) /*!50100 WITH PARSER `ngram` */ ,
  CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `o`.`p` (`id`) ON DELETE CASCADE ON UPDATE SET NULL,
  CONSTRAINT `t_chk_1` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci STATS_PERSISTENT=1 ROW_FORMAT=DYNAMIC COMMENT='c'
/*!50100 PARTITION BY RANGE (`id`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */";
    insta::assert_debug_snapshot!(table(text, &MYSQL));
}

#[test]
fn what_has_no_name_is_named_as_the_server_would() {
    let text = "create table t (
        a int unique, b int check (b > 1), `primary` int references p (id),
        key (a), unique (A), key (`primary`), constraint c unique (b), constraint d unique e (b),
        check (a > 1), constraint constraint_1 check (a > 2), check (a > 3),
        foreign key idx (b) references p (id))";
    let on_mysql = table(text, &MYSQL);
    assert_eq!(index_names(&on_mysql), ["a", "a_2", "a_3", "primary_2", "c", "e"]);
    let names = |table: &Table| {
        let keys = table.foreign_keys.iter().map(|key| key.name.clone());
        let checks = table.checks.iter().map(|check| check.name.clone());
        keys.chain(checks).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&on_mysql), "t_ibfk_1 t_ibfk_2 t_chk_1 t_chk_2 constraint_1 t_chk_3");
    let on_mariadb = table(text, &MARIADB);
    assert_eq!(names(&on_mariadb), "t_ibfk_1 idx CONSTRAINT_2 constraint_1 CONSTRAINT_3");
    assert_eq!(on_mariadb.columns[1].check, Some(Expression::new("b > 1")));
    assert!(table(text, &Server::mysql(8, 4, 0)).foreign_keys.len() == 1);
}

#[test]
fn errors_in_a_table_say_where() {
    for (text, part) in [
        ("create table t (a int, A int)", "A"),
        ("create table t (a int primary key, b int, primary key (b))", "primary"),
        ("create table t (a int, key k (a), key K (a))", "key"),
        ("create table t (a int,)", ")"),
        ("create table t (a int) engine innodb select 1", "select"),
        ("create table t (a int) enigne innodb", "enigne"),
        ("create table t (a int, foreign key (a, b) references p (a))", "("),
    ] {
        let error = parse_create_table(text, &MYSQL).unwrap_err();
        assert_eq!(&text[error.start..error.end], part, "{text}: {error}");
    }
}

#[test]
fn binary_is_the_bin_collation_of_the_tables_charset() {
    let read =
        table("create table t (a char(3) binary, b char(3) binary ascii) charset utf8", &MYSQL);
    assert_eq!(read.columns[0].collation.as_deref(), Some("utf8mb3_bin"));
    assert_eq!(read.columns[1].collation.as_deref(), Some("latin1_bin"));
}

/// A text that is cut off or changed anywhere gives a result or an error, and the error's place is
/// inside the text.
#[test]
fn broken_texts_give_errors() {
    let text = "varchar(9) character set utf8mb4 collate utf8mb4_bin not null default _utf8mb4'é''x' \
                on update now() comment 'c' check (a in (1, x'ff')) /*!80023 invisible */ references p (a)";
    let pieces = ["'", "`", "(", ")", "/*", "/*!", "\\", "default", "character ", "0x", "é", "\0"];
    for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
        let (before, after) = text.split_at(at);
        for broken in pieces
            .iter()
            .map(|piece| format!("{before}{piece}{after}"))
            .chain([before.to_owned(), after.to_owned()])
        {
            let results = [
                parse_column("c", &broken).err(),
                parse_type(&broken).err(),
                parse_expression(&broken).err(),
                parse_index_part(&broken).err(),
                parse_create_table(&format!("create table t (c {broken})"), &MARIADB).err(),
            ];
            for error in results.into_iter().flatten() {
                assert!(error.start <= error.end && error.end <= broken.len() + 19, "{broken}");
            }
        }
    }
}

#[test]
fn long_texts_take_no_longer_than_they_are() {
    let many = 100_000;
    assert!(parse_expression(&"(".repeat(many)).is_err());
    assert!(parse_expression(&format!("{}1{}", "(".repeat(many), ")".repeat(many))).is_ok());
    assert!(parse_column("c", &format!("int {}", "/*!50000 ".repeat(many))).is_err());
    assert!(parse_column("c", &format!("text default {}", "'a'".repeat(many))).is_ok());
    assert!(parse_column("c", &format!("int default {}", "case ".repeat(many))).is_err());
}

#[test]
fn versioned_comments_are_for_some_servers() {
    let text = "create table t (a int /*!50700 , b int */ /*!80016 , c int */ /*!100100 , d int */
        /*M!100301 , e int */ /*! , f int */ /*!50699 , g int */ /*!080016 , h int */)";
    let columns = |server: Server| {
        let read = table(text, &server);
        read.columns.iter().map(|column| column.name.as_str()).collect::<String>()
    };
    // MySQL 9.7 and MariaDB 10.11 made these columns of the same comments.
    assert_eq!(columns(MYSQL), "abcfgh");
    assert_eq!(columns(MARIADB), "adefg");
    assert_eq!(columns(Server::ASSUMED), "abcfgh");
}
