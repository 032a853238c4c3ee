//! Takes what the old side of a comparison has into the files of the new side, so that they don't
//! differ any longer: all of it, or some elements.
//!
//! The edits of the text are made by `source/yaml/edit`. Here is decided what they are, and after
//! each round of them the two sides are compared again: what was to be taken in may not differ any
//! longer, and nothing else may have changed.

mod edits;
mod table;

use std::collections::BTreeMap;

use crate::compare::Comparison;
use crate::diff::{Change, TableChange};
use crate::model::{Element, Table};
use crate::server::Server;
use crate::source::Loaded;
use crate::source::yaml::{self, EditedText, ElementEdit, Invalid, NotEditable, ReadFiles};

/// How often the sides are compared again. What one edit causes, such as columns that inherit
/// another collation, is taken in after it.
const MOST_ROUNDS: usize = 6;

/// What was taken in.
#[derive(Debug)]
pub struct TakenIn {
    /// The files that change, with their new texts.
    pub files: Vec<EditedText>,
    /// The elements that were taken in, each once, in the order of the difference.
    pub elements: Vec<Element>,
    /// The comparison with the new texts.
    pub comparison: Comparison,
}

/// Why nothing was taken in.
#[derive(Debug)]
pub enum NotTaken {
    /// Some elements can't be taken in by a machine.
    Elements(Vec<NotEditable>),
    /// The files can't be read, or the sides can't be compared.
    Failed(anyhow::Error),
}

/// One element that differs.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // There are few of them.
enum Item {
    Whole(Change),
    Part { from: Box<Table>, to: Box<Table>, change: TableChange },
}

impl Item {
    fn all(comparison: &Comparison) -> Vec<Item> {
        let mut items = Vec::new();
        for change in &comparison.difference.changes {
            match change {
                Change::AlterTable { from, to, changes } => {
                    items.extend(changes.iter().map(|change| Item::Part {
                        from: from.clone(),
                        to: to.clone(),
                        change: change.clone(),
                    }));
                }
                other => items.push(Item::Whole(other.clone())),
            }
        }
        items
    }

    fn element(&self) -> Element {
        match self {
            Item::Whole(change) => match change {
                Change::CreateTable(table) | Change::DropTable(table) => {
                    Element::table(&table.name)
                }
                Change::RenameTable { to, .. } => Element::table(to),
                Change::AlterTable { to, .. } => Element::table(&to.name),
                Change::CreateObject(object) | Change::DropObject(object) => {
                    Element::object(&object.name())
                }
                Change::ChangeObject { to, .. } => Element::object(&to.name()),
            },
            Item::Part { to, change, .. } => change.element(&to.name),
        }
    }

    /// Whether it is the same difference. The rest of the table may have changed.
    fn same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Part { change, .. }, Item::Part { change: other, .. }) => {
                self.element() == other_element(other, self) && change == other
            }
            (one, other) => one == other,
        }
    }
}

/// The element of a change, in the table of the item.
fn other_element(change: &TableChange, item: &Item) -> Element {
    match item {
        Item::Part { to, .. } => change.element(&to.name),
        other => other.element(),
    }
}

/// The elements that differ, in the order of the difference, each once.
pub fn differing(comparison: &Comparison) -> Vec<Element> {
    let mut elements = Vec::new();
    for item in Item::all(comparison) {
        let element = item.element();
        if !elements.contains(&element) {
            elements.push(element);
        }
    }
    elements
}

/// Takes the wanted elements in. `flavor` is that of the comparison.
pub fn take_in(
    comparison: Comparison,
    flavor: Option<Server>,
    wanted: &dyn Fn(&Element) -> bool,
    read: ReadFiles<'_>,
) -> Result<TakenIn, NotTaken> {
    let failed = |invalid: Invalid| NotTaken::Failed(anyhow::anyhow!("{invalid}"));
    let original = Item::all(&comparison);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut loaded = read(&texts).map_err(failed)?;
    let first = loaded.clone();
    let mut comparison = comparison;
    let mut elements: Vec<Element> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let items = Item::all(&comparison);
        let is_old = |item: &Item| original.iter().any(|it| it.same(item));
        let due: Vec<Item> =
            items.into_iter().filter(|it| wanted(&it.element()) || !is_old(it)).collect();
        if due.is_empty() {
            lost_none(&original, &comparison, wanted)?;
            return Ok(TakenIn { files: changed(&first, &texts), elements, comparison });
        }
        let edits = edits::of(&due, &comparison, &loaded).map_err(NotTaken::Elements)?;
        let accumulated = |with: &BTreeMap<String, String>| {
            let mut all = texts.clone();
            all.extend(with.iter().map(|(name, text)| (name.clone(), text.clone())));
            read(&all)
        };
        let (edited, after) =
            yaml::edit(&loaded, &edits, &accumulated).map_err(NotTaken::Elements)?;
        if edited.is_empty() {
            return Err(still_differ(&edits));
        }
        texts.extend(edited.into_iter().map(|it| (it.name, it.after)));
        for element in due.iter().map(Item::element) {
            if !elements.contains(&element) {
                elements.push(element);
            }
        }
        comparison = Comparison::new(comparison.from.clone(), after.clone(), flavor)
            .map_err(NotTaken::Failed)?;
        loaded = after;
    }
    Err(NotTaken::Elements(
        Item::all(&comparison)
            .iter()
            .map(Item::element)
            .filter(|element| wanted(element))
            .map(|element| unmade(element, "it still differs after the edit"))
            .collect(),
    ))
}

/// Fails if a difference that was not to be taken in isn't there any longer.
fn lost_none(
    original: &[Item],
    comparison: &Comparison,
    wanted: &dyn Fn(&Element) -> bool,
) -> Result<(), NotTaken> {
    let now = Item::all(comparison);
    let lost = original.iter().filter(|it| !wanted(&it.element()));
    let lost: Vec<Element> =
        lost.filter(|it| !now.iter().any(|other| other.same(it))).map(Item::element).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let why = "the edit would take it in too; name it as well";
    Err(NotTaken::Elements(lost.into_iter().map(|it| unmade(it, why)).collect()))
}

fn still_differ(edits: &[ElementEdit]) -> NotTaken {
    let why = "the file can't say what the database has";
    NotTaken::Elements(edits.iter().map(|it| unmade(it.element.clone(), why)).collect())
}

fn unmade(element: Element, why: &str) -> NotEditable {
    let by_hand = "edit it by hand".to_owned();
    NotEditable { element, place: None, why: why.to_owned(), by_hand }
}

/// The files of the first reading that have another text now.
fn changed(first: &Loaded, texts: &BTreeMap<String, String>) -> Vec<EditedText> {
    let files = first.files.all().filter_map(|(file, own)| {
        let after = texts.get(&own.name)?;
        (**after != *own.text).then(|| EditedText {
            file,
            name: own.name.clone(),
            before: std::sync::Arc::clone(&own.text),
            after: after.clone(),
        })
    });
    files.collect()
}
