//! What is written is read again as it was.

use super::*;
use crate::model::{
    Check, Column, ColumnFormat, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue,
    Expression, FloatPrecision, ForeignKey, Generated, GeneratedStorage, GeometryKind, Index,
    IndexAlgorithm, IndexKind, IndexPart, IntegerSize, KeyPart, ObjectKind, PRIMARY, Period,
    ReferentialAction, Sign, StorageMedium, Table, TextSize, UnmodelledObject, VectorDistance,
    VectorOptions,
};

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB: Server = Server::mariadb(11, 8, 6);

fn int() -> ColumnType {
    ColumnType::Integer { size: IntegerSize::Int, sign: Sign::Signed, width: None }
}

/// Writes, reads, compares, and gives the text.
fn round_trip_on(schema: &Schema, server: Server) -> String {
    let options = WriteOptions { name_server: true, ..WriteOptions::new(server) };
    let text = write(schema, &options);
    let read = match read_text("schema.yaml", &text) {
        Ok(loaded) => loaded.schema,
        Err(invalid) => panic!("{invalid}\n{text}"),
    };
    for (name, table) in &schema.tables {
        assert_eq!(Some(table), read.table(name), "\n{text}");
    }
    assert_eq!(read.tables.keys().collect::<Vec<_>>(), schema.tables.keys().collect::<Vec<_>>());
    let again = format("schema.yaml", &text).unwrap_or_else(|invalid| panic!("{invalid}\n{text}"));
    assert_eq!(again, text, "what is written is canonical");
    write(schema, &WriteOptions::new(server))
}

fn round_trip(schema: &Schema) -> String {
    round_trip_on(schema, MARIADB);
    round_trip_on(schema, MYSQL)
}

fn one(table: Table) -> Schema {
    let mut schema = Schema::default();
    schema.insert(table);
    schema
}

/// A table with one column.
fn table(name: &str) -> Table {
    let mut table = Table::new(name);
    table.columns.push(Column::new("id", int()));
    table
}

const ODD_NAMES: &[&str] = &[
    "null",
    "true",
    "no",
    "on",
    "~",
    "1e3",
    "12",
    "0x1F",
    "2020-01-01",
    " leading",
    "trailing ",
    "two words",
    "back`tick",
    "sin'gle",
    "dou\"ble",
    "back\\slash",
    "colon: x",
    "a:b",
    "#hash",
    "a #b",
    "comma,",
    "[x]",
    "{x}",
    "- dash",
    "-",
    "?",
    "*star",
    "&and",
    "!bang",
    "%p",
    "@at",
    "Ünïcödé",
    "名前",
    "desc",
    "asc",
    "select",
    "key",
    "primary",
    "order",
    "x desc",
    "a(10)",
    "(a)",
    "a.b",
    "tab\tin",
    "new\nline",
    "\u{1b}[31m",
    "\u{202e}rtl",
    "😀",
    "<<",
    "=",
    "y",
    "n",
    "...",
    "---",
    "x-y",
    "$dollar",
    "a$b",
    "current_timestamp",
    "x\u{a0}y",
    "\u{feff}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

#[test]
fn odd_names_everywhere() {
    for name in ODD_NAMES {
        let mut table = Table::new(*name);
        table.columns.push(Column::new(*name, ColumnType::Varchar { length: 10 }));
        table.columns.push(Column::new("other", int()));
        let mut index = Index::new(
            format!("i{}", name.chars().take(60).collect::<String>()),
            IndexKind::Unique,
            vec![
                IndexPart {
                    key: KeyPart::Column { name: (*name).to_owned(), prefix_length: Some(3) },
                    descending: true,
                },
                IndexPart::column("other"),
            ],
        );
        table.indexes.push(index.clone());
        if !name.eq_ignore_ascii_case(PRIMARY) {
            index.name = (*name).to_owned();
            index.kind = IndexKind::Plain;
            index.parts.remove(0);
            index.comment = (*name).to_owned();
            table.indexes.push(index);
        }
        table.primary_key =
            Some(Index::new(PRIMARY, IndexKind::Primary, vec![IndexPart::column(*name)]));
        table.foreign_keys.push(ForeignKey {
            name: (*name).to_owned(),
            columns: vec![(*name).to_owned()],
            referenced_schema: None,
            referenced_table: (*name).to_owned(),
            referenced_columns: vec![(*name).to_owned()],
            on_delete: ReferentialAction::SetNull,
            on_update: ReferentialAction::Cascade,
        });
        table.foreign_keys.push(ForeignKey {
            name: format!("x{}", name.chars().take(60).collect::<String>()),
            columns: vec![(*name).to_owned(), "other".to_owned()],
            referenced_schema: Some((*name).to_owned()),
            referenced_table: (*name).to_owned(),
            referenced_columns: vec!["other".to_owned(), (*name).to_owned()],
            on_delete: ReferentialAction::default(),
            on_update: ReferentialAction::Restrict,
        });
        table.checks.push(Check {
            name: (*name).to_owned(),
            expression: Expression::new("other > 0 and 'x: {y} #' <> 'it''s, \"q\"'"),
            enforced: true,
        });
        round_trip(&one(table));
    }
}

#[test]
fn odd_texts_in_comments_defaults_and_members() {
    for text in ODD_NAMES.iter().copied().chain([
        "line\nbreak\r\n  and more\n",
        "it's",
        "\\",
        "\\'",
        "''",
        "a\\nb",
        "\0",
        "\u{85}",
        "\u{2028}",
        "100%",
        "ends with colon:",
        "  ",
        "'",
        "\"",
    ]) {
        let mut table = table("t");
        table.options.comment = text.to_owned();
        let mut column = Column::new("c", ColumnType::Varchar { length: 99 });
        column.comment = text.to_owned();
        column.default = Some(DefaultValue::Literal(text.to_owned()));
        table.columns.push(column);
        let members = vec!["plain".to_owned(), text.trim_end_matches(' ').to_owned()];
        table.columns.push(Column::new("e", ColumnType::Enum { members }));
        let mut renamed =
            Column::new("r", ColumnType::Enum { members: vec![text.to_owned() + "x"] });
        renamed.comment = text.to_owned();
        renamed.renamed_from = Some("old".to_owned());
        table.columns.push(renamed);
        round_trip(&one(table));
    }
}

fn types() -> Vec<ColumnType> {
    use ColumnType as T;
    let mut types = vec![
        T::Decimal { precision: 10, scale: 2, sign: Sign::Signed },
        T::Decimal { precision: 65, scale: 0, sign: Sign::Unsigned },
        T::Float { precision: None, sign: Sign::Signed },
        T::Float {
            precision: Some(FloatPrecision { digits: 7, decimals: 2 }),
            sign: Sign::Zerofill,
        },
        T::Double { precision: None, sign: Sign::Unsigned },
        T::Bit { length: 8 },
        T::Char { length: 0 },
        T::Varchar { length: 100 },
        T::Binary { length: 16 },
        T::Varbinary { length: 16 },
        T::Text { size: TextSize::Normal, length: Some(300) },
        T::Blob { size: TextSize::Normal, length: Some(300) },
        T::Set { members: vec!["a".to_owned(), "b".to_owned()] },
        T::Date,
        T::Time { fsp: 3 },
        T::Datetime { fsp: 0 },
        T::Timestamp { fsp: 6 },
        T::Year,
        T::Json,
        T::Uuid,
        T::Inet4,
        T::Inet6,
        T::Vector { dimensions: 3 },
    ];
    for size in [TextSize::Tiny, TextSize::Normal, TextSize::Medium, TextSize::Long] {
        types.push(T::Text { size, length: None });
        types.push(T::Blob { size, length: None });
    }
    for size in [IntegerSize::Tiny, IntegerSize::Medium, IntegerSize::Big] {
        types.push(T::Integer { size, sign: Sign::Unsigned, width: None });
        types.push(T::Integer { size, sign: Sign::Zerofill, width: Some(5) });
        types.push(T::Integer { size, sign: Sign::Signed, width: Some(1) });
    }
    for kind in [GeometryKind::Geometry, GeometryKind::Point, GeometryKind::GeometryCollection] {
        types.push(T::Geometry { kind, srid: None });
        types.push(T::Geometry { kind, srid: Some(4326) });
    }
    types
}

#[test]
fn every_type_and_clause() {
    let mut table = table("t");
    table.columns.clear();
    for (number, ty) in types().into_iter().enumerate() {
        let mut column = Column::new(format!("c{number}"), ty);
        column.nullable = number % 2 == 0;
        column.invisible = number % 3 == 0;
        if column.ty.has_charset() && number % 2 == 0 {
            column.charset = Some("latin1".to_owned());
            column.collation = Some("latin1_bin".to_owned());
        }
        table.columns.push(column);
    }
    round_trip(&one(table));
}

#[test]
fn every_default_and_generated_column() {
    let mut table = table("t");
    let mut add = |name: &str, ty: ColumnType, change: &dyn Fn(&mut Column)| {
        let mut column = Column::new(name, ty);
        change(&mut column);
        table.columns.push(column);
    };
    let default =
        |value: DefaultValue| move |column: &mut Column| column.default = Some(value.clone());
    let literal = |text: &str| default(DefaultValue::Literal(text.to_owned()));
    add("i", int(), &literal("-5"));
    add("d", ColumnType::Decimal { precision: 5, scale: 2, sign: Sign::Signed }, &literal("1.50"));
    add("f", ColumnType::Double { precision: None, sign: Sign::Signed }, &literal("1e20"));
    add("b", ColumnType::Bit { length: 8 }, &literal("101"));
    add("v", ColumnType::Varchar { length: 9 }, &literal(""));
    add("w", ColumnType::Varchar { length: 9 }, &literal("NULL"));
    add("x", ColumnType::Date, &literal("2020-01-02"));
    add("y", ColumnType::Varbinary { length: 4 }, &default(DefaultValue::Bytes(vec![255, 0])));
    add("z", ColumnType::Binary { length: 4 }, &default(DefaultValue::Bytes(b"ab".to_vec())));
    add("t", ColumnType::Timestamp { fsp: 3 }, &|column| {
        column.default = Some(DefaultValue::CurrentTimestamp);
        column.on_update_now = true;
        column.nullable = false;
    });
    add(
        "u",
        ColumnType::Char { length: 36 },
        &default(DefaultValue::Expression(Expression::new("concat('a, b', uuid())"))),
    );
    for (name, storage) in [("g", GeneratedStorage::Virtual), ("h", GeneratedStorage::Stored)] {
        add(name, int(), &|column| {
            column.generated = Some(Generated { expression: Expression::new("`i` + 1"), storage });
        });
    }
    add("k", int(), &|column| column.check = Some(Expression::new("`k` > 0 and 'a: b' <> ''")));
    add("n", int(), &|column| {
        column.auto_increment = true;
        column.nullable = false;
    });
    table.indexes.push(Index::new("n", IndexKind::Plain, vec![IndexPart::column("n")]));
    round_trip(&one(table));
}

#[test]
fn versioning_periods_and_storage() {
    let mut table = table("t");
    table.versioned = true;
    let timestamp = || ColumnType::Timestamp { fsp: 6 };
    let mut add = |name: &str, ty: ColumnType, change: &dyn Fn(&mut Column)| {
        let mut column = Column::new(name, ty);
        column.nullable = false;
        change(&mut column);
        table.columns.push(column);
    };
    add("since", ColumnType::Date, &|_| {});
    add("until", ColumnType::Date, &|_| {});
    add("row from", timestamp(), &|it| it.versioning = ColumnVersioning::RowStart);
    add("row until", timestamp(), &|it| {
        it.versioning = ColumnVersioning::RowEnd;
        it.invisible = true;
    });
    add("left_out", int(), &|it| it.versioning = ColumnVersioning::Without);
    add("kept", ColumnType::Varchar { length: 9 }, &|it| {
        *it.storage_mut() = ColumnStorage {
            compressed: true,
            format: Some(ColumnFormat::Fixed),
            medium: Some(StorageMedium::Memory),
            not_secondary: true,
            engine_attribute: Some(r#"{"a": "it's"}"#.to_owned()),
            secondary_engine_attribute: Some("{}".to_owned()),
        };
    });
    let period = |name: &str, start: &str, end: &str| Period {
        name: name.to_owned(),
        start: start.to_owned(),
        end: end.to_owned(),
    };
    table.periods.push(period("stay", "since", "until"));
    table.periods.push(period(Period::SYSTEM_TIME, "row from", "row until"));
    let mut key = Index::new(PRIMARY, IndexKind::Primary, vec![IndexPart::column("id")]);
    key.without_overlaps = Some("stay".to_owned());
    table.columns[0].nullable = false;
    table.primary_key = Some(key);
    let mut index = Index::new("v", IndexKind::Vector, vec![IndexPart::column("kept")]);
    index.vector = VectorOptions { m: Some(8), distance: Some(VectorDistance::Cosine) };
    table.indexes.push(index);
    insta::assert_snapshot!(round_trip(&one(table)), @r#"
    tables:
      t:
        system_versioning: true
        columns:
          id: int not null
          since: date not null
          until: date not null
          row from: timestamp(6) generated always as row start
          row until: timestamp(6) generated always as row end invisible
          left_out: int not null without system versioning
          kept: 'varchar(9) compressed not null storage memory column_format fixed not secondary engine_attribute ''{"a": "it''''s"}'' secondary_engine_attribute ''{}'''
        periods:
          stay: [since, until]
          system_time: ["`row from`", "`row until`"]
        primary_key: { columns: [id], without_overlaps: stay }
        indexes:
          v: { columns: [kept], type: vector, m: 8, distance: cosine }
    "#);
}

#[test]
fn every_index_and_constraint() {
    let mut table = table("t");
    table.columns.push(Column::new("v", ColumnType::Varchar { length: 255 }));
    let expression = IndexPart {
        key: KeyPart::Expression(Expression::new("concat(`v`, ', ', 'it''s')")),
        descending: true,
    };
    for kind in [
        IndexKind::Plain,
        IndexKind::Unique,
        IndexKind::Fulltext,
        IndexKind::Spatial,
        IndexKind::Vector,
    ] {
        table.indexes.push(Index::new(format!("{kind:?}"), kind, vec![IndexPart::column("v")]));
    }
    let mut index = Index::new("all", IndexKind::Plain, vec![expression, IndexPart::column("v")]);
    index.algorithm = Some(IndexAlgorithm::Hash);
    index.invisible = true;
    index.key_block_size = Some(8);
    index.comment = "a, b: c".to_owned();
    index.renamed_from = Some("old name".to_owned());
    table.indexes.push(index.clone());
    index.name = "short".to_owned();
    index.kind = IndexKind::Fulltext;
    index.parser = Some("ngram".to_owned());
    index.comment =
        "a comment that is so long that the index no longer fits on one line".to_owned();
    table.indexes.push(index);
    let mut primary = Index::new(PRIMARY, IndexKind::Primary, vec![IndexPart::column("id")]);
    primary.algorithm = Some(IndexAlgorithm::Btree);
    primary.comment = "it's".to_owned();
    table.primary_key = Some(primary);
    table.checks.push(Check {
        name: "c".to_owned(),
        expression: Expression::new("`id` > 0"),
        enforced: false,
    });
    table.renamed_from = Some("old table".to_owned());
    table.options.auto_increment = Some(7);
    table.options.row_format = Some("DYNAMIC".to_owned());
    for (key, value) in [
        ("STATS_PERSISTENT", "1"),
        ("COMPRESSION", "'zlib'"),
        ("PACK_KEYS", "DEFAULT"),
        ("DATA DIRECTORY", "'/data/it''s'"),
        ("PAGE_COMPRESSED", "1"),
        ("INSERT_METHOD", "LAST"),
    ] {
        table.options.other.insert(key.to_owned(), value.to_owned());
    }
    round_trip(&one(table));
}

#[test]
fn what_most_tables_share_is_said_once() {
    let mut schema = Schema::default();
    for (name, engine, charset, collation) in [
        ("a", "InnoDB", Some("utf8mb4"), Some("utf8mb4_bin")),
        ("b", "InnoDB", Some("utf8mb4"), Some("utf8mb4_bin")),
        ("c", "MyISAM", Some("latin1"), None),
        ("d", "InnoDB", None, Some("utf8mb4_bin")),
        ("e", "InnoDB", Some("utf8mb4"), Some("utf8mb4_bin")),
    ] {
        let mut table = table(name);
        table.options.engine = Some(engine.to_owned());
        table.options.charset = charset.map(str::to_owned);
        table.options.collation = collation.map(str::to_owned);
        schema.insert(table);
    }
    insta::assert_snapshot!(round_trip(&schema), @r"
    defaults:
      engine: InnoDB
      charset: utf8mb4
      collation: utf8mb4_bin

    tables:
      a:
        columns:
          id: int

      b:
        columns:
          id: int

      c:
        engine: MyISAM
        charset: latin1
        columns:
          id: int

      d:
        collation: utf8mb4_bin
        columns:
          id: int

      e:
        columns:
          id: int
    ");
    // A table with no engine would inherit one.
    schema.insert(table("f"));
    assert!(!round_trip(&schema).contains("defaults"));
}

#[test]
fn what_is_not_modelled_is_named_and_ignored() {
    let mut schema = one(table("a"));
    for name in ["measure*ments", "x: y"] {
        let mut partitioned = table(name);
        partitioned.not_modelled = vec!["PARTITION BY RANGE".to_owned(), "a\nb".to_owned()];
        schema.insert(partitioned);
    }
    for (kind, name) in [(ObjectKind::View, "v"), (ObjectKind::Trigger, "t\n\u{1b}[31m")] {
        schema.not_modelled.push(UnmodelledObject {
            kind,
            name: name.to_owned(),
            reason: String::new(),
        });
    }
    let mut options = WriteOptions::new(MARIADB);
    options.name_server = true;
    options.header = vec!["Written by driftline pull".to_owned(), String::new(), "x\ny".to_owned()];
    options.settings.ignore_tables = vec!["tmp_*".to_owned()];
    options.settings.rules.insert("redundant-index".to_owned(), None);
    let text = write(&schema, &options);
    insta::assert_snapshot!(text, @r#"
    # Written by driftline pull
    #
    # x
    # y

    server: mariadb:11.8

    ignore:
      tables:
        - tmp_*
        - measure[*]ments # not modelled: PARTITION BY RANGE, a\nb
        - "x: y" # not modelled: PARTITION BY RANGE, a\nb

    rules:
      redundant-index: off

    tables:
      a:
        columns:
          id: int

    # in the database and no part of this file:
    #   view v
    #   trigger t\n\u{1b}[31m
    "#);
    let loaded = read_text("schema.yaml", &text).unwrap();
    assert_eq!(loaded.server.map(|server| server.flavor()).as_deref(), Some("mariadb:11.8"));
    assert_eq!(loaded.settings.rules, options.settings.rules);
    assert_eq!(loaded.settings.ignore_tables, ["tmp_*", "measure[*]ments", "x: y"]);
    assert_eq!(loaded.schema.tables.len(), 1);
}

#[test]
fn a_foreign_key_to_nothing_keeps_its_table_out() {
    let mut schema = Schema::default();
    for (name, parent) in [("a", "gone"), ("b", "tmp_x"), ("c", "a")] {
        let mut table = table(name);
        table.foreign_keys.push(ForeignKey {
            name: format!("fk_{name}"),
            columns: vec!["id".to_owned()],
            referenced_schema: None,
            referenced_table: parent.to_owned(),
            referenced_columns: vec!["id".to_owned()],
            on_delete: ReferentialAction::default(),
            on_update: ReferentialAction::default(),
        });
        schema.insert(table);
    }
    let mut options = WriteOptions::new(MYSQL);
    options.settings.ignore_tables = vec!["tmp_*".to_owned()];
    let text = write(&schema, &options);
    assert!(
        text.contains("- a # not modelled: foreign key fk_a to gone, which is not there\n"),
        "{text}"
    );
    let tables = read_text("schema.yaml", &text).unwrap().schema.tables;
    assert_eq!(tables.into_keys().collect::<Vec<_>>(), ["b", "c"]);
}

#[test]
fn a_compact_file_leaves_out_what_a_column_inherits() {
    let mut table = table("t");
    table.options.charset = Some("utf8mb4".to_owned());
    table.options.collation = Some("utf8mb4_bin".to_owned());
    for (name, charset, collation) in [
        ("same", "utf8mb4", "utf8mb4_bin"),
        ("other", "utf8mb4", "utf8mb4_general_ci"),
        ("latin", "latin1", "latin1_bin"),
    ] {
        let mut column = Column::new(name, ColumnType::Varchar { length: 9 });
        column.charset = Some(charset.to_owned());
        column.collation = Some(collation.to_owned());
        table.columns.push(column);
    }
    for (name, width) in [("usual", 11), ("odd", 5)] {
        let ty =
            ColumnType::Integer { size: IntegerSize::Int, sign: Sign::Signed, width: Some(width) };
        table.columns.push(Column::new(name, ty));
    }
    table.options.auto_increment = Some(5);
    let mut options = WriteOptions::new(MYSQL);
    options.compact = true;
    insta::assert_snapshot!(write(&one(table), &options), @r"
    defaults:
      charset: utf8mb4
      collation: utf8mb4_bin

    tables:
      t:
        columns:
          id: int
          same: varchar(9)
          other: varchar(9) character set utf8mb4 collate utf8mb4_general_ci
          latin: varchar(9) character set latin1 collate latin1_bin
          usual: int
          odd: int(5)
    ");
}

#[test]
fn nothing_at_all() {
    assert_eq!(round_trip(&Schema::default()), "tables: {}\n");
}

#[test]
fn partitions_of_every_kind() {
    for partitions in [
        "range (year(d)) (partition p0 values less than (2020) comment 'it''s', partition `p 1` values less than maxvalue)",
        "range columns (d, id) (partition a values less than ('2020-01-01', -5), partition b values less than (maxvalue, maxvalue))",
        "list (id) (partition a values in (1, null, 1 + 1), partition d default)",
        "list columns (id, d) (partition a values in ((1, '2020-01-01'), (2, null)))",
        "list columns (`odd name`) (partition a values in ('a, b: {c}', 0xFF00))",
        "hash (id) partitions 4",
        "linear hash (id + 1) (partition a, partition `null`)",
        "key () partitions 2",
        "linear key algorithm=1 (id, `odd name`)",
        "range (id) subpartition by hash (id) subpartitions 2 (partition a values less than (1))",
        "range (id) subpartition by linear key (id) (partition a values less than (1) (subpartition s, subpartition t comment 'x' max_rows 5))",
        "hash (id) (partition a data directory '/x' index directory '/y' tablespace ts max_rows 3 min_rows 2)",
        "system_time interval 1 week starts '2024-01-01 00:00:00' (partition p history, partition n current)",
        "system_time limit 1000 auto partitions 5",
        "system_time interval '1:30' hour_minute",
    ] {
        let text =
            format!("create table t (id int, d date, `odd name` int) partition by {partitions}");
        let table = crate::sql::parse_create_table(&text, &MARIADB).unwrap();
        assert!(table.partitioning.is_some());
        round_trip(&one(table));
    }
    let mut kept = table("kept");
    kept.partitioning = Some(crate::model::Partitioning::Keep);
    round_trip(&one(kept));
}

#[test]
fn partitions_are_short_where_they_can_be() {
    let text = "create table t (id int, d date) engine=innodb partition by range (id)
        subpartition by hash (id) (partition a values less than (1) engine=innodb (subpartition s),
        partition b values less than (2) comment 'x' (subpartition t max_rows 3))";
    let mut schema = one(crate::sql::parse_create_table(text, &MYSQL).unwrap());
    let text =
        "create table h (id int) engine=innodb partition by key (id) (partition x, partition y)";
    schema.insert(crate::sql::parse_create_table(text, &MYSQL).unwrap());
    insta::assert_snapshot!(write(&schema, &WriteOptions::new(MYSQL)), @r"
    defaults:
      engine: innodb

    tables:
      t:
        columns:
          id: int
          d: date
        partitioning:
          by: range (id)
          subpartition_by: hash (id)
          partitions:
            a: { values: less than (1), subpartitions: [s] }
            b:
              values: less than (2)
              comment: x
              subpartitions:
                t: { max_rows: 3 }

      h:
        columns:
          id: int
        partitioning:
          by: key (id)
          partitions: [x, y]
    ");
}
