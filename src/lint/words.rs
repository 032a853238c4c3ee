//! The words that a name consists of.

/// The words of a name, in lower case: `unit_price2` and `unitPrice2` are `unit` and `price`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        let starts = !before.is_alphabetic() || before.is_lowercase() && letter.is_uppercase();
        if letter.is_alphabetic() {
            match words.last_mut() {
                Some(word) if !starts => word.extend(letter.to_lowercase()),
                _ => words.push(letter.to_lowercase().collect()),
            }
        }
        before = letter;
    }
    words
}

/// Whether one of the words of a name is in the list.
pub(super) fn has_word(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_divided_at_underscores_digits_and_capitals() {
        for name in ["unit_price", "unitPrice", "UNIT_PRICE", "Unit-price2", "unit2price"] {
            assert_eq!(words(name), ["unit", "price"], "{name}");
        }
        assert_eq!(words("UnitID"), ["unit", "id"]);
        assert_eq!(words(""), [""; 0]);
        assert!(has_word("total_amount", &["amount"]) && !has_word("amounts", &["amount"]));
    }
}
