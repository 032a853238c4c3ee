//! Which findings are accepted on which day, and what is said of stale waivers.

use jiff::civil::{Date, date};

use super::*;
use crate::finding::number_repeated;
use crate::source::Loaded;
use crate::source::yaml::read_text;

fn loaded(waivers: &str) -> Loaded {
    read_text("schema.yaml", &format!("waivers:\n{waivers}tables: {{}}\n")).unwrap()
}

fn finding(code: &'static str, element: Element) -> Finding {
    let origin = unknown::origin_of(code).unwrap();
    Finding::new(code, origin, Severity::Warning, element, "it is so", &[])
}

fn reason(accepted: &Accepted<'_>, code: &'static str, element: Element) -> Option<String> {
    let mut findings = [finding(code, element)];
    accepted.apply(&mut findings);
    findings[0].waived.as_ref().map(|waived| waived.reason.clone())
}

const DAY: Date = date(2024, 2, 29);

#[test]
fn a_waiver_holds_until_the_end_of_its_last_day() {
    let loaded =
        loaded("  - { rule: name-case, element: tables.t, reason: why, until: 2024-02-29 }\n");
    let table = || Element::table("t");
    for (day, is_waived) in [(DAY, true), (date(2024, 2, 28), true), (date(2024, 3, 1), false)] {
        let accepted = Accepted::on(day, &loaded.waivers, None);
        assert_eq!(reason(&accepted, "name-case", table()).is_some(), is_waived, "{day}");
        let about = accepted.about_waivers(LookedAt::Rules, |_| true);
        let codes: Vec<&str> = about.iter().map(|it| it.code).collect();
        assert_eq!(codes, if is_waived { vec![] } else { vec![EXPIRED] }, "{day}");
    }
}

#[test]
fn the_first_waiver_that_holds_says_why() {
    let loaded = loaded(
        "  - { rule: name-case, element: tables.t, reason: over, until: 2020-01-01 }
  - { rule: name-case, element: tables.t*, reason: second }
  - { rule: [name-case, drift-extra], element: tables.t, reason: third }
",
    );
    let accepted = Accepted::on(DAY, &loaded.waivers, None);
    let why = |code, element| reason(&accepted, code, element);
    assert_eq!(why("name-case", Element::table("t")).as_deref(), Some("second"));
    assert_eq!(why("drift-extra", Element::table("t")).as_deref(), Some("third"));
    assert_eq!(why("drift-extra", Element::table("tt")), None);
    assert_eq!(why("drift-extra", Element::column("t", "a")), None);
    // All three cover something.
    let about = accepted.about_waivers(LookedAt::RulesAndDrift, |_| true);
    assert_eq!(about.iter().map(|it| it.code).collect::<Vec<_>>(), [EXPIRED]);
}

#[test]
fn only_what_was_looked_at_is_missed() {
    let loaded = loaded(
        "  - { rule: name-case, element: tables.a, reason: of the schema }
  - { rule: [name-case, drift-extra], element: tables.b, reason: of both }
  - { rule: drop-column, element: tables.c.columns.d, reason: of a plan }
  - { rule: not-reversible, element: tables.e, reason: of migrations }
",
    );
    let missed = |looked_at| {
        let accepted = Accepted::on(DAY, &loaded.waivers, None);
        let about = accepted.about_waivers(looked_at, |_| true);
        about.iter().map(|it| (it.severity, it.message.clone())).collect::<Vec<_>>()
    };
    let of_rule =
        (Severity::Warning, "the waiver of name-case for tables.a covers nothing".to_owned());
    let of_both = (
        Severity::Note,
        "the waiver of name-case, drift-extra for tables.b covers nothing".to_owned(),
    );
    assert_eq!(missed(LookedAt::Rules), std::slice::from_ref(&of_rule));
    assert_eq!(missed(LookedAt::RulesAndDrift), [of_rule, of_both]);
}

#[test]
fn a_baseline_has_as_many_equal_findings_as_were_there() {
    let same = |number| {
        let mut findings = vec![finding("name-case", Element::table("t")); number];
        number_repeated(&mut findings);
        findings
    };
    let accepting = |finding: &Finding| AcceptedFinding {
        element: "tables.t".to_owned(),
        code: finding.code.to_owned(),
        fingerprint: finding.fingerprint.to_string(),
        message: String::new(),
    };
    let findings = same(2).iter().map(accepting).collect();
    let baseline = Baseline { name: "b.yaml".to_owned(), findings };
    for (number, open, gone) in [(3, 1, 0), (2, 0, 0), (1, 0, 1), (0, 0, 2)] {
        let accepted = Accepted::on(DAY, &[], Some(&baseline));
        let mut findings = same(number);
        accepted.apply(&mut findings);
        assert_eq!(findings.iter().filter(|it| it.waived.is_none()).count(), open, "{number}");
        let about = accepted.about_baseline(LookedAt::Rules);
        let words = about.map(|it| it.message);
        let wanted = match gone {
            0 => None,
            1 => Some("1 finding of b.yaml is no longer there".to_owned()),
            more => Some(format!("{more} findings of b.yaml are no longer there")),
        };
        assert_eq!(words, wanted, "{number}");
    }
}
