//! Reads a column's definition: the type, and then attributes in any order.

use super::ColumnDefinition;
use super::SqlError;
use super::column_clauses::{ClausePlace, add_place, next_clause};
use super::constraint::{read_check, read_references};
use super::default::{WrittenDefault, accept_now, read_default};
use super::options::read_engine_option;
use super::parser::Parser;
use super::types::{TypeRead, charset_clause, charset_name, read_modifier, read_type};
use crate::model::{
    Column, ColumnFormat, ColumnType, ColumnVersioning, DefaultValue, Generated, GeneratedStorage,
    ReferentialAction, StorageMedium,
};

/// Reads the definition after a column's name, up to the first token that isn't part of it. The
/// places of its clauses are added to `places`.
pub(crate) fn read_column(
    parser: &mut Parser,
    name: &str,
    places: &mut Vec<ClausePlace>,
) -> Result<ColumnDefinition, SqlError> {
    let mut reader = Reader {
        read: read_type(parser, places)?,
        column: ColumnDefinition::new(Column::new(name, ColumnType::Date)),
        default: None,
        srid: None,
        states_null: false,
    };
    if reader.read.serial {
        reader.column.serial();
    }
    loop {
        let (clause, start) = (next_clause(parser), parser.peek(0).start);
        if !reader.attribute(parser)? {
            return Ok(reader.finish());
        }
        add_place(places, clause, start, parser);
    }
}

struct Reader {
    read: TypeRead,
    column: ColumnDefinition,
    default: Option<WrittenDefault>,
    srid: Option<u32>,
    /// Whether NULL or NOT NULL was read.
    states_null: bool,
}

impl Reader {
    /// Reads one attribute. Returns `false` if the next token isn't one.
    fn attribute(&mut self, parser: &mut Parser) -> Result<bool, SqlError> {
        let Some(word) = parser.upper_word() else { return self.engine_option(parser) };
        if self.value_attribute(parser, &word)?
            || self.key_attribute(parser, &word)?
            || self.storage_attribute(parser, &word)?
            || self.engine_attribute(parser, &word)?
        {
            return Ok(true);
        }
        read_modifier(parser, &mut self.read)
    }

    /// Reads NULL, DEFAULT, ON UPDATE and AS, which say what values the column has.
    fn value_attribute(&mut self, parser: &mut Parser, word: &str) -> Result<bool, SqlError> {
        let column = &mut self.column.column;
        match word {
            "NULL" => {
                parser.next();
                column.nullable = true;
                self.states_null = true;
            }
            "NOT" if parser.is_word_at(1, "NULL") => {
                parser.next();
                parser.next();
                column.nullable = false;
            }
            "DEFAULT" => {
                parser.next();
                self.default = Some(read_default(parser)?);
            }
            "ON" if parser.is_word_at(1, "UPDATE") => {
                parser.next();
                parser.next();
                let open = parser.accept_symbol(b'(');
                if !accept_now(parser)? {
                    return Err(parser.expected("CURRENT_TIMESTAMP"));
                }
                if open {
                    parser.expect_symbol(b')')?;
                }
                column.on_update_now = true;
            }
            "GENERATED" | "AS" => {
                if parser.accept("GENERATED") {
                    parser.expect("ALWAYS")?;
                }
                parser.expect("AS")?;
                self.generated(parser)?;
            }
            "AUTO_INCREMENT" => {
                parser.next();
                column.auto_increment = true;
                column.nullable = false;
            }
            "SERIAL" => {
                parser.next();
                parser.expect("DEFAULT")?;
                parser.expect("VALUE")?;
                self.column.serial();
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn generated(&mut self, parser: &mut Parser) -> Result<(), SqlError> {
        if parser.accept("ROW") {
            let column = &mut self.column.column;
            column.nullable = false;
            column.versioning = if parser.accept("START") {
                ColumnVersioning::RowStart
            } else {
                parser.expect("END")?;
                ColumnVersioning::RowEnd
            };
            return Ok(());
        }
        let expression = parser.parenthesized()?;
        let stored = parser.accept("STORED") || parser.accept("PERSISTENT");
        if !stored {
            parser.accept("VIRTUAL");
        }
        let storage = if stored { GeneratedStorage::Stored } else { GeneratedStorage::Virtual };
        self.column.column.generated = Some(Generated { expression, storage });
        Ok(())
    }

    /// Reads keys, checks and references.
    fn key_attribute(&mut self, parser: &mut Parser, word: &str) -> Result<bool, SqlError> {
        match word {
            "UNIQUE" => {
                parser.next();
                parser.accept("KEY");
                self.column.unique = true;
            }
            "PRIMARY" | "KEY" => {
                parser.accept("PRIMARY");
                parser.expect("KEY")?;
                self.column.primary_key = true;
            }
            "CONSTRAINT" => {
                parser.next();
                let name =
                    if parser.is_word("CHECK") { String::new() } else { parser.name("a name")? };
                if parser.is_word("REFERENCES") {
                    let mut key = read_references(parser)?;
                    key.name = name;
                    self.references(key);
                    return Ok(true);
                }
                parser.expect("CHECK")?;
                self.column.checks.push(read_check(parser, name)?);
            }
            "CHECK" => {
                parser.next();
                self.column.checks.push(read_check(parser, String::new())?);
            }
            "REFERENCES" => {
                let key = read_references(parser)?;
                self.references(key);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn references(&mut self, mut key: crate::model::ForeignKey) {
        key.columns = vec![self.column.column.name.clone()];
        self.column.references = Some(key);
    }

    /// Reads the character set, visibility, comment and SRID.
    fn storage_attribute(&mut self, parser: &mut Parser, word: &str) -> Result<bool, SqlError> {
        match word {
            "COLLATE" => {
                parser.next();
                parser.accept_symbol(b'=');
                self.read.collation = Some(charset_name(parser, "a collation")?);
            }
            "CHARSET" | "CHARACTER" => {
                let error = parser.error("this type has no character set");
                match charset_clause(parser)? {
                    Some(name) if self.read.ty.has_charset() => self.read.charset = Some(name),
                    Some(_) if self.is_without_charset() => return Err(error),
                    Some(_) => {}
                    None => return Ok(false),
                }
            }
            "COMMENT" => {
                parser.next();
                parser.accept_symbol(b'=');
                self.column.column.comment = parser.string("a comment in quotes")?;
            }
            "INVISIBLE" => {
                parser.next();
                self.column.column.invisible = true;
            }
            "VISIBLE" => {
                parser.next();
                self.column.column.invisible = false;
            }
            "SRID" | "REF_SYSTEM_ID" => {
                parser.next();
                parser.accept_symbol(b'=');
                self.srid = Some(parser.small_number("a spatial reference system")?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether the type can't have a character set. After a binary type the clause is allowed and
    /// has no effect; after a number it is an error.
    fn is_without_charset(&self) -> bool {
        use crate::model::TypeClass::{Binary, Character, Other};
        !matches!(self.read.ty.class(), Binary | Character | Other)
    }

    /// Reads the attributes that only some engines or versioned tables use.
    fn engine_attribute(&mut self, parser: &mut Parser, word: &str) -> Result<bool, SqlError> {
        let column = &mut self.column.column;
        match word {
            "COLUMN_FORMAT" => {
                parser.next();
                column.storage_mut().format = column_format(parser)?;
            }
            "STORAGE" => {
                parser.next();
                column.storage_mut().medium = storage_medium(parser)?;
            }
            "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" => {
                parser.next();
                parser.accept_symbol(b'=');
                let value = Some(parser.string("JSON in quotes")?).filter(|it| !it.is_empty());
                let attributes = &mut column.storage_mut().attributes;
                match word {
                    "ENGINE_ATTRIBUTE" => attributes.engine_attribute = value,
                    _ => attributes.secondary_engine_attribute = value,
                }
            }
            "NOT" if parser.is_word_at(1, "SECONDARY") => {
                parser.next();
                parser.next();
                column.storage_mut().not_secondary = true;
            }
            "COMPRESSED" => {
                parser.next();
                if parser.accept_symbol(b'=') {
                    // There is only one method, so the server doesn't keep its name.
                    parser.name("a method")?;
                }
                column.storage_mut().compressed = true;
            }
            "WITH" | "WITHOUT" if parser.is_word_at(1, "SYSTEM") => {
                parser.next();
                parser.next();
                parser.expect("VERSIONING")?;
                match word {
                    "WITH" => self.column.with_versioning = true,
                    _ => column.versioning = ColumnVersioning::Without,
                }
            }
            _ => return self.engine_option(parser),
        }
        Ok(true)
    }

    /// Reads `name = value`, an option that only the storage engine knows.
    fn engine_option(&mut self, parser: &mut Parser) -> Result<bool, SqlError> {
        let storage = self.column.column.storage_mut();
        read_engine_option(parser, &mut storage.attributes.engine_options)
    }

    fn finish(mut self) -> ColumnDefinition {
        self.read.resolve_binary_charset();
        if let Some(default) = self.default {
            let default = default.on(&self.read.ty, self.read.charset.as_deref());
            self.column.column.default = Some(default);
        }
        if self.read.binary_collation && self.read.collation.is_none() {
            self.column.binary_of_table = self.read.charset.is_none();
            let charset = self.read.charset.as_deref().unwrap_or("utf8mb4");
            self.read.collation = Some(format!("{charset}_bin"));
        }
        let column = &mut self.column.column;
        column.storage = column.storage.take().filter(|storage| **storage != Default::default());
        column.ty = self.read.ty;
        column.is_bare_timestamp = matches!(column.ty, ColumnType::Timestamp { .. })
            && column.nullable
            && !self.states_null
            && column.generated.is_none();
        if let ColumnType::Geometry { srid, .. } = &mut column.ty {
            *srid = self.srid;
        }
        column.charset = self.read.charset;
        column.collation = self.read.collation;
        if self.column.primary_key {
            column.nullable = false;
        }
        if !column.nullable && column.default == Some(DefaultValue::Null) {
            column.default = None;
        }
        self.column
    }
}

impl ColumnDefinition {
    /// The definition of a column without keys, checks and references.
    pub(crate) fn new(column: Column) -> Self {
        ColumnDefinition {
            column,
            primary_key: false,
            unique: false,
            checks: Vec::new(),
            references: None,
            binary_of_table: false,
            with_versioning: false,
        }
    }

    /// Applies SERIAL or SERIAL DEFAULT VALUE.
    pub(super) fn serial(&mut self) {
        self.column.nullable = false;
        self.column.auto_increment = true;
        self.unique = true;
    }
}

fn column_format(parser: &mut Parser) -> Result<Option<ColumnFormat>, SqlError> {
    Ok(if parser.accept("FIXED") {
        Some(ColumnFormat::Fixed)
    } else if parser.accept("DYNAMIC") {
        Some(ColumnFormat::Dynamic)
    } else {
        parser.expect("DEFAULT")?;
        None
    })
}

fn storage_medium(parser: &mut Parser) -> Result<Option<StorageMedium>, SqlError> {
    Ok(if parser.accept("DISK") {
        Some(StorageMedium::Disk)
    } else if parser.accept("MEMORY") {
        Some(StorageMedium::Memory)
    } else {
        parser.expect("DEFAULT")?;
        None
    })
}

/// Reads `NO ACTION`, `CASCADE`, …
pub(crate) fn read_action(parser: &mut Parser) -> Result<ReferentialAction, SqlError> {
    let action = if parser.accept_words(&["NO", "ACTION"]) {
        ReferentialAction::NoAction
    } else if parser.accept("RESTRICT") {
        ReferentialAction::Restrict
    } else if parser.accept("CASCADE") {
        ReferentialAction::Cascade
    } else if parser.accept_words(&["SET", "NULL"]) {
        ReferentialAction::SetNull
    } else if parser.accept_words(&["SET", "DEFAULT"]) {
        ReferentialAction::SetDefault
    } else {
        return Err(parser
            .expected("an action")
            .with_help("one of NO ACTION, RESTRICT, CASCADE, SET NULL, SET DEFAULT"));
    };
    Ok(action)
}
