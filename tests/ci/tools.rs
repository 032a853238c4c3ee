//! The programs that the trials run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Failed;

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The tools from PyPI that `scripts/test` installs, or those in the folder `DRIFTLINE_TEST_CI_TOOLS`.
pub fn tool(name: &str) -> Option<PathBuf> {
    let given = std::env::var_os("DRIFTLINE_TEST_CI_TOOLS").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(ROOT).join("target/ci-tools/bin"));
    Some(folder.join(name)).filter(|path| path.exists())
}

/// Whether a program is on PATH.
pub fn on_path(name: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(name).exists())
}

/// A command with nothing of the surroundings that could change what it does.
pub fn command(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let foreign = ["GITHUB_", "GIT_", "GH_", "DRIFTLINE_", "PRE_COMMIT", "RUNNER_"];
        if text == "DATABASE_URL" || foreign.iter().any(|it| text.starts_with(it)) {
            command.env_remove(name);
        }
    }
    command
}

/// The exit code, and all that was printed.
pub fn outcome(command: &mut Command) -> Result<(i32, String), Failed> {
    let output = command.output()?;
    let text = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    Ok((output.status.code().unwrap_or(-1), text.concat()))
}

/// What a command prints, if it ends well.
pub fn done(command: &mut Command) -> Result<String, Failed> {
    match outcome(command)? {
        (0, text) => Ok(text),
        (code, text) => Err(format!("{command:?} ends with {code}:\n{text}").into()),
    }
}

/// Makes a folder a git repository with one commit of all that is in it.
pub fn commit(folder: &Path) -> Result<String, Failed> {
    let git = |arguments: &[&str]| {
        let mut git = command("git", folder);
        git.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]);
        done(git.args(["-c", "commit.gpgsign=false"]).args(arguments))
    };
    if !folder.join(".git").exists() {
        git(&["init", "--quiet", "--initial-branch=main"])?;
    }
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--allow-empty", "--message=All"])?;
    Ok(git(&["rev-parse", "HEAD"])?.trim().to_owned())
}

/// PATH with a folder before the others.
pub fn path_with(folder: &Path) -> std::ffi::OsString {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&rest));
    std::env::join_paths(folders).unwrap()
}
