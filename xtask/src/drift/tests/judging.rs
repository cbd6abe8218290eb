use super::*;

#[test]
fn a_rule_explains_what_it_fits_and_nothing_else() {
    let text = json!({"type": "string"});
    let ours = answers(object(&[], json!({"a": text, "b": text})));
    let theirs = answers(object(&[], json!({"a": text, "c": text})));
    let published = published(NEW, &[&theirs]);
    let comparison = compare(&ours, &published);
    for (rule, explained) in [
        ("{where: 'response.*', kind: extra, reason: x}", 1),
        ("{where: 'response.*', kind: [extra, missing], reason: x}", 2),
        ("{where: 'thing_* response.b', kind: extra, reason: x}", 1),
        (
            "{where: 'GET /things/{id} response.b', kind: extra, reason: x}",
            1,
        ),
        (
            "{where: ['PUT ** response.b', 'response.c'], kind: extra, reason: x}",
            0,
        ),
        ("{where: '**', kind: extra, severity: additive, reason: x}", 0),
        (
            "{where: '**', kind: extra, ours: 'optional *', theirs: '-', reason: x}",
            1,
        ),
        ("{where: '**', kind: extra, ours: 'required *', reason: x}", 0),
        ("{where: '**', kind: extra, elsewhere: true, reason: x}", 0),
        (
            "{where: '**', kind: extra, versions: ['2024-07-30'], reason: x}",
            1,
        ),
        (
            "{where: '**', kind: extra, versions: ['2024-01-01'], reason: x}",
            0,
        ),
        ("{where: '**', kind: extra, listed: true, reason: x}", 0),
    ] {
        let rules = rules(&format!("- {rule}"));
        assert_eq!(
            rules::judge(&comparison, &rules, &Places::default())
                .explained
                .len(),
            explained,
            "{rule}"
        );
    }
}

#[test]
fn a_rule_is_stale_if_it_explains_nothing_and_could_have() {
    let root = answers(json!({"type": "string"}));
    let idle = rules("- {where: '**', kind: extra, reason: x}");
    let documents = published(NEW, &[&root]);
    let stale = |ours: &Value, rules: &[Rule]| {
        let comparison = compare(ours, &documents);
        rules::judge(&comparison, rules, &Places::default()).stale.len()
    };
    assert_eq!(stale(&root, &idle), 1);
    // One version of the document was not compared, and the rule may be about that one.
    let mut more = root.clone();
    more["x-versions"] = json!([OLD, NEW]);
    more["paths"]["/things/{id}"]["get"]["x-versions"] = json!([OLD, NEW]);
    assert_eq!(stale(&more, &idle), 0);
    let newest = rules("- {where: '**', kind: extra, versions: ['2024-07-30'], reason: x}");
    assert_eq!(stale(&more, &newest), 1);
}

/// Two fields that a response lacks, of which one is listed.
const LISTED: &str = "\
- kind: extra
  versions: ['2024-07-30']
  items: [b]
  at:
    thing_get: [response]
";

#[test]
fn a_general_rule_holds_at_listed_places_only() {
    let text = json!({"type": "string"});
    let ours = answers(object(&[], json!({"a": text, "b": text, "c": text})));
    let theirs = answers(object(&[], json!({"c": text})));
    let (documents, rules) = (
        published(NEW, &[&theirs]),
        rules("- {where: '**', kind: extra, listed: true, reason: x}"),
    );
    let comparison = compare(&ours, &documents);
    let judged = rules::judge(&comparison, &rules, &places(LISTED));
    assert_eq!(
        lines(judged.unexplained),
        ["breaking extra response.a: optional string / -"]
    );
    assert_eq!(judged.explained.len(), 1);
}

#[test]
fn a_listed_place_is_stale_if_nothing_differs_there() {
    let text = json!({"type": "string"});
    let ours = answers(object(&[], json!({"a": text, "b": text})));
    let documents = published(NEW, &[&ours]);
    let comparison = compare(&ours, &documents);
    let stale: Vec<_> = rules::judge(&comparison, &[], &places(LISTED))
        .stale_places
        .iter()
        .map(crate::drift::listed::Place::text)
        .collect();
    assert_eq!(stale, ["extra b at thing_get response of 2024-07-30"]);
    // A place in a version that was not compared is not judged.
    let older = places(&LISTED.replace(NEW, OLD));
    assert_eq!(rules::judge(&comparison, &[], &older).stale_places.len(), 0);
}

#[test]
fn recorded_places_are_read_as_they_were_written() {
    let with = |values: &[&str]| {
        let field = json!({"type": "string", "enum": values});
        answers(object(&[], json!({"a": field, "long": {"type": "string"}})))
    };
    let ours = with(&["A", "it's", "NO", "+"]);
    let theirs = with(&["A"]);
    let documents = published(NEW, &[&theirs]);
    let comparison = compare(&ours, &documents);
    let general = rules("- {where: '**', kind: enum, listed: true, reason: x}");
    let recorded = rules::places(&comparison, &general, &Places::default());
    let read = places(&recorded.text());
    assert_eq!(read.changes(&recorded), (Vec::new(), Vec::new()));
    let judged = rules::judge(&comparison, &general, &read);
    assert_eq!((judged.unexplained.len(), judged.explained.len()), (0, 3));
}

#[test]
fn a_list_without_places_is_read_as_it_was_written() {
    let read = places(&Places::default().text());
    assert_eq!(read.changes(&Places::default()), (Vec::new(), Vec::new()));
}
