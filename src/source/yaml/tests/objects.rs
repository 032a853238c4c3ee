//! Views, triggers, routines, events and sequences: what they mean, and that they are the same
//! after writing and reading.

use std::fs;

use super::*;
use crate::model::{
    CheckOption, ColumnType, Event, EventStatus, Expression, IntegerSize, Object, ObjectName,
    Parameter, ParameterMode, ParameterType, Routine, RoutineKind, Schedule, Security, SelectText,
    Sequence, Sign, Trigger, TriggerEvent, TriggerTiming, View, ViewAlgorithm,
};

const SERVER: Server = Server::mariadb(11, 8, 6);

/// The schema of a text to which a table `t` is added.
fn with_table(text: &str) -> Schema {
    let text = format!("tables:\n  t: {{ columns: {{ id: int }} }}\n{text}");
    match read_text("schema.yaml", &text) {
        Ok(loaded) => loaded.schema,
        Err(invalid) => panic!("{invalid}"),
    }
}

/// The text of only the objects.
fn written(schema: &Schema) -> String {
    let text = write(schema, &WriteOptions::new(SERVER));
    let again = match read_text("schema.yaml", &text) {
        Ok(loaded) => loaded.schema,
        Err(invalid) => panic!("{invalid}\n{text}"),
    };
    for (name, object) in &schema.objects {
        assert_eq!(again.objects.get(name), Some(object), "\n{text}");
    }
    assert_eq!(schema.objects.len(), again.objects.len());
    assert_eq!(format("schema.yaml", &text).unwrap(), text, "what is written is canonical");
    let start = text.find("\n\n").map_or(0, |at| at + 2);
    text[start..].to_owned()
}

const ALL: &str = r#"
views:
  recent: select id from t where id > 5 with check option;
  titles:
    columns: [a]
    algorithm: merge
    security: invoker
    definer: app@%
    select: |
      select id -- the key
      from t;
  whole: |
    create algorithm=temptable definer = `a`@`b` sql security invoker view whole (x) as
    select 1 with local check option
triggers:
  t_ai:
    table: t
    when: after insert
    sql_mode: strict_trans_tables, no_zero_date
    body: |
      begin
        set @a = 1;  -- one
      end;
  t_bi: create definer=current_user trigger t_bi before insert on t for each row set new.id = 1
procedures:
  p:
    parameters: "in a int, out b varchar(10) charset latin1, inout c decimal(5,2) unsigned"
    data_access: no sql
    security: invoker
    comment: it's
    body: select 1
  q: { body: begin end }
functions:
  f:
    returns: varchar(20) character set utf8mb4 collate utf8mb4_bin
    deterministic: true
    body: return 'x'
  g: |
    create definer=root@localhost aggregate function g(x int) returns int reads sql data
    begin
      return 1;
    end
events:
  purge:
    every: 1 day
    starts: "'2030-01-01 00:00:00'"
    preserve: true
    status: disabled on replica
    time_zone: "+00:00"
    comment: c
    body: delete from t
  once: { at: "current_timestamp + interval 1 hour", body: do sleep(1) }
  often: { every: "'1:30' hour_minute", ends: "'2031-01-01'", status: disabled, body: do 1 }
sequences:
  s: { type: int, start: 5, minimum: -10, maximum: 100, increment: -2, cache: 0, cycle: true }
  u: {}
  v:
  w: create sequence w start with 3 nocache engine=InnoDB comment='x'
definer: compare
"#;

#[test]
fn every_kind_is_read_and_written() {
    insta::assert_snapshot!(written(&with_table(ALL)));
}

#[test]
fn definers_are_compared_if_the_file_says_so() {
    let loaded = read_text("schema.yaml", "tables: {}\ndefiner: compare\n").unwrap();
    assert!(loaded.settings.compare_definers);
    let options = WriteOptions { settings: loaded.settings, ..WriteOptions::new(SERVER) };
    assert_eq!(write(&Schema::default(), &options), "definer: compare\n\ntables: {}\n");
    assert!(!read_text("a", "tables: {}\ndefiner: ignore\n").unwrap().settings.compare_definers);
}

#[test]
fn each_section_has_its_globs() {
    let text =
        "ignore:\n  tables: [tmp_*]\n  views: [v_*]\n  events: [\"debug*\", e]\n\ntables: {}\n";
    let loaded = read_text("schema.yaml", text).unwrap();
    let of = |kind: crate::model::ObjectKind| loaded.settings.ignore_objects.get(&kind).cloned();
    assert_eq!(of(crate::model::ObjectKind::View), Some(vec!["v_*".to_owned()]));
    assert_eq!(of(crate::model::ObjectKind::Trigger), None);
    let options = WriteOptions { settings: loaded.settings.clone(), ..WriteOptions::new(SERVER) };
    let again = write(&Schema::default(), &options);
    assert_eq!(read_text("schema.yaml", &again).unwrap().settings, loaded.settings);
    assert_eq!(again, text.replace("\"debug*\"", "debug*"));
    insta::assert_snapshot!(errors("ignore: { view: [a], views: a, events: ['['] }\ntables: {}\n"));
}

/// A procedure with the given body.
fn procedure(body: &str) -> Schema {
    let routine = Routine {
        kind: RoutineKind::Procedure,
        name: "p".to_owned(),
        parameters: Vec::new(),
        returns: None,
        aggregate: false,
        deterministic: false,
        data_access: crate::model::DataAccess::default(),
        security: Security::Definer,
        comment: String::new(),
        body: body.to_owned(),
        definer: None,
        sql_mode: None,
    };
    let object = Object::Routine(routine);
    let mut schema = Schema::default();
    schema.objects.insert(object.name(), object);
    schema
}

#[test]
fn a_body_keeps_every_byte() {
    for body in [
        "begin\n  select 1;\nend",
        "begin  \n\t select 1 ; \t\n\n\n   \nend",
        "begin\n\n  -- é 😀 \u{a0}\nend",
        "begin\r\n  select 1;\r\nend",
        "begin\n  select '\u{1}\u{85}\u{2028}\u{202e}';\nend",
        "begin\n# no comment: of YAML\n--- ...\n---\n...\nend",
        "begin select 'a: b #c'; end",
        "select '\"\\''",
        "begin\n\tselect 1;\n\tend",
        "begin\n select 1;\nend # \ttail\n -- \nx",
        "begin\n 'a\n\n\n\n b'\n;\nend",
        "if 1\nthen\n\u{b}select 1; end if",
    ] {
        written(&procedure(body));
    }
}

#[test]
fn a_body_ends_with_its_last_token() {
    let body = |text: &str| {
        let schema = with_table(&format!("procedures: {{ p: {{ body: {text} }} }}\n"));
        let name = ObjectName { kind: crate::model::ObjectKind::Procedure, name: "p".to_owned() };
        match schema.objects.get(&name) {
            Some(Object::Routine(routine)) => routine.body.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(body("'  /* a */ select 1 ; ; -- end'"), "select 1");
    assert_eq!(body("begin /* in */ end /* out */"), "begin /* in */ end");
    assert_eq!(body("'select /*! 1 + */ 2 /*!50000 + 3 */;'"), "select  1 +  2  + 3");
}

#[test]
fn a_file_holds_a_part_or_a_statement() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "schema.yaml",
            "include: [sub/more.yaml]\ntables: { t: { columns: { id: int } } }\n\
             views: { a: { file: a.sql }, b: { algorithm: merge, file: b.sql } }\n\
             triggers: { g: { file: sub/g.sql, sql_mode: ANSI_QUOTES } }\n",
        ),
        ("a.sql", "-- a view\ncreate or replace view a as select 1;\n"),
        ("b.sql", "select 2\n"),
        ("sub/g.sql", "create trigger g before insert on \"t\" for each row set @a = \"b\"\n"),
        ("sub/more.yaml", "procedures: { p: { file: ../p.sql }, q: { file: q.sql } }\n"),
        (
            "p.sql",
            "drop procedure if exists p;\nDELIMITER //\n\
             create procedure p()\nbegin\n  select 1;\nend //\nDELIMITER ;\n",
        ),
        ("sub/q.sql", "begin\n  select 1;\nend;\n"),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let schema = match read(&folder.path().join("schema.yaml")) {
        Ok(loaded) => loaded.schema,
        Err(invalid) => panic!("{invalid}"),
    };
    insta::assert_snapshot!(written(&schema));
}

fn int() -> ColumnType {
    ColumnType::Integer { size: IntegerSize::Int, sign: Sign::Signed, width: None }
}

#[test]
fn odd_names_and_values_round_trip() {
    let mut schema = with_table("");
    let ty = || ParameterType { ty: int(), charset: None, collation: None };
    for name in ["a b", "no", "12", "sélect", "x: y", "`", "'"] {
        let some = || Some(format!("{name}@%"));
        let objects = [
            Object::View(View {
                name: name.to_owned(),
                columns: vec![name.to_owned(), "b".to_owned()],
                select: SelectText::new("select 1,\n 2"),
                algorithm: ViewAlgorithm::Undefined,
                security: Security::Definer,
                check_option: Some(CheckOption::Local),
                definer: Some("a b@".to_owned()),
            }),
            Object::Trigger(Trigger {
                name: name.to_owned(),
                table: "t".to_owned(),
                timing: TriggerTiming::Before,
                event: TriggerEvent::Delete,
                body: "begin end".to_owned(),
                definer: None,
                sql_mode: Some(String::new()),
            }),
            Object::Routine(Routine {
                kind: RoutineKind::Procedure,
                name: name.to_owned(),
                parameters: [name, "in", "OUT", "key"]
                    .map(|name| Parameter {
                        name: name.to_owned(),
                        mode: ParameterMode::InOut,
                        ty: ty(),
                    })
                    .to_vec(),
                returns: None,
                aggregate: false,
                deterministic: true,
                data_access: crate::model::DataAccess::ModifiesSqlData,
                security: Security::Definer,
                comment: name.to_owned(),
                body: "begin end".to_owned(),
                definer: if name.starts_with(['\'', '`']) { None } else { some() },
                sql_mode: None,
            }),
            Object::Event(Event {
                name: name.to_owned(),
                schedule: Schedule::Every {
                    interval: "1 2:3".to_owned(),
                    unit: "DAY_MINUTE".to_owned(),
                    starts: Some(Expression::new("'2030-01-01 00:00:00'")),
                    ends: Some(Expression::new("now() + interval 1 day")),
                },
                preserve: false,
                status: EventStatus::Enabled,
                comment: name.to_owned(),
                body: "do 1".to_owned(),
                time_zone: Some("Europe/Paris".to_owned()),
                definer: None,
                sql_mode: None,
            }),
            Object::Sequence(Sequence {
                name: format!("seq {name}"),
                minimum: Some(-9_223_372_036_854_775_807),
                maximum: Some(18_446_744_073_709_551_614),
                comment: name.to_owned(),
                engine: Some("Aria".to_owned()),
                ..Sequence::default()
            }),
        ];
        for object in objects {
            schema.objects.insert(object.name(), object);
        }
    }
    written(&schema);
}

#[test]
fn a_compact_file_names_no_definer() {
    let schema = with_table(ALL);
    let mut options = WriteOptions::new(SERVER);
    options.compact = true;
    assert!(!write(&schema, &options).contains("definer"));
    options.settings.compare_definers = true;
    assert!(write(&schema, &options).contains("    definer: app@%\n"));
}
