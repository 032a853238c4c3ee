-- What MySQL shortens of keys in old row formats and of small texts.
SET sql_mode = '';

CREATE TABLE long_keys_of_old_rows (
  a varchar(190),
  b varchar(192),
  c tinytext,
  KEY a (a),
  KEY b (b),
  KEY c (c(100))
) ENGINE=InnoDB ROW_FORMAT=COMPACT DEFAULT CHARSET=utf8mb4;
