//! Which files of a folder reverse others, judged by names as in Diesel, golang-migrate,
//! db-migrate, Flyway, Sqitch and similar tools.

use std::collections::HashSet;
use std::path::Path;

/// Words in the names of reverse files.
const BACK: &[&str] = &["down", "rollback", "rollbacks", "revert", "undo"];

/// Words in the names of the files that they reverse.
const FORTH: &[&str] = &["up", "do", "deploy", "migrate"];

/// A file's name in lower case and without its ending.
pub(super) fn key(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/").to_lowercase();
    let stem = path.strip_suffix(".gz").unwrap_or(&path);
    stem.strip_suffix(".sql").unwrap_or(stem).to_owned()
}

/// Whether a file reverses another one of `keys`.
pub(super) fn takes_back(key: &str, keys: &HashSet<String>) -> bool {
    let is_there = |candidate: &String| candidate != key && keys.contains(candidate);
    forward(key).iter().any(is_there)
}

/// The possible names of the file that this one reverses.
fn forward(key: &str) -> Vec<String> {
    let (folder, name) = match key.rsplit_once('/') {
        Some((folder, name)) => (Some(folder), name),
        None => (None, key),
    };
    let mut found = names(name);
    if let Some(folder) = folder {
        let in_folder = |folder: &str, name: &str| match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        };
        let folders = folders(folder);
        let own = found.iter().map(|name| in_folder(folder, name));
        let mut whole: Vec<String> = own.collect();
        for other in &folders {
            whole.push(in_folder(other, name));
            whole.extend(found.iter().map(|name| in_folder(other, name)));
        }
        found = whole;
    }
    found
}

/// For `2_a_down`: `2_a_up` and `2_a`. A name without a word like `up` counts only if it begins
/// with a number or the ending is `.down`, because a table's name may end in `_down` too.
fn names(name: &str) -> Vec<String> {
    let Some(rest) = BACK.iter().find_map(|word| name.strip_suffix(word)) else {
        return Vec::new();
    };
    if rest.is_empty() {
        return FORTH.iter().map(|word| (*word).to_owned()).collect();
    }
    let Some(base) = rest.strip_suffix(['.', '-', '_']) else { return Vec::new() };
    let mut found: Vec<String> = FORTH.iter().map(|word| format!("{rest}{word}")).collect();
    let number = base.strip_prefix('v').unwrap_or(base);
    if rest.ends_with('.') || number.starts_with(|first: char| first.is_ascii_digit()) {
        found.push(base.to_owned());
    }
    found
}

/// The folders that may have the files that a folder reverses: `deploy` for `revert`, and the
/// parent.
fn folders(folder: &str) -> Vec<String> {
    let parts: Vec<&str> = folder.split('/').collect();
    let mut found = Vec::new();
    for (at, _) in parts.iter().enumerate().filter(|(_, part)| BACK.contains(part)) {
        let (before, after) = (parts.iter().take(at), parts.iter().skip(at + 1));
        let with = |word: Option<&&str>| -> String {
            let all: Vec<&str> = before.clone().chain(word).chain(after.clone()).copied().collect();
            all.join("/")
        };
        found.push(with(None));
        found.extend(FORTH.iter().map(|word| with(Some(word))));
    }
    found
}
