//! The other examples of docs/ci.md: the hooks by the real pre-commit, the lines of GitLab's and
//! Buildkite's jobs by a shell, and every file by the validators of its kind.

use std::fs;
use std::path::Path;

use libtest_mimic::Failed;

use crate::project::{Project, SCHEMA, block};
use crate::tools::{ROOT, command, commit, done, outcome, path_with, tool};

const GITLAB: &str = ".gitlab-ci.yml";
const BUILDKITE: &str = ".buildkite/pipeline.yml";
const GITHUB: &str = ".github/workflows/schema.yml";
const HOOKS: &str = ".pre-commit-config.yaml";

/// Every file is right by the tool of its kind.
pub fn valid() -> Result<(), Failed> {
    let root = Path::new(ROOT);
    let run = |name: &str, arguments: &[&str]| {
        let path = tool(name).ok_or_else(|| format!("there is no {name}"))?;
        done(command(path, root).args(arguments))
    };
    let schema = |kind: &str, file: &str| {
        run("check-jsonschema", &["--builtin-schema", &format!("vendor.{kind}"), file])
    };
    schema("github-actions", "action.yml")?;
    for entry in fs::read_dir(root.join(".github/workflows"))? {
        schema("github-workflows", &entry?.path().to_string_lossy())?;
    }
    let project = Project::make()?;
    let blocks = [
        ("docs/ci.md", GITHUB, "github-workflows"),
        ("docs/ci.md", ".github/workflows/migrations.yml", "github-workflows"),
        ("README.md", GITHUB, "github-workflows"),
        ("docs/ci.md", GITLAB, "gitlab-ci"),
        ("docs/ci.md", BUILDKITE, "buildkite"),
    ];
    for (page, name, kind) in blocks {
        schema(kind, &project.write(name, &block(page, name)?)?.to_string_lossy())?;
    }
    let hooks = project.write(HOOKS, &block("docs/ci.md", HOOKS)?)?;
    run("pre-commit", &["validate-config", &hooks.to_string_lossy()])?;
    run("pre-commit", &["validate-manifest", ".pre-commit-hooks.yaml"])?;
    let scripts = ["install", "check", "comment"].map(|it| format!("scripts/ci/{it}.sh"));
    run("shellcheck", &scripts.each_ref().map(String::as_str))?;
    run("hadolint", &["Dockerfile"])?;
    run("zizmor", &["--offline", "--no-progress", "action.yml", ".github/workflows"])?;
    Ok(())
}

/// Each hook is red where it should be, and only there.
pub fn hooks() -> Result<(), Failed> {
    let project = Project::make()?;
    let manifest = fs::read_to_string(Path::new(ROOT).join(".pre-commit-hooks.yaml"))?;
    project.write("hooks/.pre-commit-hooks.yaml", &manifest)?;
    let hooks = project.top().join("hooks");
    // The program is built already.
    let config = block("docs/ci.md", HOOKS)?
        .replace("https://github.com/OWNER/driftline", &hooks.to_string_lossy())
        .replace("rev: v0.1.0", &format!("rev: {}", commit(&hooks)?))
        .lines()
        .map(|line| match line.split_once("- id:") {
            Some((before, _)) => format!("{line}\n{before}  language: system\n"),
            None => format!("{line}\n"),
        })
        .collect::<String>();
    project.write("work/.pre-commit-config.yaml", &config)?;
    let unformatted = SCHEMA.replace("      id: int", "      id:   int");
    let edited = SCHEMA.replace("varchar(50)", "varchar(60)");
    let without_key = SCHEMA.replace("    primary_key: [id]\n", "");
    let cases: [(&str, &[&str]); 4] = [
        (SCHEMA, &[]),
        (&unformatted, &["driftline-fmt"]),
        (&edited, &["driftline-check-offline"]),
        (&without_key, &["driftline-lint", "driftline-check-offline"]),
    ];
    for (schema, red) in cases {
        project.schema(schema)?;
        commit(&project.work())?;
        let mut run = command(tool("pre-commit").ok_or("no pre-commit")?, &project.work());
        run.args(["run", "--all-files", "--color=never"]);
        run.env("PRE_COMMIT_HOME", project.top().join("home"));
        let (code, text) = outcome(run.env("PATH", path_with(&project.bin())))?;
        let failed: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("- hook id: ")).collect();
        if failed != red || (code == 0) != red.is_empty() {
            return Err(format!("red should be {red:?}:\n{schema}\n{text}").into());
        }
    }
    Ok(())
}

/// The lines of the jobs give the files that the services read, and the exit code.
pub fn lines() -> Result<(), Failed> {
    let gitlab: serde_json::Value = serde_saphyr::from_str(&block("docs/ci.md", GITLAB)?)?;
    let gitlab = gitlab["schema"]["script"][0].as_str().ok_or("no line")?.to_owned();
    let buildkite: serde_json::Value = serde_saphyr::from_str(&block("docs/ci.md", BUILDKITE)?)?;
    let buildkite = buildkite["steps"][0]["command"].as_str().ok_or("no line")?;
    // What the upload of a pipeline makes of it.
    let buildkite = buildkite.replace("$$", "$");
    let project = Project::make()?;
    project.script("bin/buildkite-agent", "echo \"$@\" >annotation; cat >>annotation\n")?;
    let run = |lines: &str, code: i32| {
        let mut shell = command("sh", &project.work());
        shell.args(["-e", "-c", lines]).env("PATH", path_with(&project.bin()));
        let (ended, text) = outcome(&mut shell)?;
        match ended == code {
            true => Ok(()),
            false => Err(Failed::from(format!("{lines}\nends with {ended}:\n{text}"))),
        }
    };
    run(&gitlab, 0)?;
    run(&buildkite, 0)?;
    let file = |name: &str| fs::read_to_string(project.work().join(name));
    if file("annotation").is_ok() {
        return Err("there is an annotation, and nothing was found".into());
    }
    project.schema(&SCHEMA.replace("varchar(50)", "varchar(60)"))?;
    run(&gitlab, 1)?;
    let report: serde_json::Value = serde_json::from_str(&file("gl-code-quality-report.json")?)?;
    let path = &report[0]["location"]["path"];
    if path != "schema.yaml" || !file("driftline.xml")?.contains("<testsuite") {
        return Err(format!("what GitLab gets: {report}").into());
    }
    run(&buildkite, 1)?;
    let annotation = file("annotation")?;
    match annotation.contains("--style error") && annotation.contains("name") {
        true => Ok(()),
        false => Err(annotation.into()),
    }
}
