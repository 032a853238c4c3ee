//! The differences of small schemas.

use super::{Change, Difference, Side, TableChange, diff};
use crate::model::{ColumnAspect, Schema};
use crate::normalize::{Context, normalize};
use crate::server::Server;
use crate::syntax::parse_create_table;
use crate::words::{
    Field, UncertainWords, check_fields, column_fields, foreign_key_fields, index_fields,
    object_fields, object_words, option_field, partition_fields, partition_words,
    partitioning_fields, period_words,
};

const SERVER: Server = Server::mysql(9, 7, 4);

fn schema(sql: &str) -> Schema {
    let mut schema = Schema::default();
    for statement in sql.split(';').filter(|statement| !statement.trim().is_empty()) {
        schema.insert(parse_create_table(statement, &SERVER).expect("a table"));
    }
    schema
}

fn compared_with(from: &str, to: &str, edit: impl Fn(&mut Schema)) -> Difference {
    let (mut from, mut to) = (schema(from), schema(to));
    from.charset = Some("utf8mb4".to_owned());
    edit(&mut to);
    let context = Context::of(SERVER, &from, &to);
    diff(&normalize(&from, &context), &normalize(&to, &context), &context.server)
}

fn compared(from: &str, to: &str) -> Difference {
    compared_with(from, to, |_| {})
}

/// One line for each change, followed by its fields.
fn lines(difference: &Difference) -> String {
    let mut lines = Vec::new();
    for change in &difference.changes {
        match change {
            Change::CreateTable(table) => lines.push(format!("create {}", table.name)),
            Change::DropTable(table) => lines.push(format!("drop {}", table.name)),
            Change::RenameTable { from, to } => lines.push(format!("rename {from} to {to}")),
            Change::AlterTable { to, changes, .. } => {
                lines.push(format!("alter {}", to.name));
                lines.extend(changes.iter().map(|change| format!("  {}", line(change))));
            }
            Change::CreateObject(object) => lines.push(format!("create {}", object_words(object))),
            Change::DropObject(object) => lines.push(format!("drop {}", object_words(object))),
            Change::ChangeObject { from, to, aspects } => {
                lines.push(with(object_words(to), &object_fields(from, to, aspects)));
            }
        }
    }
    lines.join("\n")
}

fn with(head: String, fields: &[Field]) -> String {
    fields
        .iter()
        .fold(head, |line, field| format!("{line}, {}: {} / {}", field.name, field.from, field.to))
}

fn line(change: &TableChange) -> String {
    match change {
        TableChange::AddColumn(column) => format!("add column {}", column.name),
        TableChange::DropColumn(column) => format!("drop column {}", column.name),
        TableChange::ChangeColumn { from, to, aspects } => {
            let moved = if aspects.contains(&ColumnAspect::Place) { " (moved)" } else { "" };
            with(format!("column {}{moved}", to.name), &column_fields(from, to, aspects))
        }
        TableChange::AddIndex(index) => format!("add index {}", index.name),
        TableChange::DropIndex(index) => format!("drop index {}", index.name),
        TableChange::ChangeIndex { from, to, aspects } => {
            with(format!("index {}", to.name), &index_fields(from, to, aspects))
        }
        TableChange::AddForeignKey(key) => format!("add foreign key {}", key.name),
        TableChange::DropForeignKey(key) => format!("drop foreign key {}", key.name),
        TableChange::ChangeForeignKey { from, to, aspects } => {
            with(format!("foreign key {}", to.name), &foreign_key_fields(from, to, aspects))
        }
        TableChange::AddCheck(check) => format!("add check {}", check.name),
        TableChange::DropCheck(check) => format!("drop check {}", check.name),
        TableChange::ChangeCheck { from, to, aspects } => {
            with(format!("check {}", to.name), &check_fields(from, to, aspects))
        }
        TableChange::AddPeriod(period) => format!("+ {}", period_words(period)),
        TableChange::DropPeriod(period) => format!("- {}", period_words(period)),
        TableChange::ChangePartitioning { from, to, aspects } => {
            let fields = partitioning_fields(from.as_ref(), to.as_ref(), aspects);
            with("partitioning".to_owned(), &fields)
        }
        TableChange::AddPartition(it) => format!("add partition {}", partition_words(it)),
        TableChange::DropPartition(it) => format!("drop partition {}", partition_words(it)),
        TableChange::ChangePartition { from, to, aspects } => {
            with(format!("partition {}", to.name), &partition_fields(from, to, aspects))
        }
        TableChange::ChangeOption(change) => {
            let field = option_field(change);
            format!("{}: {} / {}", field.name, field.from, field.to)
        }
    }
}

#[test]
fn every_clause_of_a_column_is_compared() {
    let difference = compared(
        "create table t (a varchar(100) not null, b int default 1, c datetime, d int, e char(1),
            f int as (d + 1), g geometry not null srid 0)",
        "create table t (a varchar(255), b int default 2, c datetime not null default now() on update now(),
            d bigint unsigned comment 'D', e char(1) collate utf8mb4_bin invisible,
            f int as (d + 2) stored, g geometry not null srid 4326)",
    );
    insta::assert_snapshot!(lines(&difference), @r"
    alter t
      column a, type: varchar(100) / varchar(255), nullable: not null / null
      column b, default: default 1 / default 2
      column c, nullable: null / not null, default: no default / default current_timestamp, on_update: no on update / on update current_timestamp
      column d, type: int / bigint unsigned, comment: no comment / 'D'
      column e, collation: utf8mb4_0900_ai_ci / utf8mb4_bin, invisible: visible / invisible
      column f, generated: as (d + 1) virtual / as (d + 2) stored
      column g, srid: srid 0 / srid 4326
    ");
}

#[test]
fn the_fewest_columns_move() {
    let difference = compared(
        "create table t (a int, b int, c int, d int)",
        "create table t (d int, a int, n int, b int, c int)",
    );
    insta::assert_snapshot!(lines(&difference), @r"
    alter t
      column d (moved)
      add column n
    ");
}

#[test]
fn declared_renames_are_carried_out_once() {
    let rename = |schema: &mut Schema| {
        let table = &mut schema.tables["u"];
        table.renamed_from = Some("t".to_owned());
        table.columns[0].renamed_from = Some("a".to_owned());
    };
    let new = "create table u (z int, b int, key kz (z)); create table c (x int, constraint f foreign key (x) references u (z))";
    let old = "create table t (a int, b int, key kz (a)); create table c (x int, constraint f foreign key (x) references t (a))";
    insta::assert_snapshot!(lines(&compared_with(old, new, rename)), @r"
    rename t to u
    alter u
      column z, name: a / z
    ");
    assert_eq!(compared_with(new, new, rename), Difference::default());
}

#[test]
fn a_chain_of_renames_is_one_rename_each() {
    let difference = compared_with(
        "create table a (x int); create table b (x int)",
        "create table b (x int); create table c (x int)",
        |schema| {
            schema.tables["b"].renamed_from = Some("a".to_owned());
            schema.tables["c"].renamed_from = Some("b".to_owned());
        },
    );
    assert_eq!(lines(&difference), "rename a to b\nrename b to c");
}

#[test]
fn an_implicit_index_is_no_difference() {
    let parent = "create table p (id int primary key);";
    let key = "constraint f foreign key (a) references p (id)";
    let with = |index: &str| format!("{parent} create table c (a int, b int, {index} {key})");
    for index in ["key f (a),", "key other (a),"] {
        assert_eq!(lines(&compared(&with(index), &with(""))), "");
    }
    assert_eq!(lines(&compared(&with(""), &with("key f (a),"))), "");
    insta::assert_snapshot!(lines(&compared(&with("key f (a),"), &with("key ix_a (a),"))), @r"
    alter c
      index ix_a, name: f / ix_a
    ");
    insta::assert_snapshot!(lines(&compared(&with("key f (a),"), &with("key ix_ab (a, b),"))), @r"
    alter c
      add index ix_ab
      drop index f
    ");
    insta::assert_snapshot!(lines(&compared(&with("key f (a), key g (a),"), &with(""))), @r"
    alter c
      drop index g
    ");
}

#[test]
fn a_dropped_foreign_key_leaves_its_index() {
    let parent = "create table p (id int primary key);";
    let from =
        format!("{parent} create table c (a int, constraint f foreign key (a) references p (id))");
    let to = format!("{parent} create table c (a int)");
    insta::assert_snapshot!(lines(&compared(&from, &to)), @r"
    alter c
      drop index f
      drop foreign key f
    ");
}

#[test]
fn names_that_the_server_gave_dont_count() {
    let parent = "create table p (id int primary key); create table q (id int primary key);";
    let table =
        |keys: &str| format!("{parent} create table c (a int, b int, key (a), key (b), {keys})");
    let difference = compared(
        &table(
            "constraint c_ibfk_1 foreign key (a) references p (id), constraint c_ibfk_2 foreign key (b) references q (id)",
        ),
        &table(
            "constraint c_ibfk_1 foreign key (b) references q (id), constraint c_ibfk_2 foreign key (a) references p (id)",
        ),
    );
    assert_eq!(lines(&difference), "");
    let difference = compared(
        &table("constraint c_ibfk_1 foreign key (a) references p (id)"),
        &table("constraint to_p foreign key (a) references p (id) on delete cascade"),
    );
    insta::assert_snapshot!(lines(&difference), @r"
    alter c
      add foreign key to_p
      drop foreign key c_ibfk_1
    ");
    let difference = compared(
        &table("constraint c_ibfk_1 foreign key (a) references p (id)"),
        &table("constraint to_p foreign key (a) references p (id)"),
    );
    insta::assert_snapshot!(lines(&difference), @r"
    alter c
      foreign key to_p, name: c_ibfk_1 / to_p
    ");
}

#[test]
fn indexes_checks_and_options_are_compared() {
    let difference = compared(
        "create table t (a int, b varchar(9), c text, unique key u (a), key k (b), key v (b(3)),
            fulltext key f (c), constraint x check (a > 1), constraint y check (a > 2), primary key (a))",
        "create table t (a int, b varchar(9), c text, key u (a), key k (b desc) comment 'K', key v (b(4)),
            fulltext key f (c) with parser ngram, key w (a, b) invisible,
            constraint x check (a > 1) not enforced, constraint z check (a > 3), primary key (a, b)) comment 'T' row_format=compressed",
    );
    insta::assert_snapshot!(lines(&difference), @r"
    alter t
      column b, nullable: null / not null
      index PRIMARY, columns: (a) / (a, b)
      index u, unique: unique / not unique
      index k, columns: (b) / (b desc), comment: no comment / 'K'
      index v, columns: (b(3)) / (b(4))
      index f, parser: none / ngram
      add index w
      check x, enforced: enforced / not enforced
      add check z
      drop check y
      row_format: none / COMPRESSED
      comment: no comment / 'T'
    ");
}

#[test]
fn what_cant_be_compared_is_said_and_left_alone() {
    let difference = compared(
        "create table t (a int, b varchar(40) default (soundex('x')), c int)",
        "create table t (a int, b varchar(50) default (soundex(lower('x'))), c int)",
    );
    for uncertain in &difference.uncertain {
        assert_eq!(uncertain.element.to_string(), "tables.t.columns.b");
        assert_eq!(UncertainWords::of(uncertain).clause, "default");
    }
    let Some(Change::AlterTable { to, .. }) = difference.changes.first() else { panic!() };
    if !difference.uncertain.is_empty() {
        assert_eq!(to.columns[1].default, schema_of_default("soundex('x')"));
    }
}

fn schema_of_default(text: &str) -> Option<crate::model::DefaultValue> {
    let expression =
        crate::normalize::expression::with_canonical(&crate::model::Expression::new(text));
    Some(crate::model::DefaultValue::Expression(expression))
}

#[test]
fn partitions_are_compared_by_what_they_take() {
    let lists = |old: &str, new: &str| {
        let table = |rest: &str| format!("create table t (a int, d date) partition by {rest}");
        lines(&compared(&table(old), &table(new)))
    };
    let range = "range (a) (partition p values less than (10), partition q values less than (20))";
    assert_eq!(lists(range, range), "");
    assert_eq!(
        lists("list (a) (partition p values in (1, 2))", "list (A) (partition P values in (2, 1))"),
        ""
    );
    assert_eq!(lists("hash (a) (partition p0, partition p1)", "hash (a) partitions 2"), "");
    assert_eq!(lists("key algorithm=2 (a)", "key (A)"), "");
    for (old, new, found) in [
        (
            range,
            "range (a) (partition p values less than (10) comment 'x', partition r values less \
             than (20), partition s values less than maxvalue)",
            "partition p, comment: no comment / 'x'; partition r, name: q / r; add partition s less \
             than maxvalue",
        ),
        (range, "range (a) (partition q values less than (20))", "drop partition p less than (10)"),
        (
            range,
            "range (a + 1) (partition p values less than (10))",
            "partitioning, by: range (a) / range (a + 1)",
        ),
        (
            "hash (a) partitions 2",
            "hash (a) partitions 3",
            "partitioning, count: 2 partitions / 3 partitions",
        ),
        (
            "hash (a) (partition x, partition y)",
            "linear hash (a) partitions 2",
            "partitioning, by: hash (a) / linear hash (a)",
        ),
        (
            "range columns (d) (partition p values less than ('2020-1-1'))",
            "range columns (d) (partition p values less than ('2020-01-02'))",
            "partition p, values: less than ('2020-01-01') / less than ('2020-01-02')",
        ),
        (
            "range (a) subpartition by hash (a) subpartitions 2 (partition p values less than (1))",
            "range (a) subpartition by hash (a) subpartitions 3 (partition p values less than (1))",
            "partitioning, subpartitions: 2 / 3",
        ),
    ] {
        let wanted = format!("alter t\n  {}", found.replace("; ", "\n  "));
        assert_eq!(lists(old, new), wanted);
    }
}

#[test]
fn bounds_that_no_one_can_fold_can_not_be_compared() {
    let table = |bound: &str| {
        format!(
            "create table t (a int) partition by range (a) (partition p values less than ({bound}))"
        )
    };
    let difference = compared(&table("crc32('a')"), &table("5"));
    assert_eq!(difference.changes, []);
    let uncertain: Vec<_> = difference.uncertain.iter().map(|it| it.element.to_string()).collect();
    assert_eq!(uncertain, ["tables.t.partitioning.partitions.p"]);
}

#[test]
fn what_is_unsupported_is_named_and_left_alone() {
    let merged = "create table t (a int primary key) engine merge union (b, c)";
    let difference = compared(merged, "create table t (a bigint primary key)");
    assert_eq!(difference.changes, []);
    assert_eq!(difference.unsupported[0].name, "t");
    assert_eq!(difference.unsupported[0].side, Side::Both);
    assert!(!difference.unsupported[0].clauses.is_empty());
    let gone = compared(merged, "create table u (a int)");
    assert_eq!(lines(&gone), "create u");
    assert_eq!(gone.unsupported[0].side, Side::From);
}
