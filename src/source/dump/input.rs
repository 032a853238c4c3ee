//! Where SQL is read from.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

/// A source of SQL that the command line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Standard,
    /// A file, a pipe or anything else that can be read like one.
    File(PathBuf),
    /// A folder of files.
    Folder(PathBuf),
}

impl Input {
    /// How messages name it.
    pub fn label(&self) -> String {
        match self {
            Input::Standard => "standard input".to_owned(),
            Input::File(path) | Input::Folder(path) => path.display().to_string(),
        }
    }
}

/// Opens a file or a pipe.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let file = File::open(path)?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
    unpacked(file, !is_regular)
}

/// Opens a file that another one names. A pipe or device is refused, because reading it may never
/// end.
pub(super) fn open_regular(path: &Path) -> io::Result<Box<dyn BufRead>> {
    // Opening a pipe would wait for its writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it isn't a regular file"));
    }
    unpacked(File::open(path)?, false)
}

/// Opens standard input.
pub(super) fn open_standard() -> io::Result<Box<dyn BufRead>> {
    unpacked(io::stdin(), true)
}

/// The first bytes of formats that are not read, and their names.
const PACKED: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\xfd7zXZ\0", "compressed with xz"),
    (b"BZh", "compressed with bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x04\x22\x4d\x18", "compressed with lz4"),
];

/// Unpacks gzip; other formats are refused by name. An empty pipe is an error, because the program
/// that should have written to it failed.
fn unpacked(reader: impl io::Read + 'static, is_pipe: bool) -> io::Result<Box<dyn BufRead>> {
    let mut beginning = Vec::new();
    let mut reader = reader;
    reader.by_ref().take(8).read_to_end(&mut beginning)?;
    if beginning.is_empty() && is_pipe {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is empty"));
    }
    let packed = PACKED.iter().find(|(magic, _)| beginning.starts_with(magic));
    if let Some((_, format)) = packed {
        let message = format!("it is {format}; unpack it first");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let is_gzip = beginning.starts_with(b"\x1f\x8b");
    let whole = BufReader::with_capacity(1 << 16, io::Cursor::new(beginning).chain(reader));
    if is_gzip {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(whole))));
    }
    Ok(Box::new(whole))
}
