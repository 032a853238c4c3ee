//! Indexes and foreign keys on columns and tables that are missing or unsuitable.

use super::errors;

#[test]
fn an_unknown_column_in_an_index() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      user_id: int
    indexes:
      ix: [user_di]
      iy: { columns: [nothing_like_it desc] }
    primary_key: [userid]
"), @r"
    error: the table `t` has no column `user_di`
     --> schema.yaml:6:12
      |
    6 |       ix: [user_di]
      |            ^^^^^^^ did you mean `user_id`?

    error: the table `t` has no column `nothing_like_it`
     --> schema.yaml:7:23
      |
    7 |       iy: { columns: [nothing_like_it desc] }
      |                       ^^^^^^^^^^^^^^^^^^^^

    error: the table `t` has no column `userid`
     --> schema.yaml:8:19
      |
    8 |     primary_key: [userid]
      |                   ^^^^^^ did you mean `user_id`?
    ");
}

#[test]
fn an_unknown_column_in_a_foreign_key() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns:
      user_id: int
    foreign_keys:
      f: { columns: [usr_id], references: t(user_id) }
      g: { columns: [user_id], references: t(usr_id) }
"), @r"
    error: the table `t` has no column `usr_id`
     --> schema.yaml:6:22
      |
    6 |       f: { columns: [usr_id], references: t(user_id) }
      |                      ^^^^^^ did you mean `user_id`?

    error: the table `t` has no column `usr_id`
     --> schema.yaml:7:44
      |
    7 |       g: { columns: [user_id], references: t(usr_id) }
      |                                            ^^^^^^^^^ did you mean `user_id`?
    ");
}

#[test]
fn an_unknown_table() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    columns: { id: int }
    foreign_keys:
      f: { columns: [id], references: user(id) }
      g: { columns: [id], references: elsewhere.user(id) }
"), @r"
    error: there is no table `user`
     --> schema.yaml:5:39
      |
    5 |       f: { columns: [id], references: user(id) }
      |                                       ^^^^^^^^ did you mean `users`?
    ");
}

#[test]
fn foreign_key_columns_of_different_types() {
    insta::assert_snapshot!(errors(r"tables:
  users:
    columns:
      id: int unsigned not null
      name: varchar(10) character set latin1
      code: char(3) collate utf8mb4_bin
  orders:
    columns:
      user_id: int
      big: bigint unsigned
      name: varchar(20) character set utf8mb4
      code: varchar(3) collate utf8mb4_general_ci
      day: date
    foreign_keys:
      f1: { columns: [user_id], references: users(id) }
      f2: { columns: [big], references: users(id) }
      f3: { columns: [name], references: users(name) }
      f4: { columns: [code], references: users(code) }
      f5: { columns: [day], references: users(id) }
"), @r"
    error: `orders.user_id` and `users.id` can't be joined by a foreign key: one is unsigned and the other is not
      --> schema.yaml:15:23
       |
     4 |       id: int unsigned not null
       |           --------------------- and this one
    ...
     9 |       user_id: int
       |                --- this type
    ...
    15 |       f1: { columns: [user_id], references: users(id) }
       |                       ^^^^^^^

    error: `orders.big` and `users.id` can't be joined by a foreign key: the integers have different sizes
      --> schema.yaml:16:23
       |
     4 |       id: int unsigned not null
       |           --------------------- and this one
    ...
    10 |       big: bigint unsigned
       |            --------------- this type
    ...
    16 |       f2: { columns: [big], references: users(id) }
       |                       ^^^

    error: `orders.name` and `users.name` can't be joined by a foreign key: the character sets are different
      --> schema.yaml:17:23
       |
     5 |       name: varchar(10) character set latin1
       |             -------------------------------- and this one
    ...
    11 |       name: varchar(20) character set utf8mb4
       |             --------------------------------- this type
    ...
    17 |       f3: { columns: [name], references: users(name) }
       |                       ^^^^

    error: `orders.code` and `users.code` can't be joined by a foreign key: the collations are different
      --> schema.yaml:18:23
       |
     6 |       code: char(3) collate utf8mb4_bin
       |             --------------------------- and this one
    ...
    12 |       code: varchar(3) collate utf8mb4_general_ci
       |             ------------------------------------- this type
    ...
    18 |       f4: { columns: [code], references: users(code) }
       |                       ^^^^

    error: `orders.day` and `users.id` can't be joined by a foreign key: the types are different
      --> schema.yaml:19:23
       |
     4 |       id: int unsigned not null
       |           --------------------- and this one
    ...
    13 |       day: date
       |            ---- this type
    ...
    19 |       f5: { columns: [day], references: users(id) }
       |                       ^^^
    ");
}

#[test]
fn a_foreign_key_of_different_numbers() {
    insta::assert_snapshot!(errors(r"tables:
  t:
    columns: { a: int, b: int }
    foreign_keys:
      f: { columns: [a], references: 't(a, b)' }
      g: { columns: [], references: t(a) }
      h: { references: t(a) }
      i: { columns: [a(3)], references: t(a) }
"), @r"
    error: the foreign key `f` has 1 column and refers to 2
     --> schema.yaml:5:38
      |
    5 |       f: { columns: [a], references: 't(a, b)' }
      |                                      ^^^^^^^^^

    error: a list of columns needs at least one
     --> schema.yaml:6:12
      |
    6 |       g: { columns: [], references: t(a) }
      |            ^^^^^^^

    error: the foreign key `h` has no `columns`
     --> schema.yaml:7:7
      |
    7 |       h: { references: t(a) }
      |       ^
      |
      = help: write `{ columns: [user_id], references: users(id) }`

    error: only whole columns are allowed here
     --> schema.yaml:8:22
      |
    8 |       i: { columns: [a(3)], references: t(a) }
      |                      ^^^^
    ");
}

#[test]
fn a_column_with_a_point_before_it() {
    insta::assert_snapshot!(errors(r"tables:
  users: { columns: { id: int not null }, primary_key: [id] }
  orders:
    columns: { user_id: int, buyer_id: int references users.id }
    foreign_keys:
      f: { columns: [user_id], references: users.id }
"), @r"
    error: the foreign key `orders_ibfk_1` has 1 column and refers to 0
     --> schema.yaml:4:40
      |
    4 |     columns: { user_id: int, buyer_id: int references users.id }
      |                                        ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `users(id)`

    error: expected `(`, found the end
     --> schema.yaml:6:52
      |
    6 |       f: { columns: [user_id], references: users.id }
      |                                                    ^
      |
      = help: write `users(id)`
    ");
}
