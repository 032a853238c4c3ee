-- takes back 20261122121956_drop_the_duplicate_timestamp_index: Drop the duplicate timestamp index
-- made by driftline for mysql:8.0
-- risks: none

-- takes back: detection_history: drop index idx_detection_history_timestamp (timestamp)
ALTER TABLE `detection_history` ADD KEY `idx_detection_history_timestamp` (`timestamp`);
