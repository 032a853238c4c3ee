//! The JSON of one source: `lint` and `inspect`.

use serde::Serialize;

use super::Inventory;
use super::json::{
    FindingJson, JSON_VERSION, MessageJson, ServerJson, SideJson, UnsupportedJson, finding_json,
    notes_of, print, server_json,
};
use crate::finding::Finding;
use crate::server::Server;
use crate::source::Loaded;

/// What `lint` prints with `--format json`.
pub fn lint_json(loaded: &Loaded, findings: &[Finding]) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Lint<'a> {
        version: u32,
        source: SideJson<'a>,
        findings: Vec<FindingJson<'a>>,
        notes: Vec<MessageJson<'a>>,
    }
    print(&Lint {
        version: JSON_VERSION,
        source: SideJson { label: &loaded.label },
        findings: findings.iter().map(|finding| finding_json(finding, loaded)).collect(),
        notes: notes_of(loaded),
    })
}

/// What `inspect` prints with `--format json`.
pub fn inventory_json(
    loaded: &Loaded,
    server: &Server,
    inventory: &Inventory,
) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Inspect<'a> {
        version: u32,
        source: SideJson<'a>,
        server: ServerJson,
        #[serde(flatten)]
        inventory: &'a Inventory,
        unsupported: Vec<UnsupportedJson<'a>>,
        notes: Vec<MessageJson<'a>>,
    }
    print(&Inspect {
        version: JSON_VERSION,
        source: SideJson { label: &loaded.label },
        server: server_json(server),
        inventory,
        unsupported: loaded
            .schema
            .unsupported
            .iter()
            .map(|it| UnsupportedJson {
                kind: it.kind.noun(),
                name: &it.name,
                clauses: match it.reason.is_empty() {
                    true => &[],
                    false => std::slice::from_ref(&it.reason),
                },
                waived: None,
            })
            .collect(),
        notes: notes_of(loaded),
    })
}
