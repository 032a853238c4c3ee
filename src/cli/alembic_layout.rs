//! Migrations in Alembic's layout: `generate --layout alembic` and `new` write a revision that Alembic
//! carries out, instead of files of SQL.
//!
//! The revisions name one another, so the lock file lists none. It has the schema after the newest
//! one, from which the next starts, and says that the layout is Alembic's.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use serde_json::json;

use super::Outcome;
use super::arguments::{LayoutOption, ListFormat};
use super::error::{Result, bail};
use super::files;
use super::generate::risk_summary;
use super::generated_files::lock_text;
use super::migration_name::MigrationName;
use super::migrations::ResultPrinter;
use super::open::LOCK_FILE;
use super::output::Output;
use crate::alembic::{Revision, VERSION_TABLE, VersionFolders, heads, read_revisions};
use crate::compare::Comparison;
use crate::migration::{self, MigrationFolder};
use crate::report::{self, RevisionHeader, one_line};
use crate::source::{Loaded, MigrationLayout, MigrationList, ServerSource};

/// Where the next revision goes.
pub(super) struct Revisions {
    /// The folder of its file.
    folder: PathBuf,
    /// The revision that it follows; `None` for the first.
    head: Option<Revision>,
    /// The newest version among the names of the revisions; empty if none has one.
    newest: String,
}

impl Revisions {
    /// Finds it, if the migrations are to be Alembic's. `listed` is what the lock file lists.
    pub(super) fn of(
        (layout, versions): (Option<LayoutOption>, Option<&Path>),
        schema: &Path,
        before: &MigrationFolder,
        listed: Option<&Option<MigrationList>>,
    ) -> Result<Option<Revisions>> {
        let is_noted = listed.into_iter().flatten().any(|it| it.layout == MigrationLayout::Alembic);
        match layout {
            Some(LayoutOption::Sql) if is_noted => bail!(
                "the migrations are Alembic's, as {LOCK_FILE} says; `driftline adopt alembic` \
                 begins with files of SQL instead"
            ),
            Some(LayoutOption::Sql) => return Ok(None),
            None if !is_noted => return Ok(None),
            _ => {}
        }
        if let Some(first) = before.migrations.first() {
            bail!(
                "{} has migrations in SQL ({}), and Alembic would carry out none of them: go on \
                 with those, or name another folder for the lock file: --generated DIR",
                before.path.display(),
                one_line(&first.name)
            );
        }
        let versions = version_folders(versions, schema)?;
        let revisions = read_revisions(&versions).map_err(anyhow::Error::from)?;
        let head = only_head(&revisions)?.cloned();
        let ids = revisions.iter().filter_map(|it| migration::version(&it.id));
        let newest = ids.max().unwrap_or_default().to_owned();
        let next_to_head = head.as_ref().and_then(|head| head.path.parent()).map(Path::to_owned);
        let Some(folder) = next_to_head.or_else(|| versions.folders.first().cloned()) else {
            bail!("Alembic's configuration names no folder of revisions");
        };
        Ok(Some(Revisions { folder, head, newest }))
    }

    /// Stops if the plan starts from a database that isn't where the revisions are.
    pub(super) fn refuse_other_state(&self, from: &Loaded) -> Result<()> {
        let head = self.head.as_ref().map(|head| head.id.as_str());
        let is_at_head = match &from.alembic {
            Some(revisions) => revisions.iter().map(String::as_str).eq(head),
            None => from.server_source != ServerSource::Live || head.is_none(),
        };
        if is_at_head {
            return Ok(());
        }
        let label = one_line(&from.label);
        let state = match &from.alembic {
            Some(revisions) => report::alembic_words(revisions),
            None => format!("it has no table {VERSION_TABLE} that can be read"),
        };
        let head = head.map_or("there is no revision".to_owned(), |head| {
            format!("the newest revision is {}", one_line(head))
        });
        bail!(
            "{label} isn't where the revisions are: {state}, and {head}; `alembic upgrade head` \
             brings it there"
        );
    }

    /// Writes the revision, and the lock file.
    pub(super) fn write(
        self,
        lock: &Path,
        message: &str,
        comparison: &Comparison,
        output: &Output,
    ) -> Result<Outcome> {
        let list = MigrationList { layout: MigrationLayout::Alembic, ..MigrationList::default() };
        let lock_text = lock_text(comparison, list);
        if comparison.plan.steps.is_empty() {
            // It is older if people have written revisions by hand, or if branches were merged.
            if fs::read_to_string(lock).ok().as_deref() != Some(lock_text.as_str()) {
                files::replace(lock, &lock_text)?;
                output.say(&format!("noted what is there in {}", lock.display()));
            }
            output.text("nothing to do: no revision was written\n")?;
            return Ok(Outcome::Clean);
        }
        // If the run is killed between the two, the next one writes the same changes into a second
        // revision, which Alembic stops at. In the other order they would be in none.
        let path = self.put(message, |header| report::alembic_revision(comparison, header))?;
        files::replace(lock, &lock_text)?;
        output.text(&format!("{}\n{}", path.display(), risk_summary(comparison)))?;
        Ok(Outcome::Clean)
    }

    /// Writes a revision without statements, for what is written by hand. The lock file stays.
    pub(super) fn write_empty(
        self,
        message: &str,
        format: ListFormat,
        output: &Output,
    ) -> Result<Outcome> {
        let path = self.put(message, report::empty_alembic_revision)?;
        let printer = ResultPrinter::new(format, output);
        let path = path.display().to_string();
        printer.text(&format!("{path}\n"))?;
        printer.document(json!({ "written": [path] }))?;
        output.say(
            "write its statements. If they change the schema, `driftline generate --from URL` starts \
             from a database that has them",
        );
        Ok(Outcome::Clean)
    }

    /// Writes the file of the next revision.
    fn put(
        &self,
        message: &str,
        text: impl FnOnce(&RevisionHeader<'_>) -> String,
    ) -> Result<PathBuf> {
        let MigrationName { version, name, .. } = MigrationName::after(&self.newest, message)?;
        let follows = self.head.as_ref().map(|head| head.id.as_str());
        let text = text(&RevisionHeader { message, revision: &version, follows });
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("can't make {}", self.folder.display()))?;
        let path = self.folder.join(format!("{name}.py"));
        if files::is_there(&path) {
            bail!("{} is there already", path.display());
        }
        files::replace(&path, &text)?;
        Ok(path)
    }
}

/// Stops if the lock file says that the migrations are Alembic's: driftline neither lists nor
/// carries them out.
pub(super) fn refuse_revisions(locked: &Loaded) -> Result<()> {
    let layout = locked.migrations.as_ref().map(|list| list.layout);
    if layout == Some(MigrationLayout::Alembic) {
        bail!(
            "the migrations are Alembic's, as {} says: `alembic upgrade head` carries them out; \
             `driftline adopt alembic` begins with files of SQL instead",
            locked.label
        );
    }
    Ok(())
}

/// The revisions whose state `status` shows: those of a lock file that says that the layout is
/// Alembic's, or of a project that has no migrations but these.
pub(super) fn revisions_in_use(
    schema: &Path,
    (generated, locked): (&Path, Option<&Loaded>),
    versions: Option<&Path>,
) -> Result<Option<Vec<Revision>>> {
    let list = locked.and_then(|locked| locked.migrations.as_ref());
    if versions.is_some() || list.is_some_and(|list| list.layout == MigrationLayout::Alembic) {
        let found = read_revisions(&version_folders(versions, schema)?);
        return Ok(Some(found.map_err(anyhow::Error::from)?));
    }
    if locked.is_some() || !MigrationFolder::read(generated)?.migrations.is_empty() {
        return Ok(None);
    }
    let found = VersionFolders::find(schema.parent().unwrap_or(Path::new("")));
    let found = found.and_then(|it| it.map(|it| read_revisions(&it)).transpose());
    let found = found.map_err(anyhow::Error::from)?;
    Ok(found.filter(|revisions| !revisions.is_empty()))
}

/// The revisions that a project has which leaves Alembic.
pub(super) enum VersionsInUse {
    /// There are none next to the schema file.
    None,
    /// What they lead to, in order.
    Heads(Vec<String>),
    /// Why they aren't known.
    Unknown(String),
}

/// Looks for revisions next to the schema file.
pub(super) fn adopted_versions(schema: &Path) -> VersionsInUse {
    let found = VersionFolders::find(schema.parent().unwrap_or(Path::new("")));
    let revisions = found.and_then(|it| it.map(|it| read_revisions(&it)).transpose());
    match revisions {
        Ok(None) => VersionsInUse::None,
        Ok(Some(revisions)) if revisions.is_empty() => VersionsInUse::None,
        Ok(Some(revisions)) => {
            let mut ids: Vec<String> = heads(&revisions).iter().map(|it| it.id.clone()).collect();
            ids.sort();
            VersionsInUse::Heads(ids)
        }
        Err(error) => VersionsInUse::Unknown(error.to_string()),
    }
}

fn version_folders(typed: Option<&Path>, schema: &Path) -> Result<VersionFolders> {
    if let Some(folder) = typed {
        return Ok(VersionFolders { folders: vec![folder.to_owned()], is_recursive: false });
    }
    let project = schema.parent().unwrap_or(Path::new(""));
    let found = VersionFolders::find(project).map_err(anyhow::Error::from)?;
    Ok(found.ok_or_else(|| {
        anyhow!(
            "there is neither alembic.ini nor alembic/versions next to {}: `alembic init alembic` \
             makes them; or name the folder of the revisions: --versions DIR",
            schema.display()
        )
    })?)
}

/// The newest revision; `None` if there is none at all.
fn only_head(revisions: &[Revision]) -> Result<Option<&Revision>> {
    match heads(revisions)[..] {
        [] if revisions.is_empty() => Ok(None),
        [] => bail!("each revision is followed by another one, so none is the newest"),
        [head] => Ok(Some(head)),
        ref several => {
            let names: Vec<String> = several.iter().map(|it| named(it)).collect();
            let ids: Vec<String> = several.iter().map(|it| one_line(&it.id)).collect();
            bail!(
                "there are {} heads: {}; join them first: `alembic merge -m \"merge\" {}`",
                several.len(),
                names.join(", "),
                ids.join(" ")
            )
        }
    }
}

/// The revision with the name of its file.
pub(super) fn named(revision: &Revision) -> String {
    let file = revision.path.file_name().map(|name| name.to_string_lossy().into_owned());
    format!("{} ({})", one_line(&revision.id), one_line(&file.unwrap_or_default()))
}
