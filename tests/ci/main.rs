//! What docs/ci.md promises of CI: the Action, the hooks, the examples, and that each file is right
//! by the validators of its kind. What needs a tool that isn't there is listed as ignored.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "../support/mod.rs"]
mod support;

mod action;
mod examples;
mod project;
mod tools;

use std::process::ExitCode;

use libtest_mimic::{Failed, Trial};
use tools::{on_path, tool};

fn main() -> ExitCode {
    let installed = tool("pre-commit").is_some();
    let act = tool("act").is_some() && on_path("gh") && on_path("jq");
    let trial = |name: &str, test: fn() -> Result<(), Failed>, ready: bool| {
        Trial::test(name, test).with_ignored_flag(!ready)
    };
    support::servers::run(vec![
        trial("every file is right by the tool of its kind", examples::valid, installed),
        trial("each hook is red where it should be", examples::hooks, installed),
        trial("the lines of the other services", examples::lines, true),
        trial("a download is what was released", action::install, true),
        trial("a pull request without drift, with it, and after it", action::pull_request, act),
        trial("where there is no answer, the job says so", action::no_answer, act),
        trial("a token that may not write", action::refused, act),
        trial("what a pull request writes is no command", action::commands, on_path("jq")),
    ])
}
