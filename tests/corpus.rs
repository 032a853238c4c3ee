//! Schemas that were not made for this project, on real servers: a database that is pulled and made
//! again is the same, and one version becomes the next and goes back.
//!
//! The folder is `DRIFTLINE_CORPUS`, or `../shared/corpus` next to the project: `real/NAME.sql`,
//! `pairs/NAME/{old,new}.sql`, `cases/TOPIC/NAME/{current,desired}.sql`. It is not part of the
//! project; without it the tests are listed as ignored.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use driftline::diff::Change;
use driftline::model::Element;
use driftline::report::items;
use driftline::self_check::same_meaning;
use driftline::source::{Loaded, ReadOptions, dump, yaml};
use driftline::validation::validate;
use libtest_mimic::{Failed, Trial};
use support::objects::ShownObject;
use support::pipeline::{Planned, planned, read};
use support::quiet::expect_quiet;
use support::sameness::expect_one_schema;
use support::servers::{Database, TestServer, USUAL_SERVERS, run, servers};

/// The maximum number of rows in each table.
const ROWS: u64 = 200;

/// How often each thing happened, for each server.
type Tally = Arc<Mutex<BTreeMap<String, BTreeMap<&'static str, usize>>>>;

fn main() -> ExitCode {
    let servers = servers();
    let tally = Tally::default();
    let mut trials = Vec::new();
    for subject in subjects() {
        if servers.is_empty() {
            trials.extend(USUAL_SERVERS.map(|server| ignored(&subject.name, server)));
        }
        for server in &servers {
            let (subject, server, tally) = (subject.clone(), server.clone(), tally.clone());
            let name = format!("{} on {}", subject.name, server.name());
            trials.push(Trial::test(name, move || subject.test(&server, &tally)));
        }
    }
    if trials.is_empty() {
        trials.extend(USUAL_SERVERS.map(|server| ignored("corpus", server)));
    }
    let code = run(trials);
    print_tally(&tally);
    code
}

fn ignored(name: &str, server: &str) -> Trial {
    Trial::test(format!("{name} on {server}"), || Ok(())).with_ignored_flag(true)
}

fn print_tally(tally: &Tally) {
    for (server, counts) in tally.lock().unwrap().iter() {
        let counts: Vec<String> =
            counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        println!("{server}: {}", counts.join(", "));
    }
}

/// A schema of the corpus, or two of which one becomes the other.
#[derive(Debug, Clone)]
struct Subject {
    name: String,
    files: Vec<PathBuf>,
}

fn subjects() -> Vec<Subject> {
    let root = std::env::var_os("DRIFTLINE_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let mut subjects = Vec::new();
    for file in entries(&root.join("real")) {
        subjects.push(Subject::new(&root, &file.with_extension(""), vec![file.clone()]));
    }
    for folder in entries(&root.join("pairs")) {
        let files = vec![folder.join("old.sql"), folder.join("new.sql")];
        subjects.push(Subject::new(&root, &folder, files));
    }
    for topic in entries(&root.join("cases")) {
        for folder in entries(&topic) {
            let files = ["current.sql", "desired.sql"].map(|file| folder.join(file));
            let files = files.into_iter().filter(|file| file.is_file()).collect();
            subjects.push(Subject::new(&root, &folder, files));
        }
    }
    subjects
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

impl Subject {
    fn new(root: &Path, path: &Path, files: Vec<PathBuf>) -> Subject {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        Subject { name, files }
    }

    fn test(&self, server: &TestServer, tally: &Tally) -> Result<(), Failed> {
        let trial = Trying { server, tally, name: &self.name };
        let mut loaded = Vec::new();
        for file in &self.files {
            match trial.load(file)? {
                Some(database) => loaded.push(database),
                None => {
                    trial.count("files that the server refuses", 1);
                    return Ok(());
                }
            }
        }
        let mut found = Vec::new();
        for (file, database) in self.files.iter().zip(&loaded) {
            found.push(trial.read_as_dump(file, database)?);
        }
        match loaded.as_mut_slice() {
            [only] => found.first().map_or(Ok(()), |found| trial.make_again(only, found)),
            [old, new] => {
                let needs = format!("{}{}", old.needs, new.needs);
                old.needs.clone_from(&needs);
                new.needs = needs;
                match found.as_slice() {
                    [was, is] => trial.both_ways((old, was), (new, is)),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// A subject that is tried on a server.
struct Trying<'a> {
    server: &'a TestServer,
    tally: &'a Tally,
    name: &'a str,
}

impl Trying<'_> {
    fn count(&self, what: &'static str, number: usize) {
        let mut tally = self.tally.lock().unwrap();
        *tally.entry(self.server.name()).or_default().entry(what).or_default() += number;
    }

    /// A database with the file in it; `None` if the server refuses it with all settings. Old files
    /// need some of today's default checks switched off.
    fn load(&self, file: &Path) -> Result<Option<Database>, Failed> {
        let sql = String::from_utf8_lossy(&fs::read(file)?).into_owned();
        // Settings for the session that loads the file, and for one that makes its tables again.
        let mut settings = vec![
            ("", ""),
            ("SET foreign_key_checks=0;", ""),
            ("SET sql_mode='';", "SET sql_mode='';"),
            ("SET foreign_key_checks=0, sql_mode='';", "SET sql_mode='';"),
        ];
        if !self.server.is_mariadb() {
            let lax = "SET restrict_fk_on_non_standard_key=0;";
            settings.push(("SET foreign_key_checks=0, restrict_fk_on_non_standard_key=0;", lax));
        }
        for (setting, needs) in settings {
            let mut database = self.server.database(self.name)?;
            database.needs = needs.to_owned();
            if database.plain(&format!("{setting}\n{sql}")).is_ok() {
                return Ok(Some(database));
            }
        }
        Ok(None)
    }

    /// The plan for what a server accepted, which must have no validation errors.
    fn planned(&self, from: &Loaded, to: &Loaded) -> Result<Planned, String> {
        let planned = planned(from, to, &self.server.server)?;
        let comparison = &planned.comparison;
        let said = validate(&comparison.new, &comparison.to.schema, &self.server.server);
        if let Some(first) = said.iter().find(|it| !it.is_of_settings) {
            return Err(format!("the server took it: {} ({})", first.title, first.element));
        }
        Ok(planned)
    }

    /// Checks that the file read as a dump is the same as the database, and so is the server's own
    /// text.
    fn read_as_dump(&self, file: &Path, database: &Database) -> Result<Loaded, Failed> {
        let flavor = Some(self.server.server);
        let found = read(database)?;
        let options = ReadOptions { flavor, ..ReadOptions::default() };
        let from_file = dump::read(&dump::Input::File(file.to_owned()), &options)
            .map_err(|error| error.to_string())?;
        let left = self.planned(&found, &from_file)?;
        left.expect_nothing(&format!("{}: server to file", file.display()))?;
        expect_quiet(file, database, &found)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        self.count("files the same both ways", 1);
        // The same for what `pull` would write.
        let text = yaml::write(&found.schema, &yaml::WriteOptions::new(self.server.server));
        let pulled = yaml::read_text("what is pulled", &text)
            .map_err(|invalid| format!("what was pulled is invalid\n{invalid}"))?;
        expect_one_schema(database, &found, &pulled)?;
        Ok(found)
    }

    /// Pulls a database, makes another from the file, and compares the servers' own texts.
    fn make_again(&self, database: &Database, found: &Loaded) -> Result<(), Failed> {
        let text = yaml::write(&found.schema, &yaml::WriteOptions::new(self.server.server));
        let pulled = yaml::read_text("schema.yaml", &text)
            .map_err(|invalid| format!("what was pulled is invalid\n{invalid}"))?;
        self.planned(found, &pulled)?.expect_nothing("server to what was pulled")?;

        let mut again = self.server.database(self.name)?;
        again.needs.clone_from(&database.needs);
        again.run_as_printed(&self.planned(&read(&again)?, &pulled)?.script())?;
        let made = read(&again)?;
        let left = self.planned(&made, &pulled)?;
        left.expect_nothing("what was pulled to what was made of it")?;
        let left = self.planned(&made, found)?;
        let unequal: Vec<&str> =
            left.comparison.difference.changes.iter().filter_map(altered).collect();

        let texts: BTreeMap<String, String> = again.show_create()?.into_iter().collect();
        let mut different = Vec::new();
        for (table, original) in database.show_create()? {
            let is_modelled =
                found.schema.table(&table).is_some_and(|table| table.unsupported.is_empty());
            match texts.get(&table) {
                _ if !is_modelled => self.count("tables not modelled", 1),
                Some(text) if same_but_for_value(text, &original) => {
                    self.count("tables equal", 1);
                }
                Some(text)
                    if !unequal.contains(&table.as_str())
                        && same_meaning(text, &original, &self.server.server) =>
                {
                    self.count("tables equal except for spelling", 1);
                }
                text => {
                    self.count("tables DIFFERENT", 1);
                    let text = text.map_or("not there", String::as_str);
                    different.push(format!("{original}\nbecame\n{text}"));
                }
            }
        }
        self.objects_again(database, &again, &left, &mut different)?;
        if different.is_empty() { Ok(()) } else { Err(different.join("\n\n").into()) }
    }

    /// The same for all other objects.
    fn objects_again(
        &self,
        database: &Database,
        again: &Database,
        left: &Planned,
        different: &mut Vec<String>,
    ) -> Result<(), Failed> {
        let key = |it: &ShownObject| (it.kind.clone(), it.name.clone());
        let made: BTreeMap<_, _> =
            again.show_objects()?.into_iter().map(|it| (key(&it), it)).collect();
        for original in database.show_objects()? {
            let is_about = |element: &Element| match element {
                Element::Object { kind, name } => {
                    kind.noun().eq_ignore_ascii_case(&original.kind) && *name == original.name
                }
                _ => false,
            };
            let items = items(&left.comparison.difference, &self.server.server);
            let is_unequal = items.iter().any(|item| is_about(&item.element));
            let unsupported = left.comparison.difference.unsupported.iter();
            let is_modelled = !unsupported.clone().any(|it| it.name == original.name);
            match made.get(&key(&original)) {
                _ if !is_modelled => self.count("objects not modelled", 1),
                Some(it) if it.text == original.text => self.count("objects equal", 1),
                Some(_) if !is_unequal => self.count("objects equal except for spelling", 1),
                it => {
                    self.count("objects DIFFERENT", 1);
                    let text = it.map_or("not there", |it| it.text.as_str());
                    different.push(format!("{}\nbecame\n{text}", original.text));
                }
            }
        }
        Ok(())
    }

    /// Turns the old schema into the new one and back, and the new one into the old one and back.
    fn both_ways(
        &self,
        (old, old_schema): (&Database, &Loaded),
        (new, new_schema): (&Database, &Loaded),
    ) -> Result<(), Failed> {
        self.there_and_back(old, old_schema, new_schema)
            .map_err(|error| format!("old to new: {}", message(&error)))?;
        self.there_and_back(new, new_schema, old_schema)
            .map_err(|error| format!("new to old: {}", message(&error)))?;
        Ok(())
    }

    fn there_and_back(&self, at: &Database, from: &Loaded, to: &Loaded) -> Result<(), Failed> {
        let forward = self.planned(from, to)?;
        if !forward.comparison.difference.uncertain.is_empty() {
            // The commands say the same, with both texts.
            self.count("schemas with texts that can't be compared", 1);
            return Ok(());
        }
        at.run_as_printed(&forward.script())?;
        self.planned(&read(at)?, to)?.expect_nothing("the difference after the plan")?;
        self.count("upgrades and downgrades", 1);
        if forward.irreversible().is_some() {
            self.count("of them without a reverse", 1);
            return Ok(());
        }
        at.run_as_printed(&forward.reverse_script())
            .map_err(|error| format!("the reverse: {}", message(&error)))?;
        self.planned(&read(at)?, from)?.expect_nothing("the difference after the reverse")?;
        let rows = forward
            .with_rows(at, ROWS)
            .map_err(|error| format!("with rows: {}", message(&error)))?;
        self.count("runs with rows", 1);
        self.count("tables filled", rows.filled);
        self.count("tables that take no generated row", rows.without);
        self.count("plans that rows stop, as a risk says", usize::from(rows.stopped));
        self.count("ways back that rows stop, as a risk says", usize::from(rows.stopped_back));
        Ok(())
    }
}

fn altered(change: &Change) -> Option<&str> {
    match change {
        Change::AlterTable { to, .. } => Some(&to.name),
        Change::CreateTable(table) | Change::DropTable(table) => Some(&table.name),
        Change::RenameTable { to, .. } => Some(to),
        Change::CreateObject(_) | Change::DropObject(_) | Change::ChangeObject { .. } => None,
    }
}

/// Whether two texts are the same except for the next AUTO_INCREMENT value, which is not part of a
/// schema.
fn same_but_for_value(a: &str, b: &str) -> bool {
    support::show_create::without_auto_increment(a)
        == support::show_create::without_auto_increment(b)
}

fn message(failed: &Failed) -> String {
    failed.message().unwrap_or("no message").to_owned()
}
