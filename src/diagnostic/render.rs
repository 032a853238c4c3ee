//! Draws a diagnostic with the line that it is about, as rustc does.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use super::{Diagnostic, Files, Label, Severity};

/// The diagnostic as text for a terminal, with a newline at its end. `colour` adds ANSI styles.
pub fn render(diagnostic: &Diagnostic, files: &Files, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = match diagnostic.code {
        Some(code) => level.primary_title(&diagnostic.title).id(code),
        None => level.primary_title(&diagnostic.title),
    };
    let mut group = Group::with_title(title);
    let labels = diagnostic
        .primary
        .iter()
        .map(|label| (AnnotationKind::Primary, label))
        .chain(diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label)));
    let mut snippets: Vec<(super::FileId, Vec<(AnnotationKind, &Label)>)> = Vec::new();
    for (kind, label) in labels {
        match snippets.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, labels)) => labels.push((kind, label)),
            None => snippets.push((label.span.file, vec![(kind, label)])),
        }
    }
    for (file, labels) in snippets {
        let file = files.get(file);
        let snippet = Snippet::source(&*file.text).path(&file.name).annotations(
            labels.into_iter().map(|(kind, label)| {
                let span = label.span.start..label.span.end.max(label.span.start);
                let annotation = kind.span(span);
                if label.text.is_empty() { annotation } else { annotation.label(&label.text) }
            }),
        );
        group = group.element(snippet);
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.decor_style(DecorStyle::Ascii).render(&[group]);
    text.push('\n');
    text
}
