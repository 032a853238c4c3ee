//! CREATE TABLE.

use super::Keywords;
use super::column::column_definition;
use super::index::index_definition;
use super::partition::partition_by;
use crate::model::{
    Check, Column, ForeignKey, Index, IndexKind, Period, ReferentialAction, Table, TableOptions,
};
use crate::server::Server;
use crate::syntax::quote::{quote_identifier, quote_string};

/// The statement that makes a table, without a semicolon, one clause per line, like SHOW CREATE
/// TABLE.
pub fn create_table(table: &Table, server: &Server) -> String {
    let mut clauses: Vec<String> = Vec::new();
    for column in &table.columns {
        let definition = column_clause(column, &table.options, server);
        clauses.push(format!("{} {definition}", quote_identifier(&column.name)));
    }
    let (of_system, own): (Vec<&Period>, _) =
        table.periods.iter().partition(|period| period.is_system_time());
    clauses.extend(own.into_iter().map(period_definition));
    let mut indexes: Vec<&Index> = table.all_indexes().collect();
    indexes.sort_by_key(|index| place_of(index, table));
    clauses.extend(indexes.iter().map(|index| index_definition(index, server)));
    clauses.extend(table.foreign_keys.iter().map(foreign_key_definition));
    clauses.extend(of_system.into_iter().map(period_definition));
    clauses.extend(table.checks.iter().map(check_definition));
    let body = clauses.join(",\n  ");
    let mut statement = format!("CREATE TABLE {} (\n  {body}\n)", quote_identifier(&table.name));
    let options = table_options(&table.options);
    if !options.is_empty() {
        statement.push(' ');
        statement.push_str(&options);
    }
    if table.versioned {
        statement.push_str(" WITH SYSTEM VERSIONING");
    }
    if let Some(scheme) = table.partition_scheme() {
        statement.push('\n');
        statement.push_str(&partition_by(scheme));
    }
    statement
}

/// A period as written in CREATE TABLE and ALTER TABLE … ADD.
pub(super) fn period_definition(period: &Period) -> String {
    let columns = names(&[period.start.clone(), period.end.clone()]);
    format!("PERIOD FOR {} ({columns})", period_name(period))
}

/// The name of a period. The name of the system-time period is a keyword.
pub(super) fn period_name(period: &Period) -> String {
    match period.is_system_time() {
        true => Period::SYSTEM_TIME.to_owned(),
        false => quote_identifier(&period.name),
    }
}

/// A column's definition without what it inherits from the table's options.
pub(super) fn column_clause(column: &Column, options: &TableOptions, server: &Server) -> String {
    let inherited = column.collation.is_some()
        && !column.states_charset
        && column.charset == options.charset
        && column.collation == options.collation;
    if !inherited {
        return column_definition(column, server, Keywords::Upper);
    }
    let bare = Column { charset: None, collation: None, ..column.clone() };
    column_definition(&bare, server, Keywords::Upper)
}

/// The position of an index in the server's order.
fn place_of(index: &Index, table: &Table) -> u8 {
    let nullable = |index: &Index| {
        index.column_names().any(|name| table.column(name).is_some_and(|column| column.nullable))
    };
    match index.kind {
        IndexKind::Primary => 0,
        IndexKind::Unique if !nullable(index) => 1,
        IndexKind::Unique => 2,
        IndexKind::Plain | IndexKind::Spatial => 3,
        IndexKind::Fulltext | IndexKind::Vector => 4,
    }
}

/// A foreign key as written in CREATE TABLE and ALTER TABLE … ADD. NO ACTION, the default, is left
/// out.
pub(super) fn foreign_key_definition(key: &ForeignKey) -> String {
    let schema = key
        .referenced_schema
        .as_ref()
        .map(|schema| format!("{}.", quote_identifier(schema)))
        .unwrap_or_default();
    let name = if key.name.is_empty() {
        String::new()
    } else {
        format!("CONSTRAINT {} ", quote_identifier(&key.name))
    };
    let mut text = format!(
        "{name}FOREIGN KEY ({}) REFERENCES {schema}{} ({})",
        names(&key.columns),
        quote_identifier(&key.referenced_table),
        names(&key.referenced_columns)
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != ReferentialAction::NoAction {
            text.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    text
}

/// A CHECK as written in CREATE TABLE and ALTER TABLE … ADD.
pub(super) fn check_definition(check: &Check) -> String {
    let name = if check.name.is_empty() {
        String::new()
    } else {
        format!("CONSTRAINT {} ", quote_identifier(&check.name))
    };
    let enforced = if check.enforced { "" } else { " NOT ENFORCED" };
    format!("{name}CHECK ({}){enforced}", check.expression.text)
}

/// The text after the closing parenthesis.
pub fn table_options(options: &TableOptions) -> String {
    let mut words = Vec::new();
    if let Some(engine) = &options.engine {
        words.push(format!("ENGINE={engine}"));
    }
    if let Some(next) = options.auto_increment {
        words.push(format!("AUTO_INCREMENT={next}"));
    }
    if let (Some(charset), false) = (&options.charset, options.inherits_charset) {
        words.push(format!("DEFAULT CHARSET={charset}"));
    }
    if let (Some(collation), false) = (&options.collation, options.inherits_charset) {
        words.push(format!("COLLATE={collation}"));
    }
    for (name, value) in &options.other {
        words.push(format!("{}={value}", option_name(name)));
    }
    if let Some(format) = &options.row_format {
        words.push(format!("ROW_FORMAT={format}"));
    }
    if !options.comment.is_empty() {
        words.push(format!("COMMENT={}", quote_string(&options.comment)));
    }
    words.join(" ")
}

/// The name of an option. It is quoted if it isn't a word of SQL, because an engine may define any.
pub(super) fn option_name(name: &str) -> String {
    let is_word = name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'_' | b' '));
    if is_word { name.to_owned() } else { quote_identifier(name) }
}

fn names(columns: &[String]) -> String {
    columns.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ColumnType, Expression, IndexPart};

    #[test]
    fn a_table_is_one_clause_a_line() {
        let mut table = Table::new("re`ports");
        let mut id = Column::new("id", ColumnType::Varchar { length: 36 });
        id.nullable = false;
        id.charset = Some("utf8mb4".to_owned());
        id.collation = Some("utf8mb4_bin".to_owned());
        let mut user = id.clone();
        user.name = "user".to_owned();
        user.collation = Some("utf8mb4_general_ci".to_owned());
        table.columns = vec![id, user];
        table.primary_key =
            Some(Index::new("PRIMARY", IndexKind::Primary, vec![IndexPart::column("id")]));
        table.indexes = vec![
            Index::new("k", IndexKind::Plain, vec![IndexPart::column("user")]),
            Index::new("u", IndexKind::Unique, vec![IndexPart::column("user")]),
        ];
        table.foreign_keys = vec![ForeignKey {
            name: "f".to_owned(),
            columns: vec!["user".to_owned()],
            referenced_schema: Some("other".to_owned()),
            referenced_table: "users".to_owned(),
            referenced_columns: vec!["id".to_owned()],
            on_delete: ReferentialAction::Cascade,
            on_update: ReferentialAction::NoAction,
            implicit_index: None,
        }];
        table.checks = vec![Check {
            name: "c".to_owned(),
            expression: Expression::new("`id` <> ''"),
            enforced: false,
        }];
        table.options.engine = Some("InnoDB".to_owned());
        table.options.charset = Some("utf8mb4".to_owned());
        table.options.collation = Some("utf8mb4_bin".to_owned());
        table.options.comment = "Reports".to_owned();
        insta::assert_snapshot!(create_table(&table, &Server::mysql(8, 4, 0)), @r"
        CREATE TABLE `re``ports` (
          `id` varchar(36) NOT NULL,
          `user` varchar(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
          PRIMARY KEY (`id`),
          UNIQUE KEY `u` (`user`),
          KEY `k` (`user`),
          CONSTRAINT `f` FOREIGN KEY (`user`) REFERENCES `other`.`users` (`id`) ON DELETE CASCADE,
          CONSTRAINT `c` CHECK (`id` <> '') NOT ENFORCED
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Reports'
        ");
    }
}
