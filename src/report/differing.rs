//! Two texts that differ, each on one line and short enough to be read, so that the difference shows.

use super::one_line;

/// The maximum number of characters that are shown of one text.
const SHOWN_CHARACTERS: usize = 160;

/// The number of characters that are shown before the first that differs, if the beginning is left
/// out.
const BEFORE: usize = 40;

/// The two texts, each on one line and shortened if it is long. What is shown of them differs if they
/// differ.
pub(super) fn shown_pair(from: &str, to: &str) -> [String; 2] {
    let both = [from, to].map(on_one_line);
    let same = both[0].chars().zip(both[1].chars()).take_while(|(one, other)| one == other).count();
    let is_long = both.iter().any(|text| text.chars().count() > SHOWN_CHARACTERS);
    let start = if is_long && same >= SHOWN_CHARACTERS { same - BEFORE } else { 0 };
    let shown = both.map(|text| cut(&text, start));
    if from == to || one_line(&shown[0]) != one_line(&shown[1]) {
        return shown;
    }
    // They differ in white space or in what is shown escaped.
    let place = from.chars().zip(to.chars()).take_while(|(one, other)| one == other).count();
    let at = |text: &str| match text.chars().nth(place) {
        Some(character) => {
            format!("character {} is U+{:04X}", place + 1, u32::from(character))
        }
        None => format!("ends after {place} characters"),
    };
    let [old, new] = shown;
    [format!("{old} ({})", at(from)), format!("{new} ({})", at(to))]
}

/// A text of one line as it is, and others with single spaces for all white space.
fn on_one_line(text: &str) -> String {
    if !text.contains('\n') && text.chars().count() <= SHOWN_CHARACTERS {
        return text.to_owned();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The characters from `start` on, with `…` where something is left out.
fn cut(text: &str, start: usize) -> String {
    let mut rest = text.chars().skip(start);
    let shown: String = rest.by_ref().take(SHOWN_CHARACTERS).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if rest.next().is_some() { "…" } else { "" };
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::shown_pair;

    fn differs(from: &str, to: &str) -> [String; 2] {
        let shown = shown_pair(from, to);
        let lines = shown.each_ref().map(|text| crate::report::one_line(text));
        assert_ne!(lines[0], lines[1], "{from:?} {to:?}");
        assert!(lines.iter().all(|line| line.chars().count() < 220), "{lines:?}");
        shown
    }

    #[test]
    fn what_is_shown_of_two_texts_differs_as_they_do() {
        assert_eq!(differs("a", "b"), ["a", "b"]);
        let long = "x".repeat(500);
        differs(&format!("{long}a"), &format!("{long}b"));
        differs(&long, &format!("{long}b"));
        differs(&format!("{long}a"), &long);
        differs(&format!("a{long}"), &format!("b{long}"));
        differs(&format!("{}a", "x".repeat(159)), &format!("{}b", "x".repeat(159)));
        differs(&format!("{}a", "x".repeat(160)), &"x".repeat(160));
        differs("select 1,\n 2", "select 1,\n  2");
        differs("a\u{1b}", "a\\u{1b}");
        differs("a\n", "a");
        differs("\r", "\n");
    }
}
