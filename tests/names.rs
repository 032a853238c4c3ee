//! One thing has one name (STYLE.md): no identifier, message or key uses a word that the field
//! doesn't, and no name of a type means two things.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Words that are no part of an identifier in any case.
const NO_PART: &[&str] = &[
    "told",
    "untold",
    "mention",
    "mentions",
    "mentioned",
    "bring",
    "brings",
    "brought",
    "obstacle",
    "obstacles",
    "mistake",
    "mistakes",
    "settle",
    "settled",
    "unsettled",
    "beside",
    "thoroughly",
    "fate",
    "detach",
    "detached",
    "harmless",
    "stations",
    "unmodelled",
    "modelled",
    "wayback",
];

/// Identifiers that meant something of our own. As a part of another name they are plain words.
const NO_NAME: &[&str] = &[
    "chains",
    "passes",
    "passing",
    "Passing",
    "ahead",
    "Ahead",
    "narrow",
    "Narrow",
    "narrowing",
    "Loss",
    "passed",
    "standing",
    "Standing",
    "Work",
    "works",
    "breaks",
    "Breaks",
    "Known",
    "facts",
    "Facts",
    "row_time",
    "row_times",
    "way_back",
    "cant_compare",
    "not_modelled",
    "NotModelled",
];

/// Words of our own in what people read.
const NO_MESSAGE: &[&str] = &[
    "way back",
    "untold",
    "can't be told",
    "but for ",
    "regard case",
    "not modelled",
    "mistake",
    "this is no ",
    "this is nothing",
    " is no type",
    "finds no row",
    " beside ",
];

#[test]
fn no_name_and_no_message_is_in_words_of_our_own() {
    let mut found = Vec::new();
    for (path, stream) in sources() {
        let (mut names, mut texts) = (Vec::new(), Vec::new());
        collect(stream, &mut names, &mut texts);
        for name in names {
            let parts = parts(&name);
            if NO_NAME.contains(&&*name) || parts.iter().any(|part| NO_PART.contains(&&**part)) {
                found.push(format!("{}: {name}", path.display()));
            }
        }
        for text in texts {
            if NO_MESSAGE.iter().any(|words| text.to_lowercase().contains(words)) {
                found.push(format!("{}: {text}", path.display()));
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "STYLE.md has the words:\n{}", found.join("\n"));
}

/// Trees that repeat the names of the tree that they mirror.
const MIRRORS: &[&str] = &["normalize/select/resolved.rs"];

#[test]
fn no_two_types_that_other_modules_use_have_one_name() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, stream) in sources() {
        let path = path.display().to_string().replace('\\', "/");
        if !MIRRORS.contains(&&*path) {
            for name in types_for_others(stream) {
                files.entry(name).or_default().push(path.clone());
            }
        }
    }
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "two types, one name: {files:#?}");
}

/// The types that a file defines as `pub`, `pub(super)` and the like.
fn types_for_others(stream: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let word = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    let is_type = |word: &str| ["struct", "enum", "trait", "type"].contains(&word);
    let name_after_pub = |at: usize| {
        let within = matches!(tokens.get(at + 1), Some(TokenTree::Group(_)));
        let at = at + if within { 2 } else { 1 };
        is_type(&word(at)).then(|| word(at + 1))
    };
    (0..tokens.len()).filter(|at| word(*at) == "pub").filter_map(name_after_pub).collect()
}

/// The program's files with their tokens. Tests are left out: they name what people write.
fn sources() -> Vec<(PathBuf, TokenStream)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    assert!(files.len() > 200, "the sources are somewhere else");
    let read = |path: PathBuf| {
        let stream: TokenStream = fs::read_to_string(&path).unwrap().parse().unwrap();
        (path.strip_prefix(&root).unwrap().to_owned(), without_tests(stream))
    };
    files.into_iter().map(read).collect()
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "tests" || name.ends_with("_tests") || name == "test_client" {
            continue;
        } else if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What stands before `#[cfg(test)] mod`, which is the last of a file.
fn without_tests(stream: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let is_test = |token: &TokenTree| token.to_string().replace(' ', "") == "[cfg(test)]";
    let is_mod =
        |at: usize| matches!(tokens.get(at + 1), Some(TokenTree::Ident(word)) if word == "mod");
    let has_body = |at: usize| matches!(tokens.get(at + 3), Some(TokenTree::Group(_)));
    let end = (0..tokens.len()).find(|at| is_test(&tokens[*at]) && is_mod(*at) && has_body(*at));
    tokens.into_iter().take(end.unwrap_or(usize::MAX)).collect()
}

/// The identifiers and the texts of all tokens; comments of items are neither.
fn collect(stream: TokenStream, names: &mut Vec<String>, texts: &mut Vec<String>) {
    for token in stream.into_iter() {
        match token {
            TokenTree::Ident(word) => names.push(word.to_string()),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.ends_with('"') || text.ends_with('#') {
                    texts.push(text);
                }
            }
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comment = matches!(inner.first(), Some(TokenTree::Ident(it)) if it == "doc");
                if !is_comment {
                    collect(inner.into_iter().collect(), names, texts);
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// `TableChange` and `table_change` → `table`, `change`.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![String::new()];
    for char in name.chars() {
        if char == '_' || char.is_uppercase() {
            parts.push(String::new());
        }
        if char != '_' {
            parts.last_mut().unwrap().extend(char.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
