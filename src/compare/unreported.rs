//! What a server shows about objects and a file leaves out.

use crate::model::{Object, ParameterType, Schedule, Schema};
use crate::server::{Server, charset_name};

/// Removes from the new side what only a server has (`sql_mode`, time zones, definers) if the old
/// side, a file that people write, leaves it out: then no side says that it should change.
pub(super) fn ignore_unreported(old: &Schema, new: &mut Schema) {
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

/// Adds to the old side what only a server has if the old side, a dump, leaves it out and the new
/// side has it: then no side says that it differs.
pub(super) fn take_unreported(old: &mut Schema, new: &Schema) {
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
                // Without STARTS an event starts when it is created, which no file says.
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

/// Adds the server's default collation to the parameters and results of the old side's routines if
/// the new side has it there. A server shows it for routines that were created without one, and if
/// the database's default is unknown, the two can't be distinguished.
pub(super) fn leave_default_collations(old: &mut Schema, new: &Schema, server: &Server) {
    let Some(default) = server.default_collation(&charset_name(server.default_charset())) else {
        return;
    };
    for (name, object) in &mut old.objects {
        if let (Object::Routine(old), Some(Object::Routine(new))) = (object, new.objects.get(name))
        {
            let types = old.parameters.iter_mut().zip(&new.parameters);
            let types = types.map(|(old, new)| (&mut old.ty, &new.ty));
            for (old, new) in types.chain(old.returns.iter_mut().zip(&new.returns)) {
                leave_default_collation(old, new, default);
            }
        }
    }
}

fn leave_default_collation(old: &mut ParameterType, new: &ParameterType, default: &str) {
    let stated = match (old.collation.as_deref(), new.collation.as_deref()) {
        (None, stated) | (stated, None) => stated,
        (Some(_), Some(_)) => return,
    };
    if stated == Some(default) && old.ty == new.ty {
        old.charset.clone_from(&new.charset);
        old.collation.clone_from(&new.collation);
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
