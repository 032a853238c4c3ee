use std::path::Path;

use super::read::read_text;
use super::{Config, InvalidConfig};
use crate::diagnostic::render;

fn read(text: &str) -> Result<Config, InvalidConfig> {
    read_text(Path::new("driftline.toml"), text)
}

fn refused(text: &str) -> String {
    let InvalidConfig { diagnostics, files } = read(text).unwrap_err();
    let texts: Vec<String> = diagnostics.iter().map(|it| render(it, &files, false)).collect();
    // A masked value is followed by spaces.
    texts.join("\n").lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn everything_is_optional() {
    assert_eq!(read("").unwrap().environments(), []);
    let config = read(
        "schema = 'db/schema.yaml'\ngenerated = 'db/migrations'\nhistory = 'shop'\n\
         [env.dev]\n[env.prod]\nurl_env = 'PROD_URL'\nprotected = true\n",
    )
    .unwrap();
    assert_eq!(config.schema_or_default(), Path::new("db/schema.yaml"));
    assert_eq!(config.generated.as_deref(), Some(Path::new("db/migrations")));
    assert_eq!(config.history.migrations, "shop_migrations");
    let dev = config.environment(Some("dev")).unwrap();
    assert_eq!((dev.url_variable(), dev.is_protected()), ("DATABASE_URL", false));
    let prod = config.environment(Some("prod")).unwrap();
    assert_eq!((prod.url_variable(), prod.is_protected()), ("PROD_URL", true));
    assert_eq!(config.environment(None).unwrap().name(), None);
    let unknown = config.environment(Some("prd")).unwrap_err().to_string();
    insta::assert_snapshot!(unknown, @"there is no environment `prd` in driftline.toml; did you mean `prod`? (it has `dev` and `prod`)");
}

#[test]
fn an_unknown_key_is_an_error_at_its_place() {
    insta::assert_snapshot!(refused("shema = 'a.yaml'\nfoo = 1\n[env.prod]\nprotcted = true\n"), @r"
error: driftline.toml has no key `shema`
 --> driftline.toml:1:1
  |
1 | shema = 'a.yaml'
  | ^^^^^ did you mean `schema`?

error: driftline.toml has no key `foo`
 --> driftline.toml:2:1
  |
2 | foo = *
  | ^^^
  |
  = help: known are `schema`, `generated`, `baseline`, `history`, `env` and `graph`

error: an environment has no key `protcted`
 --> driftline.toml:4:1
  |
4 | protcted = true
  | ^^^^^^^^ did you mean `protected`?
");
}

#[test]
fn a_value_of_another_kind_is_an_error() {
    insta::assert_snapshot!(
        refused("schema = 1\nhistory = 'a-b'\nenv.dev = 1\nenv.prod.url_env = 'A B'\nenv.prod.protected = 'yes'\n"),
        @r#"
error: `schema` is a text, the path of a file or folder
 --> driftline.toml:1:10
  |
1 | schema = 1
  |          ^

error: `history` can have letters from A to Z, digits and `_` only
 --> driftline.toml:2:11
  |
2 | history = 'a-b'
  |           ^^^^^

error: environment `dev` is a section: write `[env.dev]`
 --> driftline.toml:3:5
  |
3 | env.dev = *
  |     ^^^
  |
  = help: write `url_env = "NAME"`, the name of the variable that holds the URL; the variable may be in .env, which belongs in .gitignore

error: the name of a variable has letters from A to Z, digits and `_`, and begins with no digit
 --> driftline.toml:4:20
  |
4 | env.prod.url_env = 'A B'
  |                    ^^^^^

error: `protected` is true or false
 --> driftline.toml:5:22
  |
5 | env.prod.protected = 'yes'
  |                      ^^^^^
"#
    );
}

#[test]
fn a_file_of_another_folder_is_refused() {
    insta::assert_snapshot!(refused("schema = 'schema.txt'\nschema2 = 1"), @r"
error: driftline.toml has no key `schema2`
 --> driftline.toml:2:1
  |
2 | schema2 = 1
  | ^^^^^^^ did you mean `schema`?
");
    let said = refused("generated = '../other'");
    assert!(said.contains("the folder of the main file"), "{said}");
}

#[test]
fn no_password_is_shown() {
    insta::assert_snapshot!(refused("[env.prod]\nurl = 'mysql://root:s3cret@db/shop'\n"), @r#"
error: `url` can hold a password, which must not be in driftline.toml
 --> driftline.toml:2:1
  |
2 | url = ***
  | ^^^
  |
  = help: write `url_env = "NAME"`, the name of the variable that holds the URL; the variable may be in .env, which belongs in .gitignore
"#);
    for text in [
        "[env.prod]\nurl_env = 'mysql://root:s3cret@db/shop'\n",
        "[env.prod]\npassword = 's3cret'\n",
        "[env.prod]\nwordpass = 's3cret'\n",
        "env.prod.password = 's3cret'\n",
        "env = { prod = { password = 's3cret' } }\n",
        "env = { prod = { url_env = 'P', wordpass = 's3cret' } }\n",
        "[env]\nprod = 'mysql://root:s3cret@db/shop'\n",
        "[env]\nprod = 's3cret'\n",
        "schema = 'mysql://root:s3cret@db/shop'\n",
        "url = mysql://root:s3cret@db/shop\n",
        "url mysql://root:s3cret@db/shop\n",
        "[env.prod]\nurl = 'mysql://root:s3cret@db/shop\n",
        "password = '''\ns3cret\n",
        "'mysql://root:s3cret@db/shop' = 1\n",
        "[env.'mysql://root:s3cret@db/shop']\n",
    ] {
        let said = refused(text);
        assert!(!said.contains("s3cret") && said.contains("driftline.toml"), "{text}{said}");
    }
}

#[test]
fn a_syntax_error_is_at_its_place() {
    insta::assert_snapshot!(refused("schema = 'a.yaml'\n[env.prod\nprotected = true\n"), @r"
error: syntax error: unclosed table, expected `]`
 --> driftline.toml:2:10
  |
2 | [env.prod
  |          ^
");
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_change_nothing() {
    let config = read("\u{feff}schema = 'a.yaml'\r\n[env.dev]\r\nurl_env = 'DEV_URL'\r\n").unwrap();
    assert_eq!(config.schema_or_default(), Path::new("a.yaml"));
    assert_eq!(config.environments().len(), 1);
}

const SECRET: &str = "mysql://root:s3cret@db/shop";

/// A file in which a few characters are put, taken away and exchanged, and the URL once somewhere.
fn changed(changes: &[(usize, char)], at: usize) -> String {
    let mut text: Vec<char> =
        "schema = 'a.yaml'\n# of all\n[env.dev]\nurl_env = \"DEV\"\n[env.prod]\nprotected = true\n"
            .chars()
            .collect();
    for (place, char) in changes {
        let place = place % text.len();
        match place % 3 {
            0 => text.insert(place, *char),
            1 => text[place] = *char,
            _ => drop(text.remove(place)),
        }
    }
    let at = at % text.len();
    text[..at].iter().chain(&SECRET.chars().collect::<Vec<_>>()).chain(&text[at..]).collect()
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_or_show_a_password(
        changes in proptest::collection::vec(
            (0_usize..1000, proptest::sample::select("\"'[]={}.,#\n\\ é\u{1b}ax1".chars().collect::<Vec<_>>())),
            0..12,
        ),
        at in 0_usize..1000,
    ) {
        let text = changed(&changes, at);
        if let Err(InvalidConfig { diagnostics, files }) = read(&text) {
            for diagnostic in &diagnostics {
                let shown = render(diagnostic, &files, true);
                assert!(!shown.contains("s3cret"), "{text}\n{shown}");
            }
        }
    }
}
