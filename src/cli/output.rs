//! Where a command prints: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context;

use super::arguments::{Color, Format};
use super::error::{CommandError, Result};
use super::formats::{FormatTarget, Printed, ci_text, put};
use super::verify;
use crate::config::DEFAULT_SCHEMA;
use crate::diagnostic::{Diagnostic, Files, render};
use crate::report::ci::FindingsReport;
use crate::report::{error_findings, errors_json, escape_controls, one_line};

const NOT_WRITTEN: &str = "can't write to standard output";

/// Standard output and error, with or without colours.
pub(super) struct Output {
    color: Color,
    /// Whether only errors are printed.
    is_quiet: bool,
}

impl Output {
    pub(super) fn new(color: Color, is_quiet: bool) -> Self {
        Output { color, is_quiet }
    }

    /// Prints text for a person. ANSI styles are removed where they aren't wanted.
    pub(super) fn text(&self, text: &str) -> anyhow::Result<()> {
        if self.is_quiet {
            return Ok(());
        }
        let mut out = AutoStream::new(io::stdout().lock(), self.choice(&io::stdout()));
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        unless_gone(written)
    }

    /// Prints text for a program byte for byte. Control characters are escaped only if standard
    /// output is a terminal.
    pub(super) fn exact(&self, text: &str) -> anyhow::Result<()> {
        if self.is_quiet {
            return Ok(());
        }
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
        if !self.is_quiet {
            self.complain(text);
        }
    }

    /// Prints a line of an error on standard error.
    fn complain(&self, text: &str) {
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

    /// Reports why a command fails: on standard error, and in those of its formats that are for
    /// programs.
    pub(super) fn failure(
        &self,
        error: &CommandError,
        command: &'static str,
        targets: &[(Format, FormatTarget)],
    ) {
        let none = Files::default();
        let words = styled(error);
        let plain = anstream::adapter::strip_str(&words).to_string();
        let said = [Diagnostic::without_place(plain)];
        let (diagnostics, files) = match error {
            CommandError::Invalid { diagnostics, files }
            | CommandError::Disagree { diagnostics, files } => (&diagnostics[..], files),
            CommandError::Run { diagnostics, .. } => (&diagnostics[..], &none),
            _ => (&said[..], &none),
        };
        let failed = Failed { command, kind: error.kind(), errors: diagnostics, files };
        // Without diagnostics the command's own document has said it.
        let targets = if diagnostics.is_empty() { &[] } else { targets };
        for (format, target) in targets {
            if let Err(error) = self.failed(&failed, *format, target) {
                self.complain(&format!("{RED}error{RED:#}: {}", styled(&error)));
            }
        }
        match error {
            CommandError::Invalid { .. } | CommandError::Disagree { .. } => {
                self.errors_at_places(diagnostics, files);
                let count = diagnostics.len();
                let errors = if count == 1 { "1 error".into() } else { format!("{count} errors") };
                self.complain(&format!("{RED}{errors}{RED:#}; nothing was changed"));
            }
            CommandError::Run { .. } => self.errors_at_places(diagnostics, files),
            CommandError::NotVerified(_) => {
                self.complain(&format!("{RED}not verified{RED:#}: {words}"));
            }
            CommandError::Server(_) | CommandError::Other(_) => {
                self.complain(&format!("{RED}error{RED:#}: {words}"));
            }
        }
    }

    fn errors_at_places(&self, errors: &[Diagnostic], files: &Files) {
        for error in errors {
            self.complain(&render(error, files, true));
            self.complain("");
        }
    }

    /// The errors of a command in one of its formats.
    fn failed(&self, failed: &Failed<'_>, format: Format, target: &FormatTarget) -> Result<()> {
        let Failed { command, kind, errors, files } = *failed;
        if format == Format::Json {
            return put(target, Printed::Exact(errors_json(kind, errors, files, &[])?), self);
        }
        let count = errors.len();
        let report = FindingsReport {
            command,
            subject: format!("driftline {command} failed"),
            summary: if count == 1 { "1 error".into() } else { format!("{count} errors") },
            findings: error_findings(kind, errors, files),
            files,
            default_file: files.first_name().unwrap_or(DEFAULT_SCHEMA).to_owned(),
        };
        match ci_text(format, &report, None)? {
            Some(text) => put(target, Printed::Exact(text), self),
            None => Ok(()),
        }
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

/// Why a command fails, for its formats.
#[derive(Clone, Copy)]
struct Failed<'a> {
    command: &'static str,
    kind: &'static str,
    errors: &'a [Diagnostic],
    files: &'a Files,
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
