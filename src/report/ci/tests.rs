//! Names and texts that try to look like something else, in every format.

use super::*;
use crate::finding::{Finding, Origin, Waived, WaivedBy};
use crate::model::Element;

/// What a name or comment may have in it.
const EVIL: [&str; 12] = [
    "\n::error file=a::FORGED",
    "\r\n##[error]FORGED",
    "%0A::error::FORGED",
    "]]></failure><testcase name=\"FORGED\"/>",
    "\" FORGED=\"1",
    " | FORGED | \n| a | b |",
    "</code><script>FORGED</script><!--",
    "`](http://x) [FORGED](javascript:x) @FORGED #1 {0}",
    "</details>\n```\n# FORGED",
    "\u{1b}[2JFORGED\u{7}\u{202e}\u{fffe}",
    "& &amp; &#x3c;FORGED&#62;",
    "*FORGED* _FORGED_ ~~FORGED~~ \\| www.FORGED.example",
];

fn evil_report(files: &Files) -> Vec<FindingsReport<'_>> {
    let report = |evil: &&'static str| {
        let element = Element::column(format!("t{evil}"), format!("c{evil}"));
        let message = format!("the column {evil} differs");
        let code = "drift-different";
        let class = crate::finding::DriftClass::Different;
        let (origin, severity) = (Origin::Drift(class), Severity::Error);
        let mut finding = Finding::new(code, origin, severity, element, message, &[evil]);
        finding.why = format!("why {evil}");
        finding.help = vec![format!("help {evil}")];
        let note = Finding { severity: Severity::Note, ..finding.clone() };
        let risk = Finding { origin: Origin::Risk, code: "drop-column", ..finding.clone() };
        let waived = Waived {
            by: WaivedBy::Waiver,
            reason: format!("reason {evil}"),
            owner: Some(format!("owner {evil}")),
            until: "9999-12-31".parse().ok(),
        };
        let waived = Finding { waived: Some(Box::new(waived)), ..finding.clone() };
        FindingsReport {
            command: "check",
            subject: format!("dump{evil}.sql"),
            summary: "3 drifts".to_owned(),
            findings: vec![finding, note, risk, waived],
            files,
            default_file: format!("dir{evil}/schema.yaml"),
        }
    };
    EVIL.iter().map(report).collect()
}

#[test]
fn no_line_of_github_is_forged() {
    let files = Files::default();
    for report in evil_report(&files) {
        let text = github(&report);
        assert_eq!(text.lines().count(), 4, "{text}");
        for line in text.lines().take(3) {
            assert!(line.starts_with("::error ") || line.starts_with("::notice "), "{line}");
            let properties = line.split_once(' ').unwrap().1.split_once("::").unwrap().0;
            let keys: Vec<&str> =
                properties.split(',').map(|it| it.split_once('=').unwrap().0).collect();
            assert_eq!(keys, ["file", "title"], "{line}");
        }
        assert!(!text.contains("##[") && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn only_ten_findings_are_annotated_and_the_worst_first() {
    let files = Files::default();
    let mut report = evil_report(&files).remove(0);
    let note = report.findings[1].clone();
    let error = report.findings[0].clone();
    report.findings = vec![note; 12];
    report.findings.push(error);
    let text = github(&report);
    let annotations: Vec<&str> = text.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(annotations.len(), 10);
    assert!(annotations[0].starts_with("::error "), "{text}");
    assert!(text.ends_with("3 are not annotated, because GitHub shows 10 of a step\n"), "{text}");
}

#[test]
fn junit_is_one_test_for_each_finding() {
    let files = Files::default();
    for report in evil_report(&files) {
        let text = junit(&report);
        let document = roxmltree::Document::parse(&text).unwrap();
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        let names: Vec<&str> = cases.filter_map(|case| case.attribute("name")).collect();
        assert_eq!(names.len(), 4);
        let element = report.findings[0].element().unwrap().to_string();
        let shown = one_line(&element).replace('\u{fffe}', "\u{fffd}");
        assert!(names.iter().all(|name| *name == shown), "{names:?}");
        let failures = document.descendants().filter(|node| node.has_tag_name("failure"));
        assert_eq!(failures.count(), 2);
        let skipped = document.descendants().filter(|node| node.has_tag_name("skipped"));
        let reasons: Vec<&str> = skipped.filter_map(|node| node.attribute("message")).collect();
        assert!(matches!(reasons[..], [one] if one.starts_with("waived: reason ")), "{reasons:?}");
    }
    let nothing = FindingsReport { findings: Vec::new(), ..evil_report(&files).remove(4) };
    let text = junit(&nothing);
    let document = roxmltree::Document::parse(&text).unwrap();
    assert_eq!(document.descendants().filter(|it| it.has_tag_name("testcase")).count(), 1);
}

#[test]
fn nothing_in_a_comment_is_markup() {
    let files = Files::default();
    for report in evil_report(&files) {
        let sql = SqlBlock {
            title: "To close it: 1 statement".to_owned(),
            sql: format!("-- {}\nSELECT '{}';\n", "x", report.subject),
        };
        let text = markdown(&report, Some(&sql));
        let (tables, folded) = text.split_once("\n<details>").unwrap();
        // Outside of entities and of our own tags nothing is left that means something.
        let own = tables.replace("<code>", "").replace("</code>", "");
        assert!(!own.contains(['<', '>', '`', '@', '[', ']', '\u{1b}']), "{own}");
        let rows: Vec<&str> = own.lines().filter(|line| line.starts_with("| ")).collect();
        let cells: Vec<usize> = rows.iter().map(|row| row.matches('|').count()).collect();
        assert_eq!(cells, [5, 5, 5, 5, 4, 4, 4, 5, 5, 5], "{own}");
        let fence: &str = folded.lines().find(|line| line.starts_with("```")).unwrap();
        let fence = fence.trim_end_matches("sql");
        let ends: Vec<&str> = folded.lines().filter(|line| *line == fence).collect();
        assert_eq!(ends.len(), 1, "{folded}");
        assert!(folded.ends_with(&format!("{fence}\n\n</details>\n")), "{folded}");
    }
}

#[test]
fn a_comment_is_never_too_long() {
    let files = Files::default();
    let mut report = evil_report(&files).remove(6);
    let finding = report.findings[0].clone();
    report.findings = vec![finding; 2_000];
    let sql = SqlBlock { title: "all".to_owned(), sql: "SELECT 'ö';\n".repeat(20_000) };
    let text = markdown(&report, Some(&sql));
    assert!(text.len() < 65_000, "{}", text.len());
    assert!(text.contains("for which there is no room here"));
    assert!(text.contains("-- the rest has no room here") && text.ends_with("</details>\n"));
}

#[test]
fn gitlab_has_a_place_and_a_fingerprint_for_each() {
    let files = Files::default();
    for report in evil_report(&files) {
        let issues: serde_json::Value = serde_json::from_str(&gitlab(&report).unwrap()).unwrap();
        for issue in issues.as_array().unwrap() {
            assert!(issue["location"]["lines"]["begin"].as_u64() == Some(1));
            assert_eq!(issue["fingerprint"].as_str().map(str::len), Some(32));
            let text = issue["description"].as_str().unwrap();
            assert!(!text.contains(['\n', '\u{1b}']), "{text}");
        }
    }
}

#[test]
fn no_text_of_sarif_is_a_link_or_an_argument() {
    let files = Files::default();
    for report in evil_report(&files) {
        let document: serde_json::Value = serde_json::from_str(&sarif(&report).unwrap()).unwrap();
        let results = document["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 4);
        let waived = results[3]["suppressions"][0]["justification"].as_str().unwrap();
        assert!(!waived.replace("\\]", "").contains("]("), "{waived}");
        for result in results {
            let text = result["message"]["text"].as_str().unwrap();
            assert!(!text.replace("\\]", "").contains("]("), "{text}");
            assert!(!text.replace("{{", "").contains("{0"), "{text}");
            let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            let uri = uri.as_str().unwrap();
            assert!(uri.is_ascii() && !uri.contains([' ', '"', '<', '>', '`', '|', ':']), "{uri}");
        }
    }
}
