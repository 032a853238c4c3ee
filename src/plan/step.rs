//! How a step is made: its statement, its description, its risks and its reverse.

use crate::ddl::{self, Clause, Sql, Statement};
use crate::diff::{Change, TableChange};
use crate::model::{Element, Object, Partitioning, Table};
use crate::plan::actions::{self, describe};
use crate::plan::foreign_keys::temporarily_dropped::TemporarilyDroppedKeys;
use crate::plan::objects::made_again;
use crate::plan::partitions;
use crate::plan::references_columns::index_references_columns;
use crate::plan::reverse::ReverseStatements;
use crate::plan::risk;
use crate::plan::table::Stage;
use crate::plan::table::alteration::list_implicit_indexes;
use crate::plan::table::rebuilt::rebuilt_columns;
use crate::plan::{Action, Reverse, Risk, RiskKind, Step, StepStatement};
use crate::server::Server;
use crate::words::index_words;

pub(super) fn rename_table(old: &str, new: &str, server: &Server) -> Step {
    let rename =
        |from: &str, to: &str| Statement::RenameTables(vec![(from.to_owned(), to.to_owned())]);
    let element = Element::table(new);
    let statement = rename(old, new);
    Step {
        table: new.to_owned(),
        cause: Box::new(Change::RenameTable { from: old.to_owned(), to: new.to_owned() }),
        actions: vec![Action {
            element: element.clone(),
            summary: format!("rename table {old} to {new}"),
        }],
        before: None,
        sql: ddl::statement(&statement, server),
        statement: StepStatement::Table(statement),
        after: None,
        reverse: Reverse::Sql(vec![ddl::statement(&rename(new, old), server)]),
        risks: vec![Risk {
            kind: RiskKind::Rename,
            element,
            message: format!("code that uses {old} breaks once the table is called {new}"),
        }],
        reverse_risks: Vec::new(),
    }
}

pub(super) fn create_table(table: &Table, server: &Server) -> Step {
    let drop = Statement::DropTable(table.name.clone());
    let statement = Statement::CreateTable(Box::new(table.clone()));
    Step {
        table: table.name.clone(),
        cause: Box::new(Change::CreateTable(table.clone())),
        actions: vec![Action {
            element: Element::table(&table.name),
            summary: format!("create table {}{}", table.name, partitions_to_come(table)),
        }],
        before: None,
        sql: ddl::statement(&statement, server),
        statement: StepStatement::Table(statement),
        after: None,
        reverse: Reverse::Sql(vec![ddl::statement(&drop, server)]),
        risks: to_make(table, server),
        reverse_risks: vec![table_goes(table)],
    }
}

/// What the description adds if the table's partitions are managed by something else.
fn partitions_to_come(table: &Table) -> &'static str {
    match &table.partitioning {
        Some(Partitioning::Keep) => {
            " without partitions: `partitioning: keep` leaves them to something else"
        }
        _ => "",
    }
}

/// Drops a table, and with it its triggers.
pub(super) fn drop_table(table: &Table, triggers: &[&Object], server: &Server) -> Step {
    let mut again = table.clone();
    list_implicit_indexes(&mut again, server);
    let create = Statement::CreateTable(Box::new(again));
    let again = triggers.iter().flat_map(|trigger| made_again(trigger, None, server));
    let sql = [ddl::statement(&create, server)].into_iter().chain(again).collect();
    let table_action = Action {
        element: Element::table(&table.name),
        summary: format!("drop table {}", table.name),
    };
    let statement = Statement::DropTable(table.name.clone());
    let trigger_action = |trigger: &&Object| {
        let name = trigger.name();
        let summary = format!("drop trigger {} with its table", name.name);
        Action { element: Element::object(&name), summary }
    };
    Step {
        table: table.name.clone(),
        cause: Box::new(Change::DropTable(table.clone())),
        actions: [table_action].into_iter().chain(triggers.iter().map(trigger_action)).collect(),
        before: None,
        sql: ddl::statement(&statement, server),
        statement: StepStatement::Table(statement),
        after: None,
        reverse: Reverse::Lossy { sql, lost: format!("the rows of table {}", table.name) },
        risks: vec![table_goes(table)],
        reverse_risks: to_make(table, server),
    }
}

/// The risks of a statement that creates a table.
fn to_make(table: &Table, server: &Server) -> Vec<Risk> {
    risk::zero_dates(table, server).into_iter().chain(risk::hidden_password(table)).collect()
}

fn table_goes(table: &Table) -> Risk {
    Risk {
        kind: RiskKind::DropTable,
        element: Element::table(&table.name),
        message: format!("table {} and all its rows go", table.name),
    }
}

pub(super) fn alter_table(
    stage: Stage,
    reverse: ReverseStatements,
    temporarily_dropped: &TemporarilyDroppedKeys,
    server: &Server,
) -> Step {
    let is_temporarily_dropped = |name: &str| {
        temporarily_dropped.get(&(stage.to.name.clone(), name.to_lowercase())).cloned()
    };
    let statement = stage.statement(server);
    let context =
        actions::ActionContext { is_temporarily_dropped: &is_temporarily_dropped, server };
    let mut actions: Vec<Action> = match &stage.operation {
        Some(operation) if !operation.keeps_bounds() => {
            partitions::actions(operation, &stage.to.name)
        }
        _ => {
            let changes = stage.changes.iter();
            changes.flat_map(|change| describe(change, &stage.to, &context)).collect()
        }
    };
    actions.extend(unchanged(&statement, &stage, server));
    let reopening = stage.reopening(server);
    if reopening.is_some() {
        actions.push(Action {
            element: Element::table(&stage.to.name),
            summary: format!(
                "set the comment of {} to what it is, which opens the table anew: else the rename \
                 may fail",
                stage.to.name
            ),
        });
    }
    let sql: Vec<Sql> =
        reverse.statements.iter().map(|statement| ddl::statement(statement, server)).collect();
    let lost = risk::lost(&stage, server);
    let risks = risk::risks(&stage, &is_temporarily_dropped, server);
    let [forward, back] = [&stage.to, &stage.from].map(|table| risk::zero_dates(table, server));
    let Stage { from, to, changes, .. } = stage;
    Step {
        table: to.name.clone(),
        cause: Box::new(Change::AlterTable { from: Box::new(from), to: Box::new(to), changes }),
        actions,
        before: reopening.map(|statement| ddl::statement(&statement, server)),
        sql: ddl::statement(&statement, server),
        statement: StepStatement::Table(statement),
        after: None,
        reverse: if lost.is_empty() {
            Reverse::Sql(sql)
        } else {
            Reverse::Lossy { sql, lost: lost.join("; ") }
        },
        risks: forward.into_iter().chain(risks).collect(),
        reverse_risks: back.into_iter().chain(reverse.risks).collect(),
    }
}

/// Says why a statement names elements that don't change.
fn unchanged(statement: &Statement, stage: &Stage, server: &Server) -> Vec<Action> {
    let Statement::AlterTable { table, clauses, .. } = statement else { return Vec::new() };
    let rebuilt = rebuilt_columns(&stage.from, &stage.to, &stage.changes, server);
    let index_changes = |name: &str| {
        stage.changes.iter().any(|change| match change {
            TableChange::AddIndex(index) | TableChange::ChangeIndex { to: index, .. } => {
                index.name == name
            }
            _ => false,
        })
    };
    let column_changes = |name: &str| {
        stage
            .changes
            .iter()
            .any(|change| matches!(change, TableChange::ChangeColumn { to, .. } if to.name == name))
    };
    let named = clauses.iter().filter_map(|clause| match clause {
        Clause::RenameIndex { from, to } if from == to => Some(Action {
            element: Element::index(table, to),
            summary: format!("keep index {to}, which would go when another serves its foreign key"),
        }),
        Clause::AddIndex(index)
            if !index_changes(&index.name) && !index_references_columns(index, &rebuilt) =>
        {
            Some(Action {
                element: Element::index(table, &index.name),
                summary: format!("make {} anew, since it can't stay as it is", index_words(index)),
            })
        }
        Clause::ChangeColumn { column, .. } if !column_changes(&column.name) => Some(Action {
            element: Element::column(table, &column.name),
            summary: format!("name {} again, which reads a column that is renamed", column.name),
        }),
        _ => None,
    });
    named.collect()
}
