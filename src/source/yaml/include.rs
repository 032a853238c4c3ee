//! Finds the files that a glob names, and loads a file as text.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::glob;
use super::node::MAX_BYTES;
use crate::diagnostic::{Diagnostic, Files, Span};
use crate::source::reason;
use crate::source::root::{Purpose, Refused, Root};

/// Why a file can't be loaded as text.
pub(super) enum Unreadable {
    /// The system's error.
    Io(io::Error),
    /// It is larger than any schema; its size in bytes.
    TooLarge(u64),
    /// It isn't UTF-8: its bytes, and how many of them are valid.
    NotUtf8(Vec<u8>, usize),
    /// A schema file may not name it.
    Refused(Refused),
}

/// The text of a file that another one names.
pub(super) fn load_named(path: &Path, root: &Root, purpose: Purpose) -> Result<String, Unreadable> {
    root.allows(path, purpose).map_err(Unreadable::Refused)?;
    load(path)
}

/// The text of a file.
pub(super) fn load(path: &Path) -> Result<String, Unreadable> {
    let file = File::open(path).map_err(Unreadable::Io)?;
    let size = file.metadata().map_err(Unreadable::Io)?.len();
    if size > MAX_BYTES {
        return Err(Unreadable::TooLarge(size));
    }
    // Something other than an ordinary file has no size, and may never end.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(Unreadable::Io)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Unreadable::TooLarge(bytes.len() as u64));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        Unreadable::NotUtf8(error.into_bytes(), good)
    })
}

impl Unreadable {
    /// The error, at the invalid byte or else at the place that includes the file.
    pub(super) fn diagnostic(
        self,
        path: &Path,
        files: &mut Files,
        from: Option<Span>,
    ) -> Diagnostic {
        let name = path.display().to_string();
        let (title, help) = match self {
            Unreadable::NotUtf8(bytes, good) => return not_utf8(&name, &bytes, good, files),
            Unreadable::TooLarge(size) => (
                format!(
                    "`{name}` has {} MB; a schema file has at most {} MB",
                    size >> 20,
                    MAX_BYTES >> 20
                ),
                "split it by table and join the parts with `include`",
            ),
            Unreadable::Refused(refused) => refused.words(&name),
            Unreadable::Io(error) => {
                let help = match error.kind() {
                    io::ErrorKind::NotFound if from.is_none() => {
                        "`driftline pull` writes it from a database"
                    }
                    _ => "",
                };
                (format!("can't read `{name}`: {}", reason(&error)), help)
            }
        };
        Diagnostic {
            help: (!help.is_empty()).then(|| help.to_owned()).into_iter().collect(),
            ..Diagnostic::without_place(title).at(from, "")
        }
    }
}

fn not_utf8(name: &str, bytes: &[u8], good: usize, files: &mut Files) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = files.add(name, text);
    let end = good + '\u{fffd}'.len_utf8();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let label = if utf16 { "the file is in UTF-16" } else { "not valid from here" };
    Diagnostic::error("the file is not in UTF-8", Span { file, start: good, end }, label)
        .with_help("save it in UTF-8")
}

/// The files that match a path or glob, relative to the file that includes them, sorted.
pub(super) fn matching(
    including: &Path,
    pattern: &str,
    root: &Root,
) -> Result<Vec<PathBuf>, String> {
    let base = including.parent().unwrap_or(Path::new(""));
    let is_glob = |text: &str| text.contains(['*', '?', '[', '{']);
    if !is_glob(pattern) {
        return Ok(vec![base.join(pattern)]);
    }
    let glob = glob::of_paths(pattern)?;
    // Only folders below the part without wildcards are searched.
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| match part {
            Component::Normal(name) => !name.to_str().is_some_and(is_glob),
            _ => true,
        })
        .collect();
    let depth = match pattern.contains("**") {
        true => MAX_DEPTH,
        false => pattern.split('/').count() - fixed.components().count(),
    };
    if let Err(refused) = root.allows_folder(&base.join(&fixed)) {
        return Err(refused.words(pattern).0);
    }
    let mut found = Vec::new();
    walk(base, &fixed, depth, &mut found)?;
    found.retain(|path| glob.is_match(path));
    found.sort();
    if found.is_empty() {
        return Err(format!("`{pattern}` names no file"));
    }
    Ok(found.into_iter().map(|path| base.join(path)).collect())
}

/// How many levels `**` matches.
const MAX_DEPTH: usize = 16;

/// Collects the files in a folder and, down to a depth, below it, as paths relative to `base`.
/// Links to folders are not followed, because they may form a circle.
fn walk(base: &Path, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let here = base.join(folder);
    let here = if here.as_os_str().is_empty() { Path::new(".") } else { &here };
    let entries = fs::read_dir(here)
        .map_err(|error| format!("can't look into `{}`: {}", here.display(), reason(&error)))?;
    for entry in entries.flatten() {
        let path = folder.join(entry.file_name());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder {
            found.push(path);
        } else if depth > 1 {
            walk(base, &path, depth - 1, found)?;
        }
    }
    Ok(())
}
