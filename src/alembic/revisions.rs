//! The revisions in folders, and which of them are heads.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::AlembicError;
use super::assignments::{Assigned, assigned};
use super::config::VersionFolders;

/// A revision's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its name: what the file sets `revision` to.
    pub id: String,
    /// The revisions that it follows: none for the first, several for one that merges branches.
    pub follows: Vec<String>,
    /// The revisions of other branches that it needs, as far as they are named by text.
    pub depends_on: Vec<String>,
    /// Its file.
    pub path: PathBuf,
}

/// All revisions, in the order of their files' names.
///
/// # Errors
///
/// If a folder or a file can't be read, or a file isn't understood.
pub fn read_revisions(versions: &VersionFolders) -> Result<Vec<Revision>, AlembicError> {
    let mut revisions = Vec::new();
    for folder in &versions.folders {
        let mut paths = Vec::new();
        find(folder, versions.is_recursive, &mut paths)?;
        paths.sort();
        for path in paths {
            revisions.push(revision(path)?);
        }
    }
    Ok(revisions)
}

/// The revisions that no other follows, as `alembic heads` lists them.
pub fn heads(revisions: &[Revision]) -> Vec<&Revision> {
    let followed: HashSet<&str> =
        revisions.iter().flat_map(|it| &it.follows).map(String::as_str).collect();
    revisions.iter().filter(|it| !followed.contains(it.id.as_str())).collect()
}

/// The files that Alembic takes for revisions.
fn find(folder: &Path, is_recursive: bool, paths: &mut Vec<PathBuf>) -> Result<(), AlembicError> {
    let unreadable = |source| AlembicError::Unreadable { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreadable(error)),
    };
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        // A link to a folder could lead back to where it is.
        if is_recursive && name != "__pycache__" && entry.file_type().is_ok_and(|it| it.is_dir()) {
            find(&path, is_recursive, paths)?;
        }
        let is_revision =
            name.ends_with(".py") && !name.starts_with("__init__") && !name.starts_with(".#");
        if is_revision && path.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

fn revision(path: PathBuf) -> Result<Revision, AlembicError> {
    let text = fs::read(&path);
    let text = match text {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(source) => return Err(AlembicError::Unreadable { path, source }),
    };
    let refused = |path, why: &str| Err(AlembicError::Revision { path, why: why.to_owned() });
    let id = match assigned(&text, "revision") {
        Some(Assigned::Texts(texts)) if texts.len() == 1 => texts.into_iter().next(),
        _ => None,
    };
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        return refused(path, "it isn't clear what `revision` is: write `revision = \"…\"`");
    };
    match assigned(&text, "down_revision") {
        Some(Assigned::Texts(follows)) => {
            let depends_on = match assigned(&text, "depends_on") {
                Some(Assigned::Texts(revisions)) => revisions,
                _ => Vec::new(),
            };
            Ok(Revision { id, follows, depends_on, path })
        }
        _ => refused(
            path,
            "it isn't clear what `down_revision` is: write `down_revision = \"…\"`, a tuple of \
             such strings, or None",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, VersionFolders) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let versions =
            VersionFolders { folders: vec![folder.path().to_owned()], is_recursive: false };
        (folder, versions)
    }

    fn heads_of(versions: &VersionFolders) -> Vec<String> {
        let revisions = read_revisions(versions).unwrap();
        heads(&revisions).iter().map(|it| it.id.clone()).collect()
    }

    #[test]
    fn heads_are_followed_by_none() {
        let (_folder, mut versions) = folder(&[
            ("a.py", "revision = 'a'\ndown_revision = None\n"),
            ("b.py", "revision: str = 'b'\ndown_revision: str = 'a'\n"),
            ("c.py", "revision = 'c'\ndown_revision = 'a'\n"),
            ("__init__.py", ""),
            (".#c.py", "an editor's"),
            ("notes.txt", "no revision"),
            ("old/d.py", "revision = 'd'\ndown_revision = 'c'\n"),
        ]);
        assert_eq!(heads_of(&versions), ["b", "c"]);
        versions.is_recursive = true;
        assert_eq!(heads_of(&versions), ["b", "d"]);
        fs::write(versions.folders[0].join("m.py"), "revision='m'\ndown_revision=('b', 'd')\n")
            .unwrap();
        assert_eq!(heads_of(&versions), ["m"]);
        let nowhere = VersionFolders { folders: vec!["/nowhere".into()], is_recursive: false };
        assert_eq!(heads_of(&nowhere), Vec::<String>::new());
    }

    #[test]
    fn a_file_that_is_not_understood_is_named() {
        for text in ["", "revision = x\ndown_revision = None\n", "revision = 'a'\n"] {
            let (_folder, versions) = folder(&[("a.py", text)]);
            let error = read_revisions(&versions).unwrap_err().to_string();
            assert!(error.contains("a.py: it isn't clear what"), "{error}");
        }
    }
}
