//! What `generate` writes: the files of migrations, and the lock file that lists them.

use std::path::Path;

use anyhow::anyhow;

use super::error::Result;
use super::files::{self, LockedFolder};
use super::migration_name::MigrationName;
use super::open::LOCK_FILE;
use crate::compare::Comparison;
use crate::diff::unlisted_indexes;
use crate::migration::{DOWN, MigrationScript, UP, line_after};
use crate::model::Schema;
use crate::report::{self, MigrationHeader};
use crate::server::Server;
use crate::source::{MigrationList, Settings, yaml};

/// Files that are written together.
pub(super) struct GeneratedFiles<'a> {
    folder: &'a Path,
    list: MigrationList,
    texts: Vec<(String, String)>,
}

impl<'a> GeneratedFiles<'a> {
    /// None yet. `list` has the migrations that are there already.
    pub(super) fn new(folder: &'a Path, list: MigrationList) -> Self {
        GeneratedFiles { folder, list, texts: Vec::new() }
    }

    /// Adds the migration of a comparison, which makes what is there.
    pub(super) fn add_baseline(&mut self, comparison: &Comparison) -> Result<()> {
        let name = MigrationName::next(self.folder, "baseline")?;
        let title = format!("{}: what was there before the first migration", name.name);
        self.add(MigrationName { title, ..name }, comparison, true, &[])
    }

    /// Adds the migration of a comparison.
    pub(super) fn add_migration(
        &mut self,
        message: &str,
        allows: &[String],
        comparison: &Comparison,
    ) -> Result<()> {
        let name = match self.list.lines.last() {
            Some(last) if !self.texts.is_empty() => MigrationName::after(&last.version, message)?,
            _ => MigrationName::next(self.folder, message)?,
        };
        self.add(name, comparison, false, allows)
    }

    fn add(
        &mut self,
        MigrationName { version, name, title }: MigrationName,
        comparison: &Comparison,
        is_baseline: bool,
        allows: &[String],
    ) -> Result<()> {
        let flavor = comparison.server.flavor();
        let header = MigrationHeader { title: &title, flavor: &flavor, is_baseline, allows };
        let down = report::down_sql(&comparison.plan, &header);
        let up = report::up_sql(comparison, &header);
        let script = MigrationScript::read(&up).map_err(|error| anyhow!("{name}{UP}: {error}"))?;
        let lines = &mut self.list.lines;
        lines.push(line_after(lines.last(), &version, &script.sum));
        self.texts.push((format!("{name}{UP}"), up));
        self.texts.push((format!("{name}{DOWN}"), down));
        Ok(())
    }

    /// The texts of the forward files, in order.
    pub(super) fn forward_texts(&self) -> impl Iterator<Item = &str> {
        let forward = self.texts.iter().filter(|(name, _)| name.ends_with(UP));
        forward.map(|(_, text)| text.as_str())
    }

    /// The paths of the migrations' files, one per line.
    pub(super) fn paths(&self) -> String {
        let paths = self.texts.iter().map(|(name, _)| self.folder.join(name));
        paths.map(|path| format!("{}\n", path.display())).collect()
    }

    /// Writes the files, and the lock file with the schema after them.
    pub(super) fn write(mut self, turn: &LockedFolder, comparison: &Comparison) -> Result<()> {
        let text = lock_text(comparison, self.list);
        self.texts.push((LOCK_FILE.to_owned(), text));
        Ok(files::put_together(turn, &self.texts)?)
    }
}

/// The text of the lock file.
pub(super) fn lock_text_of(
    schema: &Schema,
    server: Option<Server>,
    settings: &Settings,
    list: MigrationList,
) -> String {
    let options = yaml::WriteOptions {
        stated_server: server.map(|server| server.flavor()),
        settings: settings.clone(),
        migrations: Some(list),
        header: vec![
            "The schema after the newest migration here. Written by `driftline generate`."
                .to_owned(),
        ],
        ..yaml::WriteOptions::new(server.unwrap_or(Server::ASSUMED))
    };
    yaml::write(schema, &options)
}

/// The lock file after a comparison: the desired schema and the list of all migrations.
pub(super) fn lock_text(comparison: &Comparison, list: MigrationList) -> String {
    lock_text_of(&locked_schema(comparison), Some(comparison.server), &comparison.to.settings, list)
}

/// The desired schema as the lock file has it.
pub(super) fn locked_schema(comparison: &Comparison) -> Schema {
    let mut schema = comparison.to.schema.clone();
    // A later migration that drops a foreign key also has to drop its implicit index.
    for (table, indexes) in unlisted_indexes(&comparison.old, &comparison.new, &comparison.server) {
        if let Some(table) = schema.tables.get_mut(&table) {
            table.indexes.extend(indexes);
        }
    }
    schema
}
