//! Reads the types of CAST, CONVERT and RETURNING (MySQL manual, 14.10 "Cast Functions and
//! Operators").

use super::parser::{Parsed, TreeParser, Unread};
use super::token::ExpressionToken;
use crate::server::charset_name;

impl TreeParser {
    /// Reads a type and spells it in one way. CHAR without a character set has that of the
    /// connection. This is `utf8mb4`, because driftline and all usual clients set it. In an ARRAY,
    /// CHAR has no character set.
    pub(crate) fn cast_type(&mut self, charset: Option<&str>) -> Parsed<String> {
        let name = self.any_word()?;
        let mut to = match name.as_str() {
            "char" | "character" => return self.char_type(charset),
            "nchar" => format!("char{} charset utf8mb3", self.digits()?),
            "binary" => format!("char{} charset binary", self.digits()?),
            "signed" | "unsigned" => {
                let _ = self.take_word("integer") || self.take_word("int");
                name
            }
            "integer" | "int" => "signed".to_owned(),
            "decimal" | "dec" | "numeric" | "fixed" => self.decimal_type()?,
            "double" => {
                self.take_word("precision");
                name
            }
            "real" => "double".to_owned(),
            "float" | "date" | "year" | "json" => name,
            "datetime" | "time" => match self.digits()?.as_str() {
                "(0)" => name,
                digits => format!("{name}{digits}"),
            },
            _ => return Err(Unread),
        };
        if self.take_word("array") {
            to.push_str(" array");
        }
        Ok(to)
    }

    fn char_type(&mut self, default: Option<&str>) -> Parsed<String> {
        let digits = self.digits()?;
        let named = self.take_word("charset")
            || (self.take_word("character") && { self.expect_word("set").is_ok() });
        if named {
            let charset = match self.next()? {
                ExpressionToken::Word(name) | ExpressionToken::Quoted(name) => charset_name(&name),
                _ => return Err(Unread),
            };
            return Ok(format!("char{digits} charset {charset}"));
        }
        if self.take_word("array") {
            return Ok(format!("char{digits} array"));
        }
        Ok(match default {
            Some(charset) => format!("char{digits} charset {charset}"),
            None => format!("char{digits}"),
        })
    }

    fn decimal_type(&mut self) -> Parsed<String> {
        if !self.take_symbol(b'(') {
            return Ok("decimal(10,0)".to_owned());
        }
        let precision = self.integer()?;
        let scale = if self.take_symbol(b',') { self.integer()? } else { "0".to_owned() };
        self.expect_symbol(b')')?;
        Ok(format!("decimal({precision},{scale})"))
    }

    /// Reads `(n)`, if it comes next.
    fn digits(&mut self) -> Parsed<String> {
        if !self.take_symbol(b'(') {
            return Ok(String::new());
        }
        let digits = self.integer()?;
        self.expect_symbol(b')')?;
        Ok(format!("({digits})"))
    }

    fn integer(&mut self) -> Parsed<String> {
        match self.next()? {
            ExpressionToken::Number(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(digits)
            }
            _ => Err(Unread),
        }
    }
}
