//! Ids that are a function of the input, so that reading it again gives the same ids.

use sha2::{Digest, Sha256};

/// Separates these hashes from every other use of SHA-256, and one form of the ids from the next.
const DOMAIN: &[u8] = b"sequencehq event id 1\0";

/// Returns an id for an event that has none, derived from where the event stands in its input.
///
/// Equal arguments give the same id, on every machine and in every version of this crate. An event that is sent again
/// under its derived id supersedes itself, so an input can be read again from its beginning after a crash, with or
/// without a [`Journal`](crate::usage::Journal), and nothing is billed twice. [`Lines`](crate::usage::Lines) calls this
/// for each line without an id.
///
/// - `source` names the input, such as `usage/2026-03.ndjson`. Use the same name for the same input, and different
///   names for different inputs.
/// - `position` is the place in the source: a line number, an offset, a sequence number.
/// - `content` is the event as it stands there.
///
/// # When the id changes
///
/// The id is another one as soon as any of the three is: a line that is edited, or moved to another place, is
/// another event, and both are billed if both are sent.
///
/// - The position is part of the id because two equal lines are two facts. Without it, the second would supersede the
///   first and go unbilled.
/// - The content is part of the id because a changed line at the same place can be a new fact in a file that was
///   rewritten. Without it, the new fact would silently replace one that was already billed.
///
/// Appending to a source keeps all ids. To correct an event that was sent, set its `customerEventId`: a correction has to
/// name the event that it replaces.
///
/// # Form
///
/// A UUID of version 8 (RFC 9562) from the first 16 bytes of the SHA-256 of: the bytes `sequencehq event id 1` and a zero
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
    // The length keeps the end of the source and the beginning of the position apart.
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
