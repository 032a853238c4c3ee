//! Whether a server can convert values of one type to another at all.

use crate::model::{ColumnType, TypeClass};
use crate::server::{Capability, Server};

/// The kinds of types between which some servers don't convert.
#[derive(PartialEq, Eq)]
enum Kind {
    /// Numbers, dates and times.
    Plain,
    Spatial,
    Uuid,
    Address,
    Vector,
}

/// The kind of a type. `None` for texts, bytes and JSON, which convert to and from all other types.
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

/// Whether the server accepts a change of the type. If it doesn't, it refuses it even for a table
/// without rows. Then the column can only be dropped and added.
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
