//! Shared by the tests.

// Each test binary uses its own part of this module.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

pub mod case;
#[path = "../../src/test_client.rs"]
pub mod client;
pub mod json_schema;
pub mod kept;
pub mod objects;
pub mod own_server;
pub mod pipeline;
pub mod proxy;
pub mod python;
pub mod quiet;
pub mod rows;
pub mod sameness;
pub mod servers;
pub mod show_create;
