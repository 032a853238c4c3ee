SET NAMES utf8mb4,
    SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
    SESSION time_zone = '+00:00',
    SESSION sql_quote_show_create = 1,
    SESSION lock_wait_timeout = 10,
    SESSION foreign_key_checks = 1
    /*!80030 , SESSION show_gipk_in_create_table_and_information_schema = 1 */
