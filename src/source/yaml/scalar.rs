//! Writes strings as YAML: plain if that is safe, else quoted.

use std::fmt::Write;

use super::node::{self, Value};
use super::reading::yaml11_boolean;

/// The position of a string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScalarPosition {
    /// Before a colon, in block or flow style.
    Key,
    /// After a colon or dash in block style.
    Block,
    /// Between brackets or braces.
    Flow,
}

/// A string as it is written at a position.
pub(super) fn scalar(text: &str, position: ScalarPosition) -> String {
    if is_plain(text, position) {
        text.to_owned()
    } else if needs_escapes(text) {
        escaped(text)
    } else if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// Whether every YAML parser in use reads the unquoted text as this string.
fn is_plain(text: &str, position: ScalarPosition) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let structure: &[char] = match position {
        ScalarPosition::Key => &[':', ',', '[', ']', '{', '}'],
        ScalarPosition::Block => &[],
        ScalarPosition::Flow => &[',', '[', ']', '{', '}'],
    };
    !needs_escapes(text)
        && text.trim() == text
        && !"-?:,[]{}#&*!|>'\"%@`=".contains(first)
        && !text.contains(structure)
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.starts_with("...")
        && text != "<<"
        && is_string(text, first)
}

/// Whether a plain text is a string rather than null, a boolean, a number or a date.
fn is_string(text: &str, first: char) -> bool {
    if yaml11_boolean(text).is_some() || text == "~" {
        return false;
    }
    let number = first.is_ascii_digit() || matches!(first, '+' | '.');
    if number {
        let numeric = |c: char| c.is_ascii_digit() || "+-.:_eET Zxob".contains(c);
        let parsed = node::parse(text).map(|node| node.value);
        return !text.chars().all(numeric) && matches!(parsed, Ok(Value::String(_)));
    }
    !["null", "true", "false", "nan", "inf"].contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a text has characters that can only be written as escapes.
pub(super) fn needs_escapes(text: &str) -> bool {
    text.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
            || is_direction(c)
    })
}

/// Characters that change the direction of the text around them, so that it looks different from
/// what it is.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 8);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0' => quoted.push_str("\\0"),
            '\u{1b}' => quoted.push_str("\\e"),
            c if needs_escapes(c.encode_utf8(&mut [0; 4])) => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strings_that_need_quotes_have_them() {
        let written = |text| scalar(text, ScalarPosition::Block);
        for plain in [
            "varchar(36) not null",
            "enum('a','b')",
            "decimal(10,2)",
            "a:b",
            "y",
            "n",
            "1a",
            "x#y",
            "été",
            "😀",
            "2 apples",
            "nullable",
        ] {
            assert_eq!(written(plain), plain);
        }
        for (text, quoted) in [
            ("", "\"\""),
            ("null", "\"null\""),
            ("Null", "\"Null\""),
            ("no", "\"no\""),
            ("1e3", "\"1e3\""),
            ("1_000", "\"1_000\""),
            ("0x1F", "\"0x1F\""),
            (".5", "\".5\""),
            ("2020-01-01", "\"2020-01-01\""),
            ("12:30:45", "\"12:30:45\""),
            ("~", "\"~\""),
            (" a", "\" a\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("`a`", "\"`a`\""),
            ("'it'", "\"'it'\""),
            ("\"it\"", "'\"it\"'"),
            ("- 'a\\b'", "'- ''a\\b'''"),
            ("a\nb", "\"a\\nb\""),
            ("a\u{1b}[1m", "\"a\\e[1m\""),
            ("<<", "\"<<\""),
            ("\u{202e}x", "\"\\u202ex\""),
            ("0o17", "\"0o17\""),
            ("+1", "\"+1\""),
            ("-1", "\"-1\""),
        ] {
            assert_eq!(written(text), quoted);
        }
        assert_eq!(scalar("a, b", ScalarPosition::Flow), "\"a, b\"");
        assert_eq!(scalar("a:b", ScalarPosition::Key), "\"a:b\"");
    }

    #[test]
    fn what_is_written_is_read() {
        let mut texts: Vec<String> =
            ["a", "null", "1e3", "it's", "\"", "\\", " ", "a ", "\t", "x: y"]
                .map(str::to_owned)
                .to_vec();
        texts.extend((0..=0x2100).filter_map(char::from_u32).map(|c| format!("{c}")));
        texts.extend((0..=0x2100).filter_map(char::from_u32).map(|c| format!("a{c}b")));
        texts.extend((0..=0x80).filter_map(char::from_u32).map(|c| format!("5{c}")));
        for text in &texts {
            let key = scalar(text, ScalarPosition::Key);
            let document = format!(
                "{key}: {}\nflow: [{}, {{ {key}: {} }}]\n",
                scalar(text, ScalarPosition::Block),
                scalar(text, ScalarPosition::Flow),
                scalar(text, ScalarPosition::Flow),
            );
            let root = node::parse(&document).map_err(|error| error.title).unwrap();
            let mut strings = Vec::new();
            collect(&root, &mut strings);
            assert_eq!(strings.iter().filter(|string| *string == text).count(), 5, "{document}");
        }
    }

    fn collect(node: &node::YamlNode<'_>, strings: &mut Vec<String>) {
        match &node.value {
            Value::String(text) => strings.push(text.clone().into_owned()),
            Value::Sequence(items) => items.iter().for_each(|item| collect(item, strings)),
            Value::Mapping(entries) => entries.iter().for_each(|(key, value)| {
                collect(key, strings);
                collect(value, strings);
            }),
            _ => {}
        }
    }
}
