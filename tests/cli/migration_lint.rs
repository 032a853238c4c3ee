//! `driftline lint` of migrations: what each statement does to the schema before it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::driftline;

const FIRST: &str = "\
CREATE TABLE users (id int PRIMARY KEY, name varchar(50), mail varchar(90), KEY users_name (name));
CREATE TABLE gone (id int PRIMARY KEY);
CREATE VIEW names AS SELECT id, name FROM users;
";

/// Two statements, of which the head allows one.
const SECOND: &str = "\
-- allow: drop-table:gone

-- statement 1
ALTER TABLE users
  DROP INDEX users_name,
  RENAME COLUMN name TO full_name,
  ADD code int NOT NULL;
-- statement 2
DROP TABLE gone;
";

const SECOND_BACK: &str = "\
-- undoes 2
CREATE TABLE gone (id int PRIMARY KEY);
-- undoes 1: impossible, nobody has tried
";

/// What is new in the file itself is no finding.
const THIRD: &str = "\
CREATE TABLE steps (id int PRIMARY KEY, a int);
INSERT INTO steps VALUES (1, NULL);
ALTER TABLE steps MODIFY a int NOT NULL, RENAME COLUMN id TO step_id;
ALTER TABLE steps RENAME TO stages;
ALTER TABLE stages ADD UNIQUE (a);
UPDATE users SET mail = lower(mail);
ALTER TABLE users DROP COLUMN mail;
";

fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("generated/20260101000000_first.up.sql", FIRST);
    write("generated/20260102000000_second.up.sql", SECOND);
    write("generated/20260102000000_second.down.sql", SECOND_BACK);
    write("generated/20260103000000_third.up.sql", THIRD);
    write("schema.yaml", "server: mysql:8.4\ntables: {}\n");
    folder
}

fn lint(folder: &Path, args: &[&str]) -> (i32, String, String) {
    driftline(folder, &[&["lint"], args].concat())
}

#[test]
fn each_statement_is_looked_at_on_the_schema_before_it() {
    let folder = project();
    let (code, out, err) = lint(folder.path(), &["generated"]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    insta::assert_snapshot!(out);
}

#[test]
fn one_file_is_looked_at_after_the_others_of_its_folder() {
    let folder = project();
    let third = "generated/20260103000000_third.up.sql";
    let (code, of_one, err) = lint(folder.path(), &[third]);
    assert_eq!((code, err.as_str()), (1, ""), "{of_one}");
    assert!(of_one.contains("[drop-column]") && !of_one.contains("[rename]"), "{of_one}");
    assert!(of_one.ends_with("1 warning, 2 notes · 1 migration\n"), "{of_one}");
    let back = "generated/20260102000000_second.down.sql";
    let forward = "generated/20260102000000_second.up.sql";
    let of_pair = lint(folder.path(), &[back, forward]);
    assert_eq!(of_pair, lint(folder.path(), &[forward]));
    let inside = lint(&folder.path().join("generated"), &["20260103000000_third.up.sql"]);
    assert_eq!(inside.0, 1, "{}", inside.2);
}

#[test]
fn schema_yaml_says_how_severe_a_finding_is() {
    let folder = project();
    let file = "generated/20260103000000_third.up.sql";
    let severities = |rules: &str| {
        let text = format!("server: mysql:8.4\nrules: {{ {rules} }}\ntables: {{}}\n");
        fs::write(folder.path().join("schema.yaml"), text).unwrap();
        let (_, out, err) = lint(folder.path(), &[file]);
        out.lines().last().unwrap_or(&err).to_owned()
    };
    assert_eq!(severities("destructive: error"), "1 error, 2 notes · 1 migration");
    assert_eq!(severities("drop-column: note"), "3 notes · 1 migration");
    let off = "destructive: off, breaks-running-code: off, not-reversible: off, \
               mixed-ddl-and-data: off";
    assert_eq!(severities(off), "nothing found · 1 migration");
}

#[test]
fn files_in_no_folder_are_looked_at_after_a_source() {
    let folder = project();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("live.sql", "CREATE TABLE t (a int, b int);\n");
    write("V1__one.sql", "ALTER TABLE t DROP a;\n");
    write("V2__two.sql", "ALTER TABLE t DROP b, ADD c int;\n");
    let args = ["--before", "live.sql", "V1__one.sql", "V2__two.sql", "--flavor", "mysql:8.4"];
    let (code, out, err) = lint(folder.path(), &args);
    assert_eq!(code, 1, "{err}");
    let places: Vec<&str> = out.lines().filter(|line| line.contains("-->")).collect();
    assert_eq!(places, [" --> V1__one.sql:1:1", " --> V2__two.sql:1:1"], "{out}");
}

#[test]
fn what_was_before_a_file_has_to_be_known() {
    let folder = project();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("alone.up.sql", "ALTER TABLE t DROP a;\n");
    write("20260101000000_x.up.sql", "ALTER TABLE t DROP a;\n");
    let mut said = String::new();
    for args in [
        &["alone.up.sql"][..],
        &["20260101000000_x.up.sql"],
        &["generated/20990101000000_none.up.sql"],
        &["generated", "schema.yaml"],
        &["--before", "schema.yaml", "nothing.sql"],
        &["--before", "schema.yaml"],
    ] {
        let (code, out, err) = lint(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        said.push_str(&format!("$ driftline lint {}\n{err}\n", args.join(" ")));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn ci_shows_the_lines_of_the_files() {
    let folder = project();
    let file = "generated/20260103000000_third.up.sql";
    let (_, out, _) = lint(folder.path(), &[file, "--format", "github"]);
    assert!(
        out.contains(&format!("::warning file={file},line=7,")) && out.contains("drop-column"),
        "{out}"
    );
    let (_, out, _) = lint(folder.path(), &[file, "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let places: Vec<_> = results
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], file);
            (result["ruleId"].as_str().unwrap(), place["region"]["startLine"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(places, [("not-reversible", 1), ("mixed-ddl-and-data", 6), ("drop-column", 7)]);
}
