/*
 Navicat Premium Dump SQL

 Source Server         : x
 Source Server Type    : MariaDB
 Source Host           : localhost:3306

 Target Server Type    : MariaDB
*/

SET NAMES utf8mb4;
SET FOREIGN_KEY_CHECKS = 0;
CREATE TABLE `stock`  (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `left` int(11) NULL DEFAULT NULL CHECK (`left` >= 0),
  PRIMARY KEY (`id`) USING BTREE
) ENGINE = InnoDB CHARACTER SET = utf8mb4 COLLATE = utf8mb4_general_ci ROW_FORMAT = Dynamic;
