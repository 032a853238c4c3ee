//! What a finding is recognized by, from run to run.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest, Sha256};

use super::Finding;

/// A hash of a finding's code, of its element and of what differs. Neither the wording of a message
/// nor the lines of a file change it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a finding: 32 hexadecimal digits.
    pub(crate) fn of(code: &str, element: &str, what: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in [code, element].iter().chain(what) {
            // With their lengths, so that no two lists of texts give the same bytes.
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digits = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Fingerprint(digits)
    }

    /// Its hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives findings with the same fingerprint different ones, by their number among these.
pub fn number_repeated(findings: &mut [Finding]) {
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
    for finding in findings {
        let number = seen.entry(finding.fingerprint.clone()).or_default();
        if *number > 0 {
            let digits = finding.fingerprint.as_str();
            finding.fingerprint = Fingerprint::of(digits, &number.to_string(), &[]);
        }
        *number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_fingerprint_are_kept_apart() {
        let of = |what: &[&str]| Fingerprint::of("code", "element", what);
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["ab"]));
        assert_ne!(of(&["a", ""]), of(&["a"]));
        assert_ne!(Fingerprint::of("a", "bc", &[]), Fingerprint::of("ab", "c", &[]));
        assert_eq!(of(&[]).as_str().len(), 32);
    }
}
