//! Compares two texts of SHOW CREATE TABLE, independently of the code that is tested.

/// The text without the table's next AUTO_INCREMENT value.
pub fn without_auto_increment(text: &str) -> String {
    let Some(start) = text.rfind(" AUTO_INCREMENT=") else { return text.to_owned() };
    let after = &text[start + " AUTO_INCREMENT=".len()..];
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}{rest}", &text[..start])
}
