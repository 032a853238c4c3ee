//! What is left out because it is the default.

use super::*;

#[test]
fn what_most_tables_share_is_written_once() {
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
          other: varchar(9) collate utf8mb4_general_ci
          latin: varchar(9) collate latin1_bin
          usual: int
          odd: int(5)
    ");
}

#[test]
fn partitions_are_short_where_they_can_be() {
    let text = "create table t (id int, d date) engine=innodb partition by range (id)
        subpartition by hash (id) (partition a values less than (1) engine=innodb (subpartition s),
        partition b values less than (2) comment 'x' (subpartition t max_rows 3))";
    let mut schema = one(crate::syntax::parse_create_table(text, &MYSQL).unwrap());
    let text =
        "create table h (id int) engine=innodb partition by key (id) (partition x, partition y)";
    schema.insert(crate::syntax::parse_create_table(text, &MYSQL).unwrap());
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
