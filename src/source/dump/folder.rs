//! A folder of SQL files: one for each object, or migrations in order.

mod reverse;

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::collect::{Collected, DatabaseContext, Entry, Stop};
use super::input;

/// How many levels of folders are searched.
const MAX_DEPTH: usize = 16;

/// Whether a folder, or one below it, has SQL files.
pub fn holds_sql(folder: &Path) -> bool {
    files(folder).is_ok_and(|files| !files.read.is_empty())
}

/// Reads the files of a folder, each like a separate file.
pub(super) fn read(folder: &Path, collected: &mut Collected) -> Result<(), Stop> {
    let unreadable =
        |path: &Path, source| Stop::Unreadable { label: path.display().to_string(), source };
    let listed = files(folder).map_err(|error| unreadable(folder, error))?;
    if listed.read.is_empty() {
        let error = io::Error::new(io::ErrorKind::NotFound, "there is no .sql file in it");
        return Err(unreadable(folder, error));
    }
    collected.skipped = listed.skipped;
    for file in listed.read {
        let path = folder.join(&file);
        let reader = input::open_regular(&path).map_err(|error| unreadable(&path, error))?;
        collected.entries.push(Entry::File(surroundings(folder, &file)));
        collected.read(reader, &path.display().to_string(), Some(&path))?;
    }
    Ok(())
}

/// The SQL files in a folder and below it, with relative paths.
struct Listed {
    /// In the order in which they are read.
    read: Vec<PathBuf>,
    /// Those that reverse other files.
    skipped: Vec<PathBuf>,
}

fn files(folder: &Path) -> io::Result<Listed> {
    let mut found = Vec::new();
    walk(folder, Path::new(""), MAX_DEPTH, &mut found)?;
    let kinds: Vec<Kind> = found.iter().map(|path| Kind::of(&name(path))).collect();
    let files: Vec<(PathBuf, Kind)> = found.into_iter().zip(kinds).collect();
    let keys: HashSet<String> = files.iter().map(|(path, _)| reverse::key(path)).collect();
    // A file is taken for a reverse only if the file that it reverses is there too.
    let has_up = files.iter().any(|(_, kind)| *kind == Kind::Up);
    let has_version = files.iter().any(|(_, kind)| matches!(kind, Kind::Version(_)));
    let (mut back, mut files): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(path, kind)| match kind {
            Kind::Down if has_up => true,
            Kind::Undo if has_version => true,
            _ => reverse::takes_back(&reverse::key(path), &keys),
        });
    back.sort_by(|(one, _), (other, _)| natural(&one.to_string_lossy(), &other.to_string_lossy()));
    files.sort_by(|(one, kind), (other, other_kind)| {
        let parent = |path: &Path| path.parent().unwrap_or(path).to_string_lossy().into_owned();
        let by_version = || match (kind, other_kind) {
            (Kind::Version(one), Kind::Version(other)) => one.cmp(other),
            _ => Ordering::Equal,
        };
        let by_folder = natural(&parent(one), &parent(other));
        (kind.rank().cmp(&other_kind.rank()))
            .then(by_folder)
            .then_with(by_version)
            .then_with(|| natural(&name(one), &name(other)))
    });
    let paths = |files: Vec<(PathBuf, Kind)>| files.into_iter().map(|(path, _)| path).collect();
    Ok(Listed { read: paths(files), skipped: paths(back) })
}

/// Collects the SQL files, as paths relative to `base`. Links to folders are not followed, because
/// they may form a circle.
fn walk(base: &Path, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(base.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        let name = name(&path).to_lowercase();
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if depth > 1 {
                walk(base, &path, depth - 1, found)?;
            }
        } else if name.ends_with(".sql") || name.ends_with(".sql.gz") {
            found.push(path);
        }
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What a file's name says about its order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// mydumper's file with CREATE DATABASE.
    Database,
    /// `x.up.sql`
    Up,
    /// `x.down.sql`
    Down,
    /// Flyway's `V1_2__x.sql`: 1, 2.
    Version(Vec<u64>),
    /// Flyway's `U1_2__x.sql`.
    Undo,
    /// Any other name.
    Other,
    /// Files that need the tables: Flyway's `R__x.sql`, mydumper's files of views, triggers and so
    /// on.
    Last,
}

impl Kind {
    fn of(name: &str) -> Kind {
        let name = name.to_lowercase();
        let stem = name.trim_end_matches(".gz").trim_end_matches(".sql");
        if stem.ends_with("-schema-create") {
            return Kind::Database;
        }
        let last = ["-schema-view", "-schema-triggers", "-schema-post"];
        if stem.starts_with("r__") || last.iter().any(|end| stem.ends_with(end)) {
            return Kind::Last;
        }
        if stem.ends_with(".up") {
            return Kind::Up;
        }
        if stem.ends_with(".down") {
            return Kind::Down;
        }
        let version = |rest: &str| -> Option<Vec<u64>> {
            let (version, _) = rest.split_once("__")?;
            version.split(['_', '.']).map(|number| number.parse().ok()).collect()
        };
        if let Some(version) = stem.strip_prefix('v').and_then(version) {
            return Kind::Version(version);
        }
        match stem.strip_prefix('u').and_then(version) {
            Some(_) => Kind::Undo,
            None => Kind::Other,
        }
    }

    fn rank(&self) -> usize {
        match self {
            Kind::Database => 0,
            Kind::Last => 2,
            _ => 1,
        }
    }
}

/// Compares names, with numbers in them compared as numbers.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (in_left, in_right) = (digits(left), digits(right));
        let order = if in_left > 0 && in_right > 0 {
            let (first, rest) = left.split_at(in_left);
            let (second, others) = right.split_at(in_right);
            (left, right) = (rest, others);
            let (first, second) = (first.trim_start_matches('0'), second.trim_start_matches('0'));
            first.len().cmp(&second.len()).then_with(|| first.cmp(second))
        } else {
            let (mut first, mut second) = (left.chars(), right.chars());
            let (a, b) = (first.next(), second.next());
            if a.is_none() && b.is_none() {
                return one.cmp(other);
            }
            (left, right) = (first.as_str(), second.as_str());
            a.cmp(&b)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// What a `.skeema` file in the file's folder or above says about the database.
fn surroundings(folder: &Path, file: &Path) -> DatabaseContext {
    let value = |wanted: &str| {
        file.ancestors().skip(1).find_map(|parent| {
            let text = fs::read_to_string(folder.join(parent).join(".skeema")).ok()?;
            text.lines().find_map(|line| option(line, wanted))
        })
    };
    DatabaseContext {
        database: value("schema"),
        charset: value("default-character-set"),
        collation: value("default-collation"),
    }
}

/// The value of a line `wanted=value`, if it is a single name.
fn option(line: &str, wanted: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let value = value.split('#').next().unwrap_or_default().trim();
    let is_name = key.trim() == wanted && !value.is_empty() && !value.contains([',', '*']);
    is_name.then(|| value.trim_matches(['\'', '"', '`']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(names: &[&str]) -> Listed {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        files(folder.path()).unwrap()
    }

    fn order(names: &[&str]) -> Vec<String> {
        listed(names).read.iter().map(|path| path.display().to_string()).collect()
    }

    fn skipped(names: &[&str]) -> Vec<String> {
        listed(names).skipped.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn a_reverse_file_is_skipped_if_its_forward_file_exists() {
        for (forth, back) in [
            ("2_a.up.sql", "2_a.down.sql"),
            ("V2__a.sql", "U2__a.sql"),
            ("2_a/up.sql", "2_a/down.sql"),
            ("2-a-up.sql", "2-a-down.sql"),
            ("2_a_up.sql", "2_a_down.sql"),
            ("2_a.sql", "2_a.down.sql"),
            ("2_a.sql", "2_a_rollback.sql"),
            ("V2__a.sql", "V2__a.undo.sql"),
            ("a.sql", "a.rollback.sql"),
            ("2_a.do.sql", "2_a.undo.sql"),
            ("deploy/a.sql", "revert/a.sql"),
            ("up/2_a.sql", "down/2_a.sql"),
            ("2_a.sql", "rollback/2_a.sql"),
            ("2_a.sql", "rollbacks/2_a_rollback.sql"),
            ("2_a.sql.gz", "2_a.rollback.sql.gz"),
        ] {
            let names = [forth, back];
            assert_eq!(
                (order(&names), skipped(&names)),
                (vec![forth.to_owned()], vec![back.to_owned()])
            );
        }
        // Tables with such names, one per file.
        for names in [
            ["cool_down.sql", "sign_up.sql"],
            ["orders.sql", "orders_undo.sql"],
            ["down.sql", "u.sql"],
            ["tables/undo.sql", "tables/x.sql"],
        ] {
            assert_eq!(order(&names), names);
        }
    }

    #[test]
    fn the_order_of_the_tools() {
        assert_eq!(
            order(&[
                "R__v.sql",
                "V10__c.sql",
                "V2__b.sql",
                "V2_1__d.sql",
                "U2__b.sql",
                "V1.5__a.sql"
            ]),
            ["V1.5__a.sql", "V2__b.sql", "V2_1__d.sql", "V10__c.sql", "R__v.sql"]
        );
        assert_eq!(
            order(&["10_b.up.sql", "10_b.down.sql", "9_a.up.sql", "9_a.down.sql"]),
            ["9_a.up.sql", "10_b.up.sql"]
        );
        assert_eq!(
            order(&[
                "d.v-schema-view.sql",
                "d.v-schema.sql",
                "d-schema-create.sql",
                "d.a-schema.sql"
            ]),
            ["d-schema-create.sql", "d.a-schema.sql", "d.v-schema.sql", "d.v-schema-view.sql"]
        );
        assert_eq!(
            order(&[
                "views/v.sql",
                "tables/u.sql.gz",
                "tables/t.sql",
                ".x.sql",
                "notes.md",
                "a.sql"
            ]),
            ["a.sql", "tables/t.sql", "tables/u.sql.gz", "views/v.sql"]
        );
        assert_eq!(order(&["x.down.sql", "u1__y.sql"]), ["u1__y.sql", "x.down.sql"]);
        assert_eq!(order(&["10_b/up.sql", "9_a/up.sql"]), ["9_a/up.sql", "10_b/up.sql"]);
        assert_eq!(
            order(&["a.sql", "a02.sql", "a2.sql", "a10.sql"]),
            ["a.sql", "a02.sql", "a2.sql", "a10.sql"]
        );
    }
}
