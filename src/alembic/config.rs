//! Where Alembic looks for revisions: `alembic.ini`, or `[tool.alembic]` of `pyproject.toml`.
//!
//! `alembic.ini` is read as Python's `configparser` reads it (The Python Standard Library,
//! "configparser"): a value goes on in indented lines, and `%(name)s` stands for another value.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::AlembicError;

const INI: &str = "alembic.ini";
const PYPROJECT: &str = "pyproject.toml";

/// What `%(here)s` is, relative to the project's folder.
const HERE: &str = ".";

/// The folders in which Alembic looks for revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFolders {
    /// At least one.
    pub folders: Vec<PathBuf>,
    /// Whether it looks into the folders in them too.
    pub is_recursive: bool,
}

impl VersionFolders {
    /// The folders that the configuration in a project's folder names. Without any configuration
    /// it is `alembic/versions`, if that is there.
    ///
    /// # Errors
    ///
    /// If a configuration can't be read, or names what can't be found without Python.
    pub fn find(project: &Path) -> Result<Option<VersionFolders>, AlembicError> {
        let ini = project.join(INI);
        let mut settings = match read(&ini)? {
            Some(text) => Settings::of_ini(&ini, &text, project),
            None => Settings::new(&ini, project),
        };
        let pyproject = project.join(PYPROJECT);
        if let Some(text) = read(&pyproject)? {
            settings.add_pyproject(&text);
            if !ini.is_file() {
                settings.path = pyproject;
            }
        }
        if let Some(found) = settings.folders()? {
            return Ok(Some(found));
        }
        let usual = project.join("alembic").join("versions");
        let found = usual.is_dir();
        Ok(found.then(|| VersionFolders { folders: vec![usual], is_recursive: false }))
    }
}

fn read(path: &Path) -> Result<Option<String>, AlembicError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(source) => Err(AlembicError::Unreadable { path: path.to_owned(), source }),
    }
}

/// What the files say.
struct Settings<'p> {
    /// The file that errors name.
    path: PathBuf,
    project: &'p Path,
    ini: HashMap<String, String>,
    /// `[tool.alembic]`: texts and lists of texts.
    pyproject: HashMap<String, Vec<String>>,
}

impl<'p> Settings<'p> {
    fn new(path: &Path, project: &'p Path) -> Settings<'p> {
        let (ini, pyproject) = (HashMap::new(), HashMap::new());
        Settings { path: path.to_owned(), project, ini, pyproject }
    }

    fn of_ini(path: &Path, text: &str, project: &'p Path) -> Settings<'p> {
        let mut settings = Settings::new(path, project);
        let mut section = "";
        let mut key: Option<String> = None;
        for line in text.lines() {
            let content = line.trim();
            if content.is_empty() || content.starts_with(['#', ';']) {
                continue;
            }
            if line.starts_with([' ', '\t'])
                && let Some(value) = key.as_ref().and_then(|key| settings.ini.get_mut(key))
            {
                value.push('\n');
                value.push_str(content);
                continue;
            }
            key = None;
            if let Some(name) = content.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                section = name;
            } else if matches!(section, "alembic" | "DEFAULT")
                && let Some((name, value)) = content.split_once(['=', ':'])
            {
                let name = name.trim().to_lowercase();
                // What is in the section itself counts more than a default.
                if section == "alembic" || !settings.ini.contains_key(&name) {
                    settings.ini.insert(name.clone(), value.trim().to_owned());
                    key = Some(name);
                }
            }
        }
        settings
    }

    fn add_pyproject(&mut self, text: &str) {
        // What isn't TOML names no folder; whatever else reads the file says so.
        let Ok(table) = DeTable::parse(text) else { return };
        let tool = table.get_ref().get("tool").and_then(|it| it.get_ref().get("alembic"));
        let Some(DeValue::Table(settings)) = tool.map(|it| it.get_ref()) else { return };
        for (key, value) in settings {
            let texts = match value.get_ref() {
                DeValue::String(text) => vec![text.to_string()],
                DeValue::Boolean(word) => vec![word.to_string()],
                DeValue::Array(items) => {
                    items.iter().filter_map(|it| it.get_ref().as_str()).map(str::to_owned).collect()
                }
                _ => continue,
            };
            self.pyproject.insert(key.get_ref().to_string(), texts);
        }
    }

    fn folders(&self) -> Result<Option<VersionFolders>, AlembicError> {
        let is_recursive = self.text("recursive_version_locations")?.is_some_and(|text| {
            matches!(text.to_lowercase().as_str(), "true" | "1" | "yes" | "on")
        });
        let mut locations = match self.text("version_locations")? {
            Some(text) => self.divided(&text)?,
            None => {
                let listed = self.pyproject.get("version_locations");
                listed.into_iter().flatten().map(|it| self.in_toml(it)).collect()
            }
        };
        if locations.is_empty() {
            let script = match self.text("script_location")? {
                Some(script) => Some(script),
                None => self
                    .pyproject
                    .get("script_location")
                    .and_then(|it| it.first())
                    .map(|it| self.in_toml(it)),
            };
            locations.extend(script.map(|script| format!("{script}/versions")));
        }
        let folders: Vec<PathBuf> =
            locations.iter().map(|it| self.folder(it)).collect::<Result<_, _>>()?;
        Ok((!folders.is_empty()).then_some(VersionFolders { folders, is_recursive }))
    }

    /// A folder, relative to that of the project, from which Alembic is run.
    fn folder(&self, location: &str) -> Result<PathBuf, AlembicError> {
        let path = Path::new(location);
        if location.contains(':') && !path.is_absolute() {
            return Err(self.refused(format!("{location} is in a package of Python's")));
        }
        Ok(self.project.join(path.strip_prefix(HERE).unwrap_or(path)))
    }

    /// The items of `version_locations`.
    fn divided(&self, text: &str) -> Result<Vec<String>, AlembicError> {
        let separator = match self.text("path_separator")? {
            Some(separator) => Some(separator),
            None => self.text("version_path_separator")?,
        };
        let is_between = |c: char| match separator.as_deref() {
            None => c == ',' || c == ' ',
            Some("space") => c == ' ',
            Some("newline") => c == '\n',
            Some("os") => c == if cfg!(windows) { ';' } else { ':' },
            Some(other) => other.starts_with(c),
        };
        let items = text.split(is_between).map(str::trim).filter(|item| !item.is_empty());
        Ok(items.map(str::to_owned).collect())
    }

    /// A value of `alembic.ini`, with the values that it refers to.
    fn text(&self, key: &str) -> Result<Option<String>, AlembicError> {
        let Some(mut text) = self.ini.get(key).cloned() else { return Ok(None) };
        // One value may refer to another, and none needs many.
        for _ in 0..10 {
            match self.without_references(&text) {
                Some((next, true)) => text = next,
                Some((done, false)) => return Ok(Some(done).filter(|it| !it.is_empty())),
                None => break,
            }
        }
        Err(self.refused(format!("`{key}` refers to a value that isn't there: {text}")))
    }

    /// The text with each `%(name)s` replaced, and whether there was one. `%%` is replaced at last.
    fn without_references(&self, text: &str) -> Option<(String, bool)> {
        let mut result = String::new();
        let mut literal = String::new();
        let (mut rest, mut has_references) = (text, false);
        while let Some((before, after)) = rest.split_once('%') {
            result.push_str(before);
            literal.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                result.push_str("%%");
                literal.push('%');
                rest = after;
                continue;
            }
            let (name, after) = after.strip_prefix('(')?.split_once(")s")?;
            let value = match name.to_lowercase().as_str() {
                "here" => HERE.to_owned(),
                name => self.ini.get(name)?.clone(),
            };
            has_references = true;
            result.push_str(&value);
            rest = after;
        }
        Some(match has_references {
            true => (result + rest, true),
            false => (literal + rest, false),
        })
    }

    fn in_toml(&self, text: &str) -> String {
        text.replace("%(here)s", HERE).replace("%%", "%")
    }

    fn refused(&self, why: String) -> AlembicError {
        AlembicError::Config { path: self.path.clone(), why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Result<Option<Vec<String>>, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = VersionFolders::find(folder.path()).map_err(|error| error.to_string())?;
        let names = |it: VersionFolders| {
            let names = it.folders.iter().map(|path| path.strip_prefix(folder.path()).unwrap());
            let names = names.map(|path| path.display().to_string());
            names.chain(it.is_recursive.then(|| "recursive".to_owned())).collect()
        };
        Ok(found.map(names))
    }

    fn of_ini(ini: &str) -> Result<Option<Vec<String>>, String> {
        found(&[("alembic.ini", ini)])
    }

    fn names(names: &[&str]) -> Result<Option<Vec<String>>, String> {
        Ok(Some(names.iter().map(|it| (*it).to_owned()).collect()))
    }

    #[test]
    fn the_configuration_says_where_revisions_are() {
        assert_eq!(of_ini("[alembic]\nscript_location = alembic\n"), names(&["alembic/versions"]));
        let with_here =
            "[other]\nscript_location=x\n[alembic]\n# a note\nscript_location: %(here)s/db";
        assert_eq!(of_ini(with_here), names(&["db/versions"]));
        let several = "[DEFAULT]\nbase = %(here)s/a%%b\n[alembic]\nscript_location = x\n\
                       path_separator = os\nversion_locations = %(base)s/one:%(base)s/two\n";
        assert_eq!(of_ini(several), names(&["a%b/one", "a%b/two"]));
        let lines = "[alembic]\npath_separator = newline\nversion_locations =\n    one\n    two\n\
                     recursive_version_locations = true\n[loggers]\nkeys = root\n";
        assert_eq!(of_ini(lines), names(&["one", "two", "recursive"]));
        assert_eq!(
            of_ini("[alembic]\nversion_locations = one two, three"),
            names(&["one", "two", "three"])
        );
    }

    #[test]
    fn pyproject_counts_where_the_ini_says_nothing() {
        let pyproject = "[tool.alembic]\nscript_location = \"%(here)s/db\"\n";
        assert_eq!(found(&[("pyproject.toml", pyproject)]), names(&["db/versions"]));
        let ini = "[alembic]\nsqlalchemy.url = mysql://%(nobody)s\n";
        assert_eq!(
            found(&[("pyproject.toml", pyproject), ("alembic.ini", ini)]),
            names(&["db/versions"])
        );
        let several = "[tool.alembic]\nversion_locations = [\"one\", \"two\"]\n";
        assert_eq!(found(&[("pyproject.toml", several)]), names(&["one", "two"]));
        assert_eq!(found(&[("pyproject.toml", "no TOML")]), Ok(None));
        assert_eq!(found(&[("alembic/versions/a.py", "")]), names(&["alembic/versions"]));
    }

    #[test]
    fn what_only_python_could_find_is_refused() {
        for ini in [
            "[alembic]\nscript_location = shop:migrations\n",
            "[alembic]\nscript_location = %(there)s/x\n",
            "[alembic]\nscript_location = %(script_location)s\n",
            "[alembic]\nscript_location = 100%\n",
        ] {
            let error = of_ini(ini).unwrap_err();
            assert!(error.ends_with("name the folder of the revisions: --versions DIR"), "{error}");
        }
    }
}
