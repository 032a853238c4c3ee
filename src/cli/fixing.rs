//! `lint --fix`: the fixes of findings in schema.yaml.

use super::arguments::LintArguments;
use super::comparing::lint_findings;
use super::edited::write_edits;
use super::error::Result;
use super::lint::refuse_invalid;
use super::open::read_yaml;
use super::output::Output;
use super::waiving::open_findings;
use crate::compare::{Comparison, NewElements};
use crate::finding::Finding;
use crate::fixes::{self, reading_again};
use crate::report::{self, one_line};
use crate::server::Server;
use crate::source::Loaded;

/// Gives the fixes of findings in schema.yaml their edits, and takes away those that can't be made.
pub(super) fn place(
    findings: &mut [Finding],
    comparison: &Comparison,
    flavor: Option<Server>,
) -> Result<()> {
    if findings.iter().all(|finding| finding.fixes.is_empty()) {
        return Ok(());
    }
    let read = reading_again(&comparison.to);
    // The files as they are: a comparison may have spelled some names otherwise.
    let loaded = read(&fixes::texts_of(&comparison.to))?;
    // The server may not refuse what comes out.
    let is_right = |after: &Loaded| {
        let comparison = Comparison::new(after.clone(), after.clone(), flavor);
        comparison.is_ok_and(|it| refuse_invalid(&it, flavor).is_ok())
    };
    fixes::place(findings, &loaded, &comparison.server, &read, &is_right);
    Ok(())
}

/// Makes the fixes of all findings that aren't accepted, and says what was fixed.
pub(super) fn fix(args: &LintArguments, output: &Output) -> Result<()> {
    let flavor = args.desired.flavor.server;
    let loaded = read_yaml(&args.desired.schema.path())?;
    let findings_of = |loaded: &Loaded| -> Result<(Comparison, Vec<Finding>)> {
        let comparison = Comparison::new(loaded.clone(), loaded.clone(), flavor)?;
        refuse_invalid(&comparison, flavor)?;
        let found = lint_findings(&comparison, &NewElements::none());
        let found = open_findings(&comparison, found);
        Ok((comparison, found))
    };
    let (comparison, findings) = findings_of(&loaded)?;
    // What was found may not be found again, and the server may not refuse what comes out.
    let is_right = |after: &Loaded, fixed: &[&Finding]| {
        findings_of(after).is_ok_and(|(_, left)| {
            let is_left = |it: &&&Finding| left.iter().any(|l| l.fingerprint == it.fingerprint);
            !fixed.iter().any(|it| is_left(&it))
        })
    };
    let read = reading_again(&loaded);
    let server = &comparison.server;
    let (files, fixed) = fixes::made_together(&loaded, &findings, server, &read, &is_right);
    write_edits(&files)?;
    for finding in fixed.iter().filter_map(|at| findings.get(*at)) {
        output.say(&one_line(&format!("fixed [{}]: {}", finding.code, finding.message)));
    }
    for file in &files {
        output.say(&report::text_diff(&file.name, &file.before, &file.after));
    }
    Ok(())
}
