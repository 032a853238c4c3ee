//! Every type, clause, index, constraint and partition.

use super::*;

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
            attributes: EngineAttributes {
                engine_attribute: Some(r#"{"a": "it's"}"#.to_owned()),
                secondary_engine_attribute: Some("{}".to_owned()),
                engine_options: [("ODD NAME".to_owned(), "'it''s'".to_owned())].into(),
            },
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
    *index.attributes_mut() = EngineAttributes {
        engine_attribute: Some(r#"{"a": "it's"}"#.to_owned()),
        secondary_engine_attribute: Some("{}".to_owned()),
        engine_options: [("B".to_owned(), "5".to_owned()), ("A".to_owned(), "'b c'".to_owned())]
            .into(),
    };
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
          kept: 'varchar(9) compressed not null storage memory column_format fixed not secondary engine_attribute ''{"a": "it''''s"}'' secondary_engine_attribute ''{}'' `ODD NAME`=''it''''s'''
        periods:
          stay: [since, until]
          system_time: ["`row from`", "`row until`"]
        primary_key: { columns: [id], without_overlaps: stay }
        indexes:
          v:
            columns: [kept]
            type: vector
            m: 8
            distance: cosine
            engine_attribute: '{"a": "it''s"}'
            secondary_engine_attribute: "{}"
            engine_options: "`A`='b c' `B`=5"
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
        let table = crate::syntax::parse_create_table(&text, &MARIADB).unwrap();
        assert!(table.partitioning.is_some());
        round_trip(&one(table));
    }
    let mut kept = table("kept");
    kept.partitioning = Some(crate::model::Partitioning::Keep);
    round_trip(&one(kept));
}
