//! Plans of small schemas, with their ways back.

use super::{Plan, Reverse, plan};
use crate::diff::diff;
use crate::model::Schema;
use crate::normalize::{Context, normalize};
use crate::server::Server;
use crate::sql::parse_create_table;

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB: Server = Server::mariadb(10, 11, 19);

/// A schema of CREATE TABLE statements, one after each semicolon.
fn schema(sql: &str, server: &Server) -> Schema {
    let mut schema = Schema::default();
    for statement in sql.split(';').filter(|statement| !statement.trim().is_empty()) {
        schema.insert(parse_create_table(statement, server).expect("a table"));
    }
    schema
}

fn planned(from: &str, to: &str, server: &Server) -> Plan {
    planned_with(from, to, server, |_| {})
}

fn planned_with(from: &str, to: &str, server: &Server, edit: impl Fn(&mut Schema)) -> Plan {
    let (from, mut to) = (schema(from, server), schema(to, server));
    edit(&mut to);
    let context = Context::of(*server, &from, &to);
    let (from, to) = (normalize(&from, &context), normalize(&to, &context));
    let difference = diff(&from, &to);
    assert_eq!(difference.uncertain, []);
    plan(&from, &to, &difference, server)
}

/// The statements, a blank line, and the way back in the order in which it runs.
fn shown(plan: &Plan) -> String {
    let mut lines: Vec<String> = plan.steps.iter().map(|step| format!("{};", step.sql)).collect();
    lines.push("--".to_owned());
    for step in plan.steps.iter().rev() {
        let (sql, lost) = match &step.reverse {
            Reverse::Sql(sql) => (sql, None),
            Reverse::Lossy { sql, lost } => (sql, Some(lost)),
            Reverse::Irreversible { why } => panic!("{why}"),
        };
        lines.extend(lost.map(|lost| format!("-- lost: {lost}")));
        lines.extend(sql.iter().map(|sql| format!("{sql};")));
    }
    lines.join("\n")
}

#[test]
fn scratch() {
    let p = planned(
        "create table p(id int primary key); create table c(id int primary key, a int, b int, g varchar(5), constraint fx foreign key (a) references p(id)); create table gone(id int primary key, c int, foreign key (c) references c(id))",
        "create table p(id bigint primary key, n int); create table c(id int primary key, z int, a bigint, g varchar(3), constraint fx foreign key (a) references p(id), key ix(g)); create table n1(id int primary key, n int, foreign key (n) references n2(id)); create table n2(id int primary key, n int, foreign key (n) references n1(id))",
        &MYSQL,
    );
    println!(
        "{}\n{:#?}",
        shown(&p),
        p.steps.iter().map(|s| (&s.actions, &s.risks)).collect::<Vec<_>>()
    );
}
