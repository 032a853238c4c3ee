//! What a migration may destroy, as the header of its file or `--allow` names it.

use globset::{GlobBuilder, GlobMatcher};

/// Risks that are accepted: a kind, and a name or a glob of names.
#[derive(Debug, Clone)]
pub struct AllowedRisk {
    kind: String,
    element: String,
    glob: Option<GlobMatcher>,
}

impl AllowedRisk {
    /// Reads `drop-column:reports.location` or `drop-table:*`. `None` if it has no kind or no name.
    pub fn parse(text: &str) -> Option<AllowedRisk> {
        let (kind, element) = text.trim().split_once(':')?;
        let is_kind = kind.starts_with(|char: char| char.is_ascii_lowercase())
            && kind.chars().all(|char| char.is_ascii_lowercase() || char == '-');
        if !is_kind || element.is_empty() || element.starts_with(char::is_whitespace) {
            return None;
        }
        // A name that isn't a glob still is itself.
        let glob = GlobBuilder::new(element).build().ok().map(|glob| glob.compile_matcher());
        Some(AllowedRisk { kind: kind.to_owned(), element: element.to_owned(), glob })
    }

    /// The kind of the risks: `drop-column`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether a risk is accepted, by its name: `drop-column:reports.location`.
    pub fn covers(&self, risk: &str) -> bool {
        let Some((kind, element)) = risk.split_once(':') else { return false };
        kind == self.kind
            && (element == self.element
                || self.glob.as_ref().is_some_and(|glob| glob.is_match(element)))
    }
}

#[cfg(test)]
mod tests {
    use super::AllowedRisk;

    #[test]
    fn names_and_globs_cover_risks() {
        let covers = |allowed: &str, risk: &str| {
            AllowedRisk::parse(allowed).is_some_and(|allowed| allowed.covers(risk))
        };
        for (allowed, risk) in [
            ("drop-column:reports.location", "drop-column:reports.location"),
            ("drop-column:reports.*", "drop-column:reports.location"),
            ("drop-table:*", "drop-table:a/b"),
            ("drop-table:a[b", "drop-table:a[b"),
            (" drop-table:t ", "drop-table:t"),
        ] {
            assert!(covers(allowed, risk), "{allowed} {risk}");
        }
        for (allowed, risk) in [
            ("drop-column:reports.*", "drop-table:reports"),
            ("drop-column:reports.loc", "drop-column:reports.location"),
            ("drop-table", "drop-table:t"),
            ("drop-table:", "drop-table:t"),
            ("drop table:t", "drop table:t"),
        ] {
            assert!(!covers(allowed, risk), "{allowed} {risk}");
        }
    }
}
