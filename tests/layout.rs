//! What is special about a server has four homes (`server`, `source/live/quirks`, `normalize`,
//! `ddl`). Comparing, planning and reporting are the same for all of them.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

const WITHOUT_VENDOR: [&str; 6] = ["diff", "diff.rs", "plan", "plan.rs", "report", "report.rs"];

#[test]
fn comparing_planning_and_reporting_name_no_vendor() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for entry in WITHOUT_VENDOR {
        rust_files(&source.join(entry), &mut files);
    }
    assert!(files.len() >= 3, "the modules are somewhere else: {files:?}");
    let found: Vec<String> = files.iter().flat_map(|file| vendor_lines(file)).collect();
    assert!(found.is_empty(), "ask for a capability instead:\n{}", found.join("\n"));
}

fn rust_files(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| rust_files(entry, files));
    } else if path.is_file()
        && path.extension().is_some_and(|extension| extension == "rs")
        && path.file_name().is_some_and(|name| name != "tests.rs")
    {
        files.push(path.to_owned());
    }
}

/// The lines of code that name a vendor. Comments may, to say why; and so may tests, which show
/// what comes out for whom.
fn vendor_lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default().to_lowercase();
        if ["mysql", "mariadb", "vendor"].iter().any(|word| line.contains(word)) {
            found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
        }
    }
    found
}
