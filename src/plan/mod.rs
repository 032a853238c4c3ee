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

use std::ops::Range;

use crate::ddl::{ObjectStatement, ScriptSession, Sql, Statement};
use crate::diff::{Change, Difference};
use crate::model::{Element, Schema};
use crate::server::Server;

/// The statements that turn one schema into another, in the order in which they must run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// The session settings that all steps and their reverses need.
    pub session: ScriptSession,
}

impl Plan {
    /// All statements of the plan, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Sql> {
        self.steps.iter().flat_map(Step::statements)
    }

    /// The steps in order, each with the numbers of its statements in a migration: they are counted
    /// from 1, without those that only set the session up.
    pub fn numbered_steps(&self) -> impl DoubleEndedIterator<Item = (Range<u32>, &Step)> {
        let mut next = 1;
        let numbered = self.steps.iter().map(move |step| {
            let first = next;
            next += step.statements().map(|sql| u32::from(!sql.sets_session)).sum::<u32>();
            (first..next, step)
        });
        numbered.collect::<Vec<_>>().into_iter()
    }

    /// All statements that undo the plan, in order: those of the last step come first. Steps
    /// without a reverse are left out.
    pub fn reverse_statements(&self) -> impl Iterator<Item = &Sql> {
        self.steps.iter().rev().flat_map(|step| step.reverse.statements())
    }
}

/// One part of a plan: a statement with its reverse and risks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The table that it alters, or another object that it changes (`view recent_reports`).
    pub table: String,
    /// The part of the difference that the step carries out or prepares: one change. If a table is
    /// altered in several steps, this is the table before and after this step.
    pub cause: Box<Change>,
    /// What the step does, with an entry for each change that it carries out or prepares.
    pub actions: Vec<Action>,
    /// The statement.
    pub statement: StepStatement,
    /// The statement that prepares the session, if the statement needs session settings of its own
    /// or another statement before it.
    pub before: Option<Sql>,
    /// The statement's text.
    pub sql: Sql,
    /// The statement that restores the session's own settings.
    pub after: Option<Sql>,
    /// How the step is undone.
    pub reverse: Reverse,
    /// What a reviewer must know before the statement runs.
    pub risks: Vec<Risk>,
    /// What a reviewer must know before the reverse runs: which values that were written since then
    /// it destroys, and which rows may make it fail.
    pub reverse_risks: Vec<Risk>,
}

impl Step {
    /// All statements of the step, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Sql> {
        self.before.iter().chain([&self.sql]).chain(&self.after)
    }
}

/// The statement of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepStatement {
    /// A statement on a table.
    Table(Statement),
    /// A statement on a view, trigger, routine, event or sequence.
    Object(ObjectStatement),
}

/// One thing that a step does, described in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The element that is changed.
    pub element: Element,
    /// A few words (`add index ix_a (a)`, `drop column b`, `change type from int to bigint`).
    pub summary: String,
}

/// How a step is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reverse {
    /// Statements that restore what was there, in order. The list is empty if there is nothing to
    /// undo.
    Sql(Vec<Sql>),
    /// Statements that restore the definition but not what `lost` names.
    Lossy {
        /// The statements, in order.
        sql: Vec<Sql>,
        /// What can't be restored (`the values of column b`).
        lost: String,
    },
    /// The step can't be undone.
    Irreversible {
        /// Why.
        why: String,
    },
}

impl Reverse {
    /// The statements, in order. The list is empty if the step can't be undone.
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
    /// The kind of risk.
    pub kind: RiskKind,
    /// The element that the risk is about.
    pub element: Element,
    /// One sentence with the names and both values.
    pub message: String,
}

/// The kinds of risk. Kinds that destroy data are marked as such wherever they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskKind {
    /// The table is dropped with all its rows.
    DropTable,
    /// The column is dropped with all its values.
    DropColumn,
    /// A generated column is dropped. Its values are computed from other columns, so they are
    /// computed again if the column is added again.
    DropGenerated,
    /// Existing rows get NULL or an empty value in a new column, and not a default of their own.
    EmptyValues,
    /// The statement is refused in a session that allows no zero dates, which is the default.
    ZeroDate,
    /// The server accepts the clause but ignores it: only a table that is created anew would have
    /// it.
    NoEffect,
    /// The statement is written without a password that it needs.
    HiddenPassword,
    /// All earlier versions of the rows, which system versioning has kept, are lost.
    DropHistory,
    /// The earlier versions of the rows are rewritten, so their old values are lost.
    RewriteHistory,
    /// All rows of the table are deleted at once. No plan does it; a file of SQL may.
    Truncate,
    /// Queries that used the index get slower.
    DropIndex,
    /// The index becomes invisible, so that queries no longer use it.
    InvisibleIndex,
    /// A unique index or primary key is dropped, so that duplicates are no longer refused.
    DropUnique,
    /// A foreign key acts in a new way when a referenced row is deleted or its key is changed: the
    /// referencing rows are deleted, set to NULL or updated, or the statement is refused.
    ReferentialAction,
    /// A foreign key or CHECK that the rows had to satisfy is dropped.
    DropConstraint,
    /// The new type can't hold every value of the old one, so the statement fails if there is such
    /// a value. Or the current value of a sequence is outside its new bounds.
    LossyConversion,
    /// Values lose something without an error: they are rounded, truncated or interpreted
    /// differently, and the reverse doesn't restore them.
    LoseValues,
    /// Values become other values, from which the reverse restores the old ones.
    ChangeValues,
    /// Members of an ENUM or SET are removed. Rows that have them make the statement fail.
    RemoveMember,
    /// NULL is no longer allowed. Rows with NULL make the statement fail.
    NotNull,
    /// An INSERT that doesn't name the column fails or gets another value, because the column loses
    /// its default or its AUTO_INCREMENT.
    NeedsValue,
    /// The new storage engine of the table has no transactions.
    NoTransactions,
    /// Every row is written again.
    Rebuild,
    /// A new constraint that existing rows may violate: duplicates, rows without a referenced row
    /// or rows that the CHECK refuses make the statement fail.
    NewConstraint,
    /// The expression of a stored generated column or of an index is computed for every row. Rows
    /// for which this fails make the statement fail, and stored values may change.
    ComputedValues,
    /// The character set or collation changes: values are converted, and sorting and comparison
    /// change.
    Charset,
    /// The partition is dropped with all its rows, or it loses those rows that no partition accepts
    /// any longer.
    DropPartition,
    /// Rows are copied from partition to partition, and meanwhile nothing can be written.
    Repartition,
    /// Code that uses the old name fails.
    Rename,
    /// A view, trigger, routine or event is dropped, for good or until it is created again. What
    /// uses it fails, and privileges on it are lost.
    DropObject,
    /// A sequence is dropped, and its current value is lost.
    DropSequence,
    /// A view, trigger, routine, event, CHECK or generated column of the new schema uses something
    /// that the step drops or renames.
    BreaksObject,
}

impl Risk {
    /// What it is called in a list of what a migration may do: `drop-column:reports.location`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.kind.name(), self.element.dotted())
    }
}

impl RiskKind {
    /// All kinds.
    pub const ALL: [RiskKind; 32] = [
        RiskKind::DropTable,
        RiskKind::DropColumn,
        RiskKind::DropGenerated,
        RiskKind::EmptyValues,
        RiskKind::ZeroDate,
        RiskKind::NoEffect,
        RiskKind::HiddenPassword,
        RiskKind::DropHistory,
        RiskKind::RewriteHistory,
        RiskKind::Truncate,
        RiskKind::DropIndex,
        RiskKind::InvisibleIndex,
        RiskKind::DropUnique,
        RiskKind::ReferentialAction,
        RiskKind::DropConstraint,
        RiskKind::LossyConversion,
        RiskKind::LoseValues,
        RiskKind::ChangeValues,
        RiskKind::RemoveMember,
        RiskKind::NotNull,
        RiskKind::NeedsValue,
        RiskKind::NoTransactions,
        RiskKind::Rebuild,
        RiskKind::NewConstraint,
        RiskKind::ComputedValues,
        RiskKind::Charset,
        RiskKind::DropPartition,
        RiskKind::Repartition,
        RiskKind::Rename,
        RiskKind::DropObject,
        RiskKind::DropSequence,
        RiskKind::BreaksObject,
    ];

    /// The name in kebab-case, as it is written in JSON and after `--allow`.
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
            RiskKind::Truncate => "truncate",
            RiskKind::DropIndex => "drop-index",
            RiskKind::InvisibleIndex => "invisible-index",
            RiskKind::DropUnique => "drop-unique",
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

    /// Whether the risk is about the rows themselves: what they lose, where they are stored, or
    /// whether they make a statement fail.
    fn concerns_rows(self) -> bool {
        !matches!(
            self,
            RiskKind::DropIndex
                | RiskKind::InvisibleIndex
                | RiskKind::DropUnique
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

    /// Whether data is lost once the statement has run.
    pub fn destroys_data(self) -> bool {
        matches!(
            self,
            RiskKind::DropTable
                | RiskKind::DropColumn
                | RiskKind::DropHistory
                | RiskKind::DropSequence
                | RiskKind::DropPartition
                | RiskKind::Truncate
                | RiskKind::LoseValues
        )
    }
}

/// Orders a difference into statements for a server. `from` and `to` are the two schemas that were
/// compared.
///
/// First, tables are renamed, and foreign keys and CHECKs that would block the later steps are
/// dropped. Then new tables are created, each after the tables that it references. Then tables are
/// altered, with one statement each unless the server can't do all of it at once. Then the foreign
/// keys that had to wait are added. Last, tables are dropped, each before the tables that it
/// references. The other objects are handled around these steps: sequences and drops come first,
/// the rest comes last.
pub fn plan(from: &Schema, to: &Schema, difference: &Difference, server: &Server) -> Plan {
    order::PlanBuilder::new(from, to, difference, server).build()
}
