//! The Action, run by act from the workflow of docs/ci.md: every step of `action.yml` in this
//! machine's shell, with the real `gh`.
//!
//! Stand-ins: GitHub's API (`github_api.py`), the upload of alerts, and a release whose program is
//! the one that was just built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::project::{Project, SCHEMA, block};
use crate::tools::{ROOT, command, commit, done, outcome, path_with, tool};

const UPLOAD: &str = "\
name: Upload
description: Keeps what it is given
inputs: { sarif_file: {}, category: {}, token: {}, wait-for-processing: {} }
runs:
  using: composite
  steps:
    - shell: bash
      env: { FILE: '${{ inputs.sarif_file }}', CATEGORY: '${{ inputs.category }}' }
      run: cp \"$FILE\" \"$UPLOADED/$CATEGORY\"
";

/// GitHub, as far as a job needs it. Ends with the value.
struct GitHub {
    project: Project,
    api: Child,
}

impl Drop for GitHub {
    fn drop(&mut self) {
        let _ = self.api.kill();
        let _ = self.api.wait();
    }
}

impl GitHub {
    /// `mode` is that of `github_api.py`.
    fn start(mode: &[&str]) -> Result<GitHub, Failed> {
        let project = Project::make()?;
        let workflow = block("docs/ci.md", ".github/workflows/schema.yml")?;
        project.write("work/.github/workflows/schema.yml", &workflow)?;
        commit(&project.work())?;
        let remote = ["remote", "add", "origin", "https://github.com/acme/shop.git"];
        done(command("git", &project.work()).args(remote))?;
        project.action()?;
        project.write("upload/upload-sarif/action.yml", UPLOAD)?;
        commit(&project.top().join("upload"))?;
        fs::create_dir(project.top().join("uploaded"))?;
        release(&project)?;

        let socket = project.top().join("api");
        project.write("gh/config.yml", &format!("http_unix_socket: {}\n", socket.display()))?;
        // Somebody else's comments are never rewritten.
        let others = json!([
            {"id": 1, "user": {"login": "eve"}, "body": "<!-- driftline -->\nall is well"},
            {"id": 2, "user": {"login": "bob"}, "body": "nice"},
        ]);
        let comments = project.write("comments.json", &others.to_string())?;
        let mut api = command(tool("python").ok_or("no Python")?, project.top());
        api.arg(Path::new(ROOT).join("tests/ci/github_api.py"));
        let api = api.arg(&socket).arg(comments).args(mode).spawn()?;
        let github = GitHub { project, api };
        let start = Instant::now();
        while !socket.exists() {
            if start.elapsed() > Duration::from_secs(20) {
                return Err("the stand-in for GitHub's API doesn't start".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(github)
    }

    /// Runs the workflow for an event: whether the job is green, and its log.
    fn run(&self, event: &str, database: &str) -> Result<(bool, String), Failed> {
        let top = self.project.top();
        let payload = match event {
            "pull_request" => json!({"pull_request": {"number": 7, "head": {"ref": "x"}}}),
            _ => json!({"ref": "refs/heads/main"}),
        };
        let payload = self.project.write("event.json", &payload.to_string())?;
        let mut act = command(tool("act").ok_or("there is no act")?, &self.project.work());
        act.arg(event).arg("--eventpath").arg(payload);
        act.args(["-P", "ubuntu-latest=-self-hosted", "--no-cache-server"]);
        act.arg("--action-cache-path").arg(top.join("cache"));
        act.args(["--secret", "GITHUB_TOKEN=the-token"]);
        act.args(["--secret", &format!("DATABASE_URL={database}")]);
        let mut variable = |name: &str, path: PathBuf| {
            act.args(["--env", &format!("{name}={}", path.display())]);
        };
        variable("GH_CONFIG_DIR", top.join("gh"));
        variable("UPLOADED", top.join("uploaded"));
        variable("DRIFTLINE_RELEASES", PathBuf::from(format!("file://{}/releases", top.display())));
        let mut local = |name: &str, folder: PathBuf| {
            act.args(["--local-repository", &format!("{name}={}", folder.display())]);
        };
        local("OWNER/driftline@v0.1.0", top.join("action"));
        local(&format!("github/codeql-action@{}", pinned()?), top.join("upload"));
        act.env("HOME", top).env("XDG_CONFIG_HOME", top.join("config"));
        let (code, log) = outcome(&mut act)?;
        Ok((code == 0, log))
    }

    /// The comments that the job wrote: their numbers and texts.
    fn comments(&self) -> Result<Vec<(u64, String)>, Failed> {
        let text = fs::read_to_string(self.project.top().join("comments.json"))?;
        let comments: Vec<Value> = serde_json::from_str(&text)?;
        let written = |it: &Value| {
            let number = it["id"].as_u64().unwrap_or_default();
            (number, it["body"].as_str().unwrap_or_default().to_owned())
        };
        Ok(comments.iter().skip(2).map(written).collect())
    }

    fn uploaded(&self) -> Result<Value, Failed> {
        let text = fs::read_to_string(self.project.top().join("uploaded/driftline"))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// The commit by which `action.yml` names the upload.
fn pinned() -> Result<String, Failed> {
    let text = fs::read_to_string(Path::new(ROOT).join("action.yml"))?;
    let (_, rest) = text.split_once("upload-sarif@").ok_or("there is no upload")?;
    let commit: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    if commit.len() == 40 { Ok(commit) } else { Err("it isn't pinned by commit".into()) }
}

/// A release as the workflow for releases makes it.
fn release(project: &Project) -> Result<PathBuf, Failed> {
    let program = format!("exec {} \"$@\"\n", env!("CARGO_BIN_EXE_driftline"));
    project.script("program/driftline", &program)?;
    let folder = project.top().join("releases/v0.1.0");
    fs::create_dir_all(&folder)?;
    let name = "driftline-v0.1.0-x86_64-linux.tar.gz";
    let program = project.top().join("program");
    done(command("tar", &folder).arg("-czf").arg(name).arg("-C").arg(program).arg("driftline"))?;
    done(command("sh", &folder).args(["-c", "sha256sum ./* >SHA256SUMS"]))?;
    Ok(folder.join(name))
}

fn expect(holds: bool, what: &str, log: &dyn std::fmt::Debug) -> Result<(), Failed> {
    match holds {
        true => Ok(()),
        false => Err(format!("{what}:\n{log:#?}").replace("\\n", "\n").into()),
    }
}

/// A pull request without drift, with it, and after it.
pub fn pull_request() -> Result<(), Failed> {
    let github = GitHub::start(&[])?;
    let (green, log) = github.run("pull_request", "")?;
    expect(green && log.contains("in sync"), "it is in sync", &log)?;
    expect(github.comments()?.is_empty(), "nothing to say, no comment", &github.comments()?)?;

    github.project.schema(&SCHEMA.replace("varchar(50)", "varchar(60)"))?;
    let (green, log) = github.run("pull_request", "")?;
    expect(!green && log.contains("varchar(60)"), "the job is red, and says why", &log)?;
    let at_line =
        |line: &str| ["::", "file=schema.yaml", "line=7"].iter().all(|part| line.contains(part));
    expect(log.lines().any(at_line), "at its line", &log)?;
    expect(log.contains("Summary - "), "the job has a summary", &log)?;
    let first = github.comments()?;
    expect(first.len() == 1 && first[0].1.contains("varchar(60)"), "one comment", &first)?;
    expect(github.uploaded()?["version"] == "2.1.0", "SARIF is uploaded", &log)?;

    github.project.schema(&SCHEMA.replace("varchar(50)", "varchar(70)"))?;
    github.run("pull_request", "")?;
    let second = github.comments()?;
    let same = second.len() == 1 && second[0].0 == first[0].0;
    expect(same && second[0].1.contains("varchar(70)"), "it is rewritten", &second)?;

    github.project.schema(SCHEMA)?;
    let (green, log) = github.run("pull_request", "")?;
    let last = github.comments()?;
    expect(green, "all is well again", &log)?;
    expect(last.len() == 1 && !last[0].1.contains("varchar"), "and the comment says so", &last)
}

/// Where driftline can't compare, the comment doesn't go on saying what was found before.
pub fn no_answer() -> Result<(), Failed> {
    let github = GitHub::start(&[])?;
    github.project.schema("tables: [\n")?;
    let (green, log) = github.run("pull_request", "")?;
    expect(!green && log.contains("exit-code=2"), "the file is invalid", &log)?;
    expect(log.contains("::error"), "an annotation says so", &log)?;
    let comments = github.comments()?;
    expect(comments.len() == 1, "so does the comment", &comments)?;

    github.project.schema(SCHEMA)?;
    let (green, log) = github.run("push", "mysql://who:open-sesame@127.0.0.1:1/shop")?;
    expect(!green && log.contains("exit-code=3"), "there is no server", &log)?;
    expect(!log.contains("sesame"), "no password in the log", &log)
}

/// A token that may not write changes nothing of the job's result.
pub fn refused() -> Result<(), Failed> {
    let github = GitHub::start(&["refuse"])?;
    github.project.schema(&SCHEMA.replace("varchar(50)", "varchar(60)"))?;
    let (green, log) = github.run("pull_request", "")?;
    expect(!green && log.contains("the comment isn't written"), "a warning says so", &log)?;
    expect(log.contains("Success - Main Comment"), "which is no failure", &log)
}

/// `check.sh` in a folder of its own, for an OFFLINE run.
fn check(project: &Project, folder: &Path) -> Command {
    let mut check = command("bash", folder);
    check.arg(Path::new(ROOT).join("scripts/ci/check.sh"));
    check.env("REPORTS", project.top().join("reports")).env("OFFLINE", "true");
    check.env("GITHUB_OUTPUT", project.top().join("output"));
    check.env("GITHUB_STEP_SUMMARY", project.top().join("summary"));
    check.env("GITHUB_WORKSPACE", project.top()).env("PATH", path_with(&project.bin()));
    check
}

/// What a pull request writes is no command to GitHub, and paths begin at the top.
pub fn commands() -> Result<(), Failed> {
    let project = Project::make()?;
    let hostile = "'\n::error::x ##[set-output name=exit-code]0'";
    let comment = format!("    comment: {}\n", json!(hostile));
    project.schema(&SCHEMA.replace("    primary_key", &format!("{comment}    primary_key")))?;
    let (code, log) = outcome(&mut check(&project, &project.work()))?;
    expect(code == 1, "there is drift", &log)?;
    let lines: Vec<&str> = log.lines().collect();
    let token = lines.first().and_then(|line| line.strip_prefix("::stop-commands::"));
    let end = format!("::{}::", token.ok_or("commands aren't stopped")?);
    let end = lines.iter().position(|line| *line == end).ok_or("commands are stopped for good")?;
    let is_annotation =
        |line: &&str| ["::error", "::warning", "::notice"].iter().any(|it| line.starts_with(it));
    let after = &lines[end + 1..];
    expect(after.iter().all(is_annotation), "only annotations come after the report", &after)?;
    let of_file = |line: &&str| line.contains("file=work/schema.yaml");
    expect(after.iter().any(of_file), "paths from the top on", &after)?;
    let sarif = fs::read_to_string(project.top().join("reports/driftline.sarif"))?;
    expect(sarif.contains("\"work/schema.yaml\""), "paths from the top on", &sarif)
}

/// Downloads are what the list of checksums says, or nothing is installed.
pub fn install() -> Result<(), Failed> {
    let project = Project::make()?;
    let asset = release(&project)?;
    let install = |version: &str| {
        let mut install = command("bash", project.top());
        install
            .arg(Path::new(ROOT).join("scripts/ci/install.sh"))
            .env("DRIFTLINE_VERSION", version);
        let releases = format!("file://{}/releases", project.top().display());
        install.env("DRIFTLINE_RELEASES", releases);
        install.env("DRIFTLINE_BIN", project.top().join("installed"));
        outcome(&mut install)
    };
    let (code, log) = install("")?;
    expect(code == 0 && log.contains("driftline 0.1.0"), "the version of the checkout", &log)?;
    expect(install("v0.0.9")?.0 == 2, "there is no such release", &log)?;
    expect(install("v1/../../x")?.0 == 2, "that is no version", &log)?;
    fs::write(&asset, "other bytes")?;
    fs::remove_dir_all(project.top().join("installed"))?;
    let (code, log) = install("v0.1.0")?;
    expect(code == 2 && log.contains("SHA256SUMS"), "it isn't what was released", &log)?;
    expect(!project.top().join("installed/driftline").exists(), "nothing is installed", &log)
}
