//! Quoting of names and strings.

/// A name in backticks. A backtick in the name is doubled.
pub fn quote_identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('`');
    for c in name.chars() {
        if c == '`' {
            quoted.push('`');
        }
        quoted.push(c);
    }
    quoted.push('`');
    quoted
}

/// A string literal, escaped as SHOW CREATE TABLE escapes it. It is right in every `sql_mode`
/// except NO_BACKSLASH_ESCAPES.
pub fn quote_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("''"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\0' => quoted.push_str("\\0"),
            '\x1a' => quoted.push_str("\\Z"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// Bytes as a literal: a string if all of them are printable ASCII, otherwise hexadecimal.
pub(crate) fn quote_bytes(bytes: &[u8]) -> String {
    let printable = bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
    match std::str::from_utf8(bytes) {
        Ok(text) if printable => quote_string(text),
        _ => bytes.iter().fold(String::from("0x"), |mut hex, byte| {
            hex.push_str(&format!("{byte:02X}"));
            hex
        }),
    }
}

/// A name as it is written in schema.yaml: without quotes if it is a plain word.
pub(crate) fn bare_or_quoted(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { quote_identifier(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_whatever_is_in_them() {
        assert_eq!(quote_identifier("a`b"), "`a``b`");
        assert_eq!(quote_identifier("a'b.c d"), "`a'b.c d`");
        assert_eq!(bare_or_quoted("order"), "order");
        assert_eq!(bare_or_quoted("2nd"), "`2nd`");
        assert_eq!(bare_or_quoted("ünï"), "`ünï`");
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(quote_string("it's a \\ b\n\0"), r"'it''s a \\ b\n\0'");
        assert_eq!(quote_bytes(b"a'b"), "'a''b'");
        assert_eq!(quote_bytes(&[0xff, 0]), "0xFF00");
        assert_eq!(quote_bytes(b""), "''");
    }
}
