//! `driftline fmt`: schema files in canonical form.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::arguments::FmtArguments;
use super::error::Result;
use super::output::Output;
use super::{Outcome, files};
use crate::source::yaml;

pub(super) fn run(args: &FmtArguments, output: &Output) -> Result<Outcome> {
    let schema = [args.schema.path()];
    let files: &[PathBuf] = if args.files.is_empty() { &schema } else { &args.files };
    let mut outcome = Outcome::Clean;
    for path in files {
        if format(path, args.check)? {
            outcome = Outcome::Found;
            let word = if args.check { "not in canonical form" } else { "formatted" };
            output.say(&format!("{}: {word}", path.display()));
        }
    }
    Ok(if args.check { outcome } else { Outcome::Clean })
}

/// Formats one file, or only looks at it with `check`. Returns whether the file was not in
/// canonical form.
fn format(path: &Path, check: bool) -> Result<bool> {
    let text =
        fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    let formatted = yaml::format(&path.display().to_string(), &text)?;
    if formatted == text {
        return Ok(false);
    }
    if !check {
        files::replace(path, &formatted)?;
    }
    Ok(true)
}
