//! A parser that was not written for this project confirms that what driftline prints is SQL: every
//! statement of `tests/cases`, forward and reverse, on every kind of server. What it doesn't know
//! is in `tests/sqlparser/clauses.rs`.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "sqlparser/clauses.rs"]
mod clauses;
#[path = "sqlparser/reading.rs"]
mod reading;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use clauses::UNKNOWN;
use reading::{parse, read};
use support::case::cases;
use support::pipeline::planned;

#[test]
fn every_statement_parses_except_for_unknown_clauses() {
    let statements = statements();
    let mut as_printed = 0;
    let mut needed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for statement in &statements {
        match read(statement) {
            Ok(unknown) => {
                as_printed += usize::from(unknown.is_empty());
                for clause in unknown.iter().collect::<BTreeSet<_>>() {
                    *needed.entry(clause).or_default() += 1;
                }
            }
            Err(error) => wrong.push(error),
        }
    }
    println!("{} statements, of which {as_printed} parse as they are printed", statements.len());
    for (clause, number) in &needed {
        println!("{number:6} with {clause}");
    }
    assert!(wrong.is_empty(), "{} statements:\n\n{}", wrong.len(), wrong.join("\n\n"));
    let unused: Vec<&str> =
        UNKNOWN.iter().map(|it| it.words).filter(|it| !needed.contains_key(it)).collect();
    assert!(
        unused.is_empty(),
        "no statement has these any more, or the parser knows them: {unused:?}"
    );
}

/// Otherwise the test above would prove nothing.
#[test]
fn text_that_is_not_sql_does_not_parse() {
    let wrong = [
        "ALTER TABLE `t` ADD COLUMN `a` int ADD COLUMN `b` int",
        "ALTER TABLE `t` ADD COLUMN `a` int DEFAULT",
        "ALTER TABLE `t` ADD CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES (`id`)",
        "ALTER TABLE `t` ADD CONSTRAINT `c` CHECK `a` > 0",
        "ALTER TABLE `t` ADD KEY `k` (`a`,)",
        "ALTER TABLE `t` DROP CHECK `a` `b`",
        "ALTER TABLE `t` MODIFY COLUMN `a` varchar(10 NOT NULL",
        "ALTER TABLE `t` RENAME INDEX `a` `b`",
        "ALTER TABLE `t`, ENGINE=InnoDB",
        "CREATE TABLE `t` (`id` int PRIMARY KEY (`id`))",
        "CREATE TABLE `t` (`id` int, `it's` int COMMENT 'it's')",
        "CREATE VIEW `v` AS select from t where",
        "CREATE TRIGGER `g` BEFORE INSERT `t` FOR EACH ROW set new.a = 1",
        "DROP TABLE",
    ];
    let taken: Vec<&str> = wrong.into_iter().filter(|it| read(it).is_ok()).collect();
    assert!(taken.is_empty(), "{taken:#?}");
    assert!(parse("ALTER TABLE `t` ADD COLUMN `a` int, DROP COLUMN `b`").is_ok());
}

/// Every statement once, in alphabetical order.
fn statements() -> BTreeSet<String> {
    let mut statements = BTreeSet::new();
    for case in cases() {
        for (_, server) in case.servers() {
            let (before, after) = (case.before().unwrap(), case.after().unwrap());
            let planned = planned(&before, &after, &server).unwrap();
            if planned.refused().is_empty() {
                let plan = &planned.comparison.plan;
                let session = plan.session.before.iter().chain(&plan.session.after);
                let all = session.chain(plan.statements()).chain(plan.reverse_statements());
                statements.extend(all.map(|sql| sql.text.clone()));
            }
        }
    }
    statements
}
