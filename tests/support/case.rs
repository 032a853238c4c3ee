//! A case: two texts of schema.yaml, the first of which becomes the second.
//! `tests/cases/<topic>/<case>.yaml`.

use std::fs;
use std::path::{Path, PathBuf};

use driftline::server::{Server, Vendor};
use driftline::source::{Loaded, yaml};
use serde::Deserialize;

/// The servers in a snapshot.
const FLAVORS: &[&str] = &["mysql:9.7", "mariadb:10.11", "mariadb:11.8"];

/// The servers for cases about versions.
const VERSIONS: &[&str] = &[
    "mysql:8.0.11",
    "mysql:8.0.15",
    "mysql:8.0.18",
    "mysql:8.0.19",
    "mysql:8.0.28",
    "mysql:8.4",
    "mysql:9.7",
    "mariadb:10.6",
    "mariadb:10.11",
    "mariadb:11.4",
    "mariadb:11.8",
];

/// The keys of a case's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `topic/case`
    #[serde(skip)]
    pub name: String,
    /// What the case is about.
    pub why: String,
    /// The servers for which it makes sense: `mysql`, `mariadb`, `mariadb:11` (that version and
    /// later). All if left out.
    #[serde(default)]
    pub server: Vec<String>,
    /// The old schema.yaml; an empty database if left out.
    pub before: Option<String>,
    /// The new schema.yaml; an empty database if left out.
    pub after: Option<String>,
    /// SQL that inserts rows into the old database.
    pub data: Option<String>,
    /// A query on the new database.
    pub query: Option<String>,
    /// The query's result, which proves that the rows are still there.
    pub gives: Option<String>,
    /// Whether nothing differs.
    #[serde(default)]
    pub same: bool,
}

/// Every case, by name.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    for topic in sorted(&root) {
        if topic.is_dir() {
            files.extend(sorted(&topic).into_iter().filter(|file| is_yaml(file)));
        }
    }
    files.iter().map(|file| Case::read(&root, file)).collect()
}

fn is_yaml(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "yaml")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    entries
}

impl Case {
    fn read(root: &Path, file: &Path) -> Case {
        let text = fs::read_to_string(file).unwrap();
        let mut case: Case = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.strip_prefix(root).unwrap().with_extension("");
        case.name = name.to_string_lossy().into_owned();
        case
    }

    /// The topic: the folder that the case is in.
    pub fn topic(&self) -> &str {
        self.name.split_once('/').map_or("", |(topic, _)| topic)
    }

    /// The case's own name, without the topic.
    pub fn short_name(&self) -> &str {
        self.name.rsplit_once('/').map_or(&self.name, |(_, name)| name)
    }

    /// The servers for which it is planned.
    pub fn servers(&self) -> impl Iterator<Item = (&'static str, Server)> {
        let flavors = if self.topic() == "versions" { VERSIONS } else { FLAVORS };
        let servers = flavors.iter().map(|flavor| (*flavor, flavor.parse().unwrap()));
        servers.filter(|(_, server)| self.is_for(server))
    }

    /// Whether the case makes sense for a server.
    pub fn is_for(&self, server: &Server) -> bool {
        self.server.is_empty() || self.server.iter().any(|selector| selects(selector, server))
    }

    /// The old schema.
    pub fn before(&self) -> Result<Loaded, String> {
        self.source("before", self.before.as_deref())
    }

    /// The new schema.
    pub fn after(&self) -> Result<Loaded, String> {
        self.source("after", self.after.as_deref())
    }

    fn source(&self, which: &str, text: Option<&str>) -> Result<Loaded, String> {
        match text {
            Some(text) => yaml::read_text(which, text)
                .map_err(|invalid| format!("{} {which}\n{invalid}", self.name)),
            None => Ok(Loaded { label: format!("{which}: nothing"), ..Loaded::default() }),
        }
    }
}

/// Whether a selector, as in [`Case::server`], matches a server.
pub fn selects(selector: &str, server: &Server) -> bool {
    let (vendor, version) = selector.split_once(':').unwrap_or((selector, "0"));
    let is_vendor = match vendor {
        "mysql" => server.vendor == Vendor::MySql,
        "mariadb" => server.vendor == Vendor::MariaDb,
        _ => panic!("`{selector}` is no server of a case: mysql, mariadb or mariadb:11.8"),
    };
    // A version without its last number would be the newest one.
    let first = if version.matches('.').count() == 1 { ".0" } else { "" };
    let least = Server::from_version_string(&format!("{version}{first}")).unwrap().version;
    is_vendor && server.version >= least
}
