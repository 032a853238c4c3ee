//! Whether a server can make values of one type into values of another at all.

use crate::model::{ColumnType, TypeClass};
use crate::server::{Capability, Server};

/// What a type's values are, for a server that converts only between some.
#[derive(PartialEq, Eq)]
enum Kind {
    /// Numbers, dates and times.
    Plain,
    Spatial,
    Uuid,
    Address,
    Vector,
}

/// The kind of a type; `None` for texts and bytes, which become anything and anything them.
fn kind(ty: &ColumnType) -> Option<Kind> {
    match ty.class() {
        TypeClass::Numeric | TypeClass::Temporal => Some(Kind::Plain),
        TypeClass::Spatial => Some(Kind::Spatial),
        TypeClass::Character | TypeClass::Binary => None,
        TypeClass::Other => match ty {
            ColumnType::Uuid => Some(Kind::Uuid),
            ColumnType::Inet4 | ColumnType::Inet6 => Some(Kind::Address),
            ColumnType::Vector { .. } => Some(Kind::Vector),
            _ => None,
        },
    }
}

/// Whether the server takes a change of the type: where it doesn't, not even for a table without
/// rows, the column can only be dropped and added.
pub(in crate::plan) fn is_convertible(from: &ColumnType, to: &ColumnType, server: &Server) -> bool {
    server.can(Capability::ConvertAllTypes)
        || match (kind(from), kind(to)) {
            (Some(Kind::Address), Some(Kind::Address)) => {
                from == to || server.can(Capability::ConvertAddresses)
            }
            (Some(old), Some(new)) => old == new,
            _ => true,
        }
}
