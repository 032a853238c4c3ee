//! What is special about a server is in four places (`server`, `source/live/quirks`, `normalize`,
//! `ddl`). Comparing, planning and reporting are the same for all servers. No module uses one
//! that comes after it. And the files that ARCHITECTURE.md names are there.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const WITHOUT_VENDOR: [&str; 4] = ["diff", "validation", "plan", "report"];

#[test]
fn comparing_planning_and_reporting_name_no_vendor() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let names_vendor = |line: &str| {
        let line = line.to_lowercase();
        ["mysql", "mariadb", "vendor"].iter().any(|word| line.contains(word))
    };
    let found: Vec<String> = WITHOUT_VENDOR
        .iter()
        .flat_map(|module| lines(&source.join(module), names_vendor))
        .collect();
    assert!(found.is_empty(), "ask for a capability instead:\n{}", found.join("\n"));
}

/// A source gives a schema and doesn't know how it is used. The model uses no other module.
#[test]
fn sources_and_the_model_reach_no_further() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let later = ["lint", "compare", "diff", "validation", "plan", "report", "cli"]
        .map(|it| format!("crate::{it}"));
    let reaches = |line: &str| later.iter().any(|module| line.contains(module));
    let mut found = lines(&source.join("source"), reaches);
    found.extend(lines(&source.join("model"), |line| {
        line.replace("crate::model", "").contains("crate::")
    }));
    assert!(found.is_empty(), "no module reaches back:\n{}", found.join("\n"));
}

/// Parsing and writing SQL use only the model and the servers, and normalization writes no SQL.
#[test]
fn syntax_and_ddl_reach_only_what_is_below_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = |module: &str, allowed: &[&str]| {
        lines(&source.join(module), |line| {
            let mut reached = line.split("crate::").skip(1);
            reached.any(|path| !allowed.iter().any(|it| path.starts_with(&format!("{it}::"))))
        })
    };
    let mut found = below("syntax", &["diagnostic", "model", "server", "syntax"]);
    found.extend(below("ddl", &["ddl", "model", "server", "syntax"]));
    found.extend(lines(&source.join("normalize"), |line| line.contains("crate::ddl")));
    assert!(found.is_empty(), "no module reaches back:\n{}", found.join("\n"));
}

/// The difference is found once, as values: the plan takes the changes and compares nothing again,
/// and whoever compares has no words.
#[test]
fn changes_are_found_once_and_put_in_words_later() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let types = ["Change", "Difference", "OptionChange", "TableChange"];
    let compares = |line: &str| {
        line.split("crate::diff").skip(1).any(|rest| {
            let names = rest.split(|c: char| !c.is_alphanumeric() && c != '_');
            names.filter(|name| !name.is_empty()).any(|name| !types.contains(&name))
        })
    };
    let mut found = lines(&source.join("plan"), compares);
    found.extend(lines(&source.join("diff"), |line| {
        ["crate::ddl", "crate::words", "crate::report"].iter().any(|it| line.contains(it))
    }));
    assert!(found.is_empty(), "take the changes instead:\n{}", found.join("\n"));
}

/// Two modules that use one another can't be read one after the other.
#[test]
fn no_modules_use_one_another_in_a_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_program = !["lib", "main", "test_client"].contains(&&*module);
        if is_program && (path.is_dir() || path.extension().is_some_and(|it| it == "rs")) {
            let used = uses.entry(module).or_default();
            lines(&path, |line| {
                let paths = line.split("crate::").skip(1);
                let first = |path: &str| path.split(':').next().unwrap_or_default().to_owned();
                used.extend(paths.map(first));
                false
            });
        }
    }
    // What uses none of those that are left is taken away, until nothing is left but circles.
    let names: BTreeSet<String> = uses.keys().cloned().collect();
    uses.iter_mut().for_each(|(module, used)| used.retain(|it| it != module && names.contains(it)));
    while let Some(last) = uses.iter().find(|(_, used)| used.is_empty()).map(|(it, _)| it.clone()) {
        uses.remove(&last);
        for used in uses.values_mut() {
            used.remove(&last);
        }
    }
    assert!(uses.is_empty(), "these are in circles, or use what is: {uses:#?}");
}

/// Paths are those from the project's folder or from `src`.
#[test]
fn the_files_that_architecture_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for page in ["ARCHITECTURE.md", "docs/design/decisions.md"] {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let words = text.split('`').skip(1).step_by(2);
        let paths = words.filter(|it| it.ends_with(".rs") || it.ends_with('/'));
        let missing: Vec<&str> = paths
            .inspect(|_| seen += 1)
            .filter(|it| !root.join(it).exists() && !root.join("src").join(it).exists())
            .collect();
        assert!(missing.is_empty(), "{page} names {missing:?}");
    }
    assert!(seen > 50, "the paths are written otherwise");
}

/// Some versions of the servers join views of `information_schema` in quadratic time.
#[test]
fn no_query_joins_views_of_the_dictionary() {
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source/live/queries");
    let mut seen = 0;
    for file in fs::read_dir(queries).unwrap() {
        let file = file.unwrap().path();
        let text = fs::read_to_string(&file).unwrap().to_uppercase();
        for part in text.split("UNION ALL") {
            let views = part.matches("INFORMATION_SCHEMA.").count();
            assert!(views <= 1 && !part.contains("JOIN "), "{}", file.display());
            seen += views;
        }
    }
    assert!(seen > 15, "the queries are somewhere else");
}

fn rust_files(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| rust_files(entry, files));
    } else if path.is_file()
        && path.extension().is_some_and(|extension| extension == "rs")
        && path.file_stem().is_some_and(|name| !name.to_string_lossy().ends_with("tests"))
    {
        files.push(path.to_owned());
    }
}

/// The lines of a module's code that match `wanted`. Comments may name a vendor to give a reason,
/// and so may tests.
fn lines(module: &Path, mut wanted: impl FnMut(&str) -> bool) -> Vec<String> {
    let mut files = Vec::new();
    rust_files(module, &mut files);
    assert!(!files.is_empty(), "{} is somewhere else", module.display());
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            if wanted(line) {
                found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    found
}
