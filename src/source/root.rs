//! Which files a file may name: those in the folder of the main file, and no others.
//!
//! A schema file or a file of SQL may come from a stranger's pull request, while the CI job that
//! reads it has secrets. So a file that it names has to be an ordinary file in the folder of the
//! main file, after links are resolved, with the expected ending: an error message shows a part of
//! the text.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Why a file names another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `include`: another part of the schema file.
    Include,
    /// `file`: the SQL of an object.
    Sql,
    /// `source` of the clients: another file of SQL, with any ending.
    Script,
}

impl Purpose {
    fn endings(self) -> &'static [&'static str] {
        match self {
            Purpose::Include => &["yaml", "yml"],
            Purpose::Sql => &["sql"],
            Purpose::Script => &[],
        }
    }
}

/// Why a file is not read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is in another folder, maybe through a link.
    Outside(PathBuf),
    /// It is a pipe, a device or a folder.
    NotAFile,
    /// It doesn't have one of the expected endings.
    Ending(&'static [&'static str]),
    /// Its name begins with a dot, like those of files with secrets.
    Hidden,
}

/// The folder of the main file.
#[derive(Debug)]
pub(crate) struct Root {
    /// As it is named, without `.` and `..`.
    named: PathBuf,
    /// With links resolved.
    resolved: PathBuf,
}

impl Root {
    /// The folder of a main file.
    pub(crate) fn of(main: &Path) -> Root {
        let named = tidy(main).parent().map(Path::to_owned).unwrap_or_default();
        let resolved = fs::canonicalize(&named).unwrap_or_else(|_| named.clone());
        Root { named, resolved }
    }

    /// Whether a file or folder may be looked at. A missing one may, because that is another error.
    pub(crate) fn allows_folder(&self, path: &Path) -> Result<(), Refused> {
        let resolved = fs::canonicalize(path);
        let is_inside = tidy(path).starts_with(&self.named)
            && resolved.as_ref().map_or(true, |it| it.starts_with(&self.resolved));
        if is_inside { Ok(()) } else { Err(Refused::Outside(self.named.clone())) }
    }

    /// Whether a file may be read.
    pub(crate) fn allows(&self, path: &Path, purpose: Purpose) -> Result<(), Refused> {
        self.allows_folder(path)?;
        let has_ending = |path: &Path| {
            let ending = path.extension().unwrap_or_default();
            purpose.endings().iter().any(|it| ending.eq_ignore_ascii_case(it))
        };
        let Ok(resolved) = fs::canonicalize(path) else { return Ok(()) };
        if fs::metadata(&resolved).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Refused::NotAFile);
        }
        let is_hidden = |path: &Path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
        };
        match purpose {
            Purpose::Script if is_hidden(path) || is_hidden(&resolved) => Err(Refused::Hidden),
            Purpose::Script => Ok(()),
            _ if has_ending(path) && has_ending(&resolved) => Ok(()),
            _ => Err(Refused::Ending(purpose.endings())),
        }
    }
}

impl Refused {
    /// The message for a refused file, and what to do.
    pub(crate) fn words(&self, name: &str) -> (String, &'static str) {
        match self {
            Refused::Outside(root) => (
                format!("`{name}` is not in `{}`, the folder of the main file", root.display()),
                "a file names files of that folder alone, since it may be somebody else's",
            ),
            Refused::NotAFile => (format!("`{name}` isn't a regular file"), ""),
            Refused::Ending(endings) => {
                let endings: Vec<String> = endings.iter().map(|it| format!("`.{it}`")).collect();
                (format!("the name of `{name}` has to end with {}", endings.join(" or ")), "")
            }
            Refused::Hidden => (format!("`{name}` is a hidden file"), ""),
        }
    }
}

/// The absolute path without `.` and `..`; links are not resolved.
fn tidy(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut tidied = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                tidied.pop();
            }
            Component::CurDir => {}
            part => tidied.push(part),
        }
    }
    tidied
}
