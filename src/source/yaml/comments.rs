//! The comments that accept findings about the elements next to them:
//! `# driftline: ignore[missing-primary-key] rows are only appended`.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Parser};

use super::node::{Value, YamlNode};
use super::reading::{KeyValue, Report};
use super::waivers::has_words;
use crate::diagnostic::{Diagnostic, FileId, Files, Span, near_name};
use crate::model::Element;
use crate::source::{WaivedElements, WaivedRule, Waiver};

/// What a comment for driftline begins with, after its `#`.
const MARK: &str = "driftline:";

/// How such a comment is written.
const FORM: &str = "write `# driftline: ignore[RULE] REASON`, with several rules as `[RULE, RULE]`";

/// A comment that accepts findings.
#[derive(Debug)]
pub(super) struct IgnoreComment {
    rules: Vec<WaivedRule>,
    reason: String,
    place: Span,
    /// The line with its elements.
    line: Range<usize>,
}

/// The comments of a file that accept findings. Comments for driftline that say something else are
/// errors.
pub(super) fn read_comments(text: &str, file: FileId, report: &mut Report) -> Vec<IgnoreComment> {
    // Few files have one, and reading comments is reading the file once more.
    if !text.contains(MARK) {
        return Vec::new();
    }
    let mut read = Vec::new();
    for place in ranges(text) {
        let Some(comment) = text.get(place.clone()) else { continue };
        let Some(words) = comment.strip_prefix('#').map(str::trim_start) else { continue };
        let Some(words) = words.strip_prefix(MARK) else { continue };
        let words = place.end - words.len()..place.end;
        let span = |range: Range<usize>| Span { file, start: range.start, end: range.end };
        match parse(text, words) {
            Ok((rules, reason)) => read.push(IgnoreComment {
                rules: rules
                    .into_iter()
                    .map(|range| WaivedRule {
                        code: text.get(range.clone()).unwrap_or_default().to_owned(),
                        place: span(range),
                    })
                    .collect(),
                reason,
                line: line_of_elements(text, &place),
                place: span(place),
            }),
            Err(problem) => {
                let Problem { title, label, at } = *problem;
                report.diagnostics.push(Diagnostic::error(title, span(at), label).with_help(FORM));
            }
        }
    }
    read
}

/// The waivers that comments are, with the elements that begin on their lines. It is an error if
/// none does.
pub(super) fn waivers(
    comments: Vec<IgnoreComment>,
    files: &Files,
    report: &mut Report,
) -> Vec<Waiver> {
    if comments.is_empty() {
        return Vec::new();
    }
    let mut elements: BTreeMap<Span, Vec<&Element>> = BTreeMap::new();
    for (element, span) in report.places.iter() {
        elements.entry(span).or_default().push(element);
    }
    let mut errors = Vec::new();
    let mut waivers = Vec::new();
    for IgnoreComment { rules, reason, place, line } in comments {
        let Range { start, end } = line;
        let [first, last] = [start, end].map(|at| Span { start: at, end: at, ..place });
        let on_line = elements.range(first..last).flat_map(|(_, elements)| elements);
        let mut on_line: Vec<Element> = on_line.map(|element| (*element).clone()).collect();
        on_line.sort();
        if on_line.is_empty() {
            let line = files.line_label(Span { start, end, ..place });
            let title = "this comment is next to no element";
            let label = format!("no element begins on {line}");
            errors.push(Diagnostic::error(title, place, label).with_help(
                "it stands at the end of the line with the element's name, or on the line above it",
            ));
        }
        let elements = WaivedElements::OfLine(on_line);
        waivers.push(Waiver { rules, elements, reason, owner: None, until: None, place });
    }
    // An element that couldn't be read has no place.
    if report.diagnostics.is_empty() {
        report.diagnostics = errors;
    }
    waivers
}

/// Each comment for driftline with the paths of the keys that begin on its line. A layout that changes
/// these changes what the comments mean.
pub(super) fn keys_of_comments(text: &str, root: &YamlNode<'_>) -> Vec<(String, Vec<String>)> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let mut keys = Vec::new();
    collect_keys(root, "", &mut keys);
    let mut found = Vec::new();
    for place in ranges(text) {
        let comment = text.get(place.clone()).unwrap_or_default();
        if comment.trim_start_matches('#').trim_start().starts_with(MARK) {
            let line = line_of_elements(text, &place);
            let on_line = keys.iter().filter(|(start, _)| line.contains(start));
            found.push((comment.to_owned(), on_line.map(|(_, path)| path.clone()).collect()));
        }
    }
    found
}

/// The keys at any depth, each with where it begins and its path.
fn collect_keys(node: &YamlNode<'_>, path: &str, keys: &mut Vec<(usize, String)>) {
    match &node.value {
        Value::Sequence(items) => {
            for (number, item) in items.iter().enumerate() {
                collect_keys(item, &format!("{path}.{number}"), keys);
            }
        }
        Value::Mapping(entries) => {
            for field in entries.iter().map(KeyValue::from) {
                let path = format!("{path}.{}", field.word());
                keys.push((field.key.start, path.clone()));
                collect_keys(field.value, &path, keys);
            }
        }
        _ => {}
    }
}

/// The places of all comments, with their `#`.
fn ranges(text: &str) -> Vec<Range<usize>> {
    let options = granit_parser::options! { max_buffered_comment_events: usize::MAX };
    let events = Parser::new_from_str_with_options(text, options);
    // The text was read before, so there is no error; and if there is, what comes before it counts.
    let events = events.map_while(Result::ok);
    let comment = |(event, span): (Event<'_>, granit_parser::Span)| match event {
        Event::Comment(..) => span.byte_range(),
        _ => None,
    };
    events.filter_map(comment).collect()
}

/// Why a comment for driftline is wrong.
struct Problem {
    title: &'static str,
    label: String,
    at: Range<usize>,
}

fn problem<T>(
    title: &'static str,
    label: impl Into<String>,
    at: Range<usize>,
) -> Result<T, Box<Problem>> {
    Err(Box::new(Problem { title, label: label.into(), at }))
}

/// The places of the rules, and the reason, of a comment whose words are at a place.
fn parse(text: &str, words: Range<usize>) -> Result<(Vec<Range<usize>>, String), Box<Problem>> {
    let all = trimmed(text, words);
    let said = text.get(all.clone()).unwrap_or_default();
    let end = said.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    let (word, rest) = said.split_at(end.unwrap_or(said.len()));
    let word_at = all.start..all.start + word.len();
    if word != "ignore" {
        let near = near_name(word, ["ignore"]);
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        return problem("a comment for driftline begins with `ignore`", label, word_at);
    }
    let Some(listed) = rest.strip_prefix('[') else {
        let title = "a comment names the rules that it ignores";
        return problem(title, "all rules can't be ignored at once", word_at);
    };
    let Some((listed, reason)) = listed.split_once(']') else {
        return problem("a `]` is missing", "", all);
    };
    let mut start = word_at.end + 1;
    let mut rules = Vec::new();
    for part in listed.split(',') {
        let rule = trimmed(text, start..start + part.len());
        if rule.is_empty() {
            let title = "a comment names the rules that it ignores";
            return problem(title, "a rule is missing here", start..start + part.len());
        }
        rules.push(rule);
        start += part.len() + 1;
    }
    match reason.trim() {
        reason if has_words(reason) => Ok((rules, reason.to_owned())),
        _ => problem("a comment says why it ignores a finding", "the reason is missing", all),
    }
}

/// A place without the white space at its ends.
fn trimmed(text: &str, place: Range<usize>) -> Range<usize> {
    let said = text.get(place.clone()).unwrap_or_default();
    let start = place.start + (said.len() - said.trim_start().len());
    start..(start + said.trim().len())
}

/// The line with the elements of a comment: its own, or the first one below it that isn't a comment.
fn line_of_elements(text: &str, comment: &Range<usize>) -> Range<usize> {
    let begin = text.get(..comment.start).and_then(|it| it.rfind('\n')).map_or(0, |at| at + 1);
    let line_from = |start: usize| {
        let rest = text.get(start..).unwrap_or_default();
        start..start + rest.find('\n').unwrap_or(rest.len())
    };
    let is_alone = |line: &Range<usize>| {
        let line = text.get(line.clone()).unwrap_or_default();
        line.trim_start().starts_with('#')
    };
    let mut line = line_from(begin);
    while is_alone(&line) && line.end < text.len() {
        line = line_from(line.end + 1);
    }
    line
}
