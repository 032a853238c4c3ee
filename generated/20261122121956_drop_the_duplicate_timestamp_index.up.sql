-- 20261122121956_drop_the_duplicate_timestamp_index: Drop the duplicate timestamp index
-- made by driftline for mysql:8.0
-- changes:
--   detection_history: drop index idx_detection_history_timestamp (timestamp)
-- risks: none

-- detection_history: drop index idx_detection_history_timestamp (timestamp)
ALTER TABLE `detection_history` DROP INDEX `idx_detection_history_timestamp`;
