//! The steps on views, triggers, routines, events and sequences.

use crate::ddl::{ObjectStatement, Sql, StatementWithSettings, TriggerPlace, object_statement};
use crate::diff::Change;
use crate::model::{Element, Event, Object, ObjectAspect, ObjectKind, Schedule};
use crate::plan::objects::{Changed, position_of};
use crate::plan::{Action, Reverse, Risk, RiskKind, Step, StepStatement};
use crate::server::{Capability, Fault, Server};
use crate::words::{Field, object_field, object_words};

/// Whether and when a dropped object is created again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Replacement {
    /// It isn't.
    None,
    /// The next statement creates it anew.
    Next,
    /// A later statement creates it, after the tables have changed.
    Later,
}

/// The heading under which the report lists the steps on an object: `view recent_reports`.
pub(super) fn heading(object: &Object) -> String {
    let name = object.name();
    format!("{} {}", name.kind.noun(), name.name)
}

pub(super) fn action(object: &Object, summary: String) -> Action {
    Action { element: Element::object(&object.name()), summary }
}

/// A statement, and its text with the settings that it needs.
pub(super) struct Written {
    pub(super) statement: ObjectStatement,
    pub(super) script: StatementWithSettings,
}

impl Written {
    pub(super) fn new(statement: ObjectStatement, server: &Server) -> Self {
        let script = object_statement(&statement, server);
        Written { statement, script }
    }

    fn create(
        object: &Object,
        place: Option<TriggerPlace>,
        or_replace: bool,
        server: &Server,
    ) -> Self {
        let object = Box::new(object.clone());
        Written::new(ObjectStatement::Create { object, or_replace, place }, server)
    }

    fn drop(object: &Object, server: &Server) -> Self {
        Written::new(ObjectStatement::Drop(object.name()), server)
    }
}

/// The statements that create an object of the old schema again.
pub(in crate::plan) fn made_again(
    object: &Object,
    place: Option<TriggerPlace>,
    server: &Server,
) -> Vec<Sql> {
    let object = server.without_default_session(object);
    Written::create(&object, place, false, server).script.statements().cloned().collect()
}

pub(super) fn step(
    cause: Change,
    object: &Object,
    actions: Vec<Action>,
    Written { statement, script }: Written,
    reverse: Reverse,
) -> Step {
    Step {
        table: heading(object),
        cause: Box::new(cause),
        actions,
        statement: StepStatement::Object(statement),
        before: script.before,
        sql: script.sql,
        after: script.after,
        reverse,
        risks: Vec::new(),
        reverse_risks: Vec::new(),
    }
}

/// Creates an object. `again` says that it existed before and was temporarily dropped.
pub(super) fn create(
    object: &Object,
    place: Option<TriggerPlace>,
    again: bool,
    server: &Server,
) -> Step {
    let words = if again {
        format!("create {} again", heading(object))
    } else {
        format!("create {}", object_words(object))
    };
    let actions = vec![action(object, words)];
    let written = Written::create(object, place, false, server);
    let back = Written::drop(object, server).script;
    let cause = Change::CreateObject(object.clone());
    let mut step = step(cause, object, actions, written, Reverse::Sql(vec![back.sql]));
    if let Object::Sequence(_) = object {
        step.reverse_risks.push(goes(object, Replacement::None));
    }
    step
}

/// Creates the new form of an object whose old form the statement before has dropped.
pub(super) fn create_changed(
    changed: &Changed<'_>,
    place: Option<TriggerPlace>,
    server: &Server,
) -> Step {
    let cause = Box::new(changed.change());
    Step { cause, actions: change_actions(changed), ..create(changed.to, place, true, server) }
}

/// Drops an object of the old schema. `place` is where the reverse puts a trigger.
pub(super) fn drop(
    object: &Object,
    replacement: Replacement,
    place: Option<TriggerPlace>,
    server: &Server,
) -> Step {
    let later = if replacement == Replacement::None { "" } else { ", to be made again" };
    let actions = vec![action(object, format!("drop {}{later}", heading(object)))];
    let written = Written::drop(object, server);
    let sql = made_again(object, place, server);
    let reverse = match object {
        Object::Sequence(sequence) => Reverse::Lossy { sql, lost: position_of(sequence) },
        _ => Reverse::Sql(sql),
    };
    let cause = Change::DropObject(object.clone());
    let risks = vec![goes(object, replacement)];
    Step { risks, ..step(cause, object, actions, written, reverse) }
}

/// Changes an object with one statement. `None` if that takes two. The places are those of a
/// trigger, in the plan and in its reverse.
pub(super) fn replace(
    changed: &Changed<'_>,
    places: (Option<TriggerPlace>, Option<TriggerPlace>),
    server: &Server,
) -> Option<Step> {
    let written = change_statement(changed.from, changed.to, changed, places.0, server)?;
    let old = server.without_default_session(changed.from);
    let back = match change_statement(changed.to, &old, changed, places.1.clone(), server) {
        Some(back) => vec![back],
        None => {
            vec![Written::drop(&old, server), Written::create(&old, places.1, false, server)]
        }
    };
    let back = back.iter().flat_map(|written| written.script.statements()).cloned().collect();
    let actions = change_actions(changed);
    Some(step(changed.change(), changed.to, actions, written, Reverse::Sql(back)))
}

/// The one statement that turns an object into another. `None` if it must be dropped and created
/// anew.
fn change_statement(
    from: &Object,
    to: &Object,
    changed: &Changed<'_>,
    place: Option<TriggerPlace>,
    server: &Server,
) -> Option<Written> {
    if can_alter(from, to, changed, server) {
        let (object, aspects) = (Box::new(to.clone()), changed.aspects.to_vec());
        return Some(Written::new(ObjectStatement::Alter { object, aspects }, server));
    }
    let can_replace = matches!(to, Object::View(_)) || server.can(Capability::ReplaceObjects);
    can_replace.then(|| Written::create(to, place, true, server))
}

/// Whether ALTER can make all the changes.
fn can_alter(from: &Object, to: &Object, changed: &Changed<'_>, server: &Server) -> bool {
    let all = |known: &[ObjectAspect]| changed.aspects.iter().all(|it| known.contains(it));
    match (from, to) {
        (Object::Routine(from), Object::Routine(to)) => {
            let keeps_comment = from.comment.is_empty() || !to.comment.is_empty();
            let comment = keeps_comment || !server.has(Fault::RoutineKeepsComment);
            let altered = [ObjectAspect::DataAccess, ObjectAspect::Security, ObjectAspect::Comment];
            comment && all(&altered)
        }
        (Object::Event(_), Object::Event(_)) => !loses_ends(from, to, server),
        _ => false,
    }
}

/// Whether an event loses its ENDS, but ALTER EVENT would keep it.
fn loses_ends(from: &Object, to: &Object, server: &Server) -> bool {
    let has_ends = |object: &Object| {
        matches!(
            object,
            Object::Event(Event { schedule: Schedule::Every { ends: Some(_), .. }, .. })
        )
    };
    has_ends(from) && !has_ends(to) && server.has(Fault::EventKeepsEnds)
}

fn change_actions(changed: &Changed<'_>) -> Vec<Action> {
    let action = |aspect| change_action(changed.from, changed.to, aspect);
    changed.aspects.iter().filter_map(action).collect()
}

pub(super) fn change_action(from: &Object, to: &Object, aspect: &ObjectAspect) -> Option<Action> {
    let of = heading(to);
    let Field { name, from, to: new } = object_field(from, to, aspect)?;
    let summary = match aspect {
        // These texts have many lines, and the statement shows the new one.
        ObjectAspect::Body | ObjectAspect::Select => format!("change {name} of {of}"),
        _ => format!("change {name} of {of} from {from} to {new}"),
    };
    Some(action(to, summary))
}

/// The risk of dropping an object.
fn goes(object: &Object, replacement: Replacement) -> Risk {
    let words = heading(object);
    let name = object.name();
    let comes_back = replacement != Replacement::None;
    let message = match (name.kind, object) {
        (_, Object::Sequence(_)) => format!("{words} and the value that it has come to go"),
        (_, Object::Trigger(trigger)) if comes_back => {
            format!(
                "rows of {} that change before {words} is made again don't set it off",
                trigger.table
            )
        }
        (_, Object::Trigger(trigger)) => {
            format!("rows of {} that change no longer set off {words}", trigger.table)
        }
        (ObjectKind::View, _) if comes_back => {
            format!("what reads {words} fails until it is made again")
        }
        (ObjectKind::Procedure | ObjectKind::Function, _) if comes_back => {
            format!("what calls {words} fails until it is made again; the rights granted on it go")
        }
        (ObjectKind::View, _) => format!("what reads {words} fails"),
        (ObjectKind::Event, _) => format!("{words} no longer runs"),
        _ => format!("what calls {words} fails; the rights granted on it go"),
    };
    let kind = match name.kind {
        ObjectKind::Sequence => RiskKind::DropSequence,
        _ => RiskKind::DropObject,
    };
    Risk { kind, element: Element::object(&name), message }
}
