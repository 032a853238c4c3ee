//! Invalid versioned tables and periods.

use super::errors;

#[test]
fn contradictions() {
    insta::assert_snapshot!(errors(r"tables:
  plain:
    columns:
      id: int without system versioning
      row_from: timestamp(6) generated always as row start
      since: date not null
    periods:
      system_time: [row_from, since]
      id: [since, until]
    indexes:
      a: { columns: [id], unique: true, without_overlaps: sytem }
      b: { columns: [id], without_overlaps: id }
      c: { columns: [id], m: 8 }
  two:
    columns: { a: date not null, b: date not null, c: date not null }
    periods:
      one: [a, b]
      other: [b, c]
    primary_key: { columns: [a], without_overlaps: ones }
  odd:
    columns: { a: date not null }
    periods:
      one: [a]
"), @r#"
    error: the table `plain` has no system versioning
     --> schema.yaml:4:11
      |
    4 |       id: int without system versioning
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ so `id` can't be left out of it

    error: the period `system_time` is that of system versioning
     --> schema.yaml:8:7
      |
    8 |       system_time: [row_from, since]
      |       ^^^^^^^^^^^
      |
      = help: write `system_versioning: true` next to `periods`

    error: `since` doesn't hold the row end
     --> schema.yaml:8:7
      |
    8 |       system_time: [row_from, since]
      |       ^^^^^^^^^^^
      |
      = help: `since: timestamp(6) generated always as row end`

    error: a column and a period are both called `id`
     --> schema.yaml:9:7
      |
    9 |       id: [since, until]
      |       ^^

    error: the table `plain` has no column `until`
     --> schema.yaml:9:19
      |
    9 |       id: [since, until]
      |                   ^^^^^

    error: the table `plain` has no period `sytem`
      --> schema.yaml:11:7
       |
    11 |       a: { columns: [id], unique: true, without_overlaps: sytem }
       |       ^

    error: only a unique index has `without_overlaps`
      --> schema.yaml:12:27
       |
    12 |       b: { columns: [id], without_overlaps: id }
       |                           ^^^^^^^^^^^^^^^^

    error: only a vector index has `m`
      --> schema.yaml:13:27
       |
    13 |       c: { columns: [id], m: 8 }
       |                           ^

    error: a table has one period of its own at most
      --> schema.yaml:18:7
       |
    17 |       one: [a, b]
       |       --- the first
    18 |       other: [b, c]
       |       ^^^^^ the second

    error: the table `two` has no period `ones`
      --> schema.yaml:19:5
       |
    19 |     primary_key: { columns: [a], without_overlaps: ones }
       |     ^^^^^^^^^^^ did you mean `one`?

    error: a period has two columns: from when and until when a row is true
      --> schema.yaml:23:7
       |
    23 |       one: [a]
       |       ^^^
    "#);
}
