//! Places in a text.

use std::hash::{Hash, Hasher};
use std::ops::Range;

/// The byte range of something in its text. It is empty if it wasn't written there. All places are
/// equal, so that comparing two trees ignores places.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextPlace {
    start: u32,
    end: u32,
}

impl TextPlace {
    /// The place from the byte `start` up to, but not including, the byte `end`.
    pub(crate) fn new(start: usize, end: usize) -> TextPlace {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        TextPlace { start: offset(start), end: offset(end) }
    }

    /// The byte range.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl PartialEq for TextPlace {
    fn eq(&self, _: &TextPlace) -> bool {
        true
    }
}

impl Eq for TextPlace {}

impl Hash for TextPlace {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
