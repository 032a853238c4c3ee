//! Values laid out as YAML: on one line in flow style where they fit, else in block style.

use super::scalar::{Position, scalar};

/// A value to be written.
pub(super) enum Item {
    /// A string, quoted where it has to be.
    Text(String),
    /// A number or boolean.
    Word(String),
    List(Vec<Item>),
    Map(Vec<(&'static str, Item)>),
}

impl Item {
    pub(super) fn text(text: impl Into<String>) -> Item {
        Item::Text(text.into())
    }

    pub(super) fn word(word: impl ToString) -> Item {
        Item::Word(word.to_string())
    }

    /// The value between brackets or braces.
    fn flow(&self) -> String {
        match self {
            Item::Text(text) => scalar(text, Position::Flow),
            Item::Word(word) => word.clone(),
            Item::List(items) => {
                format!("[{}]", items.iter().map(Item::flow).collect::<Vec<_>>().join(", "))
            }
            Item::Map(entries) if entries.is_empty() => "{}".to_owned(),
            Item::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", value.flow())).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// Lines longer than this are broken where they can be.
const WIDTH: usize = 100;

/// A text in the making.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) text: String,
}

impl Layout {
    /// A line of its own.
    pub(super) fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An empty line, unless the text has just begun.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A key that what is written next stands under.
    pub(super) fn open(&mut self, depth: usize, key: &str) {
        self.line(depth, &format!("{}:", scalar(key, Position::Key)));
    }

    /// A key with its value.
    pub(super) fn entry(&mut self, depth: usize, key: &str, item: &Item) {
        let key = scalar(key, Position::Key);
        let line = match item {
            Item::Text(text) => format!("{key}: {}", scalar(text, Position::Block)),
            other => format!("{key}: {}", other.flow()),
        };
        let long = 2 * depth + line.chars().count() > WIDTH;
        match item {
            Item::Map(entries) if long => {
                self.line(depth, &format!("{key}:"));
                for (key, value) in entries {
                    self.entry(depth + 1, key, value);
                }
            }
            Item::List(items) if long => {
                self.line(depth, &format!("{key}:"));
                for item in items {
                    let item = match item {
                        Item::Text(text) => scalar(text, Position::Block),
                        other => other.flow(),
                    };
                    self.line(depth + 1, &format!("- {item}"));
                }
            }
            _ => self.line(depth, &line),
        }
    }
}
