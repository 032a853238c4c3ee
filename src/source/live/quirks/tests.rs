use super::*;

const TEXT: ColumnType = ColumnType::Varchar { length: 20 };
const NUMBER: ColumnType =
    ColumnType::Decimal { precision: 5, scale: 2, sign: crate::model::Sign::Signed };
const TIME: ColumnType = ColumnType::Datetime { fsp: 3 };
const BYTES: ColumnType = ColumnType::Varbinary { length: 10 };

fn said(value: &str) -> Option<DefaultValue> {
    Some(DefaultValue::Literal(value.to_owned()))
}

fn computed(text: &str) -> Option<DefaultValue> {
    Some(DefaultValue::Expression(Expression::new(text)))
}

#[test]
fn extra_of_both_vendors() {
    let extra = ColumnExtra::parse("DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3) INVISIBLE");
    assert!(extra.default_is_expression && extra.on_update_now && extra.invisible);
    assert_eq!(extra.generated, None);
    let extra = ColumnExtra::parse("on update current_timestamp(), INVISIBLE");
    assert!(extra.on_update_now && extra.invisible && !extra.default_is_expression);
    let extra = ColumnExtra::parse("STORED GENERATED, INVISIBLE");
    assert_eq!(extra.generated, Some(GeneratedStorage::Stored));
    assert_eq!(
        ColumnExtra::parse("VIRTUAL GENERATED INVISIBLE").generated,
        Some(GeneratedStorage::Virtual)
    );
    assert!(ColumnExtra::parse("auto_increment INVISIBLE").auto_increment);
    assert!(ColumnExtra::parse("NOT SECONDARY").not_secondary);
    assert!(ColumnExtra::parse("WITHOUT SYSTEM VERSIONING").without_versioning);
    assert_eq!(ColumnExtra::parse(""), ColumnExtra::default());
}

#[test]
fn mysql_expressions_are_decoded() {
    assert_eq!(
        decode_expression(r"concat(_utf8mb4\'a\',_utf8mb4\'Ã©\')"),
        "concat(_utf8mb4'a',_utf8mb4'é')"
    );
    assert_eq!(decode_expression("(`Ã¼nÃ¯` + 1)"), "(`ünï` + 1)");
    assert_eq!(decode_expression(r"_utf8mb4\'it\\\'s\'"), r"_utf8mb4'it\'s'");
    assert_eq!(decode_expression("`a` > 1"), "`a` > 1");
    assert_eq!(decode_expression(r"(`a\nb` <> _utf8mb4\'x\\ny\')"), "(`a\nb` <> _utf8mb4'x\\ny')");
    assert_eq!(decode_expression("'日本'"), "'日本'");
    assert_eq!(decode_expression("\\"), "\\");
}

#[test]
fn defaults_of_mysql() {
    let plain = ColumnExtra::default();
    let marked = ColumnExtra { default_is_expression: true, ..ColumnExtra::default() };
    let read = |text, ty| default(text, ty, &plain, Vendor::MySql);
    let read_marked = |text, ty| default(Some(text), ty, &marked, Vendor::MySql);
    assert_eq!(read(None, &TEXT), None);
    assert_eq!(read(Some(""), &TEXT), said(""));
    assert_eq!(read(Some("NULL"), &TEXT), said("NULL"));
    assert_eq!(read(Some("it's"), &TEXT), said("it's"));
    assert_eq!(read(Some("1.50"), &NUMBER), said("1.50"));
    assert_eq!(read(Some("b'101'"), &ColumnType::Bit { length: 4 }), said("101"));
    assert_eq!(read(Some("0xFF00"), &BYTES), Some(DefaultValue::Bytes(vec![0xFF, 0])));
    assert_eq!(read(Some("CURRENT_TIMESTAMP"), &TEXT), said("CURRENT_TIMESTAMP"));
    assert_eq!(read_marked("CURRENT_TIMESTAMP(3)", &TIME), Some(DefaultValue::CurrentTimestamp));
    assert_eq!(read_marked("now()", &TIME), computed("now()"));
    assert_eq!(read_marked("uuid()", &TEXT), computed("uuid()"));
    assert_eq!(read_marked("NULL", &TEXT), computed("NULL"));
    assert_eq!(read_marked(r"_utf8mb4\'x\'", &TEXT), computed("_utf8mb4'x'"));
}

#[test]
fn defaults_of_mariadb() {
    let extra = ColumnExtra::default();
    let read = |text, ty| default(text, ty, &extra, Vendor::MariaDb);
    assert_eq!(read(None, &TEXT), None);
    assert_eq!(read(Some("NULL"), &TEXT), None);
    assert_eq!(read(Some("'NULL'"), &TEXT), said("NULL"));
    assert_eq!(read(Some("''"), &TEXT), said(""));
    assert_eq!(read(Some(r"'it''s a\\b'"), &TEXT), said(r"it's a\b"));
    assert_eq!(read(Some("_utf8mb4'[]'"), &TEXT), said("[]"));
    assert_eq!(read(Some("-3"), &NUMBER), said("-3"));
    assert_eq!(read(Some("1e20"), &NUMBER), said("1e20"));
    assert_eq!(read(Some("b'101'"), &ColumnType::Bit { length: 4 }), said("101"));
    assert_eq!(read(Some("x'ff00'"), &BYTES), Some(DefaultValue::Bytes(vec![0xFF, 0])));
    assert_eq!(read(Some("'ab'"), &BYTES), Some(DefaultValue::Bytes(b"ab".to_vec())));
    assert_eq!(read(Some("current_timestamp(3)"), &TIME), Some(DefaultValue::CurrentTimestamp));
    assert_eq!(read(Some("localtimestamp(2)"), &TIME), Some(DefaultValue::CurrentTimestamp));
    assert_eq!(read(Some("current_timestamp()"), &TEXT), computed("current_timestamp()"));
    assert_eq!(
        read(Some("current_timestamp() + interval 1 day"), &TIME),
        computed("current_timestamp() + interval 1 day")
    );
    assert_eq!(read(Some("(1 + 1)"), &NUMBER), computed("1 + 1"));
    assert_eq!(read(Some("concat('a','b')"), &TEXT), computed("concat('a','b')"));
    assert_eq!(read(Some("'a' + 'b'"), &TEXT), computed("'a' + 'b'"));
}

#[test]
fn options_of_both_vendors() {
    let read = |text| create_options(text).into_iter().collect::<Vec<_>>();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        read(r#"max_rows=5 row_format=DYNAMIC COMPRESSION="zlib" stats_persistent=1"#),
        [
            pair("COMPRESSION", "'zlib'"),
            pair("MAX_ROWS", "5"),
            pair("ROW_FORMAT", "DYNAMIC"),
            pair("STATS_PERSISTENT", "1")
        ]
    );
    assert_eq!(
        read("key_block_size=8 `page_compressed`='1' partitioned `encryption_key_id`=7"),
        [pair("ENCRYPTION_KEY_ID", "7"), pair("KEY_BLOCK_SIZE", "8"), pair("PAGE_COMPRESSED", "1")]
    );
    assert_eq!(
        read("DATA DIRECTORY='/da ta/' stats_persistent=0"),
        [pair("DATA DIRECTORY", "'/da ta/'"), pair("STATS_PERSISTENT", "0")]
    );
    assert_eq!(read("partitioned"), []);
    assert_eq!(read(""), []);
    assert_eq!(read("a='unclosed"), [pair("A", "'unclosed'")]);
}

#[test]
fn types_and_periods() {
    assert_eq!(column_type("blob /*M!100301 COMPRESSED=zlib*/"), ("blob", true));
    assert_eq!(column_type("int(11)"), ("int(11)", false));
    assert!(may_be_period("`s` < `e`"));
    assert!(!may_be_period("`s` < 5"));
    assert!(!may_be_period("`s` < `e` + 1"));
    assert!(!may_be_period("`s` < `e` or `a`"));
}
