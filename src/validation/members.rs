//! Invalid members of ENUM and SET (MySQL 13.3.6 "The SET Type").

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::collated::key;
use super::{Subject, ValidationError, Word};
use crate::model::{Column, ColumnType};

pub(super) fn of_table(subject: &Subject<'_>, found: &mut Vec<ValidationError>) {
    for column in &subject.table.columns {
        match &column.ty {
            ColumnType::Enum { members } => twice(subject, column, members, "ENUM", found),
            ColumnType::Set { members } => {
                twice(subject, column, members, "SET", found);
                for member in members.iter().filter(|member| member.contains(',')) {
                    let title = format!("a member of a SET has no comma: `{member}`");
                    found
                        .push(ValidationError::new(subject.column(&column.name), title).at(member));
                }
                if members.len() > 64 {
                    let title = format!(
                        "a SET has at most 64 members, and `{}` has {}",
                        column.name,
                        members.len()
                    );
                    found.push(ValidationError::new(subject.column(&column.name), title));
                }
            }
            _ => {}
        }
    }
}

fn twice(
    subject: &Subject<'_>,
    column: &Column,
    members: &[String],
    what: &str,
    found: &mut Vec<ValidationError>,
) {
    let collation = column.collation.as_deref().unwrap_or_default();
    let mut seen: HashMap<Cow<'_, str>, &String> = HashMap::with_capacity(members.len());
    for (place, member) in members.iter().enumerate() {
        let first = match seen.entry(key(member, collation)) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(place) => {
                place.insert(member);
                continue;
            }
        };
        let title = match first == member {
            true => format!("the {what} `{}` has the member `{member}` twice", column.name),
            false => format!(
                "the {what} `{}` has the members `{first}` and `{member}`, which are one in {collation}",
                column.name
            ),
        };
        let before = members[..place].iter().filter(|it| it.eq_ignore_ascii_case(member)).count();
        let word = Word { text: member.clone(), before };
        found.push(ValidationError::new(subject.column(&column.name), title).at_word(word));
    }
}
