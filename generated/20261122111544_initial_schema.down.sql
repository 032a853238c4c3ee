-- takes back 20261122111544_initial_schema: Initial schema
-- made by driftline for mysql:8.0

-- takes back: detection_history: create table detection_history
DROP TABLE `detection_history`;

-- takes back: violations: create table violations
DROP TABLE `violations`;

-- takes back: reports: create table reports
DROP TABLE `reports`;

-- takes back: users: create table users
DROP TABLE `users`;
