//! Foreign keys that are temporarily dropped, which means dropped and added again within one plan.

use std::collections::HashMap;

use crate::model::{ForeignKey, ForeignKeyAspect, same_name};

/// The temporarily dropped foreign keys, by table and lower-case name.
pub(in crate::plan) type TemporarilyDroppedKeys = HashMap<(String, String), TemporarilyDropped>;

/// How a temporarily dropped foreign key is added again.
#[derive(Debug, Clone)]
pub(in crate::plan) enum TemporarilyDropped {
    /// As it was before.
    Unchanged,
    /// With changes.
    Changed {
        /// The key that is dropped.
        from: Box<ForeignKey>,
        /// The key that is added.
        to: Box<ForeignKey>,
        /// The aspects that differ.
        aspects: Vec<ForeignKeyAspect>,
    },
}

impl TemporarilyDropped {
    /// Whether this is the name under which the key is added again.
    pub(in crate::plan) fn comes_back_as(&self, name: &str) -> bool {
        match self {
            TemporarilyDropped::Unchanged => true,
            TemporarilyDropped::Changed { to, .. } => same_name(&to.name, name),
        }
    }

    /// The aspects in which the added key differs from the dropped one.
    pub(in crate::plan) fn aspects(&self) -> &[ForeignKeyAspect] {
        match self {
            TemporarilyDropped::Unchanged => &[],
            TemporarilyDropped::Changed { aspects, .. } => aspects,
        }
    }

    /// Whether this is the name under which the key is dropped.
    pub(in crate::plan) fn goes_as(&self, name: &str) -> bool {
        match self {
            TemporarilyDropped::Unchanged => true,
            TemporarilyDropped::Changed { from, .. } => same_name(&from.name, name),
        }
    }

    /// The same for the reverse.
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
