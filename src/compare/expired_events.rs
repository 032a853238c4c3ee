//! Events that the server has dropped because they are over.

use std::collections::HashSet;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::diagnostic::Diagnostic;
use crate::diff::object_key;
use crate::model::{Element, Event, Object, ObjectKind, ObjectName, Schema};
use crate::normalize::literal_moment;
use crate::source::Loaded;

/// Removes events from the new side that the old side, a server, lacks and would not keep: without
/// ON COMPLETION PRESERVE a server drops an event after its last moment, and at once if it is
/// created later (MySQL manual, 15.1.13 "CREATE EVENT Statement"). Each gets a note on the new
/// side. Nothing is removed if the old side is no server, because then the present time is unknown.
pub(super) fn take_off(from: &Loaded, to: &mut Loaded, old: &Schema, new: &mut Schema) {
    let Some(now) = from.now else { return };
    let expired_events = |event: &Event| !event.preserve && end(event).is_some_and(|end| end < now);
    let known: HashSet<ObjectName> = events_of(old);
    let mut names = Vec::new();
    new.objects.retain(|name, object| {
        let goes = matches!(object, Object::Event(event) if expired_events(event))
            && !known.contains(&object_key(name));
        if goes {
            names.push(Element::object(name));
        }
        !goes
    });
    let notes: Vec<Diagnostic> = names.iter().map(|element| note(to, element)).collect();
    to.notes.extend(notes);
}

/// The events that a schema has, including unsupported ones.
fn events_of(schema: &Schema) -> HashSet<ObjectName> {
    let unsupported_objects = schema.unsupported.iter();
    let unsupported_objects =
        unsupported_objects.map(|it| ObjectName { kind: it.kind, name: it.name.clone() });
    let names = schema.objects.keys().cloned().chain(unsupported_objects);
    names.filter(|name| name.kind == ObjectKind::Event).map(|name| object_key(&name)).collect()
}

/// The last moment of an event in UTC; `None` if it has none, or if its text can't be read.
fn end(event: &Event) -> Option<DateTime> {
    let local: DateTime = literal_moment(event.schedule.last_moment()?)?.parse().ok()?;
    local.checked_sub(offset(event.time_zone.as_deref()?)?).ok()
}

/// The offset of a time zone such as `+02:00`, whose hours may have one digit. `None` for a named
/// time zone, because only its server knows its rules.
fn offset(zone: &str) -> Option<SignedDuration> {
    let (sign, clock) = match zone.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|_| is_number && digits.len() <= 2)
    };
    let minutes = number(hours)? * 60 + number(minutes)?;
    Some(SignedDuration::from_secs(sign * minutes * 60))
}

fn note(to: &Loaded, element: &Element) -> Diagnostic {
    let title =
        format!("{element} is over: its last moment has passed, and the server keeps it no longer");
    Diagnostic::note(title).at(to.places.get(element), "").with_help(
        "it is not compared; remove it, or write `preserve: true` for a server to keep it",
    )
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::source::Loaded;
    use crate::source::yaml::read_text;

    /// The number of changes and the notes, against a server without events.
    fn compared(event: &str, now: Option<&str>) -> (usize, usize) {
        let text = format!("events: {{ e: {{ {event}, body: do 1 }} }}\n");
        let to = read_text("schema.yaml", &text).unwrap();
        let now = now.map(|now| now.parse().unwrap());
        let comparison = Comparison::new(Loaded { now, ..Loaded::default() }, to, None).unwrap();
        (comparison.difference.changes.len(), comparison.to.notes.len())
    }

    const STAYS: (usize, usize) = (1, 0);
    const GOES: (usize, usize) = (0, 1);

    #[test]
    fn only_events_that_are_certainly_over_are_no_difference() {
        let now = "2020-06-01 12:00:00";
        for (event, wanted) in [
            ("at: \"'2020-06-01 11:59:59'\", time_zone: '+00:00'", GOES),
            ("at: \"'2020-06-01 12:00:00'\", time_zone: '+00:00'", STAYS),
            ("at: \"'2020-06-01 13:59:59'\", time_zone: '+02:00'", GOES),
            ("at: \"'2020-06-01 14:00:00'\", time_zone: '+02:00'", STAYS),
            ("at: \"'2020-06-01 08:29:59'\", time_zone: '-3:30'", GOES),
            ("at: \"'2020-06-01 08:30:00'\", time_zone: '-03:30'", STAYS),
            ("at: \"'20010101'\", time_zone: '+00:00'", GOES),
            ("at: \"'2001-02-30'\", time_zone: '+00:00'", STAYS),
            ("at: \"'2001-01-01'\", time_zone: '+00:00', preserve: true", STAYS),
            ("at: \"'2001-01-01'\", time_zone: '+00:00', status: disabled", GOES),
            ("at: \"'2001-01-01'\", time_zone: SYSTEM", STAYS),
            ("at: \"'2001-01-01'\", time_zone: Europe/Berlin", STAYS),
            ("at: \"'2001-01-01'\"", STAYS),
            ("at: \"'2001-01-01' + interval 1 day\", time_zone: '+00:00'", STAYS),
            ("every: 1 day, time_zone: '+00:00'", STAYS),
            ("every: 1 day, starts: \"'2001-01-01'\", time_zone: '+00:00'", STAYS),
            ("every: 1 day, ends: \"'2001-01-01'\", time_zone: '+00:00'", GOES),
            ("every: 1 day, ends: \"'2037-01-01'\", time_zone: '+00:00'", STAYS),
        ] {
            assert_eq!(compared(event, Some(now)), wanted, "{event}");
            assert_eq!(compared(event, None), STAYS, "{event} beside a file");
        }
    }

    #[test]
    fn what_the_server_has_is_compared() {
        let text = |name: &str, comment: &str| {
            format!(
                "events: {{ {name}: {{ at: \"'2001-01-01'\", time_zone: '+00:00', \
                 comment: {comment}, body: do 1 }} }}\n"
            )
        };
        let [mut from, to] =
            [text("E", "a"), text("e", "b")].map(|text| read_text("schema.yaml", &text).unwrap());
        from.now = "2020-06-01 12:00:00".parse().ok();
        let comparison = Comparison::new(from, to, None).unwrap();
        assert_eq!(comparison.difference.changes.len(), 1);
        assert!(comparison.to.notes.is_empty());
    }
}
