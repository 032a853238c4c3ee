//! REFERENCES in the definition of a column, of which the server makes no foreign key.

use super::draft::Draft;
use super::subject::Subject;
use super::{Check, Rule};
use crate::diagnostic::Severity;

pub(super) const RULE: Rule = Rule {
    name: "inline-references-ignored",
    summary: "REFERENCES in a column of a file of SQL, of which the server makes no foreign key",
    severity: Some(Severity::Warning),
    page: include_str!("pages/inline-references-ignored.md"),
    check: Check::Schema(check),
};

fn check(subject: &Subject<'_>, drafts: &mut Vec<Draft>) {
    for element in &subject.source.forgotten_references {
        let message = format!(
            "{} reads REFERENCES of {} and makes no foreign key",
            subject.server,
            element.dotted()
        );
        drafts.push(
            Draft::new(element.clone(), message)
                .why("rows can have values here that the other table doesn't have")
                .help("write `FOREIGN KEY (…) REFERENCES …` as a clause of the table"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::{found_in, found_in_of, messages};
    use crate::server::Server;

    const RULE: &str = "inline-references-ignored";
    const SQL: &str = "CREATE TABLE p (id int PRIMARY KEY); \
                       CREATE TABLE c (a int REFERENCES p (id), b int REFERENCES p (id), \
                       FOREIGN KEY (b) REFERENCES p (id));";

    #[test]
    fn where_a_foreign_key_is_made_there_is_no_finding() {
        // MySQL 9 and MariaDB make one.
        assert_eq!(found_in(RULE, SQL), []);
        assert_eq!(found_in_of(Server::mariadb(10, 6, 1), RULE, SQL), []);
    }

    #[test]
    fn a_column_without_a_foreign_key_is_found() {
        let server = Server::mysql(8, 4, 0);
        assert_eq!(
            messages(&found_in_of(server, RULE, SQL)),
            ["MySQL 8.4.0 reads REFERENCES of c.a and makes no foreign key"]
        );
        let altered = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (x int); \
                       ALTER TABLE c ADD y int REFERENCES p (id);";
        assert_eq!(found_in_of(server, RULE, altered).len(), 1);
    }
}
