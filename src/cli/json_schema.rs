//! `driftline json-schema`: prints what an editor needs to check and complete schema.yaml.

use anyhow::Result;

use super::Outcome;
use super::output::Output;
use crate::source::yaml;

pub(super) fn run(output: &Output) -> Result<Outcome> {
    let mut text = serde_json::to_string_pretty(&yaml::json_schema())?;
    text.push('\n');
    output.exact(&text)?;
    Ok(Outcome::Clean)
}
