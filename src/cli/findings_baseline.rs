//! `driftline baseline`: accepts what is found today.

use super::Outcome;
use super::arguments::BaselineArguments;
use super::comparing::{
    ask_server, compare, lint_findings, refuse_asking_of_files, refuse_impossible,
};
use super::error::Result;
use super::files;
use super::formats::numbered;
use super::lint::refuse_invalid;
use super::open::{Location, read_options, read_yaml};
use super::output::Output;
use super::waiving::{open_findings, read_baseline};
use crate::compare::Comparison;
use crate::finding::{Finding, Origin};
use crate::report::{count, drift_findings, one_line};
use crate::source::yaml::{self, AcceptedFinding};
use crate::source::{Loaded, ReadOptions};
use crate::waivers::LookedAt;

/// The name of the database in messages, as `check` has it.
const DATABASE: &str = "the database";

pub(super) fn run(args: &BaselineArguments, output: &Output) -> Result<Outcome> {
    let path = args.desired.schema.baseline();
    let schema = args.desired.schema.path();
    let wanted = read_yaml(&schema)?;
    let old = read_baseline(&args.desired.schema)?;
    let comparison = match args.offline {
        true => alone(args, wanted)?,
        false => with_database(args, wanted)?,
    };
    // What is there already is what the baseline is about.
    let new = comparison.new_elements();
    let mut found = open_findings(&comparison, lint_findings(&comparison, &new));
    if !args.offline {
        found.extend(open_findings(&comparison, drift_findings(&comparison, DATABASE)));
    }
    let drifts = found.iter().filter(|it| matches!(it.origin, Origin::Drift(_))).count();
    let rules = found.len() - drifts;
    let mut accepted: Vec<AcceptedFinding> = numbered(found).iter().map(accepting).collect();
    let mut kept = 0;
    if args.offline {
        // Nothing is known of the drift, so what was accepted of it stays.
        let old = old.map(|baseline| baseline.findings).unwrap_or_default();
        let before = accepted.len();
        accepted.extend(old.into_iter().filter(|it| !LookedAt::Rules.sees(&it.code)));
        kept = accepted.len() - before;
    }
    accepted.sort();
    files::replace(&path, &yaml::baseline_text(&accepted))?;
    let mut words = vec![count(rules, "finding of the rules", "findings of the rules")];
    if args.offline && kept > 0 {
        words.push(format!("{} as before", count(kept, "drift", "drifts")));
    } else if !args.offline {
        words.push(count(drifts, "drift", "drifts"));
    }
    let (path, words) = (path.display().to_string(), words.join(" and "));
    output.text(&format!("accepted in {}: {words}\n", one_line(&path)))?;
    Ok(Outcome::Clean)
}

/// The schema compared with itself, as `lint` does.
fn alone(args: &BaselineArguments, wanted: Loaded) -> Result<Comparison> {
    let flavor = args.desired.flavor.server;
    let comparison = Comparison::new(wanted.clone(), wanted, flavor)?;
    refuse_invalid(&comparison, flavor)?;
    Ok(comparison)
}

/// The database compared with the schema, as `check` does.
fn with_database(args: &BaselineArguments, wanted: Loaded) -> Result<Comparison> {
    let flavor = args.desired.flavor.server;
    let location = Location::required_database(args.typed(), &args.desired.lookup())?;
    if args.ask_server {
        refuse_asking_of_files(&[&location])?;
    }
    let options =
        ReadOptions { compared_with: Some(&wanted.schema), ..read_options(flavor, false) };
    let database = location.read(&options)?;
    let schema = Location::Yaml(args.desired.schema.path());
    let comparison = compare((&location, database), (&schema, wanted), flavor, false)?;
    refuse_impossible(&comparison)?;
    ask_server(comparison, location.url().filter(|_| args.ask_server))
}

fn accepting(finding: &Finding) -> AcceptedFinding {
    AcceptedFinding {
        element: finding.element().map(ToString::to_string).unwrap_or_default(),
        code: finding.code.to_owned(),
        fingerprint: finding.fingerprint.to_string(),
        message: finding.message.clone(),
    }
}
