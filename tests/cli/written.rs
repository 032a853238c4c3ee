//! What the commands write to files.

use std::fs;

use super::{driftline, project};

/// Pulling and listing a file that names no server.
#[test]
fn a_server_that_a_file_does_not_name_is_assumed_and_not_written() {
    let folder = project("tables: {}\n");
    let table = "create table t (id int primary key, a varchar(9), b varchar(9) charset latin1) \
                 charset=utf8mb4;\n";
    let pulled = |head: &str| {
        fs::write(folder.path().join("a.sql"), format!("{head}{table}")).unwrap();
        let (code, heading, err) = driftline(folder.path(), &["inspect", "a.sql"]);
        assert_eq!(code, 0, "{err}");
        let (_, json, _) = driftline(folder.path(), &["inspect", "a.sql", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let (code, yaml, err) = driftline(folder.path(), &["pull", "a.sql"]);
        assert_eq!(code, 0, "{err}");
        let lines: Vec<&str> = heading.lines().take_while(|line| !line.is_empty()).collect();
        let note = json["notes"][0]["message"].as_str().unwrap_or_default().to_owned();
        format!("{}\nnote: {note}\n{yaml}\n", lines.join("\n"))
    };
    insta::assert_snapshot!(
        [
            "",
            "/*M!999999\\- enable the sandbox mode */\n",
            "-- Server version\t5.7.44\n",
            "-- Server version\t8.4.3\n"
        ]
        .map(pulled)
        .concat()
    );
}

#[test]
fn the_reverse_begins_with_what_it_does_not_restore() {
    let folder = project(
        "server: mysql:8.4\ntables:\n  t:\n    columns: { id: int not null, a: varchar(9), d: date }\n",
    );
    let before = "create table t (id int not null, gone text, a varchar(9), d datetime);\n\
                  create table lost (id int);\n";
    fs::write(folder.path().join("before.sql"), before).unwrap();
    let args = ["generate", "-m", "less", "--from", "before.sql"];
    let (code, _, err) = driftline(folder.path(), &args);
    assert_eq!(code, 0, "{err}");
    let names = fs::read_dir(folder.path().join("generated")).unwrap();
    let down = names
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().ends_with("_less.down.sql"))
        .unwrap();
    let text = fs::read_to_string(down).unwrap();
    let (head, _) = text.split_once("\n\n").unwrap();
    let lines: Vec<&str> =
        head.lines().skip_while(|line| *line != "-- does not restore:").collect();
    assert_eq!(
        lines,
        [
            "-- does not restore:",
            "--   the rows of table lost",
            "--   the times of day of column t.d; the values of column t.gone"
        ],
        "{text}"
    );
}
