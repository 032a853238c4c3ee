//! `driftline explain`: what is said of a table, of one part of it, and of what isn't there.

use std::fs;

use crate::{driftline, project};

const DUMP: &str = "\
CREATE TABLE users (
  id int(11) NOT NULL AUTO_INCREMENT,
  name varchar(50) DEFAULT NULL,
  active tinyint(1) DEFAULT '1',
  total int,
  PRIMARY KEY (id),
  CONSTRAINT positive CHECK (total>0 and id<>3)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE VIEW names AS SELECT id, name FROM users WHERE active=1;
";

const SCHEMA: &str = "server: mysql:8.4
tables:
  users:
    charset: utf8mb4
    columns:
      id: int not null auto_increment
      name: varchar(20)
      active: bool default true
      total: int
    primary_key: [id]
    indexes: { name: [name] }
    checks: { positive: total > 0 and id != 3 }
views:
  names: select id, name from users where active = 1
";

#[test]
fn a_table_is_explained_by_its_parts() {
    let folder = project(SCHEMA);
    fs::write(folder.path().join("dump.sql"), DUMP).unwrap();
    let (code, text, err) = driftline(folder.path(), &["explain", "users", "dump.sql"]);
    assert_eq!((code, err.as_str()), (1, ""));
    insta::assert_snapshot!(text);
}

#[test]
fn a_view_is_explained_by_its_query() {
    let folder = project(SCHEMA);
    fs::write(folder.path().join("dump.sql"), DUMP).unwrap();
    let (code, text, err) = driftline(folder.path(), &["explain", "views.names", "dump.sql"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(text);
}

#[test]
fn a_name_of_two_elements_explains_both_and_an_unknown_one_none() {
    let folder = project(SCHEMA);
    fs::write(folder.path().join("dump.sql"), DUMP).unwrap();
    let (code, text, _) = driftline(folder.path(), &["explain", "users.name", "dump.sql"]);
    assert!(code == 1 && text.contains("tables.users.columns.name"), "{text}");
    assert!(
        text.contains("tables.users.indexes.name · different: only schema.yaml has it"),
        "{text}"
    );
    let (code, _, err) = driftline(folder.path(), &["explain", "users.nam", "dump.sql"]);
    assert!(code == 2 && err.contains("did you mean `users.name`?"), "{err}");
}
