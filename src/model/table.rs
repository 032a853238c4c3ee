//! A table, its constraints and its options.

use std::collections::BTreeMap;

use super::{
    Column, ColumnType, DefaultValue, Element, Expression, Index, IntegerSize, KeyPart,
    PartitionList, PartitionScheme, Partitioning, Sign,
};

/// The column of a primary key that the server generates.
pub const GENERATED_KEY: &str = "my_row_id";

/// A base table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The table's name.
    pub name: String,
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// The primary key.
    pub primary_key: Option<Index>,
    /// The other indexes, in the source's order.
    pub indexes: Vec<Index>,
    /// Foreign keys, in the source's order.
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK constraints of the table, in the source's order.
    pub checks: Vec<Check>,
    /// `WITH SYSTEM VERSIONING`: the server keeps every former row (MariaDB "System-Versioned
    /// Tables").
    pub versioned: bool,
    /// `PERIOD FOR`, including [`Period::SYSTEM_TIME`] if its columns are named.
    pub periods: Vec<Period>,
    /// Engine, character set, comment and so on.
    pub options: TableOptions,
    /// How it is partitioned; `None` if it isn't.
    pub partitioning: Option<Partitioning>,
    /// The table's former name, if schema.yaml declares a rename.
    pub renamed_from: Option<String>,
    /// Clauses that the table has and the model can't hold, each a short text for a person (`PERIOD
    /// FOR p`). A table that has any is reported and never altered.
    pub unsupported: Vec<String>,
}

impl Table {
    /// A table without columns.
    pub fn new(name: impl Into<String>) -> Self {
        Table { name: name.into(), ..Table::default() }
    }

    /// The column of this name, case-insensitively.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same_name(&column.name, name))
    }

    /// The index of this name, case-insensitively; `PRIMARY` is the primary key.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.all_indexes().find(|index| same_name(&index.name, name))
    }

    /// The primary key, if there is one, and then the other indexes.
    pub fn all_indexes(&self) -> impl Iterator<Item = &Index> {
        self.primary_key.iter().chain(&self.indexes)
    }

    /// The foreign key of this name, case-insensitively.
    pub fn foreign_key(&self, name: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| same_name(&key.name, name))
    }

    /// Every expression in the table, in defaults, generated columns, CHECKs, index parts and
    /// partitions, each with its element.
    pub fn expressions_mut(&mut self) -> impl Iterator<Item = (Element, &mut Expression)> {
        let table = self.name.as_str();
        let columns = self.columns.iter_mut().flat_map(move |column| {
            let element = Element::column(table, &column.name);
            let default = match &mut column.default {
                Some(DefaultValue::Expression(expression)) => Some(expression),
                _ => None,
            };
            let generated = column.generated.as_mut().map(|generated| &mut generated.expression);
            let all = default.into_iter().chain(generated).chain(column.check.as_mut());
            all.map(move |expression| (element.clone(), expression))
        });
        let parts = self.primary_key.iter_mut().chain(&mut self.indexes).flat_map(move |index| {
            let element = Element::index(table, &index.name);
            let expressions = index.parts.iter_mut().filter_map(|part| match &mut part.key {
                KeyPart::Expression(expression) => Some(expression),
                KeyPart::Column { .. } => None,
            });
            expressions.map(move |expression| (element.clone(), expression))
        });
        let checks = self
            .checks
            .iter_mut()
            .map(move |check| (Element::check(table, &check.name), &mut check.expression));
        let scheme = match &mut self.partitioning {
            Some(Partitioning::By(scheme)) => Some(scheme),
            _ => None,
        };
        let partitions = scheme
            .into_iter()
            .flat_map(PartitionScheme::expressions_mut)
            .map(move |expression| (Element::partitioning(table), expression));
        columns.chain(parts).chain(checks).chain(partitions)
    }

    /// The table and each of its parts, by their names. Its options are those that it may have
    /// without saying so, and what else it says.
    pub fn elements(&self) -> Vec<Element> {
        let table = self.name.as_str();
        let mut elements = vec![Element::table(table)];
        let option = |key: &str| Element::option(table, key);
        elements.extend(["engine", "charset", "collation", "row_format", "comment"].map(option));
        elements.extend((!self.options.other.is_empty()).then(|| option("options")));
        elements.extend(self.versioned.then(|| option("system_versioning")));
        elements.extend(self.columns.iter().map(|it| Element::column(table, &it.name)));
        elements.extend(self.all_indexes().map(|it| Element::index(table, &it.name)));
        elements.extend(self.foreign_keys.iter().map(|it| Element::foreign_key(table, &it.name)));
        elements.extend(self.checks.iter().map(|it| Element::check(table, &it.name)));
        elements.extend(self.periods.iter().map(|it| Element::period(table, &it.name)));
        if let Some(scheme) = self.partition_scheme() {
            elements.push(Element::partitioning(table));
            if let PartitionList::Listed(partitions) = &scheme.partitions {
                elements.extend(partitions.iter().map(|it| Element::partition(table, &it.name)));
            }
        }
        elements
    }

    /// How it is partitioned, if that is declared.
    pub fn partition_scheme(&self) -> Option<&PartitionScheme> {
        self.partitioning.as_ref().and_then(Partitioning::scheme)
    }

    /// The period of this name, case-insensitively.
    pub fn period(&self, name: &str) -> Option<&Period> {
        self.periods.iter().find(|period| same_name(&period.name, name))
    }

    /// The system-time period, if its columns are named.
    pub fn system_period(&self) -> Option<&Period> {
        self.period(Period::SYSTEM_TIME)
    }

    /// Whether its primary key looks like one that some servers generate for a table without one
    /// (MySQL 15.1.20.11 "Generated Invisible Primary Keys"): only on the first column, which is
    /// invisible and named [`GENERATED_KEY`]. Such servers take any key that looks like this for a
    /// generated one.
    pub fn has_generated_key(&self) -> bool {
        let (Some(column), Some(key)) = (self.columns.first(), &self.primary_key) else {
            return false;
        };
        let is_big = matches!(
            column.ty,
            ColumnType::Integer { size: IntegerSize::Big, sign: Sign::Unsigned, .. }
        );
        column.name == GENERATED_KEY
            && is_big
            && column.auto_increment
            && column.invisible
            && key.column_names().eq([GENERATED_KEY])
            && key.parts.len() == 1
    }

    /// The CHECK of this name, case-insensitively.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| same_name(&check.name, name))
    }
}

/// Two columns with the start and the end of the time for which a row is valid (MariaDB
/// "Application-Time Periods").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its name; [`Period::SYSTEM_TIME`] for the system-time period.
    pub name: String,
    /// The column with the start.
    pub start: String,
    /// The column with the end, which is the first moment after the period.
    pub end: String,
}

impl Period {
    /// The name of the system-time period.
    pub const SYSTEM_TIME: &'static str = "SYSTEM_TIME";

    /// Whether it is the system-time period.
    pub fn is_system_time(&self) -> bool {
        same_name(&self.name, Period::SYSTEM_TIME)
    }
}

/// Whether two names of columns, indexes or constraints are the same name to the server, which
/// ignores their case (MySQL manual, 11.2.3 "Identifier Case Sensitivity").
pub fn same_name(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.to_lowercase() == b.to_lowercase()
}

/// The options after the closing parenthesis of CREATE TABLE.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The storage engine.
    pub engine: Option<String>,
    /// The default character set for columns.
    pub charset: Option<String>,
    /// The default collation for columns.
    pub collation: Option<String>,
    /// Whether the source has no character set for it, so that it inherits that of the database.
    /// Set by `normalize`, and never compared. If the database's is unknown, `normalize` leaves
    /// both `None`.
    pub inherits_charset: bool,
    /// ROW_FORMAT, in upper case, if written.
    pub row_format: Option<String>,
    /// The comment; empty if there is none.
    pub comment: String,
    /// The next AUTO_INCREMENT value, if the source says it. Never compared.
    pub auto_increment: Option<u64>,
    /// Every other option as written, by its name in upper case (`STATS_PERSISTENT`,
    /// `KEY_BLOCK_SIZE`, …). The values are as they may be written in SQL.
    pub other: BTreeMap<String, String>,
}

/// The replacement for a password in the option CONNECTION: no password is ever kept.
pub const HIDDEN_PASSWORD: &str = "***";

impl TableOptions {
    /// The option CONNECTION of a table whose rows are on another server, as it may be written in
    /// SQL. It may need a password.
    pub fn connection(&self) -> Option<&str> {
        self.other.get("CONNECTION").map(String::as_str)
    }

    /// Whether a password in it was left out, so that a person who creates the table has to put it
    /// in.
    pub fn hides_password(&self) -> bool {
        self.connection().is_some_and(|text| text.contains(HIDDEN_PASSWORD))
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name, unique in its schema.
    pub name: String,
    /// The referencing columns, in order.
    pub columns: Vec<String>,
    /// The referenced table's database, if it is another one.
    pub referenced_schema: Option<String>,
    /// The referenced table.
    pub referenced_table: String,
    /// The referenced columns, one for each of [`ForeignKey::columns`].
    pub referenced_columns: Vec<String>,
    /// ON DELETE.
    pub on_delete: ReferentialAction,
    /// ON UPDATE.
    pub on_update: ReferentialAction,
    /// The name of the implicit index, which the server made because no other index serves the
    /// foreign key; `None` if that is the constraint's name. Never compared.
    pub implicit_index: Option<String>,
}

impl ForeignKey {
    /// The name of the implicit index, if no other index serves the foreign key.
    pub fn implicit_index_name(&self) -> &str {
        self.implicit_index.as_deref().unwrap_or(&self.name)
    }
}

/// What happens to a referencing row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ReferentialAction {
    /// NO ACTION. RESTRICT is the same in InnoDB, and `normalize` replaces it by this.
    #[default]
    NoAction,
    /// RESTRICT
    Restrict,
    /// CASCADE
    Cascade,
    /// SET NULL
    SetNull,
    /// SET DEFAULT, which InnoDB accepts and doesn't carry out.
    SetDefault,
}

impl ReferentialAction {
    /// The SQL keywords.
    pub fn sql(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "NO ACTION",
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        }
    }
}

/// A CHECK constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// The condition, which may not be false for any row.
    pub expression: Expression,
    /// Whether the server enforces it (MySQL `NOT ENFORCED`).
    pub enforced: bool,
}
