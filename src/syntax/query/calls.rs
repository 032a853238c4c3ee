//! Reads the expressions that only queries have: qualified columns, aggregates, windows, EXISTS,
//! ANY and ALL, MATCH.

use crate::model::tree::Node;
use crate::syntax::expression::{ExpressionToken, Parsed, TreeParser, Unread};

impl TreeParser {
    /// Reads a name with its qualifiers. If a parenthesis follows, it is the name of a function.
    pub(crate) fn name(&mut self, first: String) -> Parsed<Node> {
        let start = self.at.saturating_sub(1);
        let mut path = vec![first];
        while self.take_symbol(b'.') {
            path.push(self.identifier()?);
        }
        if path.len() > 3 {
            return Err(Unread);
        }
        if path.len() == 1 && self.peek() == Some(&ExpressionToken::Symbol(b'(')) {
            self.at += 1;
            return self.function_of_query(&path.pop().unwrap_or_default().to_lowercase());
        }
        let place = self.place_from(start);
        if self.take_symbol(b'(') {
            let function = path.pop().unwrap_or_default().to_lowercase();
            let database = path.pop().unwrap_or_default();
            return Ok(Node::call(format!("{database}.{function}"), self.list()?).at(place));
        }
        Ok(Node::Name(path, place))
    }

    /// Reads a function and its OVER clause. The name and the opening parenthesis have been read.
    pub(crate) fn function_of_query(&mut self, name: &str) -> Parsed<Node> {
        let place = self.place_of_function();
        let call = match name {
            "exists" => {
                let query = self.query_in_parentheses()?.ok_or(Unread)?;
                return Ok(Node::call("exists", vec![query]));
            }
            "any" | "some" | "all" => {
                let query = self.query_in_parentheses()?.ok_or(Unread)?;
                return Ok(Node::call(if name == "all" { "all" } else { "any" }, vec![query]));
            }
            "count" if self.take_symbol(b'*') => {
                self.expect_symbol(b')')?;
                Node::call("count", vec![Node::number("0")])
            }
            "get_format" => {
                let what = Node::Word(self.any_word()?);
                self.expect_symbol(b',')?;
                let place = self.expression()?;
                self.expect_symbol(b')')?;
                Node::call(name, vec![what, place])
            }
            "group_concat" => self.group_concat()?,
            // MySQL writes these two functions around the columns that ROLLUP groups by and around
            // its sums. Only their argument is kept.
            "rollup_group_item" => return self.list()?.into_iter().next().ok_or(Unread),
            "rollup_sum_switcher" => {
                self.take_word("distinct");
                return self.list()?.into_iter().next().ok_or(Unread);
            }
            _ if self.take_word("distinct") => {
                let mut arguments = self.list()?;
                arguments.insert(0, Node::Word("distinct".to_owned()));
                Node::call(name, arguments)
            }
            _ => self.function(name)?,
        };
        let call = call.at(place);
        if !self.take_word("over") {
            return Ok(call);
        }
        let window = match self.peek() {
            Some(ExpressionToken::Symbol(b'(')) => self.window()?,
            _ => Node::Word(self.identifier()?.to_lowercase()),
        };
        Ok(Node::call("over", vec![call, window]))
    }

    /// Reads `GROUP_CONCAT([DISTINCT] a, b ORDER BY … SEPARATOR ',' LIMIT n)` after the
    /// parenthesis.
    fn group_concat(&mut self) -> Parsed<Node> {
        let mut arguments = Vec::new();
        if self.take_word("distinct") {
            arguments.push(Node::Word("distinct".to_owned()));
        }
        loop {
            arguments.push(self.expression()?);
            if !self.take_symbol(b',') {
                break;
            }
        }
        if self.take_word("order") {
            self.expect_word("by")?;
            arguments.push(Node::call("order", self.ordered()?));
        }
        let mut separator = ",".to_owned();
        if self.take_word("separator") {
            let ExpressionToken::Text(text) = self.next()? else { return Err(Unread) };
            separator = text;
        }
        arguments.push(Node::Word("separator".to_owned()));
        arguments.push(Node::String { charset: None, text: separator });
        if self.take_word("limit") {
            arguments.push(Node::Word("limit".to_owned()));
            arguments.push(Node::Number(self.count()?));
        }
        self.expect_symbol(b')')?;
        Ok(Node::call("group_concat", arguments))
    }

    /// Reads `([name] [PARTITION BY …] [ORDER BY …] [frame])`.
    pub(super) fn window(&mut self) -> Parsed<Node> {
        self.expect_symbol(b'(')?;
        let is_named = match self.peek() {
            Some(ExpressionToken::Quoted(_)) => true,
            Some(ExpressionToken::Word(word)) => !matches!(
                word.to_lowercase().as_str(),
                "partition" | "order" | "rows" | "range" | "groups"
            ),
            _ => false,
        };
        let base = if is_named { self.identifier()?.to_lowercase() } else { String::new() };
        let mut partition = Vec::new();
        if self.take_word("partition") {
            self.expect_word("by")?;
            partition = self.ordered()?;
        }
        let mut order = Vec::new();
        if self.take_word("order") {
            self.expect_word("by")?;
            order = self.ordered()?;
        }
        let frame = self.frame()?;
        self.expect_symbol(b')')?;
        let parts = vec![
            Node::Word(base),
            Node::call("partition", partition),
            Node::call("order", order),
            Node::call("frame", frame),
        ];
        Ok(Node::call("window", parts))
    }

    /// Reads the frame of a window, if there is one. `ROWS|RANGE bound` is short for `BETWEEN bound
    /// AND CURRENT ROW`.
    fn frame(&mut self) -> Parsed<Vec<Node>> {
        let unit = match self.peek_word() {
            Some(unit) if matches!(unit.as_str(), "rows" | "range") => unit,
            Some(_) => return Err(Unread),
            None => return Ok(Vec::new()),
        };
        self.at += 1;
        let mut frame = vec![Node::Word(unit)];
        if self.take_word("between") {
            self.bound(&mut frame)?;
            self.expect_word("and")?;
            self.bound(&mut frame)?;
        } else {
            self.bound(&mut frame)?;
            frame.push(Node::Word("current row".to_owned()));
        }
        Ok(frame)
    }

    fn bound(&mut self, frame: &mut Vec<Node>) -> Parsed<()> {
        if self.take_word("current") {
            self.expect_word("row")?;
            frame.push(Node::Word("current row".to_owned()));
            return Ok(());
        }
        if self.take_word("unbounded") {
            frame.push(Node::Word("unbounded".to_owned()));
        } else if let Some((value, unit)) = self.interval()? {
            frame.extend([value, Node::Word(unit)]);
        } else {
            frame.push(self.bits()?);
        }
        match self.any_word()?.as_str() {
            way @ ("preceding" | "following") => frame.push(Node::Word(way.to_owned())),
            _ => return Err(Unread),
        }
        Ok(())
    }

    /// Reads `MATCH (a, b) AGAINST (text mode)` after MATCH. Servers write it without the first
    /// parentheses.
    pub(crate) fn full_text(&mut self) -> Parsed<Node> {
        let in_parentheses = self.take_symbol(b'(');
        let mut columns = Vec::new();
        loop {
            let first = self.identifier()?;
            columns.push(self.name(first)?);
            if !self.take_symbol(b',') {
                break;
            }
        }
        if in_parentheses {
            self.expect_symbol(b')')?;
        }
        self.expect_word("against")?;
        self.expect_symbol(b'(')?;
        let text = self.bits()?;
        let mut mode = Vec::new();
        while let Some(word) = self.peek_word() {
            self.at += 1;
            mode.push(word);
        }
        self.expect_symbol(b')')?;
        let mode = match mode.join(" ").as_str() {
            "" | "in natural language mode" => "",
            "in boolean mode" => "boolean",
            "with query expansion" | "in natural language mode with query expansion" => "expansion",
            _ => return Err(Unread),
        };
        columns.push(Node::call("against", vec![text, Node::Word(mode.to_owned())]));
        Ok(Node::call("match", columns))
    }
}
