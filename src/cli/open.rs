//! Opening a source from what was typed.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};

use super::arguments::SourceLookup;
use super::error::{self, CommandError};
use super::progress::with_progress;
use crate::engine::without_history;
use crate::lint::unknown_rules;
use crate::migration;
use crate::report::one_line;
use crate::self_check::self_check;
use crate::server::Server;
use crate::source::dump::Input;
use crate::source::live::{Answered, DatabaseUrl, LiveError};
use crate::source::{Detail, Hold, Loaded, ReadOptions, dump, live, yaml};
use crate::waivers::unknown_codes;

/// The name of the lock file in a folder of generated migrations.
pub(super) const LOCK_FILE: &str = "schema.lock.yaml";

const NO_DATABASE: &str =
    "no database given: set DATABASE_URL, in the environment or in .env, or name a source";

/// Where a schema comes from.
#[derive(Debug, Clone)]
pub(super) enum Location {
    Yaml(PathBuf),
    Sql {
        input: Input,
        /// The database to read, if the SQL has several.
        database: Option<String>,
    },
    Live(Box<DatabaseUrl>),
}

impl Location {
    /// Finds out what was typed: a URL, a YAML file, a folder of migrations, or SQL. SQL can be a
    /// file, a pipe, a folder, or `-` for standard input.
    pub(super) fn parse(text: &str, lookup: &SourceLookup) -> Result<Location> {
        if text.contains("://") {
            return Location::of_url(text.parse()?, lookup);
        }
        let path = PathBuf::from(text);
        let sql = |input| Ok(Location::Sql { input, database: lookup.database.clone() });
        if text == "-" {
            return sql(Input::Standard);
        }
        if path.is_dir() {
            let lock = path.join(LOCK_FILE);
            if lock.is_file() {
                return Ok(Location::Yaml(lock));
            }
            if dump::holds_sql(&path) {
                return sql(Input::Folder(path));
            }
            bail!("{} is a folder with neither a {LOCK_FILE} nor .sql files", path.display());
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => Ok(Location::Yaml(path)),
            _ if path.exists() || text.ends_with(".sql") || text.ends_with(".sql.gz") => {
                sql(Input::File(path))
            }
            // The text may hold a password, so the message doesn't repeat it.
            _ if text.contains('@') => bail!(
                "a source with `@` in it is neither a file nor a URL: a URL begins with its scheme, \
                 as in mysql://user@host:3306/database"
            ),
            _ => bail!("`{}` isn't a file, folder or URL", one_line(text)),
        }
    }

    /// A database on a server. The URL or `--database` has to name it.
    fn of_url(url: DatabaseUrl, lookup: &SourceLookup) -> Result<Location> {
        let url = match (&lookup.database, url.database()) {
            (Some(database), None) => url.with_database(database),
            (None, None) => bail!(
                "the URL of {} names no database: append it, as in \
                 mysql://user@host:3306/database, or say --database NAME",
                url.endpoint()
            ),
            _ => url,
        };
        let url = url.for_schema(&lookup.schema).with_deadline(lookup.deadline);
        Ok(Location::Live(Box::new(url)))
    }

    /// The source that was typed. If none was, the default database.
    pub(super) fn database(typed: Option<&str>, lookup: &SourceLookup) -> Result<Option<Location>> {
        match typed {
            Some(text) => Location::parse(text, lookup).map(Some),
            None => lookup.default_url()?.map(|url| Location::of_url(url, lookup)).transpose(),
        }
    }

    /// Like [`Location::database`], but it is an error if there is no database.
    pub(super) fn required_database(
        typed: Option<&str>,
        lookup: &SourceLookup,
    ) -> Result<Location> {
        Location::database(typed, lookup)?.context(NO_DATABASE)
    }

    /// The URL, if the source is a server.
    pub(super) fn url(&self) -> Option<&DatabaseUrl> {
        match self {
            Location::Live(url) => Some(url),
            Location::Yaml(_) | Location::Sql { .. } => None,
        }
    }

    /// Whether it is standard input, which can be read only once.
    pub(super) fn is_standard_input(&self) -> bool {
        matches!(self, Location::Sql { input: Input::Standard, .. })
    }

    /// Reads the schema. With full detail, a table counts as unsupported if what was read of it
    /// isn't what the server's SHOW CREATE TABLE says.
    pub(super) fn read(&self, options: &ReadOptions<'_>) -> error::Result<Loaded> {
        let mut loaded = self.read_all(options)?;
        if !matches!(self, Location::Yaml(_)) {
            without_history(&mut loaded.schema);
        }
        Ok(loaded)
    }

    /// The same, with the tables in which migrations are recorded.
    fn read_all(&self, options: &ReadOptions<'_>) -> error::Result<Loaded> {
        match self {
            Location::Yaml(path) => read_yaml(path),
            Location::Sql { input, database } => {
                let doing = format!("reading {}", input.label());
                let options = ReadOptions { database: database.as_deref(), ..*options };
                Ok(with_progress(&doing, || false, || dump::read(input, &options))?)
            }
            Location::Live(url) => {
                let mut loaded = waited_for(url, || live::read(url, options))?;
                if options.detail == Detail::Full {
                    self_check(&loaded).mark(&mut loaded.schema);
                }
                Ok(loaded)
            }
        }
    }
}

/// The server that was typed, or else the default database's. The URL may name no database.
pub(super) fn server_url(typed: Option<&str>, lookup: &SourceLookup) -> Result<DatabaseUrl> {
    let url = match typed {
        Some(text) if text.contains("://") => text.parse()?,
        // The text may hold a password, so the message doesn't repeat it.
        Some(_) => bail!(
            "the source has to be a server here: a URL such as mysql://user@host:3306/database"
        ),
        None => lookup.default_url()?.context(NO_DATABASE)?,
    };
    let url = match (&lookup.database, url.database()) {
        (Some(database), None) => url.with_database(database),
        _ => url,
    };
    Ok(url.for_schema(&lookup.schema).with_deadline(lookup.deadline))
}

/// The options for a source that isn't compared with another one. All tables are held during the
/// reading, because no difference will cause a second reading.
pub(super) fn read_alone(flavor: Option<Server>) -> ReadOptions<'static> {
    ReadOptions { flavor, hold: Hold::All, ..ReadOptions::default() }
}

/// The options for a source that is compared: with full detail if the self-check is asked for.
pub(super) fn read_options(flavor: Option<Server>, self_check: bool) -> ReadOptions<'static> {
    let options = if self_check { ReadOptions::FULL } else { ReadOptions::default() };
    ReadOptions { flavor, ..options }
}

/// A server that is asked while the file that it is compared with is still being read.
pub(super) struct Prefetch {
    url: DatabaseUrl,
    answered: JoinHandle<Result<Answered, LiveError>>,
}

impl Prefetch {
    /// Starts to ask the server. Doesn't start if a password may have to be asked for at the
    /// terminal, because nobody should have to type it before the file is known to be valid.
    pub(super) fn begin(location: &Location) -> Option<Prefetch> {
        let url = location.url().filter(|url| !live::may_prompt(url))?.clone();
        let asked = url.clone();
        let answered = thread::spawn(move || live::ask_bulk(&asked));
        Some(Prefetch { url, answered })
    }

    /// Waits for the answers and reads the schema.
    pub(super) fn read(self, options: &ReadOptions<'_>) -> error::Result<Loaded> {
        let Prefetch { url, answered } = self;
        waited_for(&url, || {
            let broken_off = |_| LiveError::ConnectionLost {
                endpoint: url.endpoint(),
                reason: "reading was broken off".to_owned(),
            };
            answered.join().map_err(broken_off)??.read(options)
        })
        .map(|mut loaded| {
            without_history(&mut loaded.schema);
            loaded
        })
    }
}

/// Reads a server. If it takes longer than a second, says what is in progress.
fn waited_for(
    url: &DatabaseUrl,
    read: impl FnOnce() -> Result<Loaded, LiveError>,
) -> error::Result<Loaded> {
    let asked = url.clone();
    Ok(with_progress(&format!("reading {url}"), move || asked.is_prompting(), read)?)
}

pub(super) fn read_yaml(path: &Path) -> error::Result<Loaded> {
    if path.is_dir() {
        error::bail!("{} is a folder; name the schema file in it", path.display());
    }
    if !path.is_file() {
        error::bail!("there is no {}; `driftline pull` writes one from a database", path.display());
    }
    let loaded = yaml::read(path).map_err(|error| with_way_out(path, error))?;
    let mut unknown = unknown_rules(&loaded);
    unknown.extend(unknown_codes(&loaded));
    if !unknown.is_empty() {
        return Err(CommandError::Invalid { diagnostics: unknown, files: loaded.files });
    }
    Ok(loaded)
}

/// If the file is a lock file in which git has left conflict markers, how they are resolved.
fn with_way_out(path: &Path, mut error: yaml::Invalid) -> yaml::Invalid {
    let is_lock = path.file_name().is_some_and(|name| name == LOCK_FILE);
    let has_markers =
        || fs::read_to_string(path).is_ok_and(|text| migration::sides(&text).is_some());
    if is_lock
        && has_markers()
        && let Some(last) = error.diagnostics.last_mut()
    {
        last.help = vec![
            "two branches have added migrations: `driftline generate --rebase` puts those of the \
             younger one after the others"
                .to_owned(),
        ];
    }
    error
}

/// The path of the lock file, which is in the folder of migrations.
pub(super) fn lock_file(schema: &Path, generated: Option<&Path>) -> PathBuf {
    generated_folder(schema, generated).join(LOCK_FILE)
}

/// The folder of migrations. By default it is next to the schema file.
pub(super) fn generated_folder(schema: &Path, generated: Option<&Path>) -> PathBuf {
    match generated {
        Some(folder) => folder.to_owned(),
        None => schema.parent().unwrap_or(Path::new("")).join("generated"),
    }
}
