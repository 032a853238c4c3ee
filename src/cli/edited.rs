//! Files that were changed by a machine: shown, and written.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::error::{Result, bail};
use super::files;
use super::output::Output;
use crate::report;
use crate::source::yaml::EditedText;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Prints what changes.
pub(super) fn print_edits(edited: &[EditedText], output: &Output) -> Result<()> {
    for file in edited {
        output.text(&report::text_diff(&file.name, &file.before, &file.after))?;
    }
    Ok(())
}

/// Writes the files: all of them, or none. A file that isn't what was read any longer isn't
/// overwritten.
pub(super) fn write_edits(edited: &[EditedText]) -> Result<()> {
    let mut texts = Vec::new();
    for file in edited {
        let path = Path::new(&file.name);
        files::refuse_link(path)?;
        let now =
            fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
        let mark = now.strip_prefix(BYTE_ORDER_MARK);
        if mark.unwrap_or(&now) != &*file.before {
            bail!("{} was changed by somebody else; nothing was written", path.display());
        }
        let mark = if mark.is_some() { BYTE_ORDER_MARK.to_string() } else { String::new() };
        texts.push((path, format!("{mark}{}", file.after), now));
    }
    for (place, (path, new, _)) in texts.iter().enumerate() {
        let Err(error) = files::replace(path, new) else { continue };
        for (path, _, old) in texts.iter().take(place) {
            files::replace(path, old)?;
        }
        return Err(error.into());
    }
    Ok(())
}
