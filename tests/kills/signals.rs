//! Ctrl-C: once, and twice.

use std::process::Command;
use std::time::Duration;

use libtest_mimic::Failed;

use crate::project::{CHANGE, Project, STATEMENTS, level, said};
use crate::sessions::{comment, holding, wait_for_process, with_base};
use crate::support::servers::TestServer;

type Outcome = Result<(), Failed>;

fn interrupt(process: u32) -> Outcome {
    Command::new("kill").args(["-INT", &process.to_string()]).status()?;
    // Nothing outside shows when the process has taken the signal.
    std::thread::sleep(Duration::from_millis(300));
    Ok(())
}

/// The statement is finished, and nothing after it begins.
pub(crate) fn once(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let database = with_base(server, &project)?;
    let (_proxy, url, go_on, reached) = holding(&database, &comment(3, ""))?;
    let run = project.spawn(&["migrate", &url])?;
    reached.recv_timeout(Duration::from_secs(20))?;
    interrupt(run.id())?;
    go_on.send(())?;
    let words = ["was stopped before statement 4 of 8", "3 of 8 statements are in"];
    said(run)?.expect(130, "interrupted")?.saying(&words)?;
    if level(&database)? != 3 {
        return Err("not three statements are in".into());
    }
    let url = database.url_text();
    project.run(&["status", &url])?.expect(6, "status when interrupted")?;
    project.run(&["migrate", &url])?.expect(0, "after the interruption")?;
    project.expect_final(&database)
}

/// The statement is stopped and rolled back.
pub(crate) fn twice(server: &TestServer) -> Outcome {
    let project = Project::new()?;
    let file = format!("{CHANGE}_change.up.sql");
    let slow = "`visits` = `visits` + 1 + SLEEP(1)";
    project.edit(&file, "`visits` = `visits` + 1", slow)?;
    let database = with_base(server, &project)?;
    let run = project.spawn(&["migrate", &database.url_text()])?;
    wait_for_process(&database, "INFO LIKE '%up 3 */ UPDATE%'")?;
    interrupt(run.id())?;
    interrupt(run.id())?;
    let words = ["was stopped before statement 3 of 8", "2 of 8 statements are in"];
    said(run)?.expect(130, "interrupted twice")?.saying(&words)?;
    if level(&database)? != 2 {
        return Err("not two statements are in".into());
    }
    // What hasn't run may be edited.
    project.edit(&file, slow, "`visits` = `visits` + 1")?;
    let url = database.url_text();
    project.run(&["status", &url])?.expect(6, "status when interrupted")?;
    project.run(&["migrate", &url])?.expect(0, "after the interruption")?;
    match level(&database)? {
        STATEMENTS => project.expect_final(&database),
        level => Err(format!("{level} statements are in").into()),
    }
}
