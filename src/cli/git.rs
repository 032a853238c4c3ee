//! What git says of the folder of the schema file. Nothing is changed in the repository.

use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::report::one_line;

/// The endings of the files that a schema file can name.
const ENDINGS: [&str; 3] = ["yaml", "yml", "sql"];

/// Variables by which a hook of git names its own repository, relative to a folder that isn't this
/// one.
const OF_HOOKS: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// A file in a commit.
struct Entry {
    /// Relative to the folder.
    path: PathBuf,
    object: String,
}

/// Writes the YAML and SQL of a folder as they were in a commit below another folder. It is an error
/// if there is no git, no repository or no such commit.
pub(super) fn write_commit(folder: &Path, reference: &str, into: &Path) -> Result<()> {
    let commit = commit(folder, reference)?;
    let listed = git(folder, &["ls-tree", "-r", "-z", &commit])?;
    if !listed.status.success() {
        bail!("git can't list the files of {reference}: {}", said(&listed));
    }
    let entries: Vec<Entry> = listed.stdout.split(|byte| *byte == 0).filter_map(entry).collect();
    let contents = contents(folder, &entries)?;
    for (entry, content) in entries.iter().zip(contents) {
        let path = into.join(&entry.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, content)?;
    }
    Ok(())
}

/// The commit that a person names.
fn commit(folder: &Path, reference: &str) -> Result<String> {
    let wanted = format!("{reference}^{{commit}}");
    let parsed = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
    if parsed.status.success() {
        // Older versions of git repeat the option.
        let text = String::from_utf8_lossy(&parsed.stdout).into_owned();
        return Ok(text.lines().last().unwrap_or_default().to_owned());
    }
    let reference = one_line(reference);
    match said(&parsed).as_str() {
        "" => bail!(
            "--changed-since: there is no commit `{reference}`; a clone that isn't complete may lack \
             it (`git fetch` gets it)"
        ),
        why => bail!("--changed-since {reference}: {why}"),
    }
}

/// An entry of `git ls-tree -z`, if it is a regular file that a schema file can name.
fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let head = std::str::from_utf8(line.get(..tab)?).ok()?;
    let mut words = head.split(' ');
    let (mode, object) = (words.next()?, words.nth(1)?);
    let path = PathBuf::from(path_of(line.get(tab + 1..)?)?);
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let ending = path.extension().unwrap_or_default();
    let is_named = ENDINGS.iter().any(|it| ending.eq_ignore_ascii_case(it));
    let is_file = mode.starts_with("100");
    (is_file && is_inside && is_named).then(|| Entry { path, object: object.to_owned() })
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<OsString> {
    Some(OsString::from(std::str::from_utf8(bytes).ok()?))
}

/// What is in the files, in their order.
fn contents(folder: &Path, entries: &[Entry]) -> Result<Vec<Vec<u8>>> {
    let objects: String = entries.iter().map(|entry| format!("{}\n", entry.object)).collect();
    let mut command = command(folder, &["cat-file", "--batch"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().context("can't run git")?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (Some(mut input), Some(mut output)) = (input, output) else { bail!("can't run git") };
    // Both at the same time, since git answers while it is still being asked.
    let asking = thread::spawn(move || input.write_all(objects.as_bytes()));
    let mut answer = Vec::new();
    output.read_to_end(&mut answer).context("can't read what git says")?;
    let _ = asking.join();
    child.wait().context("can't run git")?;
    let mut rest = answer.as_slice();
    let mut contents = Vec::new();
    for _ in entries {
        let content = next_content(&mut rest).context("git's answer isn't complete")?;
        contents.push(content.to_vec());
    }
    Ok(contents)
}

/// The next object of `git cat-file --batch`: a line with its size, its bytes, and a line end.
fn next_content<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(rest.get(..end)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let content = rest.get(end + 1..end + 1 + size)?;
    *rest = rest.get(end + 2 + size..)?;
    Some(content)
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    for variable in OF_HOOKS {
        command.env_remove(variable);
    }
    command
}

fn git(folder: &Path, args: &[&str]) -> Result<Output> {
    match command(folder, args).stdin(Stdio::null()).output() {
        Ok(output) => Ok(output),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("--changed-since asks git, and there is no program `git`")
        }
        Err(error) => Err(error).context("can't run git"),
    }
}

/// What git says on standard error, on one line.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    one_line(line.trim_start_matches("fatal: "))
}
