//! The cases of `tests/cases`, carried out as migrations and undone: what the files say of the schema
//! after each statement has to be what the server makes of it.

use libtest_mimic::{Failed, Trial};

use crate::project::Project;
use crate::support::case::{Case, cases};
use crate::support::servers::{TestServer, servers};

/// With `all`, every case runs; otherwise a third of them.
const EXTENT: &str = "DRIFTLINE_MIGRATIONS";

/// A trial for each case and server.
pub(crate) fn trials() -> Vec<Trial> {
    let all = std::env::var(EXTENT).is_ok_and(|extent| extent == "all");
    let mut trials = Vec::new();
    for server in servers() {
        let cases = cases().into_iter().filter(|case| case.topic() != "versions");
        let cases = cases.filter(|case| !case.same && case.is_for(&server.server));
        for case in cases.step_by(if all { 1 } else { 3 }) {
            let server = server.clone();
            let title = format!("{} on {}", case.name, server.name());
            trials.push(Trial::test(title, move || carried_out(&case, &server)));
        }
    }
    trials
}

const NOTHING: &str = "tables: {}\n";

fn carried_out(case: &Case, server: &TestServer) -> Result<(), Failed> {
    let before = case.before.as_deref().unwrap_or(NOTHING);
    let after = case.after.as_deref().unwrap_or(NOTHING);
    let project = Project::new(server, before)?;
    let flavor = server.server.flavor();
    let generate =
        |message: &str| project.offline_any(&["generate", "-m", message, "--flavor", &flavor]);
    generate("before")?;
    let has_before = !project.versions()?.is_empty();
    if has_before {
        project.run(0, &["migrate", "--allow", "*:*"])?;
    }
    if let Some(data) = &case.data {
        project.database.plain(data)?;
    }
    let count = project.versions()?.len();
    project.write("schema.yaml", after)?;
    let generated = generate("after")?;
    if project.versions()?.len() == count {
        // What differs is uncertain, or both are the same: the message says so.
        return generated.says(&["uncertain"]).or_else(|_| generated.says(&["nothing to do"]));
    }
    project.run(0, &["migrate", "--allow", "*:*"])?;
    if let (Some(query), Some(gives)) = (&case.query, &case.gives) {
        project.expect(query, gives.trim_end())?;
    }
    project.run(0, &["status"])?;
    if project.is_reversible()? {
        project.run(0, &["rollback", "--allow", "*:*"])?;
        project.run(1, &["status"])?;
    }
    Ok(())
}
