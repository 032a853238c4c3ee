//! Names: too long, reserved, duplicate, or renamed from something that is still there.

use super::errors;

#[test]
fn duplicate_names() {
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
    error: the column `ID` is there twice: names are compared without case
     --> schema.yaml:5:7
      |
    4 |       id: int
      |       -- first here
    5 |       ID: int
      |       ^^ again

    error: the index `IX` is there twice: names are compared without case
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
fn renamed_from_something_that_still_exists() {
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
