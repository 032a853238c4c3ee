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
    let mut wanted = loaded.schema.clone();
    let mut edits = Vec::new();
    for change in changes {
        let before = wanted.clone();
        apply(&mut wanted, change, &loaded.table_defaults)?;
        edits.extend(edits_of(&before, &wanted, change, (loaded, server)));
    }
    let (files, after) = yaml::edit(loaded, &edits, read).ok()?;
    (after.schema == wanted).then_some((files, after))
}

/// Gives each fix of the findings its edits. A fix that can't be made is taken away.
pub fn place(
    findings: &mut [Finding],
    loaded: &Loaded,
    server: &Server,
    read: ReadFiles<'_>,
    is_right: &dyn Fn(&Loaded) -> bool,
) {
    for finding in findings {
        for fix in &mut finding.fixes {
            let made = made(loaded, &fix.changes, server, read);
            let made = made.filter(|(_, after)| is_right(after));
            fix.edits = made
                .map_or(Vec::new(), |(files, _)| files.iter().flat_map(edits_between).collect());
        }
        finding.fixes.retain(|fix| !fix.edits.is_empty());
    }
}

/// The lines of a file that change.
fn edits_between(file: &EditedText) -> Vec<Edit> {
    let diff = TextDiff::from_lines(&*file.before, &file.after);
    let starts = |lines: &mut dyn Iterator<Item = &str>| -> Vec<usize> {
        let mut at = 0;
        let mut starts = vec![0];
        for line in lines {
            at += line.len();
            starts.push(at);
        }
        starts
    };
    let old = starts(&mut file.before.split_inclusive('\n'));
    let new = starts(&mut file.after.split_inclusive('\n'));
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or_default();
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    let edits = changed.map(|op| {
        let (of_old, of_new) = (op.old_range(), op.new_range());
        let span = span(file.file, at(&old, of_old.start), at(&old, of_old.end));
        let text = file.after.get(at(&new, of_new.start)..at(&new, of_new.end));
        Edit { span, text: text.unwrap_or_default().to_owned() }
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
    for at in all {
        chosen.push(at);
        match try_all(&chosen) {
            Some(made) => files = made,
            None => {
                chosen.pop();
            }
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
