//! Files that include others, and paths that aren't files.

use std::fs;
use std::path::Path;

use super::*;

/// Writes files to a folder and reads its `schema.yaml`: the errors, or the tables.
fn read_folder(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let outcome = match read(&folder.path().join("schema.yaml")) {
        Ok(loaded) => {
            let tables: Vec<String> = loaded
                .schema
                .tables
                .values()
                .map(|table| {
                    let place = loaded.places.get(&Element::table(&table.name)).unwrap();
                    let engine = table.options.engine.as_deref().unwrap_or("-");
                    format!("{} {engine} {}", table.name, loaded.files.line_label(place))
                })
                .collect();
            tables.join("\n")
        }
        Err(invalid) => invalid.to_string(),
    };
    outcome.replace(&format!("{}/", folder.path().display()), "")
}

const TABLE: &str = "columns: { id: int }";

fn table(name: &str) -> Vec<u8> {
    format!("tables:\n  {name}:\n    {TABLE}\n").into_bytes()
}

#[test]
fn included_tables_come_after_in_the_order_of_the_list() {
    insta::assert_snapshot!(read_folder(&[
        ("schema.yaml", b"defaults: { engine: InnoDB }\ninclude: [z.yaml, 'tables/*.yaml', '**/deep*.yaml']\ntables:\n  m: { columns: { id: int } }\n"),
        ("z.yaml", &table("z")),
        ("tables/b.yaml", &table("b")),
        ("tables/a.yaml", &table("a")),
        ("tables/notes.txt", b"not yaml: ["),
        ("tables/more/deeper.yaml", &table("c")),
    ]), @r"
    m InnoDB schema.yaml:4
    z InnoDB z.yaml:2
    a InnoDB tables/a.yaml:2
    b InnoDB tables/b.yaml:2
    c InnoDB tables/more/deeper.yaml:2
    ");
}

#[test]
fn a_table_in_two_files_points_at_both() {
    insta::assert_snapshot!(read_folder(&[
        ("schema.yaml", b"include: [a.yaml, b.yaml]\n"),
        ("a.yaml", &table("users")),
        ("b.yaml", &table("users")),
    ]), @r"
    error: the table `users` is there twice
     --> b.yaml:2:3
      |
    2 |   users:
      |   ^^^^^ again
      |
     ::: a.yaml:2:3
      |
    2 |   users:
      |   ----- first here
    ");
}

#[test]
fn a_file_that_includes_itself_by_way_of_another() {
    insta::assert_snapshot!(read_folder(&[
        ("schema.yaml", b"include: [a.yaml]\n"),
        ("a.yaml", b"include: [b.yaml]\n"),
        ("b.yaml", b"include: [schema.yaml]\n"),
    ]), @r"
    error: `schema.yaml` includes itself
     --> b.yaml:1:11
      |
    1 | include: [schema.yaml]
      |           ^^^^^^^^^^^ a file can't be part of itself
    ");
}

#[test]
fn settings_are_only_in_the_main_file() {
    insta::assert_snapshot!(read_folder(&[
        ("schema.yaml", b"include: [a.yaml]\n"),
        ("a.yaml", b"defaults: { engine: InnoDB }\ntables: {}\n"),
    ]), @r"
    error: `defaults` is allowed only in the main file
     --> a.yaml:1:1
      |
    1 | defaults: { engine: InnoDB }
      | ^^^^^^^^ this file is included by another
    ");
}

#[test]
fn missing_files() {
    insta::assert_snapshot!(read_folder(&[
        ("schema.yaml", b"include: [a.yaml, 'no/*.yaml', '*.yml', '{a']\n"),
    ]), @r"
    error: can't read `a.yaml`: no such file or directory
     --> schema.yaml:1:11
      |
    1 | include: [a.yaml, 'no/*.yaml', '*.yml', '{a']
      |           ^^^^^^

    error: can't look into `no`: no such file or directory
     --> schema.yaml:1:19
      |
    1 | include: [a.yaml, 'no/*.yaml', '*.yml', '{a']
      |                   ^^^^^^^^^^^

    error: `*.yml` names no file
     --> schema.yaml:1:32
      |
    1 | include: [a.yaml, 'no/*.yaml', '*.yml', '{a']
      |                                ^^^^^^^

    error: this isn't a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
     --> schema.yaml:1:41
      |
    1 | include: [a.yaml, 'no/*.yaml', '*.yml', '{a']
      |                                         ^^^^
    ");
    insta::assert_snapshot!(read_folder(&[("other.yaml", b"")]), @r"
    error: can't read `schema.yaml`: no such file or directory
     |
     = help: `driftline pull` writes it from a database
    ");
}

#[test]
fn what_is_not_utf8() {
    insta::assert_snapshot!(read_folder(&[("schema.yaml", b"tables:\n  t: { comment: \xe9t\xe9 }\n")]), @r"
    error: the file is not in UTF-8
     --> schema.yaml:2:17
      |
    2 |   t: { comment: �t� }
      |                 ^ not valid from here
      |
      = help: save it in UTF-8
    ");
    insta::assert_snapshot!(read_folder(&[("schema.yaml", b"\xff\xfet\0a\0")]), @r"
    error: the file is not in UTF-8
     --> schema.yaml:1:1
      |
    1 | ��t?a?
      | ^ the file is in UTF-16
      |
      = help: save it in UTF-8
    ");
}

#[test]
fn a_folder_is_no_file() {
    let text = read(Path::new("/")).unwrap_err().to_string();
    assert!(text.starts_with("error: can't read `/`"), "{text}");
}

#[test]
fn a_named_file_has_to_be_in_the_folder_of_the_main_file() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("secret.yaml", b"DATABASE_URL=mysql://root:hunter2@h/d");
    write("db/.env", b"DATABASE_URL=mysql://root:hunter2@h/d");
    write("db/tables/a.yaml", b"include: [../b.yaml]");
    write("db/b.yaml", &table("b"));
    let link = |to: &str, from: &str| {
        std::os::unix::fs::symlink(to, folder.path().join("db").join(from)).unwrap();
    };
    link("../secret.yaml", "link.yaml");
    link(".env", "env.yaml");
    link("/proc/self/environ", "environ.sql");
    link("/dev/zero", "zero.sql");
    link("..", "out");
    let read = |text: &str| {
        write("db/schema.yaml", text.as_bytes());
        let outcome = read(&folder.path().join("db/schema.yaml"));
        outcome.map_err(|invalid| invalid.to_string())
    };
    // From a subfolder back to the folder of the main file.
    read("include: [tables/a.yaml]").unwrap();
    for include in [
        "../secret.yaml",
        "../*.yaml",
        "tables/../../secret.yaml",
        "link.yaml",
        "out/secret.yaml",
        "out/*.yaml",
        ".env",
        "env.yaml",
        "/proc/self/environ",
        "/etc/passwd",
        "/dev/zero",
        "tables",
    ] {
        let error = read(&format!("include: ['{include}']")).unwrap_err();
        assert!(!error.contains("hunter2") && !error.contains("PATH"), "{include}: {error}");
        assert!(error.contains("-->"), "{include}: {error}");
    }
    for file in ["/proc/self/environ", "../secret.yaml", ".env", "environ.sql", "zero.sql"] {
        let text = format!("views:\n  v:\n    file: '{file}'");
        let error = read(&text).unwrap_err();
        assert!(!error.contains("hunter2") && !error.contains("PATH"), "{file}: {error}");
    }
    let errors = ["../secret.yaml", "env.yaml", "tables"]
        .map(|include| read(&format!("include: ['{include}']")).unwrap_err())
        .join("\n");
    insta::assert_snapshot!(errors.replace(&folder.path().display().to_string(), "/project"), @r"
    error: `/project/db/../secret.yaml` is not in `/project/db`, the folder of the main file
     --> /project/db/schema.yaml:1:11
      |
    1 | include: ['../secret.yaml']
      |           ^^^^^^^^^^^^^^^^
      |
      = help: a file names files of that folder alone, since it may be somebody else's

    error: the name of `/project/db/env.yaml` has to end with `.yaml` or `.yml`
     --> /project/db/schema.yaml:1:11
      |
    1 | include: ['env.yaml']
      |           ^^^^^^^^^^

    error: `/project/db/tables` isn't a regular file
     --> /project/db/schema.yaml:1:11
      |
    1 | include: ['tables']
      |           ^^^^^^^^
    ");
}
