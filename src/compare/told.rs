//! What a server tells of objects and a file leaves out.

use crate::model::{Object, Schema};

/// Takes from the new side what only a server tells (`sql_mode`, time zones, definers) where the
/// old side, a file that people write, leaves it out: neither says that it should be otherwise.
pub(super) fn leave_untold_alone(old: &Schema, new: &mut Schema) {
    for (name, object) in &mut new.objects {
        let Some(old) = old.objects.get(name) else { continue };
        match (old, object) {
            (Object::View(old), Object::View(new)) => leave(&old.definer, &mut new.definer),
            (Object::Trigger(old), Object::Trigger(new)) => {
                leave(&old.sql_mode, &mut new.sql_mode);
                leave(&old.definer, &mut new.definer);
            }
            (Object::Routine(old), Object::Routine(new)) => {
                leave(&old.sql_mode, &mut new.sql_mode);
                leave(&old.definer, &mut new.definer);
            }
            (Object::Event(old), Object::Event(new)) => {
                leave(&old.sql_mode, &mut new.sql_mode);
                leave(&old.time_zone, &mut new.time_zone);
                leave(&old.definer, &mut new.definer);
            }
            _ => {}
        }
    }
}

fn leave(old: &Option<String>, new: &mut Option<String>) {
    if old.is_none() {
        *new = None;
    }
}
