//! Reading and asking real servers: what they have, and every way in which that can fail.

#[path = "../support/mod.rs"]
mod support;

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+).into());
        }
    };
}

macro_rules! ensure_eq {
    ($left:expr, $right:expr) => {
        match (&$left, &$right) {
            (left, right) => {
                let name = stringify!($left);
                ensure!(*left == *right, "{name} is\n{left:#?}\nand not\n{right:#?}");
            }
        }
    };
}

mod accounts;
mod asking;
mod connections;
mod meanwhile;
mod tables;
mod usage;
mod ways;

use std::process::ExitCode;

use driftline::source::live::LiveError;
use libtest_mimic::{Failed, Trial};
use support::servers::{Database, OnServer, on_each_server, run};

type Outcome = Result<(), Failed>;

const ON_SERVERS: [(&str, OnServer); 28] = [
    ("columns and indexes are read as they are", tables::columns_and_indexes),
    ("defaults that only SHOW CREATE TABLE shows", tables::hidden_defaults),
    ("a primary key that the server generated", tables::generated_key),
    ("constraints are read as they are", tables::constraints),
    ("a column's CHECK follows its renames", tables::renamed_checks),
    ("odd names survive", tables::odd_names),
    ("tables that differ by case are two", tables::case_colliding_tables),
    ("what the model can't hold is named", tables::unsupported),
    ("one connection reads the same as several", ways::pool_of_one),
    ("reading in full gives the order of SHOW CREATE TABLE", ways::full),
    ("the self-check finds nothing misread", ways::self_checked),
    ("a schema that changes gives no half tables", meanwhile::changing_schema),
    ("an account that sees too little is refused", accounts::rights),
    ("a wrong password, database or host", accounts::wrong_login),
    ("a login by ed25519", accounts::ed25519),
    ("TLS that fails", connections::tls),
    ("a connection that breaks", connections::broken_connection),
    ("a table that is locked by DDL", meanwhile::locked),
    ("a table of another database that is locked", meanwhile::locked_elsewhere),
    ("a table whose file is damaged", meanwhile::damaged),
    ("what information_schema doesn't show is read if it is needed", ways::unreported),
    ("what information_schema doesn't show is read from two servers", ways::unreported_of_both),
    ("a table that can't be shown is named", ways::merged),
    ("a comment with a NUL byte", ways::cut_comment),
    ("asking spells as the server does and leaves nothing", asking::asking),
    ("asking needs only CREATE TEMPORARY TABLES", asking::asking_rights),
    ("the next values of AUTO_INCREMENT are true", usage::next_values),
    ("the use of indexes is known or said to be unknown", usage::index_use),
];

fn main() -> ExitCode {
    let mut trials = on_each_server(&ON_SERVERS);
    trials.insert(0, Trial::test("a port where nobody answers", connections::silent_port));
    run(trials)
}

fn expect_error<T>(outcome: Result<T, LiveError>) -> Result<LiveError, Failed> {
    match outcome {
        Ok(_) => Err("this must fail, and does not".into()),
        Err(error) => Ok(error),
    }
}

/// The URL of a database with a query.
fn with_query(database: &Database, query: &str) -> String {
    format!("{}?{query}", database.url_text())
}
