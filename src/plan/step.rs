//! A step: its statement, its words, its risks, its way back.

use std::collections::HashSet;

use super::actions::{self, describe};
use super::risk;
use super::stages::Stage;
use super::way_back::WayBack;
use super::{Action, Reverse, Risk, RiskKind, Step};
use crate::ddl::{self, Clause, Statement};
use crate::model::{Element, Table};
use crate::server::Server;

pub(super) fn rename_table(old: &str, new: &str, server: &Server) -> Step {
    let sql = |from: &str, to: &str| {
        let names = vec![(from.to_owned(), to.to_owned())];
        ddl::statement(&Statement::RenameTables(names), server)
    };
    let element = Element::table(new);
    Step {
        table: new.to_owned(),
        actions: vec![Action {
            element: element.clone(),
            summary: format!("rename table {old} to {new}"),
        }],
        sql: sql(old, new),
        reverse: Reverse::Sql(vec![sql(new, old)]),
        risks: vec![Risk {
            kind: RiskKind::Rename,
            element,
            message: format!("code that says {old} breaks once the table is called {new}"),
        }],
        reverse_risks: Vec::new(),
    }
}

pub(super) fn create_table(table: &Table, server: &Server) -> Step {
    let drop = Statement::DropTable(table.name.clone());
    Step {
        table: table.name.clone(),
        actions: vec![Action {
            element: Element::table(&table.name),
            summary: format!("create table {}", table.name),
        }],
        sql: ddl::statement(&Statement::CreateTable(Box::new(table.clone())), server),
        reverse: Reverse::Sql(vec![ddl::statement(&drop, server)]),
        risks: Vec::new(),
        reverse_risks: vec![table_goes(table)],
    }
}

pub(super) fn drop_table(table: &Table, server: &Server) -> Step {
    let create = Statement::CreateTable(Box::new(table.clone()));
    Step {
        table: table.name.clone(),
        actions: vec![Action {
            element: Element::table(&table.name),
            summary: format!("drop table {}", table.name),
        }],
        sql: ddl::statement(&Statement::DropTable(table.name.clone()), server),
        reverse: Reverse::Lossy {
            sql: vec![ddl::statement(&create, server)],
            lost: format!("the rows of table {}", table.name),
        },
        risks: vec![table_goes(table)],
        reverse_risks: Vec::new(),
    }
}

fn table_goes(table: &Table) -> Risk {
    Risk {
        kind: RiskKind::DropTable,
        element: Element::table(&table.name),
        message: format!("table {} and all its rows go", table.name),
    }
}

pub(super) fn alter_table(
    stage: &Stage,
    way_back: WayBack,
    passing: &HashSet<(String, String)>,
    server: &Server,
) -> Step {
    let passes = |name: &str| passing.contains(&(stage.to.name.clone(), name.to_lowercase()));
    let statement = stage.statement(server);
    let mut actions: Vec<Action> = stage
        .changes
        .iter()
        .flat_map(|change| {
            describe(change, &stage.to, &actions::Context { passes: &passes, server })
        })
        .collect();
    actions.extend(kept_indexes(&statement));
    let sql: Vec<String> =
        way_back.statements.iter().map(|statement| ddl::statement(statement, server)).collect();
    let lost = risk::lost(stage, server);
    Step {
        table: stage.to.name.clone(),
        actions,
        sql: ddl::statement(&statement, server),
        reverse: if lost.is_empty() {
            Reverse::Sql(sql)
        } else {
            Reverse::Lossy { sql, lost: lost.join("; ") }
        },
        risks: risk::risks(stage, &passes, server),
        reverse_risks: way_back.risks,
    }
}

/// Why a statement renames an index to its own name.
fn kept_indexes(statement: &Statement) -> Vec<Action> {
    let Statement::AlterTable { table, clauses, .. } = statement else { return Vec::new() };
    let kept = clauses.iter().filter_map(|clause| match clause {
        Clause::RenameIndex { from, to } if from == to => Some(Action {
            element: Element::index(table, to),
            summary: format!("keep index {to}, which would go when another serves its foreign key"),
        }),
        _ => None,
    });
    kept.collect()
}
