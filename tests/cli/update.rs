//! `driftline pull --update`: what is written, printed and refused.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{driftline, project};

const FILE: &str = "\
server: mysql:8.4
tables:
  users:
    columns:
      id: int not null   # the key
      name: varchar(50)
    primary_key: [id]
";

const DATABASE: &str = "\
create table users (id bigint not null, name varchar(50), mail varchar(80), primary key (id),
  key by_mail (mail));
create view names as select id from users;
";

fn both() -> TempDir {
    let folder = project(FILE);
    fs::write(folder.path().join("live.sql"), DATABASE).unwrap();
    folder
}

fn file(folder: &Path) -> String {
    fs::read_to_string(folder.join("schema.yaml")).unwrap()
}

#[test]
fn all_that_differs_is_taken_in_and_check_is_clean() {
    let folder = both();
    let run = |args: &[&str]| driftline(folder.path(), args);
    let (code, out, err) = run(&["pull", "live.sql", "--update", "--dry-run"]);
    assert_eq!((code, file(folder.path()).as_str()), (0, FILE));
    assert!(err.contains("4 differences of live.sql would be taken into schema.yaml"), "{err}");
    assert!(out.contains("-      id: int not null   # the key\n"), "{out}");
    assert!(out.contains("+      id: bigint not null   # the key\n"), "{out}");
    let (code, again, err) = run(&["pull", "live.sql", "--update"]);
    assert_eq!((code, again), (0, out));
    assert!(err.contains("4 differences of live.sql taken into schema.yaml"), "{err}");
    assert!(run(&["check", "live.sql", "--fail-on", "drift"]).1.contains("in sync"));
    let (code, out, err) = run(&["pull", "live.sql", "--update"]);
    assert!(code == 0 && out.is_empty() && err.contains("schema.yaml has what live.sql has"));
}

#[test]
fn only_what_is_named_is_taken_in() {
    let folder = both();
    let update = |names: &[&str]| {
        driftline(folder.path(), &[&["pull", "live.sql", "--update"], names].concat())
    };
    let (code, _, err) = update(&["users.nail"]);
    assert!(code == 2 && err.contains("did you mean `users.mail`?"), "{err}");
    let (code, _, err) = update(&["mysql://localhost/app"]);
    assert!(code == 2 && err.contains("write the source before it"), "{err}");
    let (code, _, err) = update(&["users.by_mail"]);
    assert!(code == 2 && err.contains("the table `users` has no column `mail`"), "{err}");
    assert_eq!(file(folder.path()), FILE);
    let (code, _, err) = update(&["tables.users.columns.mail", "view:names"]);
    assert_eq!(code, 0, "{err}");
    let text = file(folder.path());
    assert!(text.contains("mail: varchar(80)") && text.contains("names:"), "{text}");
    assert!(text.contains("id: int not null   # the key") && !text.contains("by_mail"), "{text}");
}

#[test]
fn a_file_that_a_machine_can_not_edit_stays() {
    let shared =
        "x-c: &c { id: int not null }\ntables:\n  users: { columns: *c }\n  o: { columns: *c }\n";
    let folder = project(shared);
    let sql = "create table users (id bigint not null); create table o (id int not null);";
    fs::write(folder.path().join("live.sql"), sql).unwrap();
    let (code, out, err) = driftline(folder.path(), &["pull", "live.sql", "--update"]);
    assert_eq!((code, out.as_str(), file(folder.path()).as_str()), (2, "", shared));
    for words in [
        "can't be edited by a machine: it comes from the anchor `&c`, which others share",
        "write `id: bigint not null` under tables.users.columns by hand",
        "nothing was changed",
    ] {
        assert!(err.contains(words), "{err}");
    }
    let broken = project("tables: [");
    fs::write(broken.path().join("live.sql"), sql).unwrap();
    assert_eq!(driftline(broken.path(), &["pull", "live.sql", "--update"]).0, 2);
}

#[cfg(unix)]
#[test]
fn a_byte_order_mark_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = both();
    let path = folder.path().join("schema.yaml");
    fs::write(&path, format!("\u{feff}{FILE}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let (code, _, err) = driftline(folder.path(), &["pull", "live.sql", "--update", "users"]);
    assert_eq!(code, 0, "{err}");
    assert!(file(folder.path()).starts_with("\u{feff}server:"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
