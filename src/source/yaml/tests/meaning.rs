//! What a valid file means.

use super::*;
use crate::ddl::{Keywords, index_part};
use crate::model::{Column, Index, IndexKind, IndexPart, KeyPart, Table};

fn schema(text: &str) -> Loaded {
    read_text("schema.yaml", text).unwrap_or_else(|invalid| panic!("{invalid}"))
}

/// A table called `t` from the lines under its name.
fn table(lines: &str) -> Table {
    let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    schema(&format!("tables:\n  t:\n{indented}")).schema.tables.swap_remove("t").unwrap()
}

fn column(definition: &str) -> Column {
    let mut table = table(&format!("columns:\n  c: {definition}\nindexes: {{ i: [c] }}"));
    table.columns.remove(0)
}

#[test]
fn both_forms_of_a_column_mean_the_same() {
    for (map, sql) in [
        ("{ type: int }", "int"),
        ("{ type: int, nullable: false, auto_increment: true }", "int auto_increment"),
        ("{ type: int, default: 5 }", "int default 5"),
        ("{ type: int, default: '5' }", "int default '5'"),
        ("{ type: tinyint(1), default: true }", "tinyint(1) default true"),
        ("{ type: 'decimal(5,2)', default: 1.50 }", "decimal(5,2) default 1.50"),
        ("{ type: int, default: null }", "int default null"),
        ("{ type: varchar(9), default: it's }", "varchar(9) default 'it''s'"),
        ("{ type: varchar(9), default: 'null' }", "varchar(9) default 'null'"),
        ("{ type: date, default: 2020-01-02 }", "date default '2020-01-02'"),
        ("{ type: binary(2), default: ab }", "binary(2) default 'ab'"),
        ("{ type: char(36), default: { sql: uuid() } }", "char(36) default (uuid())"),
        ("{ type: int, default: { sql: 1 + 1 } }", "int default (1 + 1)"),
        ("{ type: int, default: { sql: 5 } }", "int default (5)"),
        (
            "{ type: datetime(3), default: { sql: now(3) }, on_update: current_timestamp(3) }",
            "datetime(3) default current_timestamp(3) on update current_timestamp(3)",
        ),
        ("{ type: int, generated: { as: a + 1 } }", "int as (a + 1)"),
        ("{ type: int, generated: { as: a, stored: true } }", "int as (a) stored"),
        (
            "{ type: varchar(9), charset: latin1, collation: latin1_bin }",
            "varchar(9) character set latin1 collate latin1_bin",
        ),
        ("{ type: int, comment: 'a, b', invisible: true }", "\"int invisible comment 'a, b'\""),
        ("{ type: int, check: c > 0 }", "int check (c > 0)"),
        ("{ type: point, nullable: false, srid: 4326 }", "point not null srid 4326"),
    ] {
        assert_eq!(column(map), column(sql), "{map}");
    }
}

#[test]
fn indexes_and_keys_of_a_column_become_those_of_the_table() {
    let short = table(
        "columns:\n  id: int primary key\n  email: varchar(9) unique\n  name: { type: varchar(9), \
         unique: true }\n  up: int references t(id) on delete cascade\n  down: int constraint d \
         references t\n  n: int check (n > 0) check (n < 9)\nindexes: { email: [name] }",
    );
    let long = table(
        "columns:\n  id: { type: int, primary_key: true }\n  email: varchar(9)\n  name: \
         varchar(9)\n  up: int\n  down: int\n  n: { type: int, check: n > 0 }\nindexes:\n  email: \
         [name]\n  email_2: { columns: [email], unique: true }\n  name: { columns: [name], \
         unique: true }\nforeign_keys:\n  t_ibfk_1: { columns: [up], references: t(id), \
         on_delete: cascade }\n  d: { columns: [down], references: t(id) }\nchecks: { t_chk_1: n < \
         9 }",
    );
    assert_eq!(short, long);
}

#[test]
fn defaults_are_inherited_and_character_sets_go_in_pairs() {
    let loaded = schema(
        "defaults: { engine: InnoDB, charset: utf8mb4, collation: utf8mb4_bin, row_format: dynamic }\n\
         tables:\n  a: { columns: { a: int } }\n  b: { charset: latin1, columns: { a: int } }\n  \
         c: { collation: utf8mb4_general_ci, engine: MyISAM, columns: { a: int } }\n",
    );
    let shown = |name: &str| {
        let options = &loaded.schema.tables[name].options;
        [&options.engine, &options.charset, &options.collation, &options.row_format]
            .map(|value| value.as_deref().unwrap_or("-").to_owned())
            .join(" ")
    };
    assert_eq!(shown("a"), "InnoDB utf8mb4 utf8mb4_bin DYNAMIC");
    assert_eq!(shown("b"), "InnoDB latin1 - DYNAMIC");
    assert_eq!(shown("c"), "MyISAM - utf8mb4_general_ci DYNAMIC");
    let place = |table: &str, option: &str| {
        let element = Element::option(table, option);
        loaded.places.get(&element).map(|span| loaded.files.line_label(span))
    };
    assert_eq!(place("a", "engine").as_deref(), Some("schema.yaml:1"));
    assert_eq!(place("b", "charset").as_deref(), Some("schema.yaml:4"));
    assert_eq!(place("b", "collation"), None);
}

#[test]
fn every_element_has_its_place() {
    let loaded = schema(
        "tables:\n  t:\n    comment: x\n    columns:\n      id: int\n      u: int unique\n    \
         primary_key: [id]\n    indexes:\n      ix: [u, id]\n    foreign_keys:\n      f: { \
         columns: [u], references: t(id) }\n    checks:\n      c: id > 0\n    options: { \
         stats_persistent: 1 }\n",
    );
    for (element, line, word) in [
        (Element::table("t"), 2, "t"),
        (Element::option("t", "comment"), 3, "comment"),
        (Element::column("t", "id"), 5, "id"),
        (Element::index("t", "u"), 6, "u"),
        (Element::primary_key("t"), 7, "primary_key"),
        (Element::index("t", "ix"), 9, "ix"),
        (Element::foreign_key("t", "f"), 11, "f"),
        (Element::check("t", "c"), 13, "c"),
        (Element::option("t", "stats_persistent"), 14, "stats_persistent"),
    ] {
        let span = loaded.places.get(&element).unwrap_or_else(|| panic!("no place of {element}"));
        assert_eq!(loaded.files.position(span).line, line, "{element}");
        assert_eq!(&loaded.files.get(span.file).text[span.start..span.end], word);
    }
}

#[test]
fn anchors_merges_and_custom_keys() {
    let loaded = schema(
        "x-columns: &times\n  created: datetime not null\n  updated: datetime\ntables:\n  a:\n    \
         columns: { id: &id bigint not null, <<: *times }\n  b:\n    columns: { id: *id, <<: \
         *times, updated: date }\n",
    );
    let names = |table: &str| {
        let columns = &loaded.schema.tables[table].columns;
        columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(names("a"), ["id", "created", "updated"]);
    assert_eq!(names("b").len(), 3);
    let b = &loaded.schema.tables["b"];
    assert_eq!(b.column("updated").unwrap().ty, crate::model::ColumnType::Date);
    assert_eq!(b.column("id"), loaded.schema.tables["a"].column("id"));
}

#[test]
fn options_have_the_spelling_of_sql() {
    let table = table(
        "columns: { a: int }\noptions:\n  stats_persistent: 1\n  compression: zlib\n  \
         data_directory: /data\n  pack_keys: default",
    );
    let options: Vec<String> =
        table.options.other.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(
        options,
        ["COMPRESSION='zlib'", "DATA DIRECTORY='/data'", "PACK_KEYS=default", "STATS_PERSISTENT=1"]
    );
}

#[test]
fn binary_is_of_the_character_set_of_its_table() {
    for (before, options, column, collation) in [
        ("", "charset: latin1", "varchar(9) binary", "latin1_bin"),
        ("", "collation: utf8_general_ci", "varchar(9) binary", "utf8mb3_bin"),
        ("defaults: { charset: greek }", "comment: x", "varchar(9) binary", "greek_bin"),
        ("", "charset: greek", "{ type: varchar(9) binary }", "greek_bin"),
        ("", "comment: x", "varchar(9) binary", "utf8mb4_bin"),
        ("", "charset: latin1", "varchar(9) character set greek binary", "greek_bin"),
        ("", "charset: latin1", "{ type: varchar(9) binary, charset: greek }", "greek_bin"),
    ] {
        let text =
            format!("{before}\ntables:\n  t:\n    {options}\n    columns:\n      c: {column}\n");
        let loaded = schema(&text);
        let column = loaded.schema.table("t").and_then(|table| table.column("c")).unwrap();
        assert_eq!(column.collation.as_deref(), Some(collation), "{text}");
    }
}

const ODD_NAMES: &str = r#"columns:
  the id: int not null
  a-b: int
  select: int
  a.b: int
  "`q`": int
  q: int
  title(4): int
  title: varchar(9)
  title desc: int
  desc: int
"#;

#[test]
fn the_exact_name_of_a_column_needs_no_backticks() {
    let table = table(&format!(
        "{ODD_NAMES}primary_key: [the id]
indexes:
  i: [a-b, select, a.b, title(4), title desc, desc]
  u: {{ unique: true, columns: ['`a.b`', title(3), desc desc, '`q`'] }}
foreign_keys:
  f: {{ columns: [a.b], references: t(`the id`) }}
"
    ));
    let names = |index: &str| {
        let index = table.index(index).unwrap();
        index.parts.iter().map(|part| index_part(part, Keywords::Lower)).collect::<Vec<_>>()
    };
    let odd = ["`a-b`", "select", "`a.b`", "`title(4)`", "`title desc`", "desc"];
    assert_eq!(names("i"), odd);
    assert_eq!(names("u"), ["`a.b`", "title(3)", "desc desc", "```q```"]);
    assert_eq!(table.primary_key.unwrap().parts, [IndexPart::column("the id")]);
    assert_eq!(table.foreign_keys[0].columns, ["a.b"]);
}

#[test]
fn what_only_looks_like_a_name_stays_what_it_is() {
    let mut table = table(&format!("{ODD_NAMES}primary_key: [the id]\n"));
    let prefix = KeyPart::Column { name: "title".to_owned(), prefix_length: Some(4) };
    let descending = IndexPart { descending: true, ..IndexPart::column("title") };
    let columns = ["q", "`q`", "title(4)", "title desc", "select", "a.b"].map(IndexPart::column);
    let mut parts = vec![IndexPart { key: prefix, descending: false }];
    parts.extend(columns);
    table.indexes.push(Index::new("i", IndexKind::Plain, parts));
    table.indexes.push(Index::new("d", IndexKind::Plain, vec![descending]));
    let mut before = Schema::default();
    before.insert(table);
    let text = write(&before, &WriteOptions::new(Server::mysql(9, 7, 4)));
    assert_eq!(schema(&text).schema.tables, before.tables, "{text}");
}
