//! Files that are written whole or not at all: a text is written beside the place where it belongs,
//! under a name that nobody can guess, and takes its place when it is complete.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

/// How the names of texts begin that aren't complete.
const PARTIAL: &str = ".driftline-";

/// The folder that holds files which are complete and on their way into the folder around it: they
/// belong there from the moment at which it has this name.
const PENDING: &str = ".driftline-pending";

/// Puts several texts into a locked folder: all of them or, where the run ends before, none. What
/// has to move into its place yet when a run is killed is moved by the next one.
pub(super) fn put_together(folder: &LockedFolder, texts: &[(String, String)]) -> Result<()> {
    let folder = folder.path.as_path();
    let put = || -> std::io::Result<()> {
        let partial = tempfile::Builder::new().prefix(PARTIAL).tempdir_in(folder)?;
        for (name, text) in texts {
            // The directory is this run's own, so nothing is there to be written over.
            temporary_in_folder_of(&partial.path().join(name), text)?
                .persist(partial.path().join(name))?;
        }
        fs::rename(partial.path(), folder.join(PENDING))?;
        // It has another name by now, and goes when it is empty.
        let _ = partial.keep();
        finish(folder)
    };
    put().with_context(|| format!("can't write into {}", folder.display()))
}

/// Moves what is pending into its place.
fn finish(folder: &Path) -> std::io::Result<()> {
    let pending = folder.join(PENDING);
    if !fs::symlink_metadata(&pending).is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(());
    }
    for entry in fs::read_dir(&pending)? {
        let entry = entry?;
        fs::rename(entry.path(), folder.join(entry.file_name()))?;
    }
    fs::remove_dir(&pending)
}

/// Puts a text in the place of a file, or where none is. A link is neither followed nor replaced.
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

/// Stops where a path is a link.
pub(super) fn refuse_link(path: &Path) -> Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        bail!("{} is a link; name the file itself", path.display());
    }
    Ok(())
}

/// Whether there is anything of that name, a link that leads nowhere too.
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
        // As for any new file, what the umask leaves of it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A folder that one run at a time writes to.
pub(super) struct LockedFolder {
    path: PathBuf,
    /// Holds the lock, which goes with the process, however that ends.
    _handle: File,
}

impl LockedFolder {
    /// Makes the folder where it isn't there, and waits for its turn.
    pub(super) fn lock(path: &Path) -> Result<LockedFolder> {
        fs::create_dir_all(path).with_context(|| format!("can't make {}", path.display()))?;
        let lock = || {
            let handle = File::open(path)?;
            handle.lock()?;
            Ok::<_, std::io::Error>(handle)
        };
        let handle = lock().with_context(|| format!("can't lock {}", path.display()))?;
        // What a run that was killed left: no other run is writing here.
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
        // One in which nothing came to stand goes again; one that isn't empty can't.
        let _ = fs::remove_dir(&self.path);
    }
}
