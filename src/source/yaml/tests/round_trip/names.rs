//! Names and texts that mean something else to YAML.

use super::*;

const ODD_NAMES: &[&str] = &[
    "null",
    "true",
    "no",
    "on",
    "~",
    "1e3",
    "12",
    "0x1F",
    "2020-01-01",
    " leading",
    "trailing ",
    "two words",
    "back`tick",
    "sin'gle",
    "dou\"ble",
    "back\\slash",
    "colon: x",
    "a:b",
    "#hash",
    "a #b",
    "comma,",
    "[x]",
    "{x}",
    "- dash",
    "-",
    "?",
    "*star",
    "&and",
    "!bang",
    "%p",
    "@at",
    "Ünïcödé",
    "名前",
    "desc",
    "asc",
    "select",
    "key",
    "primary",
    "order",
    "x desc",
    "a(10)",
    "(a)",
    "a.b",
    "tab\tin",
    "new\nline",
    "\u{1b}[31m",
    "\u{202e}rtl",
    "😀",
    "<<",
    "=",
    "y",
    "n",
    "...",
    "---",
    "x-y",
    "$dollar",
    "a$b",
    "current_timestamp",
    "x\u{a0}y",
    "\u{feff}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

#[test]
fn odd_names_everywhere() {
    for name in ODD_NAMES {
        let mut table = Table::new(*name);
        table.columns.push(Column::new(*name, ColumnType::Varchar { length: 10 }));
        table.columns.push(Column::new("other", int()));
        let mut index = Index::new(
            format!("i{}", name.chars().take(60).collect::<String>()),
            IndexKind::Unique,
            vec![
                IndexPart {
                    key: KeyPart::Column { name: (*name).to_owned(), prefix_length: Some(3) },
                    descending: true,
                },
                IndexPart::column("other"),
            ],
        );
        table.indexes.push(index.clone());
        if !name.eq_ignore_ascii_case(PRIMARY) {
            index.name = (*name).to_owned();
            index.kind = IndexKind::Plain;
            index.parts.remove(0);
            index.comment = (*name).to_owned();
            table.indexes.push(index);
        }
        table.primary_key =
            Some(Index::new(PRIMARY, IndexKind::Primary, vec![IndexPart::column(*name)]));
        table.foreign_keys.push(ForeignKey {
            name: (*name).to_owned(),
            columns: vec![(*name).to_owned()],
            referenced_schema: None,
            referenced_table: (*name).to_owned(),
            referenced_columns: vec![(*name).to_owned()],
            on_delete: ReferentialAction::SetNull,
            on_update: ReferentialAction::Cascade,
            implicit_index: None,
        });
        table.foreign_keys.push(ForeignKey {
            name: format!("x{}", name.chars().take(60).collect::<String>()),
            columns: vec![(*name).to_owned(), "other".to_owned()],
            referenced_schema: Some((*name).to_owned()),
            referenced_table: (*name).to_owned(),
            referenced_columns: vec!["other".to_owned(), (*name).to_owned()],
            on_delete: ReferentialAction::default(),
            on_update: ReferentialAction::Restrict,
            implicit_index: None,
        });
        table.checks.push(Check {
            name: (*name).to_owned(),
            expression: Expression::new("other > 0 and 'x: {y} #' <> 'it''s, \"q\"'"),
            enforced: true,
        });
        round_trip(&one(table));
    }
}

#[test]
fn odd_texts_in_comments_defaults_and_members() {
    for text in ODD_NAMES.iter().copied().chain([
        "line\nbreak\r\n  and more\n",
        "it's",
        "\\",
        "\\'",
        "''",
        "a\\nb",
        "\0",
        "\u{85}",
        "\u{2028}",
        "100%",
        "ends with colon:",
        "  ",
        "'",
        "\"",
    ]) {
        let mut table = table("t");
        table.options.comment = text.to_owned();
        let mut column = Column::new("c", ColumnType::Varchar { length: 99 });
        column.comment = text.to_owned();
        column.default = Some(DefaultValue::Literal(text.to_owned()));
        table.columns.push(column);
        let members = vec!["plain".to_owned(), text.trim_end_matches(' ').to_owned()];
        table.columns.push(Column::new("e", ColumnType::Enum { members }));
        let mut renamed =
            Column::new("r", ColumnType::Enum { members: vec![text.to_owned() + "x"] });
        renamed.comment = text.to_owned();
        renamed.renamed_from = Some("old".to_owned());
        table.columns.push(renamed);
        round_trip(&one(table));
    }
}
