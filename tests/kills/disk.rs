//! A server whose disk is full.

use libtest_mimic::Failed;

use crate::project::{BASE, CHANGE, Project, one};
use crate::support::own_server::OwnServer;
use crate::support::servers::TestServer;

/// The table takes 24 MB, and a full disk has 8.
const BASE_UP: &str = "\
CREATE TABLE `many` (`id` int NOT NULL AUTO_INCREMENT, `n` int NOT NULL DEFAULT 0,
  `text` varchar(2000) NOT NULL, PRIMARY KEY (`id`));
CREATE TABLE `few` (`id` int NOT NULL, `n` int NOT NULL, PRIMARY KEY (`id`));
INSERT INTO `few` VALUES (1, 10), (2, 10);
";

const CHANGE_UP: &str = "\
-- driftline: 1
-- statement 1, data
UPDATE `few` SET `n` = `n` + 1;
-- statement 2
ALTER TABLE `many` ADD COLUMN `more` varchar(20) NOT NULL DEFAULT 'more', ALGORITHM=COPY;
-- statement 3, data
UPDATE `many` SET `n` = `n` + 1;
-- statement 4
CREATE TABLE `last` (`id` int NOT NULL, PRIMARY KEY (`id`));
";

/// A rebuild doesn't fit, and goes on when there is room.
pub(crate) fn full(server: &TestServer) -> Result<(), Failed> {
    let Some(own) = OwnServer::on_disk(server, Some("600m"))? else {
        println!("{}: no disk in memory can be mounted, or no such server", server.name());
        return Ok(());
    };
    let project = Project::of(&[
        (&format!("{BASE}_base.up.sql"), BASE_UP),
        (&format!("{CHANGE}_change.up.sql"), CHANGE_UP),
    ])?;
    let database = own.server.database("disk")?;
    let url = database.url_text();
    project.run(&["migrate", &url, "--to", BASE])?.expect(0, "the base")?;
    let mut insert = String::from("INSERT INTO many (text) VALUES (REPEAT('x', 1500));");
    for _ in 0..14 {
        insert.push_str("INSERT INTO many (text) SELECT text FROM many;");
    }
    database.plain(&insert)?;
    own.fill_disk()?;
    let run = project.run(&["migrate", &url, "--wait", "5"]);
    let status = project.run(&["status", &url]);
    own.free_disk()?;
    run?.expect(6, "on the full disk")?.saying(&["failed at statement 2 of 4"])?;
    status?.expect(6, "status on the full disk")?;
    project.run(&["migrate", &url])?.expect(0, "with room again")?;
    let sums = "SELECT CONCAT((SELECT SUM(n) FROM few), ' ', (SELECT SUM(n) FROM many), ' ',
        (SELECT COUNT(*) FROM many WHERE more = 'more'))";
    match one::<String>(&database, sums)?.as_str() {
        "22 16384 16384" => project.expect_final(&database),
        other => Err(format!("the sums are {other}").into()),
    }
}
