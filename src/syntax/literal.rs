//! The values of literals.

use super::lexer::Dialect;

/// The value of a quoted token. Doubled quotes are resolved, and in strings also backslash escapes
/// (MySQL manual, 11.1.1 "String Literals").
pub(crate) fn unquote(token: &str, is_text: bool, dialect: Dialect) -> String {
    let token = token.strip_prefix(['n', 'N']).filter(|_| is_text).unwrap_or(token);
    let mut chars = token.chars();
    let Some(quote) = chars.next() else { return String::new() };
    let inner = chars.as_str();
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    let escapes = is_text && !dialect.no_backslash_escapes;
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        if char == quote {
            chars.next();
            value.push(quote);
        } else if char == '\\' && escapes {
            push_escape(&mut value, chars.next());
        } else {
            value.push(char);
        }
    }
    value
}

fn push_escape(value: &mut String, escaped: Option<char>) {
    match escaped {
        Some('0') => value.push('\0'),
        Some('b') => value.push('\u{8}'),
        Some('n') => value.push('\n'),
        Some('r') => value.push('\r'),
        Some('t') => value.push('\t'),
        Some('Z') => value.push('\u{1a}'),
        Some(wildcard @ ('%' | '_')) => value.extend(['\\', wildcard]),
        Some(other) => value.push(other),
        None => value.push('\\'),
    }
}

/// The bytes of `0xFF00` or `x'FF00'`. If the number of digits is odd, a 0 is added before the
/// first.
pub(crate) fn hex_bytes(token: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        digits_of(token).filter_map(|char| char.to_digit(16)).map(|d| d as u8).collect();
    let odd = digits.len() % 2;
    let mut bytes = Vec::with_capacity(digits.len() / 2 + odd);
    bytes.extend(digits.iter().take(odd));
    bytes.extend(
        digits
            .get(odd..)
            .unwrap_or_default()
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit)),
    );
    bytes
}

/// The digits of `0b101` or `b'101'` without leading zeros; `0` if there are none.
pub(crate) fn bit_digits(token: &str) -> String {
    trim_zeros(&digits_of(token).filter(|char| matches!(char, '0' | '1')).collect::<String>())
}

/// The bytes of `0b101` or `b'101'`. The first byte is padded with leading zeros.
pub(crate) fn bit_bytes(token: &str) -> Vec<u8> {
    bits_as_bytes(&digits_of(token).collect::<String>())
}

/// Bytes as the digits of a binary number.
pub(crate) fn bytes_as_bits(bytes: &[u8]) -> String {
    trim_zeros(&bytes.iter().map(|byte| format!("{byte:08b}")).collect::<String>())
}

/// Binary digits as bytes. The first byte is padded with leading zeros.
pub(crate) fn bits_as_bytes(bits: &str) -> Vec<u8> {
    let digits: Vec<u8> = bits.bytes().map(|byte| byte & 1).collect();
    digits
        .rchunks(8)
        .rev()
        .map(|chunk| chunk.iter().fold(0, |byte, digit| byte * 2 + digit))
        .collect()
}

/// The number that the bytes mean, most significant byte first. `None` if it doesn't fit.
pub(crate) fn bytes_as_number(bytes: &[u8]) -> Option<u64> {
    let significant = bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len());
    let bytes = bytes.get(significant..)?;
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

fn digits_of(token: &str) -> impl Iterator<Item = char> {
    let inner = match token.as_bytes() {
        [b'0', ..] => token.get(2..),
        _ => token.get(2..token.len().saturating_sub(1)),
    };
    inner.unwrap_or_default().chars()
}

fn trim_zeros(digits: &str) -> String {
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// The first of the characters that stand for single bytes. They are in a private use area of
/// Unicode, and no real text uses them.
const FIRST_BYTE: u32 = 0x10_FF00;

/// The character that stands for a byte which isn't valid UTF-8.
pub(crate) fn char_of_byte(byte: u8) -> char {
    char::from_u32(FIRST_BYTE + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The bytes of a string. The characters of [`char_of_byte`] become the bytes that they stand for.
pub(crate) fn text_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for char in text.chars() {
        let byte = u32::from(char).checked_sub(FIRST_BYTE).and_then(|byte| u8::try_from(byte).ok());
        match byte {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}
