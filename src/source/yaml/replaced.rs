//! What a schema file says and a database can't: it is lost when `pull` replaces the file.

use std::collections::HashSet;

use super::node::{self, Value, YamlNode};
use super::reading::KeyValue;

/// What the old text has, in words, that neither the new text nor a database has. Empty if nothing
/// is lost.
pub(super) fn lost_by_replacing(old: &str, new: &str) -> Vec<String> {
    let (Ok(old_root), Ok(new_root)) = (node::parse(old), node::parse(new)) else {
        return vec!["a text that is no valid YAML".to_owned()];
    };
    let mut lost = Vec::new();
    let kept: HashSet<&str> = comments(new, &new_root).into_iter().collect();
    let gone = comments(old, &old_root).iter().filter(|text| !kept.contains(*text)).count();
    lost.extend(counted(gone, "comment", "comments"));
    for field in entries(&old_root) {
        let there = entries(&new_root).any(|it| it.word() == field.word());
        let word = field.word();
        if !there
            && (matches!(word, "rules" | "waivers" | "include" | "definer" | "compare")
                || word.starts_with("x-"))
        {
            lost.push(format!("`{word}`"));
        }
    }
    let kept = ignored(&new_root);
    let globs: Vec<String> =
        ignored(&old_root).into_iter().filter(|glob| !kept.contains(glob)).collect();
    if !globs.is_empty() {
        lost.push(format!("`ignore` of {}", globs.join(", ")));
    }
    let mut parts = Parts::default();
    parts.count(&old_root);
    lost.extend(counted(parts.renames, "`renamed_from`", "`renamed_from`"));
    lost.extend(counted(parts.kept, "`partitioning: keep`", "`partitioning: keep`"));
    lost.extend(counted(parts.files, "`file`", "`file`"));
    lost
}

fn counted(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    }
}

/// The comments of a text: from every `#` outside a scalar to the end of its line.
fn comments<'t>(text: &'t str, root: &YamlNode<'_>) -> Vec<&'t str> {
    let mut scalars = Vec::new();
    scalar_ranges(root, &mut scalars);
    scalars.sort_unstable();
    let mut scalars = scalars.into_iter().peekable();
    let mut found = Vec::new();
    let mut end_of_last = 0;
    for (at, _) in text.match_indices('#') {
        while let Some((_, end)) = scalars.next_if(|(start, _)| *start <= at) {
            end_of_last = end_of_last.max(end);
        }
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        if at >= end_of_last && before.is_none_or(char::is_whitespace) {
            let line = text.get(at..).and_then(|it| it.lines().next()).unwrap_or_default();
            end_of_last = at + line.len();
            found.push(line.trim_end());
        }
    }
    found
}

/// The places of all scalars.
pub(super) fn scalar_ranges(node: &YamlNode<'_>, scalars: &mut Vec<(usize, usize)>) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| scalar_ranges(item, scalars)),
        Value::Mapping(entries) => entries.iter().for_each(|(key, value)| {
            scalar_ranges(key, scalars);
            scalar_ranges(value, scalars);
        }),
        _ => scalars.push((node.start, node.end)),
    }
}

fn entries<'n>(node: &'n YamlNode<'n>) -> impl Iterator<Item = KeyValue<'n>> {
    let entries: &[(YamlNode<'n>, YamlNode<'n>)] = match &node.value {
        Value::Mapping(entries) => entries,
        _ => &[],
    };
    entries.iter().map(KeyValue::from)
}

/// The globs under `ignore`, of all kinds.
fn ignored(root: &YamlNode<'_>) -> Vec<String> {
    let lists = entries(root).filter(|field| field.word() == "ignore");
    let lists = lists.flat_map(|field| entries(field.value));
    let items = lists.flat_map(|field| match &field.value.value {
        Value::Sequence(items) => items.as_slice(),
        _ => &[],
    });
    let texts = items.filter_map(|item| match &item.value {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    });
    texts.collect()
}

/// Keys that no database can give a value for, at any depth.
#[derive(Default)]
struct Parts {
    renames: usize,
    kept: usize,
    files: usize,
}

impl Parts {
    fn count(&mut self, node: &YamlNode<'_>) {
        for field in entries(node) {
            match (field.word(), &field.value.value) {
                ("renamed_from", Value::String(_)) => self.renames += 1,
                ("file", Value::String(_)) => self.files += 1,
                ("partitioning", Value::String(text)) if text == "keep" => self.kept += 1,
                _ => self.count(field.value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lost_by_replacing;

    #[test]
    fn what_no_database_has_is_named() {
        let old = "\
# ours
rules: { missing-primary-key: error } # strict
ignore: { tables: [log_*, alembic_version], events: ['#debug'] }
x-note: anything
tables:
  t:
    columns:
      a: \"int comment '#1 # no comment'\"
      b: { type: int, renamed_from: c }
    partitioning: keep
views:
  v: |
    # of SQL, and so no comment of the file
    select 1
";
        let new = "ignore:\n  tables: [alembic_version]\ntables: {}\n";
        assert_eq!(
            lost_by_replacing(old, new),
            [
                "2 comments",
                "`rules`",
                "`x-note`",
                "`ignore` of log_*, #debug",
                "1 `renamed_from`",
                "1 `partitioning: keep`",
            ]
        );
    }

    #[test]
    fn nothing_is_lost_from_a_file_written_by_pull() {
        let text =
            "server: mysql:8.4\ntables:\n  t:\n    columns: { a: int }\n\n# in the database\n";
        assert_eq!(lost_by_replacing(text, text), Vec::<String>::new());
        assert_eq!(lost_by_replacing("a: [", text), ["a text that is no valid YAML"]);
    }
}
