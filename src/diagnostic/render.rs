//! Renders a diagnostic with its line of text, as rustc does.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use super::escape_controls::{escape_controls, masked, one_line};
use super::{Diagnostic, FileId, Files, Label, Severity, SourceFile};

/// The labels in one file. The first is the main one.
struct Part<'a> {
    file: FileId,
    labels: Vec<(AnnotationKind, &'a Label)>,
}

/// The diagnostic as text for a terminal, with a newline at the end. `colour` adds ANSI styles.
/// Text from files or databases is escaped.
pub fn render(diagnostic: &Diagnostic, files: &Files, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(one_line(&diagnostic.title));
    let mut group = Group::with_title(match diagnostic.code {
        Some(code) => title.id(code),
        None => title,
    });
    for part in parts(diagnostic) {
        group = group.element(snippet(&part, files.get(part.file)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(escape_controls(help)));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    text.push('\n');
    text
}

/// The labels by file, in the order in which the files first occur.
fn parts(diagnostic: &Diagnostic) -> Vec<Part<'_>> {
    let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let secondary = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label));
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (kind, label) in primary.chain(secondary) {
        match parts.iter_mut().find(|part| part.file == label.span.file) {
            Some(part) => part.labels.push((kind, label)),
            None => parts.push(Part { file: label.span.file, labels: vec![(kind, label)] }),
        }
    }
    parts
}

/// Only the lines with labels, because the file may be large.
fn snippet<'a>(
    part: &Part<'_>,
    file: &'a SourceFile,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = &*file.text;
    let spans: Vec<(usize, usize)> = part
        .labels
        .iter()
        .map(|(_, label)| {
            let start = boundary(text, label.span.start);
            (start, boundary(text, label.span.end).max(start))
        })
        .collect();
    let first = spans.iter().map(|(start, _)| *start).min().unwrap_or(0);
    let last = spans.iter().map(|(_, end)| *end).max().unwrap_or(0);
    let begin = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
    let annotations = part.labels.iter().zip(spans).map(|((kind, label), (start, end))| {
        let annotation = kind.span(start - begin..end - begin);
        match label.text.as_str() {
            "" => annotation,
            words => annotation.label(one_line(words)),
        }
    });
    Snippet::source(masked(&text[begin..end]))
        .path(one_line(&file.name))
        .line_start(file.line(begin).0)
        .annotations(annotations)
}

/// The nearest start of a character at or before a byte.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    /// The text with the part between `«` and `»` underlined.
    fn draw(marked: &str, label: &str) -> String {
        let start = marked.find('«').unwrap();
        let text = marked.replacen('«', "", 1);
        let end = text.find('»').unwrap();
        let text = text.replacen('»', "", 1);
        let mut files = Files::default();
        let file = files.add("schema.yaml", text);
        let diagnostic = Diagnostic::error("what is wrong", Span { file, start, end }, label)
            .with_help("what to do");
        render(&diagnostic, &files, false)
    }

    #[test]
    fn a_message_with_its_line() {
        insta::assert_snapshot!(draw("a: 1\nb: «2»\nc: 3\n", "here"), @r"
    error: what is wrong
     --> schema.yaml:2:4
      |
    2 | b: 2
      |    ^ here
      |
      = help: what to do
    ");
    }

    #[test]
    fn tabs_and_wide_characters_move_the_caret() {
        insta::assert_snapshot!(draw("a:\t\t«2»\n", "here"), @r"
    error: what is wrong
     --> schema.yaml:1:5
      |
    1 | a:        2
      |           ^ here
      |
      = help: what to do
    ");
        insta::assert_snapshot!(draw("名前: «'漢字'» é 😀 x\n", "here"), @r"
    error: what is wrong
     --> schema.yaml:1:5
      |
    1 | 名前: '漢字' é 😀 x
      |       ^^^^^^ here
      |
      = help: what to do
    ");
        insta::assert_snapshot!(draw("e\u{301}: «x»\n", "here"), @r"
    error: what is wrong
     --> schema.yaml:1:5
      |
    1 | é: x
      |    ^ here
      |
      = help: what to do
    ");
    }

    #[test]
    fn controls_are_escaped() {
        let drawn = draw("a\u{1b}[31m\u{9b}2J\u{202e}: «b\u{7}»\r\nc: d", "x\u{1b}]0;y\u{7}");
        assert!(!drawn.contains(|c: char| c.is_control() && c != '\n'), "{drawn:?}");
        insta::assert_snapshot!(drawn, @r"
    error: what is wrong
     --> schema.yaml:1:13
      |
    1 | a?[31m·2J�: b?
      |             ^^ x\u{1b}]0;y\u{7}
      |
      = help: what to do
    ");
        let mut files = Files::default();
        files.add("\u{1b}[1m.yaml", "");
        let mut diagnostic =
            Diagnostic::error("title \u{1b}[2J", Span { file: FileId(0), start: 0, end: 0 }, "");
        diagnostic.help.push("help \u{1b}[2J\nsecond line".to_owned());
        insta::assert_snapshot!(render(&diagnostic, &files, false), @r"
    error: title \u{1b}[2J
     --> \u{1b}[1m.yaml:1:1
      |
    1 |
      | ^
      |
      = help: help \u{1b}[2J
              second line
    ");
    }

    #[test]
    fn long_lines_are_cut() {
        let line = format!("a: {} «here» {}\n", "x".repeat(500), "y".repeat(500));
        insta::assert_snapshot!(draw(&line, "this"), @r"
    error: what is wrong
     --> schema.yaml:1:505
      |
    1 | ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx here yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...
      |                                                                ^^^^ this
      |
      = help: what to do
    ");
        let line = format!("a: «{}»\n", "x".repeat(50_000));
        let drawn = draw(&line, "this");
        assert!(drawn.len() < 1_000, "{} bytes", drawn.len());
        insta::assert_snapshot!(drawn, @r"
    error: what is wrong
     --> schema.yaml:1:4
      |
    1 | a: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^...^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this
      |
      = help: what to do
    ");
    }

    #[test]
    fn places_outside_the_text_are_drawn_at_its_end() {
        let mut files = Files::default();
        let file = files.add("schema.yaml", "é");
        for (start, end) in [(1, 1), (2, 900), (900, 1), (5, 2)] {
            let drawn =
                render(&Diagnostic::error("x", Span { file, start, end }, ""), &files, true);
            assert!(drawn.contains("schema.yaml"), "{drawn}");
        }
    }

    #[test]
    fn two_files_and_colour() {
        let mut files = Files::default();
        let one = files.add("a.yaml", "a: 1\n");
        let two = files.add("b.yaml", "x: 1\nb: 2\n");
        let mut diagnostic = Diagnostic::error("both", Span { file: two, start: 5, end: 6 }, "one");
        diagnostic.also(Span { file: one, start: 0, end: 1 }, "other");
        diagnostic.code = Some("redundant-index");
        diagnostic.severity = Severity::Warning;
        insta::assert_snapshot!(render(&diagnostic, &files, false), @r"
    warning[redundant-index]: both
     --> b.yaml:2:1
      |
    2 | b: 2
      | ^ one
      |
     ::: a.yaml:1:1
      |
    1 | a: 1
      | - other
    ");
        assert!(render(&diagnostic, &files, true).contains("\u{1b}["));
    }
}
