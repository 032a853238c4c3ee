//! What the objects of a file keep of the session, and what a file doesn't cover.

use super::load;
use crate::model::{Object, ObjectKind};
use crate::server::Server;

/// The modes that the first object of a file keeps.
fn mode(text: &str) -> Option<String> {
    let loaded = load(text);
    let mut modes = loaded.schema.objects.values().filter_map(|object| match object {
        Object::Routine(routine) => routine.sql_mode.clone(),
        Object::Event(event) => event.sql_mode.clone().or(event.time_zone.clone()),
        Object::Trigger(trigger) => trigger.sql_mode.clone(),
        Object::View(_) | Object::Sequence(_) => None,
    });
    modes.next()
}

#[test]
fn settings_at_the_head_are_kept_by_no_object() {
    const PROCEDURE: &str = "create procedure p() select 1;";
    for (head, wanted) in [
        ("", None),
        ("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';", None),
        ("/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;", None),
        ("SET NAMES utf8; SET SQL_MODE = \"NO_AUTO_VALUE_ON_ZERO\"; START TRANSACTION;", None),
        ("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; create table t (a int);", None),
        // In a dump each object sets its own and then goes back to that of the head.
        (
            "SET @o = @@sql_mode, sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
             /*!50003 SET sql_mode = 'STRICT_TRANS_TABLES' */ ;",
            Some("STRICT_TRANS_TABLES"),
        ),
        ("create table t (a int); SET sql_mode = 'NO_ZERO_DATE';", Some("NO_ZERO_DATE")),
        (
            "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; create table t (a int);
             SET @o = @@sql_mode, sql_mode = 'NO_ZERO_DATE'; SET sql_mode = @o;",
            None,
        ),
        // Text that is written in another mode can't be lexed without it.
        ("SET sql_mode = 'ANSI_QUOTES';", Some("ANSI_QUOTES")),
    ] {
        assert_eq!(mode(&format!("{head}\n{PROCEDURE}")).as_deref(), wanted, "{head}");
    }
    let event = "create event e on schedule every 1 day do select 1;";
    assert_eq!(mode(&format!("SET time_zone = '+00:00'; {event}")), None);
    let stated = format!("create table t (a int); SET time_zone = 'SYSTEM'; {event}");
    assert_eq!(mode(&stated).as_deref(), Some("SYSTEM"));
}

#[test]
fn set_in_any_versioned_comment_is_carried_out() {
    for set in [
        "/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */;",
        "/*M! SET NOTE_VERBOSITY=0 */;",
        "/*!100100 SET @@session.character_set_client = utf8 */;",
        "/*!  set names utf8mb4*/;",
        "\n  SET @x = 1;",
    ] {
        assert_eq!(load(&format!("{set} create table t (a int);")).schema.tables.len(), 1, "{set}");
    }
}

#[test]
fn what_a_file_does_not_cover() {
    let routines = [ObjectKind::Procedure, ObjectKind::Function, ObjectKind::Package];
    let (triggers, events) = ([ObjectKind::Trigger], [ObjectKind::Event]);
    let all = [&triggers[..], &routines, &events].concat();
    for (text, wanted) in [
        ("create table t (a int);", &all[..]),
        ("-- Dumping routines for database 'x'\n", &[ObjectKind::Trigger, ObjectKind::Event]),
        ("-- Dumping events for database 'x'\n", &[&triggers[..], &routines].concat()),
        ("drop procedure if exists p;", &[ObjectKind::Trigger, ObjectKind::Event]),
        ("create function f() returns int return 1;", &[ObjectKind::Trigger, ObjectKind::Event]),
        (
            "create event e on schedule every 1 day do select 1;",
            &[&triggers[..], &routines].concat(),
        ),
    ] {
        assert_eq!(load(text).not_covered.kinds, wanted, "{text}");
    }
}

#[test]
fn a_dump_of_some_tables_is_recognized_by_their_references() {
    let head = "-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)\n";
    let refers = "create table c (p int, constraint f foreign key (p) references p (id));";
    let partial = |text: &str| load(text).not_covered.other_tables;
    assert!(partial(&format!("{head}{refers}")));
    assert!(!partial(&format!("{head}create table p (id int primary key);{refers}")));
    assert!(!partial(refers));
    assert!(partial(
        "-- Host: localhost    Database: app    Table: pet\ncreate table pet (a int);"
    ));
    assert!(!partial("-- Host: localhost    Database: app\ncreate table pet (a int);"));
}

#[test]
fn a_file_of_an_old_server_means_what_that_server_meant() {
    let old = load(
        "-- Server version\t5.7.44
create table t (a varchar(9) character set utf8mb4, b varchar(9)) default charset=utf8mb4;",
    );
    assert_eq!(old.server.map(|it| it.flavor()).as_deref(), Some("mysql:8.0"));
    let table = old.schema.table("t").unwrap();
    assert_eq!(table.options.collation.as_deref(), Some("utf8mb4_general_ci"));
    assert_eq!(table.columns[0].collation.as_deref(), Some("utf8mb4_general_ci"));
    let loaded = old.read_as(Server::mysql(9, 7, 4));
    assert_eq!(loaded.schema.table("t").unwrap().options.collation, None);
}

#[test]
fn what_only_one_vendor_can_read_is_from_that_vendor() {
    let loaded = load("create table t (a int /*!80016 frobnicated */);");
    assert_eq!(loaded.server, Some(Server::OTHER_ASSUMED));
}
