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
fn tables_are_made_after_those_they_refer_to_and_cycles_are_closed_afterwards() {
    let plan = planned(
        "",
        "create table c (id int primary key, p int, constraint cp foreign key (p) references p (id));
         create table a (id int primary key, b int, constraint ab foreign key (b) references b (id));
         create table b (id int primary key, a int, constraint ba foreign key (a) references a (id));
         create table p (id int primary key)",
        &MARIADB,
    );
    let heads: Vec<&str> = plan.steps.iter().map(|step| step.sql.lines().next().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "CREATE TABLE `p` (",
            "CREATE TABLE `c` (",
            "CREATE TABLE `a` (",
            "CREATE TABLE `b` (",
            "ALTER TABLE `a` ADD CONSTRAINT `ab` FOREIGN KEY (`b`) REFERENCES `b` (`id`)",
        ]
    );
    assert!(plan.steps.iter().all(|step| step.risks.is_empty()));
}

#[test]
fn a_full_text_index_of_another_parser_is_dropped_apart() {
    let plan = planned(
        "create table t (id int primary key, a text, fulltext key ft (a)) engine=InnoDB",
        "create table t (id int primary key, a text, fulltext key ft (a) with parser ngram) engine=InnoDB",
        &MYSQL,
    );
    assert_eq!(
        shown(&plan),
        "ALTER TABLE `t` DROP INDEX `ft`;\n\
         ALTER TABLE `t` ADD FULLTEXT KEY `ft` (`a`) WITH PARSER `ngram`;\n\
         --\n\
         ALTER TABLE `t` DROP INDEX `ft`;\n\
         ALTER TABLE `t` ADD FULLTEXT KEY `ft` (`a`);"
    );
}
