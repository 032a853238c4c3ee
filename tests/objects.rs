//! Views, triggers, routines, events and sequences from every source: a server, its dump, and the
//! file that is pulled from it give the same.

mod support;

use std::process::ExitCode;

use driftline::model::{Object, ObjectKind, ObjectName, Schema};
use driftline::source::{Hold, Loaded, ReadOptions, dump, live, yaml};
use libtest_mimic::Failed;
use support::servers::{Database, OnServer, TestServer, on_each_server, run};

type Outcome = Result<(), Failed>;

const TRIALS: [(&str, OnServer); 6] = [
    ("every object is read as it is", as_it_is),
    ("what is written from a server is the same when it is read", written),
    ("a dump gives what its server gives", dumped),
    ("what an account may not see is named", hidden),
    ("what the model can't hold is named", beyond_words),
    ("a view that the server can't use is named", broken_views),
];

fn main() -> ExitCode {
    run(on_each_server(&TRIALS))
}

macro_rules! ensure_eq {
    ($left:expr, $right:expr, $what:expr) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            return Err(format!("{}:\n{left:#?}\n{right:#?}", $what).into());
        }
    }};
}

/// A database with objects of every kind.
fn filled(server: &TestServer) -> Result<Database, Failed> {
    let database = server.database("objects")?;
    database.plain(include_str!("support/objects.sql"))?;
    if server.is_mariadb() {
        database.plain(include_str!("support/objects_mariadb.sql"))?;
    }
    Ok(database)
}

fn object<'s>(schema: &'s Schema, kind: ObjectKind, name: &str) -> Result<&'s Object, Failed> {
    let key = ObjectName { kind, name: name.to_owned() };
    schema.objects.get(&key).ok_or_else(|| format!("{} {name} is missing", kind.noun()).into())
}

fn body(object: &Object) -> &str {
    match object {
        Object::Trigger(trigger) => &trigger.body,
        Object::Routine(routine) => &routine.body,
        Object::Event(event) => &event.body,
        Object::View(view) => &view.select.text,
        Object::Sequence(_) => "",
    }
}

fn as_it_is(server: &TestServer) -> Outcome {
    let database = filled(server)?;
    let schema = live::read(&database.url()?, &ReadOptions::default())?.schema;
    ensure_eq!(schema.unsupported, [], "nothing is left out");
    let wanted = ["z_first", "m_between", "a_second"];
    let triggers = schema.objects.keys().filter(|name| name.kind == ObjectKind::Trigger);
    let triggers = triggers.map(|name| name.name.as_str()).filter(|name| wanted.contains(name));
    ensure_eq!(triggers.collect::<Vec<_>>(), wanted, "triggers stand as they run");
    let second = body(object(&schema, ObjectKind::Trigger, "a_second")?);
    let text = "BEGIN\n  -- what happens when 'é?' is there\n  \
                SET @a = CONCAT('é😀?', \"x\\\\y\", 'it''s');  \t\n  \
                INSERT INTO log (what) VALUES (';');\n\nEND";
    ensure_eq!(second, text, "a body keeps every byte");
    let Object::Routine(several) = object(&schema, ObjectKind::Procedure, "several")? else {
        return Err("a procedure is a routine".into());
    };
    ensure_eq!(several.comment, "it's a \"comment\"", "the comment");
    let names: Vec<&str> = several.parameters.iter().map(|it| it.name.as_str()).collect();
    ensure_eq!(names, ["a", "b", "c d", "e", "f", "g"], "the parameters");
    ensure_eq!(
        several.body.contains("SELECT  1 +  2;"),
        true,
        format!("versioned comments are resolved in {}", several.body)
    );
    let Object::View(odd) = object(&schema, ObjectKind::View, "odd `name")? else {
        return Err("a view is a view".into());
    };
    ensure_eq!(odd.definer.as_deref(), Some("app user@10.%"), "the definer");
    ensure_eq!(odd.select.text.contains("'é😀?'"), true, odd.select.text);
    let Object::Event(compound) = object(&schema, ObjectKind::Event, "compound")? else {
        return Err("an event is an event".into());
    };
    ensure_eq!(compound.time_zone.as_deref(), Some("+02:00"), "the time zone");
    if server.is_mariadb() {
        let Object::Routine(total) = object(&schema, ObjectKind::Function, "total")? else {
            return Err("a function is a routine".into());
        };
        ensure_eq!(total.aggregate, true, "an aggregate function");
        object(&schema, ObjectKind::Sequence, "numbers_a")?;
    }
    Ok(())
}

fn written(server: &TestServer) -> Outcome {
    let database = filled(server)?;
    let loaded = live::read(&database.url()?, &ReadOptions::default())?;
    let options = yaml::WriteOptions {
        stated_server: Some(server.server.flavor()),
        ..yaml::WriteOptions::new(server.server)
    };
    let text = yaml::write(&loaded.schema, &options);
    let again =
        yaml::read_text("schema.yaml", &text).map_err(|error| format!("{error}\n{text}"))?;
    same_objects(&loaded.schema, &again.schema)?;
    let formatted = yaml::format("schema.yaml", &text).map_err(|error| error.to_string())?;
    ensure_eq!(formatted, text, "what is written is canonical");
    Ok(())
}

fn same_objects(left: &Schema, right: &Schema) -> Outcome {
    for (name, object) in &left.objects {
        ensure_eq!(right.objects.get(name), Some(object), name.name);
    }
    ensure_eq!(left.objects.len(), right.objects.len(), "as many on both sides");
    let order = |schema: &Schema| -> Vec<String> {
        let triggers = schema.objects.values().filter_map(|object| match object {
            Object::Trigger(trigger) => {
                Some((&trigger.table, trigger.timing, trigger.event, &trigger.name))
            }
            _ => None,
        });
        let mut triggers: Vec<_> = triggers.collect();
        triggers.sort_by_key(|(table, timing, event, _)| (*table, *timing, *event));
        triggers.into_iter().map(|(.., name)| name.clone()).collect()
    };
    ensure_eq!(order(left), order(right), "triggers in their order");
    Ok(())
}

fn dumped(server: &TestServer) -> Outcome {
    let database = filled(server)?;
    let live = live::read(&database.url()?, &ReadOptions::default())?;
    let text = database.dump()?;
    let dumped = dump::read_from(text.as_bytes(), "dump.sql", Some(server.server))
        .map_err(|error| format!("{error}\n{text}"))?;
    ensure_eq!(dumped.schema.unsupported, [], "nothing is left out");
    same_objects(&with_plain_signatures(live), &with_plain_signatures(dumped))
}

/// The schema without what only `information_schema` says about a routine's types: display widths,
/// and the database's character set if none was written.
fn with_plain_signatures(loaded: Loaded) -> Schema {
    let mut schema = loaded.schema;
    for object in schema.objects.values_mut() {
        let Object::Routine(routine) = object else { continue };
        let types = routine.parameters.iter_mut().map(|parameter| &mut parameter.ty);
        for ty in types.chain(&mut routine.returns) {
            if let driftline::model::ColumnType::Integer { width, .. } = &mut ty.ty {
                *width = None;
            }
            ty.charset = None;
            ty.collation = None;
        }
    }
    schema
}

fn hidden(server: &TestServer) -> Outcome {
    let database = filled(server)?;
    let user = format!("u{}", &database.name[database.name.len().saturating_sub(20)..]);
    server.plain(
        None,
        &format!(
            "CREATE USER '{user}'@'%' IDENTIFIED BY 'pw';
             GRANT SELECT, EXECUTE, INSERT ON `{}`.* TO '{user}'@'%'",
            database.name
        ),
    )?;
    let mut url: url::Url = database.url_text().parse()?;
    let _ = url.set_username(&user);
    let _ = url.set_password(Some("pw"));
    let read = url
        .as_str()
        .parse::<live::DatabaseUrl>()
        .map(|url| live::read(&url, &ReadOptions::default()));
    server.plain(None, &format!("DROP USER '{user}'@'%'"))?;
    let loaded = read??;
    let of = |kind: ObjectKind| {
        let objects = loaded.schema.unsupported.iter().filter(move |object| object.kind == kind);
        objects.map(|object| (object.name.as_str(), object.reason.as_str())).collect::<Vec<_>>()
    };
    let right = match server.name().as_str() {
        name if !name.starts_with("MariaDB") => "SHOW_ROUTINE",
        "MariaDB 10.11" => "SELECT ON mysql.proc",
        _ => "SHOW CREATE ROUTINE",
    };
    let why = format!("it is hidden from this account, which has no {right}");
    let why = why.as_str();
    let procedures = [("in ansi", why), ("nothing", why), ("several", why)];
    ensure_eq!(of(ObjectKind::Procedure), procedures, "procedures");
    let rights = |kind: ObjectKind| {
        let objects = loaded.schema.unsupported.iter().filter(move |object| object.kind == kind);
        objects.map(|object| object.missing_right).collect::<Vec<_>>()
    };
    ensure_eq!(rights(ObjectKind::Procedure), [Some(right); 3], "what shows procedures");
    ensure_eq!(rights(ObjectKind::View), [Some("SHOW VIEW"); 4], "what shows views");
    let views: Vec<&str> = of(ObjectKind::View).into_iter().map(|(name, _)| name).collect();
    ensure_eq!(views, ["counted", "numbers", "odd `name", "titles"], "views");
    // MariaDB shows the names of triggers to accounts that may write to their tables.
    let why = "it is hidden from this account, which has no TRIGGER";
    let triggers = of(ObjectKind::Trigger).into_iter().filter(|(_, reason)| *reason == why).count();
    ensure_eq!(triggers, if server.is_mariadb() { 5 } else { 0 }, "triggers");
    let modelled = loaded.schema.objects.keys().filter(|name| name.kind != ObjectKind::Sequence);
    ensure_eq!(modelled.collect::<Vec<_>>(), Vec::<&ObjectName>::new(), "nothing is made up");
    let notes: Vec<&str> = loaded.notes.iter().map(|note| note.title.as_str()).collect();
    ensure_eq!(
        notes,
        [
            "this account doesn't see all triggers and events, so that more of them may be there: it \
          has no TRIGGER and no EVENT"
        ],
        "what can't be seen"
    );
    Ok(())
}

fn broken_views(server: &TestServer) -> Outcome {
    let database = server.database("brokenviews")?;
    database.plain(
        "CREATE TABLE t (a int PRIMARY KEY);
         CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
         CREATE VIEW whole AS SELECT a FROM t;
         CREATE VIEW on_function AS SELECT f() AS a;
         CREATE VIEW on_view AS SELECT a FROM on_function;
         CREATE TABLE gone (a int);
         CREATE VIEW on_table AS SELECT a FROM gone;
         DROP FUNCTION f; DROP TABLE gone",
    )?;
    let loaded =
        live::read(&database.url()?, &ReadOptions { hold: Hold::All, ..ReadOptions::default() })?;
    let broken: Vec<&str> = loaded.broken_views.keys().map(String::as_str).collect();
    ensure_eq!(broken, ["on_function", "on_table", "on_view"], "what can't be used");
    // Each is named once, and the reason is the program's own where it has one.
    for (command, no_table) in [("pull", "reads `gone`"), ("inspect", "the view `on_table`: View ")]
    {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args([command, &database.url_text()])
            .env_remove("DATABASE_URL")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        for note in ["the view `on_function`: View ", "the view `on_view`: View ", no_table] {
            ensure_eq!(said.matches(note).count(), 1, format!("{command}: {note}: {said}"));
        }
        ensure_eq!(said.matches("note: ").count(), 3, format!("{command}: {said}"));
    }
    Ok(())
}

fn beyond_words(server: &TestServer) -> Outcome {
    let database = server.database("beyondwords")?;
    database.plain("CREATE TABLE t (a int PRIMARY KEY, b int)")?;
    let sql = match server.is_mariadb() {
        true => {
            "CREATE PROCEDURE anchored(a TYPE OF t.a) SELECT 1;
             SET sql_mode=ORACLE;
             DELIMITER //
             CREATE PACKAGE pack AS PROCEDURE p1; END //
             CREATE PACKAGE BODY pack AS PROCEDURE p1 AS BEGIN NULL; END; END //
             CREATE PROCEDURE oracle_like(a IN int) AS BEGIN NULL; END //"
        }
        false => "SELECT 1",
    };
    database.plain(sql)?;
    let schema = live::read(&database.url()?, &ReadOptions::default())?.schema;
    let found: Vec<(&str, &str)> = schema
        .unsupported
        .iter()
        .map(|object| (object.kind.noun(), object.name.as_str()))
        .collect();
    let wanted: &[(&str, &str)] = match server.is_mariadb() {
        true => &[("procedure", "anchored"), ("procedure", "oracle_like"), ("package", "pack")],
        false => &[],
    };
    ensure_eq!(found, wanted, "what is named");
    ensure_eq!(schema.objects.len(), 0, "nothing is made up");
    Ok(())
}
