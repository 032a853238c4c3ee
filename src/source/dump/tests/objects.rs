//! Views, triggers, routines, events and sequences.

use super::super::read_from;
use super::load;
use crate::source::yaml::{self, WriteOptions};

/// The objects of a file, written as in schema.yaml.
fn objects(text: &str) -> String {
    let loaded = load(text);
    let server = loaded.server.unwrap_or(crate::server::Server::ASSUMED);
    let written = yaml::write(&loaded.schema, &WriteOptions::new(server));
    let at = written.find("\n\nviews:").or_else(|| written.find("\n\ntriggers:"));
    let at = at.or_else(|| written.find("\n\nprocedures:"));
    let at = at.or_else(|| written.find("\n\nevents:")).or_else(|| written.find("\n\nsequences:"));
    at.map_or("nothing".to_owned(), |at| written[at + 2..].to_owned())
}

fn error(text: &str) -> String {
    read_from(text.as_bytes(), "dump.sql", None).unwrap_err().to_string()
}

#[test]
fn what_a_client_dumps() {
    insta::assert_snapshot!(objects(
        "/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
CREATE TABLE `t` (`a` int);
/*!50001 CREATE VIEW `v` AS SELECT 1 AS `a`*/;
/*!50003 SET @saved_cs_client      = @@character_set_client */ ;
/*!50003 SET character_set_client  = latin1 */ ;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
/*!50003 SET sql_mode              = 'ANSI_QUOTES,STRICT_TRANS_TABLES' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\"root\"@\"localhost\"*/ /*!50003 TRIGGER \"g\" BEFORE INSERT ON \"t\" FOR EACH ROW begin
  set new.a = 1; /* ; */
end */;;
DELIMITER ;
/*!50003 SET sql_mode              = @saved_sql_mode */ ;
/*!50003 SET character_set_client  = @saved_cs_client */ ;
/*!50106 SET @save_time_zone= @@TIME_ZONE */ ;
DELIMITER ;;
/*!50106 SET TIME_ZONE= 'SYSTEM' */ ;;
/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE ENABLE DO do 1 */ ;;
/*!50106 SET TIME_ZONE= @save_time_zone */ ;;
CREATE EVENT later ON SCHEDULE AT '2030-01-01' DO do 2;;
DELIMITER ;
/*!50001 DROP VIEW IF EXISTS `v`*/;
/*!50001 CREATE ALGORITHM=MERGE */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY INVOKER */
/*!50001 VIEW `v` AS select `t`.`a` AS `a` from `t` */
/*!50002 WITH CASCADED CHECK OPTION */;
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
CREATE PROCEDURE after_all() SELECT 1;
"
    ));
}

#[test]
fn statements_change_objects() {
    insta::assert_snapshot!(objects(
        "CREATE TABLE t (a int); CREATE TABLE u (a int);
CREATE VIEW v AS SELECT 1;
CREATE ALGORITHM=MERGE DEFINER=a@b VIEW w AS SELECT 2;
ALTER SQL SECURITY INVOKER VIEW w (x) AS SELECT 3;
CREATE OR REPLACE VIEW v AS SELECT 4;
CREATE VIEW IF NOT EXISTS v AS SELECT 5;
CREATE VIEW gone AS SELECT 6; DROP VIEW IF EXISTS gone, never_there;
RENAME TABLE v TO v2, t TO t2;
CREATE TRIGGER t2_first BEFORE INSERT ON t2 FOR EACH ROW SET @a = 1;
CREATE TRIGGER t2_last BEFORE INSERT ON t2 FOR EACH ROW SET @a = 3;
CREATE TRIGGER t2_middle BEFORE INSERT ON t2 FOR EACH ROW PRECEDES t2_last SET @a = 2;
CREATE TRIGGER t2_second BEFORE INSERT ON t2 FOR EACH ROW FOLLOWS t2_first SET @a = 1.5;
CREATE TRIGGER u_one AFTER DELETE ON u FOR EACH ROW SET @a = 1; DROP TABLE u;
RENAME TABLE t2 TO t3;
CREATE PROCEDURE p() SELECT 1; ALTER PROCEDURE p COMMENT 'x' SQL SECURITY INVOKER NO SQL;
SET sql_mode = 'ANSI';
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;
SET sql_mode = DEFAULT;
ALTER EVENT e RENAME TO e2 DISABLE COMMENT 'y';
CREATE EVENT f ON SCHEDULE EVERY 1 DAY DO SELECT 1;
SET time_zone = '+01:00';
ALTER EVENT f ON SCHEDULE EVERY '1:30' HOUR_MINUTE ENDS '2031-01-01' ON COMPLETION PRESERVE DO SELECT 2;
CREATE SEQUENCE s START WITH 5 INCREMENT BY 2; ALTER SEQUENCE s INCREMENT 3 NO MAXVALUE CYCLE RESTART WITH 7;
CREATE SEQUENCE s2; DROP SEQUENCE s2; CREATE SEQUENCE s3; DROP TABLE s3;
CREATE FUNCTION loadable RETURNS STRING SONAME 'x.so';
"
    ));
}

#[test]
fn statements_that_are_refused() {
    assert!(
        error("CREATE VIEW v AS SELECT 1; CREATE VIEW v AS SELECT 2;")
            .contains("the view `v` is already there")
    );
    assert!(
        error("CREATE VIEW v AS SELECT 1; CREATE TABLE v (a int);")
            .contains("there is a view `v` already")
    );
    assert!(
        error("CREATE TABLE v (a int); CREATE VIEW v AS SELECT 1;")
            .contains("there is a table `v` already")
    );
    assert!(
        error("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1;")
            .contains("there is no table `t` here")
    );
    assert!(
        error("CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW FOLLOWS h SET @a = 1;")
            .contains("there is no trigger `h` here")
    );
    assert!(error("ALTER EVENT e DISABLE;").contains("there is no event `e` here"));
    assert!(error("CREATE PROCEDURE p() SELECT 1, 'x;").contains("this string is never closed"));
}

#[test]
fn what_is_unsupported_is_named() {
    let loaded = load(
        "CREATE TABLE t (a int);
DELIMITER //
CREATE PROCEDURE p(a TYPE OF t.a) SELECT 1 //
CREATE FUNCTION j() RETURNS int LANGUAGE JAVASCRIPT AS $$ return 1; $$ //
CREATE PROCEDURE o AS BEGIN NULL; END //
CREATE PACKAGE k AS PROCEDURE q; END //
CREATE PACKAGE BODY k AS PROCEDURE q AS BEGIN NULL; END; END //
CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW SET @a = 1 //
CREATE JSON RELATIONAL DUALITY VIEW d AS SELECT JSON_DUALITY_OBJECT('_id': a) FROM t //
CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ x $$ //
",
    );
    let named = loaded.schema.unsupported.iter();
    let named = named.map(|it| format!("{} {}: {}", it.kind.noun(), it.name, it.reason));
    insta::assert_snapshot!(named.collect::<Vec<_>>().join("\n"));
    assert!(loaded.schema.objects.is_empty());
}

#[test]
fn text_in_latin1_is_read_as_by_the_servers() {
    let text = b"SET @old = @@character_set_client; SET character_set_client = latin1;
CREATE PROCEDURE p() SELECT '\x80\xe9';
SET character_set_client = @old;
CREATE PROCEDURE q() SELECT '\xc3\xa9';";
    let loaded = read_from(&text[..], "dump.sql", None).unwrap();
    let bodies: Vec<_> = loaded
        .schema
        .objects
        .values()
        .map(|object| match object {
            crate::model::Object::Routine(routine) => routine.body.as_str(),
            _ => "",
        })
        .collect();
    assert_eq!(bodies, ["SELECT '€é'", "SELECT 'é'"]);
}
