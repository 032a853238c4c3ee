//! Python with the packages that tests use.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Failed;

/// Python with Alembic and a validator for JSON Schema: `DRIFTLINE_TEST_PYTHON`, or what
/// `scripts/test` has installed.
pub fn python() -> Option<PathBuf> {
    let given = std::env::var_os("DRIFTLINE_TEST_PYTHON").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    given.or_else(|| Some(own).filter(|path| path.exists()))
}

/// What a script of Python prints for this input.
pub fn printed_by(script: &str, input: String) -> Result<String, Failed> {
    let mut python = Command::new(python().ok_or("there is no Python")?);
    python.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn()?;
    let mut to_python = python.stdin.take().ok_or("Python takes no input")?;
    let writer = std::thread::spawn(move || to_python.write_all(input.as_bytes()));
    let output = python.wait_with_output()?;
    let _ = writer.join();
    Ok(String::from_utf8(output.stdout)?)
}
