//! Keys that are unknown, duplicate, or have a value of the wrong type.

use super::{errors, read_text};

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
      = help: known are `server`, `defaults`, `ignore`, `compare`, `include`, `rules`, `waivers`, `definer`, `tables`, `views`, `triggers`, `procedures`, `functions`, `events`, `sequences` and `migrations`
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
       |                          ^ a value is missing here
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
    error: `itn` isn't a type
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
      = help: write `engine` next to `columns`, not under `options`

    error: `stats_persistent` has to be a string
     --> schema.yaml:4:32
      |
    4 |     options: { engine: InnoDB, stats_persistent: [1] }
      |                                ^^^^^^^^^^^^^^^^ this is a list
    ");
}

#[test]
fn settings() {
    insta::assert_snapshot!(errors(r"server: oracle
ignore: { tables: ['[a', 5], rows: [] }
rules: { missing-primary-key: warn, redundant-index: off, mixed-collation: false }
tables: {}
"), @r"
    error: `oracle` isn't a server; write mysql:8.4 or mariadb:10.11
     --> schema.yaml:1:9
      |
    1 | server: oracle
      |         ^^^^^^

    error: this isn't a glob: unclosed character class; missing ']'
     --> schema.yaml:2:20
      |
    2 | ignore: { tables: ['[a', 5], rows: [] }
      |                    ^^^^

    error: `tables` is a list of globs
     --> schema.yaml:2:26
      |
    2 | ignore: { tables: ['[a', 5], rows: [] }
      |                          ^ this is a number

    error: `ignore` has no key `rows`
     --> schema.yaml:2:30
      |
    2 | ignore: { tables: ['[a', 5], rows: [] }
      |                              ^^^^
      |
      = help: known are `tables`, `views`, `triggers`, `procedures`, `functions`, `events` and `sequences`

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
fn patterns_of_names() {
    insta::assert_snapshot!(errors(
        r"rules:
  naming: { tables: '^[a-z', index: ^ix_, columns: 3 }
  name-case: { tables: ^a }
tables: {}
"
    ));
}

#[test]
fn duplicates_in_a_large_map() {
    let columns: Vec<String> = (0..40).map(|number| format!("      c{number}: int\n")).collect();
    let text =
        format!("tables:\n  t:\n    columns:\n{}      C7: int\n      c9: int\n", columns.concat());
    let titles: Vec<String> = read_text("schema.yaml", &text)
        .unwrap_err()
        .diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.title)
        .collect();
    assert_eq!(
        titles,
        [
            "the column `C7` is there twice: names are compared without case",
            "the key `c9` is there twice"
        ]
    );
}
