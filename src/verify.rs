//! Whether a plan leads where it should: it is carried out on an empty copy in a database that the
//! user gives for this, and the result is read and compared; then the same with the reverse.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use thiserror::Error;

use crate::compare::Comparison;
use crate::ddl::{ScriptSession, Sql};
use crate::diff::diff;
use crate::model::{Element, ObjectKind, ObjectName, Schema, Table};
use crate::normalize::normalize;
use crate::plan::{Action, Plan, Reverse, plan};
use crate::self_check::self_check;
use crate::source::Loaded;
use crate::source::live::{self, LiveError, Scratch, ScratchError, StatementError};

/// A plan that was tried with success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The number of statements in the plan.
    pub statements: usize,
    /// Why the reverse was not tried, if there is none.
    pub irreversible_reason: Option<String>,
    /// The events that were left out because the server would have run them.
    pub events: Vec<String>,
    /// The elements of the result for which it is uncertain whether they are as they should be.
    pub uncertain: BTreeSet<Element>,
}

/// The phase in which something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leg {
    /// Creating the old schema.
    Beginning,
    /// Carrying out the plan.
    Forward,
    /// Carrying out the reverse.
    Back,
}

/// Why a plan failed the trial.
#[derive(Debug, Error)]
pub enum Unverified {
    /// The server refused a statement.
    #[error("{leg} failed: {error}\n{sql}")]
    Statement {
        /// In which phase.
        leg: Leg,
        /// The statement.
        sql: String,
        /// The error.
        error: StatementError,
    },
    /// All statements ran, but the result is not the expected schema.
    #[error("{leg} does not lead to {}", .found.to.label)]
    Elsewhere {
        /// In which phase.
        leg: Leg,
        /// The comparison from the result to the expected schema.
        found: Box<Comparison>,
    },
    /// The scratch database can't be read, or not be emptied again.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
}

impl From<LiveError> for Unverified {
    fn from(error: LiveError) -> Self {
        Unverified::Scratch(ScratchError::Live(error))
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Leg::Beginning => "making the old schema",
            Leg::Forward => "the plan",
            Leg::Back => "the reverse",
        })
    }
}

/// Carries the plan of a comparison out in the scratch database, and then its reverse. The database
/// is empty again afterwards, also after an error.
pub fn verify(comparison: &Comparison, scratch: &mut Scratch) -> Result<Verified, Unverified> {
    let outcome = Trial::new(comparison, &mut *scratch).and_then(Trial::run);
    let cleared = scratch.clear(&names(comparison));
    let verified = outcome?;
    cleared?;
    Ok(verified)
}

/// A comparison and the database in which its plan is tried.
struct Trial<'a> {
    comparison: &'a Comparison,
    scratch: &'a mut Scratch,
    /// Whether events are left out.
    without_events: bool,
    uncertain: BTreeSet<Element>,
}

impl<'a> Trial<'a> {
    /// An event may change things outside the scratch database, so events are left out if the
    /// server would run them.
    fn new(comparison: &'a Comparison, scratch: &'a mut Scratch) -> Result<Self, Unverified> {
        let without_events = !events(comparison).is_empty() && scratch.runs_events()?;
        Ok(Trial { comparison, scratch, without_events, uncertain: BTreeSet::new() })
    }

    fn run(mut self) -> Result<Verified, Unverified> {
        let comparison = self.comparison;
        self.scratch.take_what_is_there()?;
        let (beginning, plan) = (self.beginning(), self.tried(&comparison.plan));
        self.carry_out(Leg::Beginning, beginning.statements())?;
        self.expect(Leg::Beginning, &comparison.from)?;
        self.scratch.be_a_plain_client()?;
        let session = &plan.session;
        self.carry_out(Leg::Forward, in_session(session, plan.statements()))?;
        self.expect(Leg::Forward, &comparison.to)?;
        let irreversible_reason = irreversible(&plan);
        if irreversible_reason.is_none() {
            self.carry_out(Leg::Back, in_session(session, plan.reverse_statements()))?;
            self.expect(Leg::Back, &comparison.from)?;
        }
        Ok(Verified {
            statements: plan.steps.len(),
            irreversible_reason,
            events: if self.without_events { events(comparison) } else { Vec::new() },
            uncertain: self.uncertain,
        })
    }

    /// The plan, without events if these are left out.
    fn tried(&self, plan: &Plan) -> Plan {
        let is_event = |action: &Action| match &action.element {
            Element::Object { kind, .. } => *kind == ObjectKind::Event,
            _ => false,
        };
        let mut plan = plan.clone();
        plan.steps.retain(|step| !(self.without_events && step.actions.iter().any(is_event)));
        plan
    }

    /// The plan that makes the old schema, with the tables that it references.
    fn beginning(&self) -> Plan {
        let Comparison { old, from, context, server, .. } = self.comparison;
        let mut all = Schema { tables: Default::default(), ..old.clone() };
        all.unsupported.clear();
        all.objects.retain(|name, _| !(self.without_events && name.kind == ObjectKind::Event));
        for table in stand_ins(self.comparison, &normalize(&from.schema, context)) {
            all.insert(table);
        }
        for table in old.tables.values().filter(|table| table.unsupported.is_empty()) {
            all.insert(table.clone());
        }
        let nothing = Schema { tables: Default::default(), ..Schema::default() };
        plan(&nothing, &all, &diff(&nothing, &all, server), server)
    }

    fn carry_out<'s>(
        &mut self,
        leg: Leg,
        statements: impl Iterator<Item = &'s Sql>,
    ) -> Result<(), Unverified> {
        for sql in statements {
            self.scratch.run(&sql.text).map_err(|error| match error {
                StatementError::Live(error) => error.into(),
                error => Unverified::Statement { leg, sql: sql.text.clone(), error },
            })?;
        }
        Ok(())
    }

    /// Checks that the database now has the schema of one side. If expressions can't be compared by
    /// their texts, the server is asked.
    fn expect(&mut self, leg: Leg, goal: &Loaded) -> Result<(), Unverified> {
        let mut found = self.scratch.read()?;
        self_check(&found).mark(&mut found.schema);
        found.label = format!("what came of it in {}", found.label);
        // The scratch database has other defaults than the compared one.
        let context = &self.comparison.context;
        if context.charset.is_some() {
            found.schema.charset.clone_from(&context.charset);
            found.schema.collation.clone_from(&context.collation);
        }
        let mut goal = goal.clone();
        let objects = &mut goal.schema.objects;
        objects.retain(|name, _| !(self.without_events && name.kind == ObjectKind::Event));
        let mut found = self.comparison.held_against(found, goal);
        let questions = found.questions();
        if !questions.is_empty() {
            found = found.answered(live::ask(self.scratch.url(), &questions)?);
        }
        if self.is_there(&found) {
            self.uncertain.extend(found.difference.uncertain.into_iter().map(|it| it.element));
            return Ok(());
        }
        // These statements are not meant to be carried out.
        found.plan = Plan::default();
        Err(Unverified::Elsewhere { leg, found: Box::new(found) })
    }

    /// Whether nothing differs, except what was not compared in the first place. The texts of
    /// objects may be uncertain.
    fn is_there(&self, found: &Comparison) -> bool {
        let known: HashSet<&str> = unsupported_tables(self.comparison).collect();
        found.difference.changes.is_empty()
            && found.difference.uncertain.iter().all(|it| it.element.table_name().is_none())
            && unsupported_tables(found).all(|name| known.contains(name))
    }
}

/// The names of the events of both sides.
fn events(comparison: &Comparison) -> Vec<String> {
    let sides = [&comparison.old, &comparison.new];
    let names: BTreeSet<&ObjectName> = sides.iter().flat_map(|it| it.objects.keys()).collect();
    let events = names.into_iter().filter(|name| name.kind == ObjectKind::Event);
    events.map(|name| name.name.clone()).collect()
}

fn unsupported_tables(comparison: &Comparison) -> impl Iterator<Item = &str> {
    let tables = comparison.difference.unsupported.iter().filter(|it| it.kind == "table");
    tables.map(|it| it.name.as_str())
}

/// Stand-ins for tables that are not compared: those that foreign keys reference, or all if there
/// are objects that may use them. Without what the model can't hold, and without foreign keys and
/// CHECKs of their own.
fn stand_ins(comparison: &Comparison, whole: &Schema) -> Vec<Table> {
    let sides = [&comparison.old, &comparison.new];
    let any = sides.iter().any(|schema| !schema.objects.is_empty());
    let keys =
        sides.iter().flat_map(|schema| schema.tables.values()).flat_map(|it| &it.foreign_keys);
    let referenced: BTreeSet<&str> = keys
        .filter(|key| key.referenced_schema.is_none())
        .map(|key| key.referenced_table.as_str())
        .collect();
    let compared =
        |name: &str| comparison.old.table(name).is_some_and(|it| it.unsupported.is_empty());
    let left_out = whole.tables.values().filter(|table| !compared(&table.name));
    left_out
        .filter(|table| any || referenced.contains(table.name.as_str()))
        .map(|table| Table {
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            unsupported: Vec::new(),
            ..table.clone()
        })
        .collect()
}

/// Every name that the run may give to a table or an object.
fn names(comparison: &Comparison) -> HashSet<String> {
    let sides = [&comparison.from.schema, &comparison.to.schema];
    let tables = sides.iter().flat_map(|schema| schema.tables.keys().cloned());
    let objects = sides.iter().flat_map(|it| it.objects.keys().map(|name| name.name.clone()));
    tables.chain(objects).flat_map(|name| [name.to_lowercase(), name]).collect()
}

/// Statements as in a file of them: with those that set up the session and restore it.
fn in_session<'a>(
    session: &'a ScriptSession,
    statements: impl Iterator<Item = &'a Sql>,
) -> impl Iterator<Item = &'a Sql> {
    session.before.iter().chain(statements).chain(&session.after)
}

fn irreversible(plan: &Plan) -> Option<String> {
    plan.steps.iter().find_map(|step| match &step.reverse {
        Reverse::Irreversible { why } => Some(why.clone()),
        Reverse::Sql(_) | Reverse::Lossy { .. } => None,
    })
}
