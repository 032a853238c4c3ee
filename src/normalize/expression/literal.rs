//! Numbers and bytes as they are written in an expression.

use super::parser::{Result, Unread};

/// `01.50` → `1.50`, `.5` → `0.5`, `1.` → `1`, `1E5` → `1e5`
pub(super) fn canonical_number(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (lower.as_str(), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let mut canonical = whole.to_owned();
    if !fraction.is_empty() {
        canonical = format!("{canonical}.{fraction}");
    }
    if let Some(exponent) = exponent {
        canonical = format!("{canonical}e{}", exponent.trim_start_matches('+'));
    }
    Some(canonical)
}

/// The bytes of `0x…` or `X'…'`.
pub(super) fn hex(digits: &str) -> Result<Vec<u8>> {
    let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
    let nibble = |byte: u8| (byte as char).to_digit(16);
    digits
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| match (nibble(pair[0]), nibble(pair[1])) {
            (Some(high), Some(low)) => u8::try_from(high * 16 + low).map_err(|_| Unread),
            _ => Err(Unread),
        })
        .collect()
}

/// The bytes of `b'…'` or `0b…`.
pub(super) fn bits(digits: &str) -> Result<Vec<u8>> {
    if !digits.bytes().all(|byte| byte == b'0' || byte == b'1') {
        return Err(Unread);
    }
    let padded = format!("{}{digits}", "0".repeat((8 - digits.len() % 8) % 8));
    padded
        .as_bytes()
        .chunks(8)
        .map(|byte| Ok(byte.iter().fold(0, |sum: u8, bit| sum * 2 + (bit - b'0'))))
        .collect()
}
