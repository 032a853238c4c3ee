//! Changes of schema.yaml by a machine: the smallest change of the text that gives an element what
//! it should be. Comments, order and style stay.
//!
//! After every edit the text is read again. If the rest of the schema isn't exactly what it was,
//! the edit isn't made.

mod column;
mod insertion;
mod place;
mod removal;
mod same;
mod step;
mod steps;
mod tree;
mod written;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::scalar::{ScalarPosition, scalar};
use super::{Invalid, WrittenElement, document, keys};
use crate::diagnostic::{FileId, Span};
use crate::model::Element;
use crate::source::Loaded;

use same::rest_is_same;
use step::EditFailure;

/// What becomes of one element of the files.
#[derive(Debug, Clone)]
pub struct ElementEdit {
    /// The element. A partition is changed by the partitioning of its table.
    pub element: Element,
    /// The element as `pull` would write what the files say; `None` if they don't have it.
    pub before: Option<WrittenElement>,
    /// The element as `pull` writes it; `None` if it goes.
    pub after: Option<WrittenElement>,
    /// The names of the elements of its kind, in the order in which they should be.
    pub order: Vec<String>,
    /// Whether it goes to another place among those that are there.
    pub moves: bool,
    /// For an object: its CREATE statement, for a file that has it as one.
    pub statement: Option<String>,
    /// Whether it is the option of `defaults`, which tables inherit; the element is an option of any
    /// table.
    pub of_defaults: bool,
}

/// The edit of an option of `defaults`: a character set or collation.
pub fn edit_of_default(key: &str, old: Option<&str>, new: &str) -> ElementEdit {
    let written = |value: &str| WrittenElement {
        under: "defaults".to_owned(),
        lines: format!("{key}: {}", scalar(value, ScalarPosition::Block)),
    };
    ElementEdit {
        element: Element::option("", key),
        before: old.map(written),
        after: Some(written(new)),
        order: keys::DEFAULTS.names().into_iter().map(str::to_owned).collect(),
        moves: false,
        statement: None,
        of_defaults: true,
    }
}

/// A file with its new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditedText {
    /// The file.
    pub file: FileId,
    /// Its name: its path as it was read.
    pub name: String,
    /// The text that was read, without a byte order mark.
    pub before: Arc<str>,
    /// The new text.
    pub after: String,
}

/// An edit that a machine can't make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEditable {
    /// The element.
    pub element: Element,
    /// The place that is in the way.
    pub place: Option<Span>,
    /// Why, in words that follow "it can't be edited by a machine: ".
    pub why: String,
    /// What to do by hand, in one line.
    pub by_hand: String,
}

/// Reads the files with other texts for some of them, which are given by their names.
pub type ReadFiles<'r> = &'r dyn Fn(&BTreeMap<String, String>) -> Result<Loaded, Invalid>;

/// The files with all the edits made. It isn't known yet whether they say the right thing.
pub fn edited(loaded: &Loaded, edits: &[ElementEdit]) -> Result<Vec<EditedText>, Vec<NotEditable>> {
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    let mut failed = Vec::new();
    for edit in edits {
        let file = file_of(loaded, edit);
        let Some(file) = file else {
            let why = "no file of it is known".to_owned();
            failed.push(not_editable(edit, EditFailure { why, at: None }, None));
            continue;
        };
        let original = &loaded.files.get(file).text;
        let text = texts.entry(file).or_insert_with(|| original.to_string());
        match steps::made(loaded, text, edit) {
            Ok(edited) => *text = edited,
            Err(failure) => {
                let is_original = **text == **original;
                failed.push(not_editable(edit, failure, is_original.then_some(file)));
            }
        }
    }
    if !failed.is_empty() {
        return Err(failed);
    }
    let edited = texts
        .into_iter()
        .map(|(file, after)| {
            let own = loaded.files.get(file);
            EditedText { file, name: own.name.clone(), before: Arc::clone(&own.text), after }
        })
        .filter(|it| *it.before != *it.after)
        .collect();
    Ok(edited)
}

/// The files with all the edits made, and what they say then. `read` reads the schema with other
/// texts for some of its files, which are given by their names. Nothing is written.
pub fn edit(
    loaded: &Loaded,
    edits: &[ElementEdit],
    read: ReadFiles<'_>,
) -> Result<(Vec<EditedText>, Loaded), Vec<NotEditable>> {
    let edited = edited(loaded, edits)?;
    let with: BTreeMap<String, String> =
        edited.iter().map(|it| (it.name.clone(), it.after.clone())).collect();
    let all = |why: String| -> Vec<NotEditable> {
        edits
            .iter()
            .map(|edit| not_editable(edit, EditFailure { why: why.clone(), at: None }, None))
            .collect()
    };
    match read(&with) {
        Err(invalid) => {
            let title = invalid.diagnostics.first().map_or("", |it| it.title.as_str());
            Err(all(format!("after the edit the file would have an error: {title}")))
        }
        Ok(after) if !rest_is_same(loaded, &after, edits) => {
            Err(all("the edit would change something else in the file too".to_owned()))
        }
        Ok(after) => Ok((edited, after)),
    }
}

/// Reads schema.yaml and what it includes, with other texts for some of the files.
pub fn read_with(path: &Path, texts: &BTreeMap<String, String>) -> Result<Loaded, Invalid> {
    document::read_with(path, texts)
}

fn not_editable(edit: &ElementEdit, failure: EditFailure, file: Option<FileId>) -> NotEditable {
    let by_hand = match (&edit.after, &edit.element) {
        (None, _) => "remove it by hand".to_owned(),
        (Some(WrittenElement { under, lines }), _) if !lines.contains('\n') => {
            format!("write `{lines}` under {under} by hand")
        }
        (Some(WrittenElement { under, .. }), _) => {
            format!("write by hand what `driftline pull` writes for it under {under}")
        }
    };
    let place = file.zip(failure.at).map(|(file, at)| Span { file, start: at, end: at });
    NotEditable { element: edit.element.clone(), place, why: failure.why, by_hand }
}

/// The file that has the element, or that gets it.
fn file_of(loaded: &Loaded, edit: &ElementEdit) -> Option<FileId> {
    if edit.of_defaults {
        return loaded.files.first();
    }
    let whole = match &edit.element {
        object @ Element::Object { .. } => object.clone(),
        element => Element::table(element.table_name()?),
    };
    let other = |name: &str| match &whole {
        Element::Object { kind, .. } => Element::Object { kind: *kind, name: name.to_owned() },
        _ => Element::table(name),
    };
    let file = |element: &Element| loaded.places.get(element).map(|span| span.file);
    if let Some(file) = file(&whole) {
        return Some(file);
    }
    let main = loaded.files.first();
    let in_main = |name: &String| file(&other(name)).filter(|it| Some(*it) == main);
    if edit.order.iter().any(|name| in_main(name).is_some()) {
        return main;
    }
    let own = edit.order.iter().position(|name| other(name) == whole).unwrap_or_default();
    let before = edit.order.iter().take(own).rev().find_map(|name| file(&other(name)));
    before.or_else(|| edit.order.iter().find_map(|name| file(&other(name)))).or(main)
}
