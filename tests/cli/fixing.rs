//! `lint --fix`: what is edited, and what isn't.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{driftline, project};

const FILE: &str = "\
# ours
server: mysql:8.4
tables:
  users:
    columns:
      id: INT(5) NOT NULL   # the key
      name: varchar(50)
      age: { type: tinyint(2), nullable: false }
      flag: tinyint(1)
      boss: int
    primary_key: [id]
    indexes:
      by_name: [name]   # for the search

      # made by hand
      by_name_again: [name]   # who knows
      by_boss: [boss]
    foreign_keys:
      boss: { columns: [boss], references: users(id) }
      boss_again: { columns: [boss], references: users(id) }
";

const FIXED: &str = "\
# ours
server: mysql:8.4
tables:
  users:
    columns:
      id: INT NOT NULL   # the key
      name: varchar(50)
      age: { type: tinyint, nullable: false }
      flag: tinyint(1)
      boss: int
    primary_key: [id]
    indexes:
      by_name: [name]   # for the search

      by_boss: [boss]
    foreign_keys:
      boss: { columns: [boss], references: users(id) }
";

fn file(folder: &Path) -> String {
    fs::read_to_string(folder.join("schema.yaml")).unwrap()
}

#[test]
fn what_a_machine_can_fix_is_fixed_and_nothing_else() {
    let folder = project(FILE);
    let run = |args: &[&str]| driftline(folder.path(), args);
    let (code, out, _) = run(&["lint"]);
    assert_eq!((code, file(folder.path()).as_str()), (1, FILE));
    assert_eq!(out.matches("`driftline lint --fix` can ").count(), 3, "{out}");
    let (code, out, err) = run(&["lint", "--fix"]);
    assert_eq!(file(folder.path()), FIXED, "{out}{err}");
    assert!(code == 0 && out.contains("nothing found"), "{out}");
    for words in ["fixed [redundant-index]", "fixed [display-width]", "-      id: INT(5) NOT NULL"]
    {
        assert!(err.contains(words), "{err}");
    }
    let (code, _, err) = run(&["lint", "--fix"]);
    assert!(code == 0 && err.is_empty(), "{err}");
}

#[test]
fn the_edits_are_in_the_outputs_for_programs() {
    let folder = project(FILE);
    let json = |args: &[&str]| -> Value {
        serde_json::from_str(&driftline(folder.path(), args).1).unwrap()
    };
    let lint = json(&["lint", "--format", "json"]);
    let findings = lint["findings"].as_array().unwrap();
    let of = |rule: &str| findings.iter().find(|it| it["rule"] == rule).unwrap();
    let edit = &of("redundant-index")["fixes"][0]["edits"][0];
    assert_eq!(edit["start"], serde_json::json!({ "line": 15, "column": 1 }));
    assert_eq!(edit["end"], serde_json::json!({ "line": 17, "column": 1 }));
    assert_eq!(edit["text"], "");
    assert_eq!(of("display-width")["fixes"][0]["edits"].as_array().unwrap().len(), 2);
    let sarif = json(&["lint", "--format", "sarif"]);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let fixes: Vec<&Value> = results.iter().filter_map(|it| it.get("fixes")).collect();
    assert_eq!(fixes.len(), 3);
    let replaced = &fixes[0][0]["artifactChanges"][0];
    assert_eq!(replaced["artifactLocation"]["uri"], "schema.yaml");
    assert!(replaced["replacements"][0]["deletedRegion"]["startLine"].is_number());
}

#[test]
fn what_is_accepted_or_shared_stays() {
    let shared = "\
server: mysql:8.4
waivers: [{ rule: redundant-index, element: tables.a.indexes.two, reason: for a while }]
x-i: &i { one: [n], two: [n] }
tables:
  a: { columns: { id: int, n: int }, primary_key: [id], indexes: { one: [n], two: [n] } }
  b: { columns: { id: int, n: int }, primary_key: [id], indexes: *i }
";
    let folder = project(shared);
    let (_, out, err) = driftline(folder.path(), &["lint", "--fix"]);
    assert_eq!(file(folder.path()), shared, "{err}");
    assert!(!out.contains("--fix` can"), "{out}");
    assert_eq!(driftline(folder.path(), &["lint", "--fix", "schema.yaml"]).0, 2);
}

#[test]
fn utf8mb3_becomes_utf8mb4_where_no_index_gets_too_wide() {
    let text = "\
server: mysql:8.4
rules: { legacy-charset: error }
defaults: { engine: InnoDB, charset: utf8mb3 }   # for long
tables:
  a: { columns: { id: int, n: varchar(50) }, primary_key: [id] }
  b:
    charset: utf8   # of old
    collation: utf8_unicode_ci
    columns: { id: int, n: varchar(50), c: char(2) character set utf8mb3 collate utf8mb3_bin }
    primary_key: [id]
  c:
    charset: utf8mb4
    columns: { id: int, n: CHAR(5) CHARACTER SET utf8mb3 }
    primary_key: [id]
";
    let folder = project(text);
    let run = |args: &[&str]| driftline(folder.path(), args);
    let (code, out, err) = run(&["lint", "--fix"]);
    let fixed = text
        .replace("charset: utf8mb3 }", "charset: utf8mb4, collation: utf8mb4_general_ci }")
        .replace("charset: utf8   #", "charset: utf8mb4   #")
        .replace("utf8_unicode_ci", "utf8mb4_unicode_ci")
        .replace(
            "character set utf8mb3 collate utf8mb3_bin",
            "character set utf8mb4 collate utf8mb4_bin",
        )
        .replace("CHARACTER SET utf8mb3", "CHARACTER SET utf8mb4 collate utf8mb4_general_ci");
    assert_eq!(file(folder.path()), fixed, "{err}");
    assert!(code == 1 && !out.contains("legacy-charset"), "{out}");
    let wide = "\
server: mysql:8.4
tables:
  a:
    charset: utf8mb3
    columns: { id: int, n: varchar(1000) }
    primary_key: [id]
    indexes: { by_n: [n] }
";
    let folder = project(wide);
    let (code, out, _) = driftline(folder.path(), &["lint", "--fix"]);
    assert_eq!((code, file(folder.path()).as_str()), (1, wide));
    assert!(out.contains("legacy-charset") && !out.contains("--fix` can"), "{out}");
}
