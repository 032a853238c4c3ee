//! The marks that git leaves in a file that two branches changed.

/// The two texts of a file in which git has left conflict markers: with the lines of the one branch,
/// and with those of the other. `None` if there are no markers, or if they are incomplete.
pub fn sides(text: &str) -> Option<[String; 2]> {
    let mut sides = [String::new(), String::new()];
    let mut place = Place::Both;
    let mut has_markers = false;
    for line in text.split_inclusive('\n') {
        let is_marker = |mark: &str| {
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']))
        };
        place = match place {
            Place::Both if is_marker("<<<<<<<") => Place::Ours,
            Place::Ours if is_marker("|||||||") => Place::Base,
            Place::Ours | Place::Base if is_marker("=======") => Place::Theirs,
            Place::Theirs if is_marker(">>>>>>>") => {
                has_markers = true;
                Place::Both
            }
            _ => {
                if matches!(place, Place::Both | Place::Ours) {
                    sides[0].push_str(line);
                }
                if matches!(place, Place::Both | Place::Theirs) {
                    sides[1].push_str(line);
                }
                continue;
            }
        };
    }
    (has_markers && place == Place::Both).then_some(sides)
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside of the markers.
    Both,
    Ours,
    /// What was there before both; written if `merge.conflictStyle` is `diff3`.
    Base,
    Theirs,
}

#[cfg(test)]
mod tests {
    use super::sides;

    #[test]
    fn both_sides_are_taken_apart() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| 1234\nold\n=======\nc\n>>>>>>> other\nd\n";
        assert_eq!(sides(text), Some(["a\nb\nd\n".to_owned(), "a\nc\nd\n".to_owned()]));
        let text = "<<<<<<< HEAD\r\nb\r\n=======\r\n>>>>>>> other";
        assert_eq!(sides(text), Some(["b\r\n".to_owned(), String::new()]));
        assert_eq!(sides("a\n"), None);
        assert_eq!(sides("<<<<<<< HEAD\na\n=======\nb\n"), None);
    }
}
