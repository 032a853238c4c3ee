-- What a server changes of a file where its sql_mode is not strict.
SET sql_mode = '';

CREATE TABLE texts (
  id int NOT NULL PRIMARY KEY,
  a text NOT NULL DEFAULT '',
  b blob DEFAULT '',
  c longtext DEFAULT ''
);
CREATE TABLE long_types (
  id int NOT NULL PRIMARY KEY,
  a varchar(40000),
  b varchar(40000) NOT NULL,
  c varbinary(70000),
  d varchar(70000) CHARACTER SET latin1
) DEFAULT CHARSET=utf8mb4;
CREATE TABLE long_comments (
  id int NOT NULL PRIMARY KEY COMMENT 'words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words ',
  a int,
  KEY k (a) COMMENT 'words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words words '
) COMMENT='table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table table ';
CREATE TABLE long_keys (
  id int NOT NULL PRIMARY KEY,
  a varchar(1000),
  b text,
  c varbinary(3500),
  d varchar(255),
  KEY a (a),
  KEY b (b(2000)),
  KEY c (c),
  KEY d (d)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE long_keys_of_myisam (
  a varchar(255),
  b varchar(255) CHARACTER SET latin1,
  KEY a (a),
  KEY b (b),
  KEY ba (b, a(100))
) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
CREATE TABLE of_aria (id int NOT NULL PRIMARY KEY, a varchar(700), KEY a (a)) ENGINE=Aria DEFAULT CHARSET=utf8mb4;
CREATE INDEX later ON long_types (d(4000));
ALTER TABLE texts ADD d text DEFAULT '', ADD KEY d (d(5000));
