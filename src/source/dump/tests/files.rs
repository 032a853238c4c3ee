//! What files have besides statements, and what must not be ignored silently.

use super::*;

#[test]
fn whatever_is_not_understood_is_reported() {
    for (text, wanted) in [
        (
            "create table a (id int);\n/* x\ncreate table b (id int);",
            "this comment is never closed",
        ),
        ("set @a = 1;\n/*!40000 insert into a values (1);\nselect 2;", "the comment on line 2"),
        ("insert into a values (1) /* x;\ncreate table b (c int);", "the comment on line 1"),
        ("create table a (id int);\0\0\0", "this isn't SQL text"),
        ("\x7fELF\x02", "this isn't SQL text"),
        ("insert into a values (1)\ncreate table b (c int);", "no `;` ends the one before it"),
        ("unlock tables\n  ALTER  TABLE b add c int;", "no `;` ends the one before it"),
        ("create table a (\n<<<<<<< HEAD\n  a int\n", "a merge that isn't finished"),
        (">>>>>>> branch\ncreate table a (a int);", "a merge that isn't finished"),
        ("create procedure p() begin select 1; create table b (c int);", "has no END"),
        ("frobnicate x;", "no statement begins with `frobnicate`"),
        ("warnings x;", "no statement begins with `warnings`"),
        ("create frob x;", "`frob` is not understood here"),
        ("set names 'utf8;\ncreate table a (b int);", "this string is never closed"),
        ("create database a charste utf8;", "`charste` is not understood here"),
        ("create table a (b int); create index i foo on a (b);", "expected ON, found `foo`"),
        ("drop table a b;", "`b` is not understood here"),
        ("use a b;", "`b` is not understood here"),
        ("\\z", "no statement begins with"),
    ] {
        assert!(error(text).contains(wanted), "{text}: {}", error(text));
    }
}

#[test]
fn text_in_another_encoding_is_an_error_at_its_place() {
    let read = |bytes: &[u8]| read_from(bytes, "test.sql", None);
    let latin1 = b"create table t (\n  a varchar(9) default 'caf\xE9',\n  b blob\n);";
    let error = read(latin1).unwrap_err().to_string();
    assert!(error.contains("this is not UTF-8") && error.contains("test.sql:2:28"), "{error}");
    assert!(error.contains("SET NAMES latin1"), "{error}");
    let named = [b"set names latin1;\n".as_slice(), latin1].concat();
    let column = read(&named).unwrap().schema.tables["t"].columns[0].clone();
    assert_eq!(column.default, Some(crate::model::DefaultValue::Literal("café".to_owned())));
    let wrong = [b"set names utf8mb4;\n".as_slice(), latin1].concat();
    assert!(read(&wrong).unwrap_err().to_string().contains("which SET NAMES says it is"));
    let other = [b"set names gbk;\n".as_slice(), latin1].concat();
    assert!(read(&other).unwrap_err().to_string().contains("`gbk` is not read"));
    let mark = [b"\xEF\xBB\xBF".as_slice(), b"create table t (a int);"].concat();
    assert_eq!(read(&mark).unwrap().schema.tables.len(), 1);
    for utf16 in [b"\xFF\xFEc\0r\0".as_slice(), b"\xFE\xFF\0c\0r", b"-\0-\0\r\0\n\0", b"\0-\0-"] {
        assert!(read(utf16).unwrap_err().to_string().contains("the file is UTF-16"));
    }
}

#[test]
fn a_file_that_defines_nothing_is_noted() {
    for text in ["", "-- x\n", "insert into a values (1);"] {
        assert_eq!(load(text).notes[0].title, "test.sql has no statement that defines anything");
    }
}

#[test]
fn a_dump_that_was_cut_off_is_noted() {
    let whole = "-- MySQL dump 10.13  Distrib 9.7.4, for Linux\ncreate table a (b int) engine=InnoDB;\n-- Dump completed on 2026-01-01\n";
    assert!(load(whole).notes.is_empty());
    let cut = load(whole.split("-- Dump completed").next().unwrap());
    assert_eq!(cut.notes[0].title, "test.sql, line 3: a dump by mysqldump breaks off here");
}

#[test]
fn a_dump_without_the_options_of_its_tables_is_noted() {
    let dump = |options: &str| {
        let head = "-- MariaDB dump 10.19-11.8.6-MariaDB, for debian-linux-gnu (x86_64)";
        let text = format!(
            "{head}\ncreate table `a` (`b` int(11) NOT NULL){options};\n-- Dump completed on 2026-01-01\n"
        );
        load(&text).notes
    };
    assert!(dump(" ENGINE=InnoDB").is_empty());
    assert_eq!(
        dump("")[0].title,
        "test.sql names no table's engine: it was dumped without --create-options"
    );
}

#[test]
fn all_statements_before_one_delimiter_are_read() {
    let loaded = load(
        "delimiter $$
         drop table if exists a; create table a (b int); insert into a values (1);
         create procedure p() begin select 1; end; create procedure q() select 2;
         drop view if exists v; create view v as select 1 $$
         create table c (d int)$$
         delimiter ;",
    );
    assert_eq!(loaded.schema.tables.keys().collect::<Vec<_>>(), ["a", "c"]);
    let names: Vec<&str> = loaded.schema.objects.keys().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["p", "q", "v"]);
}

#[test]
fn bodies_need_no_delimiter() {
    let loaded = load(
        "create trigger g before insert on a for each row begin set @a = 1; set @b = 2; end;
         create table c (d int);"
            .replace("create trigger", "create table a (b int); create trigger")
            .as_str(),
    );
    assert_eq!(loaded.schema.tables.len(), 2);
    assert_eq!(loaded.schema.objects.len(), 1);
}

#[test]
fn the_effect_of_a_block_outside_of_routines_is_unknown() {
    for block in [
        "begin not atomic\n  if 1 then create table x (b int); end if; create table y (b int);\nend",
        "if 1 then create table x (b int); end if",
    ] {
        for text in [
            format!(
                "create table a (b int);\ndelimiter //\n{block} //\ndelimiter ;\ncreate table c (d int);"
            ),
            format!("create table a (b int);\n\n{block};\ncreate table c (d int);"),
        ] {
            let loaded = load(&text);
            assert_eq!(loaded.schema.tables.keys().collect::<Vec<_>>(), ["a", "c"], "{text}");
            let note = &loaded.notes[0].title;
            assert!(
                note.starts_with("test.sql, line 3: what ")
                    && note.ends_with(" does is known only to a server")
            );
        }
    }
    assert_eq!(tables("begin;\ncreate table a (b int);\ncommit;"), "a");
}

#[test]
fn ignored_references_of_a_column_are_noted() {
    let text = "create table p (id int primary key);
        create table c (id int primary key, x int references p (id), y int references p (id));
        alter table c add z int references p (id), add foreign key (y) references p (id);";
    let notes = |server| load_for(text, server).notes;
    let noted = notes(Server::mysql(8, 4, 3));
    assert_eq!(
        noted[0].title,
        "tables.c.columns.x: MySQL 8.4.3 makes no foreign key of a column's own REFERENCES, and so \
         there is none"
    );
    assert_eq!(noted[0].help[1], "so it is with one other column");
    assert!(noted[0].primary.is_some());
    assert!(notes(Server::mysql(9, 7, 4)).is_empty());
    assert!(notes(Server::mariadb(10, 11, 6)).is_empty());
}

#[test]
fn one_of_several_databases_is_read() {
    let text = "create database a; use a; create table t (id int); drop view if exists v;
        create view v as select 1; create database b; use b; drop table if exists t;
        drop view if exists v; create table t (id bigint); create table u (id int);
        create view v as select 2;";
    let read = |database| {
        let mut collected = Collected::default();
        let done = collected.read(text.as_bytes(), "test.sql", None);
        collected.finish(
            done,
            "test.sql",
            &ReadOptions { database, ..ReadOptions::default() },
            false,
        )
    };
    let error = read(None).unwrap_err().to_string();
    assert!(error.contains("there are several databases here: `a`, `b`"), "{error}");
    let first = read(Some("a")).unwrap();
    assert_eq!((first.schema.tables.len(), first.schema.objects.len()), (1, 1));
    let second = read(Some("b")).unwrap();
    assert_eq!((second.schema.tables.len(), second.schema.objects.len()), (2, 1));
    let error = read(Some("c")).unwrap_err().to_string();
    assert!(error.contains("there is no database `c` here, but `a`, `b`"), "{error}");
}

/// The names of the tables.
fn tables(text: &str) -> String {
    load(text).schema.tables.into_keys().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_marks_of_migration_tools_divide_a_file() {
    for text in [
        "-- +goose Up\n-- +goose StatementBegin\ncreate table a (id int);\n-- +goose StatementEnd\n         create table b (id int);\n\n-- +goose Down\ndrop table a;\ndrop table b;\n",
        "-- migrate:up\ncreate table a (id int); create table b (id int)\n\n-- migrate:down\ndrop table a",
        "CREATE TABLE a (id int)\n--> statement-breakpoint\nCREATE TABLE b (id int);--> statement-breakpoint\n",
        "--liquibase formatted sql\n--changeset x:1\ncreate table a (id int);\n--rollback drop table a;\n\
         create table b (id int);",
        "# --- !Ups\ncreate table a (id int);\ncreate table b (id int);\n# --- !Downs\ndrop table a;\n",
        "-- // first\ncreate table a (id int); create table b (id int);\n-- //@UNDO\ndrop table a;",
        "---- a\n--create table x (id int);\n --\ncreate table a (id int);--x;\ncreate table b (id int);",
        "status\nwarnings;\n\\W\ncreate table a (id int);\ntee x.log\ncreate table b (id int);\nexit\ncreate table c (id int);",
    ] {
        assert_eq!(tables(text), "a b", "{text}");
    }
    let both = "-- +goose Up\ncreate table a (id int);\n-- +goose Down\ndrop table a;\n-- +goose Up\n\
                create table b (id int);\n";
    assert_eq!(tables(both), "a b");
    let unmarked =
        "create table a (id int);\ncreate table b (id int)\n-- +goose Down\ndrop table a;";
    assert_eq!(tables(unmarked), "a b");
    // With no statement before it, the part reverses nothing.
    assert_eq!(tables("-- migrate:down\ncreate table a (id int);"), "a");
}

#[test]
fn a_file_may_only_name_files_of_its_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("outside.sql", "secret hunter2");
    write("db/.env", "DATABASE_URL=mysql://root:hunter2@h/d");
    write("db/more/part.dump", "create table t (a int);");
    std::os::unix::fs::symlink("../outside.sql", folder.path().join("db/link.sql")).unwrap();
    let read = |named: &str| {
        write("db/main.sql", &format!("source {named};\ncreate table u (a int);"));
        super::super::read(&Input::File(folder.path().join("db/main.sql")), &ReadOptions::default())
            .map(|loaded| loaded.schema.tables.len())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("more/part.dump"), Ok(2));
    assert_eq!(read("more/../more/part.dump"), Ok(2));
    for named in ["../outside.sql", ".env", "link.sql", "/proc/self/environ", "/etc/passwd", "more"]
    {
        let error = read(named).unwrap_err();
        assert!(error.contains(&format!("can't read `{named}`")), "{named}: {error}");
        assert!(!error.contains("hunter2") && !error.contains("PATH="), "{named}: {error}");
    }
}
