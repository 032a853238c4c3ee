//! Globs, of names under `ignore` and of files under `include`.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The matcher of a glob for names, or why the glob is invalid.
pub(super) fn of_names(text: &str) -> Result<GlobSet, String> {
    matcher(text, false)
}

/// The same for paths, where `*` doesn't match a `/`.
pub(super) fn of_paths(text: &str) -> Result<GlobSet, String> {
    matcher(text, true)
}

fn matcher(text: &str, literal_separator: bool) -> Result<GlobSet, String> {
    let glob = GlobBuilder::new(text)
        .literal_separator(literal_separator)
        .build()
        .map_err(|error| format!("this isn't a glob: {}", error.kind()))?;
    let mut set = GlobSetBuilder::new();
    set.add(glob);
    set.build().map_err(|_| "this glob is too long, or nested too deeply".to_owned())
}
