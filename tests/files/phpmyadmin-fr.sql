-- phpMyAdmin SQL Dump
-- version 5.2.1
-- https://www.phpmyadmin.net/
--
-- Hôte : 127.0.0.1
-- Version du serveur : 10.11.6-MariaDB
-- Version de PHP : 8.2.12

SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
START TRANSACTION;
SET time_zone = "+00:00";

DELIMITER $$
CREATE FUNCTION `vat` (`net` DECIMAL(8,2)) RETURNS DECIMAL(8,2) DETERMINISTIC RETURN net * 0.2$$
DELIMITER ;

CREATE TABLE `bills` (
  `id` int(11) NOT NULL,
  `rows` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

DELIMITER $$
CREATE TRIGGER `bills_bi` BEFORE INSERT ON `bills` FOR EACH ROW SET NEW.rows = TRIM(NEW.rows)$$
CREATE EVENT `cleanup` ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO DELETE FROM bills$$
DELIMITER ;

ALTER TABLE `bills` ADD PRIMARY KEY (`id`);
ALTER TABLE `bills` MODIFY `id` int(11) NOT NULL AUTO_INCREMENT;
COMMIT;
