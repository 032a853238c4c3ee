//! The migrations of a folder, each of whose files is read once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::script::{MigrationScript, ScriptError};
use crate::diagnostic::{Diagnostic, FileId, Files, Span};

/// What the names of the files that carry a migration out end in.
pub const UP: &str = ".up.sql";
/// What the names of the files that reverse a migration end in.
pub const DOWN: &str = ".down.sql";

/// A folder of migrations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationFolder {
    /// The folder.
    pub path: PathBuf,
    /// In the order of their versions; those of one version by their names.
    pub migrations: Vec<MigrationFiles>,
}

/// A migration in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFiles {
    /// The 14 digits that its files' names begin with.
    pub version: String,
    /// The names of its files without their endings: `20261122101500_add_report_status`.
    pub name: String,
    /// The words after the version: `add report status`.
    pub description: String,
    /// The file that carries it out.
    pub up: MigrationFile,
    /// The file that reverses it, if there is one.
    pub down: Option<MigrationFile>,
}

/// A file of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What the text says.
    pub script: MigrationScript,
}

/// Why a folder of migrations can't be used.
#[derive(Debug)]
pub enum FolderError {
    /// The folder or a file in it can't be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Files in it are no migrations, or can't be carried out.
    Invalid {
        /// At least one error, in the order of the files.
        diagnostics: Vec<Diagnostic>,
        /// The texts that they point into.
        files: Files,
    },
}

impl MigrationFolder {
    /// Reads a folder. One that doesn't exist has no migrations.
    ///
    /// # Errors
    ///
    /// If the folder or a file can't be read, or all that is wrong in the files.
    pub fn read(path: &Path) -> Result<MigrationFolder, FolderError> {
        let mut reading = Reading::default();
        let mut migrations = Vec::new();
        for name in names(path)? {
            migrations.extend(reading.migration(path, &name)?);
        }
        match reading.diagnostics.is_empty() {
            true => Ok(MigrationFolder { path: path.to_owned(), migrations }),
            false => {
                Err(FolderError::Invalid { diagnostics: reading.diagnostics, files: reading.files })
            }
        }
    }
}

impl MigrationFile {
    /// Reads one file, which needs no version in its name.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or what is wrong in it.
    pub fn read(path: &Path) -> Result<MigrationFile, FolderError> {
        let mut reading = Reading::default();
        let file = reading.file(path.to_owned())?;
        file.ok_or(FolderError::Invalid { diagnostics: reading.diagnostics, files: reading.files })
    }
}

/// Whether a path is a folder with migrations.
pub fn holds_migrations(path: &Path) -> bool {
    path.is_dir() && names(path).is_ok_and(|names| !names.is_empty())
}

/// The names of the migrations, in order.
fn names(folder: &Path) -> Result<Vec<String>, FolderError> {
    let unreadable = |source| FolderError::Unreadable { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let file = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        let name = file.strip_suffix(UP).filter(|name| version(name).is_some());
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// What was found so far.
#[derive(Default)]
struct Reading {
    files: Files,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// The migration of a name. `None` if something is wrong with it.
    fn migration(
        &mut self,
        folder: &Path,
        name: &str,
    ) -> Result<Option<MigrationFiles>, FolderError> {
        let up = self.file(folder.join(format!("{name}{UP}")))?;
        let down_path = folder.join(format!("{name}{DOWN}"));
        let down = match fs::symlink_metadata(&down_path) {
            Ok(_) => Some(self.file(down_path)?),
            Err(_) => None,
        };
        let (Some(up), Some(version)) = (up, version(name)) else { return Ok(None) };
        let down = match down {
            None => None,
            Some(None) => return Ok(None),
            Some(Some(down)) => Some(down),
        };
        self.refuse_undoes_of_up(&up);
        if let Some(down) = &down {
            self.refuse_undoes_of_others(&up, down);
        }
        let description = name[version.len()..].trim_start_matches('_').replace('_', " ");
        let (version, name) = (version.to_owned(), name.to_owned());
        Ok(Some(MigrationFiles { version, name, description, up, down }))
    }

    /// A file. `None` if something is wrong with it.
    fn file(&mut self, path: PathBuf) -> Result<Option<MigrationFile>, FolderError> {
        let text = match read_text(&path) {
            Ok(text) => text,
            Err(source) => return Err(FolderError::Unreadable { path, source }),
        };
        match text {
            Ok(text) => match MigrationScript::read(&text) {
                Ok(script) => return Ok(Some(MigrationFile { path, text, script })),
                Err(error) => self.wrong(&path, &text, error),
            },
            Err(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                let before = text.split(char::REPLACEMENT_CHARACTER).next().unwrap_or_default();
                let error = ScriptError {
                    line: before.matches('\n').count() + 1,
                    message: "there are bytes that are no UTF-8".to_owned(),
                    help: Some("save the file as UTF-8".to_owned()),
                };
                self.wrong(&path, &text, error);
            }
        }
        Ok(None)
    }

    fn wrong(&mut self, path: &Path, text: &str, error: ScriptError) {
        let diagnostic = at_line(&mut self.files, path, text, error.line, error.message);
        let help = error.help.into_iter().collect();
        self.diagnostics.push(Diagnostic { help, ..diagnostic });
    }

    fn refuse_undoes_of_up(&mut self, up: &MigrationFile) {
        if let Some(undo) = up.script.undoes.first() {
            let error = ScriptError {
                line: undo.line,
                message: "this mark belongs into the file that reverses the migration".to_owned(),
                help: Some("mark the statements here by `-- statement N`".to_owned()),
            };
            self.wrong(&up.path, &up.text, error);
        }
    }

    /// Each statement is undone, or said to be impossible to undo.
    fn refuse_undoes_of_others(&mut self, up: &MigrationFile, down: &MigrationFile) {
        let undoes = &down.script.undoes;
        let is_there =
            |number: &u32| up.script.statements().any(|statement| statement.position == *number);
        for undo in undoes {
            for number in undo.numbers.iter().filter(|number| !is_there(number)) {
                let error = ScriptError {
                    line: undo.line,
                    message: format!("{} has no statement {number}", label(&up.path)),
                    help: Some("number what is undone as it is numbered there".to_owned()),
                };
                self.wrong(&down.path, &down.text, error);
            }
        }
        // Without marks the statements undo all of them together.
        if undoes.is_empty() && down.script.statements().next().is_some() {
            return;
        }
        let is_undone = |number: u32| undoes.iter().any(|undo| undo.numbers.contains(&number));
        let missing = up.script.statements().find(|statement| !is_undone(statement.position));
        if let Some(statement) = missing {
            let number = statement.position;
            let error = ScriptError {
                line: undoes.first().map_or(1, |first| first.line),
                message: format!("statement {number} of {} isn't undone", label(&up.path)),
                help: Some(format!(
                    "write `-- undoes {number}` in its place, with no statement below it where \
                     nothing is to be undone; or `-- undoes {number}: impossible, …`"
                )),
            };
            self.wrong(&down.path, &down.text, error);
        }
    }
}

/// The text of a file, or its bytes if they are no UTF-8.
fn read_text(path: &Path) -> io::Result<Result<String, Vec<u8>>> {
    // A pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    Ok(String::from_utf8(fs::read(path)?).map_err(std::string::FromUtf8Error::into_bytes))
}

/// An error at a line of a file, which is added to `files`. Line 0 is none.
pub(super) fn at_line(
    files: &mut Files,
    path: &Path,
    text: &str,
    line: usize,
    message: String,
) -> Diagnostic {
    let file = files.add(path.display().to_string(), text);
    match line_span(file, text, line) {
        Some(span) => Diagnostic::error(message, span, ""),
        None => Diagnostic::without_place(format!("{}: {message}", path.display())),
    }
}

/// The place of a line of a file's text, counted from 1. `None` if there is no such line.
pub(crate) fn line_span(file: FileId, text: &str, line: usize) -> Option<Span> {
    let mut start = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            return Some(Span { file, start, end: start + content.trim_end().len() });
        }
        start += content.len();
    }
    None
}

fn label(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The version that a file's name begins with: 14 digits, which are a time in UTC.
pub(crate) fn version(name: &str) -> Option<&str> {
    let version = name.get(..14)?;
    let rest = &name[14..];
    let is_whole = !rest.starts_with(|char: char| char.is_ascii_digit());
    (is_whole && version.bytes().all(|byte| byte.is_ascii_digit())).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_fourteen_digits() {
        assert_eq!(version("20261122101500_add"), Some("20261122101500"));
        assert_eq!(version("20261122101500"), Some("20261122101500"));
        assert_eq!(version("202611221015001_add"), None);
        assert_eq!(version("2026_add"), None);
        assert_eq!(version("größe"), None);
    }

    fn read(files: &[(&str, &[u8])]) -> Result<MigrationFolder, FolderError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        MigrationFolder::read(folder.path())
    }

    #[test]
    fn a_migration_has_its_words_and_both_files() {
        let folder = read(&[
            ("20260102000000_add_b.up.sql", b"ALTER TABLE t ADD b int;\n"),
            ("20260101000000_t.up.sql", b"CREATE TABLE t (a int);\n"),
            ("20260101000000_t.down.sql", b"-- undoes 1\nDROP TABLE t;\n"),
            ("notes.up.sql", b"no version\n"),
        ])
        .unwrap();
        let [first, second] = folder.migrations.as_slice() else { panic!("{folder:?}") };
        assert_eq!((first.version.as_str(), first.description.as_str()), ("20260101000000", "t"));
        assert_eq!(first.down.as_ref().unwrap().script.undoes.len(), 1);
        assert_eq!((second.description.as_str(), &second.down), ("add b", &None));
        assert_eq!(
            MigrationFolder::read(Path::new("/nowhere/at/all")).unwrap().migrations,
            Vec::new()
        );
    }

    #[test]
    fn what_is_wrong_is_said_at_its_line() {
        let found = read(&[
            ("20260101000000_a.up.sql", b"<<<<<<< HEAD\nDO 1;\n"),
            ("20260102000000_b.up.sql", b"-- undoes 1\nDO 1;\n"),
            ("20260103000000_c.up.sql", b"DO 1;\nDO 2;\n"),
            ("20260103000000_c.down.sql", b"-- a note\n-- undoes 3, 1\nDO 1;\n"),
            ("20260104000000_d.up.sql", b"DO 1;\n-- \xff\n"),
            ("20260105000000_e.up.sql", b"DO 1;\n"),
            ("20260105000000_e.down.sql", b"BEGIN;\n"),
            ("20260106000000_f.up.sql", b"DO 1;\n"),
            ("20260106000000_f.down.sql", b"-- to be written\n"),
        ]);
        let Err(FolderError::Invalid { diagnostics, files }) = found else { panic!("{found:?}") };
        let texts = diagnostics.iter().map(|it| {
            // The folder differs every time.
            let place = files.line_label(it.primary.as_ref().unwrap().span);
            format!("{}: {}; {}", label(Path::new(&place)), it.title, it.help.join("; "))
        });
        insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n"));
    }
}
