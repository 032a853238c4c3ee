//! Foreign keys that go and come back within a plan.

use std::collections::HashMap;

use crate::model::{ForeignKey, ForeignKeyAspect, same_name};

/// The foreign keys that go and come back, by table and name in lower case.
pub(in crate::plan) type TemporarilyDroppedKeys = HashMap<(String, String), TemporarilyDropped>;

/// How a foreign key comes back.
#[derive(Debug, Clone)]
pub(in crate::plan) enum TemporarilyDropped {
    /// As it was.
    Unchanged,
    /// As another one.
    Changed {
        /// As it was.
        from: Box<ForeignKey>,
        /// As it comes back.
        to: Box<ForeignKey>,
        /// What differs.
        aspects: Vec<ForeignKeyAspect>,
    },
}

impl TemporarilyDropped {
    /// Whether the key that comes back under this name is the one that went.
    pub(in crate::plan) fn comes_back_as(&self, name: &str) -> bool {
        match self {
            TemporarilyDropped::Unchanged => true,
            TemporarilyDropped::Changed { to, .. } => same_name(&to.name, name),
        }
    }

    /// What differs of the key that comes back.
    pub(in crate::plan) fn aspects(&self) -> &[ForeignKeyAspect] {
        match self {
            TemporarilyDropped::Unchanged => &[],
            TemporarilyDropped::Changed { aspects, .. } => aspects,
        }
    }

    /// Whether it is the key of this name that goes.
    pub(in crate::plan) fn goes_as(&self, name: &str) -> bool {
        match self {
            TemporarilyDropped::Unchanged => true,
            TemporarilyDropped::Changed { from, .. } => same_name(&from.name, name),
        }
    }

    /// The same on the reverse.
    pub(in crate::plan) fn reversed(&self) -> TemporarilyDropped {
        match self {
            TemporarilyDropped::Unchanged => TemporarilyDropped::Unchanged,
            TemporarilyDropped::Changed { from, to, aspects } => TemporarilyDropped::Changed {
                from: to.clone(),
                to: from.clone(),
                aspects: aspects.clone(),
            },
        }
    }
}
