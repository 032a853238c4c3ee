-- takes back 20261122121955_initial_schema: Initial schema
-- made by driftline for mysql:8.0
-- risks:
--   DESTROYS DATA drop-table: table detection_history and all its rows go
--   DESTROYS DATA drop-table: table violations and all its rows go
--   DESTROYS DATA drop-table: table reports and all its rows go
--   DESTROYS DATA drop-table: table users and all its rows go

-- takes back: detection_history: create table detection_history
-- ! DESTROYS DATA drop-table: table detection_history and all its rows go
DROP TABLE `detection_history`;

-- takes back: violations: create table violations
-- ! DESTROYS DATA drop-table: table violations and all its rows go
DROP TABLE `violations`;

-- takes back: reports: create table reports
-- ! DESTROYS DATA drop-table: table reports and all its rows go
DROP TABLE `reports`;

-- takes back: users: create table users
-- ! DESTROYS DATA drop-table: table users and all its rows go
DROP TABLE `users`;
