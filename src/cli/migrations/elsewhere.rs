//! What a person has to know where the history was written on another server.

use super::super::output::Output;
use crate::engine::{History, ServerIdentity};
use crate::report::one_line;

/// Says it.
pub(super) fn say_if_elsewhere(history: &History, here: &ServerIdentity, output: &Output) {
    if let Some(there) = history.recorded_elsewhere(here) {
        let differs = match there.version == here.version {
            true => "",
            false => {
                "; the same statements may make something else here, which `driftline check` shows"
            }
        };
        output.say(&one_line(&format!(
            "note: the history was written on another server ({there}), and this is {here}: the \
             database was restored from a dump or is replicated{differs}"
        )));
    }
    if let (Some(there), Some(entry)) = (history.begun_elsewhere(here), history.unfinished()) {
        output.say(&one_line(&format!(
            "note: migration {} stopped half-way on {there}, and its record comes from there: where \
             that leaves a statement open, the schema of this database says whether it is in; what \
             it says of rows can't be looked at here",
            entry.version
        )));
    }
}
