//! Files that are no schema at all, or YAML that means something else than it seems to.

use super::errors;

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
      | ^^^^^^ a value is missing here
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
    error: this isn't valid YAML
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
      |                                 ^^^^ a value is missing here
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
fn include_in_a_text() {
    insta::assert_snapshot!(errors("include: [a.yaml]\n"), @r"
    error: a text that isn't a file can't include files
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
    error: this isn't valid YAML
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
    error: this isn't valid YAML
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
    error: this isn't valid YAML
     --> schema.yaml:1:17
      |
    1 | tables: !secret {}
      |                 ^ unsupported tag `!secret`
    ");
}
