//! What a migration may do, as the header of its file or `--allow` names it.

use globset::{Glob, GlobMatcher};

/// A name, or a pattern of names in which `*` stands for any letters.
#[derive(Debug, Clone)]
struct NamePattern {
    text: String,
    /// `None` if it is no pattern; it still is itself.
    glob: Option<GlobMatcher>,
}

impl NamePattern {
    fn of(text: &str) -> NamePattern {
        let glob = Glob::new(text).ok().map(|glob| glob.compile_matcher());
        NamePattern { text: text.to_owned(), glob }
    }

    fn has(&self, name: &str) -> bool {
        self.text == name || self.glob.as_ref().is_some_and(|glob| glob.is_match(name))
    }
}

/// What a run may do, by names such as `drop-column:reports.location` and `out-of-order:VERSION`.
#[derive(Debug, Clone)]
pub struct Allowed {
    names: Vec<NamePattern>,
}

impl Allowed {
    /// Reads the names.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a String>) -> Allowed {
        Allowed { names: names.into_iter().map(|name| NamePattern::of(name)).collect() }
    }

    /// Whether the name is allowed.
    pub fn allows(&self, name: &str) -> bool {
        self.names.iter().any(|it| it.has(name))
    }
}

/// Risks that are accepted: a kind, and a name or a pattern of names.
#[derive(Debug, Clone)]
pub struct AllowedRisk {
    kind: String,
    element: NamePattern,
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
        Some(AllowedRisk { kind: kind.to_owned(), element: NamePattern::of(element) })
    }

    /// The kind of the risks: `drop-column`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether a risk is accepted, by its name: `drop-column:reports.location`.
    pub fn covers(&self, risk: &str) -> bool {
        let Some((kind, element)) = risk.split_once(':') else { return false };
        kind == self.kind && self.element.has(element)
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowed, AllowedRisk};

    #[test]
    fn permission_is_by_name_or_pattern() {
        let names = ["drop-column:t.*", "drop-table:u", "drop-table:a[b"].map(str::to_owned);
        let allowed = Allowed::of(&names);
        for name in ["drop-column:t.a", "drop-table:u", "drop-table:a[b"] {
            assert!(allowed.allows(name), "{name}");
        }
        assert!(!allowed.allows("drop-table:t") && !allowed.allows("drop-column:u.a"));
        assert!(Allowed::of(&["*:*".to_owned()]).allows("drop-table:t"));
    }

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
