//! The ordered statements that carry out a difference, each with its reverse and its risks.

mod actions;
mod foreign_keys;
mod objects;
mod order;
mod partitions;
mod references_columns;
mod reverse;
mod risk;
mod session;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod view_uses;

use crate::ddl::{ObjectStatement, ScriptSession, Sql, Statement};
use crate::diff::{Change, Difference};
use crate::model::{Element, Schema};
use crate::server::Server;

/// The statements that take one schema to another, in the order in which they must run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// The settings of the session that all of them assume, as do their reverses.
    pub session: ScriptSession,
}

impl Plan {
    /// The statements of the reverse, a step at a time, in the order in which they run: the last
    /// step's first. A step that leaves nothing to take back is no part of the way.
    pub fn steps_back(&self) -> impl Iterator<Item = &Step> {
        let is_part = |step: &&Step| !matches!(&step.reverse, Reverse::Sql(sql) if sql.is_empty());
        self.steps.iter().rev().filter(is_part)
    }
}

impl Plan {
    /// All that runs, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Sql> {
        self.steps.iter().flat_map(Step::statements)
    }

    /// All that takes it back, in order: the last step's first. What has no reverse is left out.
    pub fn reverse_statements(&self) -> impl Iterator<Item = &Sql> {
        self.steps.iter().rev().flat_map(|step| step.reverse.statements())
    }
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The table that it alters, or what else it is done to (`view recent_reports`).
    pub table: String,
    /// The part of the difference that it carries out or prepares: one change, of a table that is
    /// altered in several steps with the table before and after this one.
    pub cause: Box<Change>,
    /// What it does, an entry for each change that it carries out or prepares.
    pub actions: Vec<Action>,
    /// The statement.
    pub statement: StepStatement,
    /// What sets the session up for the statement, where it needs settings of its own or another
    /// statement before it.
    pub before: Option<Sql>,
    /// The statement's text.
    pub sql: Sql,
    /// What gives the session its own settings back.
    pub after: Option<Sql>,
    /// The reverse.
    pub reverse: Reverse,
    /// What a reviewer must know.
    pub risks: Vec<Risk>,
    /// What a reviewer must know of the reverse: values written since that it destroys, rows
    /// that it may fail on.
    pub reverse_risks: Vec<Risk>,
}

impl Step {
    /// All that runs, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Sql> {
        self.before.iter().chain([&self.sql]).chain(&self.after)
    }
}

/// The statement of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepStatement {
    /// On a table.
    Table(Statement),
    /// On a view, trigger, routine, event or sequence.
    Object(ObjectStatement),
}

/// One thing that a step does, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it is done to.
    pub element: Element,
    /// A few words (`add index ix_a (a)`, `drop column b`, `change type from int to bigint`).
    pub summary: String,
}

/// The reverse from a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reverse {
    /// Statements that restore what was there, in order; none where the step leaves nothing to
    /// take back.
    Sql(Vec<Sql>),
    /// Statements that restore the definition but not what `lost` names.
    Lossy {
        /// The statements, in order.
        sql: Vec<Sql>,
        /// What stays lost (`the values of column b`).
        lost: String,
    },
    /// There is no reverse.
    Irreversible {
        /// Why.
        why: String,
    },
}

impl Reverse {
    /// The statements, in order; none where there is no reverse.
    pub fn statements(&self) -> &[Sql] {
        match self {
            Reverse::Sql(sql) | Reverse::Lossy { sql, .. } => sql,
            Reverse::Irreversible { .. } => &[],
        }
    }
}

/// Something about a step that a reviewer must know before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// What kind.
    pub kind: RiskKind,
    /// What it is about.
    pub element: Element,
    /// One sentence, with the names and both values.
    pub message: String,
}

/// The kinds of risk. Those that destroy data are marked wherever they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskKind {
    /// The table and all its rows go.
    DropTable,
    /// The column and all its values go.
    DropColumn,
    /// A generated column goes: what it holds is computed from the others, and comes back with it.
    DropGenerated,
    /// Rows that are there get NULL or an empty value in a new column, not a default of their own.
    EmptyValues,
    /// The statement is refused in a session that takes no zero date, which is the default.
    ZeroDate,
    /// The server takes the clause and does nothing: the table would have to be made anew.
    NoEffect,
    /// The statement is written without a password that it needs.
    HiddenPassword,
    /// The rows that were, which system versioning kept, all go.
    DropHistory,
    /// The rows that were are rewritten: what they said then is lost.
    RewriteHistory,
    /// Queries that used the index get slower; a unique one no longer holds its promise.
    DropIndex,
    /// A foreign key does something new to rows when the row that they refer to is deleted or gets
    /// another key: they go, get NULL, follow, or keep it from happening.
    ReferentialAction,
    /// A foreign key or CHECK that rows were held to goes.
    DropConstraint,
    /// The new type can't hold every value of the old: the statement fails. Or the value that a sequence has come to is not among those of its
    /// new bounds.
    LossyConversion,
    /// Values lose something without an error: they are rounded, cut or read otherwise, and the way
    /// back doesn't give them back.
    LoseValues,
    /// Values become others, of which the reverse makes the old ones again.
    ChangeValues,
    /// Members of an ENUM or SET go; rows that have them make the statement fail.
    RemoveMember,
    /// NULL is no longer allowed: rows with NULL make the statement fail.
    NotNull,
    /// An INSERT that doesn't name the column fails, or gets another value: its default goes, or
    /// it no longer counts up.
    NeedsValue,
    /// The table's new storage engine has no transactions.
    NoTransactions,
    /// Every row is written anew.
    Rebuild,
    /// A promise that rows may not keep: duplicates, orphans or rows that the CHECK refuses make
    /// the statement fail.
    NewConstraint,
    /// An expression is computed for every row, for a stored generated column or an index: rows for
    /// which it can't be make the statement fail. What is stored may become another value.
    ComputedValues,
    /// The character set or collation changes: values are converted, order and equality change.
    Charset,
    /// The partition and all its rows go, or those of its rows that no partition takes any longer.
    DropPartition,
    /// Rows are copied from partition to partition while nothing can be written.
    Repartition,
    /// Code that uses the old name breaks.
    Rename,
    /// A view, trigger, routine or event goes, for good or until it is made again: what uses it
    /// fails, rights on it go.
    DropObject,
    /// A sequence goes, with the value that it has come to.
    DropSequence,
    /// A view, trigger, routine, event, CHECK or generated column that is to be there uses what the
    /// step takes away.
    BreaksObject,
}

impl RiskKind {
    /// The name in kebab-case, as JSON and `--allow` have it.
    pub fn name(self) -> &'static str {
        match self {
            RiskKind::DropTable => "drop-table",
            RiskKind::DropColumn => "drop-column",
            RiskKind::DropGenerated => "drop-generated",
            RiskKind::EmptyValues => "empty-values",
            RiskKind::ZeroDate => "zero-date",
            RiskKind::NoEffect => "no-effect",
            RiskKind::HiddenPassword => "hidden-password",
            RiskKind::DropHistory => "drop-history",
            RiskKind::RewriteHistory => "rewrite-history",
            RiskKind::DropIndex => "drop-index",
            RiskKind::ReferentialAction => "referential-action",
            RiskKind::DropConstraint => "drop-constraint",
            RiskKind::LossyConversion => "lossy-conversion",
            RiskKind::LoseValues => "lose-values",
            RiskKind::ChangeValues => "change-values",
            RiskKind::RemoveMember => "remove-member",
            RiskKind::NotNull => "not-null",
            RiskKind::NeedsValue => "needs-value",
            RiskKind::NoTransactions => "no-transactions",
            RiskKind::Rebuild => "rebuild",
            RiskKind::NewConstraint => "new-constraint",
            RiskKind::ComputedValues => "computed-values",
            RiskKind::Charset => "charset",
            RiskKind::DropPartition => "drop-partition",
            RiskKind::Repartition => "repartition",
            RiskKind::Rename => "rename",
            RiskKind::DropObject => "drop-object",
            RiskKind::DropSequence => "drop-sequence",
            RiskKind::BreaksObject => "breaks-object",
        }
    }

    /// Whether it is about the rows themselves: what they lose, where they are, or what makes them
    /// stop a statement.
    fn concerns_rows(self) -> bool {
        !matches!(
            self,
            RiskKind::DropIndex
                | RiskKind::DropConstraint
                | RiskKind::ReferentialAction
                | RiskKind::Rename
                | RiskKind::DropObject
                | RiskKind::BreaksObject
                | RiskKind::DropGenerated
                | RiskKind::ZeroDate
                | RiskKind::NoEffect
                | RiskKind::NeedsValue
        )
    }

    /// Whether data is gone once the statement has run.
    pub fn destroys_data(self) -> bool {
        matches!(
            self,
            RiskKind::DropTable
                | RiskKind::DropColumn
                | RiskKind::DropHistory
                | RiskKind::DropSequence
                | RiskKind::DropPartition
                | RiskKind::LoseValues
        )
    }
}

/// Orders a difference into statements for a server. `from` and `to` are the schemas that the
/// difference was made of.
///
/// First tables are renamed, and foreign keys and CHECKs go that stand in the way of what
/// follows; then tables are made, each after those that it refers to; then tables are altered,
/// one statement each unless the server can't do all of it at once; then come the foreign keys
/// that had to wait; last, tables are dropped, each before those that it refers to. Around all of
/// that stand the other objects: sequences and what goes first, what comes last.
pub fn plan(from: &Schema, to: &Schema, difference: &Difference, server: &Server) -> Plan {
    order::PlanBuilder::new(from, to, difference, server).build()
}
