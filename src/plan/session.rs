//! What the statements of a plan need of their session.

use super::{RiskKind, Step};
use crate::ddl::{ScriptSession, script_session};
use crate::model::{Element, ObjectKind};
use crate::server::{ScriptNeeds, Server};

/// The session in which the steps do what is said of them; nothing where there are none.
pub(super) fn session(steps: &[Step], server: &Server) -> ScriptSession {
    if steps.is_empty() {
        return ScriptSession::default();
    }
    let risks = steps.iter().flat_map(|step| step.risks.iter().chain(&step.reverse_risks));
    let zero_dates = risks.into_iter().any(|risk| risk.kind == RiskKind::ZeroDate);
    let touches = |wanted: &[ObjectKind]| {
        steps.iter().flat_map(|step| &step.actions).any(|action| {
            matches!(&action.element, Element::Object { kind, .. } if wanted.contains(kind))
        })
    };
    // The server keeps the session's mode with a body that is made in it.
    let with_bodies =
        [ObjectKind::Trigger, ObjectKind::Procedure, ObjectKind::Function, ObjectKind::Event];
    let partial_groups = touches(&[ObjectKind::View]) && !touches(&with_bodies);
    script_session(ScriptNeeds { zero_dates, partial_groups }, server)
}
