//! Why elements are held equal or different, with what each side says and what it is compared as.

mod json;
mod reasons;

use anstyle::Style;

use super::differing::shown_pair;
use super::items::item;
use super::{ItemSign, count, escape_controls, one_line, unseen_words};
use crate::compare::{Comparison, ExplainedSide, ExplainedVerdict, Explanation, place_in};
use crate::ddl;
use crate::diff::Change;
use crate::model::{Element, Object, Table, Text};
use crate::server::Server;
use crate::source::Loaded;
use crate::words::{Field, UncertainWords, object_fields, way_out};
use reasons::normalizing;

pub use json::explanation_json;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// An explanation in words.
struct Words {
    element: String,
    /// `equal`, `different`, ….
    verdict: &'static str,
    /// The verdict, in a sentence.
    because: String,
    from: SideWords,
    to: SideWords,
    /// What differs between the normalized forms.
    fields: Vec<Field>,
}

/// How one side has the element.
#[derive(Default)]
struct SideWords {
    /// Where the side has it: `schema.yaml:41`, or the name of the source.
    place: String,
    written: Option<String>,
    normalized: Option<String>,
    /// What `normalize` changed, and why.
    changes: Vec<(Field, &'static str)>,
}

impl Words {
    fn of(explanation: &Explanation<'_>, comparison: &Comparison) -> Words {
        let server = &comparison.server;
        // A table that both sides have is explained part by part, and by itself its options are left.
        let of_both = explanation.from.is_some() && explanation.to.is_some();
        let side = |side: &Option<ExplainedSide<'_>>, element: &Element, loaded: &Loaded| {
            let place = place_in(loaded, element).unwrap_or_else(|| loaded.label.clone());
            let words = side.as_ref().map(|side| SideWords::of(side, element, of_both, server));
            SideWords { place, ..words.unwrap_or_default() }
        };
        let (verdict, mut because, fields) = verdict_words(explanation, comparison);
        let from = side(&explanation.from, &explanation.old_element, &comparison.from);
        let to = side(&explanation.to, &explanation.element, &comparison.to);
        if matches!(explanation.element, Element::Table { .. }) && verdict == "equal" {
            because = "both sides have it, with equal options".to_owned();
        } else if matches!(explanation.verdict, ExplainedVerdict::Equal)
            && from.normalized != to.normalized
        {
            because = match comparison.has_renames() {
                true => "equal: only names differ that are declared as renamed".to_owned(),
                false => "equal: two spellings of one thing".to_owned(),
            };
        }
        Words { element: explanation.element.to_string(), verdict, because, from, to, fields }
    }

    /// Whether there is nothing to explain: both sides say the same, and so it is equal.
    fn is_plain(&self) -> bool {
        let said_alike = self.from.written == self.to.written && self.from.written.is_some();
        self.verdict == "equal" && (said_alike || self.from.normalized.is_none())
    }

    fn text(&self) -> String {
        let mut text =
            format!("{BOLD}{}{BOLD:#} · {}\n", one_line(&self.element), one_line(&self.because));
        for side in [&self.from, &self.to] {
            text.push_str(&side.text());
        }
        if !self.fields.is_empty() {
            text.push_str("  differs in\n");
        }
        for field in &self.fields {
            let [from, to] = shown_pair(&field.from, &field.to);
            let line = format!("    {}: {from} ≠ {to}", field.name);
            text.push_str(&format!("{}\n", one_line(&line)));
        }
        text
    }
}

impl SideWords {
    fn of(
        side: &ExplainedSide<'_>,
        element: &Element,
        of_both: bool,
        server: &Server,
    ) -> SideWords {
        let text = |table: &Table| match element {
            Element::Table { .. } if of_both => Some(ddl::table_options(&table.options)),
            element => ddl::element_text(table, element, server),
        };
        match side {
            ExplainedSide::Table { written, normalized, compared, changes } => SideWords {
                place: String::new(),
                written: written.and_then(text),
                normalized: text(compared),
                changes: written
                    .map(|written| normalizing(changes, written, normalized, server))
                    .unwrap_or_default(),
            },
            ExplainedSide::Object { written, normalized } => SideWords {
                place: String::new(),
                written: written.map(|object| ddl::create_object(object, server)),
                normalized: Some(ddl::create_object(&object_as_compared(normalized), server)),
                changes: Vec::new(),
            },
        }
    }

    fn text(&self) -> String {
        let mut text = format!("  {}\n", one_line(&self.place));
        let Some(normalized) = &self.normalized else {
            text.push_str("    doesn't have it\n");
            return text;
        };
        let written = self.written.as_deref().unwrap_or("not under this name");
        if written == normalized {
            text.push_str(&labelled("as read, and as compared", normalized));
            return text;
        }
        text.push_str(&labelled("as read", written));
        text.push_str(&labelled("as compared", normalized));
        for (field, why) in &self.changes {
            let [from, to] = shown_pair(&field.from, &field.to);
            let line = format!("{}: {from} → {to}, {why}", field.name);
            text.push_str(&format!("      {DIM}{}{DIM:#}\n", one_line(&line)));
        }
        text
    }
}

/// A text under its label, on as many lines as it has.
fn labelled(label: &str, sql: &str) -> String {
    let sql = escape_controls(sql);
    let mut lines = sql.lines();
    let (first, rest) = (lines.next().unwrap_or_default(), lines);
    let mut text = format!("    {label}: {first}\n");
    rest.for_each(|line| text.push_str(&format!("      {line}\n")));
    text
}

/// What an element is explained by, as text with ANSI styles. A table is explained with its parts;
/// those that both sides write alike are only counted.
pub fn explanation_text(comparison: &Comparison, elements: &[Element]) -> String {
    let mut parts = Vec::new();
    let mut plain = 0;
    for explanation in comparison.explain(elements) {
        let words = Words::of(&explanation, comparison);
        // What was named is shown, whatever there is to say.
        match elements.len() > 1 && words.is_plain() {
            true => plain += 1,
            false => parts.push(words.text()),
        }
    }
    if plain > 0 {
        let words = count(plain, "other part is", "other parts are");
        parts.push(format!("{words} equal, and written alike on both sides\n"));
    }
    let rules = format!("{DIM}by the rules of {}{DIM:#}\n", comparison.server);
    parts.push(rules);
    parts.join("\n")
}

/// The word for a verdict, the verdict in a sentence, and what differs.
fn verdict_words(
    explanation: &Explanation<'_>,
    comparison: &Comparison,
) -> (&'static str, String, Vec<Field>) {
    let server = &comparison.server;
    let (from, to) = (&comparison.from.label, &comparison.to.label);
    match &explanation.verdict {
        ExplainedVerdict::Equal => {
            ("equal", "equal: both are compared as the same".to_owned(), Vec::new())
        }
        ExplainedVerdict::Differs { from: old, to: new, change } => {
            let item = item(old, new, change, server);
            let because = match item.sign {
                ItemSign::Added => format!("different: only {to} has it"),
                ItemSign::Removed => format!("different: only {from} has it"),
                ItemSign::Changed => "different".to_owned(),
            };
            ("different", because, item.fields)
        }
        ExplainedVerdict::Changed(Change::ChangeObject { from, to, aspects }) => {
            ("different", "different".to_owned(), object_fields(from, to, aspects))
        }
        ExplainedVerdict::Changed(Change::RenameTable { from, to }) => {
            let words = format!("different: {from} is renamed to {to}");
            ("different", words, Vec::new())
        }
        ExplainedVerdict::Changed(Change::CreateTable(_) | Change::CreateObject(_)) => {
            ("different", format!("different: only {to} has it"), Vec::new())
        }
        ExplainedVerdict::Changed(_) => {
            ("different", format!("different: only {from} has it"), Vec::new())
        }
        ExplainedVerdict::Implicit => (
            "equal",
            "equal: servers make such an index for a foreign key by themselves, so it needn't be \
             listed"
                .to_owned(),
            Vec::new(),
        ),
        ExplainedVerdict::Uncertain(uncertain) => {
            let words = UncertainWords::of(uncertain);
            let because = format!(
                "uncertain: it is unknown whether the two mean the same ({}); {}",
                words.clause,
                way_out(uncertain)
            );
            let field = Field { name: "text", from: words.from, to: words.to };
            ("uncertain", because, vec![field])
        }
        ExplainedVerdict::Unsupported(it) => {
            let clauses = it.clauses.join(", ");
            let because =
                format!("not compared: {} {} is unsupported ({clauses})", it.kind, it.name);
            ("unsupported", because, Vec::new())
        }
        ExplainedVerdict::Unseen(it) => {
            ("uncertain", format!("not compared: {}", unseen_words(it)), Vec::new())
        }
        ExplainedVerdict::Ignored => {
            ("ignored", "not compared: `ignore` leaves it out".to_owned(), Vec::new())
        }
    }
}

/// An object whose text of SQL is the one that is compared.
fn object_as_compared(object: &Object) -> Object {
    let mut object = object.clone();
    if let Object::View(view) = &mut object
        && let Some(canonical) = view.select.canonical.clone()
    {
        view.select = Text::new(canonical);
    }
    object
}
