//! The part of a stream that is in memory, and its position.

use std::io::{self, BufRead};

const CHUNK: usize = 64 << 10;

pub(super) struct Window<R> {
    reader: R,
    bytes: Vec<u8>,
    at: usize,
    /// The position of the next byte: line and column, counted from 1, the column in bytes.
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<R: BufRead> Window<R> {
    pub(super) fn new(reader: R) -> Self {
        Window { reader, bytes: Vec::new(), at: 0, line: 1, column: 1 }
    }

    pub(super) fn peek(&mut self, offset: usize) -> io::Result<Option<u8>> {
        while self.at + offset >= self.bytes.len() {
            if !self.refill()? {
                return Ok(None);
            }
        }
        Ok(self.bytes.get(self.at + offset).copied())
    }

    fn refill(&mut self) -> io::Result<bool> {
        if self.at >= CHUNK {
            self.bytes.drain(..self.at);
            self.at = 0;
        }
        let chunk = self.reader.fill_buf()?;
        let length = chunk.len();
        self.bytes.extend_from_slice(chunk);
        self.reader.consume(length);
        Ok(length > 0)
    }

    /// Consumes one byte that was peeked at.
    pub(super) fn advance(&mut self) {
        let Some(byte) = self.bytes.get(self.at) else { return };
        self.at += 1;
        if *byte == b'\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
    }

    /// Consumes bytes that were peeked at.
    pub(super) fn skip(&mut self, bytes: usize) {
        for _ in 0..bytes {
            self.advance();
        }
    }

    pub(super) fn starts_with(&mut self, wanted: &[u8]) -> io::Result<bool> {
        for (offset, byte) in wanted.iter().enumerate() {
            if self.peek(offset)? != Some(*byte) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The next bytes, at most `most`.
    pub(super) fn upcoming(&mut self, most: usize) -> io::Result<Vec<u8>> {
        self.peek(most.saturating_sub(1))?;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        Ok(rest.get(..most.min(rest.len())).unwrap_or_default().to_vec())
    }

    pub(super) fn skip_byte_order_mark(&mut self) -> io::Result<()> {
        if self.line == 1 && self.column == 1 && self.starts_with(b"\xEF\xBB\xBF")? {
            self.at += 3;
        }
        if self.line == 1 && self.column == 1 && self.is_utf16()? {
            let message = "the file is UTF-16; save it as UTF-8";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(())
    }

    /// Whether the next bytes are UTF-16, with or without a byte order mark.
    fn is_utf16(&mut self) -> io::Result<bool> {
        if self.starts_with(b"\xFF\xFE")? || self.starts_with(b"\xFE\xFF")? {
            return Ok(true);
        }
        let upcoming = self.upcoming(4)?;
        let is_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        Ok(matches!(*upcoming, [a, 0, b, 0] | [0, a, 0, b] if is_text(a) && is_text(b)))
    }

    /// Consumes the bytes of the window that mean nothing in any state.
    pub(super) fn skip_run(&mut self, plain: &[bool]) -> &[u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_plain = |byte: &u8| plain.get(usize::from(*byte)).copied().unwrap_or(false);
        let length = rest.iter().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        self.column += length;
        self.bytes.get(start..self.at).unwrap_or_default()
    }
}
