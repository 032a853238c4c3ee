//! Numbers as they are written in an expression.

/// `01.50` → `1.50`, `.5` → `0.5`, `1.` → `1`, `1E5` → `1e5`
pub(crate) fn canonical_number(text: &str) -> Option<String> {
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
