-- 20261122121955_initial_schema: Initial schema
-- made by driftline for mysql:8.0
-- driftline: 1
-- changes:
--   users: create table users
--   reports: create table reports
--   violations: create table violations
--   detection_history: create table detection_history
-- risks: none

-- the session that the statements assume
SET @driftline_old_character_set_client = @@character_set_client, @driftline_old_character_set_results = @@character_set_results, @driftline_old_collation_connection = @@collation_connection;
SET NAMES utf8mb4;
SET @driftline_old_sql_mode = @@sql_mode, SESSION sql_mode = 'ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES';

-- users: create table users
-- statement 1
CREATE TABLE `users` (
  `id` varchar(36) NOT NULL,
  `microsoft_user_id` varchar(255) NOT NULL,
  `email` varchar(255) NOT NULL,
  `name` varchar(255) NOT NULL,
  `role` varchar(50) NOT NULL,
  `profile_picture_url` varchar(500) DEFAULT NULL,
  `organization` varchar(255) DEFAULT NULL,
  `created_at` datetime NOT NULL,
  `last_login` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `ix_users_microsoft_user_id` (`microsoft_user_id`),
  KEY `ix_users_email` (`email`)
) ENGINE=InnoDB;

-- reports: create table reports
-- statement 2
CREATE TABLE `reports` (
  `id` varchar(36) NOT NULL,
  `report_id` varchar(100) NOT NULL,
  `title` varchar(500) NOT NULL,
  `text` text NOT NULL,
  `location` varchar(255) DEFAULT NULL,
  `timestamp` datetime NOT NULL,
  `user_id` varchar(36) NOT NULL,
  `format` varchar(50) DEFAULT NULL,
  `metadata_json` json DEFAULT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `ix_reports_report_id` (`report_id`),
  KEY `ix_reports_timestamp` (`timestamp`),
  KEY `ix_reports_location` (`location`),
  KEY `idx_reports_user_timestamp` (`user_id`,`timestamp`),
  KEY `idx_reports_timestamp_location` (`timestamp`,`location`),
  CONSTRAINT `reports_ibfk_1` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB;

-- violations: create table violations
-- statement 3
CREATE TABLE `violations` (
  `id` varchar(36) NOT NULL,
  `violation_type` varchar(100) NOT NULL,
  `severity` varchar(20) NOT NULL,
  `description` text,
  `osha_standard` varchar(100) DEFAULT NULL,
  `confidence` float DEFAULT NULL,
  `timestamp` datetime NOT NULL,
  `location` varchar(255) DEFAULT NULL,
  `report_id` varchar(36) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_violations_violation_type` (`violation_type`),
  KEY `ix_violations_timestamp` (`timestamp`),
  KEY `ix_violations_location` (`location`),
  KEY `idx_violations_report` (`report_id`),
  KEY `idx_violations_type_timestamp` (`violation_type`,`timestamp`),
  KEY `idx_violations_location_timestamp` (`location`,`timestamp`),
  CONSTRAINT `violations_ibfk_1` FOREIGN KEY (`report_id`) REFERENCES `reports` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB;

-- detection_history: create table detection_history
-- statement 4
CREATE TABLE `detection_history` (
  `id` varchar(36) NOT NULL,
  `image_path` varchar(500) DEFAULT NULL,
  `detection_count` int NOT NULL,
  `violation_count` int NOT NULL,
  `inference_time_ms` float DEFAULT NULL,
  `timestamp` datetime NOT NULL,
  `user_id` varchar(36) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_detection_history_timestamp` (`timestamp`),
  KEY `idx_detection_history_timestamp` (`timestamp`),
  KEY `idx_detection_history_user_timestamp` (`user_id`,`timestamp`),
  CONSTRAINT `detection_history_ibfk_1` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB;

-- the session's own settings again
SET SESSION sql_mode = @driftline_old_sql_mode;
SET character_set_client = @driftline_old_character_set_client, character_set_results = @driftline_old_character_set_results, collation_connection = @driftline_old_collation_connection;
