//! What the statements of a plan need of their session.

use crate::ddl::{ScriptSession, Sql, script_session, under_mode};
use crate::model::{Element, ObjectKind};
use crate::plan::{Reverse, RiskKind, Step};
use crate::server::{ScriptNeeds, Server};

/// The session in which the steps do what is said of them; nothing where there are none. A
/// statement with which the server keeps the mode, and for which none is stated, is set apart where
/// the others need another than the default.
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

/// Puts what makes a body, forth or back, under the mode.
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
