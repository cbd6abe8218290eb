//! Parser for the signature header: `t=<Unix milliseconds>,s=<hex>`.
//!
//! A proxy may join several headers into one by commas, as HTTP allows. Since elements may be in any order, it
//! is then unknown which signature belongs to which timestamp, so every signature of a value is checked against
//! every timestamp in it. This accepts no forgery, because a signature covers its timestamp.
//!
//! The parser accepts elements in any order, unknown and empty elements, whitespace around elements, and
//! uppercase hex. It is strict about everything else.

use std::time::{Duration, SystemTime};

use crate::webhook::error::WebhookError;

/// The name of the header that carries the signatures. Header names are case-insensitive.
///
/// ```
/// use sequencehq::http::HeaderMap;
/// use sequencehq::webhook::{SIGNATURE_HEADER, Verifier, WebhookError};
///
/// fn verify(verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
///     verifier.verify(headers.get_all(SIGNATURE_HEADER), body).map(drop)
/// }
/// ```
pub const SIGNATURE_HEADER: &str = "sequence-signature";

/// The length of a SHA-256 digest, in bytes.
pub(super) const DIGEST_BYTES: usize = 32;
/// Each timestamp costs a hash over the body, so the number that a sender may include is bounded.
const MAX_TIMES: usize = 8;
/// Enough for about a hundred signatures.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// One timestamp with the signatures that may cover it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The timestamp as sent on the wire, since the signature covers this text.
    pub(super) timestamp: String,
    pub(super) signed_at: SystemTime,
    pub(super) signatures: Vec<[u8; DIGEST_BYTES]>,
}

impl Header {
    /// Parses all values. A single malformed value is an error for all of them.
    pub(super) fn parse_all<H>(values: H) -> Result<Vec<Self>, WebhookError>
    where
        H: IntoIterator,
        H::Item: AsRef<[u8]>,
    {
        let mut headers = Vec::new();
        for value in values {
            Self::parse(value.as_ref(), &mut headers).map_err(WebhookError::InvalidHeader)?;
        }
        if headers.is_empty() {
            return Err(WebhookError::InvalidHeader(
                "it is missing; check whether the request is from Sequence",
            ));
        }
        Ok(headers)
    }

    /// Parses one value, which may be several joined headers.
    fn parse(value: &[u8], out: &mut Vec<Self>) -> Result<(), &'static str> {
        if value.len() > MAX_HEADER_BYTES {
            return Err("it exceeds 8 KiB");
        }
        let mut times = Vec::new();
        let mut signatures = Vec::new();
        for element in value.split(|byte| *byte == b',').map(trim) {
            let equals = element.iter().position(|byte| *byte == b'=');
            let (name, content) = match equals {
                Some(at) => (&element[..at], &element[at + 1..]),
                None => (element, &[][..]),
            };
            match name {
                b"t" if out.len() + times.len() == MAX_TIMES => return Err("it has more than 8 timestamps"),
                b"t" => times.push(time(content)?),
                b"s" => signatures.push(digest(content).ok_or("`s` is not 64 hexadecimal digits")?),
                _ => {}
            }
        }
        if times.is_empty() {
            return Err("`t` is missing");
        }
        if signatures.len() < times.len() {
            return Err("`s` is missing");
        }
        out.extend(times.into_iter().map(|(timestamp, signed_at)| Self {
            timestamp,
            signed_at,
            signatures: signatures.clone(),
        }));
        Ok(())
    }
}

/// Encodes bytes as lowercase hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// Removes the whitespace that HTTP allows around the elements of a list.
fn trim(mut element: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = element {
        element = rest;
    }
    element
}

fn time(digits: &[u8]) -> Result<(String, SystemTime), &'static str> {
    const PROBLEM: &str = "`t` is not a number of milliseconds";
    // `parse` alone would accept a sign.
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(PROBLEM);
    }
    let text = std::str::from_utf8(digits).map_err(|_| PROBLEM)?;
    let milliseconds = text.parse().map_err(|_| "`t` is out of range")?;
    let time = SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_millis(milliseconds))
        .ok_or("`t` is out of range")?;
    Ok((text.to_owned(), time))
}

fn digest(hex: &[u8]) -> Option<[u8; DIGEST_BYTES]> {
    let mut bytes = [0; DIGEST_BYTES];
    if hex.len() != 2 * DIGEST_BYTES {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn parse(value: &str) -> Result<Header, WebhookError> {
        Header::parse_all([value]).map(|mut headers| headers.remove(0))
    }

    fn problem(value: impl AsRef<[u8]>) -> &'static str {
        match Header::parse_all([value]) {
            Err(WebhookError::InvalidHeader(problem)) => problem,
            other => panic!("should be malformed: {other:?}"),
        }
    }

    #[test]
    fn the_usual_header_is_understood() {
        let header = parse(&format!("t=1767225600123,s={DIGEST}")).expect("well formed");
        assert_eq!(header.timestamp, "1767225600123");
        assert_eq!(
            header.signed_at,
            SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_123)
        );
        assert_eq!(header.signatures.len(), 1);
        assert_eq!(hex(&header.signatures[0]), DIGEST);
    }

    #[test]
    fn order_white_space_case_and_unknown_elements_do_not_matter() {
        let usual = parse(&format!("t=12,s={DIGEST}")).expect("well formed");
        for value in [
            format!("s={DIGEST},t=12"),
            format!("  t=12 ,\ts={DIGEST} "),
            format!("t=12,s={}", DIGEST.to_uppercase()),
            format!("v=1,t=12,s={DIGEST},s512=beef,,T=1,S=2,note"),
            format!("t=12,s={DIGEST},"),
        ] {
            assert_eq!(parse(&value).as_ref(), Ok(&usual), "{value}");
        }
        let mut bytes = format!("t=12,s={DIGEST},x=").into_bytes();
        bytes.extend([0xff, 0xfe]);
        assert_eq!(Header::parse_all([bytes]), Ok(vec![usual]));
    }

    #[test]
    fn every_signature_is_kept() {
        let other = DIGEST.replace('0', "f");
        let header = parse(&format!("s={other},t=12,s={DIGEST}")).expect("well formed");
        assert_eq!(
            header
                .signatures
                .iter()
                .map(|bytes| hex(bytes))
                .collect::<Vec<_>>(),
            [other.as_str(), DIGEST]
        );
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let signed = |time: &str| format!("{time},s={DIGEST}");
        for (value, wanted) in [
            (String::new(), "`t` is missing"),
            (format!("s={DIGEST}"), "`t` is missing"),
            (signed("t =12"), "`t` is missing"),
            ("t=12".to_owned(), "`s` is missing"),
            (signed("t=12,t=12"), "`s` is missing"),
            (format!("t=12,t=13,s={DIGEST}"), "`s` is missing"),
            (
                vec![format!("t=12,s={DIGEST}"); 9].join(", "),
                "it has more than 8 timestamps",
            ),
            (signed("t"), "`t` is not a number of milliseconds"),
            (signed("t="), "`t` is not a number of milliseconds"),
            (signed("t=-12"), "`t` is not a number of milliseconds"),
            (signed("t=+12"), "`t` is not a number of milliseconds"),
            (signed("t=1_2"), "`t` is not a number of milliseconds"),
            (signed("t=1 2"), "`t` is not a number of milliseconds"),
            (signed("t=12.5"), "`t` is not a number of milliseconds"),
            (signed("t=١٢"), "`t` is not a number of milliseconds"),
            (signed("t=18446744073709551616"), "`t` is out of range"),
            ("t=12,s".to_owned(), "`s` is not 64 hexadecimal digits"),
            ("t=12,s=".to_owned(), "`s` is not 64 hexadecimal digits"),
            (
                format!("t=12,s={}", &DIGEST[1..]),
                "`s` is not 64 hexadecimal digits",
            ),
            (format!("t=12,s={DIGEST}0"), "`s` is not 64 hexadecimal digits"),
            (
                format!("t=12,s=g{}", &DIGEST[1..]),
                "`s` is not 64 hexadecimal digits",
            ),
            (format!("t=12,s={DIGEST},s=1"), "`s` is not 64 hexadecimal digits"),
            (format!("t=12,s=\"{DIGEST}\""), "`s` is not 64 hexadecimal digits"),
            (
                format!("t=12,s={DIGEST},{}", "x".repeat(MAX_HEADER_BYTES)),
                "it exceeds 8 KiB",
            ),
        ] {
            assert_eq!(problem(&value), wanted, "{value}");
        }
        assert_eq!(problem(b"t=\xff,s="), "`t` is not a number of milliseconds");
    }

    #[test]
    fn headers_that_a_proxy_joined_are_read_like_several() {
        let other = DIGEST.replace('0', "f");
        for joined in [
            format!("t=12,s={DIGEST}, t=13,s={other}"),
            format!("s={DIGEST},t=12,s={other},t=13"),
            format!("t=12,t=13,s={DIGEST},s={other}"),
        ] {
            let headers = Header::parse_all([&joined]).expect("well formed");
            let times: Vec<&str> = headers.iter().map(|header| header.timestamp.as_str()).collect();
            assert_eq!(times, ["12", "13"], "{joined}");
            for header in &headers {
                let signatures: Vec<String> = header.signatures.iter().map(|bytes| hex(bytes)).collect();
                assert_eq!(signatures, [DIGEST, other.as_str()], "{joined}");
            }
        }
        // The limit of eight applies to joined and separate headers alike.
        let joined = vec![format!("t=12,s={DIGEST}"); 5].join(",");
        assert!(Header::parse_all([&joined]).is_ok());
        assert!(Header::parse_all([&joined, &joined]).is_err());
    }

    #[test]
    fn the_number_of_headers_is_bounded() {
        let value = format!("t=12,s={DIGEST}");
        assert_eq!(
            Header::parse_all(vec![&value; MAX_TIMES]).expect("enough").len(),
            MAX_TIMES
        );
        let error = Header::parse_all(vec![&value; MAX_TIMES + 1]).expect_err("too many");
        assert_eq!(
            error,
            WebhookError::InvalidHeader("it has more than 8 timestamps")
        );
        assert!(matches!(
            Header::parse_all([""; 0]),
            Err(WebhookError::InvalidHeader(_))
        ));
    }

    #[test]
    fn one_malformed_header_spoils_the_rest_wherever_it_stands() {
        let good = format!("t=12,s={DIGEST}");
        assert!(Header::parse_all([good.as_str(), "t=12"]).is_err());
        assert!(Header::parse_all(["t=12", good.as_str()]).is_err());
    }
}
