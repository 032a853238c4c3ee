use crate::plan::risk::lossy_conversion::*;
use crate::syntax::parse_column;

fn loss(from: &str, to: &str) -> Option<LossyConversion> {
    let column = |text: &str| parse_column("c", text).unwrap().column;
    lossy_conversion(&column(from), &column(to), &Server::mysql(9, 7, 4))
}

fn is_safe(from: &str, to: &str) -> bool {
    loss(from, to).is_none()
}

#[test]
fn numbers() {
    assert!(is_safe("int", "bigint"));
    assert!(is_safe("int unsigned", "bigint"));
    assert!(is_safe("int", "int(5)"));
    assert!(!is_safe("bigint", "int"));
    assert_eq!(loss("int", "int unsigned").unwrap().message, "fails on negative values");
    assert_eq!(loss("int", "smallint").unwrap().message, "fails on values outside -32768 to 32767");
    assert!(!is_safe("int unsigned", "int"));
    assert!(is_safe("decimal(5,2)", "decimal(7,2)"));
    assert!(!is_safe("decimal(5,2)", "decimal(5,3)"));
    assert!(loss("decimal(5,2)", "decimal(5,1)").unwrap().silent.is_some());
    assert!(is_safe("int", "decimal(10,0)"));
    assert!(!is_safe("int", "decimal(5,0)"));
    assert!(is_safe("decimal(9,0)", "int"));
    assert!(loss("double", "int").unwrap().silent.is_some());
    assert!(loss("float", "double").unwrap().changes);
    assert!(!is_safe("double", "float"));
    assert!(is_safe("int", "double"));
    assert!(!is_safe("bigint", "double"));
    assert!(is_safe("tinyint(1)", "int"));
    assert!(!is_safe("bit(8)", "bit(4)"));
}

#[test]
fn texts() {
    assert!(is_safe("varchar(10)", "varchar(20)"));
    assert_eq!(
        loss("varchar(20)", "varchar(10)").unwrap().message,
        "fails on values of more than 10 characters"
    );
    assert!(is_safe("varchar(255)", "text"));
    assert!(!is_safe("text", "varchar(255)"));
    assert!(is_safe("text", "longtext"));
    assert!(!is_safe("mediumtext", "text"));
    assert!(is_safe("int", "varchar(11)"));
    assert!(!is_safe("int", "varchar(5)"));
    assert!(!is_safe("varchar(10)", "int"));
    assert!(!is_safe("varchar(10)", "enum('a')"));
    assert!(is_safe("enum('a','bc')", "varchar(2)"));
    assert!(!is_safe("text", "json"));
    assert!(is_safe("json", "longtext"));
    assert!(loss("varchar(10)", "char(10)").unwrap().silent.is_some());
    assert!(!is_safe("varbinary(10)", "varchar(10)"));
}

#[test]
fn dates() {
    assert!(is_safe("datetime", "datetime(3)"));
    assert!(loss("datetime(3)", "datetime").unwrap().silent.is_some());
    assert!(loss("datetime", "date").unwrap().silent.is_some());
    assert!(!is_safe("datetime", "timestamp"));
    assert!(loss("timestamp", "datetime").unwrap().changes);
    assert!(loss("datetime", "timestamp").unwrap().changes);
    assert!(is_safe("date", "datetime"));
    assert!(is_safe("datetime", "varchar(19)"));
    assert!(!is_safe("datetime", "varchar(10)"));
}

#[test]
fn members_that_go_are_named() {
    let ty = |text: &str| parse_column("c", text).unwrap().column.ty;
    let (old, new) = (ty("enum('a','b','c')"), ty("enum('c','a')"));
    assert_eq!(removed_members(&old, &new), ["b"]);
    assert!(removed_members(&new, &old).is_empty());
}
