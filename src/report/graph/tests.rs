//! What a diagram shows, and that each format is what it says.

use super::*;
use crate::compare::Comparison;
use crate::source::yaml::read_text;

const SHOP: &str = "server: mysql:8.4
tables:
  users:
    columns: { id: int not null, email: varchar(200) not null, name: varchar(100) }
    primary_key: [id]
  orders:
    columns: { id: int not null, user_id: int not null, coupon_id: int, before_id: int }
    primary_key: [id]
    foreign_keys:
      fk_user: { columns: [user_id], references: users(id) }
      fk_coupon: { columns: [coupon_id], references: coupons(id) }
      fk_before: { columns: [before_id], references: orders(id) }
  coupons: { columns: { id: int not null }, primary_key: [id] }
  settings: { columns: { k: int } }
";

const CHANGED_SHOP: &str = "server: mysql:8.4
tables:
  users:
    columns: { id: int not null, email: varchar(100) not null, city: varchar(9) }
    primary_key: [id]
    indexes: { ix_city: [city] }
  orders:
    columns: { id: int not null, user_id: int not null, before_id: int }
    primary_key: [id]
    foreign_keys:
      fk_user: { columns: [user_id], references: users(id), on_delete: cascade }
      fk_before: { columns: [before_id], references: orders(id) }
  parcels:
    columns: { order_id: int not null }
    primary_key: [order_id]
    foreign_keys: { fk_order: { columns: [order_id], references: orders(id) } }
  settings: { columns: { k: int } }
";

/// Names and comments with everything that ends something in one of the formats.
const HOSTILE: &str = r##"server: mysql:8.4
tables:
  "</script><img src=x onerror=alert(1)>":
    comment: "]]> <b>x</b> \e[31m"
    columns: { "a\"b%c#d;e": int not null, "x y`{}": varchar(20), "ü\u202e\uffff\n": "enum('</svg>','\"')" }
    primary_key: ["a\"b%c#d;e"]
  "t & 'two' \\":
    columns: { id: int, "r--]": int not null }
    foreign_keys:
      "f<k>": { columns: ["r--]"], references: "`</script><img src=x onerror=alert(1)>`(`a\"b%c#d;e`)" }
"##;

fn compared(from: &str, to: &str) -> Comparison {
    let [from, to] = [from, to].map(|text| read_text("schema.yaml", text).unwrap());
    Comparison::new(from, to, None).unwrap()
}

fn options(start: DiagramStart, depth: usize) -> DiagramOptions {
    DiagramOptions { start, depth, columns: DiagramColumns::Keys, each: false }
}

fn everything(text: &str) -> Diagram {
    diagram(&compared(text, text), &options(DiagramStart::Everything, 0))
}

fn changed() -> Diagram {
    diagram(&compared(SHOP, CHANGED_SHOP), &options(DiagramStart::Changed, 1))
}

fn names(diagram: &Diagram) -> Vec<&str> {
    diagram.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn a_small_schema_in_each_format() {
    let diagram = everything(SHOP);
    insta::assert_snapshot!("small_svg", diagram_svg(&diagram).replace(&style::of_file(), ""));
    insta::assert_snapshot!("small_mermaid", diagram_mermaid(&diagram));
    insta::assert_snapshot!("small_dot", diagram_dot(&diagram));
}

#[test]
fn a_difference_in_each_format() {
    let diagram = changed();
    insta::assert_snapshot!("changed_svg", diagram_svg(&diagram).replace(&style::of_file(), ""));
    insta::assert_snapshot!("changed_mermaid", diagram_mermaid(&diagram));
    insta::assert_snapshot!("changed_dot", diagram_dot(&diagram));
}

#[test]
fn hostile_names_stay_text_in_each_format() {
    let all = DiagramColumns::All;
    let comparison = compared(HOSTILE, HOSTILE);
    let options = DiagramOptions { columns: all, ..options(DiagramStart::Everything, 0) };
    let diagram = diagram(&comparison, &options);
    let svg = diagram_svg(&diagram);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let elements: std::collections::BTreeSet<&str> = document
        .descendants()
        .filter(|it| it.is_element())
        .map(|it| it.tag_name().name())
        .collect();
    let known = ["circle", "g", "path", "rect", "style", "svg", "text", "title"];
    assert!(elements.iter().all(|it| known.contains(it)), "{elements:?}");
    let texts: Vec<&str> = document.descendants().filter_map(|it| it.text()).collect();
    assert!(texts.contains(&"</script><img src=x onerror=alert(1)>"), "{texts:?}");
    insta::assert_snapshot!("hostile_mermaid", diagram_mermaid(&diagram));
    insta::assert_snapshot!("hostile_dot", diagram_dot(&diagram));
}

#[test]
fn every_svg_is_xml_and_the_same_each_time() {
    for diagram in [everything(SHOP), changed(), everything("tables: {}\n"), Diagram::default()] {
        let svg = diagram_svg(&diagram);
        roxmltree::Document::parse(&svg).unwrap();
        assert_eq!(svg, diagram_svg(&diagram));
    }
}

#[test]
fn what_is_around_a_table_is_drawn_and_the_rest_counted() {
    let comparison = compared(SHOP, SHOP);
    let around =
        |depth| diagram(&comparison, &options(DiagramStart::Tables(vec!["users".into()]), depth));
    assert_eq!(names(&around(0)), ["users"]);
    assert_eq!(around(0).nodes[0].remarks, ["2 more columns", "referenced by 1 table"]);
    assert_eq!(names(&around(1)), ["users", "orders"]);
    assert_eq!(names(&around(2)), ["users", "orders", "coupons"]);
    assert_eq!(around(2).left_out, 1);
    // A line that isn't drawn is named at its column.
    assert_eq!(around(1).nodes[1].rows[2].detail, "→ coupons");
}

fn wide(tables: usize) -> String {
    let mut text =
        String::from("tables:\n  users: { columns: { id: int not null }, primary_key: [id] }\n");
    for at in 0..tables {
        text.push_str(&format!(
            "  {}_{at}: {{ columns: {{ id: int not null, u: int }}, foreign_keys: {{ fk{at}: {{ columns: [u], references: users(id) }} }} }}\n",
            if at % 2 == 0 { "shop" } else { "blog" }
        ));
    }
    text
}

#[test]
fn a_hub_is_named_instead_of_drawn() {
    let diagram = everything(&wide(20));
    assert!(diagram.edges.is_empty());
    assert_eq!(diagram.nodes[0].remarks, ["referenced by 20 tables"]);
    assert_eq!(diagram.nodes[1].rows[0].detail, "→ users");
    // Few lines are drawn all the same.
    assert_eq!(everything(&wide(12)).edges.len(), 12);
}

#[test]
fn a_large_schema_is_drawn_as_groups() {
    let text = wide(MOST_TABLES);
    let diagram = everything(&text);
    assert_eq!(diagram.grouped, Some(MOST_TABLES + 1));
    let of_group = |node: &DiagramNode| node.title.clone();
    let titles: Vec<String> = diagram.nodes.iter().map(of_group).collect();
    assert_eq!(titles, ["blog · 31 tables", "shop · 30 tables"]);
    assert_eq!(diagram.edges[0].label, "30");
    roxmltree::Document::parse(&diagram_svg(&diagram)).unwrap();
    let each = DiagramOptions { each: true, ..options(DiagramStart::Everything, 0) };
    let comparison = compared(&text, &text);
    assert_eq!(super::diagram(&comparison, &each).nodes.len(), MOST_TABLES + 1);
}
