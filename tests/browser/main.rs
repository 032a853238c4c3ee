//! The pages and diagrams in the programs that show them: a browser, Mermaid and Graphviz. A trial
//! whose program isn't there is listed as ignored; `scripts/test` installs what it can.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Each with a changed and a hostile side.
const SCHEMAS: [(&str, &str); 2] = [
    (include_str!("shop.old.yaml"), include_str!("shop.new.yaml")),
    (
        "server: mysql:8.4\ntables: { \"</b>\": { columns: { a: int, b: int } } }\n",
        include_str!("hostile.yaml"),
    ),
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // What can't be run stays ignored.
    arguments.include_ignored = false;
    arguments.ignored = false;
    let (modules, chromium) = (modules(), program("chromium"));
    let trial = |name: &str, is_ready: bool, run: fn() -> Result<(), Failed>| {
        Trial::test(name, run).with_ignored_flag(!is_ready)
    };
    let trials = vec![
        trial("the page in a browser", modules.is_some() && chromium.is_some(), in_browser),
        trial("diagrams in Mermaid", modules.is_some(), in_mermaid),
        trial("diagrams in Graphviz", program("dot").is_some(), in_graphviz),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The folder of Node's packages: `DRIFTLINE_TEST_NODE`, or what `scripts/test` has installed.
fn modules() -> Option<PathBuf> {
    let given = std::env::var_os("DRIFTLINE_TEST_NODE").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| Path::new(ROOT).join("target/node"));
    let has = |name: &str| folder.join("node_modules").join(name).is_dir();
    let is_whole = ["axe-core", "jsdom", "mermaid", "puppeteer-core"].iter().all(|it| has(it));
    (is_whole && program("node").is_some()).then_some(folder)
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|it| it.is_file())
}

/// A folder with both sides of each pair of schemas.
fn folder() -> Result<TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    for (at, (old, new)) in SCHEMAS.iter().enumerate() {
        fs::write(folder.path().join(format!("{at}.old.yaml")), old)?;
        fs::write(folder.path().join(format!("{at}.new.yaml")), new)?;
    }
    Ok(folder)
}

fn driftline(folder: &TempDir, args: &[&str]) -> Result<String, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .current_dir(folder.path())
        .args(args)
        .output()?;
    if output.status.code().is_none_or(|code| code > 1) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn succeeds(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(String::from_utf8_lossy(&said).into_owned().into())
}

fn in_browser() -> Result<(), Failed> {
    let (modules, chromium) = (modules().unwrap(), program("chromium").unwrap());
    let folder = folder()?;
    for at in 0..SCHEMAS.len() {
        let sides = [format!("{at}.old.yaml"), format!("{at}.new.yaml")];
        let page = driftline(&folder, &["diff", &sides[0], &sides[1], "--format", "html"])?;
        let file = folder.path().join(format!("{at}.html"));
        fs::write(&file, page)?;
        let script = Path::new(ROOT).join("tests/browser/page.mjs");
        let pictures = std::env::var("DRIFTLINE_TEST_PICTURES").unwrap_or_default();
        succeeds(
            Command::new("node").arg(script).arg(&file).arg(&modules).arg(&chromium).arg(pictures),
        )?;
    }
    Ok(())
}

/// The diagrams of every pair in a format, as files.
fn diagrams(folder: &TempDir, format: &str) -> Result<Vec<PathBuf>, Failed> {
    let mut files = Vec::new();
    for at in 0..SCHEMAS.len() {
        let (old, new) = (format!("{at}.old.yaml"), format!("{at}.new.yaml"));
        for (number, args) in
            [&["--diff", &*old][..], &["--columns", "all"]].into_iter().enumerate()
        {
            let text = driftline(folder, &[&["graph", &*new, "--format", format], args].concat())?;
            let file = folder.path().join(format!("{at}-{number}.{format}"));
            fs::write(&file, text)?;
            files.push(file);
        }
    }
    Ok(files)
}

fn in_mermaid() -> Result<(), Failed> {
    let folder = folder()?;
    let script = Path::new(ROOT).join("tests/browser/mermaid.mjs");
    let files = diagrams(&folder, "mermaid")?;
    succeeds(Command::new("node").arg(script).arg(modules().unwrap()).args(files))
}

fn in_graphviz() -> Result<(), Failed> {
    let folder = folder()?;
    succeeds(Command::new("dot").args(["-Tsvg", "-O"]).args(diagrams(&folder, "dot")?))
}
