//! What the top level of a Python module assigns to a name.

use super::tokens::{PythonToken, statements};

/// What a name is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Assigned {
    /// `None`, a string, or a tuple or list of strings.
    Texts(Vec<String>),
    /// Something that is known only when it runs.
    Unknown,
}

/// What the name is set to in the end; `None` if the module's top level sets it nowhere.
pub(super) fn assigned(text: &str, name: &str) -> Option<Assigned> {
    let statements = statements(text);
    let last = statements.iter().rev().find_map(|statement| value(statement, name));
    last.map(|value| texts(value).map_or(Assigned::Unknown, Assigned::Texts))
}

/// The tokens that a statement assigns to a name. If it changes it in another way, they are those
/// of no value.
fn value<'s>(statement: &'s [PythonToken], name: &str) -> Option<&'s [PythonToken]> {
    let rest = match statement {
        [PythonToken::Word(word), rest @ ..] if word == name => rest,
        _ => return None,
    };
    let equals = rest.iter().position(|token| *token == PythonToken::Symbol('='))?;
    match rest.first() {
        Some(PythonToken::Symbol('=')) => Some(&rest[1..]),
        // `revision: str = …`
        Some(PythonToken::Symbol(':')) => Some(&rest[equals + 1..]),
        _ => Some(&[]),
    }
}

/// The strings of a value; none of `None`.
fn texts(value: &[PythonToken]) -> Option<Vec<String>> {
    if let [PythonToken::Word(word)] = value
        && word == "None"
    {
        return Some(Vec::new());
    }
    if let [PythonToken::Symbol(open), inner @ .., PythonToken::Symbol(close)] = value {
        return match (open, close) {
            ('(', ')') if is_one_group(inner) && inner.is_empty() => Some(Vec::new()),
            ('(', ')') if is_one_group(inner) && !inner.contains(&PythonToken::Symbol(',')) => {
                texts(inner)
            }
            ('(', ')') | ('[', ']') | ('{', '}') => items(inner),
            _ => None,
        };
    }
    items(value).filter(|items| !items.is_empty())
}

/// Whether the brackets around these tokens belong together.
fn is_one_group(inner: &[PythonToken]) -> bool {
    let mut depth = 0usize;
    for token in inner {
        match token {
            PythonToken::Symbol('(') => depth += 1,
            PythonToken::Symbol(')') => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

/// Strings between commas. Strings side by side are one.
fn items(tokens: &[PythonToken]) -> Option<Vec<String>> {
    let mut groups: Vec<&[PythonToken]> =
        tokens.split(|token| *token == PythonToken::Symbol(',')).collect();
    // A comma may follow the last one.
    if groups.last().is_some_and(|group| group.is_empty()) {
        groups.pop();
    }
    groups.into_iter().map(one_text).collect()
}

fn one_text(group: &[PythonToken]) -> Option<String> {
    let parts = group.iter().map(|token| match token {
        PythonToken::Text(text) => text.clone(),
        PythonToken::Word(_) | PythonToken::Symbol(_) => None,
    });
    let text: Option<String> = parts.collect();
    text.filter(|_| !group.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Assigned, assigned};

    fn of(text: &str) -> Option<Assigned> {
        assigned(text, "down_revision")
    }

    fn texts(texts: &[&str]) -> Option<Assigned> {
        Some(Assigned::Texts(texts.iter().map(|it| (*it).to_owned()).collect()))
    }

    #[test]
    fn every_usual_way_to_write_it_is_read() {
        for text in [
            "down_revision = 'a1'",
            "down_revision=\"a1\"  # the one before\r\n",
            "down_revision: str = \"a1\"",
            "down_revision: Union[str, Sequence[str], None] = 'a1'",
            "down_revision: str | None = \"\"\"a1\"\"\"",
            "\"\"\"Doc\n\ndown_revision = 'x'\n\"\"\"\n# down_revision = 'y'\ndown_revision = (\n    'a1'\n)\n",
            "down_revision = None\ndown_revision = r'a1'",
            "import x; down_revision = 'a' '1'; down = 2",
            "down_revision = \\\n    u'a1'",
            "\u{feff}down_revision = 'a1'\ndef upgrade():\n    down_revision = 'z'\n",
            "text = 'it\\'s'\ndown_revision = 'a1'\nif x:\n\tdown_revision = 2\n",
        ] {
            assert_eq!(of(text), texts(&["a1"]), "{text}");
        }
        for text in
            ["down_revision = None", "down_revision: str | None = None", "down_revision = ()"]
        {
            assert_eq!(of(text), texts(&[]), "{text}");
        }
        for text in [
            "down_revision = ('a', 'b')",
            "down_revision = 'a', 'b'",
            "down_revision = [\n    'a',  # ours\n    'b',\n]",
            "down_revision: tuple[str, ...] = (\"a\", \"b\",)",
        ] {
            assert_eq!(of(text), texts(&["a", "b"]), "{text}");
        }
        assert_eq!(of("down_revision = ('a',)"), texts(&["a"]));
    }

    #[test]
    fn what_only_a_run_could_tell_is_unknown() {
        for text in [
            "down_revision = base",
            "down_revision = f'{base}'",
            "down_revision = b'a'",
            "down_revision = other = 'a'",
            "down_revision = 'a' if x else 'b'",
            "down_revision += 'a'",
            "down_revision = ('a') + ('b')",
            "down_revision = ['a', base]",
            "down_revision = '\\x61'",
            "down_revision = 'a\ndown = 1",
            "down_revision, revision = 'a', 'b'",
            "down_revision =",
        ] {
            assert_eq!(of(text), Some(Assigned::Unknown), "{text}");
        }
        for text in ["", "revision = 'a'", "if x:\n    down_revision = 'a'", "down_revision", "'''"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
