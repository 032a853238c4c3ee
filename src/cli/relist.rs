//! `driftline generate --relist`: the list of migrations is written again, from the files.

use super::Outcome;
use super::alembic_layout::refuse_revisions;
use super::error::{Result, bail};
use super::files;
use super::generated_files::lock_text_of;
use super::migrations_list;
use super::open::LOCK_FILE;
use super::output::Output;
use crate::migration::MigrationFolder;
use crate::report::count;
use crate::source::Loaded;

/// Writes the list of migrations again from the files, and with it the schema that the files give.
pub(super) fn relist(
    folder: &MigrationFolder,
    locked: Option<Loaded>,
    output: &Output,
) -> Result<Outcome> {
    let Some(locked) = locked else {
        bail!(
            "there is no {LOCK_FILE} in {}; `driftline generate -m …` writes it",
            folder.path.display()
        );
    };
    refuse_revisions(&locked)?;
    let from_nothing = locked.migrations.as_ref().is_some_and(|list| list.from_nothing);
    let list = migrations_list::list(folder, from_nothing)?;
    let words = format!(
        "{} listed in {}\n",
        count(list.lines.len(), "migration", "migrations"),
        folder.path.join(LOCK_FILE).display()
    );
    let schema = match from_nothing {
        true => migrations_list::schema_of_files(folder, &locked)?,
        false => locked.schema.clone(),
    };
    let text = lock_text_of(&schema, locked.server, &locked.settings, list);
    files::replace(&folder.path.join(LOCK_FILE), &text)?;
    output.text(&words)?;
    Ok(Outcome::Clean)
}
