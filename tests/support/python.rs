//! Python with the packages that tests use.

use std::path::{Path, PathBuf};

/// Python with Alembic and a validator for JSON Schema: `DRIFTLINE_TEST_PYTHON`, or what
/// `scripts/test` has installed.
pub fn python() -> Option<PathBuf> {
    let given = std::env::var_os("DRIFTLINE_TEST_PYTHON").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    given.or_else(|| Some(own).filter(|path| path.exists()))
}
