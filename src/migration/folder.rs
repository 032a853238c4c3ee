//! The files of a folder of migrations.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A migration in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The 14 digits that its files' names begin with.
    pub version: String,
    /// The names of its files up to `.up.sql`: `20261122101500_add_report_status`.
    pub name: String,
    /// The file that carries it out.
    pub up: PathBuf,
}

/// The migrations of a folder in the order of their versions, files of one version by their names.
/// A folder that doesn't exist has none.
///
/// # Errors
///
/// If the folder can't be listed.
pub fn migrations(folder: &Path) -> io::Result<Vec<Migration>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let file = entry?.file_name().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".up.sql") else { continue };
        if let Some(version) = version(name) {
            let (version, name) = (version.to_owned(), name.to_owned());
            found.push(Migration { version, name, up: folder.join(&file) });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
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
    use super::version;

    #[test]
    fn a_version_is_fourteen_digits() {
        assert_eq!(version("20261122101500_add"), Some("20261122101500"));
        assert_eq!(version("20261122101500"), Some("20261122101500"));
        assert_eq!(version("202611221015001_add"), None);
        assert_eq!(version("2026_add"), None);
        assert_eq!(version("größe"), None);
    }
}
