//! The driftline command.

use std::process::ExitCode;

/// A schema is many small values, made and freed by the ten thousand: an allocator made for that
/// takes a good part of the time off a large comparison (`scripts/bench` shows it).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    driftline::cli::main()
}
