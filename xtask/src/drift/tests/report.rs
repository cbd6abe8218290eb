use super::*;
use crate::drift::cause;
use crate::drift::report::Report;
use crate::drift::subject::Subjects;

/// The report on one published document.
fn report(ours: &Document, theirs: &[&Value], rules: &str, show: impl Fn(&Report<'_, '_>)) {
    let (documents, rules) = (published(NEW, theirs), super::rules(rules));
    let comparison = compare(&ours.root, &documents);
    let judged = rules::judge(&comparison, &rules, &Places::default());
    show(&Report {
        document: ours.name.clone(),
        findings: cause::findings(&judged.unexplained, &Subjects::new(ours)),
        not_offered: Vec::new(),
        unwritten: Vec::new(),
        comparison: &comparison,
        judged,
    });
}

fn text(ours: &Document, theirs: &[&Value], rules: &str) -> String {
    let text = std::cell::RefCell::new(String::new());
    report(ours, theirs, rules, |report| *text.borrow_mut() = report.text());
    text.into_inner()
}

/// Our document as a file of its own, with a line for each value.
fn document(root: &Value) -> Document {
    Document::parse("openapi.yaml", &format!("{root:#}")).unwrap()
}

const RULES: &str = "\
- {where: response.b, kind: missing, reason: Not yet.}
- {where: response.c, kind: missing, reason: Old.}";

#[test]
fn the_report_for_people_ends_with_a_summary() {
    let ours = document(&answers(object(&[], json!({"a": {"type": "string"}}))));
    let theirs = answers(object(
        &[],
        json!({"a": {"type": "number"}, "b": {"type": "string"}}),
    ));
    assert_eq!(
        text(&ours, &[&theirs], RULES),
        "breaking\n\
         \x20 thing_get response.a (openapi.yaml:21): type string → number [2024-07-30]\n\
         stale rule: missing at response.c: Old.\n\
         1 of 1 operations; 1 breaking, 0 additive, 1 explained, 1 stale\n"
    );
}

/// A document in which several fields share an enum and an object.
fn shared(values: &[&str], more: Value) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let fields = json!({"a": reference("Unit"), "b": reference("Unit"), "c": reference("Part"), "d": reference("Part")});
    let mut root = answers(object(&[], fields));
    root["components"]["schemas"]["Unit"] = json!({"type": "string", "enum": values});
    root["components"]["schemas"]["Part"] = object(&[], more);
    root
}

#[test]
fn a_cause_is_reported_once() {
    let text_ = json!({"type": "string"});
    let ours = document(&shared(&["X"], json!({"u": text_})));
    let theirs = shared(&["X", "Y", "Z"], json!({"u": text_, "v": text_, "w": text_}));
    let out = text(&ours, &[&theirs], "[]");
    let expected = [
        "): + Y, Z at 2 places [2024-07-30]",
        "): + v (optional string), w (optional string) at 2 places [2024-07-30]",
    ];
    for part in expected {
        assert!(out.contains(part), "{out}");
    }
    assert!(out.contains("0 breaking, 2 additive"), "{out}");
}

#[test]
fn breaking_changes_come_first() {
    let text_ = json!({"type": "string"});
    let ours = document(&shared(&["X"], json!({"u": text_, "v": text_})));
    let theirs = shared(&["X", "Y"], json!({"u": text_}));
    let out = text(&ours, &[&theirs], "[]");
    let at = |part: &str| out.find(part).unwrap_or_else(|| panic!("{part}: {out}"));
    assert!(at("breaking\n  Part") < at("additive\n  Unit"), "{out}");
}

#[test]
fn a_parameter_with_a_new_name_is_recognized() {
    let with = |name: &str| asks(json!({"name": name, "in": "query", "schema": {"type": "string"}}));
    let ours = document(&with("customerId"));
    let out = text(&ours, &[&with("customer")], "[]");
    assert!(
        out.contains("- query.customerId (string), perhaps renamed to query.customer"),
        "{out}"
    );
    assert!(out.contains("1 breaking, 1 additive"), "{out}");
}

#[test]
fn the_compared_snapshot_is_named() {
    let root = answers(json!({"type": "string"}));
    let out = text(&document(&root), &[&root, &root], "[]");
    assert!(
        out.starts_with("2024-07-30: 2024-07-30.1.json is the newest snapshot\n"),
        "{out}"
    );
}

#[test]
fn the_report_for_programs_has_everything() {
    let ours = document(&answers(object(&[], json!({"a": {"type": "string"}}))));
    let theirs = answers(object(
        &[],
        json!({"a": {"type": "number"}, "b": {"type": "string"}}),
    ));
    let place = |location: &str, kind: &str, severity: &str, ours: &str, theirs: &str| {
        json!({
            "operation": "thing_get", "method": "GET", "path": "/things/{id}", "location": location, "kind": kind,
            "severity": severity, "version": NEW, "ours": ours, "theirs": theirs, "elsewhere": false,
        })
    };
    let mut explained = place("response.b", "missing", "additive", "-", "optional string");
    explained["reason"] = json!("Not yet.");
    let expected = json!({
        "summary": {
            "versions": [NEW], "newest": {}, "operations": 1, "matched": 1,
            "breaking": 1, "additive": 0, "editorial": 0, "explained": 1, "noise": 0, "stale": 1,
        },
        "findings": [{
            "severity": "breaking", "kind": "type", "subject": "thing_get response.a", "line": 21,
            "pointer": "/paths/~1things~1{id}/get/responses/200/content/application~1json/schema/properties/a",
            "change": "type string → number", "versions": [NEW],
            "places": [place("response.a", "type", "breaking", "string", "number")],
        }],
        "explained": [explained],
        "noise": [],
        "stale_rules": [{"where": "response.c", "kind": "missing", "reason": "Old."}],
        "stale_places": [],
        "not_offered": [],
        "unwritten": [],
    });
    report(&ours, &[&theirs], RULES, |report| {
        assert_eq!(report.json(), expected)
    });
}
