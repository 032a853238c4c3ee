//! What the server says of a statement that is running.

use crate::server::Vendor;
use crate::source::live::{DatabaseUrl, Worker};

/// Looks at a running statement from a connection of its own, which is opened at the first look.
pub(super) struct Progress {
    url: DatabaseUrl,
    vendor: Vendor,
    /// The connection that runs the statement.
    connection: u64,
    looker: Looker,
}

enum Looker {
    NotOpen,
    Open(Box<Worker>),
    /// It can't be opened, or the account may not look.
    Blind,
}

impl Progress {
    pub(super) fn of(worker: &Worker, connection: u64) -> Progress {
        Progress {
            url: worker.url().clone(),
            vendor: worker.server().vendor,
            connection,
            looker: Looker::NotOpen,
        }
    }

    /// A state, with the share that is done if the server tells it: `copy to tmp table, 42 %`.
    pub(super) fn look(&mut self) -> Option<String> {
        if matches!(self.looker, Looker::NotOpen) {
            let opened = Worker::open(&self.url);
            self.looker = opened.map_or(Looker::Blind, |worker| Looker::Open(Box::new(worker)));
        }
        let Looker::Open(worker) = &mut self.looker else { return None };
        let sql = match self.vendor {
            Vendor::MySql => format!(
                "SELECT STATE, NULL, NULL, NULL FROM information_schema.PROCESSLIST WHERE ID = {0}; \
                 SELECT NULL, WORK_COMPLETED, WORK_ESTIMATED, NULL \
                 FROM performance_schema.events_stages_current WHERE THREAD_ID = (SELECT THREAD_ID \
                 FROM performance_schema.threads WHERE PROCESSLIST_ID = {0})",
                self.connection
            ),
            Vendor::MariaDb => format!(
                "SELECT STATE, PROGRESS, 100, STAGE FROM information_schema.PROCESSLIST \
                 WHERE ID = {}",
                self.connection
            ),
        };
        let Ok(rows) = worker.rows(&sql) else {
            self.looker = Looker::Blind;
            return None;
        };
        let field = |at: usize| {
            let mut values = rows.iter().filter_map(|row| row.get(at).cloned().flatten());
            values.next().filter(|it| !it.is_empty())
        };
        let number = |at: usize| field(at).and_then(|it| it.parse::<f64>().ok());
        let state = field(0)?;
        Some(match (number(1), number(2)) {
            (Some(done), Some(all)) if done > 0.0 && all > 0.0 => {
                format!("{state}, {:.0} %", (done / all * 100.0).min(100.0))
            }
            _ => state,
        })
    }
}
