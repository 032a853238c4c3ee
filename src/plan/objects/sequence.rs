//! Changes of a sequence, which is altered and keeps its current value.
//!
//! A server refuses bounds that the value hasn't reached yet, and a type that can't hold the value.
//! If either may happen, a statement first sets the value to the nearest one that fits. If the
//! value already fits, this statement leaves it as it is.

use crate::ddl::{ObjectStatement, SequenceLimits, Sql};
use crate::diff::Change;
use crate::model::{ColumnType, Element, Object, ObjectAspect, Sequence};
use crate::plan::objects::step::{Written, action, change_action, heading, step};
use crate::plan::{Reverse, Risk, RiskKind, Step};
use crate::server::Server;

/// The steps that change a sequence. The type, the numbers, and the options that ALTER TABLE
/// changes each need a statement of their own.
pub(super) fn alter(
    from: &Sequence,
    to: &Sequence,
    aspects: &[ObjectAspect],
    server: &Server,
) -> Vec<Step> {
    let of = |known: fn(&ObjectAspect) -> bool| -> Vec<ObjectAspect> {
        aspects.iter().filter(|it| known(it)).cloned().collect()
    };
    let ty = of(|aspect| *aspect == ObjectAspect::Type);
    let numbers = of(|aspect| *aspect != ObjectAspect::Type && !is_option(aspect));
    let mut steps = Vec::new();
    let change = |from: &Sequence, to: &Sequence, aspects: &[ObjectAspect]| {
        SequenceChange { from, to, aspects, server }.step()
    };
    if ty.is_empty() {
        steps.extend(change(from, to, &numbers));
    } else if numbers.is_empty() {
        steps.extend(held(from, to, server));
        steps.extend(change(from, to, &ty));
    } else if fits(to, from) {
        steps.extend(change(from, to, &numbers));
        steps.extend(change(from, to, &ty));
    } else if fits(from, to) {
        let retyped = Sequence { ty: to.ty.clone(), ..from.clone() };
        steps.extend(held(from, &retyped, server));
        steps.extend(change(from, to, &ty));
        steps.extend(change(from, to, &numbers));
    } else {
        let middle = between(from, to);
        let [before, after] = [from, to].map(|it| Sequence { ty: it.ty.clone(), ..middle.clone() });
        let mut rest = bound_changes(&middle, to);
        rest.extend(of(|aspect| {
            matches!(aspect, ObjectAspect::Increment | ObjectAspect::Cache | ObjectAspect::Cycle)
        }));
        steps.extend(change(from, &after, &bound_changes(from, &middle)));
        steps.extend(change(from, to, &ty));
        steps.extend(change(&before, to, &rest));
    }
    steps.extend(change(from, to, &of(is_option)));
    steps
}

/// Whether it is an option of a sequence that ALTER TABLE changes and ALTER SEQUENCE doesn't.
fn is_option(aspect: &ObjectAspect) -> bool {
    matches!(aspect, ObjectAspect::Engine | ObjectAspect::Comment)
}

/// What one statement changes of a sequence. `from` and `to` have the types that the value must fit
/// before and after it, even if another step changes the type.
struct SequenceChange<'a> {
    from: &'a Sequence,
    to: &'a Sequence,
    aspects: &'a [ObjectAspect],
    server: &'a Server,
}

impl SequenceChange<'_> {
    fn step(&self) -> Option<Step> {
        if self.aspects.is_empty() {
            return None;
        }
        let SequenceChange { from, to, aspects, server } = *self;
        let [old, new] = [from, to].map(|it| Object::Sequence(it.clone()));
        let alter = |object: &Object| {
            let (object, aspects) = (Box::new(object.clone()), aspects.to_vec());
            Written::new(ObjectStatement::Alter { object, aspects }, server)
        };
        let is_number = |it: &ObjectAspect| *it != ObjectAspect::Type && !is_option(it);
        let are_numbers = aspects.iter().all(is_number);
        let mut written = alter(&new);
        let mut back: Vec<Sql> = alter(&old).script.statements().cloned().collect();
        let hold = |from, to| hold(from, to).map(|hold| Written::new(hold, server).script.sql);
        if are_numbers {
            written.script.before = hold(from, to);
        }
        if are_numbers || aspects == [ObjectAspect::Type] && bound_changes(from, to).is_empty() {
            back.splice(0..0, hold(to, from));
        }
        let actions = aspects.iter().filter_map(|it| change_action(&old, &new, it)).collect();
        let cause = changed(&old, &new, aspects);
        let mut step = step(cause, &new, actions, written, Reverse::Sql(back));
        if are_numbers {
            step.risks = risks(from, to);
            step.reverse_risks = risks(to, from);
        }
        Some(step)
    }
}

/// The step that makes the value fit the new type, for a sequence of which only the type changes.
fn held(from: &Sequence, to: &Sequence, server: &Server) -> Option<Step> {
    let written = Written::new(hold(from, to)?, server);
    let [old, object] = [from, to].map(|it| Object::Sequence(it.clone()));
    let words = format!("hold the value of {} to its new type", heading(&object));
    let cause = changed(&old, &object, &[ObjectAspect::Type]);
    let actions = vec![action(&object, words)];
    Some(step(cause, &object, actions, written, Reverse::Sql(Vec::new())))
}

fn changed(from: &Object, to: &Object, aspects: &[ObjectAspect]) -> Change {
    let (from, to) = (Box::new(from.clone()), Box::new(to.clone()));
    Change::ChangeObject { from, to, aspects: aspects.to_vec() }
}

/// The statement that makes the value fit. `None` if it is certain to fit.
fn hold(from: &Sequence, to: &Sequence) -> Option<ObjectStatement> {
    let limits = Limits::new(from, to)?;
    if limits.least.is_none() && limits.greatest.is_none() {
        return None;
    }
    Some(ObjectStatement::Hold(SequenceLimits {
        sequence: to.name.clone(),
        minimum: from.minimum?.min(to.minimum?),
        maximum: from.maximum?.max(to.maximum?),
        least: limits.least,
        greatest: limits.greatest,
    }))
}

/// The limits that the value must keep so that one sequence can become another. A limit is `None`
/// if the value can't be beyond it.
struct Limits {
    least: Option<i128>,
    greatest: Option<i128>,
}

impl Limits {
    fn new(from: &Sequence, to: &Sequence) -> Option<Limits> {
        let (old, new) = (range(from)?, range(to)?);
        let (minimum, maximum) = (to.minimum?, to.maximum?);
        let turns = falls(from) != falls(to);
        // A server allows a value past the end: the sequence has run out then.
        let (least, greatest) = if falls(to) {
            let is_before = turns || maximum < from.maximum?;
            let least = (new.0 > old.0).then_some(new.0);
            (least, is_before.then_some(maximum))
        } else {
            let is_before = turns || minimum > from.minimum?;
            let greatest = (new.1 < old.1).then_some(new.1);
            (is_before.then_some(minimum), greatest)
        };
        Some(Limits { least, greatest })
    }
}

/// The risks for the current value and the values to come.
fn risks(from: &Sequence, to: &Sequence) -> Vec<Risk> {
    let (Some((old_first, old_last)), Some((first, last))) = (ends(from), ends(to)) else {
        return Vec::new();
    };
    let object = Object::Sequence(to.clone());
    let words = heading(&object);
    let is_before = |a: i128, b: i128| if falls(to) { a > b } else { a < b };
    let (before, beyond) = if falls(to) { ("above", "below") } else { ("below", "above") };
    let mut messages = Vec::new();
    if falls(from) != falls(to) {
        messages.push(format!("{words} counts the other way, over numbers that it gave before"));
    } else if is_before(old_first, first) {
        messages
            .push(format!("{words} goes on from {first} if it has come to a value {before} that"));
    }
    if is_before(last, old_last) {
        let then = if to.cycle {
            format!("begins again at {first}, with numbers that it gave before,")
        } else {
            "has run out".to_owned()
        };
        messages.push(format!("{words} {then} if it has come to a value {beyond} {last}"));
    }
    if let Some(end) = end_of_type(to).filter(|end| !is_before(old_last, *end)) {
        messages.push(format!(
            "the type of {words} can't be changed if other sessions take values {beyond} {end} \
             from it meanwhile"
        ));
    }
    let element = || Element::object(&object.name());
    let risk = |message| Risk { kind: RiskKind::LossyConversion, element: element(), message };
    messages.into_iter().map(risk).collect()
}

/// The first and the last value of a sequence, in the direction in which it counts.
fn ends(sequence: &Sequence) -> Option<(i128, i128)> {
    let (minimum, maximum) = (sequence.minimum?, sequence.maximum?);
    Some(if falls(sequence) { (maximum, minimum) } else { (minimum, maximum) })
}

/// The last value that a sequence's type holds, in the direction in which it counts.
fn end_of_type(sequence: &Sequence) -> Option<i128> {
    let (first, last) = range(sequence)?;
    Some(if falls(sequence) { first } else { last })
}

fn falls(sequence: &Sequence) -> bool {
    sequence.increment.is_some_and(|increment| increment < 0)
}

/// The range of a sequence's type.
fn range(sequence: &Sequence) -> Option<(i128, i128)> {
    match &sequence.ty {
        Some(ColumnType::Integer { size, sign, .. }) => Some(size.range(*sign)),
        _ => None,
    }
}

/// The widest bounds that a sequence's type allows. The server keeps the smallest and the largest
/// value of the type for itself.
fn outermost(sequence: &Sequence) -> Option<(i128, i128)> {
    let (first, last) = range(sequence)?;
    Some((first + 1, last - 1))
}

/// Whether the bounds of one sequence fit the type of another.
fn fits(bounds: &Sequence, ty: &Sequence) -> bool {
    let Some((first, last)) = outermost(ty) else { return true };
    [bounds.minimum, bounds.maximum].into_iter().flatten().all(|it| (first..=last).contains(&it))
}

/// The old sequence with bounds that fit both types and are otherwise as wide as the old and the
/// new bounds together.
fn between(from: &Sequence, to: &Sequence) -> Sequence {
    let both = outermost(from).zip(outermost(to));
    let hold = |value: Option<i128>| match both {
        Some(((a, b), (c, d))) => value.map(|it| it.min(b.min(d)).max(a.max(c))),
        None => value,
    };
    let least = from.minimum.into_iter().chain(to.minimum).min();
    let most = from.maximum.into_iter().chain(to.maximum).max();
    Sequence { minimum: hold(least), maximum: hold(most), start: hold(from.start), ..from.clone() }
}

/// Which of the bounds and the start differ.
fn bound_changes(from: &Sequence, to: &Sequence) -> Vec<ObjectAspect> {
    let all = [
        (ObjectAspect::Start, from.start != to.start),
        (ObjectAspect::Minimum, from.minimum != to.minimum),
        (ObjectAspect::Maximum, from.maximum != to.maximum),
    ];
    all.into_iter().filter_map(|(aspect, differs)| differs.then_some(aspect)).collect()
}
