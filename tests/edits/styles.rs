//! Files as people write them: comments, styles, anchors, several files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use driftline::compare::Comparison;
use driftline::server::Server;
use driftline::source::Loaded;
use driftline::source::yaml;
use driftline::take_in::{differing, take_in};
use serde::Deserialize;

use crate::{as_database, words};

/// A file, and the database that it is compared with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Style {
    /// What it is about.
    why: String,
    /// The server.
    #[serde(default)]
    server: Option<String>,
    /// schema.yaml.
    file: String,
    /// Other files, by their names.
    #[serde(default)]
    others: BTreeMap<String, String>,
    /// What the database has, as a schema.yaml.
    database: String,
    /// The elements that are taken in; all if left out.
    #[serde(default)]
    elements: Vec<String>,
}

#[test]
fn files_keep_their_style() {
    insta::glob!("styles/*.yaml", |path| {
        let style: Style = serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        insta::with_settings!({ description => style.why.trim(), omit_expression => true }, {
            insta::assert_snapshot!(shown(&style));
        });
    });
}

/// The same with the line ends of Windows, without a line end at the end, and with four spaces.
#[test]
fn line_ends_do_not_matter() {
    insta::glob!("styles/*.yaml", |path| {
        let style: Style = serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let (Ok(plain), all) = (result(&style), |it: &str| it.replace('\n', "\r\n")) else {
            return;
        };
        let others = style.others.iter().map(|(name, text)| (name.clone(), all(text)));
        let windows =
            Style { file: all(&style.file), others: others.collect(), ..read_again(path) };
        let windows = result(&windows).unwrap();
        for (name, text) in &plain {
            assert_eq!(windows.get(name), Some(&all(text)), "{}", path.display());
        }
        let open = Style { file: style.file.trim_end().to_owned(), ..read_again(path) };
        for (name, text) in result(&open).unwrap() {
            let wanted = plain.get(&name).unwrap();
            let wanted = if name == "schema.yaml" { wanted.trim_end() } else { wanted };
            assert_eq!(text, wanted, "{}", path.display());
        }
    });
}

fn read_again(path: &Path) -> Style {
    serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The files after the elements were taken in, by their names.
fn result(style: &Style) -> Result<BTreeMap<String, String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let all = || style.others.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    for (name, text) in all().chain([("schema.yaml", style.file.as_str())]) {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::write(at(name), text).unwrap();
    }
    let server: Server = style.server.as_deref().unwrap_or("mysql:8.4").parse().unwrap();
    let database = yaml::read_text("database", &style.database).unwrap();
    let database = as_database(&database, server);
    let path = at("schema.yaml");
    let read = |texts: &BTreeMap<String, String>| yaml::read_with(&path, texts);
    let file: Loaded = read(&BTreeMap::new()).map_err(|invalid| invalid.to_string())?;
    let comparison = Comparison::new(database, file, Some(server)).unwrap();
    let elements = differing(&comparison);
    for name in &style.elements {
        let names: Vec<String> = elements.iter().map(ToString::to_string).collect();
        assert!(names.contains(name), "{name} isn't among {names:?}");
    }
    let wanted = |element: &driftline::model::Element| {
        style.elements.is_empty() || style.elements.contains(&element.to_string())
    };
    let taken = take_in(comparison, Some(server), &wanted, &read).map_err(|not| words(&not))?;
    let name = |path: &str| {
        let own = Path::new(path).strip_prefix(folder.path()).unwrap();
        own.display().to_string()
    };
    Ok(taken.files.into_iter().map(|it| (name(&it.name), it.after)).collect())
}

fn shown(style: &Style) -> String {
    match result(style) {
        Err(why) => format!("not taken in: {why}"),
        Ok(files) => {
            let text = files.iter().map(|(name, after)| {
                let before = style.others.get(name).unwrap_or(&style.file);
                let diff = similar::TextDiff::from_lines(before.as_str(), after.as_str());
                let diff = diff.unified_diff().context_radius(2).header(name, name).to_string();
                format!("{diff}\n")
            });
            text.collect()
        }
    }
}
