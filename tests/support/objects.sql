-- Objects of every kind, as both vendors take them.
CREATE TABLE posts (id int PRIMARY KEY AUTO_INCREMENT, title varchar(100), body text);
CREATE TABLE log (id int PRIMARY KEY AUTO_INCREMENT, what varchar(200));
CREATE VIEW titles (number, name) AS SELECT id, title FROM posts WHERE id > 5 WITH LOCAL CHECK OPTION;
CREATE ALGORITHM=MERGE DEFINER=`app user`@`10.%` SQL SECURITY INVOKER VIEW `odd ``name` AS
  SELECT concat(title, 'é😀?', "it's") AS `ü x` FROM posts;
CREATE ALGORITHM=TEMPTABLE VIEW counted AS SELECT count(*) AS c FROM titles;
CREATE VIEW numbers AS (SELECT 1 AS n) UNION ALL SELECT 2 ORDER BY n DESC LIMIT 3;
DELIMITER ;;
CREATE TRIGGER z_first BEFORE INSERT ON posts FOR EACH ROW SET NEW.title = trim(NEW.title);;
CREATE TRIGGER a_second BEFORE INSERT ON posts FOR EACH ROW FOLLOWS z_first
BEGIN
  -- what happens when 'é?' is there
  SET @a = CONCAT('é😀?', "x\\y", 'it''s');  	
  INSERT INTO log (what) VALUES (';');

END;;
CREATE TRIGGER m_between BEFORE INSERT ON posts FOR EACH ROW PRECEDES a_second SET @b = 1;;
CREATE TRIGGER after_delete AFTER DELETE ON posts FOR EACH ROW INSERT INTO log (what) VALUES (OLD.title);;
CREATE PROCEDURE nothing() BEGIN END;;
CREATE DEFINER=root@localhost PROCEDURE several (IN a int unsigned, OUT b varchar(10), INOUT `c d` decimal(7,2),
  e enum('x','it''s'), f text, g datetime(3))
  COMMENT 'it''s a "comment"' MODIFIES SQL DATA SQL SECURITY INVOKER
/* before */ main: BEGIN /* inside */
  DECLARE i int DEFAULT 0;
  WHILE i < a DO SET i = i + 1; END WHILE; # odd
  SELECT /*!50000 1 + */ 2;
END main;;
CREATE FUNCTION twice(a int) RETURNS bigint DETERMINISTIC NO SQL RETURN a * 2;;
CREATE FUNCTION shout(a varchar(50)) RETURNS varchar(60) CHARSET utf8mb4 COLLATE utf8mb4_bin READS SQL DATA
BEGIN RETURN concat(upper(a), '!?'); END;;
SET SESSION sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES';;
CREATE PROCEDURE "in ansi"() SELECT "id", 'a\' AS "x" FROM posts;;
CREATE TRIGGER "ansi trigger" AFTER UPDATE ON posts FOR EACH ROW SET @c = 'a\b';;
SET SESSION sql_mode=DEFAULT;;
SET SESSION time_zone='+02:00';;
CREATE EVENT clean_up ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 12:30:00'
  ON COMPLETION PRESERVE DISABLE COMMENT 'é' DO DELETE FROM log WHERE what = 'é😀?';;
CREATE EVENT compound ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2030-01-01' DISABLE DO BEGIN END;;
CREATE EVENT once ON SCHEDULE AT '2035-06-01 10:00:00' DISABLE DO SELECT 1;;
SET SESSION time_zone=DEFAULT;;
DELIMITER ;
