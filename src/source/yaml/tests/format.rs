//! What `fmt` does to a file.

use super::*;

/// Formats twice: the second time changes nothing.
fn formatted(text: &str) -> String {
    let once = format("schema.yaml", text).unwrap_or_else(|invalid| panic!("{invalid}"));
    let twice = format("schema.yaml", &once).unwrap_or_else(|invalid| panic!("{invalid}\n{once}"));
    assert_eq!(once, twice, "formatting is idempotent");
    if let (Ok(before), Ok(after)) = (read_text("a", text), read_text("a", &once)) {
        assert_eq!(before.settings, after.settings);
        let tables = before.schema.tables.values().zip(after.schema.tables.values());
        for (before, after) in tables {
            assert_eq!(before.indexes, after.indexes);
            assert_eq!(before.foreign_keys, after.foreign_keys);
        }
    }
    once
}

#[test]
fn layout_and_sql_become_canonical_and_comments_stay() {
    insta::assert_snapshot!(formatted(
        "# The safety schema\n\n\n\ndefaults: {engine: InnoDB}   # for all\ntables:\n    reports:\n        # what a column is\n        columns:\n            id:   VARCHAR( 36 )   NOT NULL  PRIMARY KEY # the id\n            n: Integer Unsigned null default NULL\n            created: 'DATETIME(3) NOT NULL DEFAULT Now(3)'\n            status: {type: \"ENUM('new', 'it''s')\", default: new, nullable: false}\n            total: \"DECIMAL(10, 2) CHECK (total>0)\"\n        indexes:\n            ix: [  id  DESC ,\"created\" ]\n            iy: { columns: [ '( LOWER(status) )' ], unique: true }\n            iz:\n            -   id\n            -   created  asc\n        foreign_keys:\n            self: {columns: [id], references: 'reports( id )', on_delete: cascade}\n        # at the end\n    other: {columns: {id: INT}}\n"
    ), @r#"
    # The safety schema

    defaults: { engine: InnoDB } # for all
    tables:
      reports:
        # what a column is
        columns:
          id: varchar(36) not null primary key # the id
          n: int unsigned
          created: datetime(3) not null default current_timestamp(3)
          status: { type: "enum('new','it''s')", default: new, nullable: false }
          total: decimal(10,2) check (total>0)
        indexes:
          ix: [id desc, "created"]
          iy: { columns: [(LOWER(status))], unique: true }
          iz:
            - id
            - created
        foreign_keys:
          self: { columns: [id], references: reports(id), on_delete: cascade }
        # at the end
      other: { columns: { id: int } }
    "#);
}

#[test]
fn what_is_not_understood_stays() {
    insta::assert_snapshot!(formatted(
        "tables:\n  t:\n    columns:\n      a: NO SUCH TYPE\n      b: >-\n        INT\n        NOT NULL\n      c: &x INT NOT NULL\n      d: *x\n      e: 5\n    nonsense: [1,2]\n"
    ), @r"
    tables:
      t:
        columns:
          a: NO SUCH TYPE
          b: >-
            INT
            NOT NULL
          c: &x int not null
          d: *x
          e: 5
        nonsense: [1, 2]
    ");
}

#[test]
fn anchors_and_merges() {
    insta::assert_snapshot!(formatted(
        "x-c: &c\n   created: DATETIME NOT NULL\ntables:\n   t:\n      columns:\n         <<: *c\n         id: INT\n"
    ), @r"
    x-c: &c
      created: datetime not null
    tables:
      t:
        columns:
          <<: *c
          id: int
    ");
}

#[test]
fn line_endings_and_the_byte_order_mark() {
    assert_eq!(
        formatted("\u{feff}tables:\r\n  t:\r\n    columns:\r\n      a: INT # x\r\n"),
        "tables:\n  t:\n    columns:\n      a: int # x\n"
    );
}

#[test]
fn text_that_is_not_yaml() {
    let invalid = format("schema.yaml", "tables: [\n").unwrap_err();
    assert!(invalid.to_string().starts_with("error: this isn't valid YAML"), "{invalid}");
}

#[test]
fn long_lines_are_left_to_the_writer() {
    let text = format!(
        "tables:\n  t:\n    comment: {}\n    columns:\n      a: {{ type: int, comment: \"{}\" }}\n",
        "word ".repeat(60).trim(),
        "b c ".repeat(60).trim()
    );
    assert_eq!(formatted(&text), text);
}

/// Too deep for the formatter: the file is left as it is, and can still be read.
#[test]
fn deep_indentation_is_unchanged() {
    let deep = " ".repeat(70);
    let text = format!("tables:\n  t:\n    columns:\n{deep}id: int not null\n");
    assert!(read_text("schema.yaml", &text).is_ok());
    let message = format("schema.yaml", &text).unwrap_err().to_string();
    assert!(message.contains("can't be formatted"), "{message}");
}

#[test]
fn partitions_become_canonical() {
    let text = "tables:\n  t:\n    columns: { id: int, d: date }\n    partitioning:\n      by: RANGE  COLUMNS(`d`)\n      partitions:\n        a: VALUES LESS THAN ( '2020-01-01' ) # old\n        b: {values: 'LESS THAN (MAXVALUE)', comment: x}\n      subpartition_by: LINEAR  HASH (( id ))\n";
    let lines: Vec<String> = formatted(text).lines().skip(3).map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "    partitioning:",
            "      by: range columns (d)",
            "      partitions:",
            "        a: less than ('2020-01-01') # old",
            "        b: { values: less than maxvalue, comment: x }",
            "      subpartition_by: linear hash (id)",
        ]
    );
}
