-- Tables rich in what both vendors have.
CREATE TABLE base (
    id bigint unsigned NOT NULL AUTO_INCREMENT,
    a int NOT NULL DEFAULT 5 COMMENT 'it''s',
    b varchar(20) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'x''y',
    c enum('a','b,c','d''e','') NOT NULL DEFAULT 'b,c',
    d datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    e bit(4) DEFAULT b'101',
    f decimal(10,2) unsigned DEFAULT 1.50,
    g int GENERATED ALWAYS AS (a + 1) STORED,
    h int GENERATED ALWAYS AS (a + 2) VIRTUAL,
    i double DEFAULT 1e3,
    j json DEFAULT NULL,
    k binary(4) DEFAULT 'ab',
    l varbinary(8) DEFAULT X'FF00',
    m timestamp NULL DEFAULT '2020-01-02 03:04:05',
    n time(2) DEFAULT '01:02:03',
    o year DEFAULT 2020,
    s set('x','y') DEFAULT 'x,y',
    p point NOT NULL,
    q tinyint(1) DEFAULT 1,
    r mediumblob,
    t text COLLATE utf8mb4_unicode_ci,
    u char(36) DEFAULT (uuid()),
    PRIMARY KEY (id),
    UNIQUE KEY u_ab (a, b DESC),
    KEY k_t (t(10)) COMMENT 'pre',
    KEY a_before (d),
    SPATIAL KEY k_p (p),
    FULLTEXT KEY f_t (t),
    CONSTRAINT positive CHECK (a > 0 and b <> 'x')
) DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1 COMMENT='T; \\ ''q''';
INSERT INTO base (p) VALUES (POINT(1, 2));
CREATE TABLE child (
    id int PRIMARY KEY,
    x bigint unsigned,
    y bigint unsigned,
    parent int,
    KEY (x, y) USING BTREE,
    CONSTRAINT fx FOREIGN KEY (x) REFERENCES base (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fy FOREIGN KEY (y) REFERENCES base (id) ON DELETE SET NULL ON UPDATE NO ACTION,
    FOREIGN KEY (parent) REFERENCES child (id)
) DEFAULT CHARSET=latin1;
CREATE TABLE `odd ``name` (
    `a ``b` int,
    `select` varchar(3) DEFAULT '\\n',
    KEY `k ``x` (`select`)
) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;
CREATE TABLE hashed (a int, KEY (a) USING BTREE) ENGINE=MEMORY MAX_ROWS=7;
CREATE TABLE parts (a int) PARTITION BY HASH (a) PARTITIONS 2;
