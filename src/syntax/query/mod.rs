//! Reads queries into trees.

mod calls;
mod json_table;
mod parser;
mod parts;
mod source;

use std::sync::Arc;

use crate::model::SelectText;
use crate::model::tree::ReadQuery;
use crate::server::Server;

/// The tree of a view's query as this server reads it. `None` if it isn't understood. The tree is
/// made once and kept, unless the text has a versioned comment, which another server may read
/// differently.
pub(crate) fn tree(select: &SelectText, server: Server) -> Option<Arc<ReadQuery>> {
    let text = select.text.as_str();
    if text.contains("/*!") || text.contains("/*M!") {
        return parser::parse(text, server).map(Arc::new);
    }
    select.tree(|text| parser::parse(text, server)).cloned()
}
