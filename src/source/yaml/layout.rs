//! Lays values out as YAML: on one line in flow style if they fit, else in block style.

use super::node::{self, Value, YamlNode};
use super::scalar::{ScalarPosition, needs_escapes, scalar};

/// A value to be written.
pub(super) enum WrittenValue {
    /// A string, quoted if necessary.
    Text(String),
    /// SQL that may have several lines; a literal block keeps it unchanged.
    Sql(String),
    /// A number or boolean.
    Word(String),
    List(Vec<WrittenValue>),
    Map(Vec<(&'static str, WrittenValue)>),
}

impl WrittenValue {
    pub(super) fn text(text: impl Into<String>) -> WrittenValue {
        WrittenValue::Text(text.into())
    }

    pub(super) fn word(word: impl ToString) -> WrittenValue {
        WrittenValue::Word(word.to_string())
    }

    /// The value in flow style.
    fn flow(&self) -> String {
        match self {
            WrittenValue::Text(text) | WrittenValue::Sql(text) => {
                scalar(text, ScalarPosition::Flow)
            }
            WrittenValue::Word(word) => word.clone(),
            WrittenValue::List(items) => {
                format!("[{}]", items.iter().map(WrittenValue::flow).collect::<Vec<_>>().join(", "))
            }
            WrittenValue::Map(entries) if entries.is_empty() => "{}".to_owned(),
            WrittenValue::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", value.flow())).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// Longer lines are broken if possible.
const WIDTH: usize = 100;

/// A YAML text that is being written.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) text: String,
}

impl Layout {
    /// Writes a line of its own.
    pub(super) fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Writes an empty line, unless the text is still empty.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Writes a key; its content follows below it.
    pub(super) fn open(&mut self, depth: usize, key: &str) {
        self.line(depth, &format!("{}:", scalar(key, ScalarPosition::Key)));
    }

    /// Writes a key with its value.
    pub(super) fn entry(&mut self, depth: usize, key: &str, item: &WrittenValue) {
        let key = scalar(key, ScalarPosition::Key);
        if let WrittenValue::Sql(text) = item
            && let Some(block) = literal_block(text, depth + 1)
        {
            self.line(depth, &format!("{key}: |"));
            self.text.push_str(&block);
            return;
        }
        let line = match item {
            WrittenValue::Text(text) | WrittenValue::Sql(text) => {
                format!("{key}: {}", scalar(text, ScalarPosition::Block))
            }
            other => format!("{key}: {}", other.flow()),
        };
        let long = 2 * depth + line.chars().count() > WIDTH;
        match item {
            WrittenValue::Map(entries) if long => {
                self.line(depth, &format!("{key}:"));
                for (key, value) in entries {
                    self.entry(depth + 1, key, value);
                }
            }
            WrittenValue::List(items) if long => {
                self.line(depth, &format!("{key}:"));
                for item in items {
                    let item = match item {
                        WrittenValue::Text(text) => scalar(text, ScalarPosition::Block),
                        other => other.flow(),
                    };
                    self.line(depth + 1, &format!("- {item}"));
                }
            }
            _ => self.line(depth, &line),
        }
    }
}

/// A text as the lines of a literal block. `None` if it has only one line, or if a block can't hold
/// it byte for byte.
fn literal_block(text: &str, depth: usize) -> Option<String> {
    if !text.contains('\n') || needs_escapes(&text.replace(['\n', '\t'], " ")) {
        return None;
    }
    let indent = "  ".repeat(depth);
    let mut block = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split('\n') {
        if !line.is_empty() {
            block.push_str(&indent);
            block.push_str(line);
        }
        block.push('\n');
    }
    // Parse it again to be certain that it is the same text.
    let document = format!("x: |\n{block}");
    let read = node::parse(&document).ok()?;
    let Value::Mapping(entries) = read.value else { return None };
    let same = matches!(
        entries.as_slice(),
        [(_, YamlNode { value: Value::String(read), .. })] if read.strip_suffix('\n') == Some(text)
    );
    same.then_some(block)
}
