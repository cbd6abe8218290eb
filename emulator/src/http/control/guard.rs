//! Which requests the control accepts: those of this machine, and of no page of another origin.
//!
//! - The connection comes from a loopback address, so that other machines cannot reset an account.
//! - `Host` names this machine. A page whose name was resolved to 127.0.0.1 (DNS rebinding) has its own name there.
//! - `Origin`, which browsers send with every request of a page that changes something, is the one of the control itself.
//! - `Sec-Fetch-Site`, where a browser sends it, is not of another site if the request changes something.

use std::net::{IpAddr, SocketAddr};

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Method, Uri};

use crate::operations::Problem;

/// Refuses what is not from this machine and this origin.
pub(super) fn check(
    peer: SocketAddr,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    if !peer.ip().to_canonical().is_loopback() {
        return Err(Problem::forbidden(format!(
            "The control accepts only connections of its own machine, and this one comes from {}.",
            peer.ip()
        )));
    }
    let host = host(uri, headers)?;
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
    };
    if let Some(origin) = text(ORIGIN.as_str())
        && !origin.eq_ignore_ascii_case(&format!("http://{host}"))
    {
        return Err(Problem::forbidden(format!(
            "Origin: {origin:?} is another origin than that of the control, http://{host}. Call it from a program, not from a page."
        )));
    }
    if let Some(site) = text("sec-fetch-site")
        && !matches!(&*site, "same-origin" | "none")
        && method != Method::GET
    {
        return Err(Problem::forbidden(format!(
            "Sec-Fetch-Site: a page of another origin ({site}) changes nothing here. Call the control from a program, not from a page."
        )));
    }
    Ok(())
}

/// The host that is called, if it is this machine.
fn host(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Problem> {
    let refuse = |found: &str| {
        Problem::forbidden(format!(
            "Host: {found}, but the control is called as `localhost` or by a loopback address such as 127.0.0.1."
        ))
    };
    let mut hosts = headers.get_all(HOST).iter().map(|value| value.as_bytes());
    let (Some(sent), None) = (hosts.next(), hosts.next()) else {
        return Err(refuse("there has to be exactly one"));
    };
    let shown = format!("{:?} is not this machine", String::from_utf8_lossy(sent));
    let authority = Authority::try_from(sent).map_err(|_| refuse(&shown))?;
    let names = [Some(&authority), uri.authority()];
    if names.into_iter().flatten().all(|name| is_here(name.host())) {
        Ok(authority)
    } else {
        Err(refuse(&shown))
    }
}

fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of the refusal of a request from 127.0.0.1.
    fn refused(method: &Method, headers: &[(&'static str, &str)]) -> Option<String> {
        refused_from("127.0.0.1:9", method, "/_emulator/", headers)
    }

    fn refused_from(
        peer: &str,
        method: &Method,
        uri: &str,
        headers: &[(&'static str, &str)],
    ) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a value"));
        }
        let (peer, uri) = (peer.parse().expect("an address"), uri.parse().expect("a path"));
        let problem = check(peer, method, &uri, &map).err()?;
        assert_eq!((problem.status, problem.kind), (403, "Forbidden"));
        Some(problem.message)
    }

    #[test]
    fn programs_and_the_own_page_are_accepted() {
        for host in [
            "127.0.0.1:4010",
            "localhost:4010",
            "LOCALHOST",
            "[::1]:4010",
            "127.9.9.9",
        ] {
            assert_eq!(refused(&Method::POST, &[("host", host)]), None, "{host}");
            let origin = format!("http://{host}");
            let own = [
                ("host", host),
                ("origin", &origin),
                ("sec-fetch-site", "same-origin"),
            ];
            assert_eq!(refused(&Method::POST, &own), None, "{host}");
        }
        let typed = [("host", "localhost:4010"), ("sec-fetch-site", "none")];
        assert_eq!(refused(&Method::GET, &typed), None);
        // A link on another page.
        let link = [("host", "localhost:4010"), ("sec-fetch-site", "cross-site")];
        assert_eq!(refused(&Method::GET, &link), None);
    }

    #[test]
    fn names_of_other_machines_are_refused() {
        for host in [
            "evil.example",
            "evil.example:4010",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:4010",
            "0.0.0.0:4010",
            "localhost@evil.example",
            "",
        ] {
            let message =
                refused(&Method::GET, &[("host", host)]).unwrap_or_else(|| panic!("{host} is accepted"));
            assert!(
                message.starts_with("Host: ") && message.contains("127.0.0.1"),
                "{message}"
            );
        }
        assert!(refused(&Method::GET, &[]).is_some(), "no host");
        let two = [("host", "localhost"), ("host", "evil.example")];
        assert!(refused(&Method::GET, &two).is_some(), "two hosts");
        let absolute = refused_from(
            "127.0.0.1:9",
            &Method::GET,
            "http://evil.example/_emulator/",
            &[("host", "localhost")],
        );
        assert!(absolute.is_some(), "another authority in the target");
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        for origin in [
            "null",
            "http://evil.example",
            "http://localhost:3000",
            "http://localhost",
            "https://localhost:4010",
            "http://127.0.0.1:4010",
        ] {
            for method in [Method::GET, Method::POST] {
                let message = refused(&method, &[("host", "localhost:4010"), ("origin", origin)]);
                assert!(
                    message.is_some_and(|text| text.starts_with("Origin: ")),
                    "{origin}"
                );
            }
        }
        for site in ["cross-site", "same-site", ""] {
            let message = refused(
                &Method::POST,
                &[("host", "localhost:4010"), ("sec-fetch-site", site)],
            );
            assert!(
                message.is_some_and(|text| text.starts_with("Sec-Fetch-Site: ")),
                "{site}"
            );
        }
    }

    #[test]
    fn other_machines_are_refused() {
        let host = [("host", "localhost:4010")];
        for peer in ["10.0.0.1:9", "[fe80::1]:9", "[::ffff:10.0.0.1]:9"] {
            let message = refused_from(peer, &Method::GET, "/_emulator/", &host);
            assert!(
                message.is_some_and(|text| text.contains("its own machine")),
                "{peer}"
            );
        }
        for peer in ["[::1]:9", "[::ffff:127.0.0.1]:9"] {
            assert_eq!(
                refused_from(peer, &Method::GET, "/_emulator/", &host),
                None,
                "{peer}"
            );
        }
    }
}
