//! The session settings that the statements of a plan need.

use crate::ddl::{ScriptSession, Sql, script_session, under_mode};
use crate::model::{Element, ObjectKind};
use crate::plan::{Reverse, RiskKind, Step};
use crate::server::{ScriptNeeds, Server};

/// The session settings that the steps need, or the default if there are no steps.
///
/// Some statements make the server store the session's `sql_mode` with the object that they create.
/// If the plan needs a mode that isn't the server's default, those that set no mode of their own
/// are run under the default mode.
pub(super) fn session(steps: &mut [Step], server: &Server) -> ScriptSession {
    if steps.is_empty() {
        return ScriptSession::default();
    }
    let needs = needs(steps);
    let default = server.default_sql_mode();
    if server.script_sql_mode(needs) != default {
        steps.iter_mut().for_each(|step| set_apart(step, default));
    }
    script_session(needs, server)
}

fn needs(steps: &[Step]) -> ScriptNeeds {
    let risks = || steps.iter().flat_map(|step| step.risks.iter().chain(&step.reverse_risks));
    let is_view =
        |element: &Element| matches!(element, Element::Object { kind: ObjectKind::View, .. });
    ScriptNeeds {
        zero_dates: risks().any(|risk| risk.kind == RiskKind::ZeroDate),
        partial_groups: steps
            .iter()
            .flat_map(|step| &step.actions)
            .any(|action| is_view(&action.element)),
    }
}

/// Runs the statements that create a body under the given mode, in the step and in its reverse.
fn set_apart(step: &mut Step, sql_mode: &str) {
    if step.sql.keeps_mode {
        let around = under_mode((step.before.take(), step.after.take()), sql_mode);
        (step.before, step.after) = (Some(around.0), Some(around.1));
    }
    if let Reverse::Sql(sql) | Reverse::Lossy { sql, .. } = &mut step.reverse {
        *sql = sql.drain(..).flat_map(|sql| apart(sql, sql_mode)).collect();
    }
}

fn apart(sql: Sql, sql_mode: &str) -> Vec<Sql> {
    if !sql.keeps_mode {
        return vec![sql];
    }
    let (before, after) = under_mode((None, None), sql_mode);
    vec![before, sql, after]
}
