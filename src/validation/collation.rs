//! Character sets and collations that the server doesn't have.

use super::{Subject, ValidationError};
use crate::diagnostic::near_name;
use crate::model::Element;
use crate::server::Server;

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    let options = &subject.table.options;
    let own = (options.charset.as_deref(), options.collation.as_deref());
    found.extend(unknown(subject.server, own, |key| subject.option(key)));
    for column in &subject.table.columns {
        let (charset, collation) = (column.charset.as_deref(), column.collation.as_deref());
        // If the column has those of the table, they have been reported there.
        if (charset, collation) != own {
            let element = |_: &str| subject.column(&column.name);
            found.extend(unknown(subject.server, (charset, collation), element));
        }
    }
}

/// Reports what the server doesn't have of a character set and a collation. `element` returns the
/// element to report for a key of schema.yaml.
fn unknown(
    server: &Server,
    (charset, collation): (Option<&str>, Option<&str>),
    element: impl Fn(&str) -> Element,
) -> Option<ValidationError> {
    let (charset, collation) = (charset?, collation?);
    // A collation that wasn't written was derived from the character set.
    let is_made = server.default_collation(charset) == Some(collation)
        || collation == format!("{charset}_general_ci");
    let error = if server.lacks_charset(charset) && is_made {
        let title = format!("{server} has no character set `{charset}`");
        if !server.lacks_collation(charset) {
            let label = format!("this is a collation: write `collation: {charset}`");
            return Some(
                ValidationError::new(element("charset"), title).at(charset).labelled(label),
            );
        }
        ValidationError::new(element("charset"), title)
            .at(charset)
            .near(near_charset(server, charset))
    } else if server.lacks_collation(collation) {
        let all: Vec<String> =
            server.charsets().flat_map(|set| server.collations_of(set)).collect();
        let title = format!("{server} has no collation `{collation}`");
        let near = near_name(collation, all.iter().map(String::as_str));
        let error = ValidationError::new(element("collation"), title).at(collation);
        match near_name(charset, server.charsets()) {
            // The name of the collation contains that of the character set, which is misspelled
            // too.
            Some(near) if server.lacks_charset(charset) => {
                error.labelled(format!("nor a character set `{charset}`; did you mean `{near}`?"))
            }
            _ => error.near(near),
        }
    } else {
        return None;
    };
    Some(ValidationError { is_of_server: true, ..error })
}

/// The character set with the most similar name. If several are equally similar, the server's
/// default.
fn near_charset<'s>(server: &'s Server, charset: &str) -> Option<&'s str> {
    let own = crate::server::charset_name(server.default_charset());
    let near = near_name(charset, server.charsets())?;
    let is_as_near =
        strsim::damerau_levenshtein(charset, &own) <= strsim::damerau_levenshtein(charset, near);
    server.charsets().find(|set| is_as_near && **set == *own).or(Some(near))
}
