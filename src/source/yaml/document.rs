//! Reads a whole file, with the files that it includes, into one schema.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::comments::{self, IgnoreComment, read_comments};
use super::include;
use super::keys::FILE;
use super::node::{self, Value, YamlNode};
use super::object::{self, ReadObject, ReadingContext};
use super::reading::{KeyValue, Reading, Report};
use super::settings::{
    TableDefaults, apply_defaults, read_compare, read_defaults, read_ignore, read_migrations,
    read_rules, read_server,
};
use super::table::{self, ReadTable};
use super::waivers::read_waivers;
use super::{Invalid, foreign_key, validate, validate_objects};
use crate::diagnostic::{FileId, Files, Span, in_order};
use crate::model::{ObjectKind, Schema};
use crate::server::Server;
use crate::source::root::{Purpose, Root};
use crate::source::{Loaded, MigrationList, Settings, Waiver};

/// Whether definers are compared.
pub(super) const DEFINERS: &[(&str, bool)] = &[("ignore", false), ("compare", true)];

/// What has been read so far, from all files.
#[derive(Default)]
pub(super) struct Document {
    files: Files,
    report: Report,
    server: Option<Server>,
    settings: Settings,
    waivers: Vec<Waiver>,
    comments: Vec<IgnoreComment>,
    migrations: Option<MigrationList>,
    defaults: TableDefaults,
    tables: Vec<ReadTable>,
    names: HashMap<String, Span>,
    objects: Vec<ReadObject>,
    /// The files that are being read; each is included by the one before it.
    open: Vec<PathBuf>,
    done: HashSet<PathBuf>,
    /// The folder of the main file; `None` for a text that isn't a file.
    root: Option<Root>,
    /// The texts that are read instead of files, by the names of those.
    texts: BTreeMap<String, String>,
}

/// A file to include, and the place of its include.
struct Include {
    pattern: String,
    span: Span,
}

/// Reads the file at a path and all that it includes.
pub(super) fn read(path: &Path) -> Result<Loaded, Invalid> {
    read_with(path, &BTreeMap::new())
}

/// The same with other texts for the files of these names.
pub(super) fn read_with(path: &Path, texts: &BTreeMap<String, String>) -> Result<Loaded, Invalid> {
    let root = Some(Root::of(path));
    let mut document = Document { root, texts: texts.clone(), ..Document::default() };
    document.read_file(path, None);
    document.finish(path.display().to_string())
}

/// Reads a text that can't include files.
pub(super) fn read_text(name: &str, text: &str) -> Result<Loaded, Invalid> {
    let mut document = Document::default();
    for include in document.read_one(name, None, text, true) {
        document.report.error(
            "a text that isn't a file can't include files",
            include.span,
            "relative to what?",
        );
    }
    document.finish(name.to_owned())
}

impl Document {
    /// Reads a file and what it includes; `from` is the place of its include.
    fn read_file(&mut self, path: &Path, from: Option<Span>) {
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.open.contains(&identity) {
            if let Some(span) = from {
                let title = format!("`{}` includes itself", path.display());
                self.report.error(title, span, "a file can't be part of itself");
            }
            return;
        }
        if !self.done.insert(identity.clone()) {
            return;
        }
        let Some(text) = self.load(path, from) else { return };
        self.open.push(identity);
        let name = path.display().to_string();
        for include in self.read_one(&name, Some(path), &text, from.is_none()) {
            let Some(root) = &self.root else { continue };
            match include::matching(path, &include.pattern, root) {
                Ok(files) => {
                    files.iter().for_each(|file| self.read_file(file, Some(include.span)));
                }
                Err(problem) => {
                    self.report.error(problem, include.span, "");
                }
            }
        }
        self.open.pop();
    }

    /// The text of a file. `None` after an error was reported.
    fn load(&mut self, path: &Path, from: Option<Span>) -> Option<String> {
        if let Some(text) = self.texts.get(&path.display().to_string()) {
            return Some(text.clone());
        }
        let text = match (&self.root, from) {
            (Some(root), Some(_)) => include::load_named(path, root, Purpose::Include),
            _ => include::load(path),
        };
        match text {
            Ok(text) => Some(text),
            Err(problem) => {
                let diagnostic = problem.diagnostic(path, &mut self.files, from);
                self.report.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// Reports conflict markers of a merge; returns whether there are any.
    fn report_conflicts(&mut self, text: &str, file: FileId) -> bool {
        let mut start = 0;
        let mut found = false;
        for line in text.split_inclusive('\n') {
            if ["<<<<<<< ", "||||||| ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) {
                let span = Span { file, start, end: start + line.trim_end().len() };
                let title = "this is the mark of a merge that isn't finished";
                self.report
                    .error(title, span, "")
                    .help
                    .push("resolve the conflict first".to_owned());
                found = true;
            }
            start += line.len();
        }
        found
    }

    /// Reads one text and returns its includes.
    fn read_one(
        &mut self,
        name: &str,
        path: Option<&Path>,
        text: &str,
        root: bool,
    ) -> Vec<Include> {
        let text: Arc<str> = Arc::from(text.strip_prefix('\u{feff}').unwrap_or(text));
        let file = self.files.add(name, Arc::clone(&text));
        let mut includes = Vec::new();
        match node::parse(&text) {
            _ if self.report_conflicts(&text, file) => {}
            Ok(node) => {
                self.read_node(file, path, &text, &node, root, &mut includes);
                self.report.places.set_values(file, node.value_texts());
                self.comments.extend(read_comments(&text, file, &mut self.report));
            }
            Err(error) => {
                let end = error.at + text[error.at..].chars().next().map_or(0, char::len_utf8);
                let span = Span { file, start: error.at, end };
                self.report.error(error.title, span, error.label).help.extend(error.help);
            }
        }
        includes
    }

    fn read_node(
        &mut self,
        file: FileId,
        path: Option<&Path>,
        text: &str,
        node: &YamlNode<'_>,
        root: bool,
        includes: &mut Vec<Include>,
    ) {
        let start = Span { file, start: node.start, end: node.end };
        let Value::Mapping(entries) = &node.value else {
            let (title, end) = match &node.value {
                Value::Null => ("the file is empty".to_owned(), 0),
                other => {
                    (format!("a schema file is a map, and this is {}", other.noun()), node.end)
                }
            };
            let place = Span { file, start: node.start.min(end), end };
            self.report.error(title, place, "").help.push(
                "it begins with `tables:`; `driftline pull` writes it from a database".into(),
            );
            return;
        };
        let mut reading = Reading { file, text, report: &mut self.report };
        reading.duplicate_keys(node);
        let mut has_tables = false;
        // The server comes first, because it decides how the SQL of objects is read.
        let server = entries.iter().map(KeyValue::from).find(|field| field.word() == "server");
        if let (Some(field), true) = (server, root) {
            self.server = read_server(&mut reading, field);
        }
        for field in entries.iter().map(KeyValue::from) {
            if let Some(kind) = object::kind_of_section(field.word()) {
                has_tables = true;
                self.read_objects(file, path, text, kind, field);
                continue;
            }
            let mut reading = Reading { file, text, report: &mut self.report };
            match field.word() {
                "tables" => {
                    has_tables = true;
                    self.read_tables(file, text, field);
                }
                "include" => read_includes(&mut reading, field, includes),
                "server" | "defaults" | "ignore" | "compare" | "rules" | "waivers" | "definer"
                | "migrations"
                    if !root =>
                {
                    let span = reading.span(field.key);
                    let title = format!("`{}` is allowed only in the main file", field.word());
                    reading.error(title, span, "this file is included by another");
                }
                "server" => {}
                "defaults" => self.defaults = read_defaults(&mut reading, field),
                "ignore" => read_ignore(&mut reading, field, &mut self.settings),
                "compare" => self.settings.compare = read_compare(&mut reading, field),
                "definer" => {
                    self.settings.compare_definers =
                        reading.choice(field, DEFINERS).unwrap_or_default();
                }
                "migrations" => self.migrations = Some(read_migrations(&mut reading, field)),
                "waivers" => self.waivers = read_waivers(&mut reading, field),
                "rules" => read_rules(&mut reading, field, &mut self.settings),
                word if word.starts_with("x-") => {}
                _ => reading.unknown_key(field, &FILE),
            }
        }
        if !has_tables && !entries.iter().any(|entry| KeyValue::from(entry).word() == "include") {
            let span = Span { start: start.start, end: start.start, ..start };
            self.report
                .error("the file has no `tables`", span, "")
                .help
                .push("`tables: {}` says that there are none".to_owned());
        }
    }

    fn read_tables(&mut self, file: FileId, text: &str, field: KeyValue<'_>) {
        let mut reading = Reading { file, text, report: &mut self.report };
        if matches!(field.value.value, Value::Null) {
            reading
                .expected(field, "a map")
                .help
                .push("`tables: {}` says that there are none".to_owned());
            return;
        }
        for field in reading.fields(field).unwrap_or_default() {
            let Some(read) = table::read(&mut reading, field) else { continue };
            match self.names.get(&read.table.name) {
                // A duplicate within one file was reported as a duplicate key.
                Some(first) => {
                    let title = format!("the table `{}` is there twice", read.table.name);
                    reading.error(title, read.key, "again").also(*first, "first here");
                }
                None => {
                    self.names.insert(read.table.name.clone(), read.key);
                    self.tables.push(read);
                }
            }
        }
    }

    fn read_objects(
        &mut self,
        file: FileId,
        path: Option<&Path>,
        text: &str,
        kind: ObjectKind,
        field: KeyValue<'_>,
    ) {
        let Document { files, report, server, objects, root, .. } = self;
        let mut reading = Reading { file, text, report };
        let mut surroundings = ReadingContext { path, root: root.as_ref(), files, server: *server };
        for field in reading.fields(field).unwrap_or_default() {
            objects.extend(object::read(&mut reading, &mut surroundings, kind, field));
        }
    }

    /// Applies the defaults, validates the whole, and returns the result.
    fn finish(mut self, label: String) -> Result<Loaded, Invalid> {
        for read in &mut self.tables {
            apply_defaults(&mut read.table, &self.defaults, &mut self.report);
            read.resolve_binary();
            read.resolve_versioning();
        }
        foreign_key::resolve(&mut self.tables);
        validate_objects::validate(&self.objects, &self.tables, &self.settings, &mut self.report);
        validate::validate(&self.tables, &self.settings, self.server, &mut self.report);
        let comments = comments::waivers(self.comments, &self.files, &mut self.report);
        self.waivers.extend(comments);
        if !self.report.diagnostics.is_empty() {
            let diagnostics = in_order(self.report.diagnostics);
            return Err(Invalid { diagnostics, files: self.files });
        }
        let mut schema = Schema::default();
        for read in self.tables {
            schema.insert(read.table);
        }
        for read in self.objects {
            schema.objects.insert(read.object.name(), read.object);
        }
        Ok(Loaded {
            label,
            schema,
            server: self.server,
            files: self.files,
            places: self.report.places,
            uniques_of_primary_keys: self.report.uniques_of_primary_keys,
            settings: self.settings,
            waivers: self.waivers,
            migrations: self.migrations,
            table_defaults: self.defaults.options(),
            is_declared: true,
            ..Loaded::default()
        })
    }
}

fn read_includes(reading: &mut Reading<'_, '_>, field: KeyValue<'_>, includes: &mut Vec<Include>) {
    for item in reading.items(field).unwrap_or_default() {
        let span = reading.span(item);
        match &item.value {
            Value::String(pattern) => {
                includes.push(Include { pattern: pattern.as_ref().to_owned(), span });
            }
            other => {
                let label = other.label();
                reading.error("`include` is a list of paths", span, label);
            }
        }
    }
}
