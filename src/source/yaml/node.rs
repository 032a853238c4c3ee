//! The YAML itself: a tree of nodes, each with its place in the text.
//!
//! The tree is generic so that one run can report every error in a file. It is built with
//! serde-saphyr, which no other file uses.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::diagnostic::ValueTexts;

/// A value and its range of bytes in the text: a scalar with its quotes; for a sequence or mapping
/// the opening bracket in flow style, and empty in block style.
#[derive(Debug)]
pub(super) struct YamlNode<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Value<'a>,
}

#[derive(Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number. Its digits are in the text.
    Number,
    String(Cow<'a, str>),
    Sequence(Vec<YamlNode<'a>>),
    Mapping(Vec<(YamlNode<'a>, YamlNode<'a>)>),
}

impl Value<'_> {
    /// The label of a value that should be something else.
    pub(super) fn label(&self) -> String {
        match self {
            Value::Null => "a value is missing here".to_owned(),
            other => format!("this is {}", other.noun()),
        }
    }

    /// A noun for it, for a message.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number => "a number",
            Value::String(_) => "a string",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
        }
    }
}

/// Why a text can't be read as YAML, and the byte where that was noticed.
pub(super) struct YamlError {
    pub(super) title: String,
    pub(super) label: String,
    pub(super) at: usize,
    pub(super) help: Option<String>,
}

/// Larger files are refused without being read. The largest known schema, written by hand or by
/// `pull`, has 10,000 tables and 20 MB.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// A schema is about eight levels deep.
const MAX_DEPTH: usize = 24;

/// Reads the one document in the text.
pub(super) fn parse(text: &str) -> Result<YamlNode<'_>, YamlError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: 8_000_000,
            max_events: 20_000_000,
            max_aliases: 100_000,
            max_merge_keys: 100_000,
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_total_scalar_bytes: MAX_BYTES as usize,
            // An anchor for a column that every table has is no attack. What aliases expand to has
            // a limit of its own.
            enforce_alias_anchor_ratio: false,
        },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
        emit_comments: false,
    };
    match serde_saphyr::from_str_with_options::<Spanned<Value<'_>>>(text, options) {
        Ok(spanned) => Ok(spanned.into()),
        Err(error) => Err(describe(&error, text)),
    }
}

impl YamlNode<'_> {
    /// Where the values of the document are. What an alias stands for is where its anchor is.
    pub(super) fn value_texts(&self) -> ValueTexts {
        let mut texts = ValueTexts::default();
        self.add_to(&mut texts, 0);
        texts
    }

    /// Adds the values from a place on; those before it are an anchor's.
    fn add_to(&self, texts: &mut ValueTexts, from: usize) {
        match &self.value {
            Value::Mapping(entries) => {
                for (key, value) in entries.iter().filter(|(key, _)| key.start >= from) {
                    let entry = texts.begin_entry(key.start);
                    value.add_to(texts, key.end);
                    texts.end_entry(entry);
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| item.add_to(texts, from)),
            _ if self.start >= from => texts.add_value(self.start, self.end),
            _ => {}
        }
    }
}

impl<'a> From<Spanned<Value<'a>>> for YamlNode<'a> {
    fn from(spanned: Spanned<Value<'a>>) -> Self {
        let span = spanned.defined.span();
        let start = span.byte_offset().unwrap_or(0) as usize;
        let end = start + span.byte_len().unwrap_or(0) as usize;
        YamlNode { start, end, value: spanned.value }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Value::Number)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Value::Number)
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Self::Value, E> {
        Ok(Value::Number)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Self::Value, E> {
        Ok(Value::Number)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Number)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element::<Spanned<Value<'de>>>()? {
            items.push(item.into());
        }
        Ok(Value::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Spanned<Value<'de>>>()? {
            let value = access.next_value::<Spanned<Value<'de>>>()?;
            entries.push((key.into(), value.into()));
        }
        Ok(Value::Mapping(entries))
    }
}

/// The library's error in this program's words: what, where, and what to do if that is known.
fn describe(error: &serde_saphyr::Error, text: &str) -> YamlError {
    use serde_saphyr::Error as Yaml;
    let error = error.without_snippet();
    let at = error
        .location()
        .map_or(0, |location| byte_at(text, location.line() as usize, location.column() as usize));
    let (title, label, help) = match error {
        Yaml::MultipleDocuments { .. } => (
            "more than one YAML document".to_owned(),
            "the second document begins here".to_owned(),
            Some("a schema is one document: split files are joined by `include`".to_owned()),
        ),
        limit if is_limit(limit) => (
            "the file expands to more than a schema can need".to_owned(),
            "reading stopped here".to_owned(),
            Some(
                "look for aliases (`*name`) that refer to one another, or deep nesting".to_owned(),
            ),
        ),
        Yaml::UnknownAnchor { .. } => (
            "an alias to an anchor that isn't there".to_owned(),
            "no `&` with that name before this line".to_owned(),
            Some("a value that begins with `*` has to be quoted".to_owned()),
        ),
        _ => syntax_error(&plain_message(error), text, at),
    };
    YamlError { title, label, at, help }
}

/// Whether the file would expand to too much, also if that was noticed inside an alias.
fn is_limit(error: &serde_saphyr::Error) -> bool {
    use serde_saphyr::Error as Yaml;
    match error {
        Yaml::AliasError { error, .. } => is_limit(error),
        Yaml::Budget { .. }
        | Yaml::AliasReplayCounterOverflow { .. }
        | Yaml::AliasReplayLimitExceeded { .. }
        | Yaml::AliasExpansionLimitExceeded { .. }
        | Yaml::AliasReplayStackDepthExceeded { .. } => true,
        _ => false,
    }
}

/// The message without the place that the library appends.
fn plain_message(error: &serde_saphyr::Error) -> String {
    let message = error.to_string();
    let message = message.lines().next().unwrap_or_default();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

fn syntax_error(message: &str, text: &str, at: usize) -> (String, String, Option<String>) {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    let character = text[at..].chars().next();
    let help = if indent.contains('\t') {
        Some("YAML is indented with spaces, never with tabs")
    } else if matches!(character, Some('@' | '`' | '%')) {
        Some("a value that begins with this character has to be quoted")
    } else if message.contains("mapping values are not allowed") {
        Some("a value that contains `: ` has to be quoted")
    } else {
        None
    };
    ("this isn't valid YAML".to_owned(), message.to_owned(), help.map(str::to_owned))
}

/// The byte at a line and a column, both counted from 1, the column in characters.
fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let rest = &text[start..];
    rest.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| start + at)
}

/// The position in the text of byte `offset` of a string's value. `written` is the string as it is
/// in the text, with its quotes, or the lines of a block. `None` if the value's characters aren't
/// contiguous in the text (folded lines).
pub(super) fn offset_in_text(written: &str, value: &str, offset: usize) -> Option<usize> {
    match written.as_bytes().first()? {
        _ if written == value => Some(offset),
        b'\'' => single_quoted_offset(written, offset),
        b'"' => double_quoted_offset(written, offset),
        _ => literal_offset(written, value, offset),
    }
}

/// In a literal block each line is unchanged, and each but the first follows the indentation.
fn literal_offset(written: &str, value: &str, offset: usize) -> Option<usize> {
    let mut at = 0;
    let mut before = 0;
    for (line, own) in written.split('\n').zip(value.split('\n')) {
        let indent = line.len().checked_sub(own.len())?;
        if !line.ends_with(own) || !line.bytes().take(indent).all(|byte| byte == b' ') {
            return None;
        }
        if offset <= before + own.len() {
            return Some(at + indent + offset - before);
        }
        at += line.len() + 1;
        before += own.len() + 1;
    }
    None
}

fn single_quoted_offset(written: &str, offset: usize) -> Option<usize> {
    let inner = written.strip_prefix('\'')?.strip_suffix('\'')?;
    let (mut at, mut decoded) = (0, 0);
    while decoded < offset {
        let character = inner[at..].chars().next()?;
        match character {
            '\n' | '\r' => return None,
            '\'' => at += 2,
            other => at += other.len_utf8(),
        }
        decoded += character.len_utf8();
    }
    Some(1 + at)
}

fn double_quoted_offset(written: &str, offset: usize) -> Option<usize> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let (mut at, mut decoded) = (0, 0);
    while decoded < offset {
        let character = inner[at..].chars().next()?;
        match character {
            '\n' | '\r' => return None,
            '\\' => {
                let escape = inner[at + 1..].chars().next()?;
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    '\n' | '\r' => return None,
                    _ => 0,
                };
                let hex = inner.get(at + 2..at + 2 + digits)?;
                let long = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
                decoded += match (digits, escape) {
                    (0, 'N' | '_') => 2,
                    (0, 'L' | 'P') => 3,
                    (0, _) => 1,
                    _ => long?.len_utf8(),
                };
                at += 1 + escape.len_utf8() + digits;
            }
            other => {
                at += other.len_utf8();
                decoded += other.len_utf8();
            }
        }
    }
    Some(1 + at)
}
