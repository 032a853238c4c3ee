//! Foreign keys that go and come back within a plan.

use std::collections::HashMap;

use crate::diff::FieldChange;
use crate::model::same_name;

/// The foreign keys that go and come back, by table and name in lower case.
pub(super) type TemporarilyDroppedKeys = HashMap<(String, String), TemporarilyDropped>;

/// How a foreign key comes back.
#[derive(Debug, Clone)]
pub(super) enum TemporarilyDropped {
    /// As it was.
    Unchanged,
    /// As another one.
    Changed {
        /// The name that it had.
        from: String,
        /// The name under which it comes back.
        to: String,
        /// What differs.
        fields: Vec<FieldChange>,
    },
}

impl TemporarilyDropped {
    /// What differs of a key that comes back under this name; `None` where another key has it.
    pub(super) fn coming_back(&self, name: &str) -> Option<&[FieldChange]> {
        match self {
            TemporarilyDropped::Unchanged => Some(&[]),
            TemporarilyDropped::Changed { to, fields, .. } => same_name(to, name).then_some(fields),
        }
    }

    /// Whether it is the key of this name that goes.
    pub(super) fn goes_as(&self, name: &str) -> bool {
        match self {
            TemporarilyDropped::Unchanged => true,
            TemporarilyDropped::Changed { from, .. } => same_name(from, name),
        }
    }

    /// The same on the way back.
    pub(super) fn reversed(&self) -> TemporarilyDropped {
        match self {
            TemporarilyDropped::Unchanged => TemporarilyDropped::Unchanged,
            TemporarilyDropped::Changed { from, to, fields } => TemporarilyDropped::Changed {
                from: to.clone(),
                to: from.clone(),
                fields: fields.iter().map(FieldChange::reversed).collect(),
            },
        }
    }
}
