//! `driftline.toml`: where a project's files are, and its named environments.
//!
//! It says what differs between environments: which variable holds the URL, and which of them is
//! protected. A schema file is the same for all of them. No password is ever in it.

mod masked;
mod read;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::diagnostic::{Diagnostic, Files, list, near_name};
use crate::engine::HistoryTables;
use crate::source::is_same_file;
use read::read_text;

/// The name of the file.
pub const FILE: &str = "driftline.toml";

/// The schema file if nothing names one.
pub const DEFAULT_SCHEMA: &str = "schema.yaml";

/// The file of accepted findings if nothing names one, next to the schema file.
pub const DEFAULT_BASELINE: &str = "driftline-baseline.yaml";

/// What `driftline.toml` says. Without such a file, what counts by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Its path. `None` if there is no such file.
    pub path: Option<PathBuf>,
    /// The schema file, relative to the working directory. `None` if the file doesn't name one.
    pub schema: Option<PathBuf>,
    /// The folder of migrations, relative to the working directory. `None` if the file doesn't name
    /// one, or names that of another schema file.
    pub generated: Option<PathBuf>,
    /// The file of accepted findings, relative to the working directory. `None` if the file doesn't
    /// name one, or names that of another schema file.
    pub baseline: Option<PathBuf>,
    /// The names of the tables with the history of migrations.
    pub history: HistoryTables,
    /// The named views of a diagram, in the order of the file.
    pub graph_views: Vec<GraphView>,
    /// In the order of the file.
    environments: Vec<Environment>,
}

/// A name for the tables that a diagram shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphView {
    /// Its name.
    pub name: String,
    /// Names of tables, or globs.
    pub tables: Vec<String>,
}

/// A database that commands are run on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    name: Option<String>,
    url_variable: String,
    protected: bool,
}

/// There is no such environment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{words}")]
pub struct UnknownEnvironment {
    words: String,
}

/// The file can't be used.
#[derive(Debug, Clone)]
pub struct InvalidConfig {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The file. Where a value may hold a password, its text is masked.
    pub files: Files,
}

impl Config {
    /// Reads `driftline.toml` in the folder of the schema file that was typed, or else in the
    /// working directory.
    pub fn find(typed: Option<&Path>) -> Result<Config, InvalidConfig> {
        let next_to_schema = typed.map(|schema| schema.with_file_name(FILE));
        for path in next_to_schema.into_iter().chain([PathBuf::from(FILE)]) {
            let Some(text) = text_of(&path)? else { continue };
            let mut config = read_text(&path, &text)?;
            // The folder of migrations belongs to one schema file.
            let own = config.schema_or_default();
            if typed.is_some_and(|typed| !is_same_file(typed, &own)) {
                config.generated = None;
                config.baseline = None;
            }
            return Ok(config);
        }
        Ok(Config::default())
    }

    /// The schema file if none was typed.
    pub fn schema_or_default(&self) -> PathBuf {
        let by_default = || match &self.path {
            Some(path) => path.with_file_name(DEFAULT_SCHEMA),
            None => PathBuf::from(DEFAULT_SCHEMA),
        };
        self.schema.clone().unwrap_or_else(by_default)
    }

    /// The environment with this name. Without a name, the one of `DATABASE_URL`.
    pub fn environment(&self, name: Option<&str>) -> Result<Environment, UnknownEnvironment> {
        let Some(name) = name else { return Ok(Environment::default()) };
        let found = self.environments.iter().find(|it| it.name() == Some(name));
        found.cloned().ok_or_else(|| self.unknown(name))
    }

    /// The named environments, in the order of the file.
    pub fn environments(&self) -> &[Environment] {
        &self.environments
    }

    fn unknown(&self, name: &str) -> UnknownEnvironment {
        let Some(path) = &self.path else {
            let words = format!(
                "there is no environment `{name}`: there is no {FILE}, neither here nor next to the \
                 schema file"
            );
            return UnknownEnvironment { words };
        };
        let names: Vec<&str> = self.environments.iter().filter_map(Environment::name).collect();
        let near = near_name(name, names.iter().copied());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let words = format!(
            "there is no environment `{name}` in {}{near} (it has {})",
            path.display(),
            list(&names)
        );
        UnknownEnvironment { words }
    }
}

impl Environment {
    /// Its name. `None` for the database of `DATABASE_URL`, if no environment was named.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name of the variable that holds its URL.
    pub fn url_variable(&self) -> &str {
        &self.url_variable
    }

    /// Whether commands that change its database have to be careful.
    pub fn is_protected(&self) -> bool {
        self.protected
    }
}

impl Default for Environment {
    fn default() -> Self {
        Environment { name: None, url_variable: "DATABASE_URL".to_owned(), protected: false }
    }
}

/// The text of a file. `None` if there is no such file.
fn text_of(path: &Path) -> Result<Option<String>, InvalidConfig> {
    // A pipe would be waited for without end.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(unreadable(path, "it isn't a regular file"));
    }
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(unreadable(path, "it is not UTF-8"))
        }
        Err(error) => Err(unreadable(path, &error.to_string())),
    }
}

fn unreadable(path: &Path, why: &str) -> InvalidConfig {
    let title = format!("{} can't be read: {why}", path.display());
    InvalidConfig { diagnostics: vec![Diagnostic::without_place(title)], files: Files::default() }
}
