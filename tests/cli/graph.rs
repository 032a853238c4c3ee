//! `driftline graph`: what is drawn, and what is refused.

use std::fs;
use std::path::Path;

use crate::{EXAMPLE, ROOT, SMALL, driftline, project};

#[test]
fn a_source_or_the_schema_file_is_drawn() {
    let root = Path::new(ROOT);
    let (code, svg, err) = driftline(root, &["graph"]);
    assert_eq!((code, err.as_str()), (0, ""));
    roxmltree::Document::parse(&svg).unwrap();
    let (code, dot, _) = driftline(root, &["graph", EXAMPLE, "--format", "dot"]);
    assert!(code == 0 && dot.starts_with("digraph schema {"), "{dot}");
    let (code, text, _) = driftline(
        root,
        &["graph", "--format", "mermaid", "--diff", EXAMPLE, "--columns", "changed"],
    );
    assert!(code == 0 && text.contains("classDef changed"), "{text}");
}

#[test]
fn tables_are_chosen_by_name_by_glob_and_by_view() {
    let folder = project(
        "tables:\n  a: { columns: { id: int } }\n  ab: { columns: { id: int } }\n  c: { columns: { id: int } }\n",
    );
    let views = "[graph.views]\nfirst = [\"a*\"]\nwrong = \"a\"\n";
    let write = |text: &str| fs::write(folder.path().join("driftline.toml"), text).unwrap();
    let run = |args: &[&str]| {
        driftline(folder.path(), &[&["graph", "--format", "mermaid"], args].concat())
    };
    assert_eq!(run(&["--only", "a*"]).1.matches("[\"a").count(), 2);
    assert_eq!(run(&["--focus", "C"]).1.matches("[\"").count(), 1);
    for (args, message) in [
        (["--focus", "abc"], "there is no table `abc`; did you mean `ab`?"),
        (["--only", "x*"], "no table is named like `x*`"),
        (["--view", "first"], "driftline.toml has no views"),
    ] {
        let (code, out, err) = run(&args);
        assert!(code == 2 && out.is_empty() && err.contains(message), "{code} {err}");
    }
    write(views);
    let (code, _, err) = run(&["--view", "first"]);
    assert!(code == 2 && err.contains("a view is a list"), "{err}");
    write(&views.replace("\"a\"\n", "[\"c\"]\n"));
    assert_eq!(run(&["--view", "first"]).1.matches("[\"a").count(), 2);
    let (code, _, err) = run(&["--view", "second"]);
    assert!(code == 2 && err.contains("it has `first` and `wrong`"), "{err}");
}

#[test]
fn nothing_but_the_diagram_is_on_standard_output() {
    let folder = project(SMALL);
    fs::write(folder.path().join("empty.sql"), "").unwrap();
    let (code, out, err) = driftline(folder.path(), &["graph", "empty.sql"]);
    assert!(code == 0 && out.starts_with("<?xml"), "{out}{err}");
}
