//! Every error that reading can give, as it is drawn.

use super::errors;

#[test]
fn an_unknown_key_at_the_top() {
    insta::assert_snapshot!(errors(r"tables: {}
tabels: {}
"), @r"
    error: a schema file has no key `tabels`
     --> schema.yaml:2:1
      |
    2 | tabels: {}
      | ^^^^^^ did you mean `tables`?
    ");
}

#[test]
fn an_unknown_key_with_nothing_near() {
    insta::assert_snapshot!(errors(r"tables: {}
foo: 1
x-anchors: {}
"), @r"
    error: a schema file has no key `foo`
     --> schema.yaml:2:1
      |
    2 | foo: 1
      | ^^^
      |
      = help: known are `server`, `defaults`, `ignore`, `include`, `rules` and `tables`
    ");
}

#[test]
fn an_unknown_key_of_a_table() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    colums:
      id: int
"), @r"
    error: a table has no key `colums`
     --> schema.yaml:3:5
      |
    3 |     colums:
      |     ^^^^^^ did you mean `columns`?
    ");
}

#[test]
fn an_unknown_key_of_a_column() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    columns:
      id: { type: int, nulable: false }
"), @r"
    error: a column has no key `nulable`
     --> schema.yaml:4:24
      |
    4 |       id: { type: int, nulable: false }
      |                        ^^^^^^^ did you mean `nullable`?
    ");
}

#[test]
fn an_unknown_key_of_an_index() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    columns:
      id: int
    indexes:
      ix: { columns: [id], uniqe: true }
"), @r"
    error: an index has no key `uniqe`
     --> schema.yaml:6:28
      |
    6 |       ix: { columns: [id], uniqe: true }
      |                            ^^^^^ did you mean `unique`?
    ");
}

#[test]
fn wrong_types() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    comment: [a]
    columns:
      id: 5
      a: [int]
      b: { type: int, nullable: no }
    indexes:
      ix: id
      iy: { columns: [5, ~, [a]] }
    foreign_keys: []
"), @r"
    error: `comment` has to be a string
     --> schema.yaml:3:5
      |
    3 |     comment: [a]
      |     ^^^^^^^ this is a list

    error: `id` has to be a string or a map
     --> schema.yaml:5:11
      |
    5 |       id: 5
      |           ^ this is a number

    error: `a` has to be a string or a map
     --> schema.yaml:6:7
      |
    6 |       a: [int]
      |       ^ this is a list

    error: `nullable` has to be true or false
     --> schema.yaml:7:33
      |
    7 |       b: { type: int, nullable: no }
      |                                 ^^ this is a string
      |
      = help: `no` is a string in YAML 1.2: write `false`

    error: `ix` has to be a list
     --> schema.yaml:9:11
      |
    9 |       ix: id
      |           ^^ this is a string
      |
      = help: write `[id]`

    error: a column in a list has to be a string
      --> schema.yaml:10:23
       |
    10 |       iy: { columns: [5, ~, [a]] }
       |                       ^ this is a number
       |
       = help: quote it: '5'

    error: a column in a list has to be a string
      --> schema.yaml:10:26
       |
    10 |       iy: { columns: [5, ~, [a]] }
       |                          ^ this is nothing
       |
       = help: quote it: '~'

    error: a column in a list has to be a string
      --> schema.yaml:10:29
       |
    10 |       iy: { columns: [5, ~, [a]] }
       |                             ^ this is a list

    error: `foreign_keys` has to be a map
      --> schema.yaml:11:5
       |
    11 |     foreign_keys: []
       |     ^^^^^^^^^^^^ this is a list
    ");
}

#[test]
fn several_errors_in_one_run() {
    insta::assert_snapshot!(errors(r"tables:
  a:
    columns: { id: itn }
    indexes: { ix: [idd] }
  b:
    columns: { id: int }
    foreign_keys:
      f: { columns: [id], references: aa(id) }
"), @r"
    error: `itn` is no type
     --> schema.yaml:3:20
      |
    3 |     columns: { id: itn }
      |                    ^^^
      |
      = help: did you mean `int`?

    error: the table `a` has no column `idd`
     --> schema.yaml:4:21
      |
    4 |     indexes: { ix: [idd] }
      |                     ^^^ did you mean `id`?

    error: there is no table `aa`
     --> schema.yaml:8:39
      |
    8 |       f: { columns: [id], references: aa(id) }
      |                                       ^^^^^^ did you mean `a`?
    ");
}

#[test]
fn a_duplicate_key_at_the_top() {
    insta::assert_snapshot!(errors(r"tables: {}
tables: {}
"), @r"
    error: the key `tables` is there twice
     --> schema.yaml:2:1
      |
    1 | tables: {}
      | ------ first here
    2 | tables: {}
      | ^^^^^^ again
    ");
}

#[test]
fn a_duplicate_key_deep_down() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      id: int
      name: { type: int, comment: a, comment: b }
      id: bigint
"), @r"
    error: the key `comment` is there twice
     --> schema.yaml:5:38
      |
    5 |       name: { type: int, comment: a, comment: b }
      |                          -------     ^^^^^^^ again
      |                          |
      |                          first here

    error: the key `id` is there twice
     --> schema.yaml:6:7
      |
    4 |       id: int
      |       -- first here
    5 |       name: { type: int, comment: a, comment: b }
    6 |       id: bigint
      |       ^^ again
    ");
}

#[test]
fn an_unknown_column_in_an_index() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      user_id: int
    indexes:
      ix: [user_di]
      iy: { columns: [nothing_like_it desc] }
    primary_key: [userid]
"), @r"
    error: the table `t` has no column `user_di`
     --> schema.yaml:6:12
      |
    6 |       ix: [user_di]
      |            ^^^^^^^ did you mean `user_id`?

    error: the table `t` has no column `nothing_like_it`
     --> schema.yaml:7:23
      |
    7 |       iy: { columns: [nothing_like_it desc] }
      |                       ^^^^^^^^^^^^^^^^^^^^

    error: the table `t` has no column `userid`
     --> schema.yaml:8:19
      |
    8 |     primary_key: [userid]
      |                   ^^^^^^ did you mean `user_id`?
    ");
}

#[test]
fn an_unknown_column_in_a_foreign_key() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      user_id: int
    foreign_keys:
      f: { columns: [usr_id], references: t(user_id) }
      g: { columns: [user_id], references: t(usr_id) }
"), @r"
    error: the table `t` has no column `usr_id`
     --> schema.yaml:6:22
      |
    6 |       f: { columns: [usr_id], references: t(user_id) }
      |                      ^^^^^^ did you mean `user_id`?

    error: the table `t` has no column `usr_id`
     --> schema.yaml:7:44
      |
    7 |       g: { columns: [user_id], references: t(usr_id) }
      |                                            ^^^^^^^^^ did you mean `user_id`?
    ");
}

#[test]
fn an_unknown_table() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    columns: { id: int }
    foreign_keys:
      f: { columns: [id], references: user(id) }
      g: { columns: [id], references: elsewhere.user(id) }
"), @r"
    error: there is no table `user`
     --> schema.yaml:5:39
      |
    5 |       f: { columns: [id], references: user(id) }
      |                                       ^^^^^^^^ did you mean `users`?
    ");
}

#[test]
fn foreign_key_columns_of_different_types() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    columns:
      id: int unsigned not null
      name: varchar(10) character set latin1
      code: char(3) collate utf8mb4_bin
  orders:
    columns:
      user_id: int
      big: bigint unsigned
      name: varchar(20) character set utf8mb4
      code: varchar(3) collate utf8mb4_general_ci
      day: date
    foreign_keys:
      f1: { columns: [user_id], references: users(id) }
      f2: { columns: [big], references: users(id) }
      f3: { columns: [name], references: users(name) }
      f4: { columns: [code], references: users(code) }
      f5: { columns: [day], references: users(id) }
"), @r"
    error: `orders.user_id` and `users.id` can't be joined by a foreign key: one is unsigned and the other is not
      --> schema.yaml:15:23
       |
     4 |       id: int unsigned not null
       |           --------------------- and this one
    ...
     9 |       user_id: int
       |                --- this type
    ...
    15 |       f1: { columns: [user_id], references: users(id) }
       |                       ^^^^^^^

    error: `orders.big` and `users.id` can't be joined by a foreign key: the integers have different sizes
      --> schema.yaml:16:23
       |
     4 |       id: int unsigned not null
       |           --------------------- and this one
    ...
    10 |       big: bigint unsigned
       |            --------------- this type
    ...
    16 |       f2: { columns: [big], references: users(id) }
       |                       ^^^

    error: `orders.name` and `users.name` can't be joined by a foreign key: the character sets are different
      --> schema.yaml:17:23
       |
     5 |       name: varchar(10) character set latin1
       |             -------------------------------- and this one
    ...
    11 |       name: varchar(20) character set utf8mb4
       |             --------------------------------- this type
    ...
    17 |       f3: { columns: [name], references: users(name) }
       |                       ^^^^

    error: `orders.code` and `users.code` can't be joined by a foreign key: the collations are different
      --> schema.yaml:18:23
       |
     6 |       code: char(3) collate utf8mb4_bin
       |             --------------------------- and this one
    ...
    12 |       code: varchar(3) collate utf8mb4_general_ci
       |             ------------------------------------- this type
    ...
    18 |       f4: { columns: [code], references: users(code) }
       |                       ^^^^

    error: `orders.day` and `users.id` can't be joined by a foreign key: the types are different
      --> schema.yaml:19:23
       |
     4 |       id: int unsigned not null
       |           --------------------- and this one
    ...
    13 |       day: date
       |            ---- this type
    ...
    19 |       f5: { columns: [day], references: users(id) }
       |                       ^^^
    ");
}

#[test]
fn a_foreign_key_of_different_numbers() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { a: int, b: int }
    foreign_keys:
      f: { columns: [a], references: 't(a, b)' }
      g: { columns: [], references: t(a) }
      h: { references: t(a) }
      i: { columns: [a(3)], references: t(a) }
"), @r"
    error: the foreign key `f` has 1 column and refers to 2
     --> schema.yaml:5:38
      |
    5 |       f: { columns: [a], references: 't(a, b)' }
      |                                      ^^^^^^^^^

    error: a list of columns needs at least one
     --> schema.yaml:6:12
      |
    6 |       g: { columns: [], references: t(a) }
      |            ^^^^^^^

    error: the foreign key `h` has no `columns`
     --> schema.yaml:7:7
      |
    7 |       h: { references: t(a) }
      |       ^
      |
      = help: write `{ columns: [user_id], references: users(id) }`

    error: a foreign key is on whole columns
     --> schema.yaml:8:22
      |
    8 |       i: { columns: [a(3)], references: t(a) }
      |                      ^^^^
    ");
}

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
    error: `varchr` is no type
     --> schema.yaml:4:10
      |
    4 |       a: varchr(20) not null
      |          ^^^^^^
      |
      = help: did you mean `varchar`?

    error: `strnig` is no type
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

    error: `latin1_swedish_ci` is no collation of the character set `utf8mb4`
     --> schema.yaml:5:5
      |
    5 |     collation: latin1_swedish_ci
      |     ^^^^^^^^^ it belongs to `latin1`
    ");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(errors(""), @r"
    error: the file is empty
     --> schema.yaml:1:1
      |
    1 |
      | ^
      |
      = help: it begins with `tables:`; `driftline pull` writes it from a database
    ");
}

#[test]
fn a_file_of_comments() {
    insta::assert_snapshot!(errors("# nothing yet\n"), @r"
    error: the file is empty
     --> schema.yaml:1:1
      |
    1 | # nothing yet
      | ^
      |
      = help: it begins with `tables:`; `driftline pull` writes it from a database
    ");
}

#[test]
fn a_list() {
    insta::assert_snapshot!(errors("- tables\n"), @r"
    error: a schema file is a map, and this is a list
     --> schema.yaml:1:1
      |
    1 | - tables
      | ^
      |
      = help: it begins with `tables:`; `driftline pull` writes it from a database
    ");
}

#[test]
fn a_string() {
    insta::assert_snapshot!(errors("hello\n"), @r"
    error: a schema file is a map, and this is a string
     --> schema.yaml:1:1
      |
    1 | hello
      | ^^^^^
      |
      = help: it begins with `tables:`; `driftline pull` writes it from a database
    ");
}

#[test]
fn tables_of_nothing() {
    insta::assert_snapshot!(errors("tables:\n"), @r"
    error: `tables` has to be a map
     --> schema.yaml:1:1
      |
    1 | tables:
      | ^^^^^^ this is nothing
      |
      = help: `tables: {}` says that there are none
    ");
}

#[test]
fn no_tables() {
    insta::assert_snapshot!(errors("defaults: { engine: InnoDB }\n"), @r"
    error: the file has no `tables`
     --> schema.yaml:1:1
      |
    1 | defaults: { engine: InnoDB }
      | ^
      |
      = help: `tables: {}` says that there are none
    ");
}

#[test]
fn tabs() {
    insta::assert_snapshot!(errors("tables:\n\tt:\n\t\tcolumns: {}\n"), @r"
    error: this is no valid YAML
     --> schema.yaml:2:2
      |
    2 |     t:
      |     ^ tabs disallowed within this context (block indentation)
      |
      = help: YAML is indented with spaces, never with tabs
    ");
}

#[test]
fn two_documents() {
    insta::assert_snapshot!(errors(r"tables: {}
---
tables: {}
"), @r"
    error: more than one YAML document
     --> schema.yaml:3:1
      |
    3 | tables: {}
      | ^ the second document begins here
      |
      = help: a schema is one document: split files are joined by `include`
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
fn names_that_are_there_twice() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      id: int
      ID: int
    indexes:
      ix: [id]
      IX: [id]
    foreign_keys:
      f: { columns: [id], references: t(id) }
  u:
    columns: { id: int }
    foreign_keys:
      F: { columns: [id], references: t(id) }
"), @r"
    error: the column `ID` is there twice; names don't regard case
     --> schema.yaml:5:7
      |
    4 |       id: int
      |       -- first here
    5 |       ID: int
      |       ^^ again

    error: the index `IX` is there twice; names don't regard case
     --> schema.yaml:8:7
      |
    7 |       ix: [id]
      |       -- first here
    8 |       IX: [id]
      |       ^^ again

    error: two foreign keys are called `F`
      --> schema.yaml:14:7
       |
    10 |       f: { columns: [id], references: t(id) }
       |       - first here
    ...
    14 |       F: { columns: [id], references: t(id) }
       |       ^ again
    ");
}

#[test]
fn checks_are_unique_in_a_schema_of_mysql() {
    insta::assert_snapshot!(errors(r"server: mysql:8.4
tables:
  t:
    columns: { id: int }
    checks: { c: id > 0 }
  u:
    columns: { id: int }
    checks: { c: id > 0 }
"), @r"
    error: two checks are called `c`
     --> schema.yaml:8:15
      |
    5 |     checks: { c: id > 0 }
      |               - first here
    ...
    8 |     checks: { c: id > 0 }
      |               ^ again
    ");
}

#[test]
fn yaml_traps() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      no: int
      on: int
      null: int
      1e3: int
      true: int
      ok: { type: int, comment: null, invisible: yes }
      okay: { type: varchar(3), comment: 5, default: true }
"), @r"
    error: `no` has to be quoted
     --> schema.yaml:4:7
      |
    4 |       no: int
      |       ^^ many readers of YAML take this for a boolean
      |
      = help: quote it: 'no'

    error: `on` has to be quoted
     --> schema.yaml:5:7
      |
    5 |       on: int
      |       ^^ many readers of YAML take this for a boolean
      |
      = help: quote it: 'on'

    error: the name of a column has to be a string
     --> schema.yaml:6:7
      |
    6 |       null: int
      |       ^^^^ without quotes this is YAML's null
      |
      = help: quote it: 'null'

    error: the name of a column has to be a string
     --> schema.yaml:7:7
      |
    7 |       1e3: int
      |       ^^^ without quotes this is a number
      |
      = help: quote it: '1e3'

    error: the name of a column has to be a string
     --> schema.yaml:8:7
      |
    8 |       true: int
      |       ^^^^ without quotes this is a boolean
      |
      = help: quote it: 'true'

    error: `comment` has to be a string
     --> schema.yaml:9:33
      |
    9 |       ok: { type: int, comment: null, invisible: yes }
      |                                 ^^^^ this is nothing
      |
      = help: without quotes `null` is YAML's null: quote it ('null') or leave the key out

    error: `invisible` has to be true or false
     --> schema.yaml:9:50
      |
    9 |       ok: { type: int, comment: null, invisible: yes }
      |                                                  ^^^ this is a string
      |
      = help: `yes` is a string in YAML 1.2: write `true`

    error: `comment` has to be a string
      --> schema.yaml:10:42
       |
    10 |       okay: { type: varchar(3), comment: 5, default: true }
       |                                          ^ this is a number
       |
       = help: quote it: '5'

    error: `default` has to be a literal, null or `{ sql: … }`
      --> schema.yaml:10:54
       |
    10 |       okay: { type: varchar(3), comment: 5, default: true }
       |                                                      ^^^^ this is a boolean
       |
       = help: quote it: 'true'
    ");
}

#[test]
fn a_comma_in_a_flow_map() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { price: decimal(10,2) }
"), @r"
    error: expected `)`, found the end
     --> schema.yaml:3:33
      |
    3 |     columns: { price: decimal(10,2) }
      |                                 ^
      |
      = help: between `{` and `}` a comma ends the value: quote it
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
fn what_a_column_cannot_say() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      a: int column_format fixed
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
    error: COLUMN_FORMAT FIXED can't be said in this file
     --> schema.yaml:4:10
      |
    4 |       a: int column_format fixed
      |          ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: leave it out; a table that has it is reported, and never altered

    error: `nullable` is said twice
     --> schema.yaml:5:32
      |
    5 |       b: { type: int not null, nullable: true }
      |                                ^^^^^^^^ the text of `type` says it too

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

#[test]
fn renamed_from_something_that_is_there() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    renamed_from: u
    columns:
      a: { type: int, renamed_from: b }
      b: int
    indexes:
      ix: { columns: [a], renamed_from: iy }
      iy: [b]
  u:
    columns: { a: int }
"), @r"
    error: the table of `renamed_from` is still in the file
     --> schema.yaml:3:19
      |
    3 |     renamed_from: u
      |                   ^
      |
      = help: remove the table `u`, or leave `renamed_from` out

    error: the column of `renamed_from` is still in the file
     --> schema.yaml:5:37
      |
    5 |       a: { type: int, renamed_from: b }
      |                                     ^
      |
      = help: remove the column `b`, or leave `renamed_from` out

    error: the index of `renamed_from` is still in the file
     --> schema.yaml:8:41
      |
    8 |       ix: { columns: [a], renamed_from: iy }
      |                                         ^^
      |
      = help: remove the index `iy`, or leave `renamed_from` out
    ");
}

#[test]
fn an_index_called_primary() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { a: int }
    indexes: { primary: [a] }
"), @r"
    error: an index can't be called PRIMARY
     --> schema.yaml:4:16
      |
    4 |     indexes: { primary: [a] }
      |                ^^^^^^^
      |
      = help: the primary key is the table's `primary_key`
    ");
}

#[test]
fn options_with_keys_of_their_own() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { a: int }
    options: { engine: InnoDB, stats_persistent: [1] }
"), @r"
    error: `engine` has a key of its own
     --> schema.yaml:4:16
      |
    4 |     options: { engine: InnoDB, stats_persistent: [1] }
      |                ^^^^^^
      |
      = help: write `engine` beside `columns`, not under `options`

    error: `stats_persistent` has to be a string
     --> schema.yaml:4:32
      |
    4 |     options: { engine: InnoDB, stats_persistent: [1] }
      |                                ^^^^^^^^^^^^^^^^ this is a list
    ");
}

#[test]
fn names_that_are_too_long() {
    insta::assert_snapshot!(errors(r"tables:
  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:
    columns: { '': int }
"), @r"
    error: the name of a table has 65 characters; a name has at most 64
     --> schema.yaml:2:3
      |
    2 |   xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn settings() {
    insta::assert_snapshot!(errors(r"server: oracle
ignore: { tables: ['[a', 5], views: [] }
rules: { missing-primary-key: warn, redundant-index: off, mixed-collation: false }
tables: {}
"), @r"
    error: `oracle` is no server; say mysql:8.4 or mariadb:10.11
     --> schema.yaml:1:9
      |
    1 | server: oracle
      |         ^^^^^^

    error: this is no glob: unclosed character class; missing ']'
     --> schema.yaml:2:20
      |
    2 | ignore: { tables: ['[a', 5], views: [] }
      |                    ^^^^

    error: `tables` is a list of globs
     --> schema.yaml:2:26
      |
    2 | ignore: { tables: ['[a', 5], views: [] }
      |                          ^ this is a number

    error: `ignore` has no key `views`
     --> schema.yaml:2:30
      |
    2 | ignore: { tables: ['[a', 5], views: [] }
      |                              ^^^^^
      |
      = help: known are `tables`

    error: `missing-primary-key` can't be `warn`
     --> schema.yaml:3:31
      |
    3 | rules: { missing-primary-key: warn, redundant-index: off, mixed-collation: false }
      |                               ^^^^
      |
      = help: known are `error`, `warning`, `note` and `off`

    error: `mixed-collation` has to be one of `error`, `warning`, `note` and `off`
     --> schema.yaml:3:76
      |
    3 | rules: { missing-primary-key: warn, redundant-index: off, mixed-collation: false }
      |                                                                            ^^^^^ this is a boolean
    ");
}

#[test]
fn include_in_a_text() {
    insta::assert_snapshot!(errors("include: [a.yaml]\n"), @r"
    error: a text that is no file can't include files
     --> schema.yaml:1:11
      |
    1 | include: [a.yaml]
      |           ^^^^^^ relative to what?
    ");
}

#[test]
fn values_that_begin_with_an_indicator() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { a: int }
    comment: @home
"), @r"
    error: this is no valid YAML
     --> schema.yaml:4:14
      |
    4 |     comment: @home
      |              ^ unexpected character: `@'
      |
      = help: a value that begins with this character has to be quoted
    ");
}

#[test]
fn an_alias_to_nothing() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { a: *int }
"), @r"
    error: an alias to an anchor that isn't there
     --> schema.yaml:3:19
      |
    3 |     columns: { a: *int }
      |                   ^ no `&` with that name before this line
      |
      = help: a value that begins with `*` has to be quoted
    ");
}

#[test]
fn a_colon_in_a_value() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    comment: see: here
"), @r"
    error: this is no valid YAML
     --> schema.yaml:3:17
      |
    3 |     comment: see: here
      |                 ^ mapping values are not allowed in this context
      |
      = help: a value that contains `: ` has to be quoted
    ");
}

#[test]
fn crlf_and_a_byte_order_mark() {
    insta::assert_snapshot!(errors("\u{feff}tabels: {}\r\ntables:\r\n  t: {}\r\n"), @r"
    error: a schema file has no key `tabels`
     --> schema.yaml:1:1
      |
    1 | tabels: {}
      | ^^^^^^ did you mean `tables`?

    error: the table `t` has no columns
     --> schema.yaml:3:3
      |
    3 |   t: {}
      |   ^
    ");
}

#[test]
fn a_custom_tag() {
    insta::assert_snapshot!(errors("tables: !secret {}\n"), @r"
    error: this is no valid YAML
     --> schema.yaml:1:17
      |
    1 | tables: !secret {}
      |                 ^ unsupported tag `!secret`
    ");
}

#[test]
fn duplicates_in_a_large_map() {
    let columns: Vec<String> = (0..40).map(|number| format!("      c{number}: int\n")).collect();
    let text =
        format!("tables:\n  t:\n    columns:\n{}      C7: int\n      c9: int\n", columns.concat());
    let titles: Vec<String> = super::read_text("schema.yaml", &text)
        .unwrap_err()
        .diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.title)
        .collect();
    assert_eq!(
        titles,
        ["the column `C7` is there twice; names don't regard case", "the key `c9` is there twice"]
    );
}
