//! Where a command prints: standard output for the answer, standard error for the rest.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use super::arguments::Color;
use super::open::SourceError;
use super::verify;
use crate::diagnostic::{Diagnostic, Files, render};
use crate::report::harmless;
use crate::verify::Unverified;

/// Standard output and error, with or without colours.
pub(super) struct Output {
    color: Color,
}

impl Output {
    pub(super) fn new(color: Color) -> Self {
        Output { color }
    }

    /// Prints text that was made for a person, with ANSI styles that are dropped where they don't
    /// belong.
    pub(super) fn text(&self, text: &str) -> anyhow::Result<()> {
        let mut out = AutoStream::new(io::stdout().lock(), self.choice(&io::stdout()));
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Prints text that a program will read, to the byte; only on a terminal is it made harmless.
    pub(super) fn exact(&self, text: &str) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        if out.is_terminal() {
            out.write_all(harmless(text).as_bytes())?;
        } else {
            out.write_all(text.as_bytes())?;
        }
        Ok(out.flush()?)
    }

    /// Says something on standard error.
    pub(super) fn say(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.choice(&io::stderr()));
        // There is nowhere left to report a standard error that can't be written to.
        let _ = writeln!(err, "{}", text.trim_end());
    }

    /// Shows diagnostics on standard error.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic], files: &Files) {
        for diagnostic in diagnostics {
            self.say(&render(diagnostic, files, true));
            self.say("");
        }
    }

    /// Reports a failure; returns the exit code for it.
    pub(super) fn failure(&self, error: &anyhow::Error) -> u8 {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        if let Some(unverified) = error.downcast_ref::<Unverified>() {
            self.say(&format!("{red}not verified{red:#}: {}", verify::failure(unverified)));
            return 3;
        }
        match error.downcast_ref::<SourceError>() {
            Some(SourceError::Invalid(diagnostics, files)) => {
                self.diagnostics(diagnostics, files);
                let count = diagnostics.len();
                let errors = if count == 1 { "1 error".into() } else { format!("{count} errors") };
                self.say(&format!("{red}{errors}{red:#}; nothing was changed"));
                2
            }
            Some(SourceError::Live(error)) => {
                self.say(&format!("{red}error{red:#}: {}", harmless(&error.to_string())));
                3
            }
            None => {
                self.say(&format!("{red}error{red:#}: {}", harmless(&format!("{error:#}"))));
                2
            }
        }
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        match self.color {
            Color::Auto => AutoStream::choice(stream),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// Whether the reader of our output has gone away, which is no failure of ours.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
