//! Reads JSON_TABLE (MySQL manual, 14.17.6 "JSON Table Functions"; MariaDB, "JSON_TABLE").

use crate::model::tree::{JsonColumn, JsonColumns, Source};
use crate::syntax::expression::{ExpressionToken, Parsed, TreeParser, Unread};

impl TreeParser {
    /// Reads the part after the word, beginning with the parenthesis.
    pub(super) fn json_table(&mut self) -> Parsed<Source> {
        self.expect_symbol(b'(')?;
        let document = self.expression()?;
        self.expect_symbol(b',')?;
        let path = self.json_text()?;
        let columns = self.json_columns()?;
        self.expect_symbol(b')')?;
        let alias = self.alias()?.ok_or(Unread)?;
        Ok(Source::JsonTable { document, path, columns, alias })
    }

    /// Reads `COLUMNS (…)`.
    fn json_columns(&mut self) -> Parsed<JsonColumns> {
        self.descend()?;
        self.expect_word("columns")?;
        self.expect_symbol(b'(')?;
        let mut columns = Vec::new();
        loop {
            columns.push(self.json_column()?);
            if !self.take_symbol(b',') {
                break;
            }
        }
        self.expect_symbol(b')')?;
        self.depth -= 1;
        Ok(columns)
    }

    fn json_column(&mut self) -> Parsed<JsonColumn> {
        let is_nested = self.peek_word().as_deref() == Some("nested")
            && matches!(self.peek_at(2), Some(ExpressionToken::Text(_)));
        if is_nested {
            self.at += 1;
            self.expect_word("path")?;
            let path = self.json_text()?;
            return Ok(JsonColumn::Nested { path, columns: self.json_columns()? });
        }
        let name = self.identifier()?;
        if self.take_word("for") {
            self.expect_word("ordinality")?;
            return Ok(JsonColumn::Value { name, text: "for ordinality".to_owned() });
        }
        let mut text = self.json_type()?;
        if self.take_word("exists") {
            text.push_str(" exists");
        }
        self.expect_word("path")?;
        text.push_str(&format!(" path {}", self.json_text()?));
        for _ in 0..2 {
            let then = match self.peek_word().as_deref() {
                Some(word @ ("null" | "error")) => word.to_owned(),
                Some("default") => {
                    self.at += 1;
                    let text = self.json_text()?;
                    self.at -= 1;
                    format!("default {text}")
                }
                _ => break,
            };
            self.at += 1;
            self.expect_word("on")?;
            text.push_str(&format!(" {then} on {}", self.any_word()?));
        }
        Ok(JsonColumn::Value { name, text })
    }

    /// Reads a type and spells it as all servers show it. A text type without a collation isn't
    /// read, because its collation comes from the session that made the view.
    fn json_type(&mut self) -> Parsed<String> {
        let word = self.any_word()?;
        match word.as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" => {
                // MariaDB shows a display width.
                self.json_numbers(1)?;
                let unsigned = if self.take_word("unsigned") { " unsigned" } else { "" };
                let word = if word == "integer" { "int" } else { &word };
                Ok(format!("{word}{unsigned}"))
            }
            "decimal" => match self.json_numbers(2)?.as_slice() {
                [digits, decimals] => Ok(format!("decimal({digits},{decimals})")),
                _ => Err(Unread),
            },
            "date" | "double" | "json" => Ok(word),
            "datetime" | "time" => match self.json_numbers(1)?.as_slice() {
                [] => Ok(word),
                [digits] => Ok(format!("{word}({digits})")),
                _ => Err(Unread),
            },
            "char" | "varchar" => {
                let [length] = self.json_numbers(1)?.try_into().map_err(|_| Unread)?;
                if !self.take_word("charset") {
                    self.expect_word("character")?;
                    self.expect_word("set")?;
                }
                let charset = self.any_word()?;
                self.expect_word("collate")?;
                let collation = self.any_word()?;
                Ok(format!("{word}({length}) character set {charset} collate {collation}"))
            }
            _ => Err(Unread),
        }
    }

    /// Reads at most `most` numbers in parentheses. Without parentheses there are none.
    fn json_numbers(&mut self, most: usize) -> Parsed<Vec<String>> {
        let mut numbers = Vec::new();
        if !self.take_symbol(b'(') {
            return Ok(numbers);
        }
        while numbers.len() < most {
            let ExpressionToken::Number(digits) = self.next()? else { return Err(Unread) };
            numbers.push(digits);
            if !self.take_symbol(b',') {
                break;
            }
        }
        self.expect_symbol(b')')?;
        Ok(numbers)
    }

    /// Reads a string and quotes it.
    fn json_text(&mut self) -> Parsed<String> {
        match self.next()? {
            ExpressionToken::Text(text) => Ok(format!("'{}'", text.replace('\'', "''"))),
            _ => Err(Unread),
        }
    }
}
