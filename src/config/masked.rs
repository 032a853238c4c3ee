//! The text of `driftline.toml` as messages show it: without anything that may be a password.

use crate::diagnostic::near_name;

/// Every key of the file.
const KEYS: [&str; 6] = ["schema", "generated", "history", "env", "url_env", "protected"];

/// The same text, in which a value that may hold a password is `***`. All places stay the same, so
/// that a message can point into it. A text that isn't valid TOML is masked too.
pub(super) fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(masked_line).collect()
}

/// Whether a text may hold a password: it looks like a URL or an account.
pub(super) fn may_hold_password(text: &str) -> bool {
    text.contains("://") || text.contains('@')
}

/// A line as it is, if it assigns a plain value to a key of the file or nearly one, and isn't a URL.
fn masked_line(line: &str) -> String {
    let content = line.trim();
    let is_known = match content.split_once('=') {
        Some((keys, value)) => {
            let key = keys.rsplit('.').next().unwrap_or_default().trim();
            near_name(key, KEYS).is_some() && !value.contains('{')
        }
        None => content.is_empty() || content.starts_with(['#', '[']),
    };
    if is_known && !may_hold_password(line) {
        return line.to_owned();
    }
    let start = match line.find('=') {
        Some(sign) if !may_hold_password(&line[..sign]) => {
            let after = &line[sign + 1..];
            sign + 1 + (after.len() - after.trim_start_matches([' ', '\t']).len())
        }
        _ => 0,
    };
    let end = start.max(line.trim_end().len());
    let (before, after) = (&line[..start], &line[end..]);
    let width = end - start;
    // Only spaces fill what is left, so that the length isn't shown.
    let mask = format!("{:<width$}", &"***"[..width.min(3)]);
    format!("{before}{mask}{after}")
}
