//! Whether a collation takes two texts for the same, as far as that is certain without the
//! collation's tables.

use std::borrow::Cow;

/// Collations, without their character set, that take two texts of printable ASCII for the same if
/// and only if they differ at most in case. Other collations have languages in which `v` equals
/// `w`, or `i` equals `y`.
const PLAIN: &[&str] =
    &["general_ci", "unicode_ci", "unicode_520_ci", "0900_ai_ci", "0900_as_ci", "uca1400_ai_ci"];

/// Collations, without their endings, that distinguish the case of one letter (cp866 `j`, latin7
/// `t`) although they ignore case otherwise (found by trial).
const ODD_IN_CASE: &[&str] = &["cp866_general", "latin7_general"];

/// Character sets whose collations take two characters of printable ASCII for the same, or that
/// don't have all of these characters (found by trial).
const ODD_IN_SIGNS: &[&str] = &["geostd8", "macce", "swe7"];

/// A key for a text: two texts with the same key are certainly the same for the collation.
pub(super) fn key<'t>(text: &'t str, collation: &str) -> Cow<'t, str> {
    match regards_case(collation) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_ascii_lowercase()),
    }
}

fn regards_case(collation: &str) -> bool {
    // In Turkish, `i` isn't the lower case of `I`.
    !collation.ends_with("_ci")
        || collation.contains("turkish")
        || collation.contains("_tr_")
        || ODD_IN_CASE.iter().any(|odd| collation.starts_with(odd))
}

/// Whether the two texts are certainly different.
pub(super) fn surely_different(a: &str, b: &str, collation: &str) -> bool {
    let (a, b) = (a.trim_end_matches(' '), b.trim_end_matches(' '));
    let is_plain = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    let (charset, rest) = collation.split_once('_').unwrap_or(("", collation));
    if !is_plain(a) || !is_plain(b) || ODD_IN_SIGNS.contains(&charset) {
        return false;
    }
    match rest {
        "bin" | "binary" | "0900_bin" => a != b,
        _ => PLAIN.contains(&rest) && !a.eq_ignore_ascii_case(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surely_same(a: &str, b: &str, collation: &str) -> bool {
        key(a, collation) == key(b, collation)
    }

    #[test]
    fn only_what_is_certain() {
        assert!(surely_same("x", "X", "utf8mb4_0900_ai_ci"));
        assert!(!surely_same("i", "I", "utf8mb4_turkish_ci"));
        assert!(!surely_same("x", "X", "utf8mb4_bin"));
        assert!(!surely_same("j", "J", "cp866_general_nopad_ci"));
        assert!(surely_different("x", "X", "utf8mb4_bin"));
        assert!(!surely_different("e", "é", "utf8mb4_general_ci"));
        assert!(!surely_different("v", "w", "utf8mb4_swedish_ci"));
        assert!(surely_different("v", "w", "latin1_general_ci"));
        assert!(!surely_different("m", "n", "macce_general_ci"));
    }
}
