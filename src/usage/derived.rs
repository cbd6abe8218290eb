//! Ids that are derived from the input, so that reading it again yields the same ids.

use sha2::{Digest, Sha256};

/// Separates these hashes from other uses of SHA-256, and from future forms of the ids.
const DOMAIN: &[u8] = b"sequencehq event id 1\0";

/// Returns an id for an event without one, derived from its position and content.
///
/// Equal arguments yield the same id, on every machine and in every version of this crate. An event that is sent again
/// with the same id supersedes itself, so after a crash the input can be read again from its beginning, with or
/// without a [`Journal`](crate::usage::Journal), and nothing is billed twice. [`Lines`](crate::usage::Lines) calls this
/// function for each line without an id.
///
/// - `source` is the name of the input, such as `usage/2026-03.ndjson`. Use the same name for the same input, and different
///   names for different inputs.
/// - `position` is the position in the source: a line number, an offset, a sequence number.
/// - `content` is the text of the event.
///
/// # When the id changes
///
/// The id changes if any of the three changes: an edited or moved line is a different event, and both are billed if both
/// are sent.
///
/// - The position is part of the id because two equal lines are two events. Otherwise the second would supersede the
///   first and go unbilled.
/// - The content is part of the id because a changed line at the same position may be a new event in a rewritten file.
///   Otherwise it would silently replace an event that was already billed.
///
/// Appending to a source changes no id. To correct an event that was sent, use a `customerEventId` of your own: a
/// correction needs the id of the event that it replaces.
///
/// # Form
///
/// A version 8 UUID (RFC 9562) of the first 16 bytes of the SHA-256 of: the bytes `sequencehq event id 1` and a zero
/// byte, the length of the source in bytes, the source, the position, the content. Numbers are 64 bits, most
/// significant byte first. With 122 bits of the hash, a billion ids collide with a probability below 10⁻¹⁸.
///
/// ```
/// use sequencehq::usage::derived_id;
///
/// let line = r#"{"customerAlias":"acme","eventType":"api_call"}"#;
/// let id = derived_id("usage/2026-03.ndjson", 17, line);
/// assert_eq!(id, derived_id("usage/2026-03.ndjson", 17, line));
/// assert_ne!(id, derived_id("usage/2026-03.ndjson", 18, line));
/// assert_ne!(id, derived_id("usage/2026-04.ndjson", 17, line));
/// ```
pub fn derived_id(source: &str, position: u64, content: impl AsRef<[u8]>) -> String {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    // The length separates the source from the position.
    hash.update((source.len() as u64).to_be_bytes());
    hash.update(source);
    hash.update(position.to_be_bytes());
    hash.update(content);
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::derived_id;

    #[test]
    fn a_derived_id_never_changes_between_versions() {
        // Made with `sha256sum`, independently of this code:
        // printf 'sequencehq event id 1\0\0\0\0\0\0\0\0\1a\0\0\0\0\0\0\0\2{}' | sha256sum
        assert_eq!(derived_id("a", 2, "{}"), "06c97d73-3866-8996-a5ba-a35aa117c1e5");
    }

    #[test]
    fn source_position_and_content_each_make_another_id() {
        let ids = [
            derived_id("a", 1, "x"),
            derived_id("b", 1, "x"),
            derived_id("a", 2, "x"),
            derived_id("a", 1, "y"),
            derived_id("", 1, "ax"),
            derived_id("a\0\0\0\0\0\0\0\u{1}", 1, "x"),
        ];
        for (index, id) in ids.iter().enumerate() {
            assert!(!ids[..index].contains(id), "{index}");
        }
    }
}
