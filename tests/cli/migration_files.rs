//! What is written into the files of a migration, and what is said of files that are none.

use std::fs;
use std::path::Path;

use super::{SMALL, driftline, project};

/// The text of the only file in `generated/` whose name ends like this.
fn generated(folder: &Path, ending: &str) -> String {
    let entries = fs::read_dir(folder.join("generated")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut found = paths.filter(|path| path.to_string_lossy().ends_with(ending));
    fs::read_to_string(found.next().unwrap()).unwrap()
}

#[test]
fn what_may_be_destroyed_is_named_in_the_header() {
    let folder = project("server: mysql:8.4\ntables:\n  t:\n    columns: { id: int not null }\n");
    let before = "create table t (id int not null, gone int);\ncreate table u (id int);\n";
    fs::write(folder.path().join("before.sql"), before).unwrap();
    let generate = |allowed: &[&str]| {
        let args = ["generate", "-m", "less", "--from", "before.sql"];
        let allowed = allowed.iter().flat_map(|it| ["--allow", it]);
        driftline(folder.path(), &args.into_iter().chain(allowed).collect::<Vec<_>>())
    };
    let wrong = ["drop-column:t.id", "drop-column", "drop-table:v*", "drop-table:u,drop-table:t"];
    let said: Vec<String> = wrong.iter().map(|it| generate(&[it]).2).collect();
    insta::assert_snapshot!(said.concat());
    let (code, _, err) = generate(&["drop-column:t.gone", "drop-table:*", "loss:t.id"]);
    assert_eq!(code, 0, "{err}");
    let text = generated(folder.path(), "_less.up.sql");
    let (head, _) = text.split_once("\n\n").unwrap();
    let (_, head) = head.split_once('\n').unwrap();
    insta::assert_snapshot!(head);
}

#[test]
fn a_file_that_is_no_migration_is_an_error_at_its_line() {
    let folder = project(SMALL);
    assert_eq!(driftline(folder.path(), &["generate", "-m", "first"]).0, 0);
    let file = folder.path().join("generated/20990101000000_by_hand.up.sql");
    let down = file.with_file_name("20990101000000_by_hand.down.sql");
    let mut said = String::new();
    for text in ["SELECT 1;\nUSE other;\n", "<<<<<<< HEAD\nDO 1;\n", "-- statement 2\nDO 1;\n"] {
        fs::write(&file, text).unwrap();
        for args in
            [&["check", "--offline"][..], &["generate", "-m", "next"], &["generate", "--relist"]]
        {
            let (code, out, err) = driftline(folder.path(), args);
            assert_eq!((code, out.as_str()), (2, ""), "{err}");
            if args[0] == "check" {
                said.push_str(&format!("{err}\n"));
            } else {
                assert!(said.ends_with(&format!("{err}\n")), "{err}");
            }
        }
    }
    fs::write(&file, "DO 1;\nDO 2;\n").unwrap();
    fs::write(&down, "-- undoes 3\nDO 1;\n").unwrap();
    said.push_str(&driftline(folder.path(), &["check", "--offline"]).2);
    insta::assert_snapshot!(said);
}
