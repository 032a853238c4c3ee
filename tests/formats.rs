//! The formats of CI services and the JSON, each held against the field's own validator: SARIF and
//! JSON against their schemas (by Python's `jsonschema`), JUnit by an XML parser. And no message
//! shows two equal texts as a difference.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code, unreachable_pub)]
#[path = "support/case.rs"]
mod case;
#[allow(dead_code, unreachable_pub)]
#[path = "support/json_schema.rs"]
mod json_schema;
#[allow(dead_code, unreachable_pub)]
#[path = "support/python.rs"]
mod python;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use driftline::compare::Comparison;
use driftline::finding::DriftClass;
use driftline::report::{self, ReportExtras};
use driftline::source::Compared;
use driftline::words::UncertainWords;
use json_schema::{output_schema, validate};
use libtest_mimic::{Arguments, Failed, Trial};
use python::python;
use serde_json::{Value, json};
use tempfile::TempDir;

type Outcome = Result<(), Failed>;

fn main() -> ExitCode {
    let with_python = |name: &str, test: fn() -> Outcome| {
        Trial::test(name, test).with_ignored_flag(python().is_none())
    };
    let trials = vec![
        with_python("SARIF is valid", sarif),
        with_python("every JSON is as its schema says", json_outputs),
        Trial::test("JUnit is XML with the right counts", junit),
        Trial::test("several formats are printed at once", several),
        Trial::test("a file is written whole, and never through a link", files),
        Trial::test("errors are printed in the formats", errors),
        Trial::test("GitHub gets annotations and a summary of the step", github),
        Trial::test("quiet prints nothing but errors", quiet),
        Trial::test("classes of drift decide the exit code", fail_on),
        Trial::test("a fingerprint stays the same when lines move", fingerprints),
        Trial::test("every drift has its ways out", ways_out),
        Trial::test("what is cosmetic can be left out of the comparison", cosmetic),
        Trial::test("no two equal texts are shown as a difference", equal_texts),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

const SCHEMA: &str = "\
server: mysql:8.4
tables:
  users:
    comment: people
    columns:
      id: int not null auto_increment
      name: varchar(50) comment 'as in the passport'
      mail: varchar(90) not null
    primary_key: [id]
    indexes:
      users_name: [name]
      users_name_again: [name]
";

/// Something is missing, something else extra, different, or different in a comment alone.
const DUMP: &str = "\
-- Server version 8.4.0
CREATE TABLE `users` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(50) COMMENT 'a name',
  `mail` varchar(60) NOT NULL,
  `<script>|`::error::` int COMMENT 'x',
  PRIMARY KEY (`id`),
  KEY `users_name` (`name`)
) ENGINE=InnoDB COMMENT='people';
CREATE TABLE `hotfix` (`id` int NOT NULL PRIMARY KEY) ENGINE=InnoDB;
";

fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dump = DUMP.replace("|`::", "|``::");
    fs::write(folder.path().join("schema.yaml"), SCHEMA).unwrap();
    fs::write(folder.path().join("dump.sql"), dump).unwrap();
    folder
}

/// A run's exit code, standard output and standard error.
fn driftline(folder: &Path, args: &[&str]) -> (i32, String, String) {
    run(folder, args, None)
}

fn run(folder: &Path, args: &[&str], summary: Option<&Path>) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for variable in ["DATABASE_URL", "DRIFTLINE_ENV", "GITHUB_STEP_SUMMARY", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command.envs(summary.map(|path| ("GITHUB_STEP_SUMMARY", path)));
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Standard output of a run with this exit code.
fn printed(folder: &Path, args: &[&str], wanted: i32) -> String {
    let (code, out, err) = driftline(folder, args);
    assert_eq!(code, wanted, "{args:?}: {out}{err}");
    out
}

fn sarif() -> Outcome {
    let folder = project();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::read_to_string(root.join("tests/formats/sarif-2.1.0.schema.json"))?;
    let mut documents = Vec::new();
    for (args, code) in [
        (&["check", "dump.sql", "--format", "sarif"][..], 1),
        (&["diff", "dump.sql", "--format", "sarif"], 1),
        (&["lint", "--format", "sarif"], 1),
        (&["lint", "dump.sql", "--format", "sarif"], 0),
        (&["check", "no.sql", "--format", "sarif"], 2),
        (&["check", "schema.sql", "--format", "sarif", "-s", "dump.sql"], 2),
    ] {
        let out = printed(folder.path(), args, code);
        let document: Value = serde_json::from_str(&out)?;
        let run = &document["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let rule = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        }
        documents.push((args.join(" "), document));
    }
    assert!(documents[0].1["runs"][0]["results"].as_array().unwrap().len() > 4);
    validate(&serde_json::from_str(&schema)?, &documents)
}

fn json_outputs() -> Outcome {
    let folder = project();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = output_schema()?;
    let mut documents = Vec::new();
    for (args, code) in [
        (&["check", "dump.sql", "--format", "json"][..], 1),
        (&["diff", "dump.sql", "schema.yaml", "--format", "json"], 1),
        (&["diff", "schema.yaml", "dump.sql", "--format", "json"], 1),
        (&["lint", "--format", "json"], 1),
        (&["inspect", "dump.sql", "--format", "json"], 0),
        (&["explain", "users", "dump.sql", "--format", "json"], 1),
        (&["check", "no.sql", "--format", "json"], 2),
        (&["check", "--format=json", "--no-such"], 2),
        (&["check", "--format", "json"], 2),
    ] {
        let out = printed(folder.path(), args, code);
        documents.push((args.join(" "), serde_json::from_str(&out)?));
    }
    let session = json!({ "before": [], "after": [] });
    for file in snapshots(&root.join("tests/cases")) {
        let text = fs::read_to_string(&file)?;
        let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        if !body.starts_with('{') {
            continue;
        }
        let mut document: Value =
            serde_json::from_str(body).map_err(|error| format!("{}: {error}", file.display()))?;
        document["session"] = session.clone();
        documents.push((file.display().to_string(), document));
    }
    assert!(documents.len() > 100, "{}", documents.len());
    validate(&schema, &documents)
}

fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(snapshots(&path));
        } else if path.to_string_lossy().ends_with(".json.snap") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn junit() -> Outcome {
    let folder = project();
    for args in [
        &["check", "dump.sql", "--format", "junit"][..],
        &["diff", "dump.sql", "--format", "junit"],
        &["lint", "--format", "junit"],
    ] {
        let out = printed(folder.path(), args, 1);
        let document = roxmltree::Document::parse(&out)?;
        let count = |name: &str| document.descendants().filter(|it| it.has_tag_name(name)).count();
        let suite = document.descendants().find(|it| it.has_tag_name("testsuite")).unwrap();
        let said = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!((said("tests"), said("failures")), (count("testcase"), count("failure")));
        assert!(count("failure") > 0);
    }
    Ok(())
}

fn several() -> Outcome {
    let folder = project();
    let args = [
        "check",
        "dump.sql",
        "--format",
        "github",
        "--format",
        "sarif=out.sarif",
        "--format",
        "json=out.json",
        "--format",
        "text=out.txt",
        "--color",
        "always",
    ];
    let out = printed(folder.path(), &args, 1);
    assert!(out.starts_with("::error file=schema.yaml,line="), "{out}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("out.sarif").contains("\"version\": \"2.1.0\""));
    serde_json::from_str::<Value>(&read("out.json"))?;
    let text = read("out.txt");
    assert!(text.contains("5 drifts") && !text.contains('\u{1b}'), "{text}");
    for args in [
        &["check", "dump.sql", "--format", "json", "--format", "sarif"][..],
        &["check", "dump.sql", "--format", "json=a", "--format", "sarif=a"],
        &["check", "dump.sql", "--format", "json=a", "--output", "b"],
        &["check", "dump.sql", "--format", "sarif="],
        &["check", "dump.sql", "--format", "xml"],
        &["lint", "--format", "sql"],
    ] {
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!((code, out.is_empty()), (2, true), "{args:?}: {out}{err}");
    }
    let args = ["diff", "dump.sql", "--format", "sql", "--output", "out.sql"];
    assert_eq!(printed(folder.path(), &args, 1), "");
    assert!(read("out.sql").contains("ALTER TABLE"));
    Ok(())
}

fn files() -> Outcome {
    let folder = project();
    #[cfg(unix)]
    {
        fs::write(folder.path().join("precious"), "precious")?;
        std::os::unix::fs::symlink("precious", folder.path().join("link"))?;
        let (code, _, err) =
            driftline(folder.path(), &["check", "dump.sql", "--format", "sarif=link"]);
        assert_eq!(code, 2);
        assert!(err.contains("link is a link"), "{err}");
        assert_eq!(fs::read_to_string(folder.path().join("precious"))?, "precious");
    }
    let (code, _, err) =
        driftline(folder.path(), &["check", "dump.sql", "--format", "sarif=no/such/folder"]);
    assert_eq!(code, 2, "{err}");
    let left: Vec<_> = fs::read_dir(folder.path())?.flatten().map(|it| it.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".driftline-")), "{left:?}");
    Ok(())
}

fn errors() -> Outcome {
    let folder = project();
    fs::write(folder.path().join("schema.yaml"), "tables:\n  users:\n    colums: {}\n")?;
    let check =
        |format: &str| printed(folder.path(), &["check", "dump.sql", "--format", format], 2);
    assert!(
        check("github").starts_with("::error file=schema.yaml,line=3,endLine=3,"),
        "{}",
        check("github")
    );
    let sarif: Value = serde_json::from_str(&check("sarif"))?;
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "invalid");
    let gitlab: Value = serde_json::from_str(&check("gitlab"))?;
    assert_eq!(gitlab[0]["location"]["path"], "schema.yaml");
    assert!(check("junit").contains("<failure type=\"error\""));
    assert!(check("markdown").starts_with("### ❌ driftline check: "));
    assert_eq!(check("text"), "");
    Ok(())
}

fn github() -> Outcome {
    let folder = project();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n")?;
    let args = ["check", "dump.sql", "--format", "github"];
    let (code, out, err) = run(folder.path(), &args, Some(&summary));
    assert_eq!(code, 1, "{err}");
    let lines: Vec<&str> = out.lines().collect();
    let (last, annotations) = lines.split_last().unwrap();
    assert!(last.starts_with("driftline check: 5 drifts ("), "{last}");
    assert!(annotations.iter().all(|line| line.starts_with("::")), "{out}");
    let text = fs::read_to_string(&summary)?;
    assert!(text.starts_with("before\n### ❌ driftline check: 5 drifts"), "{text}");
    assert!(text.contains("**Risks**") && text.contains("```sql\n"), "{text}");
    Ok(())
}

fn quiet() -> Outcome {
    let folder = project();
    let args = ["check", "dump.sql", "--quiet", "--format", "text", "--format", "json=a.json"];
    assert_eq!(driftline(folder.path(), &args), (1, String::new(), String::new()));
    assert!(folder.path().join("a.json").exists());
    assert_eq!(driftline(folder.path(), &["lint", "-q"]), (1, String::new(), String::new()));
    let (code, out, err) = driftline(folder.path(), &["check", "no.sql", "--quiet"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error: "), "{err}");
    Ok(())
}

fn fail_on() -> Outcome {
    let folder = project();
    let code = |list: &str| driftline(folder.path(), &["check", "dump.sql", "--fail-on", list]).0;
    for list in ["warning", "error", "drift", "missing", "extra", "different", "cosmetic"] {
        assert_eq!(code(list), 1, "{list}");
    }
    for list in ["unsupported", "uncertain", "unmigrated", "unsupported,uncertain"] {
        assert_eq!(code(list), 0, "{list}");
    }
    assert_eq!(code("uncertain,warning"), 1);
    assert_eq!(code("uncertain,error"), 0);
    assert_eq!(code("nonsense"), 2);
    let comments = SCHEMA.replace("as in the passport", "other");
    let file = folder.path().join("comments.yaml");
    fs::write(&file, &comments)?;
    let diff = |schema: &str| driftline(folder.path(), &["diff", "schema.yaml", schema]).0;
    assert_eq!(diff("comments.yaml"), 1);
    fs::write(&file, format!("compare: {{ comments: false }}\n{comments}"))?;
    assert_eq!(diff("comments.yaml"), 0);
    Ok(())
}

/// The fingerprints of what `check` finds.
fn prints(folder: &Path) -> Result<Vec<String>, Failed> {
    let out = printed(folder, &["check", "dump.sql", "--format", "sarif"], 1);
    let document: Value = serde_json::from_str(&out)?;
    let results = document["runs"][0]["results"].as_array().ok_or("no results")?;
    let print = |it: &Value| it["partialFingerprints"]["driftline/v1"].as_str().map(str::to_owned);
    Ok(results.iter().filter_map(print).collect())
}

fn fingerprints() -> Outcome {
    let folder = project();
    let before = prints(folder.path())?;
    fs::write(folder.path().join("schema.yaml"), format!("# a comment\n\n\n{SCHEMA}"))?;
    assert_eq!(before, prints(folder.path())?);
    let mut once = before.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), before.len());
    let changed = SCHEMA.replace("varchar(90)", "varchar(91)");
    fs::write(folder.path().join("schema.yaml"), changed)?;
    let after = prints(folder.path())?;
    assert_eq!(before.iter().filter(|print| !after.contains(print)).count(), 1);
    Ok(())
}

fn ways_out() -> Outcome {
    let folder = project();
    let out = printed(folder.path(), &["check", "dump.sql", "--format", "json"], 1);
    let document: Value = serde_json::from_str(&out)?;
    let differences = document["differences"].as_array().unwrap();
    let of = |element: &str| {
        let found = differences.iter().find(|it| it["element"] == element);
        found.unwrap_or_else(|| panic!("{element}: {out}"))
    };
    let mail = of("tables.users.columns.mail");
    assert_eq!(mail["class"], "different");
    let keep = &mail["ways_out"]["keep"];
    assert_eq!(keep["action"], "replace");
    assert_eq!(keep["under"], "tables.users.columns");
    assert_eq!(keep["yaml"], "mail: varchar(60) not null");
    assert_eq!(
        mail["ways_out"]["accept"],
        "waivers: [{ rule: drift-different, element: tables.users.columns.mail, reason: … }]"
    );
    let sql = mail["ways_out"]["revert"]["sql"].as_array().unwrap();
    assert!(sql.iter().any(|it| it.as_str().unwrap().contains("varchar(90)")), "{sql:?}");
    let name = of("tables.users.columns.name");
    assert_eq!(name["class"], "cosmetic");
    assert_eq!(name["ways_out"]["accept"], "compare: { comments: false }");
    assert_eq!(of("tables.users.indexes.users_name_again")["ways_out"]["keep"]["action"], "remove");
    let hotfix = &of("tables.hotfix")["ways_out"];
    let lines = hotfix["keep"]["yaml"].as_str().unwrap();
    assert!(lines.starts_with("hotfix:\n  engine: InnoDB\n  columns:\n    id: int"), "{lines}");
    let text = printed(folder.path(), &["check", "dump.sql"], 1);
    for words in [
        "to keep it: write `mail: varchar(60) not null` instead, under tables.users.columns",
        "To keep it: `driftline pull --update` takes it into schema.yaml",
        "To accept it: ",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    Ok(())
}

/// Without what `compare` leaves out, nothing cosmetic is left but renames that are declared.
fn cosmetic() -> Outcome {
    let (mut with, mut without) = (0, 0);
    let none = Compared { column_order: false, comments: false, server_names: false };
    for case in case::cases() {
        for (_, server) in case.servers() {
            let (from, mut to) = (case.before()?, case.after()?);
            let cosmetic = |comparison: &Comparison| -> Vec<String> {
                let items = report::items(&comparison.difference, &server).into_iter();
                let items = items.filter(|item| item.class == DriftClass::Cosmetic);
                items.map(|item| format!("{}: {}", case.name, report::item_words(&item))).collect()
            };
            let comparison = Comparison::new(from.clone(), to.clone(), Some(server))?;
            let found = cosmetic(&comparison);
            with += found.len();
            for item in report::items(&comparison.difference, &server) {
                let is_cosmetic = item.class == DriftClass::Cosmetic;
                assert!(!item.accept.starts_with("compare:") || is_cosmetic, "{}", item.accept);
            }
            to.settings.compare = none;
            let left = cosmetic(&Comparison::new(from, to, Some(server))?);
            let text = case.after.as_deref().unwrap_or_default();
            if !text.contains("renamed_from") {
                assert!(left.is_empty(), "{left:?}");
            }
            without += left.len();
        }
    }
    assert!(with > 20 && without < with, "{with} {without}");
    Ok(())
}

/// The words for the old side, which no text of a case has.
const OLD: &str = "the §";

fn equal_texts() -> Outcome {
    let mut seen = 0;
    for case in case::cases() {
        for (_, server) in case.servers() {
            let (from, to) = (case.before()?, case.after()?);
            for (from, to) in [(from.clone(), to.clone()), (to, from)] {
                let comparison = Comparison::new(from, to, Some(server))?;
                for item in report::items(&comparison.difference, &server) {
                    for field in &item.fields {
                        seen += 1;
                        assert_ne!(field.from, field.to, "{}: {}", case.name, item.subject);
                    }
                }
                for uncertain in &comparison.difference.uncertain {
                    let words = UncertainWords::of(uncertain);
                    assert_ne!(words.from, words.to, "{}: {}", case.name, words.subject);
                }
                let extra = ReportExtras { old_noun: OLD, ..ReportExtras::default() };
                let text = report::comparison_text(&comparison, &extra);
                equal_values(&anstream::adapter::strip_str(&text).to_string(), &case.name);
            }
        }
    }
    assert!(seen > 200, "{seen}");
    Ok(())
}

/// Fails if a line shows one value for both sides.
fn equal_values(text: &str, name: &str) {
    for line in text.lines() {
        let Some((before, old)) = line.split_once(&format!(", {OLD} has ")) else { continue };
        let new = before.split_once(" says ").map_or(before, |(_, new)| new);
        let old = old.rsplit_once(" (").filter(|_| line.trim_start().starts_with('?'));
        let old = old.map_or(line.rsplit_once(" has ").unwrap().1, |(old, _)| old);
        assert_ne!(new, old, "{name}: {line}");
    }
}
