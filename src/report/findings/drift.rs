//! The differences of a comparison, and what couldn't be compared, as findings.

use crate::compare::{Comparison, Unseen};
use crate::diagnostic::Severity;
use crate::diff::{Uncertain, Unsupported};
use crate::finding::{Confidence, DriftClass, FileEdit, Finding, Origin, UNSEEN, WaysOut};
use crate::model::Element;
use crate::report::differing::shown_pair;
use crate::report::ways_out::Reverting;
use crate::report::{ItemSign, ReportItem, items};
use crate::words::{Field, UncertainWords, way_out};

/// A finding for each element that differs, and for each that can't be compared. `old` is the name
/// for the old side: `the database`.
pub fn drift_findings(comparison: &Comparison, old: &str) -> Vec<Finding> {
    let difference = &comparison.difference;
    let new = comparison.to.label.as_str();
    let reverting = Reverting::of(&comparison.plan);
    let items = items(difference, &comparison.server);
    let mut findings: Vec<Finding> = items
        .iter()
        .map(|item| {
            let mut finding = of_item(item, old, new);
            let ways_out = reverting.ways_out(item);
            finding.help.extend(ways_out_words(&ways_out));
            finding.ways_out = Some(Box::new(ways_out));
            finding
        })
        .collect();
    findings.extend(difference.uncertain.iter().map(|it| of_uncertain(it, old, new)));
    findings.extend(difference.unsupported.iter().map(of_unsupported));
    findings.extend(comparison.unseen.iter().map(of_unseen));
    findings.into_iter().map(|finding| finding.placed(&comparison.to.places)).collect()
}

/// How serious a finding of a class is.
fn severity(class: DriftClass) -> Severity {
    match class {
        DriftClass::Missing | DriftClass::Extra | DriftClass::Different => Severity::Error,
        DriftClass::Cosmetic | DriftClass::Unsupported | DriftClass::Uncertain => Severity::Warning,
    }
}

fn finding(class: DriftClass, element: &Element, message: String, what: &[&str]) -> Finding {
    let (code, origin) = (class.code(), Origin::Drift(class));
    Finding::new(code, origin, severity(class), element.clone(), message, what)
}

/// The ways out, a line for each.
fn ways_out_words(ways_out: &WaysOut) -> Vec<String> {
    let revert = match ways_out.revert.as_slice() {
        [] => None,
        [one] => Some(format!("to revert it in the database: {one}")),
        many => Some(format!("to revert it in the database: {}", many.join("; "))),
    };
    let keep = ways_out.keep.as_ref().map(|edit| format!("to keep it: {}", edit_words(edit)));
    let accept = format!("to accept it: `{}`", ways_out.accept);
    revert.into_iter().chain(keep).chain([accept]).collect()
}

/// An edit of schema.yaml as an instruction.
pub(in crate::report) fn edit_words(edit: &FileEdit) -> String {
    match edit {
        FileEdit::Remove => "remove it from schema.yaml".to_owned(),
        FileEdit::Add { under, lines } => match lines.contains('\n') {
            false => format!("write `{lines}` under {under}"),
            true => format!("write what `driftline pull` writes for it under {under}"),
        },
        FileEdit::Replace { under, lines } => match lines.contains('\n') {
            false => format!("write `{lines}` instead, under {under}"),
            true => format!("write what `driftline pull` writes for it, under {under}"),
        },
    }
}

/// An element that differs.
pub(in crate::report) fn of_item(item: &ReportItem, old: &str, new: &str) -> Finding {
    let subject = match &item.element {
        Element::Table { .. } | Element::Object { .. } | Element::Schema => item.subject.clone(),
        _ => format!("{} of {}", item.subject, item.table),
    };
    let message = match item.sign {
        ItemSign::Added => format!("{subject} is in {new}, not in {old}"),
        ItemSign::Removed => format!("{subject} is in {old}, not in {new}"),
        ItemSign::Changed => {
            let fields: Vec<String> =
                item.fields.iter().map(|field| field_words(field, old, new)).collect();
            format!("{subject} differs: {}", fields.join("; "))
        }
    };
    let mut what = vec![item.sign.word()];
    what.extend(item.fields.iter().flat_map(|it| [it.name, it.from.as_str(), it.to.as_str()]));
    finding(item.class, &item.element, message, &what)
}

/// A clause with both its values: `type is int in the database, bigint in schema.yaml`.
fn field_words(field: &Field, old: &str, new: &str) -> String {
    let [from, to] = shown_pair(&field.from, &field.to);
    format!("{} is {from} in {old}, {to} in {new}", field.name)
}

fn of_uncertain(uncertain: &Uncertain, old: &str, new: &str) -> Finding {
    let words = UncertainWords::of(uncertain);
    let [from, to] = shown_pair(&words.from, &words.to);
    let message =
        format!("{} can't be compared: it is {from} in {old}, {to} in {new}", words.subject);
    let what = [words.clause.as_str(), &words.from, &words.to];
    let mut finding = finding(DriftClass::Uncertain, &uncertain.element, message, &what);
    finding.confidence = Confidence::Probable;
    finding.help.push(way_out(uncertain).to_owned());
    finding
}

/// A table or object that the model doesn't hold. Only a table makes a comparison incomplete.
fn of_unsupported(unsupported: &Unsupported) -> Finding {
    let Unsupported { element, kind, name, clauses, .. } = unsupported;
    let is_table = matches!(element, Element::Table { .. });
    let clauses = clauses.join(", ");
    let message = match clauses.as_str() {
        "" => format!("{kind} {name} is not compared: it is unsupported"),
        _ if is_table => {
            format!("table {name} is not compared, and never altered: {clauses} is unsupported")
        }
        why => format!("{kind} {name} is not compared: {why}"),
    };
    let mut finding = finding(DriftClass::Unsupported, element, message, &[&clauses]);
    if !is_table {
        finding.severity = Severity::Note;
    }
    finding
}

fn of_unseen(unseen: &Unseen) -> Finding {
    let message = format!("{} can't be seen: {}", unseen.element, unseen.reason);
    let what = [unseen.right.unwrap_or_default()];
    let (class, element) = (DriftClass::Uncertain, unseen.element.clone());
    let origin = Origin::Drift(class);
    let mut finding = Finding::new(UNSEEN, origin, severity(class), element, message, &what);
    finding.confidence = Confidence::Probable;
    finding.help.extend(unseen.right.map(|right| format!("give the account the right {right}")));
    finding
}
