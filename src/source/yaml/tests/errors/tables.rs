//! Invalid tables and columns.

use super::errors;

#[test]
fn a_prefix_of_a_number() {
    insta::assert_snapshot!(errors(r#"tables:
  t:
    columns:
      a: int
      b: varchar(10)
    indexes:
      ix: ["a(3)"]
      iy: ["b(0)"]
      iz: [b, B]
"#), @r#"
    error: `a` can't have a prefix length
     --> schema.yaml:7:12
      |
    4 |       a: int
      |       - its type has no characters or bytes to count
    ...
    7 |       ix: ["a(3)"]
      |            ^^^^^^

    error: a prefix has at least one character
     --> schema.yaml:8:12
      |
    8 |       iy: ["b(0)"]
      |            ^^^^^^

    error: the column `B` is in the index twice
     --> schema.yaml:9:15
      |
    9 |       iz: [b, B]
      |            -  ^ again
      |            |
      |            first here
    "#);
}

#[test]
fn two_primary_keys() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      a: int primary key
      b: int
    primary_key: [b]
"), @r"
    error: the table `t` has two primary keys
     --> schema.yaml:6:5
      |
    4 |       a: int primary key
      |       - the first
    5 |       b: int
    6 |     primary_key: [b]
      |     ^^^^^^^^^^^ the second
    ");
}

#[test]
fn auto_increment() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      a: int auto_increment
  u:
    columns:
      a: int auto_increment primary key
      b: { type: int, auto_increment: true }
"), @r"
    error: the AUTO_INCREMENT column `a` has no key
     --> schema.yaml:4:7
      |
    4 |       a: int auto_increment
      |       ^
      |
      = help: `primary_key: [a]`, or an index that begins with it

    error: the table `u` has two AUTO_INCREMENT columns
     --> schema.yaml:8:7
      |
    7 |       a: int auto_increment primary key
      |       - the first
    8 |       b: { type: int, auto_increment: true }
      |       ^ the second
    ");
}

#[test]
fn an_unknown_type() {
    insta::assert_snapshot!(errors(r#"tables:
  t:
    columns:
      a: varchr(20) not null
      b: { type: "strnig" }
      c: int nut null
"#), @r#"
    error: `varchr` isn't a type
     --> schema.yaml:4:10
      |
    4 |       a: varchr(20) not null
      |          ^^^^^^
      |
      = help: did you mean `varchar`?

    error: `strnig` isn't a type
     --> schema.yaml:5:19
      |
    5 |       b: { type: "strnig" }
      |                   ^^^^^^

    error: `nut` is not understood here
     --> schema.yaml:6:14
      |
    6 |       c: int nut null
      |              ^^^
    "#);
}

#[test]
fn a_charset_of_the_wrong_shape() {
    insta::assert_snapshot!(errors(r"defaults: { charset: utf-8 }
tables:
  t:
    charset: utf8mb4
    collation: latin1_swedish_ci
    columns:
      a: int
"), @r"
    error: no character set has this name
     --> schema.yaml:1:22
      |
    1 | defaults: { charset: utf-8 }
      |                      ^^^^^

    error: `latin1_swedish_ci` isn't a collation of the character set `utf8mb4`
     --> schema.yaml:5:5
      |
    5 |     collation: latin1_swedish_ci
      |     ^^^^^^^^^ it belongs to `latin1`
    ");
}

#[test]
fn a_table_without_columns() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: {}
  u:
    comment: x
"), @r"
    error: the table `t` has no columns
     --> schema.yaml:2:3
      |
    2 |   t:
      |   ^

    error: the table `u` has no columns
     --> schema.yaml:4:3
      |
    4 |   u:
      |   ^
    ");
}

#[test]
fn sql_is_pointed_into() {
    insta::assert_snapshot!(errors(r#"tables:
  t:
    columns:
      a: int not nul default 5
      b: 'varchar(10) default ''x'' colate utf8mb4_bin'
      c: "varchar(10) comment '\u00e9\t' colate utf8mb4_bin"
      d: >-
        int
        not nul
      e: { type: int, check: "(a > 5" }
"#), @r#"
    error: `not` is not understood here
     --> schema.yaml:4:14
      |
    4 |       a: int not nul default 5
      |              ^^^

    error: `colate` is not understood here
     --> schema.yaml:5:37
      |
    5 |       b: 'varchar(10) default ''x'' colate utf8mb4_bin'
      |                                     ^^^^^^

    error: `colate` is not understood here
     --> schema.yaml:6:42
      |
    6 |       c: "varchar(10) comment '\u00e9\t' colate utf8mb4_bin"
      |                                          ^^^^^^

    error: `not` is not understood here
     --> schema.yaml:8:9
      |
    8 | /         int
    9 | |         not nul
      | |_______________^

    error: this parenthesis is never closed
      --> schema.yaml:10:31
       |
    10 |       e: { type: int, check: "(a > 5" }
       |                               ^
    "#);
}

#[test]
fn clauses_that_a_column_cannot_have() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      a: int shard_key=
      b: { type: int not null, nullable: true }
      c: { type: datetime, default: current_timestamp }
      d: { type: datetime, default: now() }
      e: { type: int, default: null, nullable: false }
      f: { type: int, srid: 5 }
      g: { nullable: true }
      h:
      i: { type: datetime, on_update: yesterday }
      j: { type: int, generated: { stored: true } }
      k: { type: int, default: { sq: 5 } }
"), @r"
    error: expected a value of SHARD_KEY
     --> schema.yaml:4:24
      |
    4 |       a: int shard_key=
      |                        ^

    error: `nullable` is given twice
     --> schema.yaml:5:32
      |
    5 |       b: { type: int not null, nullable: true }
      |                                ^^^^^^^^ the text of `type` has it too

    error: `current_timestamp` as a default is a string here
     --> schema.yaml:6:37
      |
    6 |       c: { type: datetime, default: current_timestamp }
      |                                     ^^^^^^^^^^^^^^^^^
      |
      = help: for the function write `default: { sql: current_timestamp }`

    error: `now()` as a default is a string here
     --> schema.yaml:7:37
      |
    7 |       d: { type: datetime, default: now() }
      |                                     ^^^^^
      |
      = help: for the function write `default: { sql: now() }`

    error: `e` is not nullable and can't default to null
     --> schema.yaml:8:23
      |
    8 |       e: { type: int, default: null, nullable: false }
      |                       ^^^^^^^

    error: only a spatial column has an `srid`
     --> schema.yaml:9:23
      |
    9 |       f: { type: int, srid: 5 }
      |                       ^^^^

    error: the column `g` has no type
      --> schema.yaml:10:7
       |
    10 |       g: { nullable: true }
       |       ^
       |
       = help: a column given as a map needs `type`, as in `{ type: varchar(100) }`

    error: the column `h` has no type
      --> schema.yaml:11:7
       |
    11 |       h:
       |       ^
       |
       = help: write its type after the name: `h: varchar(100)`

    error: `on_update` can't be `yesterday`
      --> schema.yaml:12:39
       |
    12 |       i: { type: datetime, on_update: yesterday }
       |                                       ^^^^^^^^^ only current_timestamp

    error: `generated` has to be `{ as: expression, stored: true or false }`
      --> schema.yaml:13:23
       |
    13 |       j: { type: int, generated: { stored: true } }
       |                       ^^^^^^^^^ this is a map

    error: a default has no key `sq`
      --> schema.yaml:14:34
       |
    14 |       k: { type: int, default: { sq: 5 } }
       |                                  ^^ did you mean `sql`?
    ");
}
