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

#[test]
fn a_migration_is_written_by_hand_and_listed() {
    let folder = project(SMALL);
    assert_eq!(driftline(folder.path(), &["generate", "-m", "first"]).0, 0);
    let (code, out, err) = driftline(folder.path(), &["new", "-m", "Fill the names"]);
    assert_eq!(code, 0, "{err}");
    let files: Vec<&str> = out.lines().collect();
    assert!(files[0].ends_with("_fill_the_names.up.sql"), "{out}");
    let without_version = |text: &str| {
        let version = &files[0]["generated/".len().."generated/".len() + 14];
        text.replace(version, "VERSION")
    };
    let [up, down] = ["up", "down"].map(|kind| {
        without_version(&generated(folder.path(), &format!("_fill_the_names.{kind}.sql")))
    });
    insta::assert_snapshot!(format!("{up}\n{down}"));
    // It is not listed before it has statements.
    let mut said = String::new();
    let mut run = |args: &[&str], expected: i32| {
        let (code, out, err) = driftline(folder.path(), args);
        assert_eq!(code, expected, "{args:?}: {out}{err}");
        said.push_str(&without_version(&format!("$ driftline {}\n{err}\n", args.join(" "))));
    };
    run(&["check", "--offline"], 5);
    run(&["generate", "--relist"], 2);
    let write = |name: &str, line: &str| {
        let path = folder.path().join(name);
        fs::write(&path, fs::read_to_string(&path).unwrap() + line).unwrap();
    };
    write(files[0], "-- statement 1\nALTER TABLE users ADD COLUMN email varchar(50);\n");
    write(files[0], "-- statement 2\nUPDATE users SET email = 'none';\n");
    run(&["check", "--offline"], 2);
    write(files[1], "-- undoes 2\n-- undoes 1\nALTER TABLE users DROP COLUMN email;\n");
    run(&["check", "--offline"], 5);
    run(&["generate", "--relist"], 0);
    // The lock file has the new column, and schema.yaml doesn't yet.
    run(&["check", "--offline"], 1);
    let more = SMALL.replace("name: varchar(50)", "name: varchar(50)\n      email: varchar(50)");
    fs::write(folder.path().join("schema.yaml"), more).unwrap();
    run(&["check", "--offline"], 0);
    insta::assert_snapshot!(said);
}

#[test]
fn the_first_migration_makes_what_is_there() {
    let folder = project(
        "server: mysql:8.4\nignore: { tables: [alembic_*] }\ntables:\n  t:\n    \
         columns: { id: int not null, b: int, p_id: int }\n    primary_key: [id]\n    \
         foreign_keys: { fk: { columns: [p_id], references: p(id) } }\n  \
         p: { columns: { id: int not null }, primary_key: [id] }\n",
    );
    let before = "create table p (id int primary key);\n\
                  create table t (id int primary key, a int, p_id int, \
                  constraint fk foreign key (p_id) references p (id));\n\
                  create table alembic_version (version_num varchar(32));\n";
    fs::write(folder.path().join("before.sql"), before).unwrap();
    let args = ["generate", "-m", "Other column", "--from", "before.sql"];
    let (code, out, err) = driftline(folder.path(), &args);
    assert_eq!(code, 0, "{err}");
    let text = generated(folder.path(), "_baseline.up.sql");
    let (head, statements) = text.split_once("\n\n").unwrap();
    let (_, head) = head.split_once('\n').unwrap();
    let statements: Vec<&str> =
        statements.lines().filter(|line| line.starts_with("CREATE")).collect();
    let last = out.lines().skip(4).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(format!("{last}\n{err}\n{head}\n{}", statements.join("\n")));
    let (code, out, err) = driftline(folder.path(), &["check", "--offline"]);
    assert_eq!(code, 0, "{out}{err}");
    let lock = fs::read_to_string(folder.path().join("generated/schema.lock.yaml")).unwrap();
    assert!(lock.contains("from_nothing: true"), "{lock}");
}

#[test]
fn a_baseline_alone_is_written_where_nothing_differs() {
    let folder = project(SMALL);
    let table = "create table users (id int primary key, name varchar(50));\n\
                 create table odd (id int) engine=innodb connection='x' union=(users);\n";
    fs::write(folder.path().join("before.sql"), table).unwrap();
    let args = ["generate", "-m", "none", "--from", "before.sql"];
    let (code, out, err) = driftline(folder.path(), &args);
    assert_eq!(code, 0, "{err}");
    let last = out.lines().skip(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(format!("{last}\n{err}"));
    let (code, out, _) = driftline(folder.path(), &["generate", "-m", "none"]);
    assert_eq!((code, out.as_str()), (0, "nothing to do: no migration was written\n"));
    assert_eq!(driftline(folder.path(), &["check", "--offline"]).0, 0);
}
