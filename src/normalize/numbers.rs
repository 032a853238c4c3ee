//! Numbers in defaults as the servers spell them.

/// A number with exactly `scale` digits after the decimal point, rounded half away from zero: `1` →
/// `1.00`, `1e2` → `100`, `007` → `7`. `None` if the text isn't a number.
pub(super) fn decimal(text: &str, scale: usize) -> Option<String> {
    let text = text.trim();
    let (negative, unsigned) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest.trim_start()),
        None => (false, text),
    };
    let lower = unsigned.to_ascii_lowercase();
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (lower.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) || exponent.abs() > 400 {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let rounded = rounded(&digits, point, scale)?;
    let (whole, fraction) = rounded.split_at(rounded.len() - scale);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let is_zero = rounded.bytes().all(|digit| digit == b'0');
    let sign = if negative && !is_zero { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// The digits up to `scale` places after the decimal point, rounded by the next digit. `point` is
/// the number of digits before the decimal point.
fn rounded(digits: &[u8], point: i32, scale: usize) -> Option<String> {
    let length = point + i32::try_from(scale).ok()?;
    let at = |index: i32| -> u8 {
        usize::try_from(index).ok().and_then(|index| digits.get(index)).copied().unwrap_or(b'0')
    };
    let mut kept: Vec<u8> = (point.min(0)..length).map(at).collect();
    if kept.len() < scale {
        return Some("0".repeat(scale));
    }
    if at(length) >= b'5' {
        let mut index = kept.len();
        loop {
            if index == 0 {
                kept.insert(0, b'1');
                break;
            }
            index -= 1;
            if kept[index] == b'9' {
                kept[index] = b'0';
            } else {
                kept[index] += 1;
                break;
            }
        }
    }
    String::from_utf8(kept).ok()
}

/// A DOUBLE as the servers show it: `1e10` → `10000000000`, `1e20` → `1e20`.
pub(super) fn double(text: &str) -> Option<String> {
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then(|| show(number))
}

/// A FLOAT as the servers show it, with only six digits.
pub(super) fn float(text: &str) -> Option<String> {
    let number: f64 = text.trim().parse().ok()?;
    let six: f64 = format!("{number:.5e}").parse().ok()?;
    number.is_finite().then(|| show(six))
}

fn show(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        1e-15..1e15 => format!("{number}"),
        _ => format!("{number:e}"),
    }
}

/// The bytes as one number: `0x10` is 16 if a number is needed.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<u64> {
    let significant = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
    (significant.len() <= 8)
        .then(|| significant.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

/// The value of a hexadecimal literal that is kept as text: `0x10`.
pub(super) fn of_hex(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    u64::from_str_radix(digits, 16).ok()
}

/// The binary digits of the default of a BIT column, without leading zeros. Text that isn't binary
/// is decimal.
pub(super) fn bits(text: &str) -> Option<String> {
    let is_binary = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0' | b'1'));
    if is_binary {
        let digits = text.trim_start_matches('0');
        return Some(if digits.is_empty() { "0" } else { digits }.to_owned());
    }
    let number = of_hex(text).or_else(|| text.parse().ok())?;
    Some(format!("{number:b}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_their_scale() {
        for (text, scale, expected) in [
            ("1", 2, Some("1.00")),
            ("1.500", 2, Some("1.50")),
            ("+3", 0, Some("3")),
            ("007", 0, Some("7")),
            ("1e2", 0, Some("100")),
            ("1.5", 0, Some("2")),
            ("1.005", 2, Some("1.01")),
            ("-0.04", 1, Some("0.0")),
            ("-0.05", 1, Some("-0.1")),
            ("99.995", 2, Some("100.00")),
            ("0.0001", 2, Some("0.00")),
            ("5e-3", 2, Some("0.01")),
            ("5e-9", 2, Some("0.00")),
            (".5", 1, Some("0.5")),
            ("18446744073709551615", 0, Some("18446744073709551615")),
            ("x", 0, None),
            ("", 0, None),
            ("1e999999999", 0, None),
        ] {
            assert_eq!(decimal(text, scale).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn floating_numbers_as_the_servers_show_them() {
        for (text, expected) in [
            ("1e10", "10000000000"),
            ("1e-7", "0.0000001"),
            ("1.0", "1"),
            ("-0.0", "0"),
            ("1e15", "1e15"),
            ("100000000000000", "100000000000000"),
            ("123456789012345678", "1.2345678901234568e17"),
        ] {
            assert_eq!(double(text).as_deref(), Some(expected));
        }
        assert_eq!(float("16777217").as_deref(), Some("16777200"));
        assert_eq!(float("3.14159265").as_deref(), Some("3.14159"));
        assert_eq!(float("1e20").as_deref(), Some("1e20"));
        assert_eq!(double("inf"), None);
    }

    #[test]
    fn bits_from_every_spelling() {
        assert_eq!(bits("00101").as_deref(), Some("101"));
        assert_eq!(bits("5").as_deref(), Some("101"));
        assert_eq!(bits("0").as_deref(), Some("0"));
        assert_eq!(of_bytes(&[0, 0x10]), Some(16));
        assert_eq!(of_bytes(&[1; 9]), None);
        assert_eq!(of_hex("0x10"), Some(16));
    }
}
