//! What the page says, that names stay text, and that it asks for nothing from outside.

use crate::compare::Comparison;
use crate::report::{ReportExtras, comparison_html};
use crate::source::yaml::read_text;

fn page(from: &str, to: &str) -> String {
    let [from, to] = [from, to].map(|text| read_text("schema.yaml", text).unwrap());
    let comparison = Comparison::new(from, to, None).unwrap();
    comparison_html(&comparison, &ReportExtras::default()).unwrap()
}

const OLD: &str = "server: mysql:8.4
tables:
  a: { columns: { id: int not null, gone: varchar(9) }, primary_key: [id] }
";
const NEW: &str = "server: mysql:8.4
tables:
  a: { columns: { id: bigint not null }, primary_key: [id] }
  b: { columns: { a: bigint }, foreign_keys: { fk: { columns: [a], references: a(id) } } }
";

#[test]
fn it_has_the_steps_their_risks_the_way_to_undo_them_and_both_definitions() {
    let page = page(OLD, NEW);
    for part in [
        "<span class=\"badge error\">destroys data</span>",
        "data-risks=\"drop-column",
        "<span class=\"sql-word\">ALTER</span>",
        "These statements restore the definition, but not",
        "<dt>locks</dt>",
        "<td class=\"new\"><code>",
        "<g class=\"node changed\" data-table=\"a\"",
        "<g class=\"edge added\">",
        "<option>drop-column</option>",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn it_is_the_same_each_time_and_asks_for_nothing() {
    let first = page(OLD, NEW);
    assert_eq!(first, page(OLD, NEW));
    for part in ["http://", "https://", "src=", "@import", "url("] {
        let rest = first.replace("http://www.w3.org/2000/svg", "");
        assert!(!rest.contains(part), "{part}");
    }
}

#[test]
fn what_is_in_sync_is_a_page_too() {
    let page = page(OLD, OLD);
    assert!(page.contains("<span class=\"badge ok\">in sync</span>"));
    assert!(!page.contains("id=\"steps\"") && !page.contains("<svg"));
}

#[test]
fn hostile_names_and_comments_stay_text() {
    let hostile = "server: mysql:8.4
tables:
  \"</script><img src=x onerror=alert(1)>\":
    comment: \"</style><script>alert(2)</script> \\e[31m \\u202e\"
    columns: { \"\\\" onload='alert(3)'\": \"varchar(9) default '</pre><b>'\" }
";
    let page = page("server: mysql:8.4\ntables: {}\n", hostile);
    assert!(
        !page.contains("<img") && !page.contains("alert(2)</script>") && !page.contains("<b>'")
    );
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert_eq!((page.matches("<script>").count(), page.matches("</script>").count()), (1, 1));
    assert!(page.contains("&#60;img src=x onerror=alert(1)&#62;"));
}

/// The policy names the script by what it hashes to, so a browser runs no other one.
#[test]
fn a_digest_is_written_as_browsers_expect_it() {
    for (bytes, text) in [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v")] {
        assert_eq!(super::base64(bytes), text);
    }
}
