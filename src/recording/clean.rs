//! Removes secrets from what is recorded.

use std::borrow::Cow;

use crate::recording::json::Json;
use crate::redact::{REDACTED, Redactor};

/// A member with one of these in its name is a secret. Names are compared in lower case, without separators.
const SECRET_NAMES: [&str; 5] = ["apikey", "credential", "password", "secret", "token"];

/// The headers that are recorded. All others may carry cookies, credentials or what a gateway adds.
pub(super) const HEADERS: [&str; 7] = [
    "content-disposition",
    "content-type",
    "location",
    "retry-after",
    "sequence-version",
    "x-emulator-scripted",
    "x-request-id",
];

/// Removes credentials, secret members, and the queries of URLs, in which there may be signatures.
pub(super) fn json(value: &mut Json, redactor: &Redactor) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                if is_secret(name) && *member != Json::Other("null".to_owned()) {
                    *member = Json::Text(REDACTED.to_owned());
                } else {
                    json(member, redactor);
                }
                *name = redactor.text(name).into_owned();
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| json(item, redactor)),
        Json::Text(text) => *text = clean(text, redactor).into_owned(),
        Json::Other(_) => {}
    }
}

/// A text without credentials; a URL also without its user and its query.
pub(super) fn clean<'t>(text: &'t str, redactor: &Redactor) -> Cow<'t, str> {
    let clean = redactor.text(text);
    unsigned(&clean).map_or(clean, Cow::Owned)
}

/// A URL without its user and its query; `None` if it has neither.
fn unsigned(text: &str) -> Option<String> {
    if !text.contains("://") {
        return None;
    }
    let mut url = url::Url::parse(text).ok()?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !has_user && url.query().is_none() && url.fragment().is_none() {
        return None;
    }
    if has_user {
        // It cannot fail for a URL that has a user.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    if url.query().is_some() {
        url.set_query(Some("redacted"));
    }
    url.set_fragment(None);
    Some(url.into())
}

fn is_secret(name: &str) -> bool {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    SECRET_NAMES.iter().any(|secret| plain.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_signatures_and_credentials_are_removed_and_the_rest_is_kept() {
        let redactor = Redactor::new("my-id", "hush-hush");
        for (text, expected) in [
            (
                r#"{"webhookSecret":"x","n":1.10}"#,
                r#"{"webhookSecret":"<redacted>","n":1.10}"#,
            ),
            (
                r#"{"api_key":{"a":1},"secret":null}"#,
                r#"{"api_key":"<redacted>","secret":null}"#,
            ),
            (r#"["said hush-hush"]"#, r#"["said <redacted>"]"#),
            (
                r#"["https://files.example/a.pdf?X-Amz-Signature=abc#t","https://me:pw@files.example/b"]"#,
                r#"["https://files.example/a.pdf?redacted","https://files.example/b"]"#,
            ),
            (
                r#"["https://files.example/a","1:00 ?"]"#,
                r#"["https://files.example/a","1:00 ?"]"#,
            ),
        ] {
            let mut value = Json::read(text).expect("JSON");
            json(&mut value, &redactor);
            assert_eq!(value.line(), expected);
        }
    }

    #[test]
    fn every_secret_of_the_document_is_removed() {
        fn names<'v>(schema: &'v serde_json::Value, found: &mut Vec<&'v str>) {
            let members = schema.as_object().into_iter().flatten();
            for (name, member) in members {
                if member["format"] == "password" {
                    found.push(name);
                }
                names(member, found);
            }
            let items = schema.as_array().into_iter().flatten();
            items.for_each(|item| names(item, found));
        }
        let document = sequencehq_document::Document::read(&sequencehq_document::shipped());
        let document = document.expect("the document is valid");
        let mut found = Vec::new();
        names(&document.root, &mut found);
        assert!(found.contains(&"webhookSecret"), "{found:?}");
        for name in found {
            assert!(is_secret(name), "{name}");
        }
    }
}
