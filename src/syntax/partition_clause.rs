//! Reads the clauses of ALTER TABLE that change partitions.

use super::SqlError;
use super::lexer::TokenKind;
use super::parser::Parser;
use super::partition::read_partitioning;
use super::table::QualifiedName;
use crate::model::PartitionScheme;

/// How one clause changes the partitions of a table. The definitions of new partitions can be read
/// only when it is known how the table is partitioned; until then they are a [`DefinitionText`].
#[derive(Debug)]
pub(crate) enum PartitionChange {
    /// PARTITION BY
    By(Box<PartitionScheme>),
    /// REMOVE PARTITIONING
    Remove,
    /// ADD PARTITION PARTITIONS n
    AddCount(u32),
    /// ADD PARTITION (…), CONVERT TABLE … TO PARTITION …
    Add { definitions: DefinitionText, if_not_exists: bool },
    /// DROP PARTITION, CONVERT PARTITION … TO TABLE …
    Drop { names: Vec<String>, if_exists: bool, to_table: Option<QualifiedName> },
    /// COALESCE PARTITION n
    Coalesce(u32),
    /// REORGANIZE PARTITION a, b INTO (…). Without names, only the number of partitions may change.
    Reorganize { names: Vec<String>, definitions: Option<DefinitionText> },
    /// A clause that doesn't change the definition: TRUNCATE, EXCHANGE, REBUILD and the like.
    Nothing,
}

/// The definitions of partitions as text, with the parentheses around them.
#[derive(Debug)]
pub(crate) struct DefinitionText {
    /// The text, spelled for the default `sql_mode`.
    pub(crate) text: String,
}

/// Reads a clause about partitions. `None` if another clause comes next.
pub(crate) fn read_partition_change(
    parser: &mut Parser,
) -> Result<Option<PartitionChange>, SqlError> {
    if let Some(scheme) = read_partitioning(parser)? {
        return Ok(Some(PartitionChange::By(Box::new(scheme))));
    }
    if parser.accept_words(&["REMOVE", "PARTITIONING"]) {
        return Ok(Some(PartitionChange::Remove));
    }
    if parser.accept_words(&["CONVERT", "TABLE"]) {
        return read_converted_table(parser).map(Some);
    }
    if !parser.is_one_of_at(1, &["PARTITION", "PARTITIONS"]) {
        return Ok(None);
    }
    let Some(word) = parser.upper_word() else { return Ok(None) };
    const OTHERS: [&str; 10] = [
        "ANALYZE", "CHECK", "DISCARD", "EXCHANGE", "IMPORT", "OPTIMIZE", "REBUILD", "REPAIR",
        "TRUNCATE", "CACHE",
    ];
    let known = ["ADD", "DROP", "COALESCE", "REORGANIZE", "CONVERT"];
    if !known.contains(&word.as_str()) && !OTHERS.contains(&word.as_str()) {
        return Ok(None);
    }
    parser.next();
    parser.next();
    let change = match word.as_str() {
        "ADD" => read_add(parser)?,
        "DROP" => {
            let if_exists = parser.accept_words(&["IF", "EXISTS"]);
            PartitionChange::Drop { names: read_names(parser)?, if_exists, to_table: None }
        }
        "CONVERT" => {
            let names = vec![parser.name("a partition")?];
            parser.expect("TO")?;
            parser.expect("TABLE")?;
            let to_table = Some(parser.qualified_name("a table")?);
            skip_to_end(parser);
            PartitionChange::Drop { names, if_exists: false, to_table }
        }
        "COALESCE" => {
            accept_no_write(parser);
            PartitionChange::Coalesce(parser.small_number("a number of partitions")?)
        }
        "REORGANIZE" => read_reorganize(parser)?,
        _ => {
            skip_to_end(parser);
            PartitionChange::Nothing
        }
    };
    Ok(Some(change))
}

fn accept_no_write(parser: &mut Parser) {
    if !parser.accept("NO_WRITE_TO_BINLOG") {
        parser.accept("LOCAL");
    }
}

fn read_names(parser: &mut Parser) -> Result<Vec<String>, SqlError> {
    let mut names = vec![parser.name("a partition")?];
    while parser.accept_symbol(b',') {
        names.push(parser.name("a partition")?);
    }
    Ok(names)
}

fn read_add(parser: &mut Parser) -> Result<PartitionChange, SqlError> {
    let if_not_exists = parser.accept_words(&["IF", "NOT", "EXISTS"]);
    accept_no_write(parser);
    if parser.accept("PARTITIONS") {
        return parser.small_number("a number of partitions").map(PartitionChange::AddCount);
    }
    let definitions = read_definitions(parser)?;
    Ok(PartitionChange::Add { definitions, if_not_exists })
}

fn read_reorganize(parser: &mut Parser) -> Result<PartitionChange, SqlError> {
    accept_no_write(parser);
    if parser.at_end() {
        return Ok(PartitionChange::Reorganize { names: Vec::new(), definitions: None });
    }
    let names = read_names(parser)?;
    parser.expect("INTO")?;
    let definitions = Some(read_definitions(parser)?);
    Ok(PartitionChange::Reorganize { names, definitions })
}

/// Reads the part after TABLE of `CONVERT TABLE t TO PARTITION p …`.
fn read_converted_table(parser: &mut Parser) -> Result<PartitionChange, SqlError> {
    parser.qualified_name("a table")?;
    parser.expect("TO")?;
    let first = parser.mark();
    while !parser.at_end() && !parser.is_one_of(&["WITH", "WITHOUT"]) {
        if parser.is_symbol(b'(') {
            parser.skip_parentheses()?;
        } else {
            parser.next();
        }
    }
    let text = format!("({})", parser.expression(first, parser.mark())?.text);
    skip_to_end(parser);
    Ok(PartitionChange::Add { definitions: DefinitionText { text }, if_not_exists: false })
}

fn read_definitions(parser: &mut Parser) -> Result<DefinitionText, SqlError> {
    if parser.kind() != TokenKind::Symbol(b'(') {
        return Err(parser.expected("`(`"));
    }
    let definitions = parser.parenthesized()?;
    Ok(DefinitionText { text: format!("({})", definitions.text) })
}

fn skip_to_end(parser: &mut Parser) {
    while !parser.at_end() {
        parser.next();
    }
}
