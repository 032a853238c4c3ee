//! What a server tells of objects and a file leaves out.

use crate::model::{Object, Schedule, Schema};

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

/// Gives the old side what only a server tells where the old side, a dump, leaves it out and the new
/// side has it: neither says that it is otherwise.
pub(super) fn take_as_wanted(old: &mut Schema, new: &Schema) {
    for (name, object) in &mut old.objects {
        let Some(new) = new.objects.get(name) else { continue };
        match (object, new) {
            (Object::View(old), Object::View(new)) => take(&mut old.definer, &new.definer),
            (Object::Trigger(old), Object::Trigger(new)) => {
                take(&mut old.sql_mode, &new.sql_mode);
                take(&mut old.definer, &new.definer);
            }
            (Object::Routine(old), Object::Routine(new)) => {
                take(&mut old.sql_mode, &new.sql_mode);
                take(&mut old.definer, &new.definer);
            }
            (Object::Event(old), Object::Event(new)) => {
                take(&mut old.sql_mode, &new.sql_mode);
                take(&mut old.time_zone, &new.time_zone);
                take(&mut old.definer, &new.definer);
                // What starts nowhere starts when it is made, which no file tells.
                if let (
                    Schedule::Every { starts: starts @ None, .. },
                    Schedule::Every { starts: found, .. },
                ) = (&mut old.schedule, &new.schedule)
                {
                    starts.clone_from(found);
                }
            }
            _ => {}
        }
    }
}

fn take(old: &mut Option<String>, new: &Option<String>) {
    if old.is_none() {
        old.clone_from(new);
    }
}

fn leave(old: &Option<String>, new: &mut Option<String>) {
    if old.is_none() {
        *new = None;
    }
}
