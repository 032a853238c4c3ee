//! Plans of small schemas, with their reverses.

use crate::diff::diff;
use crate::model::Schema;
use crate::normalize::{Context, normalize};
use crate::plan::{Plan, Reverse, plan};
use crate::server::Server;
use crate::syntax::parse_create_table;

const MYSQL: Server = Server::mysql(9, 7, 4);
const MARIADB: Server = Server::mariadb(10, 11, 19);

/// A schema made of CREATE TABLE statements that are separated by semicolons.
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
    let (mut from, mut to) = (schema(from, server), schema(to, server));
    from.charset = Some("utf8mb4".to_owned());
    edit(&mut to);
    let context = Context::of(*server, &from, &to);
    let (from, to) = (normalize(&from, &context), normalize(&to, &context));
    let difference = diff(&from, &to, server);
    assert_eq!(difference.uncertain, []);
    plan(&from, &to, &difference, server)
}

/// The statements, a separator line, and the reverse in the order in which it runs.
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
    let heads: Vec<&str> =
        plan.steps.iter().map(|step| step.sql.text.lines().next().unwrap()).collect();
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

/// A referenced table `p` and a referencing table `c`.
const FAMILY: &str = "
    create table p (id int primary key, code varchar(20), unique key (code));
    create table c (id int primary key, p_id int, code varchar(20), constraint cp foreign key (p_id) references p (id));";

#[test]
fn a_foreign_key_goes_while_the_type_on_both_sides_changes() {
    let to = FAMILY.replace("id int", "id bigint");
    insta::assert_snapshot!(shown(&planned(FAMILY, &to, &MYSQL)));
}

#[test]
fn a_foreign_key_stays_where_the_server_lets_a_varchar_grow() {
    let from = FAMILY.replace(
        "cp foreign key (p_id) references p (id)",
        "cc foreign key (code) references p (code)",
    );
    let to = from.replace("varchar(20)", "varchar(40)");
    insta::assert_snapshot!(format!(
        "{}\n\n{}",
        shown(&planned(&from, &to, &MYSQL)),
        shown(&planned(&from, &to, &MARIADB))
    ));
}

#[test]
fn a_changed_foreign_key_takes_two_statements() {
    let to = FAMILY.replace("references p (id)", "references p (id) on delete cascade");
    insta::assert_snapshot!(shown(&planned(FAMILY, &to, &MYSQL)));
}

#[test]
fn a_foreign_keys_last_index_is_made_where_it_goes() {
    let from = FAMILY.replace("constraint cp", "key both_of (p_id, code), constraint cp");
    insta::assert_snapshot!(shown(&planned(&from, FAMILY, &MYSQL)));
}

#[test]
fn an_implied_index_stays_when_a_longer_one_comes() {
    let from = FAMILY.replace("constraint cp", "key cp (p_id), constraint cp");
    let to = from.replace("key cp (p_id),", "key cp (p_id), key both_of (p_id, code),");
    let plan = planned(&from, &to, &MYSQL);
    insta::assert_snapshot!(shown(&plan));
    assert_eq!(
        plan.steps[0].actions[1].summary,
        "keep index cp, which would go when another serves its foreign key"
    );
}

#[test]
fn tables_are_dropped_before_those_they_refer_to() {
    let from = format!(
        "{FAMILY} create table d (id int primary key, c int, constraint dc foreign key (c) references c (id))"
    );
    insta::assert_snapshot!(shown(&planned(
        &from,
        "create table other (id int primary key)",
        &MYSQL
    )));
}

#[test]
fn a_cycle_is_opened_before_its_tables_are_dropped() {
    let from = "create table a (id int primary key, b int, constraint ab foreign key (b) references b (id));
                create table b (id int primary key, a int, constraint ba foreign key (a) references a (id))";
    insta::assert_snapshot!(shown(&planned(from, "", &MARIADB)));
}

#[test]
fn columns_move_are_added_and_dropped_in_one_statement() {
    let plan = planned(
        "create table t (id int primary key, a int, b int, c int, d int)",
        "create table t (d int not null, id int primary key, n int default 5, a bigint, c int, m text)",
        &MYSQL,
    );
    insta::assert_snapshot!(shown(&plan));
}

#[test]
fn what_is_renamed_keeps_its_data() {
    let plan = planned_with(
        FAMILY,
        "create table parents (pid int primary key, code varchar(30), unique key (code));
         create table c (id int primary key, parent int, code varchar(20), constraint cp foreign key (parent) references parents (pid))",
        &MYSQL,
        |schema| {
            schema.tables["parents"].renamed_from = Some("p".to_owned());
            schema.tables["parents"].columns[0].renamed_from = Some("id".to_owned());
            schema.tables["c"].columns[1].renamed_from = Some("p_id".to_owned());
        },
    );
    insta::assert_snapshot!(shown(&plan));
}

#[test]
fn a_generated_column_is_rebuilt_with_all_that_depends_on_it() {
    let from = "create table t (a int, g int as (a + 1) stored, h int as (g + 1) stored, key kg (g), constraint cg check (g > 0))";
    let to = from.replace("(a + 1) stored", "(a + 1) virtual");
    insta::assert_snapshot!(shown(&planned(from, &to, &MYSQL)));
}

#[test]
fn a_virtual_column_becomes_a_plain_one_with_its_values() {
    let from = "create table t (a int, g int as (a + 1) virtual)";
    insta::assert_snapshot!(shown(&planned(from, "create table t (a int, g int)", &MARIADB)));
}

#[test]
fn statements_are_split_where_a_server_demands_it() {
    let from = "create table t (a text, b text, n int)";
    let to = "create table t (a text, b text, n int, u varchar(36) default (uuid()), fulltext key fa (a), fulltext key fb (b))";
    insta::assert_snapshot!(format!(
        "{}\n\n{}",
        shown(&planned(from, to, &MYSQL)),
        shown(&planned(from, to, &MARIADB))
    ));
}

#[test]
fn a_modified_column_repeats_all_that_it_has() {
    let from = "create table t (a int not null default 5 comment 'A' check (a > 0))";
    let to = "create table t (a bigint not null default 5 comment 'A' check (a > 0))";
    insta::assert_snapshot!(shown(&planned(from, to, &MARIADB)));
}

#[test]
fn a_new_default_collation_and_the_columns_that_follow_it() {
    let from = "create table t (a varchar(9), b varchar(9)) collate latin1_swedish_ci";
    let to =
        "create table t (a varchar(9), b varchar(9) collate latin1_swedish_ci) collate utf8mb4_bin";
    insta::assert_snapshot!(shown(&planned(from, to, &MYSQL)));
}

#[test]
fn options_are_set_and_taken_back() {
    let from =
        "create table t (a int, key k (a)) row_format=compressed stats_persistent=1 comment 'old'";
    let to = "create table t (a int, key k (a) invisible) engine=MyISAM max_rows=5";
    insta::assert_snapshot!(shown(&planned(from, to, &MYSQL)));
}

#[test]
fn every_risk_is_said_with_names_and_values() {
    let plan = planned_with(
        "create table gone (id int primary key);
         create table p (id int primary key);
         create table t (id int primary key, a varchar(40), b enum('x','y','z'), c int, d int, e decimal(8,3),
            f varchar(9) character set utf8mb4, old int, g datetime(6), h int,
            key ka (a), unique key kc (c), key kcd (c, d), key kd (d), constraint tp foreign key (d) references p (id),
            constraint positive check (c > 0))",
        "create table p (id int primary key);
         create table t (id int primary key, a varchar(20), b enum('z','x'), c smallint not null, e decimal(8,2),
            f varchar(9) character set latin1, fresh int, g datetime, h int unsigned,
            unique key uh (h), constraint small check (c < 9))",
        &MYSQL,
        |schema| {
            let columns = &mut schema.tables["t"].columns;
            columns.iter_mut().find(|c| c.name == "fresh").unwrap().renamed_from = Some("old".to_owned());
        },
    );
    let mut lines = Vec::new();
    for step in &plan.steps {
        lines.extend(step.actions.iter().map(|action| action.summary.clone()));
        let risk = |risk: &super::Risk| {
            format!("  {} {}: {}", risk.kind.name(), risk.element, risk.message)
        };
        lines.extend(step.risks.iter().map(risk));
        if let Reverse::Lossy { lost, .. } = &step.reverse {
            lines.push(format!("  lost: {lost}"));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_date_that_rows_have_no_value_for_is_a_risk() {
    let plan = planned(
        "create table t (id int primary key)",
        "create table t (id int primary key, d date not null, n int not null)",
        &MYSQL,
    );
    let risks: Vec<&str> = plan.steps[0].risks.iter().map(|risk| risk.message.as_str()).collect();
    assert_eq!(
        risks,
        [
            "fails if t has rows: a column of this type that may not be NULL and has no default \
             gives them no value for d",
            "an INSERT that does not name t.d fails (error 1364)",
            "rows that are there get 0 in t.n",
            "an INSERT that does not name t.n fails (error 1364)",
        ]
    );
}

#[test]
fn an_option_that_cannot_change_is_named() {
    let from = "create table t (a int) data directory='/a/'";
    let to = "create table t (a int) data directory='/b/'";
    let plan = planned(from, to, &Server::mariadb(11, 8, 6));
    let risks: Vec<&str> =
        plan.steps.iter().flat_map(|step| &step.risks).map(|risk| risk.message.as_str()).collect();
    assert_eq!(
        risks,
        ["servers pass over DATA DIRECTORY in ALTER TABLE: only a new table gets another one"]
    );
}
