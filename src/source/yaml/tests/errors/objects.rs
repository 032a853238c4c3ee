//! Views, triggers, routines, events and sequences.

use std::fs;

use super::errors;
use crate::source::yaml::read;

/// The errors of a text to which a table `posts` is added.
fn errors_with_file(text: &str) -> String {
    errors(&format!("tables: {{ posts: {{ columns: {{ id: int }} }} }}\n{text}"))
}

#[test]
fn keys_and_types() {
    insta::assert_snapshot!(errors_with_file(
        "views:\n  a: { selekt: select 1 }\n  b: [select 1]\n  c: { select: 5 }\n  d: 7\n  \
         e: { select: select 1, check_option: global, columns: a }\n\
         triggers:\n  t: { table: posts, when: afte insert, body: do 1 }\n  u:\n\
         procedures:\n  p: { returns: int, body: do 1 }\n\
         events:\n  x: { every: 5, body: do 1 }\n  y: { every: 1 fortnight, body: do 1 }\n\
         sequences:\n  s: { start: a, cache: -1, cycle: yes, type: varchar }\n\
         view: {}\n"
    ));
}

#[test]
fn what_is_missing() {
    insta::assert_snapshot!(errors_with_file(
        "views:\n  a: {}\n\
         triggers:\n  t: {}\n\
         functions:\n  f: { body: return 1 }\n\
         procedures:\n  p: { comment: x }\n  q: { body: '' }\n  r: { body: ; }\n\
         events:\n  e: { body: do 1 }\n  f: { at: \"'2030-01-01'\", every: 1 day, body: do 1 }\n  \
         g: { at: \"'2030-01-01'\", ends: \"'2031-01-01'\", body: do 1 }\n"
    ));
}

#[test]
fn statements_that_are_not_the_keys() {
    insta::assert_snapshot!(errors_with_file(
        "views:\n  a: create view b as select 1\n  b: create view shop.b as select 1\n  \
         c: { select: create view c as select 1 }\n  d: create procedure d() do 1\n\
         procedures:\n  p: select 1\n  q: create procedure q(a row type of posts) do 1\n  \
         r: create procedure r() language javascript as $$ 1 $$\n\
         triggers:\n  t: create trigger t before insert on posts for each row follows u do 1\n  \
         u: create trigger u before insert on gone for each row do 1\n"
    ));
}

#[test]
fn invalid_sql() {
    insta::assert_snapshot!(errors_with_file(
        "views:\n  a: selec 1\n  b: select (1\n  c: select 1; select 2\n  d: |\n    select 1,\n      'never closed\n  \
         e: >-\n    select 'x\n\
         triggers:\n  t:\n    table: posts\n    when: before insert\n    body: |\n      set new.id = 1;\n      set new.id = 2;\n  \
         u: create trigger u befor insert on posts for each row do 1\n\
         functions:\n  f: { parameters: in a int, returns: integr, body: return 1 }\n  \
         g: { parameters: a int; b int, returns: int unsigned unsigne, body: return 1 }\n"
    ));
}

#[test]
fn names_that_clash() {
    insta::assert_snapshot!(errors_with_file(
        "views:\n  posts: select 1\n  x: select 1\n  x: select 2\n  X: select 3\n\
         sequences: { x: {} }\n\
         procedures: { p: { body: do 1 }, P: { body: do 1 } }\n\
         triggers: { t: { table: post, when: before insert, body: do 1 }, v: { table: x, when: before insert, body: do 1 } }\n"
    ));
}

#[test]
fn files() {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 6] = [
        (
            "schema.yaml",
            b"include: [more.yaml]\ntables: { t: { columns: { id: int } } }\nviews:\n  a: { file: gone.sql }\n  b: { file: latin.sql }\n  c: { file: c.sql, security: invoker }\n  d: { file: d.sql, select: select 1 }\n  e: { file: e.sql }\n",
        ),
        ("more.yaml", b"views: { a: select 1, f: { file: 5 } }\ndefiner: compare\n"),
        ("latin.sql", b"select '\xe9'\n"),
        ("c.sql", b"create view c as select 1\n"),
        ("d.sql", b"select 1\n"),
        ("e.sql", b"-- nothing\nselect 1,\n  (2\n"),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let invalid = read(&folder.path().join("schema.yaml")).unwrap_err().to_string();
    insta::assert_snapshot!(invalid.replace(&format!("{}/", folder.path().display()), ""));
    insta::assert_snapshot!("no_folder", errors_with_file("views: { a: { file: a.sql } }\n"));
}
