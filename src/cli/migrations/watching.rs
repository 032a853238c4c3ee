//! What a person sees while migrations run: plain lines on standard error.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::super::output::Output;
use super::failures::blocker_words;
use crate::engine::{Direction, RunEvent, StatementVerdict, Watcher};
use crate::report::one_line;
use crate::source::live;

/// Prints a line for each thing that happens.
pub(super) struct Lines<'a> {
    output: &'a Output,
    /// When a running statement is spoken of next.
    next: Duration,
    said_that_it_waits: AtomicBool,
}

impl<'a> Lines<'a> {
    /// From here on Ctrl-C stops between two statements, and a second one stops the statement.
    pub(super) fn begin(output: &'a Output) -> Lines<'a> {
        live::stop_between_statements();
        Lines { output, next: FIRST, said_that_it_waits: AtomicBool::new(false) }
    }
}

/// A running statement is spoken of after this time, and then always after twice as long, but at
/// least every minute.
const FIRST: Duration = Duration::from_secs(2);

impl Watcher for Lines<'_> {
    fn event(&mut self, event: &RunEvent<'_>) {
        let line = match event {
            RunEvent::WaitsForLock { holder } => {
                if self.said_that_it_waits.swap(true, Ordering::Relaxed) {
                    return;
                }
                let holder = holder.map(|it| format!(": {it}")).unwrap_or_default();
                format!("waiting for another run{holder}")
            }
            RunEvent::Begins { name, direction, statements, resumes } => {
                let doing = match (direction, resumes) {
                    (Direction::Up, false) => "",
                    (Direction::Up, true) => "going on with ",
                    (Direction::Down, false) => "undoing ",
                    (Direction::Down, true) => "going on to undo ",
                };
                format!(
                    "{doing}{name} ({})",
                    crate::report::count(*statements, "statement", "statements")
                )
            }
            RunEvent::Sends { .. } => {
                self.next = FIRST;
                return;
            }
            RunEvent::Runs { elapsed, progress } => {
                if *elapsed < self.next {
                    return;
                }
                self.next = (self.next * 2).min(*elapsed + Duration::from_secs(60));
                let state = progress.map(|it| format!(": {it}")).unwrap_or_default();
                format!("  has been running for {} s{state}", elapsed.as_secs())
            }
            RunEvent::Done { position, elapsed } => {
                format!("  {position}: done in {:.2} s", elapsed.as_secs_f64())
            }
            RunEvent::Judged { position, verdict } => match verdict {
                StatementVerdict::In => format!("  {position}: was in already"),
                StatementVerdict::NotIn => format!("  {position}: wasn't in"),
                StatementVerdict::Unknown => return,
            },
            RunEvent::Blocked { blockers, again_in } => {
                let words = blockers.iter().map(blocker_words);
                let words = words.reduce(|all, one| format!("{all}\n  {one}"));
                format!(
                    "  other sessions hold locks; again in {:.1} s{}",
                    again_in.as_secs_f64(),
                    words.map(|it| format!("\n  {it}")).unwrap_or_default()
                )
            }
            RunEvent::Again { code } => format!("  error {code}; once more"),
            RunEvent::Reconnects { error } => format!("  connecting again: {error}"),
            RunEvent::Finished { .. } => return,
        };
        for line in line.lines() {
            let indent: String = line.chars().take_while(|it| *it == ' ').collect();
            self.output.say(&format!("{indent}{}", one_line(line.trim_start())));
        }
    }

    fn wants_to_stop(&self) -> bool {
        live::is_asked_to_stop()
    }
}
