//! Finds the end of a statement that contains other statements. The body of a trigger, routine or
//! event may contain `;`, and another statement may follow its END.

use super::lexer::{Dialect, Token, TokenKind, lex};
use super::object::{BodySyntax, find_body};
use super::parser::Parser;

/// A body that has been read up to some `;`.
#[derive(Debug)]
pub(crate) struct Compound {
    /// The blocks that are open, the innermost last.
    open: Vec<Block>,
    /// The number of parentheses that are open.
    depth: usize,
    /// How many tokens of the current statement have been read.
    read: usize,
    place: Place,
    /// Whether only the client's delimiter ends the statement.
    opaque: bool,
}

/// A block that END closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// CASE in an expression, where values follow THEN and ELSE.
    CaseExpression,
    /// WHILE and FOR, where the statements begin after DO.
    Loop,
    /// BEGIN, IF, CASE, LOOP and REPEAT.
    Statements,
}

/// What kind of token may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The first token of a statement.
    Beginning,
    /// A token inside a statement.
    Within,
    /// What may follow END: IF, LOOP, a label.
    AfterEnd,
    /// A condition of DECLARE … HANDLER FOR, or the first token of the handler's statement.
    Handler,
}

impl Compound {
    /// Reads the beginning of a statement up to a `;`. `None` if the statement has no body, or its
    /// body can't contain other statements.
    pub(crate) fn begin(text: &str, dialect: Dialect) -> Option<Compound> {
        let mut parser = Parser::new(text, dialect).ok()?;
        let opaque = find_body(&mut parser)? == BodySyntax::Opaque;
        let mut compound =
            Compound { open: Vec::new(), depth: 0, read: 0, place: Place::Beginning, opaque };
        while !opaque && !parser.at_end() {
            let token = parser.next();
            compound.read(&[token], text);
        }
        Some(compound)
    }

    /// Reads the `;` and the text after it, up to the next `;`.
    pub(crate) fn go_on(&mut self, text: &str, dialect: Dialect) {
        // If the text can't be divided into tokens, that error is reported when the statement is
        // read.
        self.read(&lex(text, dialect).unwrap_or_default(), text);
    }

    /// Whether the `;` after what has been read belongs to the body.
    pub(crate) fn is_open(&self) -> bool {
        self.opaque || !self.open.is_empty()
    }

    /// Whether it is uncertain where the body ends.
    pub(crate) fn is_opaque(&self) -> bool {
        self.opaque
    }

    fn read(&mut self, tokens: &[Token], text: &str) {
        for token in tokens {
            match token.kind {
                TokenKind::Symbol(b'(') => self.depth += 1,
                TokenKind::Symbol(b')') => self.depth = self.depth.saturating_sub(1),
                _ if self.depth > 0 => {}
                TokenKind::Symbol(b';') => self.begin_statement(),
                // A label. The `:` of `:=` can't be the second token of a statement.
                TokenKind::Symbol(b':') if self.read == 1 => self.begin_statement(),
                TokenKind::Word => {
                    let word = text.get(token.start..token.end).unwrap_or_default();
                    self.word(&word.to_ascii_uppercase());
                }
                _ => self.within(),
            }
        }
    }

    fn begin_statement(&mut self) {
        self.place = Place::Beginning;
        self.read = 0;
    }

    fn within(&mut self) {
        if self.place != Place::Handler {
            self.place = Place::Within;
        }
        self.read += 1;
    }

    fn word(&mut self, word: &str) {
        let innermost = self.open.last().copied();
        match word {
            "END" => {
                self.open.pop();
                self.place = Place::AfterEnd;
                self.read += 1;
            }
            _ if self.place == Place::AfterEnd => self.within(),
            // Oracle's syntax has declarations before BEGIN.
            "DECLARE" if self.open.is_empty() && self.place == Place::Beginning => {
                self.opaque = true;
            }
            _ if self.place == Place::Handler && CONDITIONS.contains(&word) => self.read += 1,
            "BEGIN" | "LOOP" | "REPEAT" if self.begins_statement() => {
                self.open.push(Block::Statements);
                self.begin_statement();
            }
            // BEGIN NOT ATOMIC.
            "ATOMIC" if self.read == 1 => self.begin_statement(),
            "IF" | "CASE" if self.begins_statement() => self.open(Block::Statements),
            "WHILE" | "FOR" if self.begins_statement() => self.open(Block::Loop),
            "CASE" => self.open(Block::CaseExpression),
            "THEN" | "ELSE" if innermost != Some(Block::CaseExpression) => self.begin_statement(),
            "DO" if innermost == Some(Block::Loop) && self.place == Place::Within => {
                self.begin_statement();
            }
            "HANDLER" if self.place == Place::Within => self.place = Place::Handler,
            _ => {
                // This is the first word of the handler's statement, or the name of a condition.
                let statement = SIMPLE.contains(&word);
                if self.place == Place::Handler && statement {
                    self.place = Place::Within;
                }
                self.within();
            }
        }
    }

    fn open(&mut self, block: Block) {
        self.open.push(block);
        self.place = Place::Within;
        self.read += 1;
    }

    fn begins_statement(&self) -> bool {
        matches!(self.place, Place::Beginning | Place::Handler)
    }
}

/// The words of a handler's conditions, and the FOR before them.
const CONDITIONS: &[&str] =
    &["FOR", "SQLSTATE", "VALUE", "SQLWARNING", "NOT", "FOUND", "SQLEXCEPTION"];

/// The first words of those statements of a handler that contain no other statements.
const SIMPLE: &[&str] = &[
    "CALL", "CLOSE", "COMMIT", "DELETE", "DO", "EXECUTE", "FETCH", "GET", "INSERT", "ITERATE",
    "LEAVE", "OPEN", "REPLACE", "RESIGNAL", "RETURN", "ROLLBACK", "SELECT", "SET", "SIGNAL",
    "START", "TRUNCATE", "UPDATE", "WITH",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Divides a text into statements, at each `;` that isn't inside a body.
    fn divide(text: &str) -> Vec<String> {
        let mut statements = Vec::new();
        let mut rest = text;
        while !rest.trim().is_empty() {
            let mut ends = rest.match_indices(';').map(|(at, _)| at).chain([rest.len()]);
            let mut at = ends.next().unwrap();
            if let Some(mut compound) = Compound::begin(&rest[..at], Dialect::default()) {
                while compound.is_open() && at < rest.len() {
                    let next = ends.next().unwrap();
                    compound.go_on(&rest[at..next], Dialect::default());
                    at = next;
                }
            }
            statements.push(rest[..at].trim().to_owned());
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        statements
    }

    #[test]
    fn a_body_ends_with_its_own_end() {
        for body in [
            "begin end",
            "begin select 1; end",
            "outermost: begin if a then set b = if(a, 1, 2); elseif c then leave x; else do 1; \
             end if; end outermost",
            "if new.a is null then set new.a = 1; end if",
            "case new.a when 1 then set new.b = 1; else begin end; end case",
            "begin declare a int default case when 1 then 2 else 3 end; set a = case 1 when 1 then \
             2 end; end",
            "begin declare continue handler for not found set done = if(1, 2, 3); declare exit \
             handler for sqlexception, sqlstate '42000' begin rollback; resignal; end; select 1; \
             end",
            "begin declare exit handler for 1062 if a then select 1; end if; select 2; end",
            "begin l: loop iterate l; end loop l; while a do set a = 1; end while; repeat set a = \
             2; until a > 1 end repeat; do sleep(1); end",
            "begin for i in 1..3 do select i; end for; for r in (select 1) do select 2; end for; \
             end",
            "begin set a := repeat('x', 3); select (case when 1 then 2 end), case 1 when 1 then 2 \
             end from t; insert into t values (1); end",
            "begin start transaction; commit; end",
        ] {
            for head in [
                "create procedure p(a int) comment 'x' reads sql data ",
                "create or replace definer=`a`@`b` procedure if not exists `x`.p() ",
                "create trigger g before insert on t for each row follows other ",
                "create event e on schedule every 1 day starts now() comment 'do' do ",
                "alter event e do ",
                "create function f(a int) returns varchar(9) charset utf8mb4 deterministic ",
            ] {
                let text = format!("{head}{body}; drop table x; {head}{body}");
                let one = format!("{head}{body}");
                assert_eq!(divide(&text), [&one, "drop table x", &one], "{text}");
            }
        }
    }

    #[test]
    fn a_block_outside_of_routines_ends_with_its_own_end() {
        for block in [
            "begin not atomic declare n int default 0; if n then create table t (a int); end if; end",
            "begin not atomic if n then select 1; end if; end",
            "if (select 1) then create table t (a int); else select 2; end if",
            "for i in 1..3 do select i; end for",
            "while @a < 3 do set @a = @a + 1; end while",
        ] {
            assert_eq!(divide(&format!("{block}; drop table x")), [block, "drop table x"]);
        }
    }

    #[test]
    fn what_has_no_compound_body_ends_at_once() {
        for one in [
            "create table `begin` (a int)",
            "create function f() returns int return if(1, 2, 3)",
            "create function f() returns int return case 1 when 1 then 2 else 3 end",
            "create trigger g after update on t for each row set @a = 1",
            "create event e on schedule at now() do delete from t",
            "create procedure p() update t set a = case when b then 1 else 2 end where c",
            "alter event e rename to f",
            "create function f returns string soname 'x.so'",
            "create view v as select 1",
            "create user a",
        ] {
            assert_eq!(divide(&format!("{one}; drop table x")), [one, "drop table x"]);
        }
    }
}
