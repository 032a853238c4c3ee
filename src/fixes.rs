//! Fixes of findings: the changes of elements that rules advise, as edits of the files.
//!
//! A fix counts only if the files can be edited so and then say exactly what the fix says: the rest
//! of the schema is equal.

use std::collections::BTreeMap;
use std::path::PathBuf;

use similar::{DiffTag, TextDiff};

use crate::diagnostic::{FileId, Span};
use crate::finding::{Edit, Finding, FixChange};
use crate::model::{Element, Schema, TableOptions, same_name};
use crate::server::Server;
use crate::source::Loaded;
use crate::source::yaml::{self, EditedText, ElementEdit, ReadFiles};

/// The files with the changes made, and what they say then. `None` if a machine can't make them.
pub fn made(
    loaded: &Loaded,
    changes: &[FixChange],
    server: &Server,
    read: ReadFiles<'_>,
) -> Option<(Vec<EditedText>, Loaded)> {
    let (edits, wanted) = planned(loaded, changes, server)?;
    let (files, after) = yaml::edit(loaded, &edits, read).ok()?;
    (after.schema == wanted).then_some((files, after))
}

/// The edits for changes, and the schema after them.
fn planned(
    loaded: &Loaded,
    changes: &[FixChange],
    server: &Server,
) -> Option<(Vec<ElementEdit>, Schema)> {
    let mut wanted = loaded.schema.clone();
    let mut edits = Vec::new();
    for change in changes {
        let before = part_of(&wanted, change);
        apply(&mut wanted, change, &loaded.table_defaults)?;
        let after = part_of(&wanted, change);
        edits.extend(edits_of(&before, &after, change, (loaded, server)));
    }
    Some((edits, wanted))
}

/// The table that a change is about.
fn part_of(schema: &Schema, change: &FixChange) -> Schema {
    let table = match change {
        FixChange::Remove(element) => element.table_name(),
        FixChange::Column { table, .. } => Some(table.as_str()),
        FixChange::Charset { table, .. } => table.as_deref(),
    };
    let mut part = Schema::default();
    if let Some(table) = table.and_then(|name| schema.table(name)) {
        part.insert(table.clone());
    }
    part
}

/// How many findings are tried one by one, where not all can be fixed.
const MOST_ALONE: usize = 40;

/// Gives each fix of the findings its edits. A fix that can't be made is taken away.
pub fn place(
    findings: &mut [Finding],
    loaded: &Loaded,
    server: &Server,
    read: ReadFiles<'_>,
    is_right: &dyn Fn(&Loaded) -> bool,
) {
    let right = |changes: &[FixChange]| {
        made(loaded, changes, server, read).is_some_and(|(_, after)| is_right(&after))
    };
    let fixes = findings.iter().flat_map(|finding| &finding.fixes);
    let all: Vec<FixChange> = fixes.flat_map(|fix| fix.changes.clone()).collect();
    // If all of them together are right, so is each.
    let all_right = right(&all);
    let mut tried = 0;
    for finding in findings {
        for fix in &mut finding.fixes {
            tried += 1;
            if !all_right && (tried > MOST_ALONE || !right(&fix.changes)) {
                continue;
            }
            let edited = planned(loaded, &fix.changes, server)
                .and_then(|(edits, _)| yaml::edited(loaded, &edits).ok());
            fix.edits = edited.iter().flatten().flat_map(edits_between).collect();
        }
        finding.fixes.retain(|fix| !fix.edits.is_empty());
    }
}

/// The lines of a file that change.
fn edits_between(file: &EditedText) -> Vec<Edit> {
    let (old, new) = (&*file.before, file.after.as_str());
    // Most of the two is the same, at the beginning and at the end.
    let same = |pair: &(&str, &str)| pair.0 == pair.1;
    let length = |pair: (&str, &str)| pair.0.len();
    let (lines, others) = (old.split_inclusive('\n'), new.split_inclusive('\n'));
    let first: usize = lines.clone().zip(others.clone()).take_while(same).map(length).sum();
    let (old, new) = (old.get(first..).unwrap_or(""), new.get(first..).unwrap_or(""));
    let (lines, others) = (old.split_inclusive('\n').rev(), new.split_inclusive('\n').rev());
    let last: usize = lines.zip(others).take_while(same).map(length).sum();
    let middle = |text: &'_ str| text.get(..text.len() - last).unwrap_or("").to_owned();
    let (old, new) = (middle(old), middle(new));
    let diff = TextDiff::from_lines(old.as_str(), new.as_str());
    let starts = |text: &str| -> Vec<usize> {
        let mut at = 0;
        let ends = text.split_inclusive('\n').map(|line| {
            at += line.len();
            at
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (of_old, of_new) = (starts(&old), starts(&new));
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or_default();
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    let edits = changed.map(|op| {
        let (lines, others) = (op.old_range(), op.new_range());
        let (start, end) = (at(&of_old, lines.start), at(&of_old, lines.end));
        let text = new.get(at(&of_new, others.start)..at(&of_new, others.end));
        Edit {
            span: span(file.file, first + start, first + end),
            text: text.unwrap_or_default().to_owned(),
        }
    });
    edits.collect()
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span { file, start, end }
}

/// Makes a change. `None` if the schema doesn't have what it is about.
fn apply(schema: &mut Schema, change: &FixChange, defaults: &TableOptions) -> Option<()> {
    match change {
        FixChange::Remove(element) => {
            let table = schema.tables.get_mut(element.table_name()?)?;
            let (indexes, keys) = (table.indexes.len(), table.foreign_keys.len());
            match element {
                Element::Index { index, .. } => {
                    table.indexes.retain(|it| !same_name(&it.name, index));
                }
                Element::ForeignKey { foreign_key, .. } => {
                    table.foreign_keys.retain(|it| !same_name(&it.name, foreign_key));
                }
                _ => return None,
            }
            (table.indexes.len() + table.foreign_keys.len() < indexes + keys).then_some(())
        }
        FixChange::Column { table, column } => {
            let columns = &mut schema.tables.get_mut(table)?.columns;
            let own = columns.iter_mut().find(|it| it.name == column.name)?;
            own.clone_from(column);
            Some(())
        }
        FixChange::Charset { table, charset, collation } => {
            let tables = schema.tables.values_mut().map(|it| (&it.name, &mut it.options));
            let is_it = |name: &str, options: &TableOptions| match table {
                Some(table) => table == name,
                None => {
                    options.charset == defaults.charset && options.collation == defaults.collation
                }
            };
            for (name, options) in tables {
                if is_it(name, options) {
                    options.charset = Some(charset.clone());
                    options.collation = Some(collation.clone());
                }
            }
            Some(())
        }
    }
}

fn edits_of(
    before: &Schema,
    after: &Schema,
    change: &FixChange,
    (loaded, server): (&Loaded, &Server),
) -> Vec<ElementEdit> {
    let written = |schema: &Schema, element: &Element| {
        let table = schema.table(element.table_name()?)?;
        yaml::written_element(table, element, server)
    };
    let edit = |element: Element| ElementEdit {
        before: written(before, &element),
        after: written(after, &element),
        order: Vec::new(),
        moves: false,
        statement: None,
        of_defaults: false,
        element,
    };
    match change {
        FixChange::Remove(element) => vec![edit(element.clone())],
        // In full, since it may name a character set that its table names too.
        FixChange::Column { table, column } => {
            let element = Element::column(table, &column.name);
            let whole = |schema: &Schema| {
                let table = schema.table(table)?;
                Some(yaml::written_column(table, table.column(&column.name)?, server))
            };
            vec![ElementEdit { before: whole(before), after: whole(after), ..edit(element) }]
        }
        FixChange::Charset { table: Some(table), .. } => {
            ["charset", "collation"].map(|key| edit(Element::option(table, key))).to_vec()
        }
        FixChange::Charset { table: None, charset, collation } => {
            let defaults = &loaded.table_defaults;
            let of = |key: &str, old: &Option<String>, new: &str| {
                yaml::edit_of_default(key, old.as_deref(), new)
            };
            vec![
                of("charset", &defaults.charset, charset),
                of("collation", &defaults.collation, collation),
            ]
        }
    }
}

/// Makes as many of the fixes as can be made together: all, or else one after the other. Returns
/// the files, and the places of the findings that were fixed.
pub fn made_together(
    loaded: &Loaded,
    findings: &[Finding],
    server: &Server,
    read: ReadFiles<'_>,
    is_right: &dyn Fn(&Loaded, &[&Finding]) -> bool,
) -> (Vec<EditedText>, Vec<usize>) {
    let changes = |chosen: &[usize]| -> Vec<FixChange> {
        let fixes = chosen.iter().filter_map(|at| findings.get(*at)?.fixes.first());
        fixes.flat_map(|fix| fix.changes.clone()).collect()
    };
    let try_all = |chosen: &[usize]| {
        let (files, after) = made(loaded, &changes(chosen), server, read)?;
        let fixed: Vec<&Finding> = chosen.iter().filter_map(|at| findings.get(*at)).collect();
        is_right(&after, &fixed).then_some(files)
    };
    let has_fix = |(at, finding): (usize, &Finding)| (!finding.fixes.is_empty()).then_some(at);
    let all: Vec<usize> = findings.iter().enumerate().filter_map(has_fix).collect();
    if all.is_empty() {
        return (Vec::new(), all);
    }
    if let Some(files) = try_all(&all) {
        return (files, all);
    }
    let (mut files, mut chosen) = (Vec::new(), Vec::new());
    // Halves are tried, and halves of those that can't be fixed together with the others.
    let mut parts = vec![all];
    while let Some(part) = parts.pop() {
        let with: Vec<usize> = chosen.iter().chain(&part).copied().collect();
        if let Some(made) = try_all(&with) {
            (files, chosen) = (made, with);
        } else if let (first, last @ [_, ..]) = part.split_at(part.len() / 2)
            && !first.is_empty()
        {
            parts.extend([last.to_vec(), first.to_vec()]);
        }
    }
    (files, chosen)
}

/// Reads the schema file of a source again, with other texts.
pub fn reading_again(
    loaded: &Loaded,
) -> impl Fn(&BTreeMap<String, String>) -> Result<Loaded, yaml::Invalid> + use<> {
    let path = PathBuf::from(loaded.files.first_name().unwrap_or_default());
    move |texts| yaml::read_with(&path, texts)
}

/// The texts of a source by the names of their files.
pub fn texts_of(loaded: &Loaded) -> BTreeMap<String, String> {
    let files = loaded.files.all();
    files.map(|(_, file)| (file.name.clone(), file.text.to_string())).collect()
}
