//! The JSON outputs, as docs/json.md describes them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::ReportItem;
use super::findings::of_item;
use super::open_drift::{DriftState, JudgedDrift};
use super::text::ReportExtras;
use super::ways_out::Reverting;
use crate::compare::{Comparison, RulesFrom};
use crate::ddl::Sql;
use crate::diagnostic::{Diagnostic, Files, LineColumn, Span};
use crate::finding::{Edit, FileEdit, Finding, Fix, Waived, WaysOut};
use crate::model::Element;
use crate::plan::{Reverse, Risk, Step};
use crate::server::Server;
use crate::source::Loaded;
use crate::words::UncertainWords;

/// The version of the format. It is raised when a field is removed or changes its meaning, but not
/// when a field is added.
pub const JSON_VERSION: u32 = 2;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    from: SideJson<'a>,
    to: SideJson<'a>,
    server: ServerJson,
    in_sync: bool,
    complete: bool,
    differences: Vec<DifferenceJson>,
    uncertain: Vec<UncertainJson>,
    unsupported: Vec<UnsupportedJson<'a>>,
    unseen: Vec<UnseenJson<'a>>,
    session: SessionJson<'a>,
    statements: Vec<&'a str>,
    reverse_statements: Vec<&'a str>,
    steps: Vec<StepJson<'a>>,
    unmigrated: &'a [String],
    /// Left out if `from` has no table of Alembic's.
    #[serde(skip_serializing_if = "Option::is_none")]
    alembic: Option<&'a [String]>,
    findings: Vec<FindingJson<'a>>,
    notes: Vec<MessageJson<'a>>,
    compared: CountsJson,
}

#[derive(Serialize)]
pub(super) struct SideJson<'a> {
    pub(super) label: &'a str,
}

#[derive(Serialize)]
pub(super) struct ServerJson {
    flavor: String,
    version: String,
}

/// Something that one side has and the account on the other side can't see.
#[derive(Serialize)]
struct UnseenJson<'a> {
    element: String,
    reason: &'a str,
    right: Option<&'a str>,
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<WaivedJson>,
}

#[derive(Serialize)]
struct CountsJson {
    tables: usize,
    indexes: usize,
    foreign_keys: usize,
    /// By their sections in schema.yaml. A kind without objects is left out.
    #[serde(flatten)]
    objects: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
}

/// An error or a note.
#[derive(Serialize)]
pub(super) struct MessageJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    message: Cow<'a, str>,
    /// The text under the place in the text output.
    label: &'a str,
    help: &'a [String],
    place: Option<Place>,
}

#[derive(Serialize)]
struct DifferenceJson {
    element: String,
    /// `null` for an element that belongs to no table.
    table: Option<String>,
    kind: &'static str,
    subject: String,
    fields: Vec<FieldJson>,
    /// The place of the element in the file or, if it has none, of what contains it.
    place: Option<Place>,
    class: &'static str,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<WaivedJson>,
    ways_out: WaysOutJson,
}

/// Why something doesn't count.
#[derive(Serialize)]
pub(super) struct WaivedJson {
    by: &'static str,
    reason: String,
    owner: Option<String>,
    until: Option<String>,
}

#[derive(Serialize)]
struct WaysOutJson {
    /// The statements, and the command that runs them.
    revert: RevertJson,
    keep: Option<EditJson>,
    accept: String,
}

#[derive(Serialize)]
struct RevertJson {
    command: &'static str,
    sql: Vec<String>,
}

#[derive(Serialize)]
struct EditJson {
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    under: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    yaml: Option<String>,
}

#[derive(Serialize)]
struct FieldJson {
    field: &'static str,
    from: String,
    to: String,
}

#[derive(Serialize)]
struct UncertainJson {
    element: String,
    field: String,
    from: String,
    to: String,
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<WaivedJson>,
}

#[derive(Serialize)]
pub(super) struct UnsupportedJson<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    pub(super) clauses: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) waived: Option<WaivedJson>,
}

#[derive(Serialize)]
struct SessionJson<'a> {
    before: Vec<&'a str>,
    after: Vec<&'a str>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    table: Option<&'a str>,
    actions: Vec<ActionJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    sql: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    reverse: ReverseJson<'a>,
    risks: Vec<RiskJson<'a>>,
    reverse_risks: Vec<RiskJson<'a>>,
}

#[derive(Serialize)]
struct ActionJson<'a> {
    element: String,
    summary: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ReverseJson<'a> {
    Sql { sql: Vec<&'a str> },
    Lossy { sql: Vec<&'a str>, lost: &'a str },
    Irreversible { why: &'a str },
}

#[derive(Serialize)]
struct RiskJson<'a> {
    kind: &'static str,
    destroys_data: bool,
    element: String,
    message: &'a str,
}

#[derive(Serialize)]
pub(super) struct FindingJson<'a> {
    rule: &'static str,
    severity: &'static str,
    confidence: &'static str,
    element: String,
    related: Vec<String>,
    message: &'a str,
    why: &'a str,
    help: &'a [String],
    place: Option<Place>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<WaivedJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixJson<'a>>,
}

/// A change of schema.yaml that a machine can make.
#[derive(Serialize)]
struct FixJson<'a> {
    summary: &'a str,
    edits: Vec<TextEditJson<'a>>,
}

/// A text that takes the place of another one.
#[derive(Serialize)]
struct TextEditJson<'a> {
    file: String,
    start: PointJson,
    end: PointJson,
    text: &'a str,
}

#[derive(Serialize)]
struct PointJson {
    line: usize,
    column: usize,
}

/// What `check` and `diff` print with `--format json`.
pub fn comparison_json(
    comparison: &Comparison,
    extra: &ReportExtras,
) -> serde_json::Result<String> {
    let counts = comparison.counts();
    let to = &comparison.to;
    let drift = JudgedDrift::of(comparison, &extra.aside);
    let document = Document {
        version: JSON_VERSION,
        from: SideJson { label: &comparison.from.label },
        to: SideJson { label: &to.label },
        server: server_json(&comparison.server),
        in_sync: comparison.is_in_sync(),
        complete: comparison.is_complete(),
        differences: differences(comparison, drift.items),
        uncertain: drift
            .uncertain
            .iter()
            .map(|(it, state)| {
                let words = UncertainWords::of(it);
                UncertainJson {
                    element: it.element.to_string(),
                    field: words.clause,
                    from: words.from,
                    to: words.to,
                    place: place(to, &it.element),
                    waived: state.waived().map(waived_json),
                }
            })
            .collect(),
        unsupported: drift
            .unsupported
            .iter()
            .map(|(it, state)| UnsupportedJson {
                kind: it.kind,
                name: &it.name,
                clauses: &it.clauses,
                waived: state.waived().map(waived_json),
            })
            .collect(),
        unseen: drift
            .unseen
            .iter()
            .map(|(it, state)| UnseenJson {
                element: it.element.to_string(),
                reason: &it.reason,
                right: it.right,
                place: place(to, &it.element),
                waived: state.waived().map(waived_json),
            })
            .collect(),
        session: SessionJson {
            before: texts(&comparison.plan.session.before),
            after: texts(&comparison.plan.session.after),
        },
        statements: texts(comparison.plan.statements()),
        reverse_statements: texts(comparison.plan.reverse_statements()),
        steps: comparison.plan.steps.iter().map(step_json).collect(),
        unmigrated: extra.unmigrated,
        alembic: comparison.from.alembic.as_deref(),
        findings: extra.findings.iter().map(|finding| finding_json(finding, to)).collect(),
        notes: notes(comparison),
        compared: CountsJson {
            tables: counts.tables,
            indexes: counts.indexes,
            foreign_keys: counts.foreign_keys,
            objects: counts.objects.iter().map(|(kind, count)| (kind.section(), *count)).collect(),
        },
    };
    print(&document)
}

/// What a command prints with `--format json` if it fails: all errors, which are of the same
/// `kind`, and the changes without a migration that were found before.
pub fn errors_json(
    kind: &'static str,
    errors: &[Diagnostic],
    files: &Files,
    unmigrated: &[String],
) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Errors<'a> {
        version: u32,
        errors: Vec<MessageJson<'a>>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        unmigrated: &'a [String],
    }
    let errors = errors.iter().map(|error| message_json(Some(kind), error, files)).collect();
    print(&Errors { version: JSON_VERSION, errors, unmigrated })
}

fn message_json<'a>(
    kind: Option<&'static str>,
    diagnostic: &'a Diagnostic,
    files: &Files,
) -> MessageJson<'a> {
    let primary = diagnostic.primary.as_ref();
    MessageJson {
        kind,
        message: Cow::Borrowed(&diagnostic.title),
        label: primary.map_or("", |label| &label.text),
        help: &diagnostic.help,
        place: primary.map(|label| place_at(files, label.span)),
    }
}

/// The notes of a source on how it was read.
pub(super) fn notes_of(loaded: &Loaded) -> Vec<MessageJson<'_>> {
    loaded.notes.iter().map(|note| message_json(None, note, &loaded.files)).collect()
}

fn notes(comparison: &Comparison) -> Vec<MessageJson<'_>> {
    let (from, to) = (&comparison.from, &comparison.to);
    [(&from.notes, &from.files), (&to.notes, &to.files), (&comparison.notes, &to.files)]
        .into_iter()
        .flat_map(|(notes, files)| notes.iter().map(move |note| message_json(None, note, files)))
        .chain(about_reading(comparison).into_iter().map(|message| MessageJson {
            kind: None,
            message: Cow::Owned(message),
            label: "",
            help: &[],
            place: None,
        }))
        .collect()
}

/// What the heading of the text output says about the server and the character set.
fn about_reading(comparison: &Comparison) -> Vec<String> {
    let nothing = (comparison.rules_from == RulesFrom::Nothing).then(|| {
        format!("neither side names a server: the rules of {} are assumed", comparison.server)
    });
    let rules = nothing.into_iter().chain(comparison.about_rules());
    rules.chain(comparison.context.assumed.clone()).collect()
}

pub(super) fn print(document: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(document).map(|text| text + "\n")
}

pub(super) fn server_json(server: &Server) -> ServerJson {
    ServerJson { flavor: server.flavor(), version: server.version.to_string() }
}

fn place(loaded: &Loaded, element: &Element) -> Option<Place> {
    Some(place_at(&loaded.files, loaded.places.nearest(element)?))
}

fn place_at(files: &Files, span: Span) -> Place {
    let position = files.position(span);
    Place { file: files.get(span.file).name.clone(), line: position.line, column: position.column }
}

fn differences(
    comparison: &Comparison,
    items: Vec<(ReportItem, DriftState)>,
) -> Vec<DifferenceJson> {
    let reverting = Reverting::of(&comparison.plan);
    let json = |(item, state): (ReportItem, DriftState)| {
        let ways_out = reverting.ways_out(&item);
        let waived = state.waived().map(waived_json);
        DifferenceJson { waived, ..difference_json(item, ways_out, &comparison.to) }
    };
    items.into_iter().map(json).collect()
}

pub(super) fn waived_json(waived: &Waived) -> WaivedJson {
    WaivedJson {
        by: waived.by.word(),
        reason: waived.reason.clone(),
        owner: waived.owner.clone(),
        until: waived.until.map(|date| date.to_string()),
    }
}

fn difference_json(item: ReportItem, ways_out: WaysOut, to: &Loaded) -> DifferenceJson {
    let fingerprint = of_item(&item, "", "").fingerprint.to_string();
    DifferenceJson {
        place: place(to, &item.element),
        class: item.class.word(),
        fingerprint,
        waived: None,
        ways_out: WaysOutJson {
            revert: RevertJson { command: "driftline push", sql: ways_out.revert },
            keep: ways_out.keep.as_ref().map(edit_json),
            accept: ways_out.accept,
        },
        element: item.element.to_string(),
        table: item.element.table_name().map(str::to_owned),
        kind: item.sign.word(),
        subject: item.subject,
        fields: item
            .fields
            .into_iter()
            .map(|field| FieldJson { field: field.name, from: field.from, to: field.to })
            .collect(),
    }
}

fn edit_json(edit: &FileEdit) -> EditJson {
    let (under, yaml) = edit.lines().unzip();
    EditJson { action: edit.word(), under: under.map(str::to_owned), yaml: yaml.map(str::to_owned) }
}

fn texts<'a>(statements: impl IntoIterator<Item = &'a Sql>) -> Vec<&'a str> {
    statements.into_iter().map(|statement| statement.text.as_str()).collect()
}

fn step_json(step: &Step) -> StepJson<'_> {
    StepJson {
        table: step.actions.first().and_then(|action| action.element.table_name()),
        actions: step
            .actions
            .iter()
            .map(|it| ActionJson { element: it.element.to_string(), summary: &it.summary })
            .collect(),
        before: step.before.as_ref().map(|sql| sql.text.as_str()),
        sql: &step.sql.text,
        after: step.after.as_ref().map(|sql| sql.text.as_str()),
        reverse: match &step.reverse {
            Reverse::Sql(sql) => ReverseJson::Sql { sql: texts(sql) },
            Reverse::Lossy { sql, lost } => ReverseJson::Lossy { sql: texts(sql), lost },
            Reverse::Irreversible { why } => ReverseJson::Irreversible { why },
        },
        risks: step.risks.iter().map(risk_json).collect(),
        reverse_risks: step.reverse_risks.iter().map(risk_json).collect(),
    }
}

fn risk_json(risk: &Risk) -> RiskJson<'_> {
    RiskJson {
        kind: risk.kind.name(),
        destroys_data: risk.kind.destroys_data(),
        element: risk.element.to_string(),
        message: &risk.message,
    }
}

pub(super) fn finding_json<'a>(finding: &'a Finding, loaded: &Loaded) -> FindingJson<'a> {
    let element = finding.element().map(ToString::to_string);
    FindingJson {
        rule: finding.code,
        severity: finding.severity.word(),
        confidence: finding.confidence.word(),
        element: element.unwrap_or_default(),
        related: finding.related_elements().map(ToString::to_string).collect(),
        message: &finding.message,
        why: &finding.why,
        help: &finding.help,
        place: finding.primary.span.map(|span| place_at(&loaded.files, span)),
        fingerprint: finding.fingerprint.as_str(),
        waived: finding.waived.as_deref().map(waived_json),
        fixes: finding.possible_fixes().map(|fix| fix_json(fix, &loaded.files)).collect(),
    }
}

fn fix_json<'a>(fix: &'a Fix, files: &Files) -> FixJson<'a> {
    let point = |span: Span| {
        let LineColumn { line, column } = files.position(span);
        PointJson { line, column }
    };
    let edits = fix.edits.iter().map(|Edit { span, text }| TextEditJson {
        file: files.get(span.file).name.clone(),
        start: point(*span),
        end: point(Span { start: span.end, ..*span }),
        text,
    });
    FixJson { summary: &fix.summary, edits: edits.collect() }
}
