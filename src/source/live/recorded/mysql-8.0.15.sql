-- MySQL dump 10.13  Distrib 8.0.15, for Linux (x86_64)
-- Made from what MySQL 9.7 shows, as mysql-8.0.15.txt is.
-- Server version	8.0.15

/*!50503 SET NAMES utf8mb4 */;

CREATE TABLE `plain` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `flag` tinyint(1) NOT NULL DEFAULT '0',
  `small` smallint(6) DEFAULT '-1',
  `big` bigint(20) unsigned DEFAULT NULL,
  `padded` int(6) unsigned zerofill DEFAULT NULL,
  `born` year(4) DEFAULT NULL,
  `title` varchar(100) CHARACTER SET utf8 COLLATE utf8_general_ci NOT NULL DEFAULT '',
  `code` varchar(20) CHARACTER SET utf8 COLLATE utf8_bin DEFAULT NULL,
  `body` mediumtext,
  `made` datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `changed` timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `bits` bit(4) DEFAULT b'101',
  `state` enum('new','it''s','done') NOT NULL DEFAULT 'new',
  `extra` json DEFAULT NULL,
  `place` point NOT NULL /*!80003 SRID 4326 */,
  `price` decimal(10,2) NOT NULL DEFAULT '0.00',
  `doubled` decimal(11,2) GENERATED ALWAYS AS ((`price` * 2)) STORED,
  `shown` varchar(120) GENERATED ALWAYS AS (concat(`title`,_utf8'!')) VIRTUAL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `by_code` (`code`),
  KEY `newest` (`made` DESC,`id`),
  KEY `spare` (`born`) /*!80000 INVISIBLE */,
  KEY `start_of_title` (`title`(10)),
  SPATIAL KEY `by_place` (`place`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci ROW_FORMAT=DYNAMIC COMMENT='a bit of everything';

CREATE TABLE `child` (
  `id` bigint(20) NOT NULL,
  `plain_id` int(10) unsigned DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `by_plain` (`plain_id`),
  CONSTRAINT `of_plain` FOREIGN KEY (`plain_id`) REFERENCES `plain` (`id`) ON DELETE CASCADE ON UPDATE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `with_expression_default` (
  `id` int(11) NOT NULL,
  `tag` varchar(40) DEFAULT (concat(_utf8mb4'a',_utf8mb4'\'b')),
  `note` text DEFAULT (_utf8mb4'none'),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE `with_functional_index` (
  `id` int(11) NOT NULL,
  `name` varchar(40) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `lowered` ((lower(`name`)),`id` DESC)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
