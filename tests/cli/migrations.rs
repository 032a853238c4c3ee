//! The list of migrations in the lock file: what is said where it and the files disagree, and how the list
//! is written again.

use std::fs;
use std::path::{Path, PathBuf};

use super::{SMALL, driftline};
use tempfile::TempDir;

const FIRST: &str = "20260101000000_first.up.sql";
const SECOND: &str = "20260102000000_second.up.sql";

/// A project with two migrations, of versions that don't depend on the clock.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let with_email =
        SMALL.replace("name: varchar(50)", "name: varchar(50)\n      email: varchar(50)");
    for (version, message, schema) in
        [("20260101000000", "first", SMALL), ("20260102000000", "second", with_email.as_str())]
    {
        fs::write(folder.path().join("schema.yaml"), schema).unwrap();
        let (code, _, err) = driftline(folder.path(), &["generate", "-m", message]);
        assert_eq!(code, 0, "{err}");
        for ending in ["up.sql", "down.sql"] {
            let made = generated(folder.path())
                .into_iter()
                .find(|it| it.to_string_lossy().ends_with(&format!("_{message}.{ending}")))
                .unwrap();
            let name = format!("{version}_{message}.{ending}");
            fs::rename(&made, made.with_file_name(name)).unwrap();
        }
        let (code, _, err) = driftline(folder.path(), &["generate", "--relist"]);
        assert_eq!(code, 0, "{err}");
    }
    folder
}

fn generated(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("generated")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join("generated").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn a_list_that_is_as_the_files_is_quiet() {
    let folder = project();
    let (code, _, err) = driftline(folder.path(), &["check", "--offline"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(
        fs::read_to_string(folder.path().join("generated/schema.lock.yaml")).unwrap()
    );
    // Comments and line ends are not executed.
    change(folder.path(), SECOND, "\n", "\r\n");
    change(folder.path(), FIRST, "CREATE TABLE", "/* by hand */ CREATE TABLE");
    let (code, _, err) = driftline(folder.path(), &["check", "--offline"]);
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn where_the_list_and_the_files_disagree() {
    let hand_written = "UPDATE users SET email = '';\n";
    type Part<'a> = (&'a str, &'a dyn Fn(&Path));
    let disagreements: [Part<'_>; 8] = [
        ("edited", &|folder| change(folder, SECOND, "varchar(50)", "varchar(60)")),
        ("deleted", &|folder| fs::remove_file(folder.join("generated").join(SECOND)).unwrap()),
        ("added", &|folder| {
            fs::write(folder.join("generated/20260103000000_by_hand.up.sql"), hand_written)
                .unwrap();
        }),
        ("added late", &|folder| {
            fs::write(folder.join("generated/20260101120000_by_hand.up.sql"), hand_written)
                .unwrap();
        }),
        ("same version", &|folder| {
            fs::write(folder.join("generated/20260102000000_by_hand.up.sql"), hand_written)
                .unwrap();
        }),
        ("reordered", &|folder| {
            let lock = folder.join("generated/schema.lock.yaml");
            let text = fs::read_to_string(&lock).unwrap();
            let lines: Vec<&str> = text.lines().filter(|line| line.contains(" 1:")).collect();
            let swapped = text.replace(
                &format!("{}\n{}", lines[0], lines[1]),
                &format!("{}\n{}", lines[1], lines[0]),
            );
            assert_ne!(text, swapped);
            fs::write(lock, swapped).unwrap();
        }),
        ("another schema", &|folder| {
            change(folder, "schema.lock.yaml", "varchar(50)", "varchar(9)")
        }),
        ("a merge that isn't finished", &|folder| {
            change(folder, "schema.lock.yaml", "  list:\n", "<<<<<<< ours\n  list:\n");
        }),
    ];
    let mut said = String::new();
    for (name, part) in disagreements {
        let folder = project();
        part(folder.path());
        for args in [&["check", "--offline"][..], &["generate", "-m", "third"]] {
            let before = generated(folder.path()).len();
            let (code, out, err) = driftline(folder.path(), args);
            assert_eq!(out, "", "{name}");
            assert_eq!(generated(folder.path()).len(), before, "{name}");
            if args[0] == "check" {
                said.push_str(&format!("== {name}: exit {code}\n{err}\n"));
            } else {
                assert!(said.ends_with(&format!("exit {code}\n{err}\n")), "{name}: {err}");
            }
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_list_is_written_again_with_the_schema_of_the_files() {
    let folder = project();
    let relist = |folder: &Path| driftline(folder, &["generate", "--relist"]);
    change(folder.path(), SECOND, "varchar(50)", "varchar(60)");
    let (code, out, err) = relist(folder.path());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "2 migrations listed in generated/schema.lock.yaml\n");
    let (code, out, _) = driftline(folder.path(), &["check", "--offline"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("schema.yaml:7 says varchar(50)"), "{out}");
    // As before, to the byte, once the file is as before.
    let lock = folder.path().join("generated/schema.lock.yaml");
    change(folder.path(), SECOND, "varchar(60)", "varchar(50)");
    assert_eq!(relist(folder.path()).0, 0);
    let first = fs::read_to_string(&lock).unwrap();
    assert_eq!(relist(folder.path()).0, 0);
    assert_eq!(fs::read_to_string(&lock).unwrap(), first);
    assert_eq!(driftline(folder.path(), &["check", "--offline"]).0, 0);
}

/// Both branches add a migration; whoever merges keeps both lines.
#[test]
fn two_branches_conflict_and_are_merged() {
    let folder = project();
    let lock = folder.path().join("generated/schema.lock.yaml");
    let base = fs::read_to_string(&lock).unwrap();
    let add = |column: &str, version: &str| {
        fs::write(&lock, &base).unwrap();
        let file = format!("generated/{version}_{column}.up.sql");
        let sql = format!("ALTER TABLE users ADD COLUMN {column} int;\n");
        fs::write(folder.path().join(&file), sql).unwrap();
        assert_eq!(driftline(folder.path(), &["generate", "--relist"]).0, 0);
        let text = fs::read_to_string(&lock).unwrap();
        fs::rename(folder.path().join(&file), folder.path().join("kept.sql")).unwrap();
        let line = text.lines().find(|line| line.contains(version)).unwrap().to_owned();
        (file, line)
    };
    let (ours, our_line) = add("a", "20260103000000");
    fs::rename(folder.path().join("kept.sql"), folder.path().join("ours.sql")).unwrap();
    let (theirs, their_line) = add("b", "20260104000000");
    fs::rename(folder.path().join("kept.sql"), folder.path().join(theirs)).unwrap();
    fs::rename(folder.path().join("ours.sql"), folder.path().join(ours)).unwrap();
    let last = base.lines().rfind(|line| line.contains(" 1:")).unwrap();
    let merged = base.replace(last, &format!("{last}\n{our_line}\n{their_line}"));
    fs::write(&lock, merged).unwrap();
    let (code, _, err) = driftline(folder.path(), &["check", "--offline"]);
    assert_eq!(code, 5);
    assert!(err.contains("the line of migration 20260104000000 doesn't follow from"), "{err}");
    assert_eq!(driftline(folder.path(), &["generate", "--relist"]).0, 0);
    let merged = fs::read_to_string(&lock).unwrap();
    assert!(merged.contains("a: int") && merged.contains("b: int"), "{merged}");
}

/// A lock file from before there was a list, and one that starts from a database.
#[test]
fn migrations_that_start_from_a_database_are_not_replayed() {
    let folder = project();
    let lock = folder.path().join("generated/schema.lock.yaml");
    let text = fs::read_to_string(&lock).unwrap();
    let start = text.find("migrations:").unwrap();
    let end = text.find("tables:").unwrap();
    fs::write(&lock, format!("{}{}", &text[..start], &text[end..])).unwrap();
    fs::remove_file(folder.path().join("generated").join(FIRST)).unwrap();
    assert_eq!(driftline(folder.path(), &["check", "--offline"]).0, 0);
    let more = SMALL.replace("name: varchar(50)", "name: varchar(70)\n      email: varchar(50)");
    fs::write(folder.path().join("schema.yaml"), more).unwrap();
    let (code, _, err) = driftline(folder.path(), &["generate", "-m", "third"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(driftline(folder.path(), &["check", "--offline"]).0, 0);
    let text = fs::read_to_string(&lock).unwrap();
    assert!(text.contains("- 20260102000000 1:") && !text.contains("from_nothing"), "{text}");
}
