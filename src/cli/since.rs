//! `--changed-since`: what a command looks at if only a part of the schema has changed.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::error::Result;
use super::git;
use super::output::Output;
use crate::compare::{Comparison, NewElements};
use crate::diagnostic::{Diagnostic, Files};
use crate::finding::Finding;
use crate::model::Element;
use crate::report::one_line;
use crate::server::Server;
use crate::source::{Loaded, Waiver, yaml};

/// What has changed in a schema file since a commit.
#[derive(Debug)]
pub(super) struct Since {
    /// The commit, as it was typed.
    pub(super) reference: String,
    /// The names of the tables and objects that have changed; `None` if all are new.
    changed: Option<BTreeSet<String>>,
    /// What isn't in the commit.
    pub(super) new: NewElements,
    /// The waivers of the commit.
    waivers: Vec<Waiver>,
}

impl Since {
    /// Compares the schema file with that of the commit.
    pub(super) fn of(
        schema: &Path,
        reference: &str,
        wanted: &Loaded,
        flavor: Option<Server>,
        output: &Output,
    ) -> Result<Since> {
        let folder = schema.parent().unwrap_or(Path::new(""));
        let copy = tempfile::tempdir().context("can't make a temporary folder")?;
        git::write_commit(folder, reference, copy.path())?;
        let name = schema.file_name().ok_or_else(|| anyhow!("{} is no file", schema.display()))?;
        let old = copy.path().join(name);
        let everything = Since {
            reference: one_line(reference),
            changed: None,
            new: NewElements::All,
            waivers: Vec::new(),
        };
        if !old.is_file() {
            return Ok(everything);
        }
        let Ok(before) = yaml::read(&old) else {
            let (reference, name) = (&everything.reference, schema.display().to_string());
            let name = one_line(&name);
            let note = format!("{name} of {reference} isn't valid, so all of it counts as changed");
            output.diagnostics(&[Diagnostic::note(note)], &Files::default());
            return Ok(everything);
        };
        let waivers = before.waivers.clone();
        // What is ignored or not compared is what the present file says.
        let before = Loaded { settings: wanted.settings.clone(), ..before };
        let comparison = Comparison::new(before, wanted.clone(), flavor)?.with_texts_as_meaning();
        Ok(Since {
            changed: Some(comparison.names_that_differ()),
            new: comparison.new_elements(),
            waivers,
            ..everything
        })
    }

    /// Whether a finding is about what has changed: its element or a related one is, or is in, a
    /// table or object that has. One about the schema as a whole is, if anything has changed.
    pub(super) fn has(&self, finding: &Finding) -> bool {
        let Some(changed) = &self.changed else { return true };
        let mut elements = finding.element().into_iter().chain(finding.related_elements());
        elements.any(|element| match element {
            Element::Schema => !changed.is_empty(),
            Element::Object { name, .. } => changed.contains(name),
            other => other.table_name().is_some_and(|table| changed.contains(table)),
        })
    }

    /// Whether a waiver isn't in the commit, wherever it stands there.
    pub(super) fn has_waiver(&self, waiver: &Waiver) -> bool {
        let is_same = |old: &Waiver| {
            old.elements == waiver.elements
                && old.reason == waiver.reason
                && old.until == waiver.until
                && old.rules.iter().map(|it| &it.code).eq(waiver.rules.iter().map(|it| &it.code))
        };
        !self.waivers.iter().any(is_same)
    }
}
