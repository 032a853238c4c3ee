//! Which files of a folder take back what others do, by their names: those of Diesel, golang-migrate,
//! db-migrate, Flyway, Sqitch and their like.

use std::collections::HashSet;
use std::path::Path;

/// Words for what takes back.
const BACK: &[&str] = &["down", "rollback", "rollbacks", "revert", "undo"];

/// Words for what is taken back.
const FORTH: &[&str] = &["up", "do", "deploy", "migrate"];

/// What a file's name says, whatever its case and ending.
pub(super) fn key(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/").to_lowercase();
    let stem = path.strip_suffix(".gz").unwrap_or(&path);
    stem.strip_suffix(".sql").unwrap_or(stem).to_owned()
}

/// Whether a file takes back what another one of `keys` does.
pub(super) fn takes_back(key: &str, keys: &HashSet<String>) -> bool {
    let is_there = |candidate: &String| candidate != key && keys.contains(candidate);
    forward(key).iter().any(is_there)
}

/// What the file that this one takes back may be called.
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

/// `2_a` and `2_a_up` of `2_a_down`. Without a word for what is taken back, or a point, only a
/// number at the beginning tells a migration from a table whose name ends so.
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

/// The folders that may hold what a folder takes back: `deploy` of `revert`, and the one above.
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
