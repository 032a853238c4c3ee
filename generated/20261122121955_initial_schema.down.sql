-- reverses 20261122121955_initial_schema: Initial schema
-- made by driftline for mysql:8.0
-- driftline: 1
-- risks:
--   DESTROYS DATA drop-table: table detection_history and all its rows go
--   DESTROYS DATA drop-table: table violations and all its rows go
--   DESTROYS DATA drop-table: table reports and all its rows go
--   DESTROYS DATA drop-table: table users and all its rows go

-- the session that the statements assume
SET @driftline_old_character_set_client = @@character_set_client, @driftline_old_character_set_results = @@character_set_results, @driftline_old_collation_connection = @@collation_connection;
SET NAMES utf8mb4;
SET @driftline_old_sql_mode = @@sql_mode, SESSION sql_mode = 'ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES';

-- undoes 4
-- reverses: detection_history: create table detection_history
-- ! DESTROYS DATA drop-table: table detection_history and all its rows go
DROP TABLE `detection_history`;

-- undoes 3
-- reverses: violations: create table violations
-- ! DESTROYS DATA drop-table: table violations and all its rows go
DROP TABLE `violations`;

-- undoes 2
-- reverses: reports: create table reports
-- ! DESTROYS DATA drop-table: table reports and all its rows go
DROP TABLE `reports`;

-- undoes 1
-- reverses: users: create table users
-- ! DESTROYS DATA drop-table: table users and all its rows go
DROP TABLE `users`;

-- the session's own settings again
SET SESSION sql_mode = @driftline_old_sql_mode;
SET character_set_client = @driftline_old_character_set_client, character_set_results = @driftline_old_character_set_results, collation_connection = @driftline_old_collation_connection;
