-- kept with MariaDB
create table notes (id int auto_increment primary key, body text, seen tinyint(1) not null default 0);
create table tags (note int not null, tag varchar(30) not null, primary key (note, tag));
