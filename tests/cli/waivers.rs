//! Findings that schema.yaml accepts.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::{driftline, project, without_time};

/// A table without a primary key, and one whose index is redundant.
const TABLES: &str = "
tables:
  audit:
    columns: { at: datetime not null }
  users:
    columns: { id: int not null, name: varchar(9) }
    primary_key: [id]
    indexes:
      a: [name]
      b: [name]
";

/// What the database has: an index more, a column that is shorter, and no index `b`.
const DUMP: &str = "-- Server version\t8.4.0
CREATE TABLE audit (at datetime NOT NULL);
CREATE TABLE users (id int NOT NULL, name varchar(5), PRIMARY KEY (id), KEY a (name), KEY tmp (id, name));
";

fn with_waivers(waivers: &str) -> TempDir {
    let folder = project(&format!("server: mysql:8.4\n{waivers}{TABLES}"));
    fs::write(folder.path().join("dump.sql"), DUMP).unwrap();
    folder
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let (_, out, _) = driftline(folder, args);
    serde_json::from_str(&out).unwrap()
}

const ALL: &str = "waivers:
  - rule: missing-primary-key
    element: tables.aud*
    reason: append-only
    owner: the data team
    until: 9999-12-31
  - rule: redundant-index
    element: tables.users.indexes.b
    reason: dropped next month
  - rule: [drift-extra, drift-missing]
    element: tables.users.indexes.*
    reason: being tried
  - { rule: drift-different, element: tables.users.columns.name, reason: 'longer names, later' }
";

#[test]
fn what_is_waived_is_counted_and_not_shown() {
    let folder = with_waivers(ALL);
    let (code, out, err) = driftline(folder.path(), &["lint"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out);
    let (code, out, err) = driftline(folder.path(), &["check", "dump.sql"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(without_time(&out));
}

#[test]
fn what_is_not_waived_still_counts() {
    let folder = with_waivers(&ALL.replace("[drift-extra, drift-missing]", "drift-extra"));
    let (code, out, _) = driftline(folder.path(), &["check", "dump.sql"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(without_time(&out));
    let (code, _, _) = driftline(folder.path(), &["check", "dump.sql", "--fail-on", "extra"]);
    assert_eq!(code, 0);
}

#[test]
fn the_statements_stay_the_same() {
    let (some, none) = (with_waivers(ALL), with_waivers(""));
    let args = ["diff", "dump.sql", "schema.yaml"];
    assert_eq!(driftline(some.path(), &args), driftline(none.path(), &args));
    let args = ["check", "dump.sql", "--format", "sql"];
    assert_eq!(driftline(some.path(), &args).1, driftline(none.path(), &args).1);
}

#[test]
fn every_format_says_what_is_waived() {
    let folder = with_waivers(ALL);
    let document = json(folder.path(), &["check", "dump.sql", "--format", "json"]);
    assert_eq!(document["in_sync"], false);
    let waived = |list: &str| -> Vec<Value> {
        document[list].as_array().unwrap().iter().map(|it| it["waived"].clone()).collect()
    };
    let by = |waived: &[Value]| waived.iter().map(|it| it["by"].clone()).collect::<Vec<_>>();
    assert_eq!(by(&waived("differences")), ["waiver"; 3]);
    assert_eq!(by(&waived("findings")), ["waiver"; 2]);
    let first = serde_json::json!({
        "by": "waiver", "reason": "append-only", "owner": "the data team", "until": "9999-12-31",
    });
    assert_eq!(waived("findings")[0], first);
    let sarif = json(folder.path(), &["check", "dump.sql", "--format", "sarif"]);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        assert_eq!(result["suppressions"][0]["kind"], "inSource");
        assert_eq!(result["suppressions"][0]["status"], "accepted");
    }
    for format in ["github", "gitlab", "junit", "markdown"] {
        let (code, out, err) = driftline(folder.path(), &["check", "dump.sql", "--format", format]);
        assert_eq!((code, err.as_str()), (0, ""), "{format}");
        insta::assert_snapshot!(format!("waived_{format}"), without_time(&out));
    }
    let (code, page, _) = driftline(folder.path(), &["check", "dump.sql", "--format", "html"]);
    assert_eq!(code, 0);
    assert!(page.contains("<h3>Waived</h3>") && page.contains("being tried"));
    assert!(page.contains("append-only (the data team, until 9999-12-31)"));
}

#[test]
fn a_result_that_counts_says_so_where_another_is_waived() {
    let folder = with_waivers(&ALL.replace("[drift-extra, drift-missing]", "drift-extra"));
    let sarif = json(folder.path(), &["check", "dump.sql", "--format", "sarif"]);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let empty = results.iter().filter(|it| it["suppressions"] == serde_json::json!([]));
    assert_eq!((empty.count(), results.len()), (1, 5));
    let none = json(with_waivers("").path(), &["check", "dump.sql", "--format", "sarif"]);
    let mut results = none["runs"][0]["results"].as_array().unwrap().iter();
    assert!(results.all(|it| it.get("suppressions").is_none()));
}

#[test]
fn a_waiver_that_has_ended_or_covers_nothing_is_a_finding() {
    let folder = with_waivers(
        "rules: { redundant-index: off }
waivers:
  - { rule: missing-primary-key, element: tables.audit, reason: append-only, until: 2020-02-29 }
  - { rule: redundant-index, element: tables.users.indexes.b, reason: the rule is off }
  - { rule: drift-extra, element: tables.gone, reason: was there }
  - { rule: drop-table, element: tables.gone, reason: a risk }
",
    );
    let (code, out, _) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(out);
    let found = |args: &[&str]| -> Vec<(String, String)> {
        let document = json(folder.path(), args);
        let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
        let all = document["findings"].as_array().unwrap().iter();
        all.map(|it| (text(it, "rule"), text(it, "severity"))).collect()
    };
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(code, severity)| ((*code).to_owned(), (*severity).to_owned())).collect()
    };
    let of_lint = [
        ("missing-primary-key", "warning"),
        ("waiver-expired", "warning"),
        ("waiver-unmatched", "warning"),
    ];
    assert_eq!(found(&["lint", "--format", "json"]), pairs(&of_lint));
    let text = fs::read_to_string(folder.path().join("schema.yaml")).unwrap();
    let set = "rules: { waiver-expired: off, waiver-unmatched: error, ";
    let text = text.replace("rules: { ", set);
    fs::write(folder.path().join("set.yaml"), text).unwrap();
    let of_set = [("missing-primary-key", "warning"), ("waiver-unmatched", "error")];
    assert_eq!(found(&["lint", "-s", "set.yaml", "--format", "json"]), pairs(&of_set));
    let of_check = [of_lint.as_slice(), &[("waiver-unmatched", "note")]].concat();
    assert_eq!(found(&["check", "dump.sql", "--format", "json"]), pairs(&of_check));
}

#[test]
fn wrong_waivers_are_errors_at_their_place() {
    let folder = project(
        "waivers:
  - { rule: missing-primary-keys, element: tables.t, reason: why }
  - { rule: [drift-extra, usage], element: tables.t, reason: why }
tables: { t: { columns: { a: int } } }
",
    );
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    let folder = project(
        "waivers:
  - { rule: drift-extra, element: '*', reason: why }
  - { rule: drift-extra, element: tables.*, reason: why }
  - { rule: drift-extra, element: tables.t }
  - rule: []
    element: tables.t
    reason: …
  - { rule: 7, element: tables.t.indxes.a, reason: why, until: 2026-02-30 }
  - { element: tables.t, reason: why, untill: 2026-02-03 }
  - drift-extra
tables: { t: { columns: { a: int } } }
",
    );
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
}

#[test]
fn comments_waive_what_is_next_to_them() {
    let folder = project(
        "include: [parts/*.yaml]
tables:
  # Kept as it is.
  # driftline: ignore[missing-primary-key] append-only
  audit:
    columns:
      at: timestamp # driftline: ignore[timestamp-2038, zero-date-default] gone by then
rules: { timestamp-2038: warning }
views:
  v: |
    select 1 # driftline: ignore
",
    );
    fs::create_dir(folder.path().join("parts")).unwrap();
    let part =
        "tables:\n  other: { columns: { a: int } } # driftline: ignore[missing-primary-key] also\n";
    fs::write(folder.path().join("parts/other.yaml"), part).unwrap();
    let (code, out, err) = driftline(folder.path(), &["lint"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out);
    let document = json(folder.path(), &["lint", "--format", "json"]);
    let all = document["findings"].as_array().unwrap().iter();
    let waived: Vec<&Value> = all.map(|it| &it["waived"]).filter(|it| !it.is_null()).collect();
    assert_eq!(waived.len(), 3);
    assert!(waived.iter().all(|it| it["by"] == "comment"));
    // `fmt` leaves them where they are.
    assert_eq!(driftline(folder.path(), &["fmt", "schema.yaml", "parts/other.yaml"]).0, 0);
    assert_eq!(driftline(folder.path(), &["lint"]).1, out);
}

#[test]
fn a_layout_that_takes_a_comment_from_its_element_is_not_made() {
    let text = "tables:
  a: { columns: { b: int }, # driftline: ignore[missing-primary-key] in a map
    comment: x }
";
    let folder = project(text);
    assert_eq!(driftline(folder.path(), &["lint"]).0, 0);
    let (code, _, err) = driftline(folder.path(), &["fmt"]);
    assert_eq!(code, 2);
    assert!(err.contains("can't be formatted without changing what it says"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("schema.yaml")).unwrap(), text);
}

#[test]
fn many_comments_and_other_line_ends_are_read_too() {
    let lines = "# a comment\n".repeat(300);
    let schema = format!(
        "{lines}tables:\n{lines}  # driftline: ignore[missing-primary-key] ends with CR\n{lines}  \
         t:\n    columns: {{ a: int }}\n"
    );
    for text in [schema.clone(), schema.replace('\n', "\r\n"), format!("\u{feff}{schema}")] {
        let folder = project(&text);
        let (code, out, err) = driftline(folder.path(), &["lint"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert_eq!(out, "nothing found, 1 finding waived · 1 table\n");
    }
}

#[test]
fn what_is_uncertain_is_waived_too() {
    let folder = project(
        "server: mysql:8.4
waivers: [{ rule: drift-uncertain, element: views.v, reason: the same rows }]
tables: { t: { columns: { id: int not null }, primary_key: [id] } }
views: { v: 'select id from t where id in (table t)' }
",
    );
    let path = folder.path();
    let dump = "-- Server version\t8.4.0
CREATE TABLE t (id int NOT NULL, PRIMARY KEY (id));
CREATE VIEW v AS SELECT id FROM t WHERE id = any (table t);
";
    fs::write(path.join("dump.sql"), dump).unwrap();
    let document = json(path, &["check", "dump.sql", "--format", "json"]);
    assert_eq!(document["uncertain"][0]["waived"]["reason"], "the same rows", "{document}");
    let (code, out, _) = driftline(path, &["check", "dump.sql"]);
    assert_eq!((code, out.contains("can't compare")), (0, false), "{out}");
    let (code, page, _) = driftline(path, &["check", "dump.sql", "--format", "html"]);
    assert_eq!((code, page.contains("can&#39;t compare the")), (0, false));
}

#[test]
fn wrong_comments_are_errors_at_their_place() {
    let folder = project(
        "tables:
  a: # driftline: ignore
    columns: # driftline: ignore[drift-extra] next to no element
      b: int # driftline: ignore[] why
      c: int # driftline: ignore[drift-extras] why
      d: int # driftline: ignore[drift-extra]
      e: int # driftline: ignroe[drift-extra] why
      f: int #driftline: ignore [drift-extra] why
",
    );
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    let folder = project(
        "tables:
  a:
    # driftline: ignore[drift-extra] below it is an empty line

    columns:
      c: int # driftline: ignore[drift-extras] why
",
    );
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
    let unknown = "tables: { a: { columns: { c: int } } } # driftline: ignore[drift-extras] why\n";
    let (code, _, err) = driftline(project(unknown).path(), &["lint"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `drift-extra`?"), "{err}");
}

#[test]
fn a_baseline_accepts_what_is_there_and_nothing_new() {
    let folder = with_waivers("");
    let path = folder.path();
    assert_eq!(driftline(path, &["check", "dump.sql"]).0, 1);
    let (code, out, err) = driftline(path, &["baseline", "dump.sql"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "accepted in driftline-baseline.yaml: 2 findings of the rules and 3 drifts\n");
    let file = fs::read_to_string(path.join("driftline-baseline.yaml")).unwrap();
    insta::assert_snapshot!(file);
    let (code, out, _) = driftline(path, &["check", "dump.sql"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("5 findings waived"), "{out}");
    assert_eq!(driftline(path, &["lint"]).0, 0);
    let sarif = json(path, &["check", "dump.sql", "--format", "sarif"]);
    let first = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(first["kind"], "external");
    assert_eq!(first["justification"], "in driftline-baseline.yaml");
    // Written again, it is the same.
    assert_eq!(driftline(path, &["baseline", "dump.sql"]).0, 0);
    assert_eq!(fs::read_to_string(path.join("driftline-baseline.yaml")).unwrap(), file);
    assert_eq!(driftline(path, &["baseline", "--offline"]).0, 0);
    assert_eq!(fs::read_to_string(path.join("driftline-baseline.yaml")).unwrap(), file);
    // What is new counts, and what differs in another way than before is new.
    let dump = fs::read_to_string(path.join("dump.sql")).unwrap();
    fs::write(path.join("new.sql"), dump.replace("varchar(5)", "varchar(6)")).unwrap();
    let (code, out, _) = driftline(path, &["check", "new.sql"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(without_time(&out));
}

#[test]
fn a_baseline_lies_where_driftline_toml_says() {
    let folder = with_waivers("");
    let path = folder.path();
    fs::write(path.join("driftline.toml"), "baseline = \"accepted.yaml\"\n").unwrap();
    assert_eq!(driftline(path, &["baseline", "dump.sql"]).0, 0);
    assert!(path.join("accepted.yaml").is_file());
    assert!(!path.join("driftline-baseline.yaml").exists());
    assert_eq!(driftline(path, &["check", "dump.sql"]).0, 0);
    fs::write(path.join("accepted.yaml"), "version: 1\nfindings: {}\n").unwrap();
    let (code, _, err) = driftline(path, &["check", "dump.sql"]);
    assert_eq!(code, 2);
    assert!(err.contains("`findings` has to be a list"), "{err}");
}

#[test]
fn a_rule_is_stricter_for_what_is_new() {
    let rule = "rules: { missing-primary-key: { severity: note, new: error } }\n";
    let folder = with_waivers(rule);
    let path = folder.path();
    fs::write(path.join("empty.sql"), "-- Server version\t8.4.0\nCREATE TABLE users (id int);\n")
        .unwrap();
    let severity = |args: &[&str]| {
        let document = json(path, args);
        let all = document["findings"].as_array().unwrap().iter();
        let mut of_rule = all.filter(|it| it["rule"] == "missing-primary-key");
        of_rule.next().unwrap()["severity"].clone()
    };
    assert_eq!(severity(&["check", "dump.sql", "--format", "json"]), "note");
    assert_eq!(severity(&["check", "empty.sql", "--format", "json"]), "error");
    // Without migrations there is nothing to compare with.
    assert_eq!(severity(&["lint", "--format", "json"]), "note");
    assert_eq!(driftline(path, &["generate", "empty.sql", "-m", "users"]).0, 0);
    assert_eq!(severity(&["lint", "--format", "json"]), "note");
    let lock = path.join("generated/schema.lock.yaml");
    let locked = fs::read_to_string(&lock).unwrap();
    let without = locked.split_once("  audit:").map(|(before, rest)| {
        format!(
            "{before}{}",
            rest.split_once("\n  users:").map(|(_, it)| format!("  users:{it}")).unwrap()
        )
    });
    fs::write(&lock, without.unwrap()).unwrap();
    assert_eq!(severity(&["lint", "--format", "json"]), "error");
    let wrong = "rules: { missing-primary-key: { severity: notes, newer: error }, no-rule: { new: off } }\n";
    let folder = with_waivers(wrong);
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err);
}
