//! Names and texts to choose from.

const NAMES: [&str; 16] = [
    "a",
    "title",
    "order",
    "with space ",
    "back`tick",
    "quo'te",
    "dou\"ble",
    "dot.ted",
    "semi;colon -- x",
    "per%cent",
    "größe",
    "UPPER",
    "#hash",
    "yes: no",
    "back\\slash",
    "1e",
];

const COMMENTS: [&str; 12] = [
    "",
    "",
    "",
    "plain",
    "it's \"quoted\"",
    "back\\slash",
    "two\nlines",
    "größer – 長い",
    "# no comment: -- nor this; /* nor that */",
    " leading and trailing ",
    "100% `ticked`",
    "\ttab",
];

/// A name that is unique to the number.
pub fn name(choice: u8, id: u32) -> String {
    format!("{}{id}", NAMES[usize::from(choice) % NAMES.len()])
}

/// A comment, usually empty.
pub fn comment(choice: u8) -> String {
    COMMENTS[usize::from(choice) % COMMENTS.len()].to_owned()
}
