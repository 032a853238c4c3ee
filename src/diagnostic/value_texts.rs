//! Where the values of a file of maps are: which texts belong to an element whose key is known.

use super::Span;

/// The values of a YAML file, as its reader has them. Offsets are in bytes; a file has less than 4 GB.
#[derive(Debug, Clone, Default)]
pub struct ValueTexts {
    /// Each value that is no map and no list, in the order of the file.
    values: Vec<(u32, u32)>,
    /// The start of each key, and the end of the last value under it, in the order of the file.
    entries: Vec<(u32, u32)>,
}

impl ValueTexts {
    /// Adds a value. Values are added in the order of the file.
    pub fn add_value(&mut self, start: usize, end: usize) {
        self.values.push((short(start), short(end)));
    }

    /// Adds a key, whose value isn't added yet. Keys are added in the order of the file.
    pub fn begin_entry(&mut self, start: usize) -> usize {
        self.entries.push((short(start), short(start)));
        self.entries.len() - 1
    }

    /// Says that the values of a key that was begun have all been added.
    pub fn end_entry(&mut self, entry: usize) {
        let end = self.values.last().map_or(0, |(_, end)| *end);
        if let Some((_, last)) = self.entries.get_mut(entry) {
            *last = end.max(*last);
        }
    }

    /// The values under the key at this place; `None` if no key is there.
    pub(super) fn under(&self, key: Span) -> Option<impl Iterator<Item = Span> + '_> {
        let at = self.entries.binary_search_by_key(&short(key.start), |(start, _)| *start).ok()?;
        let (_, end) = *self.entries.get(at)?;
        let first = self.values.partition_point(|(start, _)| *start < short(key.end));
        let values = self.values.get(first..).unwrap_or_default().iter();
        let of_key = values.take_while(move |(_, last)| *last <= end);
        Some(of_key.map(move |(start, end)| Span {
            file: key.file,
            start: *start as usize,
            end: *end as usize,
        }))
    }
}

/// An offset as it is stored.
fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
