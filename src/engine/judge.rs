//! Whether a statement is in, when it is unknown what has come of it.

use crate::migration::StatementKind;

/// How the objects of a statement that are there compare with what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// They are the same.
    Same,
    /// They differ.
    Differs,
    /// It can't be told: something of them is unsupported, unseen or can't be compared.
    Unknown,
}

/// What is known when a statement is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgeEvidence {
    /// The live objects, compared with what the files give before the statement.
    pub before: Agreement,
    /// The same after the statement.
    pub after: Agreement,
    /// The fingerprint of the live objects, compared with the one that was noted before the
    /// statement was sent.
    pub fingerprint: Agreement,
    /// Whether the statement renames something, so that a second time it might undo the first.
    pub renames: bool,
}

/// What is known of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementVerdict {
    /// It is in.
    In,
    /// It isn't.
    NotIn,
    /// It can't be told.
    Unknown,
}

/// Judges a statement whose record says that it was going to be sent, or that it failed. No
/// connection is running it any more, because the lock was free.
///
/// Data runs in one transaction with its record, so an open record means that it isn't in.
pub fn judge(kind: StatementKind, evidence: JudgeEvidence) -> StatementVerdict {
    use Agreement::{Differs, Same, Unknown};
    match kind {
        StatementKind::Data | StatementKind::Opaque { is_repeatable: true } => {
            StatementVerdict::NotIn
        }
        StatementKind::Opaque { is_repeatable: false } => StatementVerdict::Unknown,
        StatementKind::Ddl => match (evidence.before, evidence.after, evidence.fingerprint) {
            // To the model the statement changes nothing. A second run of it does no harm, unless
            // it swaps names.
            (Same, Same, _) if evidence.renames => StatementVerdict::Unknown,
            (Same, Same, _) => StatementVerdict::NotIn,
            (Differs | Unknown, Same, Same) => StatementVerdict::Unknown,
            (Differs, Same, _) => StatementVerdict::In,
            (Same, Differs, _) => StatementVerdict::NotIn,
            // What the model can't tell, the server's own words can: nothing has changed since.
            (_, Differs | Unknown, Same) => StatementVerdict::NotIn,
            (Same, Unknown, Unknown) => StatementVerdict::Unknown,
            (Same, Unknown, Differs) => StatementVerdict::Unknown,
            (Unknown, Same, _) => StatementVerdict::In,
            (Differs | Unknown, Differs | Unknown, _) => StatementVerdict::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Agreement::{Differs, Same, Unknown};

    fn verdict(before: Agreement, after: Agreement, fingerprint: Agreement) -> StatementVerdict {
        judge(StatementKind::Ddl, JudgeEvidence { before, after, fingerprint, renames: false })
    }

    #[test]
    fn ddl_is_judged_by_the_schema() {
        for fingerprint in [Differs, Unknown] {
            assert_eq!(verdict(Differs, Same, fingerprint), StatementVerdict::In);
        }
        for fingerprint in [Same, Differs, Unknown] {
            assert_eq!(verdict(Same, Differs, fingerprint), StatementVerdict::NotIn);
        }
    }

    #[test]
    fn what_is_neither_is_unknown() {
        assert_eq!(verdict(Differs, Differs, Differs), StatementVerdict::Unknown);
        assert_eq!(verdict(Differs, Differs, Unknown), StatementVerdict::Unknown);
        assert_eq!(verdict(Unknown, Unknown, Differs), StatementVerdict::Unknown);
        // Nobody has touched the objects, yet the files say that they were otherwise before.
        assert_eq!(verdict(Differs, Same, Same), StatementVerdict::Unknown);
    }

    #[test]
    fn where_the_model_can_not_tell_the_servers_words_count() {
        assert_eq!(verdict(Unknown, Unknown, Same), StatementVerdict::NotIn);
        assert_eq!(verdict(Differs, Differs, Same), StatementVerdict::NotIn);
        assert_eq!(verdict(Unknown, Same, Differs), StatementVerdict::In);
        assert_eq!(verdict(Unknown, Same, Same), StatementVerdict::Unknown);
    }

    #[test]
    fn a_statement_without_a_visible_effect_runs_again_unless_it_renames() {
        assert_eq!(verdict(Same, Same, Differs), StatementVerdict::NotIn);
        let swap = JudgeEvidence { before: Same, after: Same, fingerprint: Differs, renames: true };
        assert_eq!(judge(StatementKind::Ddl, swap), StatementVerdict::Unknown);
    }

    #[test]
    fn data_is_in_its_transaction() {
        let evidence =
            JudgeEvidence { before: Same, after: Same, fingerprint: Unknown, renames: false };
        assert_eq!(judge(StatementKind::Data, evidence), StatementVerdict::NotIn);
        let opaque = |is_repeatable| judge(StatementKind::Opaque { is_repeatable }, evidence);
        assert_eq!(opaque(true), StatementVerdict::NotIn);
        assert_eq!(opaque(false), StatementVerdict::Unknown);
    }
}
