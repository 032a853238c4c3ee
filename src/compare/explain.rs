//! Why an element is held equal or different: how each side has it, what `normalize` made of that,
//! and what came of the comparison.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::{Comparison, Unseen};
use crate::diff::{Change, TableChange, Uncertain, Unsupported, diff};
use crate::model::{Element, Object, ObjectName, Schema, Table, Text};
use crate::renames::Renames;
use crate::server::Server;

/// What was found about one element.
#[derive(Debug)]
pub struct Explanation<'c> {
    /// The element, by its name in the new schema if it has one there.
    pub element: Element,
    /// The element on the old side. It has another name there if it is renamed.
    pub old_element: Element,
    /// What holds the element on the old side; `None` if the side doesn't have it.
    pub from: Option<ExplainedSide<'c>>,
    /// The same on the new side.
    pub to: Option<ExplainedSide<'c>>,
    /// What came of the comparison.
    pub verdict: ExplainedVerdict<'c>,
}

/// The table or object that holds an element, on one side of a comparison.
#[derive(Debug)]
pub enum ExplainedSide<'c> {
    /// A table.
    Table {
        /// As the source has it; `None` if the source spells its name otherwise.
        written: Option<&'c Table>,
        /// As it is compared.
        normalized: &'c Table,
        /// The same, with the texts of SQL that are compared instead of those that were read.
        compared: Rc<Table>,
        /// What `normalize` changed of the element.
        changes: Vec<TableChange>,
    },
    /// A view, trigger, routine, event or sequence.
    Object {
        /// As the source has it.
        written: Option<&'c Object>,
        /// As it is compared.
        normalized: &'c Object,
    },
}

/// What came of the comparison of an element.
#[derive(Debug)]
pub enum ExplainedVerdict<'c> {
    /// Both sides have it, and both normalized forms are the same.
    Equal,
    /// The table differs in this.
    Differs {
        /// The old table, under its new name.
        from: &'c Table,
        /// The new table.
        to: &'c Table,
        /// The difference.
        change: &'c TableChange,
    },
    /// A table or object that one side doesn't have, that is renamed, or an object that differs.
    Changed(&'c Change),
    /// Only one side has it, and that is no difference: servers make such an index for a foreign key
    /// by themselves.
    Implicit,
    /// The two are known, and it is unknown whether they mean the same.
    Uncertain(&'c Uncertain),
    /// The model can't hold the table or object.
    Unsupported(&'c Unsupported),
    /// The account doesn't see it.
    Unseen(&'c Unseen),
    /// `ignore` leaves it out.
    Ignored,
}

impl Comparison {
    /// Every element that one of the sources has, each once: those of the new side, then those that
    /// only the old side has. An element that is renamed has its new name.
    pub fn elements(&self) -> Vec<Element> {
        let mut elements: Vec<Element> = Vec::new();
        let mut known = HashSet::new();
        let sides = [&self.new, &self.to.schema, &self.old, &self.from.schema];
        for element in sides.into_iter().flat_map(Schema::elements) {
            if known.insert(element.clone()) {
                elements.push(element);
            }
        }
        elements
    }

    /// What was found about each element.
    pub fn explain(&self, elements: &[Element]) -> Vec<Explanation<'_>> {
        let mut old = SideReader::new(&self.from.schema, &self.old, self.server);
        let mut new = SideReader::new(&self.to.schema, &self.new, self.server);
        let explained = elements.iter().map(|element| {
            let verdict = self.verdict(element);
            let old_element = old_name(&verdict, element).unwrap_or_else(|| element.clone());
            Explanation {
                from: old.side(&old_element),
                to: new.side(element),
                element: element.clone(),
                old_element,
                verdict,
            }
        });
        explained.collect()
    }

    /// Whether both sides have an element, under one name or renamed.
    pub fn is_on_both_sides(&self, element: &Element) -> bool {
        let old_element = old_name(&self.verdict(element), element);
        has(&self.old, old_element.as_ref().unwrap_or(element)) && has(&self.new, element)
    }

    /// Whether the desired schema declares a rename of something that the other has.
    pub fn has_renames(&self) -> bool {
        !Renames::between(&self.old, &self.new).is_empty()
    }

    /// What came of the comparison of an element.
    pub fn verdict(&self, element: &Element) -> ExplainedVerdict<'_> {
        let whole = whole(element);
        if let Some(it) = self.difference.unsupported.iter().find(|it| it.element == whole) {
            return ExplainedVerdict::Unsupported(it);
        }
        if let Some(it) = self.unseen.iter().find(|it| it.element == whole) {
            return ExplainedVerdict::Unseen(it);
        }
        let changes = &self.difference.changes;
        if let Some(change) = changes.iter().find(|change| is_of_whole(change, &whole)) {
            return ExplainedVerdict::Changed(change);
        }
        if let Some(found) = changes.iter().find_map(|change| part_of(change, element)) {
            return found;
        }
        if let Some(it) = self.difference.uncertain.iter().find(|it| it.element == *element) {
            return ExplainedVerdict::Uncertain(it);
        }
        match (has(&self.old, element), has(&self.new, element)) {
            (true, true) => ExplainedVerdict::Equal,
            (false, false) => ExplainedVerdict::Ignored,
            _ => ExplainedVerdict::Implicit,
        }
    }
}

/// The table or object that an element belongs to.
fn whole(element: &Element) -> Element {
    element.table_name().map_or_else(|| element.clone(), Element::table)
}

/// Whether a change is about a table or object as a whole.
fn is_of_whole(change: &Change, whole: &Element) -> bool {
    match change {
        Change::CreateTable(table) | Change::DropTable(table) => {
            Element::table(&table.name) == *whole
        }
        Change::CreateObject(object) | Change::DropObject(object) => {
            Element::object(&object.name()) == *whole
        }
        Change::ChangeObject { to, .. } => Element::object(&to.name()) == *whole,
        Change::RenameTable { .. } | Change::AlterTable { .. } => false,
    }
}

/// What a change of a table says about an element of it.
fn part_of<'c>(change: &'c Change, element: &Element) -> Option<ExplainedVerdict<'c>> {
    match change {
        Change::RenameTable { to, .. } if *element == Element::table(to) => {
            Some(ExplainedVerdict::Changed(change))
        }
        Change::AlterTable { from, to, changes } => {
            let change = changes.iter().find(|change| change.element(&to.name) == *element)?;
            Some(ExplainedVerdict::Differs { from, to, change })
        }
        _ => None,
    }
}

/// The name that an element has on the old side, if it is another one.
fn old_name(verdict: &ExplainedVerdict<'_>, element: &Element) -> Option<Element> {
    let table = element.table_name()?;
    match verdict {
        ExplainedVerdict::Changed(Change::RenameTable { from, .. }) => Some(Element::table(from)),
        ExplainedVerdict::Differs { change: TableChange::ChangeColumn { from, .. }, .. } => {
            Some(Element::column(table, &from.name))
        }
        ExplainedVerdict::Differs { change: TableChange::ChangeIndex { from, .. }, .. } => {
            Some(Element::index(table, &from.name))
        }
        ExplainedVerdict::Differs {
            change: TableChange::ChangeForeignKey { from, .. }, ..
        } => Some(Element::foreign_key(table, &from.name)),
        _ => None,
    }
}

/// Whether a schema has an element. A table has every option.
fn has(schema: &Schema, element: &Element) -> bool {
    match element {
        Element::Schema => true,
        Element::Object { kind, name } => {
            schema.objects.contains_key(&ObjectName { kind: *kind, name: name.clone() })
        }
        Element::Table { table } | Element::TableOption { table, .. } => {
            schema.table(table).is_some()
        }
        part => {
            let table = part.table_name().and_then(|name| schema.table(name));
            table.is_some_and(|table| table.elements().contains(part))
        }
    }
}

/// Reads how one side has elements.
struct SideReader<'c> {
    written: &'c Schema,
    normalized: &'c Schema,
    server: Server,
    tables: HashMap<&'c str, SideTable>,
}

/// What is found once for each table.
struct SideTable {
    compared: Rc<Table>,
    changes: HashMap<Element, Vec<TableChange>>,
}

impl<'c> SideReader<'c> {
    fn new(written: &'c Schema, normalized: &'c Schema, server: Server) -> Self {
        SideReader { written, normalized, server, tables: HashMap::new() }
    }

    /// `None` if the side doesn't have the element.
    fn side(&mut self, element: &Element) -> Option<ExplainedSide<'c>> {
        if let Element::Object { kind, name } = element {
            let name = ObjectName { kind: *kind, name: name.clone() };
            let normalized = self.normalized.objects.get(&name)?;
            let written = self.written.objects.get(&name);
            return Some(ExplainedSide::Object { written, normalized });
        }
        if !has(self.normalized, element) {
            return None;
        }
        let normalized = self.normalized.table(element.table_name()?)?;
        let written = self.written.table(&normalized.name);
        let server = &self.server;
        let read = self.tables.entry(&normalized.name).or_insert_with(|| SideTable {
            compared: Rc::new(as_compared(normalized)),
            changes: written.map(|it| changes(it, normalized, server)).unwrap_or_default(),
        });
        let changes = read.changes.get(element).cloned().unwrap_or_default();
        let compared = Rc::clone(&read.compared);
        Some(ExplainedSide::Table { written, normalized, compared, changes })
    }
}

/// What differs between a table as its source has it and as it is compared, by the element. A table
/// itself says its options.
fn changes(
    written: &Table,
    normalized: &Table,
    server: &Server,
) -> HashMap<Element, Vec<TableChange>> {
    let alone = |table: &Table| {
        let mut schema = Schema::default();
        schema.insert(table.clone());
        schema
    };
    let changed = diff(&alone(written), &alone(normalized), server).changes;
    let of_table = changed.into_iter().filter_map(|change| match change {
        Change::AlterTable { changes, .. } => Some(changes),
        _ => None,
    });
    let mut by_element: HashMap<Element, Vec<TableChange>> = HashMap::new();
    for change in of_table.flatten() {
        if matches!(change, TableChange::ChangeOption(_)) {
            let table = Element::table(&normalized.name);
            by_element.entry(table).or_default().push(change.clone());
        }
        by_element.entry(change.element(&normalized.name)).or_default().push(change);
    }
    by_element
}

/// A table whose texts of SQL are those that are compared.
fn as_compared(table: &Table) -> Table {
    let mut table = table.clone();
    for (_, expression) in table.expressions_mut() {
        if let Some(canonical) = expression.canonical.clone() {
            *expression = Text::new(canonical);
        }
    }
    table
}
