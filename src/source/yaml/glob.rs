//! Globs, of names under `ignore` and of files under `include`.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// What a glob of names matches, or why it is none.
pub(super) fn of_names(text: &str) -> Result<GlobSet, String> {
    matcher(text, false)
}

/// The same of paths, in which a `*` doesn't go beyond a folder.
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
