use super::*;
use crate::model::{
    Object, Routine, RoutineKind, Schema, Security, SelectText, View, ViewAlgorithm,
};
use crate::normalize::Context;
use crate::server::Server;

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB_10: Server = Server::mariadb(10, 11, 19);
const MARIADB_11: Server = Server::mariadb(11, 8, 6);

fn view(name: &str, columns: &[&str], select: &str) -> View {
    View {
        name: name.to_owned(),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        select: SelectText::new(select),
        algorithm: ViewAlgorithm::Undefined,
        security: Security::Definer,
        check_option: None,
        definer: None,
    }
}

/// The tables, views and the function of `schema.sql`.
fn schema(server: Server) -> Schema {
    let mut schema = Schema { name: Some("db".to_owned()), ..Schema::default() };
    let mut objects = Vec::new();
    for statement in include_str!("schema.sql").split(";\n") {
        if statement.starts_with("create table") {
            schema.insert(crate::syntax::parse_create_table(statement, &server).unwrap());
        } else if let Some(rest) = statement.strip_prefix("create view ") {
            let (head, select) = rest.split_once(" as ").unwrap();
            let (name, columns) = head.split_once(" (").unwrap_or((head, ")"));
            let columns: Vec<&str> =
                columns.trim_end_matches(')').split(", ").filter(|name| !name.is_empty()).collect();
            objects.push(Object::View(view(name, &columns, select)));
        }
    }
    objects.push(Object::Routine(Routine {
        kind: RoutineKind::Function,
        name: "f1".to_owned(),
        parameters: Vec::new(),
        returns: None,
        aggregate: false,
        deterministic: true,
        data_access: crate::model::DataAccess::ContainsSql,
        security: Security::Definer,
        comment: String::new(),
        body: "return p + 1".to_owned(),
        definer: None,
        sql_mode: None,
    }));
    schema.objects.extend(objects.into_iter().map(|object| (object.name(), object)));
    schema
}

/// The canonical texts of queries. Each query is made a view of the schema.
fn canonicals(server: Server, columns: &[&str], texts: &[&str]) -> Vec<Option<String>> {
    let schema = schema(server);
    let context = Context::of(server, &schema, &Schema::default());
    let mut with = schema.clone();
    for (place, text) in texts.iter().enumerate() {
        let object = Object::View(view(&format!("v {place}"), columns, text));
        with.objects.insert(object.name(), object);
    }
    all(&mut with, &context);
    let added = with.objects.values().skip(schema.objects.len());
    added
        .map(|object| match object {
            Object::View(view) => view.select.canonical.clone(),
            _ => None,
        })
        .collect()
}

/// The corpus: each written query, and what each server showed for it.
fn corpus() -> Vec<(&'static str, Vec<(Server, &'static str)>)> {
    let mut all: Vec<(&str, Vec<(Server, &str)>)> = Vec::new();
    for line in include_str!("corpus.txt").lines() {
        match (line.split_once('\t'), all.last_mut()) {
            _ if line.is_empty() || line.starts_with('#') => {}
            (Some((server, stored)), Some((_, texts))) => {
                let servers: &[Server] = match server {
                    "M" => &[MYSQL],
                    "A10" => &[MARIADB_10],
                    "A11" => &[MARIADB_11],
                    _ => &[MARIADB_10, MARIADB_11],
                };
                texts.extend(servers.iter().map(|server| (*server, stored)));
            }
            _ => all.push((line, Vec::new())),
        }
    }
    all
}

#[test]
fn what_a_server_stored_is_the_same_as_what_was_written() {
    let (mut wrong, mut unknown, mut compared) = (Vec::new(), Vec::new(), 0);
    for server in [MYSQL, MARIADB_10, MARIADB_11] {
        let mut texts = Vec::new();
        for (written, all) in corpus() {
            for (of, stored) in all {
                if of == server {
                    texts.extend([written, stored]);
                }
            }
        }
        let found = canonicals(server, &[], &texts);
        for (texts, found) in texts.chunks(2).zip(found.chunks(2)) {
            compared += 1;
            match found {
                [Some(a), Some(b)] if a == b => {}
                [Some(_), Some(_)] => wrong.push(format!("{server}\n  {texts:#?}\n  {found:#?}")),
                _ => unknown.push(texts[0]),
            }
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    assert!(compared > 3000, "{compared}");
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
    let expected: Vec<&str> = include_str!("unknown.txt").lines().collect();
    assert_eq!(unknown, expected, "what can't be told has changed");
}

#[test]
fn queries_of_different_meaning_are_different() {
    for server in [MYSQL, MARIADB_10, MARIADB_11] {
        let mut texts = Vec::new();
        for line in include_str!("different.txt").lines().filter(|line| !line.starts_with('#')) {
            let (a, b) = line.split_once('\t').unwrap();
            texts.extend([a, b]);
        }
        let found = canonicals(server, &[], &texts);
        for (texts, found) in texts.chunks(2).zip(found.chunks(2)) {
            assert!(found.iter().all(Option::is_some), "{server} {texts:?} {found:?}");
            assert_ne!(found[0], found[1], "{server} {texts:?}");
        }
    }
}

#[test]
fn names_of_columns_may_stand_before_or_in_the_query() {
    let of = |columns: &[&str], text| canonicals(MYSQL, columns, &[text]).remove(0);
    let list = of(&["p", "q"], "select a, count(*) from t group by a order by 2");
    assert!(list.is_some());
    assert_eq!(list, of(&[], "select a as p, count(*) as q from t group by a order by q"));
    assert_ne!(list, of(&["p", "r"], "select a, count(*) from t group by a order by 2"));
    assert_eq!(of(&["p"], "select a, b from t"), None);
    assert_eq!(of(&["p", "q"], "select 1, 1"), of(&[], "select 1 as p, 1 as q"));
}

#[test]
fn what_is_not_understood_has_no_canonical_text() {
    for text in [
        "",
        "select",
        "select a",
        "select a from",
        "select a from t where",
        "select nothing from t",
        "select a from t, s",
        "select a from missing, t",
        "select * from missing",
        "select t.* from s t join u t",
        "select my_function(a) as x from t",
        "select a, a from t",
        "select a from t limit x",
        "select a from t for system_time all",
        "select a from t; drop table t",
        "select a -- what\n + 1 from t",
        "select a from t left join s",
        "select a from t group by 2",
        "values row(1)",
        "select @a",
        "select ?",
    ] {
        for server in [MYSQL, MARIADB_10, MARIADB_11] {
            assert_eq!(canonicals(server, &[], &[text]), [None], "{text}");
        }
    }
}

#[test]
fn columns_of_tables_that_are_not_there_are_known_where_they_are_qualified() {
    for (a, b) in [
        ("select a from missing", "select `db`.`missing`.`a` AS `a` from `db`.`missing`"),
        (
            "select m.a from missing m join t",
            "select `m`.`a` AS `a` from (`db`.`missing` `m` join `db`.`t`)",
        ),
    ] {
        let found = canonicals(MYSQL, &[], &[a, b]);
        assert!(found[0].is_some());
        assert_eq!(found[0], found[1]);
    }
}

#[test]
fn no_text_exhausts_the_stack_or_takes_long() {
    for open in [
        "(",
        "select (",
        "select * from (",
        "((select ",
        "select a from t where exists (",
        "with c as (",
        "with recursive c as (select 1 union all ",
        "select 1 union ",
        "select a from (t join ",
        "select 1 + interval(",
        "select a from t natural join ",
        "select case ",
        "select f(",
        "select sum(a) over (order by ",
        "select 1 except ",
        "select 1 union all select 1 union ",
        "select a from t where a in (",
        "((",
        "select 1,",
        "t.",
    ] {
        let text = open.repeat(20_000 / open.len() * 10);
        assert_eq!(canonicals(MYSQL, &[], &[&text]), [None], "{open}");
        let text = open.repeat(60);
        assert_eq!(canonicals(MYSQL, &[], &[&text]), [None], "{open}");
    }
    let nested = format!("{}select 1 as a{}", "select * from (".repeat(20), ") x".repeat(20));
    assert!(canonicals(MYSQL, &[], &[&nested])[0].is_some());
    let nested = format!(
        "{}select 1 as a{}",
        "with recursive c as (".repeat(20),
        " union all select a from c) select a from c".repeat(20)
    );
    let _ = canonicals(MYSQL, &[], &[&nested]);
    let unions = vec!["select a from t"; 200].join(" union all ");
    assert!(canonicals(MYSQL, &[], &[&unions])[0].is_some());
    let stars = format!("select {} from t", vec!["*"; 20_000].join(", "));
    assert_eq!(canonicals(MYSQL, &[], &[&stars]), [None]);
}

#[test]
fn what_a_view_uses_is_known_where_its_query_is() {
    let mut schema = schema(MYSQL);
    for (name, text) in [
        (
            "plain",
            "select x.a, f1(x.id) as n from t x where exists (select 1 from s where q = x.n)",
        ),
        ("over", "select * from plain"),
        ("open", "select what(a) as b from s"),
        ("one", "select * from two"),
        ("two", "select * from one"),
    ] {
        let object = Object::View(view(name, &[], text));
        schema.objects.insert(object.name(), object);
    }
    let context = Context::of(MYSQL, &schema, &Schema::default());
    let column_info = views_of(&schema, &context);
    let columns = |name: &str| -> Vec<String> {
        let columns = column_info[name].uses.columns.iter();
        columns.map(|(table, column)| format!("{table}.{column}")).collect()
    };
    let uses = &column_info["plain"].uses;
    assert!(uses.is_certain);
    assert_eq!(uses.tables.iter().collect::<Vec<_>>(), ["s", "t"]);
    assert_eq!(uses.routines.iter().collect::<Vec<_>>(), ["f1"]);
    assert_eq!(columns("plain"), ["s.q", "t.a", "t.id", "t.n"]);
    assert_eq!(
        column_info["plain"].columns.as_deref(),
        Some(["a", "n"].map(str::to_owned).as_slice())
    );
    assert_eq!(columns("over"), ["plain.a", "plain.n"]);
    assert_eq!(column_info["base2"].columns, Some(vec!["x".to_owned(), "y".to_owned()]));
    assert!(column_info["open"].uses.is_certain);
    assert_eq!(column_info["one"].columns, None);
    assert!(!column_info["one"].uses.is_certain);
    assert_eq!(column_info["one"].uses.tables.iter().collect::<Vec<_>>(), ["two"]);
}

#[test]
fn a_database_that_may_be_the_own_one_is_not_guessed_at() {
    let of = |name: Option<&str>, texts: [&str; 2]| {
        let mut schema = schema(MYSQL);
        schema.name = name.map(str::to_owned);
        for (place, text) in texts.iter().enumerate() {
            let object = Object::View(view(&format!("v {place}"), &[], text));
            schema.objects.insert(object.name(), object);
        }
        let context = Context::of(MYSQL, &schema, &Schema::default());
        all(&mut schema, &context);
        let texts = schema.objects.into_values().filter_map(|object| match object {
            Object::View(view) if view.name.starts_with("v ") => {
                Some(view.select.canonical.clone())
            }
            _ => None,
        });
        let texts: Vec<Option<String>> = texts.collect();
        texts.iter().all(Option::is_some).then(|| texts[0] == texts[1])
    };
    let texts = ["select a from t", "select a from db.t"];
    assert_eq!(of(Some("db"), texts), Some(true));
    assert_eq!(of(Some("other"), texts), Some(false));
    assert_eq!(of(None, texts), None);
    let texts =
        ["select table_name from information_schema.tables", "select table_name from tables"];
    assert_eq!(of(None, texts), Some(false));
}
