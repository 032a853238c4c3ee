//! Reads literals, columns, CASE, and the functions that have a grammar of their own.

use super::number::canonical_number;
use super::parser::{Parsed, TreeParser, Unread};
use super::token::ExpressionToken;
use crate::model::tree::{Node, TextPlace};
use crate::server::charset_name;
use crate::syntax::{quote_identifier, temporal};

/// The units that can follow the value of INTERVAL (MySQL manual, 11.5 "Temporal Intervals").
const UNITS: &[&str] = &[
    "microsecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "second_microsecond",
    "minute_microsecond",
    "minute_second",
    "hour_microsecond",
    "hour_second",
    "hour_minute",
    "day_microsecond",
    "day_second",
    "day_minute",
    "day_hour",
    "year_month",
];

/// The functions that may be written without parentheses.
pub(crate) const WITHOUT_PARENTHESES: &[&str] = &[
    "current_timestamp",
    "current_date",
    "current_time",
    "current_user",
    "localtime",
    "localtimestamp",
    "utc_date",
    "utc_time",
    "utc_timestamp",
];

impl TreeParser {
    pub(crate) fn primary(&mut self) -> Parsed<Node> {
        match self.next()? {
            ExpressionToken::Number(digits) => {
                canonical_number(&digits).map(Node::Number).ok_or(Unread)
            }
            ExpressionToken::Text(text) => Ok(self.string(None, text)),
            ExpressionToken::National(text) => Ok(self.string(Some("utf8mb3".to_owned()), text)),
            ExpressionToken::Bytes(bytes) => Ok(Node::Bytes(bytes)),
            ExpressionToken::Symbol(b'(') => {
                if let Some(query) = self.query_in_parentheses()? {
                    return Ok(query);
                }
                let mut list = self.list()?;
                match (list.pop(), list.is_empty()) {
                    (Some(only), true) => Ok(only),
                    (Some(last), false) => {
                        list.push(last);
                        Ok(Node::Row(list))
                    }
                    (None, _) => Err(Unread),
                }
            }
            ExpressionToken::Quoted(name) => self.column(name),
            ExpressionToken::Word(word) => self.word(&word),
            _ => Err(Unread),
        }
    }

    /// A string, joined with the strings that directly follow it.
    fn string(&mut self, charset: Option<String>, mut text: String) -> Node {
        while let Some(ExpressionToken::Text(more)) = self.peek() {
            text.push_str(more);
            self.at += 1;
        }
        Node::String { charset, text }
    }

    fn column(&mut self, mut name: String) -> Parsed<Node> {
        let first = self.at.saturating_sub(1);
        if self.in_query {
            return self.name(name);
        }
        while self.take_symbol(b'.') {
            match self.next()? {
                ExpressionToken::Word(next) | ExpressionToken::Quoted(next) => name = next,
                _ => return Err(Unread),
            }
        }
        Ok(Node::Column(name.to_lowercase(), self.place_from(first)))
    }

    fn word(&mut self, spelled: &str) -> Parsed<Node> {
        let lower = spelled.to_lowercase();
        if let Some(charset) = lower.strip_prefix('_')
            && let Some(node) = self.introduced(charset)?
        {
            return Ok(node);
        }
        let is_call = self.peek() == Some(&ExpressionToken::Symbol(b'('));
        match lower.as_str() {
            "null" => Ok(Node::Null),
            "true" => Ok(Node::number("1")),
            "false" => Ok(Node::number("0")),
            "case" => self.case(),
            "binary" => Ok(Node::cast(self.unary()?, "char charset binary")),
            "row" if is_call => {
                self.at += 1;
                self.list().map(Node::Row)
            }
            "date" | "time" | "timestamp" if self.peeks_string() => self.temporal(&lower),
            "match" if self.in_query => self.full_text(),
            _ if is_call => {
                self.at += 1;
                if self.in_query { self.function_of_query(&lower) } else { self.function(&lower) }
            }
            _ if WITHOUT_PARENTHESES.contains(&lower.as_str()) => {
                let place = self.place_at(self.at.saturating_sub(1));
                Ok(Node::call(lower, Vec::new()).at(place))
            }
            "interval" | "exists" => Err(Unread),
            "next" | "previous" if self.take_word("value") => {
                self.expect_word("for")?;
                let function = if lower == "next" { "nextval" } else { "lastval" };
                self.of_sequence(function)
            }
            _ => self.column(spelled.to_owned()),
        }
    }

    fn peeks_string(&self) -> bool {
        matches!(self.peek(), Some(ExpressionToken::Text(_)))
    }

    /// Reads the literal after an introducer: `_latin1'x'` or `_utf8mb4 0x41`.
    fn introduced(&mut self, charset: &str) -> Parsed<Option<Node>> {
        let charset = charset_name(charset);
        let bytes = match self.peek().cloned() {
            Some(ExpressionToken::Text(text)) => {
                self.at += 1;
                return Ok(Some(self.string(Some(charset), text)));
            }
            Some(ExpressionToken::Bytes(bytes)) => bytes,
            _ => return Ok(None),
        };
        self.at += 1;
        match String::from_utf8(bytes) {
            Ok(text) if charset == "utf8mb4" || charset == "utf8mb3" => {
                Ok(Some(Node::String { charset: Some(charset), text }))
            }
            _ => Err(Unread),
        }
    }

    fn temporal(&mut self, kind: &str) -> Parsed<Node> {
        let ExpressionToken::Text(text) = self.next()? else { return Err(Unread) };
        let (kind, text) = match kind {
            "date" => ("date", temporal::date(&text)),
            "time" => ("time", temporal::time_literal(&text)),
            _ => ("timestamp", temporal::datetime_literal(&text)),
        };
        Ok(Node::Temporal { kind, text: text.ok_or(Unread)? })
    }

    fn case(&mut self) -> Parsed<Node> {
        let operand = match self.peek_word().as_deref() {
            Some("when") => None,
            _ => Some(Box::new(self.expression()?)),
        };
        let mut whens = Vec::new();
        while self.take_word("when") {
            let when = self.expression()?;
            self.expect_word("then")?;
            whens.push((when, self.expression()?));
        }
        let otherwise =
            if self.take_word("else") { Some(Box::new(self.expression()?)) } else { None };
        self.expect_word("end")?;
        Ok(Node::Case { operand, whens, otherwise })
    }

    /// Reads `INTERVAL value unit`, if it comes next. INTERVAL can also be a function.
    pub(crate) fn interval(&mut self) -> Parsed<Option<(Node, String)>> {
        let (start, depth) = (self.at, self.depth);
        if self.take_word("interval") {
            if let Ok(value) = self.expression()
                && let Some(unit) = self.peek_word().and_then(|word| unit(&word))
            {
                self.at += 1;
                return Ok(Some((value, unit)));
            }
            (self.at, self.depth) = (start, depth);
        }
        Ok(None)
    }

    /// Reads a function. Its name and the opening parenthesis have been read.
    pub(crate) fn function(&mut self, name: &str) -> Parsed<Node> {
        let place = self.place_of_function();
        Ok(self.arguments_of(name)?.at(place))
    }

    /// The place of the function's name. The opening parenthesis after it has just been read.
    pub(crate) fn place_of_function(&self) -> TextPlace {
        self.place_at(self.at.saturating_sub(2))
    }

    fn arguments_of(&mut self, name: &str) -> Parsed<Node> {
        match name {
            "cast" => {
                let operand = self.expression()?;
                self.expect_word("as")?;
                let to = self.cast_type(Some("utf8mb4"))?;
                self.expect_symbol(b')')?;
                Ok(Node::cast(operand, &to))
            }
            "convert" => self.convert(),
            "extract" => {
                let unit = unit(&self.any_word()?).ok_or(Unread)?;
                self.expect_word("from")?;
                let from = self.expression()?;
                self.expect_symbol(b')')?;
                Ok(Node::call("extract", vec![Node::Word(unit), from]))
            }
            "trim" => self.trim(),
            "substr" | "substring" | "mid" => self.substring(),
            "position" => {
                let what = self.bits()?;
                self.expect_word("in")?;
                let within = self.expression()?;
                self.expect_symbol(b')')?;
                Ok(Node::call("locate", vec![what, within]))
            }
            "timestampdiff" | "timestampadd" => {
                let unit = unit(&self.any_word()?).ok_or(Unread)?;
                self.expect_symbol(b',')?;
                let mut arguments = self.list()?;
                arguments.insert(0, Node::Word(unit));
                Ok(Node::call(name, arguments))
            }
            "date_add" | "adddate" | "date_sub" | "subdate" => self.date_arithmetic(name),
            "json_value" => self.json_value(),
            "nextval" | "lastval" => {
                let call = self.of_sequence(name)?;
                self.expect_symbol(b')')?;
                Ok(call)
            }
            _ => Ok(Node::call(name, self.list()?)),
        }
    }

    /// Reads a function of a sequence. The sequence may be qualified with the name of its database.
    /// Its case matters as in the name of a table.
    fn of_sequence(&mut self, function: &str) -> Parsed<Node> {
        loop {
            let (ExpressionToken::Word(name) | ExpressionToken::Quoted(name)) = self.next()? else {
                return Err(Unread);
            };
            if !self.take_symbol(b'.') {
                return Ok(Node::call(function, vec![Node::Word(quote_identifier(&name))]));
            }
        }
    }

    fn convert(&mut self) -> Parsed<Node> {
        let operand = self.expression()?;
        let node = if self.take_word("using") {
            Node::ConvertUsing {
                operand: Box::new(operand),
                charset: charset_name(&self.any_word()?),
            }
        } else {
            self.expect_symbol(b',')?;
            Node::cast(operand, &self.cast_type(Some("utf8mb4"))?)
        };
        self.expect_symbol(b')')?;
        Ok(node)
    }

    fn trim(&mut self) -> Parsed<Node> {
        let side = match self.peek_word() {
            Some(word) if matches!(word.as_str(), "leading" | "trailing" | "both") => {
                self.at += 1;
                Some(word)
            }
            _ => None,
        };
        if side.is_some() && self.take_word("from") {
            let from = self.expression()?;
            self.expect_symbol(b')')?;
            return Ok(match side.as_deref() {
                Some("leading") => Node::call("ltrim", vec![from]),
                Some("trailing") => Node::call("rtrim", vec![from]),
                _ => Node::call("trim", vec![from]),
            });
        }
        let what = self.expression()?;
        let node = if self.take_word("from") {
            let side = side.unwrap_or_else(|| "both".to_owned());
            Node::call("trim", vec![Node::Word(side), what, self.expression()?])
        } else {
            Node::call("trim", vec![what])
        };
        self.expect_symbol(b')')?;
        Ok(node)
    }

    fn substring(&mut self) -> Parsed<Node> {
        let mut arguments = vec![self.expression()?];
        if self.take_word("from") {
            arguments.push(self.expression()?);
            if self.take_word("for") {
                arguments.push(self.expression()?);
            }
        } else {
            while self.take_symbol(b',') {
                arguments.push(self.expression()?);
            }
        }
        self.expect_symbol(b')')?;
        Ok(Node::call("substr", arguments))
    }

    fn date_arithmetic(&mut self, name: &str) -> Parsed<Node> {
        let operand = Box::new(self.expression()?);
        self.expect_symbol(b',')?;
        let (value, unit) = match self.interval()? {
            Some(found) => found,
            None if name == "adddate" || name == "subdate" => {
                (self.expression()?, "day".to_owned())
            }
            None => return Err(Unread),
        };
        self.expect_symbol(b')')?;
        let subtract = name == "date_sub" || name == "subdate";
        Ok(Node::DateArithmetic { operand, subtract, value: Box::new(value), unit })
    }

    /// Reads `JSON_VALUE(x, path [RETURNING type])`. `char(512)` is left out, because MySQL returns
    /// it by default.
    fn json_value(&mut self) -> Parsed<Node> {
        let mut arguments = vec![self.expression()?];
        self.expect_symbol(b',')?;
        arguments.push(self.expression()?);
        if self.take_word("returning") {
            let to = self.cast_type(None)?;
            if to != "char(512)" {
                arguments.push(Node::Word(to));
            }
        }
        self.expect_symbol(b')')?;
        Ok(Node::call("json_value", arguments))
    }
}

/// A unit in lower case; `SQL_TSI_DAY` is `day`.
fn unit(word: &str) -> Option<String> {
    let name = word.strip_prefix("sql_tsi_").unwrap_or(word);
    UNITS.contains(&name).then(|| name.to_owned())
}
