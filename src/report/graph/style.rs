//! The style of a diagram as SVG.

/// The rules, with a variable for each colour.
const RULES: &str = include_str!("diagram.css");

/// The colours: the variable, on a light page and on a dark one.
const COLOURS: [(&str, &str, &str); 12] = [
    ("--ground", "#ffffff", "#0d1117"),
    ("--text", "#1f2328", "#e6edf3"),
    ("--muted", "#59636e", "#9da7b3"),
    ("--border", "#c8d1da", "#3d444d"),
    ("--head", "#eff2f5", "#1e252e"),
    ("--line", "#818b98", "#7d8794"),
    ("--added", "#116329", "#56d364"),
    ("--added-ground", "#dafbe1", "#12321c"),
    ("--removed", "#b81f2a", "#ff9d94"),
    ("--removed-ground", "#ffebe9", "#42171b"),
    ("--changed", "#7d4e00", "#e3b341"),
    ("--changed-ground", "#fff5c9", "#372a08"),
];

/// The style in a file. It has no variables, because programs that aren't browsers know none.
pub(super) fn of_file() -> String {
    let rules = |colour: fn(&(&str, &'static str, &'static str)) -> &'static str| {
        COLOURS.iter().fold(RULES.to_owned(), |rules, it| {
            rules.replace(&format!("var({})", it.0), colour(it))
        })
    };
    let (light, dark) = (rules(|it| it.1), rules(|it| it.2));
    format!("{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

/// The style in a page, and the variables, of which the page may use those that it likes.
pub(in crate::report) fn of_page() -> String {
    let colours = COLOURS
        .iter()
        .map(|(name, light, dark)| format!("  {name}: light-dark({light}, {dark});\n"));
    format!(":root {{\n  color-scheme: light dark;\n{}}}\n{RULES}", colours.collect::<String>())
}
