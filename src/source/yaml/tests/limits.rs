//! Files that are too large, or become so.

use std::fmt::Write;
use std::io::{Seek, SeekFrom, Write as _};

use super::*;

#[test]
fn a_billion_laughs() {
    let mut text = "x-a: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "x-{level}: &a{level} [{aliases}]").unwrap();
    }
    text.push_str("tables: {}\n");
    let message = errors(&text);
    assert!(
        message.starts_with("error: the file expands to more than a schema can need\n"),
        "{message}"
    );
}

#[test]
fn a_great_many_aliases() {
    let text = format!("x-a: &a [1]\nx-b: [{}1]\ntables: {{}}\n", "*a, ".repeat(2_000_000));
    let message = errors(&text);
    assert!(
        message.starts_with("error: the file expands to more than a schema can need\n"),
        "{message}"
    );
    assert!(message.len() < 2_000, "{} bytes", message.len());
}

#[test]
fn very_deep_nesting() {
    let message = errors(&format!("x-a: {}\n", "[".repeat(100_000)));
    assert!(message.starts_with("error: "), "{message}");
    let mut text = String::from("x-a:\n");
    for depth in 1..300 {
        writeln!(text, "{}a:", " ".repeat(depth)).unwrap();
    }
    let message = errors(&text);
    assert!(message.starts_with("error: the file expands"), "{message}");
}

#[test]
fn a_file_of_100_mb_is_not_read() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.seek(SeekFrom::Start(100 << 20)).unwrap();
    file.write_all(b"\n").unwrap();
    let message = read(file.path()).unwrap_err().to_string();
    assert!(message.contains("has 100 MB; a schema file has at most 64 MB"), "{message}");
}

/// It has no size, and no end.
#[cfg(target_os = "linux")]
#[test]
fn a_device_is_not_read_forever() {
    let message = read(std::path::Path::new("/dev/zero")).unwrap_err().to_string();
    assert!(message.contains("a schema file has at most 64 MB"), "{message}");
}

#[test]
fn ten_thousand_tables_are_read() {
    let mut text = "tables:\n".to_owned();
    for table in 0..10_000 {
        writeln!(text, "  t{table}:\n    columns:").unwrap();
        for column in 0..12 {
            writeln!(text, "      c{column}: varchar(100) not null").unwrap();
        }
        writeln!(text, "    indexes:").unwrap();
        for index in 0..5 {
            writeln!(text, "      i{index}: [c{index}, c{} desc]", index + 1).unwrap();
        }
    }
    let loaded = read_text("schema.yaml", &text).unwrap();
    assert_eq!(loaded.schema.counts().indexes, 50_000);
}

#[test]
fn only_the_first_errors_are_shown() {
    let mut text = "tables:\n".to_owned();
    for table in 0..500 {
        writeln!(text, "  t{table}: {{ columns: {{ id: itn }} }}").unwrap();
    }
    let invalid = read_text("schema.yaml", &text).unwrap_err();
    assert_eq!(invalid.diagnostics.len(), 101);
    assert_eq!(invalid.diagnostics[100].title, "and 400 more errors");
}

#[test]
fn globs_that_are_nested_too_deeply() {
    let nested = format!("{}a{}", "{".repeat(300), "}".repeat(300));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.yaml");
    for text in [
        format!("ignore: {{ tables: ['{nested}'] }}\ntables: {{}}\n"),
        format!("ignore: {{ views: ['{nested}'] }}\ntables: {{}}\n"),
        format!("include: ['{nested}']\ntables: {{}}\n"),
    ] {
        std::fs::write(&path, text).unwrap();
        let message = read(&path).unwrap_err().to_string();
        let expected = "error: this glob is too long, or nested too deeply\n --> ";
        assert!(message.starts_with(expected), "{message}");
    }
}
