//! Names that SQL takes only in quotes.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule, describe};
use crate::diagnostic::Severity;
use crate::model::Element;
use crate::server::{Reserved, Server};

pub(super) const RULE: Rule = Rule {
    name: "reserved-word",
    summary: "a name that SQL takes only in quotes, in this version or a later one",
    severity: Some(Severity::Warning),
    page: include_str!("pages/reserved-word.md"),
    check: Check::Schema(check),
};

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    let mut reserved: Vec<(Element, String)> = Vec::new();
    let mut look =
        |name: &str, element: &dyn Fn() -> Element, noun: &dyn Fn() -> String| match subject
            .server
            .reserves(name)
        {
            Some(Reserved::Now) => reserved.push((element(), noun())),
            Some(Reserved::Later(since)) => drafts.push(later(element(), &noun(), since)),
            None => {}
        };
    for table in subject.schema.tables.values() {
        let name = &table.name;
        look(name, &|| Element::table(name), &|| format!("table {name}"));
        for column in &table.columns {
            let element = || Element::column(name, &column.name);
            look(&column.name, &element, &|| format!("{name}.{}", column.name));
        }
    }
    for object in subject.schema.objects.keys() {
        let noun = || format!("{} {}", object.kind.noun(), object.name);
        look(&object.name, &|| Element::object(object), &noun);
    }
    drafts.extend(now(reserved));
}

/// One note for all names that are reserved today: queries already have each of them in backticks.
fn now(reserved: Vec<(Element, String)>) -> Option<Draft> {
    let (elements, names): (Vec<Element>, Vec<String>) = reserved.into_iter().unzip();
    let mut elements = elements.into_iter();
    let first = elements.next()?;
    let message = match names.as_slice() {
        [name] => format!("{name} is named as a reserved word"),
        names => {
            format!("{} names are reserved words: {}", names.len(), describe::names(names))
        }
    };
    Some(
        Draft::new(first, message)
            .all_related(elements)
            .unless_set(Severity::Note)
            .why("a query without backticks fails, or means something else")
            .help("choose another name while few queries have it"),
    )
}

fn later(element: Element, noun: &str, since: Server) -> Draft {
    Draft::new(element, format!("{noun} is named as a word that {since} reserves"))
        .why("after the upgrade, queries without backticks fail")
        .help("write it in backticks everywhere before the upgrade, or rename it")
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::tests::{MARIADB, MYSQL, found_on, messages};
    use crate::server::Server;

    const RULE: &str = "reserved-word";

    #[test]
    fn other_words_are_no_findings() {
        let table = "CREATE TABLE orders (id int, name int, status int, date int, order_key int)";
        assert_eq!(found_on(MYSQL, RULE, &[table]), []);
        assert_eq!(found_on(MARIADB, RULE, &["CREATE TABLE t (`rank` int, `lead` int)"]), []);
    }

    #[test]
    fn words_of_today_are_a_note() {
        let findings = found_on(MYSQL, RULE, &["CREATE TABLE `groups` (`key` int, `Order` int)"]);
        assert_eq!(
            messages(&findings),
            ["3 names are reserved words: table groups, groups.key and groups.Order"]
        );
        assert_eq!(findings[0].severity, Severity::Note);
    }

    #[test]
    fn words_of_a_later_version_are_a_warning() {
        let table = "CREATE TABLE library (external int)";
        let findings = found_on(Server::mysql(8, 4, 0), RULE, &[table]);
        assert_eq!(
            messages(&findings),
            [
                "table library is named as a word that MySQL 9.4 reserves",
                "library.external is named as a word that MySQL 9.4 reserves",
            ]
        );
        assert!(findings.iter().all(|finding| finding.severity == Severity::Warning));
        assert_eq!(found_on(MYSQL, RULE, &["CREATE TABLE `library` (x int)"]).len(), 1);
    }
}
