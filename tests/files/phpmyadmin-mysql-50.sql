-- phpMyAdmin SQL Dump
-- http://www.phpmyadmin.net
--
-- Host: localhost
-- Server version: 5.0.45
CREATE TABLE `guests` (
  `id` bigint(10) NOT NULL,
  `born` datetime NOT NULL default '2000-01-01 00:00:00',
  `note` text,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
