//! Plans of objects that are tested without a server.

use crate::diff::diff;
use crate::model::Schema;
use crate::normalize::{Context, normalize};
use crate::plan::{Plan, plan};
use crate::server::Server;
use crate::source::yaml::read_text;

fn planned(before: &str, after: &str, server: Server) -> Plan {
    let read = |text: &str| -> Schema { read_text("schema.yaml", text).unwrap().schema };
    let (from, to) = (read(before), read(after));
    let context = Context::of(server, &from, &to);
    let (from, to) = (normalize(&from, &context), normalize(&to, &context));
    plan(&from, &to, &diff(&from, &to, &server), &server)
}

#[test]
fn a_wider_type_of_a_sequence_comes_before_its_bounds_and_a_narrower_after() {
    let small = "tables: {}\nsequences: { s: { type: int } }";
    let big = "tables: {}\nsequences: { s: {} }";
    let statements = |before: &str, after: &str| {
        let plan = planned(before, after, Server::mariadb(11, 8, 6));
        let all: Vec<String> =
            plan.steps.iter().flat_map(|step| step.statements()).map(ToString::to_string).collect();
        all.join("\n")
    };
    insta::assert_snapshot!(statements(small, big), @r"
    ALTER TABLE `s`
    ALTER SEQUENCE `s` AS bigint
    ALTER SEQUENCE `s` MAXVALUE 9223372036854775806
    ");
    insta::assert_snapshot!(statements(big, small), @r"
    INSERT INTO `s` SELECT least(next_not_cached_value, 2147483647), 1, 9223372036854775806, start_value, increment, cache_size, cycle_option, cycle_count FROM `s`
    ALTER SEQUENCE `s` MAXVALUE 2147483646
    ALTER TABLE `s`
    ALTER SEQUENCE `s` AS int
    ");
}

#[test]
fn checks_and_generated_columns_that_stay_are_named() {
    let plan = planned(
        "tables:\n  t:\n    columns: { a: int, b: int, old: int, g: int as (a + 1) stored }\n    \
         checks: { c: a > b, d: old > 1 }",
        "tables:\n  t:\n    columns: { b: int, new: { type: int, renamed_from: old }, g: int as (a + 1) stored }\n    \
         checks: { c: a > b, d: old > 1 }",
        Server::ASSUMED,
    );
    let risks = plan.steps.iter().flat_map(|step| &step.risks);
    let risks: Vec<String> = risks
        .filter(|risk| risk.kind == crate::plan::RiskKind::BreaksObject)
        .map(|risk| format!("{}: {}", risk.element, risk.message))
        .collect();
    insta::assert_snapshot!(risks.join("\n"), @r"
    tables.t.checks.d: check d uses t.old, which this step renames: there can't be both
    tables.t.checks.c: check c uses t.a, which this step drops: there can't be both
    tables.t.columns.g: column t.g uses t.a, which this step drops: there can't be both
    ");
}

#[test]
fn what_a_view_uses_comes_from_its_query_or_else_its_words() {
    let views = "views:\n  mine: select a, other.b from t join other\n  \
                 other_a: select other.c as a, t.b from t join other\n  \
                 read_all: select b from t join (select c as a from other) o\n  \
                 unread: select a from t join json_table('[1]', '$[*]' columns (b varchar(9) path '$')) j join other\n";
    let with = |columns: &str| {
        format!(
            "tables:\n  t: {{ columns: {{ {columns} }} }}\n  other: {{ columns: {{ c: int, b: int }} }}\n{views}"
        )
    };
    let plan = planned(&with("a: int, b: int"), &with("b: int"), Server::ASSUMED);
    let risks = plan.steps.iter().flat_map(|step| &step.risks);
    let risks: Vec<&str> = risks
        .filter(|risk| risk.kind == crate::plan::RiskKind::BreaksObject)
        .map(|risk| risk.message.as_str())
        .collect();
    insta::assert_snapshot!(risks.join("\n"), @r"
    view mine uses t.a, which this step drops: it fails from then on
    view unread may use t.a, which this step drops: it would fail from then on
    ");
}
