//! Indexes, including the primary key.

use super::Keywords;
use super::column::attribute_clauses;
use crate::model::{Index, IndexAlgorithm, IndexKind, IndexPart, KeyPart};
use crate::server::{Server, Vendor};
use crate::syntax::quote::{bare_or_quoted, quote_identifier, quote_string};

/// One index part: `` `title`(40) DESC ``, or for schema.yaml `title(40) desc`.
pub fn index_part(part: &IndexPart, keywords: Keywords) -> String {
    let mut text = match &part.key {
        KeyPart::Column { name, prefix_length } => {
            let mut text = match keywords {
                Keywords::Upper => quote_identifier(name),
                Keywords::Lower => bare_or_quoted(name),
            };
            if let Some(length) = prefix_length {
                text.push_str(&format!("({length})"));
            }
            text
        }
        KeyPart::Expression(expression) => format!("({})", expression.text),
    };
    if part.descending {
        text.push(' ');
        text.push_str(&keywords.word("DESC"));
    }
    text
}

/// All parts, in parentheses.
pub fn index_parts(parts: &[IndexPart], keywords: Keywords) -> String {
    let separator = match keywords {
        Keywords::Upper => ",",
        Keywords::Lower => ", ",
    };
    let parts: Vec<String> = parts.iter().map(|part| index_part(part, keywords)).collect();
    format!("({})", parts.join(separator))
}

/// The index as written in CREATE TABLE and ALTER TABLE … ADD.
pub(super) fn index_definition(index: &Index, server: &Server) -> String {
    let head = match index.kind {
        IndexKind::Primary => "PRIMARY KEY".to_owned(),
        IndexKind::Unique => format!("UNIQUE KEY {}", quote_identifier(&index.name)),
        IndexKind::Plain => format!("KEY {}", quote_identifier(&index.name)),
        IndexKind::Fulltext => format!("FULLTEXT KEY {}", quote_identifier(&index.name)),
        IndexKind::Spatial => format!("SPATIAL KEY {}", quote_identifier(&index.name)),
        IndexKind::Vector => format!("VECTOR KEY {}", quote_identifier(&index.name)),
    };
    let mut parts = index_parts(&index.parts, Keywords::Upper);
    if let Some(period) = &index.without_overlaps {
        parts.truncate(parts.len().saturating_sub(1));
        parts.push_str(&format!(",{} WITHOUT OVERLAPS)", quote_identifier(period)));
    }
    let mut text = format!("{head} {parts}");
    match index.algorithm {
        Some(IndexAlgorithm::Btree) => text.push_str(" USING BTREE"),
        Some(IndexAlgorithm::Hash) => text.push_str(" USING HASH"),
        None => {}
    }
    if let Some(size) = index.key_block_size {
        text.push_str(&format!(" KEY_BLOCK_SIZE={size}"));
    }
    if !index.comment.is_empty() {
        text.push_str(&format!(" COMMENT {}", quote_string(&index.comment)));
    }
    if let Some(parser) = &index.parser {
        text.push_str(&format!(" WITH PARSER {}", quote_identifier(parser)));
    }
    if index.invisible {
        text.push(' ');
        text.push_str(invisible_keyword(server));
    }
    if let Some(m) = index.vector.m {
        text.push_str(&format!(" M={m}"));
    }
    if let Some(distance) = index.vector.distance {
        text.push_str(&format!(" DISTANCE={}", distance.word()));
    }
    for clause in index.attributes.iter().flat_map(|it| attribute_clauses(it, Keywords::Upper)) {
        text.push(' ');
        text.push_str(&clause);
    }
    text
}

/// The keyword for an index that is updated but not used.
pub(super) fn invisible_keyword(server: &Server) -> &'static str {
    match server.vendor {
        Vendor::MySql => "INVISIBLE",
        Vendor::MariaDb => "IGNORED",
    }
}

/// The statement that hides an index from the optimizer, which can be reversed at once.
pub fn hide_index(table: &str, index: &str, server: &Server) -> String {
    format!(
        "ALTER TABLE {} ALTER INDEX {} {}",
        quote_identifier(table),
        quote_identifier(index),
        invisible_keyword(server)
    )
}

/// The statement that drops an index that is not the primary key.
pub fn drop_index(table: &str, index: &str) -> String {
    format!("ALTER TABLE {} DROP INDEX {}", quote_identifier(table), quote_identifier(index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Expression;

    #[test]
    fn parts_have_their_length_and_direction() {
        let mut part = IndexPart {
            key: KeyPart::Column { name: "odd name".to_owned(), prefix_length: Some(40) },
            descending: true,
        };
        assert_eq!(index_part(&part, Keywords::Upper), "`odd name`(40) DESC");
        assert_eq!(index_part(&part, Keywords::Lower), "`odd name`(40) desc");
        part.key = KeyPart::Expression(Expression::new("lower(`title`)"));
        assert_eq!(index_part(&part, Keywords::Upper), "(lower(`title`)) DESC");
    }

    #[test]
    fn an_index_has_its_options() {
        let mut index = Index::new("ft", IndexKind::Fulltext, vec![IndexPart::column("a")]);
        index.parser = Some("ngram".to_owned());
        index.comment = "c".to_owned();
        index.invisible = true;
        assert_eq!(
            index_definition(&index, &Server::mysql(8, 4, 0)),
            "FULLTEXT KEY `ft` (`a`) COMMENT 'c' WITH PARSER `ngram` INVISIBLE"
        );
        assert!(index_definition(&index, &Server::mariadb(11, 4, 0)).ends_with(" IGNORED"));
    }

    #[test]
    fn an_index_is_hidden_if_the_server_can() {
        assert_eq!(
            hide_index("t", "i`x", &Server::mysql(8, 0, 11)),
            "ALTER TABLE `t` ALTER INDEX `i``x` INVISIBLE"
        );
        assert_eq!(
            hide_index("t", "i", &Server::mariadb(10, 6, 0)),
            "ALTER TABLE `t` ALTER INDEX `i` IGNORED"
        );
        assert_eq!(drop_index("t", "i"), "ALTER TABLE `t` DROP INDEX `i`");
    }
}
