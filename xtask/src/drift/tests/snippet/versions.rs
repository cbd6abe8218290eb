//! What is written if other versions differ.

use super::*;

/// Our document, with every operation in two versions.
fn ours_in_two_versions(change: impl Fn(&mut Value)) -> Document {
    let mut root = ours().root;
    root["x-versions"] = json!([OLD, NEW]);
    root["paths"]["/things/{id}"]["get"]["x-versions"] = json!([OLD, NEW]);
    change(&mut root);
    Document::parse("openapi.yaml", &root.to_string()).unwrap()
}

#[test]
fn what_one_version_has_withdrawn_stays_in_the_others() {
    let ours = ours_in_two_versions(|_| {});
    let without = theirs(|root| {
        let properties = &mut root["components"]["schemas"]["Thing"]["properties"];
        properties.as_object_mut().unwrap().remove("unit");
    });
    let advice = &edits(&ours, &without)[0].1;
    assert!(
        advice.contains("write there:\nx-versions: ['2024-01-01']\n"),
        "{advice}"
    );
    let fewer = theirs(|root| root["components"]["schemas"]["Unit"]["enum"] = json!(["DAY"]));
    let advice = &edits(&ours, &fewer)[0].1;
    let expected = "write there:\nx-value-versions:\n  YEAR: ['2024-01-01']\n";
    assert!(advice.contains(expected), "{advice}");
}

#[test]
fn what_is_sent_in_new_versions_only_has_its_versions() {
    let body = |schema: &str| {
        let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
        json!({"required": true, "content": {"application/json": {"schema": reference}}})
    };
    let with_body = |root: &mut Value| {
        root["paths"]["/things/{id}"]["get"]["requestBody"] = body("ThingInput");
        root["components"]["schemas"]["ThingInput"] = object(&[], json!({"name": {"type": "string"}}));
    };
    let ours = ours_in_two_versions(with_body);
    let draft = |required: &[&str]| {
        let published = theirs(|root| {
            with_body(root);
            let properties = json!({"name": {"type": "string"}, "size": {"type": "integer"}});
            root["components"]["schemas"]["ThingInput"] = object(required, properties);
        });
        edits(&ours, &published).remove(0).1
    };
    let versions = "size:\n  x-versions: ['2024-07-30']\n";
    assert!(
        draft(&[]).starts_with(&format!("{versions}  description:")),
        "{}",
        draft(&[])
    );
    let required = draft(&["size"]);
    assert!(
        required.starts_with(&format!("{versions}  x-required-in: ['2024-07-30']\n")),
        "{required}"
    );
    let published = theirs(|root| {
        with_body(root);
        let parameter = json!({"name": "limit", "in": "query", "schema": {"type": "integer"}});
        root["paths"]["/things/{id}"]["get"]["parameters"] = json!([parameter]);
    });
    let parameter = &edits(&ours, &published)[0].1;
    let expected = "- name: limit\n  in: query\n  x-versions: ['2024-07-30']\n";
    assert!(parameter.starts_with(expected), "{parameter}");
}
