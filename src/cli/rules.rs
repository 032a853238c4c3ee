//! `driftline rules`: lists the rules and explains what each means.

use anyhow::{Result, bail};

use super::Outcome;
use super::arguments::RulesArguments;
use super::output::Output;
use crate::diagnostic::{Severity, near_name};
use crate::lint::rules;
use crate::report::{code_page, codes};

pub(super) fn run(args: &RulesArguments, output: &Output) -> Result<Outcome> {
    let Some(name) = args.name.as_deref() else {
        let width = rules().iter().map(|rule| rule.name.len()).max().unwrap_or(0);
        let lines: Vec<String> = rules()
            .iter()
            .map(|rule| {
                let severity = rule.severity.map_or("off", Severity::word);
                format!("{:<width$}  {severity:<7}  {}\n", rule.name, rule.summary)
            })
            .collect();
        output.text(&lines.concat())?;
        return Ok(Outcome::Clean);
    };
    let others = || codes().map(|(code, _)| code);
    if !rules().iter().any(|rule| rule.name == name) && !others().any(|code| code == name) {
        match near_name(name, rules().iter().map(|rule| rule.name).chain(others())) {
            Some(near) => bail!("there is no rule `{name}`; did you mean `{near}`?"),
            None => bail!("there is no rule `{name}`; `driftline rules` lists them"),
        }
    }
    output.text(&code_page(name).text)?;
    Ok(Outcome::Clean)
}
