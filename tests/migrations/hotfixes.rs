//! Hotfixes made by hand in a database, taken into a schema.yaml that a person has written.

use std::fs;

use libtest_mimic::Failed;

use crate::project::Project;
use crate::support::servers::TestServer;

const FILE: &str = "\
# the schema of the shop
x-made: &made
  made_at: datetime not null   # by whom is in the log

tables:
  # whoever buys
  customers:
    columns:
      id: int not null auto_increment
      name: VARCHAR(40) NOT NULL   # as they sign
      state: \"enum('new', 'old') not null default 'new'\"
      fax: varchar(20)
      <<: *made
    primary_key: [id]
    indexes: { by_name: [name] }

  # by year
  visits:
    columns: { id: bigint not null, year: int not null, note: { type: varchar(9), nullable: true } }
    primary_key: [id, year]
    partitioning:
      by: range (year)
      partitions:
        p2024: less than (2025)   # closed
        p2025: less than (2026)

views:
  names: select id, name from customers   # for the search
triggers:
  stamped: { table: customers, when: before insert, body: set new.fax = '1' }
";

/// The hotfixes, each with the element that it changes.
const HOTFIXES: &[(&str, &str)] = &[
    ("CREATE INDEX by_state ON customers (state, name(10))", "customers.by_state"),
    ("ALTER TABLE customers ADD COLUMN mail varchar(80) AFTER name", "customers.mail"),
    ("ALTER TABLE customers DROP COLUMN fax, ADD COLUMN phone int AFTER state", "customers"),
    (
        "ALTER TABLE customers MODIFY name varchar(40) NOT NULL COMMENT 'it''s theirs'",
        "tables.customers.columns.name",
    ),
    (
        "ALTER TABLE customers MODIFY state enum('new','old','gone') NOT NULL DEFAULT 'new'",
        "tables.customers.columns.state",
    ),
    ("ALTER TABLE customers COMMENT = 'who: buys #1'", "tables.customers.comment"),
    ("ALTER TABLE visits MODIFY note varchar(20) NOT NULL DEFAULT 'none'", "visits.note"),
    ("ALTER TABLE visits ADD PARTITION (PARTITION p2026 VALUES LESS THAN (2027))", "visits.p2026"),
    ("ALTER TABLE visits STATS_PERSISTENT = 1", "tables.visits"),
    ("CREATE OR REPLACE VIEW names AS SELECT id, name, state FROM customers", "view:names"),
    ("CREATE VIEW recent AS SELECT id FROM visits WHERE year > 2025", "views.recent"),
    ("CREATE TABLE log (id int NOT NULL PRIMARY KEY, line text)", "table:log"),
    (
        "CREATE TRIGGER counted BEFORE INSERT ON visits FOR EACH ROW SET new.note = 'x'",
        "triggers.counted",
    ),
    ("DROP TRIGGER stamped", "trigger:stamped"),
    ("ALTER TABLE customers DROP INDEX by_name", "customers.by_name"),
];

pub(crate) fn taken_in(server: &TestServer) -> Result<(), Failed> {
    let file = FILE.replace("new.fax = '1'", "new.id = new.id");
    let project = Project::new(server, &file)?;
    project.run(0, &["push"])?;
    for (sql, element) in HOTFIXES {
        project.database.plain(sql)?;
        project.run(1, &["check", "--fail-on", "drift"])?;
        project.run(0, &["pull", "--update", element])?.says(&["taken into schema.yaml"])?;
        project.run(0, &["check", "--fail-on", "drift"])?.says(&["in sync"])?;
    }
    let text = fs::read_to_string(project.path().join("schema.yaml"))?;
    let settings = || {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    // A server has its own words for a view, and for the length of what it makes.
    let kept = text.lines().filter(|line| !line.contains("select "));
    let kept = kept.collect::<Vec<_>>().join("\n");
    settings().bind(|| insta::assert_snapshot!("hotfixes", kept));
    // All of them at once.
    project.write("schema.yaml", &file)?;
    project.run(0, &["pull", "--update"])?;
    project.run(0, &["check", "--fail-on", "drift"])?.says(&["in sync"])?;
    let whole = fs::read_to_string(project.path().join("schema.yaml"))?;
    for comment in file.split('#').skip(1).filter_map(|it| it.lines().next()) {
        if !whole.contains(comment) {
            return Err(format!("the comment{comment} is lost in\n{whole}").into());
        }
    }
    Ok(())
}
