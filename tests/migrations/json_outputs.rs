//! What the commands print with `--format json`, held against docs/output.schema.json.

use libtest_mimic::Failed;
use serde_json::Value;

use crate::project::{COUNTER, Project};
use crate::support::json_schema::{output_schema, validate};
use crate::support::servers::TestServer;

/// The documents of a project's commands.
struct Documents<'a> {
    project: &'a Project,
    all: Vec<(String, Value)>,
}

impl Documents<'_> {
    /// Runs a command, whose standard output has to be one document.
    fn of(&mut self, code: i32, args: &[&str]) -> Result<(), Failed> {
        let args = [args, &["--format", "json"]].concat();
        let printed = self.project.run(code, &args)?;
        let document = serde_json::from_str(&printed.out)
            .map_err(|error| format!("{args:?}: {error}\n{}", printed.out))?;
        self.all.push((args.join(" "), document));
        Ok(())
    }
}

pub(crate) fn all(server: &TestServer) -> Result<(), Failed> {
    let project = Project::new(server, COUNTER)?;
    let mut documents = Documents { project: &project, all: Vec::new() };
    documents.of(0, &["ping"])?;
    documents.of(0, &["wait"])?;
    documents.of(1, &["push", "--dry-run"])?;
    documents.of(0, &["push", "--yes"])?;
    documents.of(0, &["push", "--yes"])?;
    documents.of(0, &["history", "--statements"])?;
    let name = project.database.name.clone();
    documents.of(0, &["reset", &name, "--yes"])?;
    documents.of(0, &["reset", &name, "--yes"])?;
    project.generate("first")?;
    documents.of(1, &["status"])?;
    documents.of(0, &["migrate", "--dry-run"])?;
    documents.of(0, &["migrate", "--yes"])?;
    documents.of(0, &["migrate", "--yes"])?;
    project.migration("30000101000000_refused", "UPDATE t SET nosuch = 1;\n", Some("DO 1;\n"))?;
    project.relist()?;
    documents.of(3, &["migrate", "--yes"])?;
    documents.of(1, &["status"])?;
    documents.of(0, &["stamp", "30000101000000", "--unchecked", "--yes"])?;
    documents.of(0, &["history"])?;
    documents.of(0, &["status"])?;
    documents.of(0, &["rollback", "--dry-run"])?;
    documents.of(0, &["rollback", "--yes"])?;
    resolved(&mut documents)?;
    documents.of(0, &["stamp", "0", "--unchecked", "--yes"])?;
    documents.of(0, &["rollback", "--yes"])?;
    documents.of(0, &["new", "-m", "by hand"])?;
    validate(&output_schema()?, &documents.all)
}

/// A statement of which only a person can say whether it is in.
fn resolved(documents: &mut Documents<'_>) -> Result<(), Failed> {
    let project = documents.project;
    project.migration("30000101000000_refused", "DO 1;\n", Some("DO 1;\n"))?;
    project.relist()?;
    project.run(0, &["migrate"])?;
    project.migration("30000101000001_call", "CALL nosuch();\n", None)?;
    project.relist()?;
    project.run(6, &["migrate"])?;
    documents.of(6, &["status"])?;
    documents.of(0, &["resolve", "30000101000001:1", "--not-done", "--yes"])
}
