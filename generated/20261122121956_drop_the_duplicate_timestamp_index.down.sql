-- reverses 20261122121956_drop_the_duplicate_timestamp_index: Drop the duplicate timestamp index
-- made by driftline for mysql:8.0
-- driftline: 1
-- risks: none

-- the session that the statements assume
SET @driftline_old_character_set_client = @@character_set_client, @driftline_old_character_set_results = @@character_set_results, @driftline_old_collation_connection = @@collation_connection;
SET NAMES utf8mb4;
SET @driftline_old_sql_mode = @@sql_mode, SESSION sql_mode = 'ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES';

-- undoes 1
-- reverses: detection_history: drop index idx_detection_history_timestamp (timestamp)
ALTER TABLE `detection_history` ADD KEY `idx_detection_history_timestamp` (`timestamp`);

-- the session's own settings again
SET SESSION sql_mode = @driftline_old_sql_mode;
SET character_set_client = @driftline_old_character_set_client, character_set_results = @driftline_old_character_set_results, collation_connection = @driftline_old_collation_connection;
