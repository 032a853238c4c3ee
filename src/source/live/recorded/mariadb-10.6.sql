-- MariaDB dump 10.19  Distrib 10.6.5-MariaDB, for Linux (x86_64)
-- Made from what MariaDB 10.11 shows; before 10.6.11 a default collation was left out (MDEV-29446).
-- Server version	10.6.5-MariaDB

/*!40101 SET NAMES utf8mb4 */;

CREATE TABLE `plain` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `flag` tinyint(1) NOT NULL DEFAULT 0,
  `small` smallint(6) DEFAULT -1,
  `big` bigint(20) unsigned DEFAULT NULL,
  `padded` int(6) unsigned zerofill DEFAULT NULL,
  `born` year(4) DEFAULT NULL,
  `title` varchar(100) CHARACTER SET utf8mb3 NOT NULL DEFAULT '',
  `code` varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin DEFAULT NULL,
  `body` mediumtext DEFAULT 'none',
  `made` datetime NOT NULL DEFAULT current_timestamp(),
  `changed` timestamp(3) NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  `bits` bit(4) DEFAULT b'101',
  `state` enum('new','it''s','done') NOT NULL DEFAULT 'new',
  `extra` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`extra`)),
  `tag` varchar(40) DEFAULT concat('a','\'b'),
  `address` inet6 DEFAULT NULL,
  `price` decimal(10,2) NOT NULL DEFAULT 0.00,
  `doubled` decimal(11,2) GENERATED ALWAYS AS (`price` * 2) STORED,
  `secret` int(11) NOT NULL INVISIBLE DEFAULT 0,
  `age` int(11) DEFAULT NULL CHECK (`age` >= 18),
  PRIMARY KEY (`id`),
  UNIQUE KEY `by_code` (`code`),
  KEY `spare` (`born`) IGNORED,
  KEY `start_of_title` (`title`(10)),
  CONSTRAINT `not_old` CHECK (`age` < 200)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC COMMENT='a bit of everything';

CREATE TABLE `child` (
  `id` bigint(20) NOT NULL,
  `plain_id` int(10) unsigned DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `by_plain` (`plain_id`),
  CONSTRAINT `of_plain` FOREIGN KEY (`plain_id`) REFERENCES `plain` (`id`) ON DELETE CASCADE ON UPDATE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `sorted` (
  `id` int(11) NOT NULL,
  `made` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `newest` (`made`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
