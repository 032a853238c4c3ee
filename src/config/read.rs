//! Reads `driftline.toml`. Every key is known, or it is an error at its place.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::masked::{masked, may_hold_password};
use super::{Config, Environment, FILE, GraphView, InvalidConfig};
use crate::diagnostic::{Diagnostic, FileId, Files, Span, in_order, list, near_name};
use crate::engine::HistoryTables;
use crate::source::root::{Purpose, Refused, Root};

/// The longest prefix: a table's name has at most 64 characters.
const LONGEST_PREFIX: usize = 64 - "_migrations".len();

const KEYS: [&str; 6] = ["schema", "generated", "baseline", "history", "env", "graph"];
const GRAPH_KEYS: [&str; 1] = ["views"];
const ENVIRONMENT_KEYS: [&str; 2] = ["url_env", "protected"];

/// Keys that other tools have for what must not be in the file.
const SECRET_KEYS: [&str; 9] =
    ["url", "uri", "dsn", "database_url", "connection", "password", "passwd", "pass", "pwd"];

const WAY_OUT: &str = "write `url_env = \"NAME\"`, the name of the variable that holds the URL; \
                       the variable may be in .env, which belongs in .gitignore";

/// Reads the text of the file at a path.
pub(super) fn read_text(path: &Path, text: &str) -> Result<Config, InvalidConfig> {
    let mut files = Files::default();
    let file = files.add(path.display().to_string(), masked(text));
    let mut reader = Reader { path, file, length: text.len(), errors: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    let config = match errors.is_empty() {
        true => reader.config(table.get_ref()),
        false => {
            errors.iter().for_each(|error| reader.syntax_error(error));
            Config::default()
        }
    };
    if reader.errors.is_empty() {
        return Ok(config);
    }
    Err(InvalidConfig { diagnostics: in_order(reader.errors), files })
}

type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'p> {
    path: &'p Path,
    file: FileId,
    length: usize,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config { path: Some(self.path.to_owned()), ..Config::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "schema" => config.schema = self.schema(value),
                "generated" => config.generated = self.generated(value),
                "baseline" => config.baseline = self.baseline(value),
                "history" => config.history = self.history(value).unwrap_or_default(),
                "env" => config.environments = self.environments(value),
                "graph" => config.graph_views = self.graph(value),
                _ => self.unknown_key(FILE, key, &KEYS),
            }
        }
        config
    }

    fn schema(&mut self, value: &Value<'_>) -> Option<PathBuf> {
        let (name, path) = self.path_in_folder("schema", value)?;
        let refused = Root::of(self.path).allows(&path, Purpose::Include);
        self.refuse(refused, name, value);
        Some(path)
    }

    fn baseline(&mut self, value: &Value<'_>) -> Option<PathBuf> {
        let (name, path) = self.path_in_folder("baseline", value)?;
        let refused = Root::of(self.path).allows(&path, Purpose::Include);
        self.refuse(refused, name, value);
        Some(path)
    }

    fn generated(&mut self, value: &Value<'_>) -> Option<PathBuf> {
        let (name, path) = self.path_in_folder("generated", value)?;
        let refused = Root::of(self.path).allows_folder(&path);
        self.refuse(refused, name, value);
        Some(path)
    }

    /// The file may be a stranger's, so it names only what is in its own folder.
    fn refuse(&mut self, refused: Result<(), Refused>, name: &str, value: &Value<'_>) {
        let Err(refused) = refused else { return };
        let (title, help) = refused.words(name);
        let error = self.error(title, value, "");
        if !help.is_empty() {
            error.help.push(help.to_owned());
        }
    }

    /// The path as it is written, and relative to the working directory.
    fn path_in_folder<'v>(
        &mut self,
        key: &str,
        value: &'v Value<'_>,
    ) -> Option<(&'v str, PathBuf)> {
        let name = self.text(key, value, "the path of a file or folder")?;
        if name.is_empty() || name.contains("://") {
            self.error(format!("`{key}` is the path of a file or folder"), value, "");
            return None;
        }
        Some((name, self.path.with_file_name(name)))
    }

    fn history(&mut self, value: &Value<'_>) -> Option<HistoryTables> {
        let prefix = self.text("history", value, "the beginning of the names of two tables")?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if prefix.is_empty() || !prefix.chars().all(is_plain) {
            let title = "`history` can have letters from A to Z, digits and `_` only";
            self.error(title, value, "");
        } else if prefix.len() > LONGEST_PREFIX {
            let title = format!("`history` has more than {LONGEST_PREFIX} characters");
            self.error(title, value, "the name of a table would be too long");
        }
        Some(HistoryTables::with_prefix(prefix))
    }

    /// `[graph.views]`: a name for the tables that a diagram shows.
    fn graph(&mut self, value: &Value<'_>) -> Vec<GraphView> {
        let DeValue::Table(table) = value.get_ref() else {
            self.error("`graph` is a section: write `[graph.views]`", value, "");
            return Vec::new();
        };
        let mut views = Vec::new();
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("views", DeValue::Table(table)) => {
                    views.extend(table.iter().filter_map(|(name, value)| self.view(name, value)));
                }
                ("views", _) => {
                    self.error("`views` is a section: write `[graph.views]`", value, "");
                }
                _ => self.unknown_key("`graph`", key, &GRAPH_KEYS),
            }
        }
        views
    }

    fn view(&mut self, name: &Spanned<impl AsRef<str>>, value: &Value<'_>) -> Option<GraphView> {
        const WANTED: &str = "a view is a list of names of tables or globs, as in [\"order*\"]";
        let DeValue::Array(array) = value.get_ref() else {
            self.error(WANTED, value, "");
            return None;
        };
        let mut tables = Vec::new();
        for value in array.iter() {
            match value.get_ref() {
                DeValue::String(text) => tables.push(text.as_ref().to_owned()),
                _ => {
                    self.error(WANTED, value, "");
                }
            }
        }
        Some(GraphView { name: name.get_ref().as_ref().to_owned(), tables })
    }

    fn environments(&mut self, value: &Value<'_>) -> Vec<Environment> {
        let DeValue::Table(table) = value.get_ref() else {
            self.error("`env` holds environments: write `[env.NAME]`", value, "");
            return Vec::new();
        };
        let mut environments = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            if name.is_empty() || !name.chars().all(is_plain) {
                let title = "the name of an environment has letters, digits, `-`, `_` and `.` only";
                self.error_at(key.span(), title, "");
                continue;
            }
            match value.get_ref() {
                DeValue::Table(table) => environments.push(self.environment(name, table)),
                _ => {
                    let title = format!("environment `{name}` is a section: write `[env.{name}]`");
                    self.error_at(key.span(), title, "").help.push(WAY_OUT.to_owned());
                }
            }
        }
        environments
    }

    fn environment(&mut self, name: &str, table: &DeTable<'_>) -> Environment {
        let mut environment = Environment { name: Some(name.to_owned()), ..Environment::default() };
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("url_env", _) => {
                    if let Some(variable) = self.variable(value) {
                        environment.url_variable = variable;
                    }
                }
                ("protected", DeValue::Boolean(protected)) => environment.protected = *protected,
                ("protected", _) => {
                    self.error("`protected` is true or false", value, "");
                }
                _ => self.unknown_key("an environment", key, &ENVIRONMENT_KEYS),
            }
        }
        environment
    }

    fn variable(&mut self, value: &Value<'_>) -> Option<String> {
        let name = self.text("url_env", value, "the name of a variable")?;
        if may_hold_password(name) {
            let title =
                "`url_env` is the name of a variable, and not a URL, which can hold a password";
            self.error(title, value, "").help.push(WAY_OUT.to_owned());
            return None;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !begins || !name.chars().all(is_name) {
            let title = "the name of a variable has letters from A to Z, digits and `_`, and begins \
                         with no digit";
            self.error(title, value, "");
            return None;
        }
        Some(name.to_owned())
    }

    fn text<'v>(&mut self, key: &str, value: &'v Value<'_>, what: &str) -> Option<&'v str> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(text.as_ref());
        }
        self.error(format!("`{key}` is a text, {what}"), value, "");
        None
    }

    fn unknown_key(&mut self, place: &str, key: &Spanned<impl AsRef<str>>, known: &[&str]) {
        let word = match key.get_ref().as_ref() {
            word if may_hold_password(word) => "***",
            word => word,
        };
        if SECRET_KEYS.contains(&word.to_ascii_lowercase().as_str()) {
            let title = format!("`{word}` can hold a password, which must not be in {FILE}");
            self.error_at(key.span(), title, "").help.push(WAY_OUT.to_owned());
            return;
        }
        let label = match near_name(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => String::new(),
        };
        let has_near = !label.is_empty();
        let error = self.error_at(key.span(), format!("{place} has no key `{word}`"), label);
        if !has_near {
            error.help.push(format!("known are {}", list(known)));
        }
    }

    fn syntax_error(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(self.length..self.length);
        self.error_at(span, format!("syntax error: {}", error.message()), "");
    }

    fn error(
        &mut self,
        title: impl Into<String>,
        value: &Value<'_>,
        label: &str,
    ) -> &mut Diagnostic {
        self.error_at(value.span(), title, label)
    }

    fn error_at(
        &mut self,
        bytes: std::ops::Range<usize>,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        let span = Span { file: self.file, start: bytes.start, end: bytes.end };
        self.errors.push(Diagnostic::error(title, span, label));
        let last = self.errors.len() - 1;
        &mut self.errors[last]
    }
}
