//! Asking a server to spell expressions.

use driftline::model::{Column, ColumnType, Expression, Table};
use driftline::source::ReadOptions;
use driftline::source::live::{self, LiveError};

use crate::accounts::Account;
use crate::support::servers::TestServer;
use crate::{Outcome, expect_error};

pub(crate) fn asking(server: &TestServer) -> Outcome {
    let database = server.database("asking")?;
    database.plain("CREATE TABLE kept (id int PRIMARY KEY, CONSTRAINT taken CHECK (id > 0))")?;
    let url = database.url()?;
    let mut wanted = live::read(&url, &ReadOptions::default())?.schema.tables["kept"].clone();
    wanted.checks[0].expression = Expression::new("not (`id` <= 0)");
    let answers = live::ask(&url, std::slice::from_ref(&wanted))?;
    let answer = &answers[0];
    ensure_eq!(answer.name, "kept");
    ensure_eq!(answer.checks[0].name, "taken");
    ensure!(answer.checks[0].expression.text != wanted.checks[0].expression.text, "{answer:?}");
    let shown = database.show_create()?;
    ensure_eq!(shown.len(), 1);

    wanted.checks[0].expression = Expression::new("no_such_column > 0");
    let error = expect_error(live::ask(&url, &[wanted]))?;
    ensure!(matches!(&error, LiveError::Refused { table, .. } if table == "kept"), "{error}");
    ensure!(error.to_string().contains("no_such_column"), "{error}");
    Ok(())
}

pub(crate) fn asking_rights(server: &TestServer) -> Outcome {
    let database = server.database("askrights")?;
    let account = Account::new(&database, server, "")?;
    account.grant(&format!("SELECT ON `{}`.*", database.name))?;
    let url = account.url(&database, "")?;
    let mut wanted = Table::new("wanted");
    wanted.columns.push(Column::new("a", ColumnType::Date));
    let error = expect_error(live::ask(&url, std::slice::from_ref(&wanted)))?;
    ensure!(error.to_string().contains("CREATE TEMPORARY TABLES"), "{error}");
    account.grant(&format!("CREATE TEMPORARY TABLES ON `{}`.*", database.name))?;
    ensure_eq!(live::ask(&url, &[wanted])?.len(), 1);
    Ok(())
}
