//! What one source has and the account on the other, a server, doesn't see: whether it exists, or
//! how it is defined, is unknown.

use crate::model::{Element, ObjectName, Schema};
use crate::source::Loaded;

/// Something that one source has and that can't be seen in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// What it is.
    pub element: Element,
    /// Why it can't be seen.
    pub reason: String,
    /// The missing right, as written in GRANT, if that is the reason.
    pub right: Option<&'static str>,
}

/// Removes from each side what the account on the other doesn't see.
pub(super) fn leave_out(
    (from, old): (&Loaded, &mut Schema),
    (to, new): (&Loaded, &mut Schema),
) -> Vec<Unseen> {
    let mut unseen = taken_from(new, from, old);
    unseen.extend(taken_from(old, to, new));
    unseen
}

/// Removes from `schema` what isn't seen in the other source.
fn taken_from(schema: &mut Schema, other: &Loaded, other_schema: &Schema) -> Vec<Unseen> {
    let mut unseen = Vec::new();
    let is_named_alone = |name: &ObjectName| {
        let mut alone = other_schema.unsupported.iter();
        alone.find(|object| object.kind == name.kind && object.name == name.name)
    };
    schema.objects.retain(|name, _| {
        let hidden = other.hidden.iter().find(|hidden| hidden.kinds.contains(&name.kind));
        let (reason, right) = match (is_named_alone(name), hidden) {
            (Some(object), _) if !object.reason.is_empty() => {
                (object.reason.clone(), object.missing_right)
            }
            (Some(_), _) => ("it can't be compared".to_owned(), None),
            (None, Some(hidden)) if !other_schema.objects.contains_key(name) => {
                let noun = hidden.noun();
                let reason =
                    format!("the account doesn't see all {noun}s: it has no {}", hidden.right);
                (reason, Some(hidden.right))
            }
            _ => return true,
        };
        let element = Element::Object { kind: name.kind, name: name.name.clone() };
        unseen.push(Unseen { element, reason, right });
        false
    });
    unseen
}
