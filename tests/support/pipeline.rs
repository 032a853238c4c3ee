//! From two sources to statements, as the commands do it.

use driftline::compare::Comparison;
use driftline::plan::Reverse;
use driftline::report::{self, Extra};
use driftline::self_check::self_check;
use driftline::server::Server;
use driftline::source::{Loaded, live};
use libtest_mimic::Failed;

use super::servers::Database;

/// Two sources compared for a server, and what takes one to the other.
pub struct Planned {
    /// The comparison.
    pub comparison: Comparison,
}

/// Reads a database. What is read of a table must be what the server itself shows of it.
pub fn read(database: &Database) -> Result<Loaded, Failed> {
    let read = live::read_with_statements(&database.url()?);
    let (loaded, statements) = read.map_err(|error| error.to_string())?;
    let check = self_check(&loaded, &statements);
    if check.counts().different > 0 {
        return Err(report::self_check_text(&loaded, &check).into());
    }
    Ok(loaded)
}

/// Compares two sources for a server and orders the statements.
pub fn planned(from: &Loaded, to: &Loaded, server: &Server) -> Result<Planned, String> {
    let comparison = Comparison::new(from.clone(), to.clone(), Some(*server))
        .map_err(|error| format!("{error:#}"))?;
    Ok(Planned { comparison })
}

impl Planned {
    /// That nothing differs and nothing is in doubt.
    pub fn expect_nothing(&self, what: &str) -> Result<(), String> {
        let difference = &self.comparison.difference;
        if difference.changes.is_empty() && difference.uncertain.is_empty() {
            return Ok(());
        }
        Err(format!("{what} must be empty, and is\n{}", self.text()))
    }

    /// What is wanted that the server hasn't; the commands refuse it.
    pub fn refused(&self) -> Vec<String> {
        self.comparison.unsupported().iter().map(|it| it.title.clone()).collect()
    }

    /// The report for a person, without colour.
    pub fn text(&self) -> String {
        let extra = Extra { old_noun: "the database", ..Extra::default() };
        let text = report::comparison_text(&self.comparison, &extra);
        anstream::adapter::strip_str(&text).to_string()
    }

    /// The report for a program.
    pub fn json(&self) -> Result<String, String> {
        report::comparison_json(&self.comparison, &Extra::default())
            .map_err(|error| error.to_string())
    }

    /// The statements as they are printed.
    pub fn script(&self) -> String {
        report::plan_sql(&self.comparison.plan)
    }

    /// The way back as it is printed.
    pub fn reverse_script(&self) -> String {
        report::down_sql(&self.comparison.plan, "", "")
    }

    /// Why there is no way back, where there is none.
    pub fn irreversible(&self) -> Option<&str> {
        self.comparison.plan.steps.iter().find_map(|step| match &step.reverse {
            Reverse::Irreversible { why } => Some(why.as_str()),
            Reverse::Sql(_) | Reverse::Lossy { .. } => None,
        })
    }
}
