//! Statements as values, and how they are written.

use super::Keywords;
use super::column::column_definition;
use super::index::{index_definition, invisible_keyword};
use super::partition::{partition_by, partition_list};
use super::sql::Sql;
use super::table::{
    check_definition, column_clause, create_table, foreign_key_definition, option_name,
    period_definition, period_name,
};
use crate::model::{
    Check, Column, ForeignKey, Index, Partition, PartitionScheme, Period, Table, TableOptions,
};
use crate::server::{Capability, Server, Vendor};
use crate::syntax::alter::ColumnPosition;
use crate::syntax::quote::{quote_identifier, quote_string};

/// One DDL statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// CREATE TABLE
    CreateTable(Box<Table>),
    /// DROP TABLE
    DropTable(String),
    /// RENAME TABLE: old and new names, in the order in which they are renamed.
    RenameTables(Vec<(String, String)>),
    /// ALTER TABLE
    AlterTable {
        /// The table.
        table: String,
        /// The clauses, in order.
        clauses: Vec<Clause>,
        /// The table's options after the statement, which columns inherit.
        options: TableOptions,
        /// Whether rows in the table's history are rewritten too. A server does this only if it is
        /// allowed to (MariaDB "system_versioning_alter_history").
        rewrites_history: bool,
    },
}

/// One clause of ALTER TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// ALGORITHM=COPY
    Copy,
    /// DROP FOREIGN KEY
    DropForeignKey(String),
    /// DROP CHECK or DROP CONSTRAINT
    DropCheck(String),
    /// DROP PRIMARY KEY
    DropPrimaryKey,
    /// DROP INDEX
    DropIndex(String),
    /// RENAME INDEX
    RenameIndex {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// DROP COLUMN
    DropColumn(String),
    /// RENAME COLUMN
    RenameColumn {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// MODIFY COLUMN, or CHANGE COLUMN if the name changes.
    ChangeColumn {
        /// The column's name before the statement.
        old_name: String,
        /// The whole new definition.
        column: Box<Column>,
        /// The new position, if it changes.
        place: Option<ColumnPosition>,
    },
    /// ADD COLUMN
    AddColumn {
        /// The whole definition.
        column: Box<Column>,
        /// The position, if it isn't the end.
        place: Option<ColumnPosition>,
    },
    /// ADD INDEX and its variants, ADD PRIMARY KEY
    AddIndex(Index),
    /// ALTER INDEX … VISIBLE and its variants
    ShowIndex {
        /// The index's name.
        name: String,
        /// Whether it becomes invisible.
        invisible: bool,
    },
    /// ADD CONSTRAINT … FOREIGN KEY
    AddForeignKey(ForeignKey),
    /// ADD CONSTRAINT … CHECK
    AddCheck(Check),
    /// ALTER CHECK … ENFORCED
    EnforceCheck {
        /// The CHECK's name.
        name: String,
        /// Whether it is enforced from now on.
        enforced: bool,
    },
    /// ADD PERIOD
    AddPeriod(Period),
    /// DROP PERIOD
    DropPeriod(Period),
    /// ADD or DROP SYSTEM VERSIONING
    SetVersioned(bool),
    /// PARTITION BY; it has to be the last clause.
    PartitionBy(Box<PartitionScheme>),
    /// REMOVE PARTITIONING; it has to be the last clause.
    RemovePartitioning,
    /// ADD PARTITION (…). This and the following clauses need a statement of their own.
    AddPartitions(Vec<Partition>),
    /// ADD PARTITION PARTITIONS n
    AddPartitionCount(u32),
    /// DROP PARTITION
    DropPartitions(Vec<String>),
    /// COALESCE PARTITION n
    CoalescePartitions(u32),
    /// REORGANIZE PARTITION … INTO (…)
    ReorganizePartitions {
        /// The names of the replaced partitions.
        from: Vec<String>,
        /// The new partitions.
        into: Vec<Partition>,
    },
    /// ENGINE
    Engine(String),
    /// DEFAULT CHARSET … COLLATE …
    DefaultCollation {
        /// The character set.
        charset: Option<String>,
        /// The collation.
        collation: Option<String>,
    },
    /// ROW_FORMAT; `None` for the server's default.
    RowFormat(Option<String>),
    /// COMMENT
    Comment(String),
    /// Any other option; `None` sets it to its default.
    Option {
        /// The name, in upper case.
        name: String,
        /// The value, as written in SQL.
        value: Option<String>,
    },
}

/// The statement in SQL. It is on one line if it has only one clause.
pub fn statement(statement: &Statement, server: &Server) -> Sql {
    Sql::from(statement_text(statement, server))
}

fn statement_text(statement: &Statement, server: &Server) -> String {
    match statement {
        Statement::CreateTable(table) => create_table(table, server),
        Statement::DropTable(name) => format!("DROP TABLE {}", quote_identifier(name)),
        Statement::RenameTables(names) => {
            let renames: Vec<String> = names
                .iter()
                .map(|(from, to)| format!("{} TO {}", quote_identifier(from), quote_identifier(to)))
                .collect();
            format!("RENAME TABLE {}", renames.join(", "))
        }
        Statement::AlterTable { table, clauses, options, rewrites_history } => {
            let explicit =
                clauses.iter().any(|clause| matches!(clause, Clause::DefaultCollation { .. }));
            let writer = Writer { server, options, explicit_collation: explicit };
            let alter = match rewrites_history {
                true => "SET STATEMENT system_versioning_alter_history=KEEP FOR\nALTER TABLE",
                false => "ALTER TABLE",
            };
            // Partitioning comes last, with no comma before it.
            let (last, others): (Vec<&Clause>, Vec<&Clause>) =
                clauses.iter().partition(|clause| is_partitioning(clause));
            let texts: Vec<String> = others.iter().map(|clause| writer.clause(clause)).collect();
            let table = quote_identifier(table);
            let mut statement = match texts.as_slice() {
                [] => format!("{alter} {table}"),
                [only] => format!("{alter} {table} {only}"),
                several => format!("{alter} {table}\n  {}", several.join(",\n  ")),
            };
            for clause in last {
                let alone = texts.is_empty() && *clause == Clause::RemovePartitioning;
                statement.push(if alone { ' ' } else { '\n' });
                statement.push_str(&writer.clause(clause));
            }
            statement
        }
    }
}

fn is_partitioning(clause: &Clause) -> bool {
    matches!(clause, Clause::PartitionBy(_) | Clause::RemovePartitioning)
}

struct Writer<'a> {
    server: &'a Server,
    options: &'a TableOptions,
    /// Whether the table's default changes in the same statement; then each column names its own.
    explicit_collation: bool,
}

impl Writer<'_> {
    fn clause(&self, clause: &Clause) -> String {
        let name = quote_identifier;
        match clause {
            Clause::Copy => "ALGORITHM=COPY".to_owned(),
            Clause::DropForeignKey(key) => format!("DROP FOREIGN KEY {}", name(key)),
            Clause::DropCheck(check) => {
                let keyword =
                    if self.server.can(Capability::DropCheck) { "CHECK" } else { "CONSTRAINT" };
                format!("DROP {keyword} {}", name(check))
            }
            Clause::DropPrimaryKey => "DROP PRIMARY KEY".to_owned(),
            Clause::DropIndex(index) => format!("DROP INDEX {}", name(index)),
            Clause::RenameIndex { from, to } => {
                format!("RENAME INDEX {} TO {}", name(from), name(to))
            }
            Clause::DropColumn(column) => format!("DROP COLUMN {}", name(column)),
            Clause::RenameColumn { from, to } => {
                format!("RENAME COLUMN {} TO {}", name(from), name(to))
            }
            Clause::ChangeColumn { old_name, column, place } => {
                let head = if *old_name == column.name {
                    "MODIFY COLUMN".to_owned()
                } else {
                    format!("CHANGE COLUMN {}", name(old_name))
                };
                self.column(&head, column, place.as_ref())
            }
            Clause::AddColumn { column, place } => {
                self.column("ADD COLUMN", column, place.as_ref())
            }
            Clause::AddIndex(index) => format!("ADD {}", index_definition(index, self.server)),
            Clause::ShowIndex { name: index, invisible } => {
                format!("ALTER INDEX {} {}", name(index), self.visibility(*invisible))
            }
            Clause::AddForeignKey(key) => format!("ADD {}", foreign_key_definition(key)),
            Clause::AddCheck(check) => format!("ADD {}", check_definition(check)),
            Clause::EnforceCheck { name: check, enforced } => {
                let not = if *enforced { "" } else { "NOT " };
                format!("ALTER CHECK {} {not}ENFORCED", name(check))
            }
            Clause::AddPeriod(period) => format!("ADD {}", period_definition(period)),
            Clause::DropPeriod(period) => format!("DROP PERIOD FOR {}", period_name(period)),
            Clause::SetVersioned(true) => "ADD SYSTEM VERSIONING".to_owned(),
            Clause::SetVersioned(false) => "DROP SYSTEM VERSIONING".to_owned(),
            Clause::PartitionBy(scheme) => partition_by(scheme),
            Clause::RemovePartitioning => "REMOVE PARTITIONING".to_owned(),
            Clause::AddPartitions(partitions) => {
                format!("ADD PARTITION{}", block(partitions))
            }
            Clause::AddPartitionCount(count) => format!("ADD PARTITION PARTITIONS {count}"),
            Clause::DropPartitions(names) => format!("DROP PARTITION {}", quoted(names)),
            Clause::CoalescePartitions(count) => format!("COALESCE PARTITION {count}"),
            Clause::ReorganizePartitions { from, into } => {
                format!("REORGANIZE PARTITION {} INTO{}", quoted(from), block(into))
            }
            option => self.option(option),
        }
    }

    fn column(&self, head: &str, column: &Column, place: Option<&ColumnPosition>) -> String {
        let definition = if self.explicit_collation {
            column_definition(column, self.server, Keywords::Upper)
        } else {
            column_clause(column, self.options, self.server)
        };
        let place = match place {
            None => String::new(),
            Some(ColumnPosition::First) => " FIRST".to_owned(),
            Some(ColumnPosition::After(other)) => format!(" AFTER {}", quote_identifier(other)),
        };
        format!("{head} {} {definition}{place}", quote_identifier(&column.name))
    }

    fn visibility(&self, invisible: bool) -> String {
        match (invisible, self.server.vendor) {
            (true, _) => invisible_keyword(self.server).to_owned(),
            (false, Vendor::MySql) => "VISIBLE".to_owned(),
            (false, Vendor::MariaDb) => "NOT IGNORED".to_owned(),
        }
    }

    fn option(&self, clause: &Clause) -> String {
        match clause {
            Clause::Engine(engine) => format!("ENGINE={engine}"),
            Clause::DefaultCollation { charset, collation } => {
                let charset = charset.as_ref().map(|charset| format!("DEFAULT CHARSET={charset}"));
                let collation = collation.as_ref().map(|collation| format!("COLLATE={collation}"));
                charset.into_iter().chain(collation).collect::<Vec<_>>().join(" ")
            }
            Clause::RowFormat(format) => {
                format!("ROW_FORMAT={}", format.as_deref().unwrap_or("DEFAULT"))
            }
            Clause::Comment(comment) => format!("COMMENT={}", quote_string(comment)),
            Clause::Option { name, value } => {
                let value = value.as_deref().unwrap_or_else(|| unset(name));
                format!("{}={value}", option_name(name))
            }
            _ => String::new(),
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(", ")
}

/// Partitions in parentheses, one per line if there are several.
fn block(partitions: &[Partition]) -> String {
    let gap = if partitions.len() > 1 { '\n' } else { ' ' };
    format!("{gap}{}", partition_list(partitions))
}

/// The value that sets an option to its default (MySQL manual, 15.1.20 "Table Options").
fn unset(option: &str) -> &'static str {
    match option {
        "AUTOEXTEND_SIZE" | "AVG_ROW_LENGTH" | "CHECKSUM" | "DELAY_KEY_WRITE"
        | "KEY_BLOCK_SIZE" | "MAX_ROWS" | "MIN_ROWS" | "TRANSACTIONAL" => "0",
        "COMPRESSION" | "CONNECTION" => "''",
        "ENCRYPTION" => "'N'",
        "INSERT_METHOD" => "NO",
        "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" => "''",
        "TABLESPACE" => "`innodb_file_per_table`",
        _ => "DEFAULT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ColumnType, IndexKind, IndexPart};

    fn alter(clauses: Vec<Clause>, server: Server) -> String {
        let alter = Statement::AlterTable {
            table: "t`t".to_owned(),
            clauses,
            options: TableOptions::default(),
            rewrites_history: false,
        };
        statement(&alter, &server).text
    }

    #[test]
    fn one_clause_is_on_one_line() {
        let drop = vec![Clause::DropIndex("i".to_owned())];
        assert_eq!(alter(drop, Server::ASSUMED), "ALTER TABLE `t``t` DROP INDEX `i`");
    }

    #[test]
    fn servers_spell_clauses_their_way() {
        let clauses = || {
            vec![
                Clause::DropCheck("c".to_owned()),
                Clause::ShowIndex { name: "i".to_owned(), invisible: true },
                Clause::ShowIndex { name: "j".to_owned(), invisible: false },
            ]
        };
        insta::assert_snapshot!(alter(clauses(), Server::mysql(9, 0, 0)), @r"
        ALTER TABLE `t``t`
          DROP CHECK `c`,
          ALTER INDEX `i` INVISIBLE,
          ALTER INDEX `j` VISIBLE
        ");
        insta::assert_snapshot!(alter(clauses(), Server::mariadb(11, 4, 0)), @r"
        ALTER TABLE `t``t`
          DROP CONSTRAINT `c`,
          ALTER INDEX `i` IGNORED,
          ALTER INDEX `j` NOT IGNORED
        ");
    }

    #[test]
    fn columns_have_their_position() {
        let column = Box::new(Column::new("b", ColumnType::Date));
        let clauses = vec![
            Clause::ChangeColumn {
                old_name: "a".to_owned(),
                column: column.clone(),
                place: Some(ColumnPosition::First),
            },
            Clause::ChangeColumn { old_name: "b".to_owned(), column: column.clone(), place: None },
            Clause::AddColumn { column, place: Some(ColumnPosition::After("x".to_owned())) },
            Clause::AddIndex(Index::new("i", IndexKind::Plain, vec![IndexPart::column("b")])),
            Clause::Option { name: "MAX_ROWS".to_owned(), value: None },
        ];
        insta::assert_snapshot!(alter(clauses, Server::ASSUMED), @r"
        ALTER TABLE `t``t`
          CHANGE COLUMN `a` `b` date DEFAULT NULL FIRST,
          MODIFY COLUMN `b` date DEFAULT NULL,
          ADD COLUMN `b` date DEFAULT NULL AFTER `x`,
          ADD KEY `i` (`b`),
          MAX_ROWS=0
        ");
    }
}
