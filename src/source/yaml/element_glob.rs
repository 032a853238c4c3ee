//! A path of elements with globs, as a waiver has it.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher, escape};

use super::keys::TABLE;
use crate::diagnostic::near_name;
use crate::model::{Element, ObjectKind};

/// The path of one element or, with globs, of several: `tables.reports.indexes.ix_*`. No glob goes
/// beyond its part of the path, and upper and lower case are the same.
#[derive(Clone)]
pub struct ElementGlob {
    text: String,
    parts: Vec<GlobMatcher>,
}

impl ElementGlob {
    /// Reads a path. It is an error if it can't be the path of an element, or has no name in it, so
    /// that it would stand for all elements of a kind.
    pub fn parse(text: &str) -> Result<ElementGlob, String> {
        let parts = parts(text);
        if parts != ["schema"] {
            refuse(&parts)?;
        }
        let parts = parts.into_iter().map(matcher).collect::<Result<_, _>>()?;
        Ok(ElementGlob { text: text.to_owned(), parts })
    }

    /// The path that stands for this element alone, as it is written.
    pub fn path_of(element: &Element) -> String {
        // A dot in brackets belongs to the name.
        let part = |name: &str| escape(&name.replace('\\', "\\\\")).replace('.', "[.]");
        element.path().into_iter().map(part).collect::<Vec<_>>().join(".")
    }

    /// Whether it stands for an element.
    pub fn covers(&self, element: &Element) -> bool {
        let path = element.path();
        path.len() == self.parts.len()
            && self.parts.iter().zip(path).all(|(glob, name)| glob.is_match(name))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for ElementGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ElementGlob {}

impl fmt::Debug for ElementGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// The parts between the dots. A dot after a backslash or in brackets belongs to a name.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_escaped, mut in_brackets) = (0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '.' if !in_brackets => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Why no element has this path, or all of a kind have it.
fn refuse(parts: &[&str]) -> Result<(), String> {
    let mut sections: Vec<&str> = vec!["tables"];
    sections.extend(ObjectKind::MODELLED.iter().map(|kind| kind.section()));
    let section = parts.first().copied().unwrap_or_default();
    if !sections.contains(&section) {
        let did_you_mean = match near_name(section, sections.iter().copied()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        return Err(format!(
            "an element is its path in schema.yaml, as in `tables.reports.columns.title` or \
             `views.open_reports`{did_you_mean}"
        ));
    }
    if parts.iter().any(|part| part.is_empty()) || parts.len() < 2 {
        return Err(format!("a name is missing, as in `{section}.NAME`"));
    }
    if section != "tables" && parts.len() > 2 {
        return Err(
            "of these elements, a path has two parts; a dot in a name is written `[.]`".into()
        );
    }
    if let Some(key) = parts.get(2).filter(|key| !TABLE.has(key) && !has_glob(key)) {
        let near = near_name(key, TABLE.names());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(format!("a table has no key `{key}`{near}"));
    }
    let mut names = parts.get(1).into_iter().chain(parts.iter().skip(3));
    if !names.any(|name| has_letters(name)) {
        return Err("this stands for all elements of its kind, and a waiver names some".to_owned());
    }
    Ok(())
}

fn has_glob(part: &str) -> bool {
    part.contains(['*', '?', '[', '{'])
}

/// Whether something of a name is there, besides wildcards and classes. A class of one character
/// is that character.
fn has_letters(part: &str) -> bool {
    let mut rest = part.chars();
    while let Some(character) = rest.next() {
        match character {
            '[' => {
                // The first character of a class is in it, even if it is `]`.
                let class = rest.next().into_iter().chain(rest.by_ref().take_while(|c| *c != ']'));
                if class.count() == 1 {
                    return true;
                }
            }
            '*' | '?' | '{' | '}' | ',' | '\\' => {}
            _ => return true,
        }
    }
    false
}

fn matcher(part: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(part).case_insensitive(true).backslash_escape(true).build();
    let glob = glob.map_err(|error| format!("`{part}` isn't a glob: {}", error.kind()))?;
    Ok(glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObjectName, PRIMARY};

    fn covers(glob: &str, element: &Element) -> bool {
        ElementGlob::parse(glob).unwrap().covers(element)
    }

    #[test]
    fn a_glob_stays_within_its_part_of_the_path() {
        let index = Element::index("reports", "ix_a");
        for glob in ["tables.reports.indexes.ix_a", "tables.rep*.indexes.*", "tables.*.*.IX_?"] {
            assert!(covers(glob, &index), "{glob}");
        }
        for glob in ["tables.reports", "tables.rep*", "tables.reports.columns.ix_a"] {
            assert!(!covers(glob, &index), "{glob}");
        }
        assert!(covers("tables.t.primary_key", &Element::index("t", PRIMARY)));
        assert!(covers("tables.t.periods.system_time", &Element::period("t", "SYSTEM_TIME")));
        assert!(covers("tables.t.partitioning.partitions.p*", &Element::partition("t", "p0")));
        assert!(covers("schema", &Element::Schema) && !covers("schema", &index));
    }

    #[test]
    fn the_path_of_an_element_stands_for_it_alone() {
        for name in ["a", "a.b", "a*", "[a]", "{a,b}", "a\\b", "?", "ö'`\""] {
            let table = Element::table(name);
            let elements = [
                table.clone(),
                Element::column(name, name),
                Element::check(name, name),
                Element::object(&ObjectName { kind: ObjectKind::View, name: name.to_owned() }),
            ];
            for element in &elements {
                let glob = ElementGlob::parse(&ElementGlob::path_of(element));
                let glob = glob.unwrap_or_else(|why| panic!("{element}: {why}"));
                let covered: Vec<&Element> = elements.iter().filter(|it| glob.covers(it)).collect();
                assert_eq!(covered, [element], "{}", glob.as_str());
                assert!(!glob.covers(&Element::table("axb")) || name == "axb");
            }
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        let refused = |text: &str| ElementGlob::parse(text).unwrap_err();
        for all in ["tables.*", "tables.*.columns.*", "views.?*", "tables.[a-z]*", "tables.**"] {
            assert_eq!(
                refused(all),
                "this stands for all elements of its kind, and a waiver names some",
                "{all}"
            );
        }
        insta::assert_snapshot!(
            ["*", "reports", "table.reports", "tables", "tables.", "tables.t.indxes.i", "views.v.w",
             "tables.t[.columns.a"].map(refused).join("\n"),
            @"
        an element is its path in schema.yaml, as in `tables.reports.columns.title` or `views.open_reports`
        an element is its path in schema.yaml, as in `tables.reports.columns.title` or `views.open_reports`
        an element is its path in schema.yaml, as in `tables.reports.columns.title` or `views.open_reports`; did you mean `tables`?
        a name is missing, as in `tables.NAME`
        a name is missing, as in `tables.NAME`
        a table has no key `indxes`; did you mean `indexes`?
        of these elements, a path has two parts; a dot in a name is written `[.]`
        `t[.columns.a` isn't a glob: unclosed character class; missing ']'
        "
        );
    }
}
