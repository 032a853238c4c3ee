//! From two sources to statements, as the commands do it.

use super::client::Conn;
use driftline::compare::Comparison;
use driftline::ddl::Sql;
use driftline::plan::{Reverse, Risk, Step};
use driftline::report::{self, MigrationHeader, ReportExtras};
use driftline::self_check::self_check;
use driftline::server::Server;
use driftline::source::{Detail, Loaded, ReadOptions, live};
use libtest_mimic::Failed;

use super::kept::{When, foretells, kept};
use super::rows::{Rows, fill};
use super::servers::Database;

/// Two sources compared for a server, with the plan from one to the other.
pub struct Planned {
    /// The comparison.
    pub comparison: Comparison,
}

/// Reads a database, and checks that each table is read like the server's SHOW CREATE TABLE.
pub fn read(database: &Database) -> Result<Loaded, Failed> {
    read_compared_with(database, &Loaded::default())
}

/// The same, for a comparison with another source.
pub fn read_compared_with(database: &Database, other: &Loaded) -> Result<Loaded, Failed> {
    let options = ReadOptions {
        compared_with: Some(&other.schema),
        ..ReadOptions::of(Detail::BulkWithStatements)
    };
    let loaded = live::read(&database.url()?, &options).map_err(|error| error.to_string())?;
    let check = self_check(&loaded);
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
    /// Checks that nothing differs and nothing is uncertain.
    pub fn expect_nothing(&self, what: &str) -> Result<(), String> {
        let difference = &self.comparison.difference;
        if difference.changes.is_empty() && difference.uncertain.is_empty() {
            return Ok(());
        }
        Err(format!("{what} must be empty, and is\n{}", self.text()))
    }

    /// The errors at which the commands stop: what the server doesn't have or would refuse.
    pub fn refused(&self) -> Vec<String> {
        self.comparison.refused().iter().map(|it| it.title.clone()).collect()
    }

    /// The report for a person, without colour.
    pub fn text(&self) -> String {
        let extra = ReportExtras { old_noun: "the database", ..ReportExtras::default() };
        let text = report::comparison_text(&self.comparison, &extra);
        anstream::adapter::strip_str(&text).to_string()
    }

    /// The report for a program.
    pub fn json(&self) -> Result<String, String> {
        report::comparison_json(&self.comparison, &ReportExtras::default())
            .map_err(|error| error.to_string())
    }

    /// The beginning and the end of the script, which set up and restore the session.
    pub fn session(&self) -> [String; 2] {
        let session = &self.comparison.plan.session;
        [&session.before, &session.after]
            .map(|statements| statements.iter().map(|sql| format!("{sql};\n")).collect())
    }

    /// The statements, as printed.
    pub fn script(&self) -> String {
        report::plan_sql(&self.comparison)
    }

    /// The statements in the text report; `None` if it has none. The last line of the report is its
    /// summary.
    pub fn script_of_text(&self) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once("\nTo close it\n\n")?;
        let (script, _) = rest.trim_end().rsplit_once("\n\n")?;
        Some(format!("{script}\n"))
    }

    /// The reverse, as printed.
    pub fn reverse_script(&self) -> String {
        report::down_sql(&self.comparison.plan, &MigrationHeader::default())
    }

    /// Fills a database that has the old schema, carries out the plan and its reverse, and compares
    /// the rows with those before. Rows may stop a statement only if a risk says so.
    pub fn with_rows(&self, database: &Database, count: u64) -> Result<WithRows, Failed> {
        let plan = &self.comparison.plan;
        let filled = fill(database, &self.comparison.old, count)?;
        let without = filled.values().filter(|number| **number == 0).count();
        let kept = kept(&self.comparison)?;
        let held: Vec<Rows> =
            kept.iter().map(|it| it.rows(database, When::Before)).collect::<Result<_, _>>()?;
        let mut outcome =
            WithRows { filled: filled.len() - without, without, ..WithRows::default() };
        let mut connection = database.session()?;
        for step in &plan.steps {
            if let Err(error) = run_all(&mut connection, step.statements()) {
                outcome.stopped = true;
                expect_warned(step, &step.risks, &error)?;
                return Ok(outcome);
            }
        }
        for (kept, held) in kept.iter().zip(&held) {
            kept.expect(database, When::After, held)?;
        }
        if self.irreversible().is_some() {
            return Ok(outcome);
        }
        for step in plan.steps.iter().rev() {
            let statements = step.reverse.statements().iter();
            if let Err(error) = run_all(&mut connection, statements) {
                outcome.stopped_back = true;
                expect_warned(step, &step.reverse_risks, &error)
                    .map_err(|error| format!("the reverse: {error}"))?;
                return Ok(outcome);
            }
        }
        for (kept, held) in kept.iter().zip(&held) {
            kept.expect(database, When::Before, held)
                .map_err(|error| format!("after the reverse: {}", message(&error)))?;
        }
        Ok(outcome)
    }

    /// Why there is no reverse; `None` if there is one.
    pub fn irreversible(&self) -> Option<&str> {
        self.comparison.plan.steps.iter().find_map(|step| match &step.reverse {
            Reverse::Irreversible { why } => Some(why.as_str()),
            Reverse::Sql(_) | Reverse::Lossy { .. } => None,
        })
    }
}

/// The result of a plan on tables with rows.
#[derive(Debug, Default)]
pub struct WithRows {
    /// The number of tables with rows.
    pub filled: usize,
    /// The number of tables without any.
    pub without: usize,
    /// Whether rows stopped the plan.
    pub stopped: bool,
    /// Whether they stopped the reverse.
    pub stopped_back: bool,
}

fn run_all<'a>(
    connection: &mut Conn,
    mut statements: impl Iterator<Item = &'a Sql>,
) -> Result<(), Refused> {
    statements.try_for_each(|sql| {
        connection.query_drop(&sql.text).map_err(|error| Refused {
            code: match &error {
                mysql_async::Error::Server(error) => error.code,
                _ => 0,
            },
            words: format!("{error}\n{sql}"),
        })
    })
}

/// A statement that the server refused.
struct Refused {
    code: u16,
    words: String,
}

/// Checks that a statement that rows stopped has a risk that predicts it.
fn expect_warned(step: &Step, risks: &[Risk], refused: &Refused) -> Result<(), String> {
    if risks.iter().any(|risk| foretells(risk, refused.code)) {
        return Ok(());
    }
    Err(format!("{}: no risk says that rows may stop it: {}", step.table, refused.words))
}

fn message(failed: &Failed) -> String {
    failed.message().unwrap_or("no message").to_owned()
}
