//! A file of SQL against the database that was loaded from it.

use std::path::Path;

use driftline::compare::Comparison;
use driftline::source::{Loaded, ReadOptions, dump};

use super::pipeline::Planned;
use super::servers::Database;

/// Checks that a file, read without naming its server, is the same as the database that a server
/// made from it: in both directions, and without errors.
pub fn expect_quiet(file: &Path, database: &Database, found: &Loaded) -> Result<(), String> {
    let read = dump::read(&dump::Input::File(file.to_owned()), &ReadOptions::default())
        .map_err(|error| error.to_string())?;
    for (from, to, way) in [(found, &read, "server to file"), (&read, found, "file to server")] {
        let comparison = Comparison::new(from.clone(), to.clone(), None)
            .map_err(|error| format!("{way}: {error:#}"))?;
        if comparison.server != database.server.server {
            return Err(format!("{way}: the rules are those of {}", comparison.server));
        }
        let planned = Planned { comparison };
        planned.expect_nothing(way)?;
        let refused = planned.refused();
        if !refused.is_empty() {
            return Err(format!("{way}: refused: {}", refused.join("; ")));
        }
    }
    Ok(())
}
