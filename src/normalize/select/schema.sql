create table t (id int primary key auto_increment, a int, b varchar(50), c text, d datetime, dt date, n decimal(10,2), flag tinyint(1), j json, e enum('x','y'), fulltext key ft (b));
create table s (id int primary key, a int, name varchar(50), q int, key ka (a));
create table u (id int primary key, s_id int, label varchar(20) character set latin1, t_id int);
create table Mixed (Id int, `two words` int, `select` int);
create view base1 as select a, b from t;
create view base2 (x, y) as select a, count(*) from s group by a;
create function f1(p int) returns int deterministic return p + 1;
