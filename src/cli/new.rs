//! `driftline new`: a migration that is written by hand.

use serde_json::json;

use super::Outcome;
use super::alembic_layout::Revisions;
use super::arguments::NewArguments;
use super::error::Result;
use super::files::{self, LockedFolder};
use super::migration_name::MigrationName;
use super::migrations::ResultPrinter;
use super::open::{LOCK_FILE, generated_folder, read_yaml};
use super::output::Output;
use crate::migration::{DOWN, FORMAT, MigrationFolder, UP};
use crate::report::comment;
use crate::source::{MigrationLayout, MigrationList};

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
    let schema = args.schema.path();
    let folder = generated_folder(&schema, args.generated.as_deref());
    let turn = LockedFolder::lock(&folder)?;
    let lock = folder.join(LOCK_FILE);
    // One that can't be read, as in the middle of a merge, is other commands' concern.
    let listed = read_yaml(&lock).ok().filter(|_| lock.is_file()).map(|it| it.migrations);
    let is_sql = |list: &MigrationList| list.layout == MigrationLayout::Sql;
    if args.layout.is_some() || listed.iter().flatten().any(|list| !is_sql(list)) {
        let layout = (args.layout, args.versions.as_deref());
        let before = MigrationFolder::read(&folder)?;
        if let Some(revisions) = Revisions::of(layout, &schema, &before, listed.as_ref())? {
            return revisions.write_empty(&args.message, args.format, output);
        }
    }
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
    let printer = ResultPrinter::new(args.format, output);
    let paths = texts.iter().map(|(name, _)| folder.join(name).display().to_string());
    let paths: Vec<String> = paths.collect();
    printer.text(&format!("{}\n", paths.join("\n")))?;
    printer.document(json!({ "written": paths }))?;
    output.say("write its statements; then `driftline generate --relist` lists it");
    Ok(Outcome::Clean)
}
