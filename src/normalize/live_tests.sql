-- types
create table t1 (a int, b integer(5), c int8, d middleint, e bigint(20), f tinyint, g smallint unsigned,
  h mediumint(4), i bool, j boolean, k tinyint(1), l tinyint(1) unsigned, m int zerofill, n int(4) zerofill,
  o decimal, p dec(5), q numeric(5,2), r fixed, s float, t float(10), u float(24), v float4, w float(25), x real,
  y double precision, z float8, aa float(7,2), bb double(10,3), cc decimal(10,2) unsigned, dd double unsigned,
  ee tinyint zerofill, ff bigint zerofill, gg smallint(3) zerofill, hh mediumint unsigned zerofill)
-- more types
create table t2 (a year, b year(4), c bit, d bit(8), e char, f binary, g nchar(3), h national varchar(10),
  i long, j long varchar, k long varbinary, l char byte, m text(300), n blob(70000), o text(10) charset latin1,
  p varchar(5) character set binary, q char(5) character set binary, r text character set binary,
  s enum('x','y') character set binary, t datetime(0), u time(0), v datetime(6), w time(3), x timestamp(2) null,
  y varbinary(10), z tinytext, aa mediumblob, bb longtext, cc text(100000), dd blob(10))
-- spatial
create table t3 (a geometry, b point not null, c linestring, d polygon, e multipoint, f multilinestring,
  g multipolygon, h geometrycollection, spatial index (b))
-- geomcollection
create table t3b (h geomcollection)
-- srid
create table t4 (a point not null srid 4326, b point srid 0, spatial key (a))
-- ref_system_id
create table t5 (a point, b point ref_system_id=0)
-- json
create table t6 (a json, b json not null, c json default null)
-- json with check
create table t7 (a json check (json_length(a) < 5), b json check (json_valid(b)))
-- longtext that is json
create table t8 (a longtext collate utf8mb4_bin check (json_valid(a)), b longtext check (json_valid(b)))
-- mariadb types
create table t9 (a uuid default 'AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee', b inet6, c inet4)
-- vector
create table t10 (a vector(3), b vector(1024) not null)
-- vector without dimensions
create table t11 (a vector)
-- serial
create table t12 (id serial, b serial default value)
-- serial alone
create table t13 (id serial)
-- charsets
create table t14 (a text, b text character set utf8mb4, c text collate latin1_bin, d varchar(5) character set latin1,
  e varchar(5) character set utf8, f varchar(5) collate utf8_unicode_ci, g enum('x') character set ascii,
  h varchar(5) ascii, i varchar(5) character set utf8mb4 collate utf8mb4_bin, j varchar(3) binary,
  k varchar(3) unicode) default character set latin1
-- collation of the table
create table t15 (a text, b varchar(5) character set utf8mb4) collate utf8mb4_general_ci
-- charset of the table
create table t16 (a text) charset=utf8
-- latin1
create table t17 (a text, b text charset latin1, c text collate latin1_general_cs) charset=latin1 collate=latin1_german2_ci
-- uca1400
create table t18 (a text collate uca1400_ai_ci, b varchar(5) collate utf8mb4_uca1400_as_cs) collate utf8mb4_uca1400_ai_ci
-- 0900
create table t19 (a text, b varchar(5) character set utf8mb4) collate utf8mb4_0900_as_cs
-- enum members
create table t20 (a enum('a ','b','it''s','a\\b','x,y','') default 'A', b set('a','b ','c') default 'c,a',
  c enum('1','2') default 2, d enum('x','y') default 2, e enum("dq",'new\nline') not null, f set('q','w') default 3,
  g set('a') default '', h enum('a','B') not null default 'b')
-- number defaults
create table t21 (a int default '5', b int default +3, c int default 007, d int default 0x10, e int default true,
  f decimal(5,2) default 1, g decimal(5,2) default '1.500', h double default 1e10, i double default 1e-7,
  j double default 1.0, k float default 1e20, l bit(8) default b'101', m bit(10) default 5, n int default -5,
  o decimal(5,2) default 1.005, p int default 1.5, q int default '1e2', r float default 16777217, s float default 0.1,
  t double default 123456789012345678, u double default -0.0, v decimal(5,1) default -0.04, w float(7,2) default 1.5,
  x double(10,3) default 1.5, y tinyint(1) default false, z bigint unsigned default 18446744073709551615,
  aa decimal(3,0) default '007', bb int(4) zerofill default 5, cc bit default 1, dd bit(4) default 0x05,
  ee float default 123456789, ff double default 1e15, gg double default 1e14, hh decimal(65,30) default 1.5,
  ii float default 3.14159265, jj int default '  5', kk decimal(5,2) default 99.995, ll double default 1e-16)
-- date defaults
create table t22 (a date default '2020-1-2', b time default '10:0:0', c datetime default '2020-01-01', d year default '20',
  e date default 20200102, f datetime default 20200102030405, g datetime(3) default '2020-01-02 03:04:05',
  h time default '10:0', i time default 100, j datetime default '2020-01-01T00:00:00', k time(3) default '-1:2:3',
  l year default 0, m year default 99, n date default '20-1-2', o timestamp null default '2020-01-01 00:00:00',
  p timestamp(3) null default '2020-01-01 00:00:00.5', q date default '2020.01.02', r datetime(6) default '2020-01-01 10:00:00.123456')
-- fractions that are lost
create table t23 (a datetime default '2020-01-01 00:00:00.4', b time default '10:00:00.9')
-- fractions that carry
create table t23b (a datetime default '2020-12-31 23:59:59.9', b time default '10:59:59.95', c datetime(1) default '2020-01-01 00:00:00.46')
-- zero dates
create table t24 (a date default '0000-00-00', b datetime default 0, c timestamp default 0)
-- string defaults
create table t25 (a varchar(10) default '', b varchar(10) default 'NULL', c varchar(10) default 'it''s', d varchar(10) default 'a\\b',
  e varchar(10) default "dq", f char(5) default 'x  ', g varchar(5) default 'x  ', h varchar(5) default 5, i varchar(5) default 1.50,
  j varchar(5) default true, k char(3) default 0x4142, l varchar(10) default null, m varchar(10) not null, n varchar(10) not null default 'x',
  o varchar(10) default 'é', p varchar(10) default 'a\nb', q varchar(10) default _utf8mb4'x', r char(2) default N'x')
-- binary defaults
create table t26 (a varbinary(5) default 'ab', b varbinary(5) default 0x6162, c binary(3) default 0x41, d binary(3) default 'A',
  e binary(3) default 0x410000, f binary(3) default '', g varbinary(3) default '')
-- timestamps
create table t27 (a datetime default current_timestamp, b datetime default now(), c timestamp default localtimestamp,
  d datetime(3) default current_timestamp(3), e datetime default current_timestamp on update current_timestamp,
  f timestamp not null default current_timestamp() on update now(), g datetime(6) default now(6) on update current_timestamp(6),
  h datetime on update current_timestamp, i timestamp null, j timestamp(3) null default current_timestamp(3))
-- timestamps of other digits
create table t28 (a datetime(3) default now(), b datetime default now(3), c datetime(3) on update now())
-- expression defaults
create table t29 (a varchar(36) default (uuid()), b int default (1+1), c int default (5), d varchar(5) default ('x'), e datetime default (now()),
  f text default ('x'), g json default (json_array()), h int default (-5), i date default (curdate()), j text default (''),
  k date default (curdate() + interval 1 year), l varchar(10) default (concat('a', 'b')), m int default (floor(rand() * 10)),
  n datetime default (current_timestamp() + interval 1 day), o blob default ('x'), p varchar(5) default (null), q double default (1.50),
  r varchar(40) default (upper(replace(uuid(), '-', ''))), s json default ('[]'))
-- literal defaults of text
create table t30 (a text default 'x', b blob default 'x', c json default '[]', d longtext default '', e text default null)
-- uuid default without parentheses
create table t31 (a varchar(36) default uuid(), b int default 1+1)
-- implied not null
create table t32 (a int primary key, b int, c int, unique (b), key (c))
-- a key of two
create table t33 (a int, b varchar(10), c int auto_increment, primary key (a, b), unique key (c))
-- inline keys
create table t34 (a int unique, b int unique key comment 'c', c int key)
-- indexes
create table T35 (Id int primary key, Title varchar(100), body text, b varbinary(20), key (title(40)), key k2 (TITLE(100)),
  key k3 (title, ID), unique u1 (b(20)), key k4 (b(5)) using btree, key k5 (body(10)), fulltext f1 (body), fulltext key f2 (title, body),
  key k6 (title desc, id asc), index `odd name` (id) comment 'why', key k7 (id) using hash, key k8 (id) key_block_size=4)
-- functional
create table t36 (a int, b varchar(20), j json, key ((lower(b))), key f2 ((a + 1) desc, b), key f3 ((cast(j->'$.x' as unsigned array))),
  unique key f4 ((upper(b))), key ((a * 2)))
-- invisible
create table t37 (a int, b int, key k (a) invisible, c int invisible default 5, d int visible)
-- ignored
create table t38 (a int, b int, key k (a) ignored, c int invisible default 5, key k2 (b) not ignored)
-- parser
create table t39 (a text, fulltext key (a) with parser ngram)
-- memory
create table t40 (a int, b int, key (a), key k2 (b) using btree, key k3 (b) using hash) engine=memory
-- myisam
create table t41 (a int, key (a)) engine=MyISAM row_format=fixed
-- hash
create table t42 (a text, unique (a))
-- foreign keys
create table t43 (id int primary key, p int, q int, r int references t43 (id), constraint f1 foreign key (p) references t43 (ID) on delete restrict,
  constraint f2 foreign key (Q) references t43 (id) on delete cascade on update set null, foreign key (p) references t43 (id) on update no action,
  constraint f4 foreign key (q) references normalize_live.t43 (id), key (p), key (q), key (r))
-- set default
create table t44 (id int primary key, p int, key (p), constraint f44 foreign key (p) references t44 (id) on delete set default)
-- checks
create table t45 (a int check (a > 1), b int, constraint z check (b <> 5), check (a < b), constraint Y check (not (a = 3 and b)), check (b in (1,2)))
-- named column checks
create table t46 (a int constraint x check (a > 1), b int check (b > 1 or b is null) not enforced, check (a <> b) enforced)
-- generated
create table t47 (a int, b int as (a + 1), c int generated always as (a * 2) virtual, d int as (a % 3) stored, e varchar(50) as (concat('x', a)) stored,
  f int as (if(a > 1, 2, 3)), g varchar(20) as (lower(e)) virtual comment 'g', h int as (json_extract('{"a": 1}', '$.a')), key (d))
-- generated with not null
create table t48 (a int not null, b int as (a + 1) not null, c int as (a + 2) stored primary key)
-- persistent
create table t49 (a int, b int as (a + 1) persistent)
-- options
create table t50 (a int) engine=innodb row_format=dynamic comment='a😀b' auto_increment=5 stats_persistent=default pack_keys=default
-- more options
create table t51 (a int) row_format=compressed key_block_size=8 stats_persistent=1 stats_auto_recalc=0 stats_sample_pages=10 min_rows=5 max_rows=100 avg_row_length=7
-- row format default
create table t52 (a int) row_format=default
-- page compression of MariaDB
create table t53 (a int) page_compressed=1 page_compression_level=6
-- encryption
create table t54 (a int) encryption='N' compression='zlib'
-- comments
create table t55 (a int comment 'it''s', b int comment "x\\y\nz", c int comment '😀', key (a) comment 'k😀') comment 'multi
line'
-- odd names
create table `t 56` (`a``b` int, `c"d` int, `sel.ect` int, key `k``1` (`a``b`), check (`a``b` > `c"d`))
-- quoted numbers
create table t57 (a int null default null, b int not null default '0', c varchar(3) null, d timestamp null default null, e bigint signed)
-- keys that are too long
create table t58 (a varchar(1000), b text, c varchar(4000) charset latin1, d varbinary(4000), e varchar(769), key (a), key kb (b), key (c), key (d), key k5 (b(1000)), key (e))
-- keys that are too long for MyISAM
create table t59 (a varchar(1000), b text, c varchar(4000) charset latin1, e varchar(250), key (a), key kb (b), key (c), key (e)) engine=myisam
-- keys that are too long for Aria
create table t60 (a varchar(1000), b text, c varchar(4000) charset latin1, key (a), key kb (b), key (c)) engine=aria
-- json and text
create table t61 (a blob, b mediumtext, c tinytext, key (a), key k (b), key (c))
