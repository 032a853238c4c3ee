use super::*;

fn split(text: &str) -> Vec<String> {
    let mut splitter = Splitter::new(text.as_bytes());
    let mut statements = Vec::new();
    while let Some(piece) = splitter.next_piece().unwrap() {
        if let Piece::Statement(statement) = piece {
            let text = String::from_utf8(statement.bytes).unwrap();
            statements.push(format!("{}:{} {text}", statement.line, statement.column));
        }
    }
    statements
}

#[test]
fn delimiters_in_quotes_and_comments_do_not_count() {
    let text = "-- a;\ncreate table `a;b` (c text comment 'it''s; \\';') /* ; */ # ;\n;\n\
                    /*!50001 create view v as select 1; */; drop table x";
    assert_eq!(
        split(text),
        [
            "2:1 create table `a;b` (c text comment 'it''s; \\';') /* ; */ # ;\n",
            "4:1 /*!50001 create view v as select 1; */",
            "4:41 drop table x",
        ]
    );
}

#[test]
fn delimiter_is_the_clients_command() {
    let text = "DELIMITER ;;\ncreate trigger a before insert on b for each row begin x; y; end;;\n\
                    delimiter ;\nuse db\ndrop table c\ndelimiter $$\ndrop table d$$drop table e";
    assert_eq!(
        split(text),
        [
            "2:1 create trigger a before insert on b for each row begin x; y; end",
            "4:1 use db",
            "5:1 drop table c\n",
            "7:1 drop table d",
            "7:15 drop table e",
        ]
    );
}

#[test]
fn data_is_skipped() {
    let text = "insert into a values ('x;\\'y'),(\"z;\");/*!40000 ALTER TABLE a DISABLE KEYS */;\
                    /*M!999999\\- enable the sandbox mode */ \n(select 1);";
    assert_eq!(split(text), ["1:39 /*!40000 ALTER TABLE a DISABLE KEYS */"]);
}
