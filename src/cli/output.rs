//! Where a command prints: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context;

use super::arguments::Color;
use super::error::CommandError;
use super::verify;
use crate::diagnostic::{Diagnostic, Files, render};
use crate::report::{errors_json, escape_controls, one_line};

const NOT_WRITTEN: &str = "can't write to standard output";

/// Standard output and error, with or without colours.
pub(super) struct Output {
    color: Color,
}

impl Output {
    pub(super) fn new(color: Color) -> Self {
        Output { color }
    }

    /// Prints text for a person. ANSI styles are removed where they aren't wanted.
    pub(super) fn text(&self, text: &str) -> anyhow::Result<()> {
        let mut out = AutoStream::new(io::stdout().lock(), self.choice(&io::stdout()));
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        unless_gone(written)
    }

    /// Prints text for a program byte for byte. Control characters are escaped only if standard
    /// output is a terminal.
    pub(super) fn exact(&self, text: &str) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        let text = if out.is_terminal() { &escape_controls(text) } else { text };
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        unless_gone(written)
    }

    /// Whether text on standard output has colours.
    pub(super) fn has_colours(&self) -> bool {
        self.choice(&io::stdout()) != ColorChoice::Never
    }

    /// Prints a line on standard error.
    pub(super) fn say(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.choice(&io::stderr()));
        // If standard error can't be written to, there is nowhere to report it.
        let _ = writeln!(err, "{}", text.trim_end());
    }

    /// Prints diagnostics on standard error.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic], files: &Files) {
        for diagnostic in diagnostics {
            self.say(&render(diagnostic, files, true));
            self.say("");
        }
    }

    /// Reports why a command fails. With `json` it is also printed on standard output for a
    /// program.
    pub(super) fn failure(&self, error: &CommandError, json: bool) {
        if let CommandError::Invalid { diagnostics, files }
        | CommandError::Disagree { diagnostics, files } = error
        {
            if json {
                // If this fails, the message still follows on standard error.
                let _ = self.errors(error.kind(), diagnostics, files);
            }
            self.diagnostics(diagnostics, files);
            let count = diagnostics.len();
            let errors = if count == 1 { "1 error".into() } else { format!("{count} errors") };
            self.say(&format!("{RED}{errors}{RED:#}; nothing was changed"));
            return;
        }
        if let CommandError::Run { diagnostics, .. } = error {
            // Without diagnostics the command's own document has said it.
            if json && !diagnostics.is_empty() {
                let _ = self.errors(error.kind(), diagnostics, &Files::default());
            }
            self.diagnostics(diagnostics, &Files::default());
            return;
        }
        let styled = styled(error);
        if json {
            let plain = anstream::adapter::strip_str(&styled).to_string();
            let said = Diagnostic::without_place(plain);
            // As above, the message still follows on standard error.
            let _ = self.errors(error.kind(), &[said], &Files::default());
        }
        let word = match error {
            CommandError::NotVerified(_) => "not verified",
            _ => "error",
        };
        self.say(&format!("{RED}{word}{RED:#}: {styled}"));
    }

    /// Prints errors as JSON for a program.
    pub(super) fn errors(
        &self,
        kind: &'static str,
        errors: &[Diagnostic],
        files: &Files,
    ) -> anyhow::Result<()> {
        self.exact(&errors_json(kind, errors, files, &[])?)
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        match self.color {
            Color::Auto => AutoStream::choice(stream),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

const RED: Style = AnsiColor::Red.on_default().bold();

/// The message for a person, with ANSI styles. Errors that have diagnostics don't use it.
fn styled(error: &CommandError) -> String {
    match error {
        CommandError::Invalid { .. } | CommandError::Disagree { .. } | CommandError::Run { .. } => {
            String::new()
        }
        CommandError::Server(error) => one_line(&error.to_string()),
        CommandError::NotVerified(error) => verify::failure(error),
        CommandError::Other(error) => one_line(&format!("{error:#}")),
    }
}

/// Ignores the error if the program that reads standard output has ended, as `head` does. The exit
/// code still says what was found.
fn unless_gone(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context(NOT_WRITTEN),
    }
}
