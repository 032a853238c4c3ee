//! What a user sees for each case of `tests/cases` on each kind of server, in snapshots next to the
//! cases. Needs no server; `tests/servers.rs` runs the same cases on real ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::path::Path;
use std::process::ExitCode;

use driftline::compare::Comparison;
use driftline::ddl::{Sql, script_session};
use driftline::migration::MigrationScript;
use driftline::report::{self, MigrationHeader};
use driftline::server::{ScriptNeeds, Server};
use driftline::source::Loaded;
use driftline::source::dump::Replay;
use libtest_mimic::{Arguments, Failed, Trial};
use support::case::{Case, cases};
use support::pipeline::{Planned, planned};

fn main() -> ExitCode {
    let trials = cases()
        .into_iter()
        .map(|case| Trial::test(case.name.clone(), move || snapshot(&case)))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// `explain` says of each element what the comparison found: a difference, or two forms that are one.
fn explains(planned: &Planned) -> Result<(), Failed> {
    let comparison = &planned.comparison;
    let elements = comparison.elements();
    let explained: serde_json::Value =
        serde_json::from_str(&report::explanation_json(comparison, &elements)?)?;
    let explained = explained["elements"].as_array().ok_or("no elements")?;
    let items = report::items(&comparison.difference, &comparison.server);
    for item in &items {
        let of_item = explained.iter().find(|it| it["element"] == item.element.to_string());
        // What is in neither schema, such as an option that a table no longer has, isn't listed.
        if let Some(it) = of_item
            && it["verdict"] != "different"
        {
            return Err(format!("{} differs, explained as {it:#}", item.element).into());
        }
    }
    for it in explained.iter().filter(|it| it["verdict"] == "equal") {
        let (from, to) = (&it["from"]["normalized"], &it["to"]["normalized"]);
        // Only names and spellings may differ between equal forms, and then it is said.
        let is_said = it["because"] != "equal: both are compared as the same";
        if from != to && !from.is_null() && !to.is_null() && !is_said {
            return Err(format!("held equal, though its forms differ: {it:#}").into());
        }
    }
    Ok(())
}

fn snapshot(case: &Case) -> Result<(), Failed> {
    // Servers with the same output are shown together.
    let mut seen: Vec<(Vec<&str>, String)> = Vec::new();
    let mut json = None;
    let of_versions = case.topic() == "versions";
    for (flavor, server) in case.servers() {
        let planned = planned(&case.before()?, &case.after()?, &server)?;
        let refused = planned.refused();
        if !refused.is_empty() && !of_versions {
            return Err(format!("{flavor}: {}", refused.join("\n")).into());
        }
        if case.same {
            planned.expect_nothing("the difference")?;
        }
        if refused.is_empty() {
            in_one_order(&planned)?;
            reads_back(&planned)?;
            replays(&case.before()?, &planned, &server)?;
        }
        explains(&planned)?;
        let shown =
            if refused.is_empty() { shown(&planned, &server) } else { refusal(&refused, &server) };
        match seen.iter_mut().find(|(_, other)| *other == shown) {
            Some((flavors, _)) => flavors.push(flavor),
            None => seen.push((vec![flavor], shown)),
        }
        if json.is_none() && refused.is_empty() {
            json = Some(without_session(&planned.json()?));
        }
    }
    let text: Vec<String> = seen
        .iter()
        .map(|(flavors, shown)| format!("#### {}\n{shown}", flavors.join(", ")))
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case.topic()),
    );
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(case.why.trim());
    settings.bind(|| {
        insta::assert_snapshot!(case.short_name(), text.join("\n"));
        if !case.same {
            insta::assert_snapshot!(
                format!("{}.json", case.short_name()),
                json.unwrap_or_default()
            );
        }
    });
    Ok(())
}

/// Checks that the statements are the same in every format, once and in the order in which they
/// run.
fn in_one_order(planned: &Planned) -> Result<(), Failed> {
    let script = planned.script();
    if planned.script_of_text().unwrap_or_default() != script {
        return Err(format!("the report doesn't have the statements\n{script}").into());
    }
    let plan = &planned.comparison.plan;
    let document: serde_json::Value = serde_json::from_str(&planned.json()?)?;
    let lists = [
        ("statements", script, plan.statements().collect::<Vec<_>>()),
        ("reverse_statements", planned.reverse_script(), plan.reverse_statements().collect()),
    ];
    for (list, script, statements) in lists {
        let wanted: Vec<&str> = statements.iter().map(|sql| sql.text.as_str()).collect();
        if document[list] != serde_json::json!(wanted) {
            return Err(format!("{list} are {}", document[list]).into());
        }
        let mut rest = script.as_str();
        for statement in wanted {
            let Some((_, after)) = rest.split_once(statement) else {
                return Err(format!("{list}: not in its place: {statement}").into());
            };
            rest = after;
        }
    }
    Ok(())
}

/// Checks that the files of the migration are read as what was written: each statement has its
/// number, and each number has its reverse.
fn reads_back(planned: &Planned) -> Result<(), Failed> {
    let plan = &planned.comparison.plan;
    if plan.steps.is_empty() {
        return Ok(());
    }
    let header = MigrationHeader { title: "1: a title", ..MigrationHeader::default() };
    let up = report::up_sql(&planned.comparison, &header);
    let down = report::down_sql(plan, &header);
    let read = |text: &str| MigrationScript::read(text).map_err(|error| format!("{error}\n{text}"));
    let (forth, back) = (read(&up)?, read(&down)?);
    let runs = |statements: Vec<&Sql>| -> Vec<String> {
        let once = statements.iter().filter(|sql| !sql.sets_session);
        once.map(|sql| sql.text.clone()).collect()
    };
    let texts = |script: &MigrationScript| -> Vec<String> {
        script.statements().map(|statement| statement.text.clone()).collect()
    };
    if texts(&forth) != runs(plan.statements().collect())
        || texts(&back) != runs(plan.reverse_statements().collect())
    {
        return Err(format!("other statements are read\n{up}\n{down}").into());
    }
    // Each block undoes the statements of one step.
    let undone: Vec<Vec<u32>> = back.undoes.iter().map(|undo| undo.numbers.clone()).collect();
    let numbers: Vec<Vec<u32>> =
        plan.numbered_steps().rev().map(|(numbers, _)| numbers.rev().collect()).collect();
    let blocks: Vec<Vec<String>> = (0..undone.len())
        .map(|block| {
            let own = back.statements().filter(|statement| statement.undo == Some(block));
            own.map(|statement| statement.text.clone()).collect()
        })
        .collect();
    let reverses: Vec<Vec<String>> = plan
        .steps
        .iter()
        .rev()
        .map(|step| runs(step.reverse.statements().iter().collect()))
        .collect();
    if undone != numbers || blocks != reverses {
        return Err(format!("the reverse isn't of the statements\n{up}\n{down}").into());
    }
    Ok(())
}

/// Checks that the statements, carried out without a server on what was there before, give the
/// desired schema.
fn replays(before: &Loaded, planned: &Planned, server: &Server) -> Result<(), Failed> {
    let first = planned_from_nothing(before, server)?;
    if !first.refused().is_empty() {
        return Ok(());
    }
    let mut replay = Replay::new(*server);
    for plan in [&first.comparison.plan, &planned.comparison.plan] {
        replay.begin_script();
        let session = &plan.session;
        for sql in session.before.iter().chain(plan.statements()).chain(&session.after) {
            replay.run(&sql.text).map_err(|error| format!("{error}: {sql}"))?;
        }
    }
    let goal = planned.comparison.to.clone();
    let after = Comparison::new(replay.schema(), goal, Some(*server))
        .map_err(|error| format!("{error:#}"))?
        .with_texts_as_meaning();
    match report::items(&after.difference, server).as_slice() {
        [] => Ok(()),
        items => {
            let items: Vec<String> = items.iter().map(report::item_words).collect();
            Err(format!("the statements give something else: {}", items.join("; ")).into())
        }
    }
}

fn planned_from_nothing(loaded: &Loaded, server: &Server) -> Result<Planned, String> {
    let nothing = Loaded { label: "nothing".to_owned(), ..Loaded::default() };
    planned(&nothing, loaded, server)
}

/// The commands' errors, if there are any instead of a plan. The server is named above.
fn refusal(refused: &[String], server: &Server) -> String {
    let lines = refused.iter().map(|line| line.replace(&server.to_string(), "the server"));
    format!("refused:\n{}\n", lines.collect::<Vec<_>>().join("\n"))
}

/// Everything that is printed: the report with the statements, and the reverse.
fn shown(planned: &Planned, server: &Server) -> String {
    // The heading names the server, which is already named above.
    let text = planned.text();
    let report = text.split_once('\n').map_or("", |(_, rest)| rest).trim();
    let script = planned.script();
    let report = report.replacen(&script, within(planned, &script), 1);
    if planned.comparison.plan.steps.is_empty() {
        return format!("{report}\n");
    }
    let back = planned.reverse_script();
    // The header names the server too.
    let back = back.split_once("\n\n").map_or("", |(_, back)| back);
    let back = within(planned, back);
    // Only settings that differ between plans are shown, except those that all plans with views
    // have.
    let usual = [false, true].map(|partial_groups| {
        script_session(ScriptNeeds { partial_groups, ..ScriptNeeds::default() }, server)
    });
    let mode = match usual.contains(&planned.comparison.plan.session) {
        true => String::new(),
        false => format!("\n## session\n{}\n", planned.session().concat().trim()),
    };
    format!("{report}\n{mode}\n## back\n{}\n", back.trim())
}

/// The document without the session, which is the same in all.
fn without_session(json: &str) -> String {
    let (head, rest) = json.split_once("  \"session\": {\n").expect("the session is told");
    let (_, tail) = rest.split_once("\n  },\n").expect("an object ends");
    format!("{head}{tail}")
}

/// The statements between those that set up and restore the session, which are the same for all: a
/// script has both, or is empty.
fn within<'a>(planned: &Planned, script: &'a str) -> &'a str {
    let [before, after] = planned.session();
    if script.trim().is_empty() {
        return "";
    }
    let (head, rest) = script.split_once(&before).expect("the session is set up");
    assert_eq!(head, "-- the session that the statements assume\n");
    let (statements, tail) = rest.rsplit_once(&after).expect("the session is given back");
    assert_eq!(tail, "");
    let statements = statements.strip_suffix("\n-- the session's own settings again\n");
    statements.and_then(|it| it.strip_prefix('\n')).expect("said in comments")
}
