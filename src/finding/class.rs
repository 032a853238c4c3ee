//! The classes of drift.

/// How serious a difference is, and whether it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriftClass {
    /// The desired schema has it, and the database doesn't.
    Missing,
    /// The database has it, and the desired schema doesn't.
    Extra,
    /// Both have it, and it behaves differently.
    Different,
    /// Both have it, and only a comment, the place of a column or a name that the server made or
    /// that differs in case is different.
    Cosmetic,
    /// The model can't hold it, so it isn't compared.
    Unsupported,
    /// It is unknown whether it differs: both texts are known, or the account can't see it.
    Uncertain,
}

/// The code of what the account can't see, which is uncertain.
pub const UNSEEN: &str = "drift-unseen";

/// The code of a change of schema.yaml that is in no migration.
pub const UNMIGRATED: &str = "unmigrated";

impl DriftClass {
    /// All classes, in the order of their weight.
    pub const ALL: [DriftClass; 6] = [
        DriftClass::Missing,
        DriftClass::Extra,
        DriftClass::Different,
        DriftClass::Cosmetic,
        DriftClass::Unsupported,
        DriftClass::Uncertain,
    ];

    /// The word, as in JSON and after `--fail-on`.
    pub fn word(self) -> &'static str {
        match self {
            DriftClass::Missing => "missing",
            DriftClass::Extra => "extra",
            DriftClass::Different => "different",
            DriftClass::Cosmetic => "cosmetic",
            DriftClass::Unsupported => "unsupported",
            DriftClass::Uncertain => "uncertain",
        }
    }

    /// The code of a finding of this class.
    pub fn code(self) -> &'static str {
        match self {
            DriftClass::Missing => "drift-missing",
            DriftClass::Extra => "drift-extra",
            DriftClass::Different => "drift-different",
            DriftClass::Cosmetic => "drift-cosmetic",
            DriftClass::Unsupported => "drift-unsupported",
            DriftClass::Uncertain => "drift-uncertain",
        }
    }
}
