//! Writes files in full or not at all: a text is written next to its destination under a random
//! name, and is renamed to its destination when it is complete.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

/// The prefix of the names of incomplete files.
const PARTIAL: &str = ".driftline-";

/// The folder of complete files that wait to be moved into its parent folder. The files count as
/// written as soon as their folder has this name.
const PENDING: &str = ".driftline-pending";

/// The list of files in the folder of complete files that are removed with the move.
const REMOVED: &str = ".removed";

/// Writes several texts into a locked folder: all of them, or none if the run is killed before they
/// are complete. If the run is killed later, the next run moves the remaining files.
pub(super) fn put_together(folder: &LockedFolder, texts: &[(String, String)]) -> Result<()> {
    replace_together(folder, texts, &[])
}

/// The same, and removes the files of these names.
pub(super) fn replace_together(
    folder: &LockedFolder,
    texts: &[(String, String)],
    removed: &[String],
) -> Result<()> {
    let folder = folder.path.as_path();
    let removed = (!removed.is_empty()).then(|| (REMOVED.to_owned(), removed.join("\n")));
    let put = || -> std::io::Result<()> {
        let partial = tempfile::Builder::new().prefix(PARTIAL).tempdir_in(folder)?;
        for (name, text) in texts.iter().chain(&removed) {
            // The directory belongs to this run, so no file is overwritten.
            temporary_in_folder_of(&partial.path().join(name), text)?
                .persist(partial.path().join(name))?;
        }
        fs::rename(partial.path(), folder.join(PENDING))?;
        // The folder was renamed, and is removed when it is empty.
        let _ = partial.keep();
        finish(folder)
    };
    put().with_context(|| format!("can't write into {}", folder.display()))
}

/// Moves pending files to their destinations.
fn finish(folder: &Path) -> std::io::Result<()> {
    let pending = folder.join(PENDING);
    if !fs::symlink_metadata(&pending).is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(());
    }
    for entry in fs::read_dir(&pending)? {
        let entry = entry?;
        if entry.file_name() != REMOVED {
            fs::rename(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    remove_listed(folder, &pending.join(REMOVED))?;
    fs::remove_dir(&pending)
}

/// Removes the files that a list names, if there is one, and then the list.
fn remove_listed(folder: &Path, list: &Path) -> std::io::Result<()> {
    if !list.is_file() {
        return Ok(());
    }
    for name in fs::read_to_string(list)?.lines() {
        // A file of this folder that is still there.
        if Path::new(name).file_name().is_some_and(|own| own == name)
            && is_there(&folder.join(name))
        {
            fs::remove_file(folder.join(name))?;
        }
    }
    fs::remove_file(list)
}

/// Writes or replaces a file. Refuses a symbolic link, which is neither followed nor replaced.
pub(super) fn replace(path: &Path, text: &str) -> Result<()> {
    refuse_link(path)?;
    let old = fs::symlink_metadata(path).ok();
    let write = || -> std::io::Result<()> {
        let file = temporary_in_folder_of(path, text)?;
        if let Some(old) = &old {
            file.as_file().set_permissions(old.permissions())?;
        }
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("can't write {}", path.display()))
}

/// Stops if a path is a symbolic link.
pub(super) fn refuse_link(path: &Path) -> Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        bail!("{} is a link; name the file itself", path.display());
    }
    Ok(())
}

/// Whether the path exists. A broken link counts as existing.
pub(super) fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn temporary_in_folder_of(path: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(PARTIAL);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The permissions that any new file gets; the umask still limits them.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A folder to which only one run at a time writes.
pub(super) struct LockedFolder {
    path: PathBuf,
    /// Holds the lock. The operating system releases it when the process ends, however it ends.
    _handle: File,
}

impl LockedFolder {
    /// Creates the folder if it doesn't exist, and waits for the lock.
    pub(super) fn lock(path: &Path) -> Result<LockedFolder> {
        fs::create_dir_all(path).with_context(|| format!("can't make {}", path.display()))?;
        let lock = || {
            let handle = File::open(path)?;
            handle.lock()?;
            Ok::<_, std::io::Error>(handle)
        };
        let handle = lock().with_context(|| format!("can't lock {}", path.display()))?;
        // These files were left by a killed run. No other run writes here now, because this one has
        // the lock.
        finish(path).with_context(|| format!("can't write into {}", path.display()))?;
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                let _ = fs::remove_file(entry.path()).or_else(|_| fs::remove_dir_all(entry.path()));
            }
        }
        Ok(LockedFolder { path: path.to_owned(), _handle: handle })
    }
}

impl Drop for LockedFolder {
    fn drop(&mut self) {
        // Removes the folder if it is empty. If it isn't, this fails, which is right.
        let _ = fs::remove_dir(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_ends_what_a_killed_one_has_begun() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["old.sql", "kept.sql"] {
            fs::write(path(name), "").unwrap();
        }
        fs::create_dir(path(PENDING)).unwrap();
        fs::write(path(PENDING).join("new.sql"), "").unwrap();
        let removed = "old.sql\ngone.sql\n../kept.sql";
        fs::write(path(PENDING).join(REMOVED), removed).unwrap();
        let lock = LockedFolder::lock(folder.path()).unwrap();
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).unwrap();
            let mut names: Vec<String> = entries
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(folder.path()), ["kept.sql", "new.sql"]);
        let text = |name: &str| (name.to_owned(), String::new());
        replace_together(&lock, &[text("newer.sql")], &["new.sql".to_owned()]).unwrap();
        assert_eq!(names(folder.path()), ["kept.sql", "newer.sql"]);
    }
}
