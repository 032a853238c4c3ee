//! `driftline new`: a migration that is written by hand.

use super::Outcome;
use super::arguments::NewArguments;
use super::error::Result;
use super::files::{self, LockedFolder};
use super::migration_name::MigrationName;
use super::open::generated_folder;
use super::output::Output;
use crate::migration::{DOWN, FORMAT, UP};
use crate::report::comment;

/// More than one space after `--`, so that no example is a mark.
const UP_EXAMPLE: &str = "\
-- Write the statements, each under its number:
--
--   -- statement 1
--   UPDATE `reports` SET `status` = 'open' WHERE `status` IS NULL;
--
-- One that changes rows runs in a transaction of its own.
-- `-- statement 2, repeatable` says that a statement may run twice.
-- Then `driftline generate --relist` lists the migration.
";

const DOWN_EXAMPLE: &str = "\
-- Write what reverses the statements, the last one first:
--
--   -- undoes 2: impossible, the old values are gone
--
--   -- undoes 1
--   UPDATE `reports` SET `status` = NULL WHERE `status` = 'open';
--
-- `-- undoes 1` with no statement below it says that there is nothing to reverse.
";

pub(super) fn run(args: &NewArguments, output: &Output) -> Result<Outcome> {
    let folder = generated_folder(&args.schema.path(), args.generated.as_deref());
    let turn = LockedFolder::lock(&folder)?;
    let MigrationName { name, title, .. } = MigrationName::next(&folder, &args.message)?;
    let file = |title: &str, example: &str| {
        let head = [comment(title), comment(&format!("driftline: {FORMAT}"))].concat();
        format!("{head}\n{example}")
    };
    let texts = [
        (format!("{name}{UP}"), file(&title, UP_EXAMPLE)),
        (format!("{name}{DOWN}"), file(&format!("reverses {title}"), DOWN_EXAMPLE)),
    ];
    files::put_together(&turn, &texts)?;
    for (name, _) in &texts {
        output.text(&format!("{}\n", folder.join(name).display()))?;
    }
    output.say("write its statements; then `driftline generate --relist` lists it");
    Ok(Outcome::Clean)
}
