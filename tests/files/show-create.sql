CREATE TABLE `parcels` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `label` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`label`)),
  `weight` int(11) DEFAULT NULL CHECK (`weight` > 0),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
