//! Notes about a comparison: what it leaves out although a file declares it, and whose rules are
//! used if a file names another server.

use super::Ignored;
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::server::Server;
use crate::source::Loaded;

/// The notes about the desired schema, which a person writes.
pub(super) fn of(
    from: &Loaded,
    to: &Loaded,
    server: Server,
    is_asked_for: bool,
    ignored: &Ignored,
) -> Vec<Diagnostic> {
    if !to.is_declared {
        return Vec::new();
    }
    let mut notes = Vec::new();
    if let Some(named) = to.server.filter(|named| named.vendor != server.vendor && !is_asked_for) {
        let title = format!(
            "{} is for {named}, and {} goes by the rules of {server}",
            to.label, from.label
        );
        let help = format!("for these rules, say `server: {}`", server.flavor());
        notes.push(Diagnostic::note(title).with_help(help));
    }
    if let Some(newer) = to.server.and_then(|server| server.newer_than_known()) {
        notes.push(Diagnostic::note(format!("{}: {newer}", to.label)));
    }
    let tables = to.schema.tables.keys().filter(|name| ignored.table(name));
    let tables = tables.map(|name| (Element::table(name), "ignore.tables"));
    let objects = to.schema.objects.iter().filter(|(name, object)| ignored.object(name, object));
    let objects = objects.map(|(name, _)| (Element::object(name), "ignore"));
    for (element, key) in tables.chain(objects) {
        let title = format!("{element} is declared and ignored: it is not compared");
        let help = format!("remove it from `{key}`, or from the file");
        notes.push(Diagnostic::note(title).at(to.places.get(&element), "").with_help(help));
    }
    notes
}
