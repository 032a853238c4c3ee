//! What is written is the same when it is read again.

mod clauses;
mod names;
mod short;

use super::*;
use crate::model::{
    Check, Column, ColumnFormat, ColumnStorage, ColumnType, ColumnVersioning, DefaultValue,
    EngineAttributes, Expression, FloatPrecision, ForeignKey, Generated, GeneratedStorage,
    GeometryKind, Index, IndexAlgorithm, IndexKind, IndexPart, IntegerSize, KeyPart, ObjectKind,
    PRIMARY, Period, ReferentialAction, Sign, StorageMedium, Table, TextSize, UnsupportedObject,
    VectorDistance, VectorOptions,
};

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB: Server = Server::mariadb(11, 8, 6);

fn int() -> ColumnType {
    ColumnType::Integer { size: IntegerSize::Int, sign: Sign::Signed, width: None }
}

/// Writes, reads and compares; returns the text.
fn round_trip_on(schema: &Schema, server: Server) -> String {
    let options =
        WriteOptions { stated_server: Some(server.flavor()), ..WriteOptions::new(server) };
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

#[test]
fn what_is_unsupported_is_named_and_ignored() {
    let mut schema = one(table("a"));
    for name in ["measure*ments", "x: y"] {
        let mut partitioned = table(name);
        partitioned.unsupported = vec!["PARTITION BY RANGE".to_owned(), "a\nb".to_owned()];
        schema.insert(partitioned);
    }
    for (kind, name) in [(ObjectKind::View, "v"), (ObjectKind::Trigger, "t\n\u{1b}[31m")] {
        schema.unsupported.push(UnsupportedObject {
            kind,
            name: name.to_owned(),
            reason: String::new(),
            missing_right: None,
        });
    }
    let mut options = WriteOptions::new(MARIADB);
    options.stated_server = Some(MARIADB.flavor());
    options.header = vec!["Written by driftline pull".to_owned(), String::new(), "x\ny".to_owned()];
    options.settings.ignore_tables = vec!["tmp_*".to_owned()];
    options.settings.rules.insert("redundant-index".to_owned(), None);
    let naming = &mut options.settings.rule_options.naming;
    naming.insert(crate::source::NamedKind::Tables, "^[a-z_]{2,9}$".to_owned());
    naming.insert(crate::source::NamedKind::Indexes, "^ix_".to_owned());
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
        - measure[*]ments # unsupported: PARTITION BY RANGE, a\nb
        - "x: y" # unsupported: PARTITION BY RANGE, a\nb

    rules:
      naming: { tables: "^[a-z_]{2,9}$", indexes: ^ix_ }
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
    assert_eq!(loaded.settings.rule_options, options.settings.rule_options);
    assert_eq!(loaded.settings.ignore_tables, ["tmp_*", "measure[*]ments", "x: y"]);
    assert_eq!(loaded.schema.tables.len(), 1);
}

#[test]
fn a_table_with_a_foreign_key_to_a_missing_table_is_left_out() {
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
            implicit_index: None,
        });
        schema.insert(table);
    }
    let mut options = WriteOptions::new(MYSQL);
    options.settings.ignore_tables = vec!["tmp_*".to_owned()];
    let text = write(&schema, &options);
    assert!(
        text.contains("- a # unsupported: foreign key fk_a to gone, which is not there\n"),
        "{text}"
    );
    let tables = read_text("schema.yaml", &text).unwrap().schema.tables;
    assert_eq!(tables.into_keys().collect::<Vec<_>>(), ["b", "c"]);
}

#[test]
fn an_empty_schema() {
    assert_eq!(round_trip(&Schema::default()), "tables: {}\n");
}
