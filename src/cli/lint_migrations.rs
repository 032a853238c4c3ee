//! The rules over migrations: what each statement of a file does to the schema before it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::arguments::LintArguments;
use super::error::{CommandError, Result, bail};
use super::lint::Linted;
use super::open::{LOCK_FILE, Location, read_alone, read_yaml};
use super::waiving::marked;
use crate::diagnostic::{Diagnostic, Files};
use crate::engine::{EngineError, Timeline, review_file};
use crate::finding::Finding;
use crate::lint::{ReverseFile, ReviewedMigration, lint_migration};
use crate::migration::{
    AllowedRisk, DOWN, MigrationFile, MigrationFolder, UP, holds_migrations, line_span,
};
use crate::report::count;
use crate::server::Server;
use crate::source::{Loaded, Settings, Waiver};

/// What is said of several sources that aren't all migrations.
pub(super) const SEVERAL: &str = "of several sources each has to be a migration: a file that ends in .up.sql, or a folder of them";

/// The migrations that were typed.
pub(super) struct Migrations {
    /// Files, and folders of files.
    paths: Vec<PathBuf>,
    /// The schema before them.
    before: Option<String>,
}

impl Migrations {
    /// The migrations among what was typed; `None` if it is a schema. With `before` each file is
    /// one.
    pub(super) fn of(typed: &[String], before: Option<&str>) -> Result<Option<Migrations>> {
        let is_one = |text: &&String| {
            let path = Path::new(text.as_str());
            let is_file = before.is_some() && path.is_file();
            is_file || text.ends_with(UP) || text.ends_with(DOWN) || holds_migrations(path)
        };
        let number = typed.iter().filter(is_one).count();
        if number < typed.len() && (number > 0 || before.is_some()) {
            bail!("{SEVERAL}");
        }
        if number == 0 {
            return Ok(None);
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for text in typed {
            let path = match text.strip_suffix(DOWN) {
                Some(name) => PathBuf::from(format!("{name}{UP}")),
                None => PathBuf::from(text),
            };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        Ok(Some(Migrations { paths, before: before.map(str::to_owned) }))
    }

    /// What the rules find in them.
    pub(super) fn lint(&self, args: &LintArguments) -> Result<Linted> {
        let mut linting = Linting::of(args)?;
        match &self.before {
            Some(before) => linting.over_source(before, &self.paths, args)?,
            None => linting.over_folders(&self.paths)?,
        }
        Ok(linting.finish(self.label()))
    }

    fn label(&self) -> String {
        let label = match self.paths.as_slice() {
            [one] => one.as_path(),
            several => several.first().map_or(Path::new(""), |it| folder_of(it)),
        };
        label.display().to_string()
    }
}

/// The folder of a file; a folder is its own.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        _ if path.is_dir() => path,
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Migrations whose rules are being checked.
struct Linting {
    flavor: Option<Server>,
    /// What schema.yaml says, if there is one.
    declared: Option<(Option<Server>, Settings)>,
    waivers: Vec<Waiver>,
    server: Server,
    files: Files,
    notes: Vec<Diagnostic>,
    findings: Vec<Finding>,
    number: usize,
}

impl Linting {
    fn of(args: &LintArguments) -> Result<Linting> {
        let path = args.desired.schema.path();
        let declared = match path.is_file() || args.desired.schema.typed.is_some() {
            true => Some(read_yaml(&path)?),
            false => None,
        };
        let waivers = declared.as_ref().map(|loaded| loaded.waivers.clone());
        Ok(Linting {
            waivers: waivers.unwrap_or_default(),
            flavor: args.desired.flavor.server,
            declared: declared.map(|loaded| (loaded.server, loaded.settings)),
            server: Server::ASSUMED,
            files: Files::default(),
            notes: Vec::new(),
            findings: Vec::new(),
            number: 0,
        })
    }

    /// The server for which the files are. `stated` is what is known of it besides.
    fn server_for(&mut self, stated: Option<Server>) -> Server {
        let declared = self.declared.as_ref().and_then(|(server, _)| *server);
        self.server = self.flavor.or(stated).or(declared).unwrap_or_else(|| {
            self.notes.push(Diagnostic::note(format!(
                "nothing names the server: the files are read as {} does; --flavor names another",
                Server::ASSUMED
            )));
            Server::ASSUMED
        });
        self.server
    }

    /// Checks files, one after the other, over a source.
    fn over_source(&mut self, before: &str, paths: &[PathBuf], args: &LintArguments) -> Result<()> {
        let location = Location::parse(before, &args.desired.lookup())?;
        let loaded = location.read(&read_alone(self.flavor))?;
        let settings = self.settings(&loaded);
        let server = self.server_for(loaded.server);
        let schema = loaded.read_as(server).schema;
        let mut timeline = Timeline::from_schema(schema, server, Settings::default());
        for path in paths {
            if path.is_dir() {
                for migration in MigrationFolder::read(path)?.migrations {
                    let reverse = reverse_of(migration.down.as_ref(), false);
                    self.review(&migration.up, reverse, &mut timeline, &settings)?;
                }
                continue;
            }
            let file = MigrationFile::read(path)?;
            let name = path.to_string_lossy();
            let down = name.strip_suffix(UP).map(|name| PathBuf::from(format!("{name}{DOWN}")));
            let down = match down.filter(|down| down.is_file()) {
                Some(down) => Some(MigrationFile::read(&down)?),
                None => None,
            };
            self.review(&file, reverse_of(down.as_ref(), false), &mut timeline, &settings)?;
        }
        Ok(())
    }

    /// Checks files, each over what the files before it in its folder give.
    fn over_folders(&mut self, paths: &[PathBuf]) -> Result<()> {
        let mut folders: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
        for path in paths {
            folders.entry(folder_of(path)).or_default().push(path);
        }
        folders.into_iter().try_for_each(|(folder, paths)| self.over_folder(folder, &paths))
    }

    fn over_folder(&mut self, folder: &Path, paths: &[&Path]) -> Result<()> {
        let lock = folder.join(LOCK_FILE);
        let locked = if lock.is_file() { read_yaml(&lock)? } else { Loaded::default() };
        let settings = self.settings(&locked);
        let server = self.server_for(locked.server);
        let migrations = MigrationFolder::read(folder)?.migrations;
        let is_in = |path: &Path| {
            path == folder || migrations.iter().any(|it| it.up.path.file_name() == path.file_name())
        };
        if let Some(path) = paths.iter().find(|path| !is_in(path)) {
            if !path.is_file() {
                bail!("there is no {}", path.display());
            }
            bail!(
                "{} begins with no version (14 digits), so nothing says what was before it: name \
                 that with --before SOURCE",
                path.display()
            );
        }
        let wanted = |file: &MigrationFile| {
            paths.iter().any(|path| *path == folder || path.file_name() == file.path.file_name())
        };
        let Some(last) = migrations.iter().rposition(|it| wanted(&it.up)) else { return Ok(()) };
        let have_reverses = migrations.iter().any(|it| it.down.is_some());
        let mut timeline = Timeline::new(server, Settings::default());
        for migration in &migrations[..=last] {
            let up = &migration.up;
            if wanted(up) {
                let is_expected = have_reverses && !up.script.is_baseline;
                let reverse = reverse_of(migration.down.as_ref(), is_expected);
                self.review(up, reverse, &mut timeline, &settings)?;
            } else {
                let carried_out = timeline.run_file(up, None);
                carried_out.map_err(|error| unknown_before(error, up))?;
            }
        }
        Ok(())
    }

    /// The settings of schema.yaml; without it, those of the source.
    fn settings(&self, source: &Loaded) -> Settings {
        let declared = self.declared.as_ref().map(|(_, settings)| settings);
        declared.unwrap_or(&source.settings).clone()
    }

    fn review(
        &mut self,
        file: &MigrationFile,
        reverse: ReverseFile,
        timeline: &mut Timeline,
        settings: &Settings,
    ) -> Result<()> {
        let id = self.files.add(shown(&file.path), file.text.as_str());
        let reviewed = review_file(file, id, timeline, self.server);
        let name = file.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let migration = ReviewedMigration {
            name: name.strip_suffix(UP).unwrap_or(&name).to_owned(),
            allows: file.script.allows.iter().filter_map(|it| AllowedRisk::parse(it)).collect(),
            statements: reviewed.map_err(|error| unknown_before(error, file))?,
            reverse,
        };
        self.findings.extend(lint_migration(&migration, settings));
        self.number += 1;
        Ok(())
    }

    fn finish(self, label: String) -> Linted {
        let contents = count(self.number, "migration", "migrations");
        let (files, notes) = (self.files, self.notes);
        let loaded = Loaded { label, files, notes, ..Loaded::default() };
        let findings = marked(self.findings, &self.waivers);
        Linted { loaded, server: self.server, contents, findings, since: None }
    }
}

/// A path as it was typed, without the folder that is looked at if none was.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// What is known of the file that undoes a migration. `is_expected` says whether there should be
/// one.
fn reverse_of(down: Option<&MigrationFile>, is_expected: bool) -> ReverseFile {
    let Some(down) = down else {
        return if is_expected { ReverseFile::Missing } else { ReverseFile::None };
    };
    let impossible = down.script.undoes.iter().filter_map(|undo| {
        let why = undo.impossible.as_ref()?;
        Some(undo.numbers.iter().map(|number| (*number, why.clone())))
    });
    ReverseFile::There { impossible: impossible.flatten().collect() }
}

/// A statement that can't be carried out on the schema before it, at its place.
fn unknown_before(error: EngineError, file: &MigrationFile) -> CommandError {
    let EngineError::File { line, message, .. } = error else {
        return CommandError::Other(anyhow::anyhow!("{error}"));
    };
    let mut files = Files::default();
    let id = files.add(shown(&file.path), file.text.as_str());
    let help = "if the files don't begin with an empty database: --before SOURCE names what was \
                before them";
    let diagnostic =
        Diagnostic::without_place(message).at(line_span(id, &file.text, line), "").with_help(help);
    CommandError::Invalid { diagnostics: vec![diagnostic], files }
}
