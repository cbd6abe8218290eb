//! Removes credentials from everything that a server sends.
//!
//! A server can echo a secret in any header and any text, such as a proxy that dumps the request or a gateway that
//! quotes the `Authorization` header. All text from outside passes a [`Redactor`] where it enters the crate, so that
//! code that prints it later needs no redaction.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};

/// The placeholder for a secret.
pub(crate) const REDACTED: &str = "<redacted>";
/// Shorter secrets are not searched for in plain text, since they would match by chance.
const SHORTEST_SECRET: usize = 4;
/// The number of earlier credentials that are still removed after rotations.
const EARLIER: usize = 8;

/// Removes the credentials of one attempt, and those used before a rotation.
#[derive(Clone)]
pub(crate) struct Redactor {
    /// The forms of each secret, longest first; newest credentials first.
    keys: Arc<VecDeque<Arc<[String]>>>,
}

impl Redactor {
    pub(crate) fn new(client_id: &str, secret: &str) -> Self {
        Self {
            keys: Arc::new(VecDeque::from([forms(client_id, secret)])),
        }
    }

    /// Returns a redactor that also removes the credentials of `earlier`.
    pub(crate) fn after(&self, earlier: &Self) -> Self {
        let keys = self.keys.iter().chain(earlier.keys.iter());
        Self {
            keys: Arc::new(keys.take(1 + EARLIER).cloned().collect()),
        }
    }

    /// Returns `text` with its secrets replaced.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut clean = Cow::Borrowed(text);
        for form in self.forms() {
            if clean.len() >= form.len() && clean.contains(form) {
                clean = Cow::Owned(clean.replace(form, REDACTED));
            }
        }
        clean
    }

    /// Replaces the secrets in all header values.
    pub(crate) fn headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if self
                .forms()
                .any(|form| contains(value.as_bytes(), form.as_bytes()))
            {
                *value = match value.to_str().map(|text| HeaderValue::from_str(&self.text(text))) {
                    Ok(Ok(clean)) => clean,
                    _ => HeaderValue::from_static(REDACTED),
                };
            }
        }
    }

    fn forms(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().flat_map(|key| key.iter().map(String::as_str))
    }
}

/// Returns every form in which servers are known to echo a secret.
fn forms(client_id: &str, secret: &str) -> Arc<[String]> {
    let pair = format!("{client_id}:{secret}");
    // The form without padding also matches the one with padding.
    let mut forms = vec![STANDARD_NO_PAD.encode(&pair), URL_SAFE_NO_PAD.encode(&pair)];
    if secret.len() >= SHORTEST_SECRET {
        let json = serde_json::to_string(secret).expect("a string encodes as JSON");
        let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        forms.extend([
            secret.to_owned(),
            json.trim_matches('"').to_owned(),
            secret.escape_debug().to_string(),
            secret.escape_default().to_string(),
            percent.replace('+', "%20"),
            percent.to_ascii_lowercase(),
            percent,
            STANDARD_NO_PAD.encode(secret),
            URL_SAFE_NO_PAD.encode(secret),
        ]);
    }
    // A form that contains another must be replaced first, as a whole.
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    forms.into()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.len() >= part.len() && text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = r#"hush/"höush"\ &+="#;

    #[test]
    fn a_secret_is_removed_in_every_form() {
        let redactor = Redactor::new("id", SECRET);
        let pair = format!("id:{SECRET}");
        for form in [
            SECRET.to_owned(),
            serde_json::to_string(SECRET).expect("encodes"),
            format!("{SECRET:?}"),
            base64::engine::general_purpose::STANDARD.encode(&pair),
            base64::engine::general_purpose::URL_SAFE.encode(&pair),
            STANDARD_NO_PAD.encode(&pair),
            STANDARD_NO_PAD.encode(SECRET),
            base64::engine::general_purpose::STANDARD.encode(SECRET),
            url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect(),
        ] {
            let text = format!("before {form} after");
            let clean = redactor.text(&text);
            assert!(!clean.contains(form.trim_matches(['"', '='])), "{form}: {clean}");
            assert!(
                clean.starts_with("before ") && clean.ends_with(" after"),
                "{clean}"
            );
        }
    }

    #[test]
    fn headers_lose_the_secret_and_keep_the_rest() {
        let redactor = Redactor::new("id", "hush-hush");
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static("id hush-hush"));
        headers.insert(
            "x-binary",
            HeaderValue::from_bytes(b"\xffhush-hush").expect("good"),
        );
        headers.insert("x-other", HeaderValue::from_static("rush-rush"));
        redactor.headers(&mut headers);
        assert_eq!(headers["x-request-id"], "id <redacted>");
        assert_eq!(headers["x-binary"], "<redacted>");
        assert_eq!(headers["x-other"], "rush-rush");
    }

    #[test]
    fn secrets_of_before_a_rotation_are_removed_too() {
        let mut redactor = Redactor::new("id", "secret-0");
        for count in 1..=20 {
            redactor = Redactor::new("id", &format!("secret-{count:02}")).after(&redactor);
        }
        assert_eq!(redactor.text("secret-20 secret-13"), "<redacted> <redacted>");
        assert_eq!(redactor.keys.len(), 1 + EARLIER, "it does not grow for ever");
    }

    #[test]
    fn text_without_a_secret_is_not_copied() {
        let redactor = Redactor::new("id", "hush-hush");
        assert!(matches!(redactor.text("an invoice"), Cow::Borrowed(_)));
        // A short secret would match everywhere.
        assert_eq!(Redactor::new("id", "a").text("banana"), "banana");
    }

    #[test]
    fn a_header_without_a_secret_is_kept_even_if_it_is_not_text() {
        let redactor = Redactor::new("id", "hush-hush");
        let binary = HeaderValue::from_bytes(b"\xffrush-rush-and-more-than-a-secret").expect("good");
        let short = HeaderValue::from_bytes(b"\xff").expect("good");
        let mut headers = HeaderMap::new();
        headers.insert("x-binary", binary.clone());
        headers.insert("x-short", short.clone());
        redactor.headers(&mut headers);
        assert_eq!((&headers["x-binary"], &headers["x-short"]), (&binary, &short));
    }
}
